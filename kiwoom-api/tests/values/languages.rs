//! Every public error tells the same facts in English and in Korean.

#[cfg(all(feature = "testing", feature = "domestic-chart"))]
use std::collections::BTreeSet;
use std::fmt::Display;
#[cfg(all(feature = "testing", feature = "domestic-chart"))]
use std::path::Path;

use kiwoom_api::Language::{English, Korean};
use kiwoom_api::order::{OrderId, OrderRef};
use kiwoom_api::value::{Percent, Price, Side, StockCode, date};
use kiwoom_api::{Credentials, Language, decode};

/// The name of a type, the text of `Display`, and the text in each language.
struct Told {
    name: &'static str,
    shown: String,
    texts: [String; 2],
}

fn told<E: Display>(name: &'static str, error: E, text: impl Fn(&E, Language) -> String) -> Told {
    Told { name, shown: error.to_string(), texts: [English, Korean].map(|language| text(&error, language)) }
}

macro_rules! told {
    ($name:ident, $error:expr) => {
        told(stringify!($name), $error, |error, language| error.display(language).to_string())
    };
}

fn all() -> Vec<Told> {
    let mut all = vec![
        told!(Error, Credentials::from_vars("NO_SUCH_KEY", "NO_SUCH_SECRET").unwrap_err()),
        told!(BadDate, date("20260230").unwrap_err()),
        told!(BadStockCode, "삼성전자".parse::<StockCode>().unwrap_err()),
        told!(BadNumber, "3.5x".parse::<Percent>().unwrap_err()),
        told!(BadNumber, Price::new(-70_100).unwrap_err()),
        told!(BadNumber, Price::try_from(f64::NAN).unwrap_err()),
        told!(BadCode, "7".parse::<Side>().unwrap_err()),
        told!(BadOrderId, "a b".parse::<OrderId>().unwrap_err()),
        told!(BadOrderRef, "2026-07-06 1 stock".parse::<OrderRef>().unwrap_err()),
    ];
    let broken = ["", "{", "{\"a\":}", "{\"a\" 1}", "{\"a\":\"\\x\"}", "{}x", "[]", "{\"a\":1e999999}", "{\"a\":tru}"];
    all.extend(broken.map(|text| told!(DecodeError, decode::decode(text.as_bytes(), &mut Nothing).unwrap_err())));
    #[cfg(feature = "domestic-chart")]
    all.extend(of_records());
    #[cfg(all(feature = "testing", feature = "domestic-chart"))]
    all.extend(of_walks_and_orders());
    all
}

/// A record without keys.
struct Nothing;

impl kiwoom_api::record::Record for Nothing {
    fn keys(&self) -> &'static kiwoom_api::record::Keys {
        &kiwoom_api::record::Keys { api: "", record: "Nothing", names: &[] }
    }

    fn slot(&mut self, _: usize) -> kiwoom_api::record::Slot<'_> {
        kiwoom_api::record::Slot::Const("")
    }
}

#[cfg(feature = "domestic-chart")]
fn of_records() -> Vec<Told> {
    use kiwoom_api::codes::Adjust;
    use kiwoom_api::domestic::chart::{StockDailyChart, StockDailyChartReply};
    let mut request = StockDailyChart::new("삼성전자", date("20260703").unwrap(), Adjust::Adjusted);
    let reply = StockDailyChartReply::from_json(r#"{"stk_dt_pole_chart_qry":[{"cur_prc":"7만"}]}"#).unwrap();
    vec![
        told!(EncodeError, kiwoom_api::encode::encode(&mut request, &[], &[]).unwrap_err()),
        told!(Anomaly, reply.anomalies()[0].clone()),
    ]
}

#[cfg(all(feature = "testing", feature = "domestic-chart"))]
fn of_walks_and_orders() -> Vec<Told> {
    use kiwoom_api::domestic::chart::StockDailyChartReply;
    use kiwoom_api::testing;
    let cut = testing::truncated::<StockDailyChartReply>(vec![Default::default()], testing::refused(1700));
    vec![
        told!(Truncated, cut),
        told!(Rejection, testing::rejection(testing::refused(1902))),
        told!(Unknown, testing::unknown_order("mr-17", testing::refused(1700))),
    ]
}

/// Numbers, and words that are names: of fields, functions, codes.
fn facts(text: &str) -> Vec<&str> {
    let marks = |c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '?');
    let words = text.split_whitespace().map(|word| word.trim_matches(marks));
    let is_fact = |word: &&str| word.contains(|c: char| c.is_ascii_digit() || c == '_') || word.contains("::");
    words.filter(is_fact).collect()
}

#[test]
fn both_languages_tell_the_same() {
    for Told { name, shown, texts: [english, korean] } in all() {
        assert_eq!(shown, english, "{name}: `Display` is English");
        assert!(english.chars().filter(|c| ('가'..='힣').contains(c)).count() < 12, "{name}: {english}");
        assert!(korean.contains(|c: char| ('가'..='힣').contains(&c)), "{name}: {korean}");
        for fact in facts(&english) {
            assert!(korean.contains(fact), "{name}: {fact}\n{english}\n{korean}");
        }
        let cures = [english.contains('('), korean.contains('(')];
        assert!(cures[0] == cures[1] || name == "Anomaly" || name == "BadCode", "{name}\n{english}\n{korean}");
    }
}

/// No error type of the sources is forgotten here, and none that is shown has one language only.
#[cfg(all(feature = "testing", feature = "domestic-chart"))]
#[test]
fn every_public_error_type_is_told_above() {
    /// Causes inside other errors, whose text says the same.
    const INSIDE: [&str; 2] = ["Late", "Withdrawn"];
    let mut found = BTreeSet::new();
    errors_in(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    let told: BTreeSet<String> = all().into_iter().map(|told| told.name.to_owned()).collect();
    let forgotten: Vec<&String> =
        found.iter().filter(|name| !told.contains(*name) && !INSIDE.contains(&name.as_str())).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}: give it display(language) and a line above");
    assert!(found.len() >= 10, "{found:?}");
}

/// The types with an `impl .. Error for`.
#[cfg(all(feature = "testing", feature = "domestic-chart"))]
fn errors_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            errors_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| line.starts_with("impl")) {
                let Some((_, of)) = line.split_once("Error for ") else { continue };
                found.insert(of.chars().take_while(|c| c.is_alphanumeric()).collect());
            }
        }
    }
}
