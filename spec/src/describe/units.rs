//! Units, and who chooses between them.
//!
//! A unit is read where the text announces one (`단위: 백만원`) and in the few idioms without that
//! word (`0 백만원 이상`, `USD 0:전체`). The labels of a code list name units of other fields.

use super::facts::{Facts, Unit};
use super::text::{GONE, Text, is_word};

/// Longest first among words with the same start.
const WORDS: [(&str, Unit); 43] = [
    ("원/g", Unit::WonPerGram),
    ("$/온스", Unit::UsdPerOunce),
    ("USD/온스", Unit::UsdPerOunce),
    ("천만원", Unit::TenMillionWon),
    ("천만", Unit::TenMillionWon),
    ("만원", Unit::TenThousandWon),
    ("백만원", Unit::MillionWon),
    ("백만 원", Unit::MillionWon),
    ("백만주", Unit::MillionShare),
    ("억원", Unit::HundredMillionWon),
    ("천원", Unit::ThousandWon),
    ("원", Unit::Won),
    ("10000주", Unit::TenThousandShare),
    ("1만주", Unit::TenThousandShare),
    ("만주", Unit::TenThousandShare),
    ("1000주", Unit::ThousandShare),
    ("1천주", Unit::ThousandShare),
    ("천주", Unit::ThousandShare),
    ("100주", Unit::HundredShare),
    ("백주", Unit::HundredShare),
    ("1주", Unit::Share),
    ("주", Unit::Share),
    ("종목수", Unit::Issue),
    ("종목", Unit::Issue),
    ("건수", Unit::Case),
    ("건", Unit::Case),
    ("명", Unit::Person),
    ("%p", Unit::PercentPoint),
    ("%", Unit::Percent),
    ("지수", Unit::Point),
    ("포인트", Unit::Point),
    ("천USD", Unit::ThousandUsd),
    ("천달러", Unit::ThousandUsd),
    ("USD", Unit::Usd),
    ("달러", Unit::Usd),
    ("$", Unit::Usd),
    ("g", Unit::Gram),
    ("그램", Unit::Gram),
    ("배", Unit::Times),
    ("일수", Unit::Day),
    ("일", Unit::Day),
    ("계약수", Unit::Contract),
    ("계약", Unit::Contract),
];

/// Reads and blanks units. A worked example has already spoken for percent where it did.
pub fn read(text: &mut Text, facts: &mut Facts) {
    let mut found = announced(text);
    if found.is_empty() {
        found = per_code(text, facts);
    }
    if found.is_empty() {
        found = idioms(text);
    }
    facts.unit_by = chooser(text);
    if facts.unit.is_some() {
        return;
    }
    match found.as_slice() {
        &[unit] => facts.unit = Some(unit),
        _ => facts.units = found,
    }
}

/// The unit word at `i` and where it ends.
pub fn word(text: &Text, i: usize) -> Option<(Unit, usize)> {
    WORDS.iter().find_map(|&(word, unit)| {
        let end = i + word.chars().count();
        (text.starts(i, word) && !is_word(text.at(Some(end)))).then_some((unit, end))
    })
}

/// `단위: 억원 혹은 1000주`, `금액 단위: 백만원, 수량 단위: 1주`.
fn announced(text: &mut Text) -> Vec<Unit> {
    let mut units = Vec::new();
    for i in text.all("단위") {
        let colon = text.skip_blanks(i + 2);
        if text.at(Some(colon)) != ':' {
            continue;
        }
        let mut end = colon + 1;
        let mut next = Some(text.skip_blanks(end));
        while let Some((unit, after)) = next.and_then(|from| word(text, from)) {
            add(&mut units, unit);
            end = alias(text, after);
            next = joint(text, end);
        }
        text.mask(i..end);
    }
    units
}

/// `1000주(천주)`: the same unit again.
fn alias(text: &Text, end: usize) -> usize {
    match (text.at(Some(end)), word(text, end + 1)) {
        ('(', Some((_, close))) if text.at(Some(close)) == ')' => close + 1,
        _ => end,
    }
}

/// Where the next unit of an enumeration starts, if there is a joint at `end`.
fn joint(text: &Text, end: usize) -> Option<usize> {
    let from = text.skip_blanks(end);
    let joint = [",", "혹은", "또는", "or ", "/"].iter().find(|w| text.starts(from, w))?;
    Some(text.skip_blanks(from + joint.chars().count()))
}

/// `MGD: 원/g, MGU: $/온스`: the code of the instrument decides. Only compound units: `1:건, 2:명` is
/// a list of codes.
fn per_code(text: &mut Text, facts: &mut Facts) -> Vec<Unit> {
    let mut units = Vec::new();
    for name in ["원/g", "$/온스", "USD/온스"] {
        for i in text.all(name) {
            let colon = text.skip_blanks_back(i);
            if text.before(colon) != ':' {
                continue;
            }
            let end = text.skip_blanks_back(colon - 1);
            let start = text.since(end, &[' ', ',', '\n', '(', '/'], 12);
            let code = text.string(start..end);
            if code.is_empty() || !code.chars().all(|c| c.is_ascii_alphanumeric()) {
                continue;
            }
            facts.values.push(code);
            if let Some((unit, end)) = word(text, i) {
                add(&mut units, unit);
                text.mask(start..end);
            }
        }
    }
    units
}

fn idioms(text: &mut Text) -> Vec<Unit> {
    let mut units = Vec::new();
    let start = text.skip_blanks(0);
    // `0 백만원 이상, ..`: a bound in its unit
    if let Some((_, end)) = text.number(start)
        && let Some((unit, end)) = word(text, text.skip_blanks(end))
        && ["이상", "이하"].iter().any(|w| text.starts(text.skip_blanks(end), w))
    {
        add(&mut units, unit);
        return units;
    }
    // `USD 0:전체`, `USD, ..`: the unit leads
    if text.starts(start, "USD") && matches!(text.at(Some(start + 3)), ' ' | ',') {
        text.mask(start..start + 3);
        return vec![Unit::Usd];
    }
    // `n일, 최대 300일`, `n%, 최대 100%`, `n일전 (1일 ~ 99일 날짜입력)`
    if text.starts(start, "n") {
        for (word, unit) in [("n일", Unit::Day), ("n%", Unit::Percent)] {
            if text.starts(start, word) {
                return vec![unit];
            }
        }
    }
    if text.has("원화 값") {
        add(&mut units, Unit::Won);
    }
    if text.has("%가 포함된") {
        add(&mut units, Unit::Percent);
    }
    if text.has("날짜입력") && text.has("일 ~ ") {
        add(&mut units, Unit::Day);
    }
    if units.is_empty() { list(text) } else { units }
}

/// `계약,주`: a cell that holds nothing but units.
fn list(text: &mut Text) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut next = Some(text.skip_blanks(0));
    let mut end = 0;
    while let Some((unit, after)) = next.and_then(|from| word(text, from)) {
        add(&mut units, unit);
        end = after;
        next = joint(text, end);
    }
    let rest_is_blank = text.chars()[end..].iter().all(|c| matches!(*c, ' ' | '\n' | GONE));
    if units.len() < 2 || !rest_is_blank {
        return Vec::new();
    }
    text.mask(0..end);
    units
}

/// `(amt_qty_tp파라미터로 설정)`, `(unit_tp값으로 설정)`.
fn chooser(text: &mut Text) -> Option<String> {
    ["파라미터로 설정", "파라미터로", "값으로 설정"].iter().find_map(|phrase| {
        let end = text.find(phrase, 0)?;
        let start = text.chars()[..end].iter().rposition(|c| !(c.is_ascii_alphanumeric() || *c == '_'));
        let name = text.string(start.map_or(0, |s| s + 1)..end);
        (name.len() > 2 && name.contains('_')).then_some(name)
    })
}

fn add(units: &mut Vec<Unit>, unit: Unit) {
    if !units.contains(&unit) {
        units.push(unit);
    }
}
