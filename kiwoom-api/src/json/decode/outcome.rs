//! What decoding returns besides the values: the envelope, doubts, unknown keys, and the error.

use std::fmt;

use crate::Language;
use crate::value::{Doubt, Word};

/// Distinct unknown keys that are kept by name; the rest are only counted.
const NAMED_UNKNOWN: usize = 8;
/// Anomalies that are kept; the rest are only counted. A reply that is wrong throughout says no more with a million of them.
const KEPT_ANOMALIES: usize = 1000;
/// Bytes of a doubtful text that are kept.
const RAW_LIMIT: usize = 64;

/// A value that did not fit its field. The field is `None`; the rest of the reply is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anomaly {
    /// Where: `stk_dt_pole_chart_qry[3].cur_prc`.
    pub path: String,
    /// The row of the innermost list. Of a walk over pages: the position among the rows that were returned.
    pub row: Option<usize>,
    /// The page of a walk, from 1.
    pub page: Option<usize>,
    /// The key on the wire.
    pub field: &'static str,
    /// The text as it was sent, cut after 64 bytes; `[redacted]` for accounts and keys, `{..}` or `[..]` for whole structures.
    pub raw: String,
    /// What the field accepts.
    pub expected: &'static str,
    /// What is wrong with it.
    pub kind: Doubt,
    /// The contradicting key of the same record, for [`Doubt::Contradicts`].
    pub against: Option<&'static str>,
}

impl Anomaly {
    /// Where it is, without its text, which may be account data.
    pub(crate) fn place(&self) -> String {
        let page = self.page.map(|page| format!("page {page}: "));
        format!("{}{}", page.unwrap_or_default(), self.path)
    }
}

impl Anomaly {
    #[cold]
    pub(super) fn new(place: Spot<'_>, raw: &str, expected: &'static str, kind: Doubt) -> Anomaly {
        let mut end = raw.len().min(RAW_LIMIT);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let field = place.field();
        Anomaly {
            path: place.path(),
            row: place.row(),
            page: None,
            field,
            raw: raw[..end].to_owned(),
            expected,
            kind,
            against: None,
        }
    }
}

/// Where the decoder is: a chain on the stack, spelled out only when something is wrong.
#[derive(Clone, Copy)]
pub(super) enum Spot<'a> {
    Top,
    /// The value of a key, given as it stands in JSON.
    Key(&'a Spot<'a>, &'static str),
    Row(&'a Spot<'a>, usize),
}

impl Spot<'_> {
    pub(super) fn path(&self) -> String {
        match self {
            Spot::Top => String::new(),
            Spot::Key(above, key) => match above.path() {
                path if path.is_empty() => key_name(key).to_owned(),
                path => format!("{path}.{}", key_name(key)),
            },
            Spot::Row(above, row) => format!("{}[{row}]", above.path()),
        }
    }

    fn row(&self) -> Option<usize> {
        match self {
            Spot::Top => None,
            Spot::Key(above, _) => above.row(),
            Spot::Row(_, row) => Some(*row),
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Spot::Top => "",
            Spot::Key(_, key) => key_name(key),
            Spot::Row(above, _) => above.field(),
        }
    }
}

/// `stk_cd` of `"stk_cd":`.
pub(crate) fn key_name(key: &'static str) -> &'static str {
    key.get(1..key.len().saturating_sub(2)).unwrap_or(key)
}

/// What decoding returns besides the record itself.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    pub(super) return_code: Option<i64>,
    pub(super) return_msg: Option<String>,
    pub(super) trnm: Option<Word>,
    pub(super) unknown: usize,
    pub(super) unknown_names: Vec<String>,
    pub(super) rows: usize,
    pub(super) anomalies: Vec<Anomaly>,
    pub(super) omitted: usize,
}

impl Decoded {
    /// The class of refusal, 0 for success; `None` if the message has none.
    pub fn return_code(&self) -> Option<i64> {
        self.return_code
    }

    /// The broker's message.
    pub fn return_msg(&self) -> Option<&str> {
        self.return_msg.as_deref()
    }

    /// What kind of WebSocket message it is.
    pub fn trnm(&self) -> Option<&str> {
        self.trnm.as_ref().map(Word::as_str)
    }

    /// How many keys were sent that the record does not have, counted in every row.
    pub fn unknown(&self) -> usize {
        self.unknown
    }

    /// The first distinct ones of them.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.unknown_names.iter().map(String::as_str)
    }

    /// Rows of all lists together.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many values did not fit besides those of [`anomalies`](Decoded::anomalies).
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Notes what `make` describes, or counts it where enough is known.
    #[cold]
    pub(super) fn doubt(&mut self, make: impl FnOnce() -> Anomaly) {
        if self.anomalies.len() < KEPT_ANOMALIES {
            self.anomalies.push(make());
        } else {
            self.omitted += 1;
        }
    }

    /// Takes over what was noted elsewhere.
    pub(super) fn doubts(&mut self, inner: Decoded) {
        self.unknown += inner.unknown;
        self.omitted += inner.omitted;
        inner.anomalies.into_iter().for_each(|anomaly| self.doubt(|| anomaly));
    }

    /// Values that did not fit; the first thousand of them.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// The anomalies, by value, and how many were omitted.
    pub fn into_anomalies(self) -> (Vec<Anomaly>, usize) {
        (self.anomalies, self.omitted)
    }

    #[cold]
    pub(super) fn note_unknown(&mut self, name: &str) {
        self.unknown += 1;
        if self.unknown_names.len() < NAMED_UNKNOWN && !self.unknown_names.iter().any(|known| known == name) {
            self.unknown_names.push(name.to_owned());
        }
    }
}

/// The bytes are not a JSON object. Holds a position, never a part of the bytes: replies hold account data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    at: usize,
    why: Why,
}

/// What is wrong with the bytes. One byte, so that results of the decoder travel in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Utf8,
    End,
    Value,
    Key,
    Colon,
    Separator,
    Control,
    Escape,
    Surrogate,
    Number,
    NumberRange,
    Literal,
    Depth,
    Trailing,
    NotAnObject,
    NotAnArray,
    Room,
}

impl DecodeError {
    #[cold]
    pub(super) fn new(at: usize, why: Why) -> DecodeError {
        DecodeError { at, why }
    }

    /// The text may be right, but its lists take more memory than they may.
    pub(crate) fn is_too_large(&self) -> bool {
        self.why == Why::Room
    }

    /// The byte where reading ended, from 0.
    pub fn position(&self) -> usize {
        self.at
    }

    fn reason(&self) -> &'static str {
        match self.why {
            Why::Utf8 => "not UTF-8",
            Why::End => "the text ends too early",
            Why::Value => "no JSON value",
            Why::Key => "no key",
            Why::Colon => "no colon after the key",
            Why::Separator => "neither a comma nor the end of the list or object",
            Why::Control => "a control character inside a string",
            Why::Escape => "no legal escape",
            Why::Surrogate => "half of a surrogate pair",
            Why::Number => "no legal number",
            Why::NumberRange => "a number too large",
            Why::Literal => "neither true, false nor null",
            Why::Depth => "more than 127 levels deep",
            Why::Trailing => "text after the end",
            Why::NotAnObject => "JSON, but not an object",
            Why::NotAnArray => "JSON, but not an array",
            Why::Room => "more rows than there is memory for",
        }
    }
}

impl DecodeError {
    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        match language {
            Language::English => self.to_string(),
            Language::Korean => self.korean(),
        }
    }

    /// The text in Korean.
    pub(crate) fn korean(&self) -> String {
        let reason = match self.why {
            Why::Utf8 => "UTF-8이 아닙니다",
            Why::End => "글이 너무 일찍 끝납니다",
            Why::Value => "JSON 값이 아닙니다",
            Why::Key => "키가 없습니다",
            Why::Colon => "키 뒤에 콜론이 없습니다",
            Why::Separator => "쉼표도 아니고 목록이나 객체의 끝도 아닙니다",
            Why::Control => "문자열 안에 제어 문자가 있습니다",
            Why::Escape => "이스케이프가 잘못되었습니다",
            Why::Surrogate => "서로게이트 쌍의 한쪽이 없습니다",
            Why::Number => "숫자의 모양이 잘못되었습니다",
            Why::NumberRange => "숫자가 너무 큽니다",
            Why::Literal => "true, false, null 가운데 어느 것도 아닙니다",
            Why::Depth => "중첩이 127단계를 넘습니다",
            Why::Trailing => "끝난 뒤에 글이 더 있습니다",
            Why::NotAnObject => "JSON이지만 객체가 아닙니다",
            Why::NotAnArray => "JSON이지만 배열이 아닙니다",
            Why::Room => "메모리에 담을 수 있는 것보다 행이 많습니다",
        };
        format!("{}번째 바이트: {reason}", self.at)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.reason(), self.at)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl std::error::Error for DecodeError {}
