//! The lenient reader of example cells: JSON as the broker writes it, and the shapes of its values.
//!
//! Reads comments, several documents, Python quotes, trailing and missing commas, bare keys and raw line
//! breaks in strings (65 of 337 response examples of 2026-07 are not JSON). It never guesses a value.

use serde_json::{Map, Value};

use crate::ir::Shape;

/// One document of an example cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The comment line before it (`#실시간 수신`), without the mark.
    pub label: Option<String>,
    /// Its content.
    pub value: Value,
}

impl Example {
    /// A push of the WebSocket, not an answer.
    pub fn is_push(&self) -> bool {
        self.value.get("trnm").and_then(Value::as_str) == Some("REAL")
    }
}

/// Reads all documents of a cell.
///
/// # Errors
/// What could not be read, with the line of the cell.
pub fn read(text: &str) -> Result<Vec<Example>, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let mut found = Vec::new();
    loop {
        let label = reader.comments();
        if reader.rest().is_empty() {
            break;
        }
        let value = match reader.peek() {
            Some('{') | Some('[') => reader.value()?,
            Some(other) => return Err(reader.fail(&format!("a document begins with `{other}`"))),
            None => break,
        };
        found.push(Example { label, value: unflatten(value) });
    }
    if found.is_empty() { Err("no JSON document".to_owned()) } else { Ok(found) }
}

/// Undoes `"data": null, "- item": "005930"` (the request examples of the 2026-07 books): a key with a depth
/// mark goes into the container before it.
fn unflatten(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    if !map.keys().any(|k| k.starts_with("- ")) {
        return Value::Object(map);
    }
    let mut out = Map::new();
    let mut open: Option<String> = None;
    for (key, value) in map {
        if let (Some(child), Some(parent)) = (key.strip_prefix("- "), &open) {
            let slot = out.entry(parent.clone()).or_insert(Value::Null);
            if !slot.is_array() {
                *slot = Value::Array(vec![Value::Object(Map::new())]);
            }
            if let Some(Value::Object(row)) = slot.get_mut(0) {
                row.insert(child.to_owned(), value);
            }
        } else {
            if value.is_null() || value.as_str() == Some("") {
                open = Some(key.clone());
            }
            out.insert(key, value);
        }
    }
    Value::Object(out)
}

/// Deeper nesting than any example has; a hostile cell must not exhaust the stack.
const MAX_DEPTH: usize = 64;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Skips blanks and `#` or `//` lines; gives the last comment.
    fn comments(&mut self) -> Option<String> {
        let mut label = None;
        loop {
            self.blanks();
            let rest = self.rest();
            let Some(text) = rest.strip_prefix('#').or_else(|| rest.strip_prefix("//")) else { return label };
            let line = text.lines().next().unwrap_or("");
            label = Some(line.trim_start_matches('#').trim().to_owned()).filter(|l| !l.is_empty());
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn fail(&self, what: &str) -> String {
        let line = self.text[..self.at].matches('\n').count() + 1;
        format!("line {line} of the cell: {what}")
    }

    fn value(&mut self) -> Result<Value, String> {
        self.comments();
        match self.peek() {
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some(q @ ('"' | '\'')) => self.string(q).map(Value::String),
            Some(_) => self.bare(),
            None => Err(self.fail("the example ends in the middle")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail("nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, String> {
        let mut map = Map::new();
        loop {
            self.separators();
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return Ok(Value::Object(map));
                }
                None => return Err(self.fail("an object is not closed")),
                _ => {}
            }
            let key = self.key()?;
            self.comments();
            if self.peek() != Some(':') {
                return Err(self.fail(&format!("no `:` after the key {key:?}")));
            }
            self.at += 1;
            let value = self.value()?;
            map.insert(key, value);
        }
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            self.separators();
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                None => return Err(self.fail("an array is not closed")),
                _ => items.push(self.value()?),
            }
        }
    }

    /// Commas are optional and may be too many.
    fn separators(&mut self) {
        loop {
            self.comments();
            if self.peek() != Some(',') {
                return;
            }
            self.at += 1;
        }
    }

    fn key(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(q @ ('"' | '\'')) => self.string(q),
            _ => {
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
                if end == 0 {
                    return Err(self.fail("a key was expected"));
                }
                self.at += end;
                Ok(rest[..end].to_owned())
            }
        }
    }

    fn string(&mut self, quote: char) -> Result<String, String> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.at += i + 1;
                    return Ok(out);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, 'r')) => out.push('\r'),
                    Some((_, 'u')) => {
                        let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                        out.push(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                    }
                    Some((_, c)) => out.push(c),
                    None => break,
                },
                c => out.push(c),
            }
        }
        self.at = start;
        Err(self.fail("a string is not closed"))
    }

    fn bare(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ",]}#".contains(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "null" | "None" => Value::Null,
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            _ => match word.parse::<serde_json::Number>() {
                Ok(number) => Value::Number(number),
                Err(_) => {
                    return Err(self.fail(&format!("{:?} is no value", word.chars().take(20).collect::<String>())));
                }
            },
        };
        self.at += end;
        Ok(value)
    }
}

/// The shape of one value.
pub fn shape(value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Null,
        Value::Bool(_) => Shape::Text,
        Value::Number(_) => Shape::Number,
        Value::String(text) => text_shape(text),
        Value::Object(_) => Shape::Object,
        Value::Array(items) => match items.first() {
            None => Shape::Empty,
            Some(Value::Object(_)) => Shape::Objects,
            Some(Value::Array(_)) => Shape::Arrays,
            Some(_) => Shape::Strings,
        },
    }
}

fn text_shape(text: &str) -> Shape {
    let inner = text.trim();
    if inner.is_empty() {
        return Shape::Blank;
    }
    let unsigned = inner.trim_start_matches(['+', '-']);
    let signs = inner.len() - unsigned.len();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    if inner.starts_with("[{") {
        return Shape::Embedded;
    }
    let number = digits(whole) && fraction.is_none_or(digits);
    if number {
        if inner.len() != text.len() {
            return Shape::BlankPadded;
        }
        if signs > 1 {
            return Shape::DoubleSign;
        }
        let padded = whole.len() > 1 && whole.starts_with('0');
        return match (fraction.is_some(), padded, signs == 1) {
            (true, true, _) => Shape::PaddedDecimal,
            (true, false, true) => Shape::SignedDecimal,
            (true, false, false) => Shape::Decimal,
            (false, true, _) if whole.bytes().all(|b| b == b'0') => Shape::Zeros,
            (false, true, _) => Shape::Padded,
            (false, false, true) => Shape::SignedInt,
            (false, false, false) if is_date(whole) => Shape::Date,
            (false, false, false) if whole.len() == 14 && is_date(&whole[..8]) => Shape::DateTime,
            (false, false, false) => Shape::Int,
        };
    }
    if digits(&unsigned.replace([',', '.'], "")) && unsigned.contains(',') {
        return Shape::Grouped;
    }
    if inner.strip_suffix('%').is_some_and(|t| digits(&t.replace('.', ""))) {
        return Shape::PercentSign;
    }
    if inner.bytes().all(|b| b.is_ascii_digit() || b" :-./".contains(&b)) && inner.bytes().any(|b| b.is_ascii_digit()) {
        return Shape::Marked;
    }
    if inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') { Shape::Code } else { Shape::Text }
}

fn is_date(text: &str) -> bool {
    let part = |r: std::ops::Range<usize>| text.get(r).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    text.len() == 8
        && (1900..2100).contains(&part(0..4))
        && (1..=12).contains(&part(4..6))
        && (1..=31).contains(&part(6..8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(text: &str) -> Value {
        let mut all = read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(all.len(), 1, "{text}");
        all.remove(0).value
    }

    #[test]
    fn trap_20_non_json_examples() {
        let want = json!({"a": "1", "list": [{"b": "2"}, {"b": "3"}], "return_code": 0});
        for text in [
            r#"{"a":"1","list":[{"b":"2"},{"b":"3"}],"return_code":0}"#,
            r#"{"a":"1","list":[{"b":"2"},{"b":"3"},],"return_code":0,}"#,
            r#"{'a':'1','list':[{'b':'2'},{'b':'3'}],'return_code':0}"#,
            r#"{"a":"1" "list":[{"b":"2"} {"b":"3"}] "return_code":0}"#,
            "{\"a\":\"1\", list: [{\"b\":\"2\"},{\"b\":\"3\"}], # note\n\"return_code\":0}",
        ] {
            assert_eq!(one(text), want, "{text}");
        }
        assert_eq!(one("{\"a\":\"x\ny\"}"), json!({"a": "x\ny"}));
    }

    #[test]
    fn documents_keep_their_labels() {
        let all = read("#요청\n{'trnm':'REG'}\n\n#실시간 수신\n{'trnm':'REAL','data':[]}").unwrap();
        let labels: Vec<_> = all.iter().map(|e| (e.label.as_deref(), e.is_push())).collect();
        assert_eq!(labels, [(Some("요청"), false), (Some("실시간 수신"), true)]);
    }

    #[test]
    fn trap_03_realtime_request_is_unflattened() {
        let want = json!({"trnm": "REG", "data": [{"item": "005930", "type": "0B"}]});
        assert_eq!(one(r#"{"trnm":"REG","data":null,"- item":"005930","- type":"0B"}"#), want);
        assert_eq!(one(r#"{"trnm":"REG","data":"","- item":"005930","- type":"0B"}"#), want);
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        for (text, want) in [
            ("{\"a\":\n", "line 2"),
            ("{\"a\" 1}", "no `:`"),
            ("plain words", "begins with"),
            ("{\"a\": what}", "is no value"),
            ("", "no JSON document"),
            ("{\"a\":\"open", "not closed"),
        ] {
            let got = read(text).unwrap_err();
            assert!(got.contains(want), "{text}: {got}");
        }
        assert!(read(&"[".repeat(100_000)).unwrap_err().contains("deeply"));
    }

    #[test]
    fn shapes_say_the_form_and_never_the_value() {
        for (text, want) in [
            ("", Shape::Blank),
            ("  ", Shape::Blank),
            ("120", Shape::Int),
            ("0", Shape::Int),
            ("-42900", Shape::SignedInt),
            ("--335", Shape::DoubleSign),
            ("+-121", Shape::DoubleSign),
            ("000000012550", Shape::Padded),
            ("-00000163958", Shape::Padded),
            ("000000", Shape::Zeros),
            ("0.35", Shape::Decimal),
            ("-0.35", Shape::SignedDecimal),
            ("0000198.4200", Shape::PaddedDecimal),
            (" 67300", Shape::BlankPadded),
            ("56,900", Shape::Grouped),
            ("20%", Shape::PercentSign),
            ("20250908", Shape::Date),
            ("20250908170500", Shape::DateTime),
            ("13:07:47", Shape::Marked),
            ("2026-06-03 00:00:00.0", Shape::Marked),
            ("A005930", Shape::Code),
            ("삼성전자", Shape::Text),
            ("[{\"stk_cd\":\"BA\"}]", Shape::Embedded),
        ] {
            assert_eq!(text_shape(text), want, "{text}");
        }
    }
}
