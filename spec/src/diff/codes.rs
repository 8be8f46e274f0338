//! Two lists of codes: what is new, what is gone, and above all which code now means something else.

use std::collections::BTreeMap;

use super::likeness::{pairs, same_label, spelling};
use super::rules::Rule;

/// A list of codes with their labels.
pub type Codes = [(String, String)];

/// Every difference as rule, old and new words.
pub fn compare(old: &Codes, new: &Codes) -> Vec<(Rule, String, String)> {
    let (before, after) = (by_code(old), by_code(new));
    let mut out = Vec::new();
    match (old, new) {
        ([], []) => return out,
        ([], _) => return vec![(Rule::CodesListed, String::new(), list_all(new))],
        (_, []) => return vec![(Rule::CodesUnlisted, list_all(old), String::new())],
        _ => {}
    }
    let changed: Vec<&str> =
        before.iter().filter(|(code, label)| after.get(*code).is_some_and(|l| l != *label)).map(|(c, _)| *c).collect();
    let exchanged = exchanged(&changed, &before, &after);
    if !exchanged.is_empty() {
        let rule = if exchanged.len() == 2 { Rule::CodesOpposite } else { Rule::CodesRemapped };
        out.push((rule, list(&exchanged, &before), list(&exchanged, &after)));
    }
    for code in changed.iter().filter(|c| !exchanged.contains(c)) {
        let (was, now) = (before[code], after[code]);
        let rule = if same_label(was, now) { Rule::CodeRelabelled } else { Rule::CodeRedefined };
        out.push((rule, format!("{code}={was}"), format!("{code}={now}")));
    }
    let gone: Vec<(&str, &str)> = missing(old, &after);
    let come: Vec<(&str, &str)> = missing(new, &before);
    let same = |i: usize, j: usize| {
        let (was, now): (&str, &str) = (gone[i].1, come[j].1);
        (!spelling(was).is_empty() && spelling(was) == spelling(now)).then_some(1.0)
    };
    let moved = pairs(gone.len(), come.len(), same);
    let show = |(code, label): &(&str, &str)| format!("{code}={label}");
    for (i, j) in &moved {
        out.push((Rule::CodeMoved, show(&gone[*i]), show(&come[*j])));
    }
    for (_, code) in gone.iter().enumerate().filter(|(i, _)| !moved.iter().any(|m| m.0 == *i)) {
        out.push((Rule::CodeRemoved, show(code), String::new()));
    }
    for (_, code) in come.iter().enumerate().filter(|(j, _)| !moved.iter().any(|m| m.1 == *j)) {
        out.push((Rule::CodeAdded, String::new(), show(code)));
    }
    out
}

fn by_code(codes: &Codes) -> BTreeMap<&str, &str> {
    let mut out = BTreeMap::new();
    for (code, label) in codes {
        out.entry(code.as_str()).or_insert(label.as_str());
    }
    out
}

fn missing<'a>(codes: &'a Codes, other: &BTreeMap<&str, &str>) -> Vec<(&'a str, &'a str)> {
    let mut out: Vec<(&str, &str)> = Vec::new();
    for (code, label) in codes.iter().filter(|(c, _)| !other.contains_key(c.as_str())) {
        if !out.iter().any(|(c, _)| c == code) {
            out.push((code, label));
        }
    }
    out
}

/// The codes whose labels went round among themselves.
fn exchanged<'a>(changed: &[&'a str], before: &BTreeMap<&str, &str>, after: &BTreeMap<&str, &str>) -> Vec<&'a str> {
    let mut round: Vec<&str> = changed.iter().copied().filter(|c| !same_label(before[c], after[c])).collect();
    loop {
        let labels: Vec<String> = round.iter().map(|c| spelling(before[c])).collect();
        let kept: Vec<&str> = round.iter().copied().filter(|c| labels.contains(&spelling(after[c]))).collect();
        let news: Vec<String> = kept.iter().map(|c| spelling(after[c])).collect();
        let kept: Vec<&str> = kept.into_iter().filter(|c| news.contains(&spelling(before[c]))).collect();
        if kept.len() == round.len() {
            return round;
        }
        round = kept;
    }
}

fn list_all(codes: &Codes) -> String {
    codes.iter().map(|(code, label)| format!("{code}={label}")).collect::<Vec<_>>().join(" ")
}

fn list(codes: &[&str], labels: &BTreeMap<&str, &str>) -> String {
    codes.iter().map(|c| format!("{c}={}", labels[c])).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(String, String)> {
        text.split_whitespace().filter_map(|p| p.split_once('=')).map(|(c, l)| (c.to_owned(), l.to_owned())).collect()
    }

    #[test]
    fn lists_of_codes_differ_in_meaning_before_they_differ_in_spelling() {
        for (old, new, want) in [
            ("1=매수 2=매도", "1=매수 2=매도", ""),
            ("1=매수 2=매도", "2=매도 1=매수", ""),
            ("1=매수 2=매도", "1=매도 2=매수", "codes-opposite 1=매수 2=매도 > 1=매도 2=매수"),
            ("0=전체 1=A 2=B 3=C", "0=전체 1=B 2=C 3=A", "codes-remapped 1=A 2=B 3=C > 1=B 2=C 3=A"),
            ("0=포함 1=미포함", "0=미포함 1=미포함", "code-redefined 0=포함 > 0=미포함"),
            ("1=등락율", "1=등락률", "code-relabelled 1=등락율 > 1=등락률"),
            ("1=가격", "1=수량", "code-redefined 1=가격 > 1=수량"),
            ("1=가격 2=수량", "1=가격 2=수량 3=금액", "code-added  > 3=금액"),
            ("1=가격 2=수량", "1=가격", "code-removed 2=수량 > "),
            ("1=가격 2=수량", "01=가격 02=수량", "code-moved 1=가격 > 01=가격; code-moved 2=수량 > 02=수량"),
            ("1=A 2=B", "1=B", "code-redefined 1=A > 1=B; code-removed 2=B > "),
            ("1=A 1=B", "1=A", ""),
            ("", "1=A 2=B", "codes-listed  > 1=A 2=B"),
            ("1=A 2=B", "", "codes-unlisted 1=A 2=B > "),
        ] {
            let found: Vec<String> = compare(&codes(old), &codes(new))
                .into_iter()
                .map(|(rule, was, now)| format!("{rule} {was} > {now}"))
                .collect();
            assert_eq!(found.join("; "), want, "{old} -> {new}");
        }
    }
}
