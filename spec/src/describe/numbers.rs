//! How a number is written: sign, padding, width, decimals, removed decimal point.

use super::facts::{Facts, Unit};
use super::text::Text;

/// Spelled-out places, as in `소수점 둘째 자리까지`.
const ORDINALS: [(&str, u32); 10] = [
    ("첫", 1),
    ("둘", 2),
    ("셋", 3),
    ("넷", 4),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("아홉", 9),
    ("열", 10),
];

/// Reads the shape of a number.
pub fn read(text: &Text, facts: &mut Facts) {
    facts.signed = signed(text);
    facts.pad = pad(text);
    facts.decimals = decimals(text);
    facts.width = width(text);
    scale(text, facts);
}

/// `부호가 포함된`, `부호 포함`, `부호가 있는`, and signs that are explained one by one.
fn signed(text: &Text) -> bool {
    let said = text.all("부호").into_iter().any(|i| {
        let clause = text.string(i + 2..text.until(i, &[',', '\n']).min(i + 8));
        (clause.contains("포함") || clause.contains("있")) && !clause.contains("미포함")
    });
    said || ["+는 ", "\"+/-\""].iter().any(|word| text.has(word))
}

/// `좌측 0-padding 처리된 부호 포함 12자리 숫자`.
fn pad(text: &Text) -> Option<u32> {
    let at = text.find("0-padding", 0).or_else(|| text.find("0 padding", 0))?;
    let end = text.find("자리", at).filter(|&end| end < at + 40)?;
    Some(text.number_back(end)?.0)
}

fn decimals(text: &Text) -> Option<u32> {
    text.all("소수점").into_iter().find_map(|i| {
        let mut from = text.skip_blanks(i + 3);
        if text.starts(from, "이하") {
            from = text.skip_blanks(from + 2);
        }
        let (places, end) = ordinal(text, from).or_else(|| text.number(from))?;
        let end = ["번째", "째"].iter().find(|w| text.starts(end, w)).map_or(end, |w| end + w.chars().count());
        text.starts(text.skip_blanks(end), "자리").then_some(places)
    })
}

fn ordinal(text: &Text, i: usize) -> Option<(u32, usize)> {
    ORDINALS.iter().find_map(|&(word, places)| {
        let end = i + word.chars().count();
        (text.starts(i, word) && (text.starts(end, "째") || text.starts(end, "번째"))).then_some((places, end))
    })
}

/// `7자리 주문번호`. More than one width describes parts of a value, and none of them is its width.
fn width(text: &Text) -> Option<u32> {
    let places = text.all("자리");
    let &[end] = places.as_slice() else {
        return None;
    };
    let (width, start) = text.number_back(end)?;
    let before = text.string(start.saturating_sub(10)..start);
    let other = ["padding", "소수점", "우측", "이하", "때만"].iter().any(|word| before.contains(word));
    (!other && pad(text).is_none() && (1..=64).contains(&width)).then_some(width)
}

/// The removed decimal point: a factor, a number of places, or a worked example. The factor is
/// believed first: two of its examples contradict it by a misprint (`"6197"값은 61.87`).
fn scale(text: &Text, facts: &mut Facts) {
    let example = worked_example(text);
    let removed = text.find("소수점 제거", 0).or_else(|| text.find("소수점을 제거", 0));
    let factor = removed.and_then(|at| {
        let end = text.find("배", at).filter(|&end| end < at + 24)?;
        power_of_ten(text.number_back(end)?.0.into())
    });
    let places = text.find("우측", 0).and_then(|at| {
        let (places, end) = text.number(text.skip_blanks(at + 2))?;
        let end = text.skip_blanks(end + 2);
        text.starts(end, "소수점").then_some(places)
    });
    let scale = factor.or(places).or(example.as_ref().and_then(|e| e.scale));
    facts.scale = scale.and_then(|scale| i32::try_from(scale).ok());
    if example.is_some_and(|e| e.percent) {
        facts.unit = Some(Unit::Percent);
    }
    if removed.is_some() && facts.scale.is_none() {
        facts.unparsed = Some("decimal point removed, but by how many places is not said".into());
    }
}

struct NumberExample {
    scale: Option<u32>,
    percent: bool,
}

/// `'000001500' 값은 +1.50%`: an integer in quotation marks and the number it stands for.
fn worked_example(text: &Text) -> Option<NumberExample> {
    let quotes: Vec<usize> = ["\"", "'"].iter().flat_map(|q| text.all(q)).collect();
    quotes.into_iter().find_map(|open| {
        let digits = open + 1 + usize::from(matches!(text.at(Some(open + 1)), '-' | '+'));
        let (raw, close) = text.number(digits)?;
        if text.at(Some(close)) != text.at(Some(open)) {
            return None;
        }
        let from = text.skip_blanks(close + 1);
        let from = if text.starts(from, "값") { from + 1 } else { from };
        if !text.starts(from, "은") && !text.starts(from, "는") {
            return None;
        }
        let from = text.skip_blanks(from + 1);
        let from = from + usize::from(matches!(text.at(Some(from)), '-' | '+'));
        let mut end = from;
        while end < from + 20 && (text.at(Some(end)).is_ascii_digit() || matches!(text.at(Some(end)), ',' | '.')) {
            end += 1;
        }
        let value = text.string(from..end).replace(',', "");
        let (whole, fraction) = value.split_once('.')?;
        let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
        let places = u32::try_from(fraction.len()).ok()?;
        Some(NumberExample { scale: shift(raw.into(), digits, places), percent: text.at(Some(end)) == '%' })
    })
}

/// By how many places `raw` was shifted if it stands for `digits` with `places` decimals.
fn shift(raw: u64, digits: u64, places: u32) -> Option<u32> {
    let raw = raw.checked_mul(10u64.checked_pow(places)?)?;
    if digits == 0 || raw % digits != 0 {
        return None;
    }
    power_of_ten(raw / digits)
}

fn power_of_ten(n: u64) -> Option<u32> {
    let power = n.checked_ilog10()?;
    (10u64.pow(power) == n && power > 0).then_some(power)
}
