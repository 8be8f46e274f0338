//! The English of labels: every label has one, and none shows the marks of words that were put together wrongly.

use std::collections::{BTreeMap, BTreeSet};

use crate::{COMMITTED, MODEL};

/// Each label of the model with its English.
fn glosses() -> BTreeMap<&'static str, Option<String>> {
    let structs =
        MODEL.menus.iter().flat_map(|m| &m.apis).flat_map(|api| {
            api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested)
        });
    structs
        .flat_map(|s| &s.fields)
        .map(|f| f.korean.as_str())
        .filter(|label| label.contains(is_hangul))
        .map(|label| (label, COMMITTED.names.glossary.gloss(label)))
        .collect()
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// What is odd about a gloss, if anything.
fn odd(label: &str, english: &str) -> Option<&'static str> {
    let lower = english.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
    let says = |word: &str| words.contains(&word);
    let korean = |parts: &[&str]| parts.iter().any(|part| label.contains(part));
    let nouns = ["total", "change", "amount", "currency", "kind", "securities", "volume"];
    let twice = |noun: &&str| words.iter().filter(|w| *w == noun).count() > 1;
    let week_of = label.char_indices().any(|(at, c)| c == '주' && label[..at].ends_with(|c: char| c.is_ascii_digit()));
    let rules = [
        (english.contains(is_hangul), "Hangul"),
        (words.windows(2).any(|pair| pair[0] == pair[1]), "a word twice in a row"),
        (nouns.iter().any(twice), "a noun twice"),
        // 수 is a count only behind what it counts; in 매도/수 it is one half of 매수
        (
            says("number") && !korean(&["번호", "건수", "횟수", "종목수", "주식수", "대수", "일수", "갯수", "회차"]),
            "a number",
        ),
        (says("week") && !week_of && !korean(&["주봉", "주간", ",주,", "주월"]), "a week"),
        (says("second") && !korean(&["후반"]), "a second"),
        (says("credit"), "credit, for margin"),
        (english.contains(['/', '_', '#']), "a mark that is no English"),
        (["and", "of", "for", "the", "by", "or"].contains(words.last().unwrap_or(&"")), "an end in the air"),
    ];
    rules.iter().find(|(holds, _)| *holds).map(|(_, what)| *what)
}

#[test]
fn every_label_has_its_english() {
    let glosses = glosses();
    let without: BTreeSet<&str> = glosses.iter().filter(|(_, g)| g.is_none()).map(|(label, _)| *label).collect();
    println!("{} labels, {} without a gloss", glosses.len(), without.len());
    assert!(glosses.len() > 2000 && without.is_empty(), "add words to spec/names/glossary.toml: {without:?}");
}

#[test]
fn no_gloss_is_odd() {
    let found: Vec<String> = glosses()
        .iter()
        .filter_map(|(label, gloss)| {
            let english = gloss.as_deref()?;
            odd(label, english).map(|what| format!("{label}: {english:?} ({what})"))
        })
        .collect();
    assert!(found.is_empty(), "{} glosses:\n{}", found.len(), found.join("\n"));
}

#[test]
fn odd_glosses_are_found() {
    for (label, english) in [
        ("매도/수 구분", "Sell/number kind"),
        ("매도수", "Sell number"),
        ("기준가 대비 등락율", "Base price change change rate"),
        ("외화환전가능금액", "Foreign currency currency exchange available amount"),
        ("DR주", "DR week"),
        ("예수금_초", "Deposit second"),
        ("신용이자", "Credit interest"),
        ("매매상위구분", "Top by"),
        ("구분", "구분"),
    ] {
        assert!(odd(label, english).is_some(), "{label}: {english}");
    }
    assert_eq!(odd("52주최고가", "52-week high"), None);
}

/// Meanings that the words of a label, one after the other, get wrong.
#[test]
fn labels_mean_what_a_trader_reads() {
    let gloss = |label: &str| COMMITTED.names.glossary.gloss(label);
    for (label, english) in [
        ("매도/수 구분", "Sell or buy"),
        ("매도수구분", "Sell or buy"),
        ("순매도수구분", "Net selling or net buying"),
        ("기준가 대비", "Change against the base price"),
        ("기준가 대비 부호", "Sign of the change against the base price"),
        ("기준가대비 시가등락율", "Change rate of the open against the base price"),
        ("예수금_초", "Deposit at start"),
        ("DR/주", "Depositary receipts per share"),
        ("미수(원/주)", "Receivable (won or shares)"),
        ("신용이자미납금", "Unpaid margin interest"),
        ("신용융자금", "Margin loan"),
        ("신용거래구분", "Margin trading kind"),
        ("신용잔고율", "Margin balance rate"),
        ("매도10호가", "Ask price at level 10"),
        ("매도3호가직전대비", "Change of ask depth at level 3 since last"),
        ("250최고가대비율", "Change rate from the 250-day high"),
        ("종목별증권사순위", "Broker rank by stock"),
        ("기간내총입금", "Total paid in within the period"),
        ("카테고리1차명", "Category level 1 name"),
        ("순위끝", "Rank end"),
    ] {
        assert_eq!(gloss(label).as_deref(), Some(english), "{label}");
    }
}
