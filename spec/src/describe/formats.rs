//! Date and time layouts: `YYYYMMDD`, `HH:mm:ss`.
//!
//! Letters only, never an example such as `0900`, whose layout is not stated.

use super::facts::{Facts, Format};
use super::text::{Text, is_word};

/// Longest first. Minutes and seconds are written in either case; `YYYMMDD` is a misprint that the
/// documents repeat.
const LAYOUTS: [(&str, Format); 13] = [
    ("yyyy-mm-dd hh:mm:ss", Format::DateTimeDashed),
    ("yyyymmddhhmmss", Format::DateTime),
    ("yyyy-mm-dd", Format::DateDashed),
    ("yyyymmdd", Format::Date),
    ("hh:mm:ss", Format::TimeColons),
    ("yyymmdd", Format::Date),
    ("yyyymm", Format::Month),
    ("hhmmss", Format::Time),
    ("hh:mm", Format::MinuteColons),
    ("yyyy", Format::Year),
    ("mmdd", Format::MonthDay),
    ("hhmm", Format::Minute),
    ("hh24miss", Format::Time),
];

/// Reads and blanks layouts, with the label of one that stands in a list (`0:평균, YYYY:년도`).
pub fn read(text: &mut Text, facts: &mut Facts) {
    let mut i = 0;
    while i < text.chars().len() {
        let here = matches!(text.at(Some(i)), 'Y' | 'y' | 'H' | 'h' | 'M') && !is_ascii_word(text.before(i));
        let Some((len, format)) = here.then(|| layout(text, i)).flatten() else {
            i += 1;
            continue;
        };
        if !facts.formats.contains(&format) {
            facts.formats.push(format);
        }
        let colon = text.skip_blanks(i + len);
        let end = if text.at(Some(colon)) == ':' { text.until(colon, &[',', '\n', ')']) } else { i + len };
        text.mask(i..end);
        i = end;
    }
    spelled_out(text, facts);
}

/// Nothing but a layout.
pub fn is_layout(word: &str) -> bool {
    LAYOUTS.iter().any(|(layout, _)| word.eq_ignore_ascii_case(layout))
}

fn layout(text: &Text, i: usize) -> Option<(usize, Format)> {
    LAYOUTS.iter().find_map(|&(word, format)| {
        let rest = text.chars().get(i..i + word.len())?;
        let same = rest.iter().zip(word.chars()).all(|(a, b)| a.to_ascii_lowercase() == b);
        (same && !is_ascii_word(text.at(Some(i + word.len())))).then_some((word.len(), format))
    })
}

/// `조회시간 4자리`: the width tells hours and minutes from a full time.
fn spelled_out(text: &Text, facts: &mut Facts) {
    for i in text.all("시간") {
        let from = text.skip_blanks(i + 2);
        let format = if text.starts(from, "4자리") {
            Format::Minute
        } else if text.starts(from, "6자리") {
            Format::Time
        } else {
            continue;
        };
        if facts.formats.is_empty() {
            facts.formats.push(format);
        }
    }
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii() && is_word(c)
}
