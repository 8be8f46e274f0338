//! The screen of a comparison: what it must name, and what it may count.

use kiwoom_spec::check::accepted::Settings;
use kiwoom_spec::diff::{Delta, Rule};
use kiwoom_spec::report::{Report, Style, Version};

fn report(deltas: Vec<Delta>) -> Report {
    let mut report = Report::new(("a", "b"), deltas, &Settings::default());
    report.version = Version::parse("0.1.0");
    report
}

#[test]
fn no_change_of_codes_units_signs_or_descriptions_is_only_counted() {
    let rules = [
        (Rule::UnitChanged, "won", "usd"),
        (Rule::UnitAdded, "none", "won"),
        (Rule::SignAdded, "", ""),
        (Rule::SignDropped, "", ""),
        (Rule::ScaleChanged, "none", "2"),
        (Rule::CodeAdded, "", "7=일곱"),
        (Rule::CodeRemoved, "7=일곱", ""),
        (Rule::CodeRelabelled, "1=율", "1=률"),
        (Rule::CodeRedefined, "1=가", "1=나"),
        (Rule::CodesListed, "", "1=가 2=나"),
        (Rule::ValueAdded, "", "SOR"),
        (Rule::Reworded, "", ""),
        (Rule::DescriptionFilled, "", "unit won"),
        (Rule::DescriptionLost, "unit won", ""),
        (Rule::LabelRedefined, "가", "나"),
        (Rule::FieldRenamed, "x", "y"),
    ];
    let mut deltas = Vec::new();
    for (n, (rule, was, now)) in rules.into_iter().enumerate() {
        for api in 0..40 {
            let now = if now.is_empty() { now.to_owned() } else { format!("{now}{api}") };
            deltas.push(Delta::new(rule, &format!("zz{api:05}"), &format!("response.f{n}"), was, now));
        }
    }
    let all = deltas.len();
    for style in [Style::Plain, Style::Markdown] {
        let text = report(deltas.clone()).text(style);
        let mut named = 0;
        for delta in &deltas {
            let words = delta.words();
            let said = words.split_once(": ").map_or("", |(_, w)| w);
            assert!(text.contains(&delta.api) && text.contains(said), "{} {words}", delta.place());
            named += 1;
        }
        assert_eq!(named, all);
        assert!(!text.contains("more API"), "{text}");
    }
}

#[test]
fn one_change_in_many_apis_is_one_line_with_all_ids_and_its_words() {
    let deltas: Vec<Delta> = (0..9)
        .map(|n| Delta::new(Rule::CodesOpposite, &format!("zz{n}"), "request.stex_tp", "2=A 3=B", "2=B 3=A"))
        .collect();
    let text = report(deltas).text(Style::Plain);
    let line = "breaking meaning in 9 APIs: request.stex_tp codes-opposite: 2=A 3=B -> 2=B 3=A: zz0 zz1 zz2 zz3 zz4 zz5 zz6 zz7 zz8";
    assert!(text.contains(line), "{text}");
}

#[test]
fn small_changes_of_many_apis_are_counted() {
    let deltas: Vec<Delta> =
        (0..99).map(|n| Delta::new(Rule::ExampleChanged, &format!("zz{n:05}"), "response", "", "")).collect();
    let text = report(deltas).text(Style::Plain);
    assert!(text.contains("and 87 more APIs with 87 changes"), "{text}");
    assert!(text.lines().count() < 30, "{text}");
}

#[test]
fn counts_come_first_and_what_breaks_second() {
    let mut broken = Delta::new(Rule::UnitChanged, "zz1", "response.a", "won", "million-won");
    broken.breaks.push("domestic::x::Row::a: Option<Decimal> -> Option<MillionWon>".to_owned());
    let deltas = vec![
        Delta::new(Rule::ApiAdded, "zz9", "", "", "새조회"),
        Delta::new(Rule::ApiRemoved, "zz8", "", "옛조회", ""),
        broken,
    ];
    let report = report(deltas);
    let text = report.text(Style::Plain);
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part:?}:\n{text}"));
    assert!(at("3 changes in 3 APIs") < at("breaking wire zz8"));
    assert!(at("breaking source zz1 response.a unit-changed: won -> million-won") < at("domestic::x::Row::a"));
    assert!(at("domestic::x::Row::a") < at("added (1): zz9"));
    assert!(at("added (1): zz9") < at("the next version is 0.2.0"));
    assert!(report.is_breaking());
}

#[test]
fn words_of_a_document_are_no_commands_of_a_terminal() {
    let delta = Delta::new(Rule::CodeAdded, "zz1", "response.a", "", "1=\x1b[31m붉은\x07");
    for style in [Style::Plain, Style::Markdown] {
        let text = report(vec![delta.clone()]).text(style);
        assert!(!text.contains(['\x1b', '\x07']), "{text:?}");
    }
    let text = report(vec![delta]).text(Style::Colour);
    assert!(!text.contains("\x1b[31m붉은") && !text.contains('\x07'), "{text:?}");
}
