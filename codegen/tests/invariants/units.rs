//! Units in the docs: a stated unit is used, an inferred one is named, and unknown ones are rare.

use kiwoom_codegen::check;
use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::{Kind, Unit};
use kiwoom_spec::errata;
use kiwoom_spec::names::reasons;

use crate::{COMMITTED, OUTPUT, apis, none, structs, support};

/// 838 of 2,420 before units followed from labels and markets, 224 before they followed from the other currency of a pair,
/// from twins and from the arithmetic of the examples.
const MOST_UNKNOWN: usize = 80;

#[test]
fn few_units_are_unknown() {
    let count = |words: &str| OUTPUT.files.values().map(|text| text.matches(words).count()).sum::<usize>();
    let (unknown, all) = (count("Unit: not documented"), count("Unit: "));
    println!("{unknown} of {all} units are not documented");
    assert!(all > 2_400, "{all} units");
    assert!(unknown <= MOST_UNKNOWN, "{unknown} of {all} units are not documented");
}

#[test]
fn a_label_that_states_its_unit_is_believed() {
    let stated = [
        ("(원)", "won"),
        ("(USD)", "USD"),
        ("(백만)", "million won"),
        ("(억)", "hundred million won"),
        ("(천)", "thousand "),
        ("(외)", "foreign currency"),
        ("(%)", "Percent"),
        ("(원/주)", "won or shares"),
    ];
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for api in apis() {
        for field in structs(api).flat_map(|s| &s.fields) {
            let Some((_, unit)) = stated.iter().find(|(mark, _)| field.korean.trim_end().ends_with(mark)) else {
                continue;
            };
            // an exchange rate states its currency
            if field.korean.contains("환율") {
                continue;
            }
            tried += 1;
            if !field.docs.iter().any(|line| line.contains(unit)) {
                wrong.push(format!("{} {} {}: {:?} is not {unit}", api.id, field.key, field.korean, field.docs));
            }
        }
    }
    assert!(tried >= 60, "{tried} labels");
    none(wrong);
}

/// What counts something else than its label, its cell or its neighbours suggest: each with its arithmetic in the errata.
#[test]
fn units_are_what_the_arithmetic_says() {
    let told = [
        // an index inside an API about stocks
        ("ka90005", "kospi200", "index points"),
        ("ka90007", "kospi200", "index points"),
        ("ka40003", "trace_cur_prc", "index points"),
        ("ka40006", "trace_idex", "index points"),
        ("1h", "1236", "Market price, won"),
        ("ka30012", "exp_rght_pric", "Unit: won."),
        ("ka30005", "pl_qutr_pt", "points where the underlying is an index"),
        ("ka52301", "sell_uv", "not documented"),
        ("ka10010", "all_dfrt_trst_sell_qty", "not documented"),
        ("ka10086", "for_qty", "Unit: shares"),
        ("ka10045", "for_dt_acc", "Unit: shares"),
        ("ka40009", "stkcnt", "thousand shares"),
        ("ka10030", "opmr_trde_amt", "million won"),
        ("ka10095", "cntr_engg", "contracts"),
        // dollars and won of one account
        ("ust31490", "tdy_rebuy_alowa_50", "foreign currency"),
        ("ust31490", "krw_ord_alowa_100", "foreign currency"),
        ("ust31490", "krw_entra", "Unit: won."),
        ("ust31302", "sell_fc_amt", "by `exch_tp`"),
        ("ust31302", "entra_prerm", "Unit: won."),
        ("ust31302", "fc_entra_prerm", "foreign currency"),
        ("ust31300", "sell_crnc_entra_prerm", "by `exch_tp`"),
        ("ust31301", "spcl_bf_exrt", "won for one unit"),
        ("ust21110", "fc_booka", "Unit: won."),
        ("ust21110", "etc_loana", "Unit: won."),
        ("ust21070", "evlt_amt", "foreign currency"),
        ("ust21070", "evlt_amt_krw", "Unit: won."),
        ("ust21100", "exct_amt", "Unit: won."),
        ("ust21100", "fc_exct_amt", "foreign currency"),
        ("ust21660", "tax", "Unit: USD."),
        ("ust20000", "trst_prof_ch", "Unit: USD."),
        ("usa21670", "dast", "Unit: won."),
        ("usa21731", "frst_stk_evlta", "Unit: won."),
        ("usa06010", "cur_prc", "Market price, USD unless `exrt_appl_tp` asks for won"),
        ("ust21620", "cntr_uv", "Price of an order or fill, USD unless `fc_krw_tp` asks for won"),
        ("ust21530", "avg_buy_uv", "USD unless `fc_krw_tp` asks for won"),
        // minutes, days or a code: another field says which
        ("usa20932", "tm", "minutes with `tm_tp` 1"),
        ("usa24210", "tm", "minutes"),
    ];
    let mut wrong = Vec::new();
    for (api, key, words) in told {
        let mut fields = apis().filter(|a| a.id == api).flat_map(structs).flat_map(|s| &s.fields);
        match fields.find(|f| f.key == key) {
            Some(field) if field.docs.iter().any(|line| line.contains(words)) => {}
            Some(field) => wrong.push(format!("{api} {key} is not {words}: {:?}", field.docs)),
            None => wrong.push(format!("{api} has no {key}")),
        }
    }
    none(wrong);
}

/// A line about levels begins with the best, as the array does.
#[test]
fn levels_are_told_from_the_best() {
    let members = apis().flat_map(structs).flat_map(|s| &s.members);
    let lines: Vec<&String> =
        members.filter(|m| m.docs[0].contains("the best first")).flat_map(|m| &m.docs[1..]).collect();
    // 매도10차선잔량 is level 10, 매도최우선잔량 has no number: the best
    let level = |label: &str| {
        let digits: String =
            label.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit()).collect();
        digits.parse::<u32>().unwrap_or(1)
    };
    let (mut backwards, mut tried) = (Vec::new(), 0);
    for line in lines.iter().filter_map(|l| l.split_once("`: ")) {
        let Some((first, rest)) = line.1.split_once(" to ") else { continue };
        tried += 1;
        if level(first) > level(rest.split(',').next().unwrap_or_default()) {
            backwards.push(line.1.to_owned());
        }
    }
    assert!(tried > 30, "{tried} lines");
    none(backwards);
    assert!(lines.iter().any(|l| l.contains("keys `sel_1bid` to `sel_10bid`. Market price, USD")), "{lines:?}");
    assert!(lines.iter().any(|l| l.contains("매도최우선잔량 to 매도10차선잔량")), "{lines:?}");
}

/// Won a gram times the quantity is the amount: nothing about gold counts shares.
#[test]
fn gold_is_weighed_everywhere() {
    let gold = &COMMITTED.names.labels.class["gold"];
    let shares = |kind: &Kind| {
        matches!(
            kind,
            Kind::Unit(Unit::ThousandShares | Unit::HundredShares | Unit::TenThousandShares | Unit::MillionShares, _)
        )
    };
    let (mut wrong, mut grams) = (Vec::new(), 0);
    for api in apis().filter(|api| gold.contains(&api.id)) {
        for field in structs(api).flat_map(|s| &s.fields) {
            let says = |words: &str| field.docs.iter().any(|line| line.contains(words));
            grams += usize::from(says("grams"));
            if shares(&field.kind) || says("shares") && !says("grams") {
                wrong.push(format!("{} {}: {:?}", api.id, field.key, field.docs));
            }
        }
    }
    assert!(grams >= 34, "{grams} fields in grams");
    none(wrong);
}

/// The thresholds of the US rankings count ten thousands, and their types say so.
#[test]
fn thresholds_are_counted_as_they_are_sent() {
    let requests = apis().filter_map(|api| api.request.as_ref());
    let counted = requests.flat_map(|request| &request.body.fields).filter(|field| {
        matches!(field.kind, Kind::Unit(Unit::TenThousandShares | Unit::TenThousandUsd, _))
            && field.docs.iter().any(|line| line.starts_with("Lower bounds"))
    });
    assert_eq!(counted.count(), 100);
}

/// `new()` sends codes, never words of the text.
#[test]
fn no_default_is_a_word() {
    let defaults = apis().filter_map(|api| api.request.as_ref().map(|request| (api, request)));
    let words = defaults.flat_map(|(api, request)| request.body.fields.iter().map(move |field| (api, field)));
    none(
        words
            .filter(|(_, field)| field.default.as_ref().is_some_and(|default| !default.is_ascii()))
            .map(|(api, field)| format!("{} {} starts as {:?}", api.id, field.key, field.default))
            .collect(),
    );
}

#[test]
fn twins_and_requests_are_settled() {
    let text = support::read(&support::root().join("spec/reasons.toml"));
    let reasons = reasons::parse(&text).expect("reasons");
    let found = check::check(&COMMITTED.spec, &COMMITTED.names, &reasons);
    none(found.iter().map(|p| format!("{} {}: {p}", p.id, p.place)).collect());
}

/// A field that turns into another kind than its twins is found, and so is a field that `new()` no longer sends.
#[test]
fn a_twin_that_differs_is_found() {
    let fix = "[[fix]]\napi = \"ka10081\"\nat = \"response.stk_dt_pole_chart_qry.cur_prc\"\nop = \"kind\"\nnow = \"change\"\nwhy = \"a test\"\nseen = \"a test\"\n";
    let table = support::read(&support::root().join("spec/errata.toml")) + fix;
    let (spec, _) = errata::apply(&COMMITTED.facts, &errata::parse(&table).expect("errata"));
    let mut names = COMMITTED.names.clone();
    names.apis.get_mut("ka10054").expect("interruptions").default.remove("min_trde_qty");
    let text = support::read(&support::root().join("spec/reasons.toml"));
    let reasons = reasons::parse(&text).expect("reasons");
    let all = check::check(&spec, &names, &reasons);
    // The model of the check has no docs; the whole one gives the same.
    assert_eq!(all, check::of_model(&lower(&spec, &names), &spec, (&names, &reasons)));
    let found: Vec<String> = all.iter().map(|p| format!("{} {}", p.id, p.place)).collect();
    assert_eq!(found, ["twin ka10081.cur_prc", "omitted ka10054.min_trde_qty"]);
}

/// Who chooses, and between what: nothing else tells the caller which unit a `ByRequest` has.
#[test]
fn a_unit_that_the_request_chooses_names_the_parameter_and_the_units() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for api in apis() {
        for field in structs(api).flat_map(|s| &s.fields) {
            for line in field.docs.iter().filter(|l| l.contains("chosen in the request") || l.contains("` asks for")) {
                tried += 1;
                if !line.contains(" `") || line.contains("another") {
                    wrong.push(format!("{} {}: {line}", api.id, field.key));
                }
                // where both are there, one picks money or quantities and the other only the size of quantities
                if line.contains("by `unit_tp`") && line.contains("won") {
                    wrong.push(format!("{} {}: {line}", api.id, field.key));
                }
            }
        }
    }
    assert!(tried >= 140, "{tried} units");
    none(wrong);
}

/// APIs whose 체결가 is the price of one's own fill.
const OF_ACCOUNTS: [&str; 7] = ["ka10072", "ka10073", "ka10075", "ka10076", "ka10077", "00", "F5"];

/// A limit price is no market price, and has no direction.
#[test]
fn prices_of_own_orders_are_not_called_market_prices() {
    let (mut wrong, mut own) = (Vec::new(), 0);
    for api in apis() {
        for field in structs(api).flat_map(|s| &s.fields).filter(|f| matches!(f.kind, Kind::Price(_))) {
            let line = check_line(&field.docs);
            let ordered =
                ["주문", "정정", "스톱", "STOP", "체결단가", "단위체결가"].iter().any(|w| field.korean.contains(w));
            let filled = field.korean == "체결가" && OF_ACCOUNTS.contains(&api.id.as_str());
            let ordered = ordered || filled;
            own += usize::from(ordered);
            if ordered == line.starts_with("Market price") {
                wrong.push(format!("{} {} {}: {line}", api.id, field.key, field.korean));
            }
        }
    }
    assert!(own >= 40, "{own} prices");
    none(wrong);
}

fn check_line(docs: &[String]) -> &str {
    docs.iter().skip(1).find(|l| l.starts_with("Market price") || l.starts_with("Price of")).map_or("", String::as_str)
}

/// Notes that say minutes, won or USD stand above no line that says the opposite.
#[test]
fn a_note_that_gives_the_unit_is_not_contradicted() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for api in apis() {
        for field in structs(api).flat_map(|s| &s.fields) {
            let gives = |l: &String| {
                ["as `tm_tp` says", "In the currency that is sold", "In the unit of the price"]
                    .iter()
                    .any(|w| l.contains(w))
            };
            if !field.docs.iter().any(gives) {
                continue;
            }
            tried += 1;
            if field.docs.iter().any(|l| l.contains("not documented") || l.starts_with("At most")) {
                wrong.push(format!("{} {}: {:?}", api.id, field.key, field.docs));
            }
        }
    }
    assert_eq!(tried, 9, "fields");
    none(wrong);
}

/// What stands beside a currency is quoted as the market quotes that currency.
#[test]
fn exchange_rates_beside_a_currency_say_what_they_are_quoted_for() {
    let rated = |id: &str| {
        let api = apis().find(|a| a.id == id).unwrap();
        let fields: Vec<String> = structs(api)
            .flat_map(|s| &s.fields)
            .filter(|f| f.korean.ends_with("환율"))
            .map(|f| f.docs.join(" "))
            .collect();
        fields
    };
    for id in ["ust21120", "ust21132", "ust21070", "ust21170"] {
        assert!(!rated(id).is_empty() && rated(id).iter().all(|d| d.contains("100 of JPY")), "{id}: {:?}", rated(id));
    }
    assert!(rated("ust31302").iter().all(|d| d.contains("one unit of the foreign currency")));
}

/// `0` is no quantity in these six: an order for the whole remainder.
#[test]
fn requests_that_take_zero_for_everything_say_so_first() {
    let said: Vec<String> = apis()
        .flat_map(|a| structs(a).flat_map(|s| &s.fields).map(move |f| (a, f)))
        .filter(|(_, f)| f.docs.first().is_some_and(|l| l.starts_with("`0` c") && l.contains("whole remainder")))
        .map(|(a, f)| format!("{}.{}", a.id, f.key))
        .collect();
    let mut said: Vec<&str> = said.iter().map(String::as_str).collect();
    said.sort_unstable();
    let want = [
        "kt10002.mdfy_qty",
        "kt10003.cncl_qty",
        "kt10008.mdfy_qty",
        "kt10009.cncl_qty",
        "kt50002.mdfy_qty",
        "kt50003.cncl_qty",
    ];
    assert_eq!(said, want);
}
