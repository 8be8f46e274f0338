//! Where the complete lines of a file end, and whether the bytes after them are a write that a power cut tore.
//!
//! The writer begins a line when the disk has the one before it. So a power cut can tear the last line and no other: a part
//! of its bytes is there, or zeros in their place, or what stood on the disk before. Nothing was sent for it. Anything
//! else is damage, which is refused, not cut off:
//! - a line that was whole and was changed later, as far as that shows ([`is_scarred`]),
//! - anything before a complete line,
//! - more bytes than a line has,
//! - a file that does not begin like a journal.

use super::entry::VERSION;
use super::line::{is_line, is_scarred};

/// The longest line that is written.
pub(super) const LONGEST: usize = 64 << 10;

/// How many bytes from the beginning are to be read; the others are torn.
pub(super) fn whole(bytes: &[u8]) -> usize {
    let (mut end, mut at) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.strip_suffix(b"\n").is_some_and(is_line) {
            end = at;
        }
    }
    let tail = &bytes[end..];
    let torn = tail.len() <= LONGEST && !holds_a_line(tail) && (end > 0 || may_be_head(tail));
    if torn { end } else { bytes.len() }
}

/// A line that was whole once is somewhere in these bytes.
fn holds_a_line(tail: &[u8]) -> bool {
    let Some((_, but_last)) = tail.split_last() else { return false };
    // as one piece: the change may have made a line feed, or unmade the one at the end
    let one = Some(but_last).filter(|_| !is_zero_filled(tail));
    // without its last byte the write may have stopped just there
    let pieces = tail.split(|byte| *byte == b'\n').filter(|piece| piece.len() < tail.len() && !is_zero_filled(piece));
    one.into_iter().chain(pieces).any(|piece| {
        // behind or in front of something from which no line feed parts it any more
        let begins = |at: &usize| piece.get(at + 8..at + 10) == Some(b" {");
        let ends = |at: &usize| at.checked_sub(10).is_some_and(|from| piece.get(from..from + 2) == Some(b"} "));
        is_scarred(piece)
            || (1..piece.len()).filter(begins).any(|at| is_line(&piece[at..]))
            || (0..piece.len()).filter(ends).any(|at| is_line(&piece[..at]))
    })
}

/// One changed bit can make one zero, but not two, nor one of the digit at the beginning or the line feed at the end.
fn is_zero_filled(piece: &[u8]) -> bool {
    piece.starts_with(&[0]) || piece.ends_with(&[0]) || piece.windows(2).any(|pair| pair == [0, 0])
}

/// The first line of a new journal, as far as it was written: another file must not be cut off.
fn may_be_head(tail: &[u8]) -> bool {
    const LONG: usize = 2 << 10;
    let text = format!("{{\"what\":\"journal\",\"version\":\"{VERSION}\"");
    let expected = |(at, byte): (usize, &u8)| match at {
        _ if *byte == 0 => true,
        0..8 => byte.is_ascii_hexdigit(),
        8 => *byte == b' ',
        _ => *byte == text.as_bytes()[at - 9],
    };
    tail.len() <= LONG && tail.iter().take(text.len() + 9).enumerate().all(expected)
}

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::*;

    fn line(id: &str) -> Vec<u8> {
        Line { what: "intent".into(), id: id.into(), symbol: "005930".into(), ..Line::default() }.write()
    }

    fn head() -> Vec<u8> {
        Line { what: "journal".into(), version: "2".into(), ..Line::default() }.write()
    }

    /// What is torn of a journal of a head, a line, and these bytes.
    fn torn(tail: &[u8]) -> usize {
        let bytes = [head(), line("a"), tail.to_vec()].concat();
        bytes.len() - whole(&bytes)
    }

    #[test]
    fn what_a_power_cut_leaves_is_torn() {
        let last = line("b");
        let filled = |from: usize, to: usize, byte: u8| {
            let mut bytes = last.clone();
            bytes[from..to].fill(byte);
            bytes
        };
        for cut in 0..last.len() {
            assert_eq!(torn(&last[..cut]), cut);
            // zeros behind, or in front
            assert_eq!(torn(&filled(cut, last.len(), 0)), last.len(), "{cut}");
            if cut > 0 {
                assert_eq!(torn(&filled(0, cut, 0)), last.len(), "{cut}");
            }
        }
        for middle in 10..last.len() - 12 {
            assert_eq!(torn(&filled(middle, middle + 2, 0)), last.len(), "{middle}");
        }
        assert_eq!(torn(&vec![0; 4096]), 4096);
        for garbage in [&b"\xff\xfe\n\x01old bytes\n\0\n"[..], b"\n", b"\n\n", b"}\n", b"garbage that ends\n"] {
            assert_eq!(torn(garbage), garbage.len());
            assert_eq!(torn(&[&last[..20], garbage].concat()), 20 + garbage.len());
        }
    }

    #[test]
    fn what_was_whole_once_is_damage() {
        let last = line("b");
        for at in 0..last.len() {
            for bit in 0..8 {
                let mut changed = last.clone();
                changed[at] ^= 1 << bit;
                assert_eq!(torn(&changed), 0, "byte {at}, bit {bit}");
                // in front of a whole line, and of a torn one
                assert_eq!(torn(&[changed.clone(), line("c")].concat()), 0, "byte {at}, bit {bit}");
                assert_eq!(torn(&[&changed[..], &last[..30]].concat()), 0, "byte {at}, bit {bit}");
            }
        }
        assert_eq!(torn(&vec![b'x'; LONGEST + 1]), 0, "longer than a line");
    }

    #[test]
    fn another_file_is_not_cut_off() {
        for other in
            [&b"remember the milk\n"[..], b"remember the milk", b"12345678 milk", b"deadbeef {\"what\":\"jam\"}"]
        {
            assert_eq!(whole(other), other.len());
        }
        let head = head();
        for cut in 0..head.len() {
            assert_eq!(whole(&head[..cut]), 0);
            let zeros = [&head[..cut], &vec![0; head.len() - cut]].concat();
            assert_eq!(whole(&zeros), 0, "{cut}");
        }
        assert_eq!(whole(&head), head.len());
    }
}
