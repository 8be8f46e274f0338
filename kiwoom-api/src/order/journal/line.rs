//! One line of the journal: a checksum, a blank, flat JSON of texts, a blank, the checksum again, a line feed.
//!
//! It knows neither intents nor files. JSON is written and read by the crate's own encoder and decoder, so that the journal
//! needs no serde. A line feed inside a text is escaped, so a line is whole if and only if it ends with one. The checksum
//! stands at both ends because of [`is_scarred`]: a line that was written and changed later keeps one of the two, or its text.

use crate::json::decode::decode;
use crate::json::encode::encode;
use crate::language::{Both, fixed};
use crate::record::{Keys, Record, Slot};

/// Bytes of the checksum and the blank behind it; as many stand at the end of the line.
const HEAD: usize = 9;

macro_rules! texts {
    ($($index:literal $field:ident,)*) => {
        /// What a line says; what it does not say is blank.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(super) struct Line {
            $(pub $field: String,)*
        }

        impl Record for Line {
            fn keys(&self) -> &'static Keys {
                &Keys { api: "", record: "Line", names: &[$(concat!("\"", stringify!($field), "\":")),*] }
            }
            fn slot(&mut self, index: usize) -> Slot<'_> {
                match index {
                    $($index => Slot::Text(&mut self.$field),)*
                    _ => Slot::Const(""),
                }
            }
        }
    };
}

// The names stand in the file: a new one goes to the end.
texts! {
    0 what, 1 version, 2 server, 3 id, 4 at, 5 desk, 6 date, 7 action, 8 side, 9 symbol, 10 venue, 11 kind, 12 qty,
    13 price, 14 stop, 15 repay, 16 original, 17 order, 18 code, 19 by, 20 address, 21 key, 22 scope, 23 reason,
}

impl Line {
    /// The bytes of the line, with its line feed.
    pub fn write(&self) -> Vec<u8> {
        // texts can always be written; a line that could not be would fail its own checksum when it is read
        let json = encode(&mut self.clone(), &[], &[]).unwrap_or_default();
        let sum = checksum(&json);
        [&sum[..], b" ", &json, b" ", &sum, b"\n"].concat()
    }

    /// Reads a line without its line feed.
    pub fn read(bytes: &[u8]) -> Result<Line, Both> {
        if is_line(bytes) {
            return Line::decode(&bytes[HEAD..bytes.len() - HEAD]);
        }
        // the first format had no second checksum: its head can be read, to say so
        match bytes.split_at_checked(HEAD) {
            Some((head, json)) if head[..HEAD - 1] == checksum(json) => {
                let first = Line::decode(json).ok().filter(|line| line.what == "journal" && line.version == "1");
                first.ok_or(fixed!("its end is missing", "끝이 없습니다"))
            }
            Some(_) => Err(fixed!("its checksum does not fit", "체크섬이 맞지 않습니다")),
            None => Err(fixed!("it is too short", "너무 짧습니다")),
        }
    }

    fn decode(json: &[u8]) -> Result<Line, Both> {
        let mut line = Line::default();
        decode(json, &mut line).map_err(|_| fixed!("it is no JSON object", "JSON 객체가 아닙니다"))?;
        Ok(line)
    }
}

/// Whether these bytes, without a line feed, are a line.
pub(super) fn is_line(bytes: &[u8]) -> bool {
    matches!(parts(bytes), Some([head, json, tail]) if head == tail && head == checksum(json)) && is_spaced(bytes)
}

/// Whether these bytes were a line once: of the checksum, the text and the checksum two still agree. A write that did not
/// reach its end leaves no such thing; a line that was changed after it was written does.
pub(super) fn is_scarred(bytes: &[u8]) -> bool {
    let Some([head, json, tail]) = parts(bytes) else { return false };
    let sum = checksum(json);
    let is_hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
    head == sum || tail == sum || head == tail && is_hex(head)
}

/// Checksum, text, checksum, wherever the bytes have their blanks.
fn parts(bytes: &[u8]) -> Option<[&[u8]; 3]> {
    let length = bytes.len().checked_sub(2 * HEAD)?;
    Some([&bytes[..HEAD - 1], &bytes[HEAD..HEAD + length], &bytes[HEAD + length + 1..]])
}

fn is_spaced(bytes: &[u8]) -> bool {
    bytes[HEAD - 1] == b' ' && bytes[bytes.len() - HEAD] == b' '
}

fn checksum(json: &[u8]) -> [u8; HEAD - 1] {
    let mut text = [0; HEAD - 1];
    let sum = crc32fast::hash(json).to_be_bytes();
    for (place, digit) in text.iter_mut().enumerate() {
        *digit = b"0123456789abcdef"[usize::from(sum[place / 2] >> (4 * (1 - place % 2)) & 15)];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line { what: "intent".into(), id: "a-1".into(), symbol: "BRK.B\n\"\\\u{1}한".into(), ..Line::default() }
    }

    #[test]
    fn a_line_comes_back() {
        let bytes = line().write();
        let (feed, rest) = bytes.split_last().unwrap();
        assert_eq!(*feed, b'\n');
        assert!(!rest.contains(&b'\n'), "a line feed is the end of a line and nothing else");
        assert_eq!(Line::read(rest), Ok(line()));
        assert!(!String::from_utf8_lossy(rest).contains("price"), "unset texts are left out");
    }

    #[test]
    fn a_line_of_the_first_format_can_be_read() {
        let json = br#"{"what":"journal","version":"1","server":"mock"}"#;
        let bytes = [format!("{:08x} ", crc32fast::hash(json)).as_bytes(), json].concat();
        assert_eq!(Line::read(&bytes).unwrap().version, "1");
        assert!(!is_line(&bytes));
    }

    #[test]
    fn no_changed_byte_passes() {
        let bytes = line().write();
        let rest = &bytes[..bytes.len() - 1];
        for at in 0..rest.len() {
            for bit in 0..8 {
                let mut changed = rest.to_vec();
                changed[at] ^= 1 << bit;
                assert!(Line::read(&changed).is_err(), "byte {at}, bit {bit}");
                assert!(!is_line(&changed) && is_scarred(&changed), "byte {at}, bit {bit}");
            }
            assert!(Line::read(&rest[..at]).is_err(), "cut at {at}");
            assert!(!is_scarred(&rest[..at]), "cut at {at}");
        }
    }
}
