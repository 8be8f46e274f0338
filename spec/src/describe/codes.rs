//! Code lists: `1:KRX, 2:NXT 3.통합`, `코스피:0, 코스닥:1`, `M04020000 금, M04020100 미니금`.
//!
//! A pair is found by its code and separator; the label is what lies between two pairs. Commas, blanks and newlines
//! between pairs are ignored, because all of them occur inside labels too. Which side of the colon is the code is
//! decided for the whole list, by majority.

use super::facts::Facts;
use super::labels::{self, Label};
use super::pairs::{Pair, Pairs};
use super::text::{GONE, Text, is_code_char, is_hangul, is_word};
use super::units;

/// The longest heading before a single pair.
const HEADING: usize = 12;

/// A code and its label.
type Code = (String, String);

pub fn read(text: &Text, facts: &mut Facts) {
    if facts.threshold.is_some() {
        return;
    }
    let pairs = Pairs::find(text);
    let list = if pairs.reversed {
        reversed(text, &pairs)
    } else if pairs.list.is_empty() && pairs.colons == 0 {
        blank_separated(text)
    } else {
        labelled(text, &pairs)
    };
    if !plausible(text, &pairs, &list) {
        if pairs.colons >= 2 && facts.unparsed.is_none() && facts.values.is_empty() {
            facts.unparsed = Some(format!("{} colons, but no list of codes was recognised", pairs.colons));
        }
        return;
    }
    for (code, label) in list {
        accept(code, label, facts);
    }
}

/// The pairs of a text that is known to be written `code:label`.
pub fn forward(text: &Text) -> Vec<Code> {
    labelled(text, &Pairs::find(text)).into_iter().map(|(code, label)| (code, label.text)).collect()
}

/// Two pairs are a list if half of them have labels. A single pair is a list only if at most a short heading
/// precedes it; `"1:매도` is a torn cell.
fn plausible(text: &Text, pairs: &Pairs, list: &[(String, Label)]) -> bool {
    let says = |(_, label): &&(String, Label)| labels::says_something(&label.text);
    match (list, pairs.list.first()) {
        ([(_, label)], Some(pair)) => {
            let line = text.since(pair.start, &['\n'], HEADING + 1);
            let heading = pair.start - line;
            let word = label.text.starts_with(char::is_alphabetic);
            !pairs.reversed
                && heading <= HEADING
                && text.before(pair.start) != '"'
                && (word || heading == 0)
                && label.text.chars().count() <= 24
        }
        _ => list.len() >= 2 && list.iter().filter(says).count() * 2 >= list.len(),
    }
}

fn accept(code: String, label: Label, facts: &mut Facts) {
    if label.default {
        facts.default = Some(code.clone());
    }
    if label.fixed {
        facts.fixed = Some(code.clone());
    }
    if label.sentence || labels::holds_colon(&label.text) {
        facts.unparsed = Some(format!("the text after code {code:?} does not look like a label"));
        return;
    }
    if facts.values.is_empty() {
        facts.values = label.values;
    }
    if code.is_empty() {
        facts.blank = Some(label.text);
    } else if let Some((_, before)) = facts.codes.iter().find(|(c, _)| *c == code) {
        if *before != label.text {
            facts.unparsed = Some(format!("code {code:?} has two labels"));
        }
    } else {
        facts.codes.push((code, label.text));
    }
}

/// `code:label`: the label ends where the next pair starts, or at something that ends every label.
fn labelled(text: &Text, pairs: &Pairs) -> Vec<(String, Label)> {
    let ends = pairs.list.iter().skip(1).map(|pair| pair.start).chain([text.chars().len()]);
    pairs
        .list
        .iter()
        .zip(ends)
        .map(|(pair, end)| (pair.code.clone(), labels::clean(&raw(text, pairs, pair, end))))
        .collect()
}

fn raw(text: &Text, pairs: &Pairs, pair: &Pair, end: usize) -> String {
    let start = pair.label.min(end);
    let mut blank = true;
    for (i, &c) in text.chars()[start..end].iter().enumerate() {
        let stop = c == GONE || (c == '\n' && !blank) || pairs.is_edge(start + i);
        if stop {
            let label = text.string(start..start + i);
            // `4:년,분단위(5:10분,..`: the word before a nested list heads that list
            return match label.rfind(',').filter(|_| c == '(') {
                Some(comma) => label[..comma].to_owned(),
                None => label,
            };
        }
        blank &= c.is_whitespace();
    }
    text.string(start..end)
}

/// `label:code`. A condition (`코스피- 거래소구분값 1일경우:P00101, 2일경우:P001_NX01`) gives the heading and
/// the value on which the code depends.
fn reversed(text: &Text, pairs: &Pairs) -> Vec<(String, Label)> {
    let mut from = 0;
    let mut heading = String::new();
    let mut list = Vec::new();
    for pair in &pairs.list {
        let start = pairs.edge_before(pair.start, from);
        let mut words = text.string(start..pair.start);
        if list.is_empty() {
            // text before the list, up to the last comma
            words = words.rsplit([',', '\n']).next().unwrap_or_default().to_owned();
        }
        let words = words.trim_matches([' ', ',', '/', ';', '.', '\n']);
        let condition = ["일경우", "일 경우"].iter().find_map(|word| words.strip_suffix(word));
        let label = match condition {
            Some(words) => {
                if let Some((head, _)) = words.split_once("- ") {
                    heading = head.trim().to_owned();
                }
                let value = words.rsplit([' ', '\n']).next().unwrap_or_default();
                format!("{heading} {value}")
            }
            None => words.to_owned(),
        };
        list.push((pair.code.clone(), labels::clean(&label)));
        from = pair.label;
    }
    list
}

/// `M04020000 금 99.99_1kg, M04020100 미니금 99.99_100g`: every item starts with a code of the same
/// width. A number before a unit is an amount.
fn blank_separated(text: &Text) -> Vec<(String, Label)> {
    let mut list: Vec<(String, Label)> = Vec::new();
    let mut start = 0;
    while start < text.chars().len() {
        let end = text.until(start, &[',', '\n']);
        let from = text.skip_blanks(start);
        start = end + 1;
        let code_end = (from..end).find(|&i| !is_code_char(text.chars()[i])).unwrap_or(end);
        let label_start = text.skip_blanks(code_end);
        if from >= end || text.chars()[from..end].iter().all(|&c| c == GONE) {
            continue;
        }
        let code = text.string(from..code_end.min(from + 17));
        let first = text.at(Some(label_start));
        let fits = code.len() <= 16
            && code.chars().any(|c| c.is_ascii_digit())
            && code.chars().all(|c| c.is_ascii_alphanumeric())
            && label_start > code_end
            && label_start < end
            && (is_hangul(first) || first.is_ascii_alphabetic())
            && units::word(text, label_start).is_none()
            && list.first().is_none_or(|(other, _)| other.len() == code.len());
        if !fits || list.len() == super::pairs::MOST {
            return Vec::new();
        }
        list.push((code, labels::clean(&text.string(label_start..end))));
    }
    let words = |label: &Label| label.text.chars().filter(|&c| is_word(c)).count();
    if list.len() < 2 || list.iter().any(|(_, label)| words(label) == 0 || words(label) > 20) {
        Vec::new()
    } else {
        list
    }
}
