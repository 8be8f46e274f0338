//! Cells that are one value, and cells that point elsewhere: other APIs, other fields.

use super::facts::Facts;
use super::formats;
use super::text::{Text, is_word};

/// Cells that are one value: `REAL`, `CNSRREQ 고정값`, `client_credentials 입력`.
pub fn whole(text: &Text, facts: &mut Facts) {
    let whole = text.string(0..text.chars().len());
    let whole = whole.trim();
    let alone = (3..=20).contains(&whole.len()) && whole.chars().all(|c| c.is_ascii_uppercase());
    let constant = whole.strip_suffix("고정값").map(str::trim).filter(|v| is_name(v));
    // `ord_no 입력` asks for the value of another field: their names end in a short word
    let word = whole.strip_suffix("입력").map(str::trim).filter(|v| is_name(v));
    let word = word.filter(|v| v.rsplit_once('_').is_some_and(|(_, last)| last.len() > 4));
    let value = constant.or(word).or(alone.then_some(whole));
    facts.fixed = value.filter(|v| !formats::is_layout(v)).map(str::to_owned);
}

/// API ids, and whether the field depends on another: read before anything is blanked.
pub fn read(text: &Text, facts: &mut Facts) {
    facts.see = see(text);
    facts.conditional = conditional(text);
}

fn is_name(s: &str) -> bool {
    !s.is_empty() && s.len() <= 32 && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `ka10102`, `usa10101`: a group and five digits.
fn see(text: &Text) -> Vec<String> {
    let mut ids = Vec::new();
    for group in ["ka", "kt", "au", "usa", "ust"] {
        for i in text.all(group) {
            let end = i + group.len() + 5;
            let id = text.string(i..end.min(text.chars().len()));
            let digits = id.len() == group.len() + 5 && id[group.len()..].bytes().all(|b| b.is_ascii_digit());
            let apart = !is_ascii_word(text.before(i)) && !is_ascii_word(text.at(Some(end)));
            if digits && apart && !after_example(text, i) && ids.len() < 16 && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// `ex) ka00001` shows what an id looks like.
fn after_example(text: &Text, i: usize) -> bool {
    let before = text.string(i.saturating_sub(4)..i);
    before.contains("ex") || before.contains("예)")
}

fn conditional(text: &Text) -> bool {
    const ALWAYS: [&str; 13] = [
        "경우 필수",
        "경우필수",
        "경우 사용",
        "때만",
        "시에만",
        "동안에만",
        "불필요",
        "동시사용",
        "만 존재함",
        "검색일 경우",
        "조회할 경우",
        "인 경우,",
        "인 경우는",
    ];
    if ALWAYS.iter().any(|word| text.has(word)) {
        return true;
    }
    // `stk_tp(종목구분) 1일 경우`, `연속조회여부가Y일경우`: a value of another field
    let on_value =
        ["일경우", "일 경우"].iter().flat_map(|w| text.all(w)).any(|i| text.before(i).is_ascii_alphanumeric());
    // `tm_tp :3 입력 시, ..`
    let on_input = text.all(" 입력 시,").into_iter().any(|i| text.before(i).is_ascii_digit());
    // `종목코드 입력시`: nothing but a condition
    on_value || on_input || text.string(0..text.chars().len().min(24)).trim_end().ends_with(" 입력시")
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii() && is_word(c)
}
