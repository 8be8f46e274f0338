//! What the sentences around the lists say: default, blank, fixed value, limits.
//!
//! Each fact comes from one idiom of the broker. Clauses that could pass for a list or for part of
//! a label are blanked.

use super::facts::Facts;
use super::text::{Text, is_hangul, is_word};

/// What ends a clause.
const STOPS: [char; 5] = [',', '\n', '※', ')', '('];

pub fn read(text: &mut Text, facts: &mut Facts) {
    facts.fixed = fixed(text);
    facts.default = default(text);
    facts.absent = absent(text);
    facts.blank = blank(text);
    facts.joined = joined(text);
    facts.max = max(text);
    result_note(text);
}

fn fixed(text: &mut Text) -> Option<String> {
    for word in ["값으로 고정", "로 고정"] {
        if let Some(end) = text.find(word, 0) {
            let start = code_start(text, end);
            if start < end {
                let value = text.string(start..end);
                text.mask(start..end + word.chars().count());
                return Some(value);
            }
        }
    }
    let end = text.skip_blanks_back(text.find("고정값", 0)?);
    let start = code_start(text, end);
    (start < end).then(|| text.string(start..end))
}

/// `기본값:1`, `기본값 전체`. `(기본값)` behind a label belongs to the label.
fn default(text: &mut Text) -> Option<String> {
    for word in ["기본값", "디폴트", "Default", "default"] {
        for i in text.all(word) {
            let after = i + word.chars().count();
            if matches!(text.at(Some(after)), ')' | '(') {
                continue;
            }
            let mut from = text.skip_blanks(after);
            if matches!(text.at(Some(from)), ':' | '=' | '은') {
                from = text.skip_blanks(from + 1);
            }
            let end = text.until(from, &[',', '\n', ')', ' ']).min(from + 16);
            let value = text.string(from..end);
            if !value.is_empty() && value.chars().all(is_word) {
                text.mask(i..end);
                return Some(value);
            }
        }
    }
    None
}

/// `원 주문이 없는 경우 '0000000'으로 출력`.
fn absent(text: &mut Text) -> Option<String> {
    let at = text.find("없는 경우", 0)?;
    let open = text.skip_blanks(at + 5);
    let quote = text.at(Some(open));
    if !matches!(quote, '\'' | '"') {
        return None;
    }
    let close = text.until(open + 1, &[quote, '\n']);
    let value = text.string(open + 1..close);
    text.mask(text.since(at, &STOPS, 40)..text.line_end(close));
    (!value.is_empty() && value.len() <= 20 && text.at(Some(close)) != '\n').then_some(value)
}

/// What an empty value means: `미입력시 전체`, `전체 조회는 빈값('')으로 설정`, `.. 인 경우 빈값('') 출력`.
fn blank(text: &mut Text) -> Option<String> {
    for word in ["미입력", "공백입력", "공백 입력", "빈값 입력", "빈값('') 입력", "빈값입력"] {
        for i in text.all(word) {
            let from = text.skip_blanks(i + word.chars().count());
            if !text.starts(from, "시") {
                continue;
            }
            let end = text.until(from, &STOPS);
            let meaning = text.string(from + 1..end);
            text.mask(i..end);
            if let Some(meaning) = meant(&meaning) {
                return Some(meaning);
            }
        }
    }
    let at = text.find("빈값", 0)?;
    if text.before(at) == '+' {
        return None;
    }
    let end = text.line_end(at);
    let start = text.since(at, &[',', '\n', '※'], 64);
    let clause = text.string(start..at);
    let said = ["으로 설정", "로 설정", "출력"].iter().any(|w| text.string(at..end.min(at + 16)).contains(w));
    text.mask(start..end);
    if said { meant(&clause) } else { None }
}

/// The meaning in a clause, without the verb: `전체 조회는` says `전체`.
fn meant(clause: &str) -> Option<String> {
    let mut rest = clause.trim();
    for verb in ["조회", "자동 설정", "설정", "(", "인 경우", "출력"] {
        rest = rest
            .find(verb)
            .filter(|&i| i > 0 && !rest[i..].starts_with("설정한"))
            .map_or(rest, |i| rest[..i].trim_end());
    }
    for particle in ["으로", "로", "은", "는"] {
        if let Some(shorter) = rest.strip_suffix(particle).filter(|s| !s.trim_end().is_empty()) {
            rest = shorter.trim_end();
            break;
        }
    }
    let length = rest.chars().count();
    ((1..=24).contains(&length) && rest.chars().any(is_hangul)).then(|| rest.to_owned())
}

/// `여러개의 종목코드 입력시 | 로 구분`.
fn joined(text: &Text) -> Option<String> {
    text.all("로 구분").into_iter().find_map(|i| {
        let mut end = text.skip_blanks_back(i);
        if matches!(text.before(end), '\'' | '"') {
            end -= 1;
        }
        let c = text.before(end);
        "|,;/^".contains(c).then(|| c.to_string())
    })
}

/// `최대 300일`, `250일까지 입력가능`, `0~100 입력`, `100000000 주 이하`.
fn max(text: &mut Text) -> Option<u32> {
    for i in text.all("최대") {
        if let Some((n, end)) = text.number(text.skip_blanks(i + 2))
            && !(text.at(Some(end)) == '.' && text.at(Some(end + 1)).is_ascii_digit())
        {
            return Some(n);
        }
    }
    if let Some(at) = text.find("까지 입력", 0) {
        let end = if is_hangul(text.before(at)) { at - 1 } else { at };
        if let Some((n, start)) = text.number_back(end) {
            text.mask(start..text.line_end(at));
            return Some(n);
        }
    }
    let start = text.skip_blanks(0);
    if let Some((n, end)) = text.number(start)
        && let Some((_, end)) = super::units::word(text, text.skip_blanks(end))
        && text.starts(text.skip_blanks(end), "이하")
    {
        return Some(n);
    }
    text.all("~").into_iter().find_map(|i| range_end(text, i))
}

/// The upper end of `0 ~ 100 값 중에`, `1일 ~ 99일 날짜입력`: what follows asks for input.
fn range_end(text: &Text, tilde: usize) -> Option<u32> {
    let low = text.skip_blanks_back(tilde);
    let low = if is_hangul(text.before(low)) { low - 1 } else { low };
    text.number_back(low)?;
    let (n, end) = text.number(text.skip_blanks(tilde + 1))?;
    let end = if is_hangul(text.at(Some(end))) { end + 1 } else { end };
    let from = text.skip_blanks(end);
    ["입력", "값 중", "날짜입력"].iter().any(|w| text.starts(from, w)).then_some(n)
}

/// `정상:0 나머지:에러`, `정상 : 0`: about `return_code`, which the runtime reads.
fn result_note(text: &mut Text) {
    let Some(at) = text.find("정상", 0) else {
        return;
    };
    let colon = text.skip_blanks(at + 2);
    let value = text.skip_blanks(colon + 1);
    if text.at(Some(colon)) == ':' && text.at(Some(value)) == '0' && !is_word(text.at(Some(value + 1))) {
        let rest = text.skip_blanks(value + 1);
        let end = if text.starts(rest, "나머지") { text.until(rest, &[',', '\n']) } else { value + 1 };
        text.mask(at..end);
    }
}

/// Where the code that ends at `end` starts.
fn code_start(text: &Text, end: usize) -> usize {
    let mut start = end;
    while start > 0 && end - start < 20 && is_ascii_word(text.before(start)) {
        start -= 1;
    }
    start
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii() && is_word(c)
}
