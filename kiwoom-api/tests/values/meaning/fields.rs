//! What numbers and codes mean: rows checked by hand against the workbook of 2026-07-04.
//!
//! A row says: this wire text in this field is this value. It names the sheet by its API id, the cell of the description
//! (`G`, with the label two cells to the left) and, where the text stands in the document, the cell of the example (`A`).
//! Each row is decoded through the generated type from a reply that holds nothing else.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_api::id;
use kiwoom_api::value::{Decimal, Percent, Side, Sided, StockCode};

/// One row, decoded.
pub struct Said {
    api: &'static str,
    path: String,
    wire: &'static str,
    cells: &'static str,
    /// What came instead of the value; empty if the row holds.
    wrong: String,
}

/// Rows of a table: `(ka10024.list[].field = "wire" => value, "cells")`, `(ka10001.field = ..)` outside lists,
/// `(rt0_b::Push "10" .price = ..)` where the name is not the key. `doubt` instead of a value: it is an anomaly.
macro_rules! said {
    ($( ( $($row:tt)+ ) )+) => {
        pub fn rows() -> Vec<super::Said> {
            vec![$( said!(@ $($row)+) ),+]
        }
    };
    (@ $api:ident . $list:ident [] . $field:ident = $wire:literal => $($rest:tt)+) => {
        said!(% $api Reply [format!("{}.{}", stringify!($list), super::key(stringify!($field)))] [.$list[0].$field] $wire $($rest)+)
    };
    (@ $api:ident . $field:ident = $wire:literal => $($rest:tt)+) => {
        said!(% $api Reply [super::key(stringify!($field)).to_owned()] [.$field] $wire $($rest)+)
    };
    (@ $api:ident :: $body:ident $key:literal $(. $part:ident $([$n:literal])?)+ = $wire:literal => $($rest:tt)+) => {
        said!(% $api $body [$key.to_owned()] [$(.$part $([$n])?)+] $wire $($rest)+)
    };
    (% $api:ident $body:ident [$path:expr] [$($place:tt)+] $wire:literal doubt $doubt:expr, $cells:literal) => {{
        let path = $path;
        let reply = super::id::$api::$body::from_json(&super::reply(&path, $wire)).expect("JSON");
        let kinds: Vec<_> = reply.anomalies().iter().map(|a| (a.kind, a.raw.as_str())).collect();
        let empty = { let other = super::id::$api::$body::from_json(&super::reply(&path, "")).expect("JSON"); reply $($place)+ == other $($place)+ };
        let wrong = if kinds == [($doubt, $wire)] && empty { String::new() } else { format!("{:?} and {kinds:?}", reply $($place)+) };
        super::Said { api: stringify!($api), path, wire: $wire, cells: $cells, wrong }
    }};
    (% $api:ident $body:ident [$path:expr] [$($place:tt)+] $wire:literal $want:expr, $cells:literal) => {{
        let path = $path;
        let reply = super::id::$api::$body::from_json(&super::reply(&path, $wire)).expect("JSON");
        let quiet = reply.anomalies().is_empty() && reply.unknown_keys().next().is_none();
        let wrong = if quiet && super::means(&reply $($place)+, $want) { String::new() } else { format!("{:?}, known key: {quiet}", reply $($place)+) };
        super::Said { api: stringify!($api), path, wire: $wire, cells: $cells, wrong }
    }};
}

mod doubts;
mod prices;
mod recorded;
mod signs;
mod texts;
mod units;

/// Whether a value is what it should be. Equal prices may differ in their direction, which is a part of the meaning.
fn means<T: PartialEq + std::fmt::Debug>(value: &T, want: T) -> bool {
    *value == want && direction(value) == direction(&want)
}

/// The direction of a price, as it is shown.
fn direction(value: &impl std::fmt::Debug) -> Option<String> {
    format!("{value:?}").split_once("direction: ").map(|(_, direction)| direction.to_owned())
}

/// The key of a field: names that begin with a digit have an `n` before it.
fn key(field: &'static str) -> &'static str {
    match field.strip_prefix('n') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => field,
    }
}

/// A reply with this text at `list.field` or `field`, and nothing else.
fn reply(path: &str, wire: &str) -> String {
    let text = serde_json::Value::from(wire);
    match path.split_once('.') {
        Some((list, field)) => format!("{{{list:?}:[{{{field:?}:{text}}}]}}"),
        None => format!("{{{path:?}:{text}}}"),
    }
}

fn dec(number: &str) -> Decimal {
    number.parse().expect("a number")
}

fn pct(number: &str) -> Percent {
    Percent(dec(number))
}

fn bought(qty: i64) -> Sided {
    Sided { qty, side: Some(Side::Buy) }
}

fn sold(qty: i64) -> Sided {
    Sided { qty, side: Some(Side::Sell) }
}

fn traded(qty: i64) -> Sided {
    Sided { qty, side: None }
}

fn stock(code: &str) -> StockCode {
    code.parse().expect("a stock code")
}

fn all() -> Vec<Said> {
    [prices::rows(), signs::rows(), units::rows(), texts::rows(), doubts::rows(), recorded::rows()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn every_field_says_what_the_document_means() {
    let wrong: Vec<String> = all()
        .into_iter()
        .filter(|row| !row.wrong.is_empty())
        .map(|row| format!("{} {} {:?} ({}): {}", row.api, row.path, row.wire, row.cells, row.wrong))
        .collect();
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// The table is large enough, says nothing twice, and leaves no market out.
#[test]
fn the_table_covers_every_market() {
    let rows = all();
    assert!(rows.len() >= 350, "{} rows", rows.len());
    let mut seen = BTreeSet::new();
    let mut markets: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        assert!(seen.insert((row.api, &row.path, row.wire)), "{} {} {:?} twice", row.api, row.path, row.wire);
        let sheet = row.cells.split('!').next().unwrap_or_default();
        let id = row.api.trim_start_matches("rt").trim_start_matches('_');
        assert!(id.replace('_', "").eq_ignore_ascii_case(sheet), "{} is not of the sheet {sheet}", row.api);
        *markets.entry(market(row.api)).or_default() += 1;
    }
    for (market, least) in [
        ("domestic stocks", 80),
        ("funds and warrants", 15),
        ("index", 20),
        ("gold", 20),
        ("account and orders", 30),
        ("realtime", 60),
        ("condition search", 8),
        ("us", 30),
        ("us account and orders", 20),
        ("us realtime", 10),
    ] {
        let have = markets.get(market).copied().unwrap_or_default();
        assert!(have >= least, "{market}: {have} rows, {least} are the least ({markets:?})");
    }
}

fn market(api: &str) -> &'static str {
    match api {
        "ka10172" | "ka10173" | "usa20281" => "condition search",
        _ if api.starts_with("rt_f") => "us realtime",
        _ if api.starts_with("rt") => "realtime",
        _ if api.starts_with("usa") => "us",
        _ if api.starts_with("ust") => "us account and orders",
        _ if api.starts_with("ka5") || api.starts_with("kt5") => "gold",
        _ if api.starts_with("kt") => "account and orders",
        "ka10051" | "ka30011" => "index",
        "ka20002" => "domestic stocks",
        _ if api.starts_with("ka20") => "index",
        "ka10048" | "ka10050" => "funds and warrants",
        _ if api.starts_with("ka3") || api.starts_with("ka4") => "funds and warrants",
        "ka01690" | "ka10072" | "ka10073" | "ka10075" | "ka10076" | "ka10077" | "ka10085" => "account and orders",
        _ => "domestic stocks",
    }
}

/// The price falls, the change stands without its sign, only the sign code says so (ka10079!A44).
#[test]
fn a_change_takes_the_sign_that_only_its_code_has() {
    let row = |change: &str, sign: &str| {
        let text =
            format!(r#"{{"stk_tic_chart_qry":[{{"cur_prc":"78900","pred_pre":"{change}","pred_pre_sig":"{sign}"}}]}}"#);
        id::ka10079::Reply::from_json(&text).expect("JSON").stk_tic_chart_qry[0].pred_pre
    };
    assert_eq!(row("500", "5"), Some(dec("-500")), "falling");
    assert_eq!(row("500", "4"), Some(dec("-500")), "at the lower limit");
    assert_eq!(row("500", "2"), Some(dec("500")), "rising");
    assert_eq!(row("-500", "5"), Some(dec("-500")), "a sign that is there is not turned round");
    assert_eq!(row("0", "3"), Some(dec("0")));
    let other = r#"{"stk_tic_chart_qry":[{"pred_pre_sig":"5","pred_pre":"500"}]}"#;
    let reply = id::ka10079::Reply::from_json(other).expect("JSON");
    assert_eq!(reply.stk_tic_chart_qry[0].pred_pre, Some(dec("-500")), "in any order of keys");
}

/// The sign of a rate stands in its code only; the decoder takes it from there (usa01980!A40, the same stock in usa01990).
#[test]
fn a_rate_takes_the_sign_that_only_its_code_has() {
    let row = |rate: &str, sign: &str| {
        let text = format!(r#"{{"result_list":[{{"sign_for_gjga":"{sign}","diff_rate_for_gjga":"{rate}"}}]}}"#);
        id::usa01980::Reply::from_json(&text).expect("JSON").result_list[0].diff_rate_for_gjga
    };
    assert_eq!(row("0.9700", "-"), Some(pct("-0.97")));
    assert_eq!(row("4.3200", "+"), Some(pct("4.32")));
    assert_eq!(row("0.0000", ""), Some(pct("0")));
}

/// A count that has no label is no account: `Debug` shows it. An account is hidden by its kind.
#[test]
fn debug_hides_accounts_and_not_numbers() {
    let chart =
        id::ka10080::Reply::from_json(r#"{"stk_min_pole_chart_qry":[{"acc_trde_qty":"14947571"}]}"#).expect("JSON");
    assert!(format!("{:?}", *chart).contains("14947571"));
    for account in ["1234567890", "6081-2***-11 [김키움]"] {
        let text = format!(r#"{{"acnt_no":"{account}","osop":[{{"acnt_no":"{account}"}}]}}"#);
        let reply = id::ka10088::Reply::from_json(&text).expect("JSON");
        assert!(!format!("{:?}", *reply).contains(&account[..4]), "{reply:?}");
        let reply = id::kt00015::Reply::from_json(&text).expect("JSON");
        assert!(!format!("{:?}", *reply).contains(&account[..4]), "{reply:?}");
    }
}

/// Where a sign is decoration, what was bought less what was sold is the net column (ka10039!A48, ka10065!A40).
#[test]
fn bought_less_sold_is_net_buying() {
    let text = r#"{"sec_trde_upper":[{"netprps":"+406895","buy_trde_qty":"+427268","sel_trde_qty":"-20373"}]}"#;
    let reply = id::ka10039::Reply::from_json(text).expect("JSON");
    let row = &reply.sec_trde_upper[0];
    assert_eq!(row.netprps, row.buy_trde_qty.zip(row.sel_trde_qty).map(|(bought, sold)| bought - sold));
    let text =
        r#"{"trde_ori_elwnettrde_upper":[{"netprps":"--846970","buy_trde_qty":"+719140","sel_trde_qty":"-1566110"}]}"#;
    let reply = id::ka30002::Reply::from_json(text).expect("JSON");
    let row = &reply.trde_ori_elwnettrde_upper[0];
    assert_eq!(row.netprps, row.buy_trde_qty.zip(row.sel_trde_qty).map(|(bought, sold)| bought - sold));
}

/// A holding, a quote and an order of one stock meet in a map, whatever their prefix and venue.
#[test]
fn codes_of_one_stock_join() {
    let held = id::kt00018::Reply::from_json(r#"{"acnt_evlt_remn_indv_tot":[{"stk_cd":"A005930"}]}"#).expect("JSON");
    let pushed = id::rt0_b::Push::from_json(r#"{"9081":"2"}"#).expect("JSON");
    let quoted = id::ka10024::Reply::from_json(r#"{"trde_qty_updt":[{"stk_cd":"005930_AL"}]}"#).expect("JSON");
    let held = held.acnt_evlt_remn_indv_tot[0].stk_cd.expect("a code");
    let quoted = quoted.trde_qty_updt[0].stk_cd.expect("a code");
    assert_eq!(held.prefix(), Some('A'));
    assert_ne!(held, quoted, "the venue counts");
    assert_eq!(held, quoted.base());
    assert_eq!(quoted.venue(), kiwoom_api::value::Venue::Unified);
    assert_eq!(pushed.venue, Some(kiwoom_api::value::Venue::Nxt));
}

/// What the document calls optional and no call can do without is asked for, and missed before anything is sent.
#[test]
fn constructors_ask_for_what_the_document_forgets() {
    use jiff::civil::date;
    use kiwoom_api::codes::UsExchange;
    use kiwoom_api::endpoint::Endpoint;
    use kiwoom_api::record::Empty;

    fn required<R: Endpoint + Empty>() -> Vec<&'static str> {
        let keys = R::empty().keys();
        R::REQUIRED.iter().map(|index| keys[*index].trim_matches(['"', ':'])).collect()
    }
    // usa06011!E23 to usa06016!E23 say N
    let bars = id::usa06012::Request::new(UsExchange::Nasdaq, "NVDA", date(2024, 7, 1));
    assert_eq!(bars.stk_cd, Some("NVDA".into()));
    assert_eq!(required::<id::usa06011::Request>(), ["stex_tp", "stk_cd", "strt_dt", "tic_scope"]);
    for charts in [
        required::<id::usa06012::Request>(),
        required::<id::usa06013::Request>(),
        required::<id::usa06014::Request>(),
        required::<id::usa06015::Request>(),
        required::<id::usa06016::Request>(),
    ] {
        assert_eq!(charts, ["stex_tp", "stk_cd", "strt_dt"]);
    }
    // ka50079!E23 says Y, its example leaves it blank
    assert!(required::<id::ka50079::Request>().contains(&"tic_scope"));
}
