//! Lists of values without labels: `KRX,NXT,SOR`, `0 or 1`, `정적/동적/동적+정적`.

use super::facts::{Facts, Unit};
use super::text::{Text, is_hangul};

const MOST: usize = 64;
const LONGEST: usize = 12;

/// Reads a bare list where nothing else claimed the cell.
pub fn read(text: &Text, facts: &mut Facts) {
    let claimed = !facts.codes.is_empty()
        || !facts.values.is_empty()
        || !facts.symbol.is_empty()
        || !facts.keys.is_empty()
        || !facts.formats.is_empty()
        || !facts.units.is_empty()
        || facts.unit.is_some()
        || facts.threshold.is_some()
        || facts.unparsed.is_some();
    if claimed {
        return;
    }
    let whole = text.string(0..text.chars().len()).replace("()", "");
    let whole = whole.trim();
    let line = whole.lines().next().unwrap_or_default().trim_end_matches([' ', ',']);
    let found =
        alternatives(line).or_else(|| list(line, ",", 2)).or_else(|| list(line, "/", 3)).or_else(|| yes_no(whole));
    let Some(mut items) = found else { return };
    // `"+/-", 매도, 매수`: the sign goes before the value
    if facts.signed {
        items.retain(|item| item != "+/-");
    }
    if let Some(days) = days(&items) {
        facts.unit = Some(Unit::Day);
        items = days;
    }
    facts.values = items;
}

/// `0 or 1`, with or without a note behind it.
fn alternatives(whole: &str) -> Option<Vec<String>> {
    let clause = whole.split([',', '/', '(', '.']).next().unwrap_or_default();
    ["or", "또는", "혹은"].iter().find_map(|word| {
        let items: Vec<&str> = clause.split(&format!(" {word} ")).map(str::trim).collect();
        let plain = |item: &&str| (1..=8).contains(&item.len()) && item.bytes().all(|b| b.is_ascii_alphanumeric());
        (items.len() >= 2 && items.len() <= MOST && items.iter().all(plain))
            .then(|| items.into_iter().map(str::to_owned).collect())
    })
}

/// `연속 데이터가 존재하는경우 Y, 없으면 N`: the two letters stand alone in a sentence.
fn yes_no(whole: &str) -> Option<Vec<String>> {
    let mut words = whole.split([' ', ',', '.', '\n']);
    let both = words.clone().any(|w| w == "Y") && words.any(|w| w == "N");
    both.then(|| vec!["Y".to_owned(), "N".to_owned()])
}

fn list(whole: &str, separator: &str, fewest: usize) -> Option<Vec<String>> {
    let items: Vec<&str> =
        whole.split(separator).map(|item| item.trim().trim_matches(['"', '\'']).trim()).take(MOST + 1).collect();
    let fits = (fewest..=MOST).contains(&items.len()) && items.iter().all(|item| is_value(item));
    fits.then(|| items.into_iter().map(str::to_owned).collect())
}

/// One word: sentences and descriptions have blanks or particles.
fn is_value(item: &str) -> bool {
    let name = item.split('(').next().unwrap_or_default();
    (1..=LONGEST).contains(&name.chars().count())
        && item.chars().count() <= LONGEST * 2
        && name.chars().all(|c| is_hangul(c) || c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '%' | '/'))
        && (item == name || item.ends_with(')'))
        && !["시", "함", "는", "은", "입력", "참고"].iter().any(|end| name.chars().count() > 2 && name.ends_with(end))
}

/// `5일, 10일, 20일`: the wire has the number.
fn days(items: &[String]) -> Option<Vec<String>> {
    items
        .iter()
        .map(|item| {
            let digits = item.strip_suffix('일')?;
            digits.parse::<u32>().is_ok().then(|| digits.to_owned())
        })
        .collect()
}
