//! Labels: the text after a code, without notes and remarks.
//!
//! A label is a short fact (`보통(IOC)`), never a sentence. Commas may belong to it
//! (`관리종목,우선주제외`), so a tail is cut only where it reads like a remark.

use super::text::is_hangul;

/// Longer than any label of the documents; a sentence if nothing cuts it.
const LONGEST: usize = 40;

/// Words of remarks: requests to the reader, conditions, references.
const REMARKS: [&str; 19] = [
    "입력",
    "가능",
    "참고",
    "참조",
    "설정",
    "고정",
    "경우",
    "미전송",
    "바랍",
    "니다",
    "불필요",
    "필수",
    "API",
    "파라미터",
    "기본값",
    "소수점",
    "존재",
    "전달",
    "사용 ",
];

/// Words of remarks in parentheses.
const ASIDES: [&str; 9] = ["경우", "수신시", "만 존재", "만 전달", "미입력", "입력시", "참고", "참조", "니다"];

/// A label and what was said about its code on the way.
#[derive(Debug, Default)]
pub struct Label {
    pub text: String,
    /// `(기본값)`, `(Default)`
    pub default: bool,
    /// `(고정값)`
    pub fixed: bool,
    /// Bare codes behind the last label: `%:(전체), KRX, NXT, SOR`.
    pub values: Vec<String>,
    /// Still a sentence.
    pub sentence: bool,
}

pub fn clean(raw: &str) -> Label {
    let mut label = Label::default();
    let line = trim(raw).lines().next().unwrap_or_default().replace('"', "");
    let mut text = balance(&line);
    aside(&mut text, &mut label);
    tail(&mut text, &mut label);
    aside(&mut text, &mut label);
    if let Some(i) = text.find(" 나머지") {
        text.truncate(i);
    }
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    label.text = trim(&words.join(" ")).to_owned();
    if let Some(inner) = label.text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).filter(|t| !t.contains('(')) {
        label.text = inner.to_owned();
    }
    label.sentence = label.text.chars().count() > LONGEST || label.text.contains("니다");
    label
}

fn trim(s: &str) -> &str {
    s.trim()
        .trim_matches(['"'])
        .trim_end_matches([',', '.', ';', '/', '|', ']', ' ', '\n'])
        .trim_start_matches([' ', '\n'])
}

/// Cuts at a parenthesis that is never closed; drops one that was never opened.
fn balance(s: &str) -> String {
    let mut open = Vec::new();
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            '(' => open.push(out.len()),
            ')' if open.pop().is_none() => continue,
            _ => {}
        }
        out.push(c);
    }
    if let Some(&cut) = open.first() {
        out.truncate(cut);
    }
    trim(&out).to_owned()
}

/// Reads and removes a remark in parentheses at the end.
fn aside(text: &mut String, label: &mut Label) {
    let Some(open) = text.strip_suffix(')').and_then(|t| t.rfind('(')) else {
        return;
    };
    let inner = text[open + 1..text.len() - 1].trim();
    match inner {
        "기본값" | "기본" | "Default" | "default" | "디폴트" => label.default = true,
        "고정값" => label.fixed = true,
        _ if ASIDES.iter().any(|word| inner.contains(word)) => {}
        _ => return,
    }
    text.truncate(open);
    *text = trim(text).to_owned();
}

/// Cuts the remark behind a comma, or takes the bare codes there.
fn tail(text: &mut String, label: &mut Label) {
    let commas = commas(text);
    let Some(&first) = commas.first() else { return };
    let items: Vec<&str> = text[first + 1..].split(',').map(str::trim).collect();
    if items.len() > 1 && items.iter().all(|item| is_bare_code(item)) {
        label.values = items.into_iter().map(str::to_owned).collect();
        text.truncate(first);
        return;
    }
    let ends = commas.iter().skip(1).copied().chain([text.len()]);
    let cut = commas.iter().zip(ends).find(|&(&from, to)| REMARKS.iter().any(|word| text[from..to].contains(word)));
    if let Some((&cut, _)) = cut {
        text.truncate(cut);
    }
}

/// Commas outside parentheses.
fn commas(text: &str) -> Vec<usize> {
    let mut depth = 0usize;
    let mut found = Vec::new();
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => found.push(i),
            _ => {}
        }
    }
    found
}

/// A colon outside parentheses: two pairs ran together. `장시작(09:00)` is fine.
pub fn holds_colon(label: &str) -> bool {
    let mut depth = 0;
    label.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ':' && depth == 0
    })
}

fn is_bare_code(s: &str) -> bool {
    (2..=8).contains(&s.len()) && s.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Something to read: a name or a number, not only punctuation.
pub fn says_something(label: &str) -> bool {
    label.chars().any(|c| is_hangul(c) || c.is_alphanumeric())
}
