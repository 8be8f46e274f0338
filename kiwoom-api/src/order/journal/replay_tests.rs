//! Whatever part of a file is left, and whatever byte of it is changed: nothing that was noted is lost in silence, and
//! nothing is invented.

use proptest::prelude::*;

use super::entry::{By, Entry, Fate, server_name};
use super::ledger::{Ledger, Noted};
use super::log_file::LogFile;
use super::probe::Probe;
use super::replay::replay;
use super::samples::{at, directory, intent, order};
use super::*;

/// A day of orders: head, intents, outcomes in another order than the intents.
fn entries() -> Vec<Entry> {
    let head = Entry::Head { server: server_name(&Server::Mock).into() };
    let begun = |id| Entry::Intent { intent: intent(id), at: at(1) };
    let ended = |id: &str, fate| Entry::Fate { id: id.parse().unwrap(), at: at(2), fate, by: By::Reply };
    vec![
        head,
        begun("a"),
        begun("b"),
        ended("b", Fate::Placed(order("0000138"))),
        begun("c"),
        ended("a", Fate::Rejected("1504 RC4003".into())),
        begun("a"),
        ended("c", Fate::Unknown),
        Entry::Fate { id: "c".parse().unwrap(), at: at(9), fate: Fate::Nothing, by: By::Lists },
    ]
}

fn bytes(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(Entry::write).collect()
}

/// What the first `lines` lines say.
fn truth(lines: usize) -> Vec<Noted> {
    let mut ledger = Ledger::default();
    entries().into_iter().take(lines).skip(1).for_each(|entry| ledger.take(entry).unwrap());
    ledger.begin_run();
    ledger.all().cloned().collect()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.pop();
    lines
}

#[test]
fn every_prefix_of_the_file_says_a_prefix_of_the_truth() {
    let directory = directory();
    let path = directory.path().join("log");
    let whole = bytes(&entries());
    for length in 0..=whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let left = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        let Found { log, lines, torn } = LogFile::open(&path, Probe::default()).unwrap();
        let ledger = replay(&lines, "mock").unwrap();
        assert_eq!(ledger.all().cloned().collect::<Vec<_>>(), truth(left), "{length} bytes");
        assert_eq!(torn as usize, length - bytes(&entries()[..left]).len(), "{length} bytes");
        drop(log);
        assert_eq!(std::fs::read(&path).unwrap(), bytes(&entries()[..left]), "{length} bytes");
    }
}

#[test]
fn a_changed_byte_is_an_error_that_names_the_line() {
    let whole = bytes(&entries());
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[place] ^= 1 << bit;
            let read = replay(&lines(&changed), "mock");
            // the last line feed is the only byte whose loss looks like a line that was being written
            if place == whole.len() - 1 {
                assert_eq!(read.unwrap().all().cloned().collect::<Vec<_>>(), truth(entries().len() - 1));
                continue;
            }
            let line = whole[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
            let problem = read.unwrap_err();
            assert!(problem.contains(&format!("line {line}: ")), "byte {place}, bit {bit}: {problem}");
            assert!(problem.contains("move the file away"), "{problem}");
        }
    }
}

#[test]
fn a_journal_of_another_server_is_refused() {
    let directory = directory();
    let path = directory.path().join("log");
    drop(Journal::open(&path, &Server::Mock).unwrap());
    let error = Journal::open(&path, &Server::Real).unwrap_err().to_string();
    assert!(error.contains("went to the mock server, this client speaks to the real one"), "{error}");
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    let directory = directory();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "remember the milk\n").unwrap();
    let error = Journal::open(&path, &Server::Mock).unwrap_err().to_string();
    assert!(error.contains("notes.txt: line 1: "), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"remember the milk\n");
}

proptest! {
    /// However lines are lost or exchanged, what remains is an error or says nothing that was never noted.
    #[test]
    fn nothing_is_invented(picks in prop::collection::vec(0..9_usize, 0..12)) {
        let entries = entries();
        let picked: Vec<Entry> = picks.iter().map(|pick| entries[*pick].clone()).collect();
        if let Ok(ledger) = replay(&lines(&bytes(&picked)), "mock") {
            for noted in ledger.all() {
                let begun = Entry::Intent { intent: noted.intent.clone(), at: noted.at };
                prop_assert!(picked.contains(&begun));
                if noted.fate != Fate::Unknown {
                    let said = |entry: &Entry| matches!(entry, Entry::Fate { id, fate, .. } if *id == noted.intent.id && *fate == noted.fate);
                    prop_assert!(picked.iter().any(said));
                }
            }
        }
    }
}
