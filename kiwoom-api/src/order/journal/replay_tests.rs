//! Whichever part of a file is left, and whichever byte is changed: nothing that was recorded is lost silently, and
//! nothing is invented.

use proptest::prelude::*;

use super::disk::Files;
use super::entry::{By, Fate, Note};
use super::ledger::{Ledger, Noted};
use super::log_file::{Found, LogFile};
use super::probe::Probe;
use super::replay::{Replayed, replay};
use super::samples::{at, directory, identity, intent, order, try_open};
use super::tail::whole as whole_of;
use super::*;
use crate::language::Both;

/// A day of orders: head, intents, outcomes in another order than the intents.
fn entries() -> Vec<Note> {
    let head = Note::Head { identity: identity() };
    let begun = |id| Note::Intent { intent: intent(id), at: at(1) };
    let ended = |id: &str, fate| Note::Fate { id: id.parse().unwrap(), at: at(2), fate, by: By::Reply };
    vec![
        head,
        begun("a"),
        begun("b"),
        ended("b", Fate::Placed(order("0000138"))),
        begun("c"),
        ended("a", Fate::Rejected("1504 RC4003".into())),
        begun("a"),
        ended("c", Fate::Unknown),
        Note::Fate { id: "c".parse().unwrap(), at: at(9), fate: Fate::Nothing, by: By::Lists },
    ]
}

fn bytes(entries: &[Note]) -> Vec<u8> {
    entries.iter().flat_map(Note::write).collect()
}

/// What the first `lines` lines say.
fn truth(lines: usize) -> Vec<Noted> {
    let mut ledger = Ledger::default();
    entries().into_iter().take(lines).skip(1).for_each(|entry| ledger.take(entry).unwrap());
    ledger.begin_run();
    ledger.all().cloned().collect()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line).to_vec()).collect()
}

/// What the lines say to the client that wrote them.
fn read(lines: &[Vec<u8>]) -> Result<Ledger, String> {
    replay(lines, &identity(), Access::Ours).map(|Replayed { ledger, .. }| ledger).map_err(Both::into_english)
}

#[test]
fn every_prefix_of_the_file_says_a_prefix_of_the_truth() {
    let directory = directory();
    let path = directory.path().join("log");
    let whole = bytes(&entries());
    for length in 0..=whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let left = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        let Found { mut log, lines, torn } =
            LogFile::open(Box::new(Files::open(&path).unwrap()), Probe::default()).unwrap();
        log.settle().unwrap();
        let ledger = read(&lines).unwrap();
        assert_eq!(ledger.all().cloned().collect::<Vec<_>>(), truth(left), "{length} bytes");
        assert_eq!(torn as usize, length - bytes(&entries()[..left]).len(), "{length} bytes");
        drop(log);
        assert_eq!(std::fs::read(&path).unwrap(), bytes(&entries()[..left]), "{length} bytes");
    }
}

#[test]
fn a_changed_byte_is_an_error_that_names_the_line() {
    let directory = directory();
    let path = directory.path().join("log");
    let whole = bytes(&entries());
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[place] ^= 1 << bit;
            assert_eq!(whole_of(&changed), changed.len(), "byte {place}, bit {bit}");
            let problem = read(&lines(&changed)).expect_err(&format!("byte {place}, bit {bit}"));
            let line = whole[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!(problem.contains(&format!("line {line}: ")), "byte {place}, bit {bit}: {problem}");
            assert!(problem.contains("move the file away"), "{problem}");
            if place % 50 == bit {
                std::fs::write(&path, &changed).unwrap();
                assert!(try_open(&path).unwrap_err().to_string().contains(&problem));
                assert_eq!(std::fs::read(&path).unwrap(), changed, "a file that is refused is left alone");
            }
        }
    }
}

#[test]
fn a_journal_of_the_first_format_says_so() {
    let directory = directory();
    let path = directory.path().join("log");
    let line = |json: &str| format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()));
    let head = line(r#"{"what":"journal","version":"1","server":"mock"}"#);
    let intent = line(r#"{"what":"intent","id":"a"}"#);
    for old in [head.clone(), head.clone() + &intent, head + &intent + &intent] {
        std::fs::write(&path, &old).unwrap();
        let problem = try_open(&path).unwrap_err().to_string();
        assert!(problem.contains("in format 1, this version reads 2 (settle its orders"), "{problem}");
        assert_eq!(std::fs::read(&path).unwrap(), old.as_bytes());
    }
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    let directory = directory();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "remember the milk\n").unwrap();
    let error = try_open(&path).unwrap_err().to_string();
    assert!(error.contains("notes.txt: line 1: "), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"remember the milk\n");
}

proptest! {
    /// However lines are lost or exchanged, what remains is an error or says nothing that was never noted.
    #[test]
    fn nothing_is_invented(picks in prop::collection::vec(0..9_usize, 0..12)) {
        let entries = entries();
        let picked: Vec<Note> = picks.iter().map(|pick| entries[*pick].clone()).collect();
        if let Ok(ledger) = read(&lines(&bytes(&picked))) {
            for noted in ledger.all() {
                let begun = Note::Intent { intent: noted.intent.clone(), at: noted.at };
                prop_assert!(picked.contains(&begun));
                if noted.fate != Fate::Unknown {
                    let said = |entry: &Note| matches!(entry, Note::Fate { id, fate, .. } if *id == noted.intent.id && *fate == noted.fate);
                    prop_assert!(picked.iter().any(said));
                }
            }
        }
    }
}
