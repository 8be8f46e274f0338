//! Further arithmetic of documented rows: averages, ratios of two parts, order books, signs of rates, limits of integer
//! types.
//!
//! Each of them has found a unit, a scale or a sign that the description states wrongly.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::identities::{Broken, Cell, ExampleRow, Identity, Sighting, Tried, base, unit_factor};
use super::signs::is_sign_of_rate;

/// All of them.
pub(crate) const ALL: [Identity; 6] = [average, ratio, depth, rate_sign, book, saturation];

/// Average, quantity and amount of one thing, by their labels. `*` stands for one word in all three.
const AVERAGES: [(&str, &str, &str); 8] = [
    ("추정평균가", "순매수수량", "순매수금액"),
    ("추정평균가", "순매도수량", "순매도금액"),
    ("*순매매평균가", "*순매매수량", "*순매매금액"),
    ("금일매수평균가", "금일매수수량", "금일매입금액"),
    ("금일매도평균가", "금일매도수량", "금일매도금액"),
    ("매수평균가", "매수수량", "매수금액"),
    ("매도평균가", "매도수량", "매도금액"),
    ("체결단가", "체결수량", "약정금액"),
];

/// amount = quantity x average
fn average(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for cell in &row.cells {
        for (average, quantity, amount) in AVERAGES {
            let Some(word) = within(average, &cell.label) else { continue };
            let part = |label: &str| row.cells.iter().find(|c| *c.label == *label.replace('*', word));
            let (Some(quantity), Some(amount)) = (part(quantity), part(amount)) else { continue };
            let (Some(shares), Some(money)) = (base(quantity), base(amount)) else { continue };
            if shares == 0.0 || money == 0.0 || cell.value == 0.0 {
                continue;
            }
            *tried.entry("average").or_default() += 1;
            let want = shares.abs() * cell.value.abs();
            if (want - money.abs()).abs() > want * 0.01 + 1.5 * unit_factor(amount.unit) {
                out.push(Broken {
                    identity: "average",
                    at: amount.path.to_string(),
                    arithmetic: format!(
                        "{} x {} = {want}, the row says {}",
                        shares.abs(),
                        cell.value.abs(),
                        money.abs()
                    ),
                });
            }
        }
    }
}

/// What `*` stands for; empty where the pattern has none.
fn within<'a>(pattern: &str, label: &'a str) -> Option<&'a str> {
    match pattern.split_once('*') {
        None => (pattern == label).then_some(""),
        Some((before, after)) => label.strip_prefix(before)?.strip_suffix(after),
    }
}

/// A rate, its part and its whole, by their labels.
const RATIOS: [(&str, &str, &str); 7] = [
    ("급증률", "급증량", "이전거래량"),
    ("유통비율", "유통주식", "상장주식"),
    ("한도소진률", "보유주식수", "외국인한도"),
    ("한도소진율", "보유주식수", "외국인한도"),
    ("손익율", "평가손익", "매입금액"),
    ("수익률", "평가손익", "매입금액"),
    ("손익률", "손익금액", "매입금액"),
];

/// ratio = its two parts
fn ratio(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for (rate, part, whole) in RATIOS {
        let (Some(rate), Some(part), Some(whole)) = (row.one(&[rate]), row.one(&[part]), row.one(&[whole])) else {
            continue;
        };
        // a part and a whole in different kinds of units do not form a ratio
        let (part, whole) = (part.value * unit_factor(part.unit), whole.value * unit_factor(whole.unit));
        hold("ratio", rate, 100.0 * part / whole, tried, out);
    }
    // the volume of today against the one of yesterday, which is today's less the change
    let volume = row.one(&["누적거래량", "거래량"]).filter(|cell| cell.role != Some(crate::names::labels::Role::Sided));
    let change = row.one(&["전일거래량대비(계약,주)"]);
    if let (Some(volume), Some(change), Some(rate)) = (volume, change, row.one(&["전일거래량대비(비율)"])) {
        let yesterday = volume.value - change.value;
        let want = 100.0 * volume.value / yesterday;
        let wire = Cell { value: rate.value.abs(), ..rate.clone() };
        hold("ratio", &wire, want, tried, out);
    }
}

const ASKS: [&str; 4] = ["총매도잔량", "매도호가총잔량", "매도총잔량", "총매도호가잔량"];
const BIDS: [&str; 4] = ["총매수잔량", "매수호가총잔량", "매수총잔량", "총매수호가잔량"];

/// What rests on one side of the book against the other, and the difference of the two.
fn depth(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    let (Some(asks), Some(bids)) = (row.one(&ASKS), row.one(&BIDS)) else { return };
    for (rate, part, whole) in [("매수비율", bids, asks), ("매도비율", asks, bids)] {
        if let Some(rate) = row.one(&[rate]) {
            hold("depth", rate, 100.0 * part.value / whole.value, tried, out);
        }
    }
    for (net, more, less) in [("순매수잔량", bids, asks), ("순매도잔량", asks, bids)] {
        let Some(net) = row.one(&[net]) else { continue };
        *tried.entry("depth").or_default() += 1;
        if more.value - less.value != net.value {
            out.push(Broken {
                identity: "depth",
                at: net.path.to_string(),
                arithmetic: format!("{} - {} is not {}", more.value, less.value, net.value),
            });
        }
    }
}

fn hold(identity: &'static str, rate: &Cell, want: f64, tried: &mut Tried, out: &mut Vec<Broken>) {
    if !want.is_finite() || want == 0.0 || rate.value == 0.0 {
        return;
    }
    *tried.entry(identity).or_default() += 1;
    // one or two digits are shown
    if (want - rate.value).abs() > 0.06 + want.abs() * 0.005 {
        let arithmetic = format!("the parts give {want:.2} %, the row says {}", rate.value);
        out.push(Broken { identity, at: rate.path.to_string(), arithmetic });
    }
}

/// A rate has the sign of its sign code; if it never does, only the code holds the sign.
fn rate_sign(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for (label, code) in &row.signs {
        let falls = match code.as_str() {
            "4" | "5" | "-" => true,
            "1" | "2" | "+" => false,
            _ => continue,
        };
        for rate in row.cells.iter().filter(|cell| is_sign_of_rate(label, &cell.label) && !cell.sign_ruled) {
            if rate.value == 0.0 {
                continue;
            }
            *tried.entry("rate-sign").or_default() += 1;
            if falls != (rate.value < 0.0) {
                out.push(Broken {
                    identity: "rate-sign",
                    at: rate.path.to_string(),
                    arithmetic: format!("the rate is {}, its sign code is {code}", rate.wire),
                });
            }
        }
    }
}

/// Labels of the best ask and the best bid.
const QUOTES: [(&str, &str); 5] = [
    ("매도호가", "매수호가"),
    ("(최우선)매도호가", "(최우선)매수호가"),
    ("최우선매도호가", "최우선매수호가"),
    ("매도최우선호가", "매수최우선호가"),
    ("매도1호가", "매수1호가"),
];

/// ask >= bid
fn book(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for (ask, bid) in QUOTES {
        let (Some(ask), Some(bid)) = (row.one(&[ask]), row.one(&[bid])) else { continue };
        if ask.value == 0.0 || bid.value == 0.0 {
            continue;
        }
        *tried.entry("book").or_default() += 1;
        if ask.value.abs() < bid.value.abs() {
            out.push(Broken {
                identity: "book",
                at: ask.path.to_string(),
                arithmetic: format!("the ask {} is below the bid {}", ask.wire, bid.wire),
            });
        }
    }
}

/// No number is the end of an integer type, whole or divided: the server had none.
fn saturation(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for cell in &row.cells {
        let digits: String = cell.wire.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        if digits.len() < 7 {
            continue;
        }
        *tried.entry("saturation").or_default() += 1;
        if ENDS.iter().any(|end| digits.trim_end_matches('0').starts_with(end)) && is_end(&cell.wire) {
            let arithmetic = format!("{} is the end of an integer type", cell.wire);
            out.push(Broken { identity: "saturation", at: cell.path.to_string(), arithmetic });
        }
    }
}

/// How the ends of integer types begin.
const ENDS: [&str; 4] = ["2147483", "4294967", "9223372036", "1844674407"];

/// A sign or all of its digits make an end of what only begins like one.
fn is_end(wire: &str) -> bool {
    let digits = wire.trim_start_matches(['+', '-', '0']);
    let whole = digits.split('.').next().unwrap_or_default();
    let whole_end = ["2147483647", "2147483648", "4294967295", "9223372036854775807", "9223372036854775808"];
    let divided = ["214748364", "21474836", "2147483", "429496729", "42949672"];
    whole_end.iter().any(|end| digits.replace('.', "").starts_with(end))
        || divided.contains(&whole) && wire.starts_with(['+', '-'])
}

/// One number in two APIs, single here and in thousands there: the digits of one begin with those of the other.
pub(crate) fn thousands(seen: &BTreeMap<(Arc<str>, String), Vec<Sighting>>) -> (Vec<(String, Broken)>, usize) {
    let mut families: BTreeMap<(&str, &str), Vec<&Sighting>> = BTreeMap::new();
    for ((label, digits), places) in seen {
        families.entry((family(label), digits)).or_default().extend(places);
    }
    let (mut out, mut tried) = (Vec::new(), 0);
    for ((label, digits), places) in &families {
        let short = digits.len().checked_sub(3).map(|n| &digits[..n]).filter(|short| short.len() >= 5);
        let Some(cut) = short.and_then(|short| short.parse::<u64>().ok()) else { continue };
        // the server cuts or rounds
        for short in [cut, cut + 1].map(|n| n.to_string()) {
            for Sighting { api, path, unit } in places.iter().copied() {
                let others = families.get(&(*label, short.as_str())).into_iter().flatten();
                for other in others.filter(|other| other.api != *api) {
                    tried += 1;
                    if unit_factor(other.unit) / unit_factor(*unit) != 1000.0 {
                        let arithmetic = format!(
                            "{label} {short} is in {:?} here, {digits} in {unit:?} in {api} {path}: a thousandth of it",
                            other.unit
                        );
                        let broken = Broken { identity: "thousands", at: other.path.to_string(), arithmetic };
                        out.push((other.api.clone(), broken));
                    }
                }
            }
        }
    }
    (out, tried)
}

/// All shares of a company have many labels; other numbers are compared under one.
fn family(label: &str) -> &str {
    if ["상장주식", "유통주식", "주식수"].iter().any(|word| label.contains(word)) {
        "주식수"
    } else {
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::Unit;
    use crate::names::labels::Role;

    fn cell(label: &str, wire: &str, unit: Option<Unit>) -> Cell {
        let value = super::super::identities::number(wire).expect("a number");
        Cell {
            path: label.into(),
            label: label.into(),
            role: Some(Role::Amount),
            unit,
            wire: wire.into(),
            value,
            digits: String::new(),
            sign_ruled: false,
        }
    }

    fn broken(cells: Vec<Cell>, signs: &[(&str, &str)]) -> (Vec<&'static str>, usize) {
        let signs = signs.iter().map(|(a, b)| (Arc::from(*a), (*b).to_owned())).collect();
        let row = ExampleRow { class: "stock".into(), cells, signs };
        let (mut tried, mut out) = (Tried::new(), Vec::new());
        ALL.iter().for_each(|identity| identity(&row, &mut tried, &mut out));
        tried.remove("saturation");
        (out.iter().map(|b| b.identity).collect(), tried.values().sum())
    }

    #[test]
    fn an_amount_is_its_quantity_times_its_average() {
        let row = |unit| {
            vec![
                cell("추정평균가", "57056", Some(Unit::Won)),
                cell("순매도수량", "+4464", Some(Unit::Share)),
                cell("순매도금액", "+25467", Some(unit)),
            ]
        };
        assert_eq!(broken(row(Unit::TenThousandWon), &[]), (vec![], 1));
        assert_eq!(broken(row(Unit::Won), &[]), (vec!["average"], 1));
        assert_eq!(broken(row(Unit::MillionWon), &[]), (vec!["average"], 1));
    }

    #[test]
    fn a_ratio_is_made_of_its_parts() {
        let row = |rate: &str, unit| {
            vec![
                cell("유통비율", rate, Some(Unit::Percent)),
                cell("유통주식", "64812", Some(unit)),
                cell("상장주식", "85581", Some(Unit::ThousandShare)),
            ]
        };
        assert_eq!(broken(row("75.7", Unit::ThousandShare), &[]), (vec![], 1));
        assert_eq!(broken(row("75.7", Unit::Share), &[]), (vec!["ratio"], 1));
        assert_eq!(broken(row("7.57", Unit::ThousandShare), &[]), (vec!["ratio"], 1));
    }

    #[test]
    fn a_book_does_not_cross_and_its_sides_add_up() {
        let quotes = |ask: &str, bid: &str| vec![cell("매도호가", ask, None), cell("매수호가", bid, None)];
        assert_eq!(broken(quotes("-40300", "+40250"), &[]), (vec![], 1));
        assert_eq!(broken(quotes("40200", "-40250"), &[]), (vec!["book"], 1));
        assert_eq!(broken(quotes("0", "40250"), &[]), (vec![], 0));
        let depth = |rate: &str| {
            vec![cell("총매도잔량", "1000", None), cell("총매수잔량", "2419", None), cell("매수비율", rate, None)]
        };
        assert_eq!(broken(depth("241.90"), &[]), (vec![], 1));
        assert_eq!(broken(depth("24190"), &[]), (vec!["depth"], 1));
    }

    #[test]
    fn a_rate_has_the_sign_of_its_code() {
        let rate = |wire: &str| vec![cell("기준가대비등락률", wire, None)];
        let signs = [("기준가대비부호", "-")];
        assert_eq!(broken(rate("-0.97"), &signs), (vec![], 1));
        assert_eq!(broken(rate("0.9700"), &signs), (vec!["rate-sign"], 1));
    }

    #[test]
    fn a_thousandth_is_in_thousands() {
        let seen = |unit| {
            let place = |api: &str, unit| {
                let (api, path, unit) = (api.to_owned(), "response.x".into(), Some(unit));
                vec![Sighting { api, path, unit }]
            };
            BTreeMap::from([
                (("보유주식수".into(), "25526706".to_owned()), place("a", Unit::Share)),
                (("상장주식수".into(), "25527".to_owned()), place("b", unit)),
            ])
        };
        assert_eq!(thousands(&seen(Unit::ThousandShare)).1, 1);
        assert!(thousands(&seen(Unit::ThousandShare)).0.is_empty());
        assert_eq!(thousands(&seen(Unit::Share)).0.len(), 1);
    }

    #[test]
    fn ends_of_integer_types_are_seen() {
        for wire in ["-2147483", "-21474836.00", "2147483647", "4294967295", "-2147483648"] {
            assert_eq!(broken(vec![cell("기준", wire, None)], &[]).0, ["saturation"], "{wire}");
        }
        for wire in ["2147483", "21474836", "2147484000"] {
            assert_eq!(broken(vec![cell("기준", wire, None)], &[]).0, [""; 0], "{wire}");
        }
    }
}
