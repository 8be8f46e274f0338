//! What errors say to people, in English and Korean at once.
//!
//! A text is written in both languages at the place that knows its facts. A text whose facts differ between the languages
//! does not compile.

use std::borrow::Cow;
use std::fmt;

/// A language in which errors are told and explained. `Display` of an error is always English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 한국어.
    Korean,
}

/// One text in both languages; made by [`both!`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Both {
    english: Cow<'static, str>,
    korean: Cow<'static, str>,
}

impl Both {
    pub const fn fixed(english: &'static str, korean: &'static str) -> Both {
        Both { english: Cow::Borrowed(english), korean: Cow::Borrowed(korean) }
    }

    pub fn new(english: String, korean: String) -> Both {
        Both { english: english.into(), korean: korean.into() }
    }

    pub fn english(&self) -> &str {
        &self.english
    }

    pub fn korean(&self) -> &str {
        &self.korean
    }

    pub fn told(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Korean => &self.korean,
        }
    }

    pub fn into_told(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::English => self.english,
            Language::Korean => self.korean,
        }
    }

    pub fn into_english(self) -> String {
        self.english.into_owned()
    }
}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// A [`Both`] of two literals, with values in braces as for `format!`. A value that has a text in each language itself stands
/// behind the literals: `both!("{what}: again", "{what}: 다시", what)`.
macro_rules! both {
    ($english:literal, $korean:literal $(, $said:ident)* $(,)?) => {{
        const { assert!($crate::language::has_facts_of($english, $korean), "both languages name the same facts") };
        let english = { $(let $said = $said.english();)* format!($english) };
        let korean = { $(let $said = $said.korean();)* format!($korean) };
        $crate::language::Both::new(english, korean)
    }};
}

/// The same without values, as a constant.
macro_rules! fixed {
    ($english:literal, $korean:literal) => {{
        const TEXT: $crate::language::Both = {
            assert!($crate::language::has_facts_of($english, $korean), "both languages name the same facts");
            $crate::language::Both::fixed($english, $korean)
        };
        TEXT
    }};
}

pub(crate) use {both, fixed};

/// Whether every fact of `english` stands in `korean`: each word with a digit, a brace, `_`, `::`, `()` or `/` in it. Those
/// are values, names of fields and functions, codes, paths.
pub(crate) const fn has_facts_of(english: &str, korean: &str) -> bool {
    let (text, other) = (english.as_bytes(), korean.as_bytes());
    let mut at = 0;
    while at < text.len() {
        let mut end = at;
        let mut depth = 0;
        while end < text.len() && (text[end] != b' ' || depth > 0) {
            match text[end] {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        let (from, to) = trimmed(text, at, end);
        if is_fact(text, from, to) && !contains(other, text, from, to) {
            return false;
        }
        at = end + 1;
    }
    true
}

/// Without the marks around a word.
const fn trimmed(text: &[u8], mut from: usize, mut to: usize) -> (usize, usize) {
    while from < to && matches!(text[from], b'(' | b'"' | b'\'') {
        from += 1;
    }
    // the bracket of a remark, not that of a call
    while from < to
        && (matches!(text[to - 1], b',' | b'.' | b';' | b':' | b'?' | b'"' | b'\'')
            || text[to - 1] == b')' && count(text, from, to, b')') > count(text, from, to, b'('))
    {
        to -= 1;
    }
    (from, to)
}

const fn count(text: &[u8], from: usize, to: usize, byte: u8) -> usize {
    let (mut at, mut found) = (from, 0);
    while at < to {
        if text[at] == byte {
            found += 1;
        }
        at += 1;
    }
    found
}

const fn is_fact(text: &[u8], from: usize, to: usize) -> bool {
    let mut at = from;
    while at < to {
        match text[at] {
            b'0'..=b'9' | b'{' | b'_' | b'/' => return true,
            b':' if at + 1 < to && text[at + 1] == b':' => return true,
            b'(' if at + 1 < to && text[at + 1] == b')' => return true,
            _ => at += 1,
        }
    }
    false
}

const fn contains(text: &[u8], of: &[u8], from: usize, to: usize) -> bool {
    let length = to - from;
    let mut start = 0;
    while start + length <= text.len() {
        let mut at = 0;
        while at < length && text[start + at] == of[from + at] {
            at += 1;
        }
        if at == length {
            return true;
        }
        start += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_that_one_language_lacks_is_found() {
        for (english, korean, same) in [
            ("{price} is no price", "{price}: 가격이 아닙니다", true),
            ("{price} is no price", "가격이 아닙니다", false),
            ("call sign_in() (or wait)", "sign_in()을 호출하세요", true),
            ("call sign_in() (or wait)", "로그인하세요", false),
            ("1 or more", "1 이상", true),
            ("1 or more", "하나 이상", false),
            ("write it like http://127.0.0.1:8080)", "http://127.0.0.1:8080처럼", true),
            ("(is it {it}?)", "({it}인가요?)", true),
            ("(or despite_unsettled())", "despite_unsettled()로", true),
            ("use Server::Mock, or wait", "Server::Mock을 쓰세요", true),
            ("use Server::Mock, or wait", "Server::Real을 쓰세요", false),
            ("set the field stex_tp.", "stex_tp 항목", true),
            ("{:?} is wrong", "{:?} 잘못", true),
            ("plain words", "말", true),
        ] {
            assert_eq!(has_facts_of(english, korean), same, "{english} / {korean}");
        }
    }

    #[test]
    fn values_stand_in_both() {
        let (qty, what) = (7, fixed!("two words", "두 낱말"));
        let text = both!("{qty} of {what}", "{what} 가운데 {qty}", what);
        assert_eq!((text.english(), text.korean()), ("7 of two words", "두 낱말 가운데 7"));
        assert_eq!((text.to_string(), text.into_english()), ("7 of two words".into(), "7 of two words".into()));
    }
}
