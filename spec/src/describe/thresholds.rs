//! Lists of lower bounds: `0:전체 1,3,5,10(USD, 1만단위) 이상`.
//!
//! Their numbers are amounts, not codes: a user asks for a bound, and only 0 has a label.

use super::codes;
use super::facts::{Facts, Threshold, Unit};
use super::text::{Text, is_code_char, is_word};
use super::units;

/// A run of bounds: from three numbers on.
const FEWEST: usize = 3;
const MOST: usize = 64;

pub fn read(text: &mut Text, facts: &mut Facts) {
    let Some((start, end, bounds)) = run(text) else {
        return;
    };
    let mut rest = text.skip_blanks(end);
    let mut multiplier = 1;
    let mut unit = None;
    let mut said = false;
    if text.at(Some(rest)) == '(' {
        let close = text.until(rest, &[')', '\n']);
        if let Some(step) = step(text, rest, close) {
            multiplier = step;
            said = true;
        }
        unit = unit_in(text, rest + 1, close);
        rest = text.skip_blanks(close + 1);
    }
    if !said && !["이상", "이하", "초과", "미만"].iter().any(|w| text.starts(rest, w)) {
        return;
    }
    text.mask(start..text.line_end(start));
    let all = codes::forward(text).into_iter().next();
    text.mask(0..start);
    facts.threshold = Some(Threshold { all, bounds, multiplier, unit });
}

/// `1,3,5,10` where no number is a code with a label.
fn run(text: &Text) -> Option<(usize, usize, Vec<String>)> {
    let mut i = 0;
    while i < text.chars().len() {
        if !text.at(Some(i)).is_ascii_digit() || is_word(text.before(i)) || matches!(text.before(i), ':' | '.') {
            i += 1;
            continue;
        }
        let (start, mut end, mut bounds) = (i, i, Vec::new());
        while let Some((_, after)) = text.number(i) {
            if is_code_char(text.at(Some(after))) || is_word(text.at(Some(after))) {
                break;
            }
            if text.at(Some(text.skip_blanks(after))) == ':' || bounds.len() == MOST {
                break;
            }
            bounds.push(text.string(i..after));
            end = after;
            if text.at(Some(after)) != ',' {
                break;
            }
            i = text.skip_blanks(after + 1);
        }
        if bounds.len() >= FEWEST {
            return Some((start, end, bounds));
        }
        i = i.max(end).max(start + 1);
    }
    None
}

/// `1만단위` is 10000.
fn step(text: &Text, open: usize, close: usize) -> Option<u64> {
    let end = text.find("단위", open).filter(|&end| end < close)?;
    let (mut start, mut value) = (end, 1u64);
    while start > open {
        value *= match text.before(start) {
            '천' => 1_000,
            '만' => 10_000,
            '억' => 100_000_000,
            '백' => 100,
            '십' => 10,
            _ => break,
        };
        start -= 1;
        if value > 1_000_000_000_000 {
            return None;
        }
    }
    match text.number_back(start) {
        Some((n, _)) => value.checked_mul(n.into()),
        None => (start < end).then_some(value),
    }
}

fn unit_in(text: &Text, open: usize, close: usize) -> Option<Unit> {
    (open..close).filter(|&i| !is_word(text.before(i))).find_map(|i| units::word(text, i)).map(|(unit, _)| unit)
}
