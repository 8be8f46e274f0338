//! Bytes and the grammar of JSON: blanks, strings, numbers, and skipped values.
//!
//! Everything is checked, even what nobody reads, so that a broken reply is never partly accepted.

use std::borrow::Cow;

use super::outcome::{DecodeError, Why};

/// Levels of nesting, as `serde_json` counts them.
const DEPTH: u8 = 128;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A place in a text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub at: usize,
    depth: u8,
}

/// A value that is not a structure, or the fact that there was a structure.
pub(super) enum Lexeme<'a> {
    Text(Cow<'a, str>),
    /// A JSON number, as text.
    Number(&'a str),
    Null,
    Bool(&'static str),
    Object,
    Array,
}

impl<'a> Cursor<'a> {
    /// The bytes are checked for UTF-8 once, here; every later slice is then text for free.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cursor::of(text)),
            Err(error) => Err(DecodeError::new(error.valid_up_to(), Why::Utf8)),
        }
    }

    /// What is text already is not checked again.
    pub fn of(text: &'a str) -> Self {
        Cursor { text, at: 0, depth: DEPTH }
    }

    #[inline(always)]
    pub fn text(&self) -> &'a str {
        self.text
    }

    #[inline(always)]
    pub fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The byte here; 0, which is legal nowhere, at the end.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.bytes().get(self.at).copied().unwrap_or(0)
    }

    #[cold]
    pub fn error(&self, why: Why) -> DecodeError {
        let why = if self.at >= self.text.len() { Why::End } else { why };
        DecodeError::new(self.at, why)
    }

    /// Passes over blanks. The broker sends compact JSON as far as known, so the usual answer is one comparison.
    #[inline(always)]
    pub fn blanks(&mut self) {
        if self.peek() <= b' ' {
            self.more_blanks();
        }
    }

    #[inline(never)]
    fn more_blanks(&mut self) {
        let bytes = self.bytes();
        loop {
            // indentation, eight blanks at a time
            while word(bytes, self.at) == Some(ONES * b' ' as u64) {
                self.at += 8;
            }
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                _ => return,
            }
        }
    }

    /// Enters a list or an object; the cursor stands on its bracket.
    #[inline]
    pub fn enter(&mut self) -> Result<(), DecodeError> {
        self.depth -= 1;
        if self.depth == 0 {
            return Err(self.error(Why::Depth));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// Enters `levels` lists and objects at once: `length` bytes that are known.
    #[inline]
    pub fn enter_known(&mut self, length: usize, levels: u8) {
        self.depth -= levels;
        self.at += length;
        self.blanks();
    }

    /// Leaves a list or an object; the cursor stands on its bracket.
    #[inline]
    pub fn leave(&mut self) {
        self.depth += 1;
        self.at += 1;
    }

    /// After a value: `true` if `close` is here, `false` after a comma.
    #[inline(always)]
    pub fn ends(&mut self, close: u8) -> Result<bool, DecodeError> {
        self.blanks();
        let byte = self.peek();
        if byte == b',' {
            self.at += 1;
            self.blanks();
            return Ok(false);
        }
        if byte == close { Ok(true) } else { Err(self.error(Why::Separator)) }
    }

    /// Reads a key and its colon.
    pub fn key(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        if self.peek() != b'"' {
            return Err(self.error(Why::Key));
        }
        let key = self.string()?;
        self.blanks();
        if self.peek() != b':' {
            return Err(self.error(Why::Colon));
        }
        self.at += 1;
        Ok(key)
    }

    /// The string that begins here.
    pub fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        match plain_text(self.text, self.at) {
            Some((text, end)) => {
                self.at = end;
                Ok(Cow::Borrowed(text))
            }
            None => self.escaped_string().map(Cow::Owned),
        }
    }

    #[cold]
    fn escaped_string(&mut self) -> Result<String, DecodeError> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            self.at = end_of_run(self.bytes(), start);
            out.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                _ => return Err(self.error(Why::Control)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, DecodeError> {
        let plain = match self.peek() {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.error(Why::Escape)),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, DecodeError> {
        let first = self.four_hex_digits()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !self.bytes()[self.at..].starts_with(b"\\u") {
                    return Err(self.error(Why::Surrogate));
                }
                self.at += 2;
                let second = self.four_hex_digits()?;
                if !matches!(second, 0xDC00..=0xDFFF) {
                    return Err(self.error(Why::Surrogate));
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| self.error(Why::Surrogate))
    }

    fn four_hex_digits(&mut self) -> Result<u32, DecodeError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()).to_digit(16).ok_or_else(|| self.error(Why::Escape))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// The value here. Structures are checked and passed over.
    #[inline(never)]
    pub fn token(&mut self) -> Result<Lexeme<'a>, DecodeError> {
        match self.peek() {
            b'"' => self.string().map(Lexeme::Text),
            b'-' | b'0'..=b'9' => self.number().map(Lexeme::Number),
            b'{' => self.pass_object().map(|()| Lexeme::Object),
            b'[' => self.pass_array().map(|()| Lexeme::Array),
            b'n' => self.literal("null").map(|_| Lexeme::Null),
            b't' => self.literal("true").map(Lexeme::Bool),
            b'f' => self.literal("false").map(Lexeme::Bool),
            _ => Err(self.error(Why::Value)),
        }
    }

    /// Checks the value here and passes over it.
    pub fn pass(&mut self) -> Result<(), DecodeError> {
        if let Some((_, end)) = plain_text(self.text, self.at) {
            self.at = end;
            return Ok(());
        }
        self.token().map(|_| ())
    }

    fn pass_object(&mut self) -> Result<(), DecodeError> {
        self.enter()?;
        if self.peek() != b'}' {
            loop {
                self.key()?;
                self.blanks();
                self.pass()?;
                if self.ends(b'}')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    fn pass_array(&mut self) -> Result<(), DecodeError> {
        self.enter()?;
        if self.peek() != b']' {
            loop {
                self.pass()?;
                if self.ends(b']')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    fn literal(&mut self, literal: &'static str) -> Result<&'static str, DecodeError> {
        if !self.bytes()[self.at..].starts_with(literal.as_bytes()) {
            return Err(self.error(Why::Literal));
        }
        self.at += literal.len();
        Ok(literal)
    }

    fn number(&mut self) -> Result<&'a str, DecodeError> {
        let start = self.at;
        self.at += usize::from(self.peek() == b'-');
        match self.peek() {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        let mut plain = self.at - start < 300;
        if self.peek() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            plain = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        // serde_json refuses what no f64 holds
        if !plain && text.parse::<f64>().is_ok_and(f64::is_infinite) {
            return Err(self.error(Why::NumberRange));
        }
        Ok(text)
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), DecodeError> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start { Err(self.error(Why::Number)) } else { Ok(()) }
    }
}

/// The string that begins at `at`, if it has no escapes, and the place behind it: the usual case, without a copy.
#[inline(always)]
pub(super) fn plain_text(text: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let end = end_of_run(bytes, at + 1);
    if bytes.get(end) != Some(&b'"') {
        return None;
    }
    Some((text.get(at + 1..end)?, end + 1))
}

/// Eight bytes, the first one lowest.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}

/// Where a quote, a backslash or a control character stops the run of plain text that begins at `at`.
#[inline(always)]
fn end_of_run(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let stops = stops(word);
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        at += 1;
    }
    at
}

/// The high bit of each byte that ends a run. Bits above the lowest one may be wrong (borrows), that one is right.
#[inline(always)]
fn stops(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word);
    found & HIGH
}
