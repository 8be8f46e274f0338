//! One code in the text: what stands before or after a separator, and what only looks like a code.

use super::text::{GONE, Text, is_code_char, is_hangul, is_word};

const LONGEST_CODE: usize = 16;

/// The code that ends at the separator: `1:`, `ND :`, `'':`. Names of parameters are none.
pub fn code_before(text: &Text, separator: usize) -> Option<(usize, String)> {
    let end = text.skip_blanks_back(separator);
    let quote = text.before(end);
    if matches!(quote, '\'' | '"') {
        let start = text.since(end - 1, &[quote], LONGEST_CODE + 1).checked_sub(1)?;
        let code = text.string(start + 1..end - 1);
        return (text.at(Some(start)) == quote && code.chars().all(is_code_char)).then_some((start, code));
    }
    let mut start = end;
    while start > 0 && end - start <= LONGEST_CODE && is_code_char(text.before(start)) {
        start -= 1;
    }
    let code = text.string(start..end);
    let lower = code.chars().filter(char::is_ascii_lowercase).count();
    let name = lower >= 3 && lower == code.len() || lower > 0 && code.contains('_');
    let before = text.before(start);
    // `매매구분1:매도`, `1:매수2:매도`; but `다우30:D` is a label with its code
    let runs_on = is_hangul(before)
        && code.bytes().all(|b| b.is_ascii_digit())
        && is_hangul(text.at(Some(text.skip_blanks(separator + 1))));
    let fits = (1..=LONGEST_CODE).contains(&code.len()) && !name && (runs_on || !is_word(before)) && before != ')';
    fits.then_some((start, code))
}

/// The code that starts behind the colon and is followed by nothing: `:0,`, `: +`, `:000,,,3`.
pub fn code_behind(text: &Text, from: usize, width: Option<usize>) -> Option<(usize, String)> {
    let start = text.skip_blanks(from);
    let mut end = start;
    while end < start + LONGEST_CODE + 1 && (is_code_char(text.at(Some(end))) || text.at(Some(end)) == '\'') {
        end += 1;
    }
    let token = text.string(start..end);
    let code = token.trim_end_matches('.').to_owned();
    let next = text.at(Some(end));
    let last = is_word(next) || matches!(next, '~' | '(' | ':' | '>' | '&');
    let codelike = matches!(code.as_str(), "+" | "-" | "'" | "%")
        || code.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    if code.is_empty() || code.len() > LONGEST_CODE || last || !codelike || (code.contains('\'') && code != "'") {
        return None;
    }
    let zeros = code.bytes().all(|b| b == b'0');
    let elided = zeros.then(|| elided(text, end, width)).flatten();
    Some(elided.unwrap_or((end, code)))
}

/// `000,,,3` of twelve digits is `000000000003`; the width is said elsewhere in the cell.
fn elided(text: &Text, end: usize, width: Option<usize>) -> Option<(usize, String)> {
    let mut from = end;
    while from < end + 8 && text.at(Some(from)) == ',' {
        from += 1;
    }
    let (_, stop) = text.number(from)?;
    if from < end + 2 || text.at(Some(text.skip_blanks(stop))) == ':' {
        return None;
    }
    let tail = text.string(from..stop);
    let zeros = width?.checked_sub(tail.len())?;
    Some((stop, "0".repeat(zeros) + &tail))
}

/// `12자리입력`: how long an elided code is.
pub fn said_width(text: &Text) -> Option<usize> {
    let (width, _) = text.number_back(text.find("자리", 0)?)?;
    usize::try_from(width).ok().filter(|w| *w <= LONGEST_CODE)
}

/// Digits that end at the separator and are not a label themselves (`1:5; 2:10`).
pub fn digits_before(text: &Text, separator: usize) -> Option<(usize, String)> {
    let (_, start) = text.number_back(separator)?;
    starts_item(text, start).then(|| (start, text.string(start..separator)))
}

/// `03시장가`: no number of a sentence starts with a zero.
pub fn glued(text: &Text, start: usize) -> Option<(usize, String)> {
    let (_, end) = text.number(start)?;
    let fits = end - start >= 2 && is_hangul(text.at(Some(end))) && starts_item(text, start);
    fits.then(|| (start, text.string(start..end)))
}

fn starts_item(text: &Text, start: usize) -> bool {
    let before = text.before(start);
    let label = matches!(text.before(text.skip_blanks_back(start)), ':' | ';');
    matches!(before, ' ' | ',' | '\n' | '(' | GONE) && !label
}

/// A label can start there: a word, directly or after one blank.
pub fn speaks(text: &Text, i: usize) -> bool {
    let i = i + usize::from(text.at(Some(i)) == ' ');
    text.at(Some(i)).is_alphabetic()
}

/// `09:30:00`, `1:2`: digits on both sides.
pub fn is_ratio(text: &Text, colon: usize) -> bool {
    text.before(colon).is_ascii_digit() && text.at(Some(colon + 1)).is_ascii_digit()
}

/// `(8:40~)`, `(15:30)`, `(거래소 수신시 15:30 이후)`: asked in parentheses only, because outside them
/// `4:10~20` is a pair.
pub fn is_clock(text: &Text, colon: usize) -> bool {
    let hours = text.number_back(colon).is_some_and(|(_, start)| colon - start <= 2 && !is_word(text.before(start)));
    let minutes = text.number(colon + 1).is_some_and(|(_, end)| end == colon + 3);
    hours && minutes && matches!(text.at(Some(colon + 3)), '~' | ')' | ' ' | '-' | '\n')
}
