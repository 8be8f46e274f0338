//! One line of the journal: a checksum, a blank, flat JSON of texts, a line feed.
//!
//! It knows neither intents nor files. JSON is written and read by the crate's own encoder and decoder, so that the journal
//! needs no serde. A line feed inside a text is escaped, so a line is whole if and only if it ends with one.

use crate::json::decode::decode;
use crate::json::encode::encode;
use crate::record::{Record, Slot};

/// Bytes of the checksum and the blank behind it.
const HEAD: usize = 9;

macro_rules! texts {
    ($($index:literal $field:ident,)*) => {
        /// What a line says; what it does not say is blank.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(super) struct Line {
            $(pub $field: String,)*
        }

        impl Record for Line {
            fn keys(&self) -> &'static [&'static str] {
                &[$(concat!("\"", stringify!($field), "\":")),*]
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
    13 price, 14 stop, 15 repay, 16 original, 17 order, 18 code, 19 by,
}

impl Line {
    /// The bytes of the line, with its line feed.
    pub fn write(&self) -> Vec<u8> {
        // texts can always be written; a line that could not be would fail its own checksum when it is read
        let json = encode(&mut self.clone(), &[], &[]).unwrap_or_default();
        let mut bytes = format!("{:08x} ", crc32fast::hash(&json)).into_bytes();
        bytes.extend_from_slice(&json);
        bytes.push(b'\n');
        bytes
    }

    /// Reads a line without its line feed.
    pub fn read(bytes: &[u8]) -> Result<Line, &'static str> {
        let (head, json) = bytes.split_at_checked(HEAD).ok_or("it is too short")?;
        if head != format!("{:08x} ", crc32fast::hash(json)).as_bytes() {
            return Err("its checksum does not fit");
        }
        let mut line = Line::default();
        decode(json, &mut line).map_err(|_| "it is no JSON object")?;
        Ok(line)
    }
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
    fn no_changed_byte_passes() {
        let bytes = line().write();
        let rest = &bytes[..bytes.len() - 1];
        for at in 0..rest.len() {
            for bit in 0..8 {
                let mut changed = rest.to_vec();
                changed[at] ^= 1 << bit;
                assert!(Line::read(&changed).is_err(), "byte {at}, bit {bit}");
            }
            assert!(Line::read(&rest[..at]).is_err(), "cut at {at}");
        }
    }
}
