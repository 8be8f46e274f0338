//! A process that writes a journal is killed (`SIGKILL`) at every boundary between two of its effects. Whatever it had sent
//! is in the file, and nothing is that it had not begun.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry::Fate;
use super::probe::{Probe, Step};
use super::samples::{at, directory, intent, open, open_with, order};
use super::*;
use crate::Outcome;
use crate::order::Intent;

const FILE: &str = "KIWOOM_TEST_JOURNAL";
const STOP: &str = "KIWOOM_TEST_STOP";

/// Tells the parent what was done, and stops for good at one of the boundaries.
#[derive(Clone)]
struct Teller {
    passed: Arc<AtomicUsize>,
    stop: usize,
}

impl Teller {
    fn say(&self, what: &str) {
        let mut out = std::io::stderr().lock();
        writeln!(out, "{what}").unwrap();
        if self.passed.fetch_add(1, Ordering::SeqCst) == self.stop {
            writeln!(out, "stop").unwrap();
            loop {
                std::thread::park();
            }
        }
    }
}

/// What becomes of an order of the script.
fn truth(id: &str) -> Fate {
    match id {
        "rejected" => Fate::Rejected(String::new()),
        "not-sent" | "settled" => Fate::Nothing,
        "unknown" => Fate::Unknown,
        _ => Fate::Placed(order("0000138")),
    }
}

const SCRIPT: [&str; 6] = ["old", "placed", "not-sent", "unknown", "settled", "compact"];

fn intent_of(id: &str) -> Intent {
    let today = intent(id);
    if id == "old" { Intent { date: today.date.yesterday().unwrap(), ..today } } else { today }
}

#[test]
#[ignore = "the process that is killed; run by the tests below"]
fn child() {
    let path = std::env::var(FILE).unwrap();
    let teller = Teller { passed: Arc::default(), stop: std::env::var(STOP).unwrap().parse().unwrap() };
    let probe = Probe::new({
        let teller = teller.clone();
        move |step: Step| {
            teller.say(&format!("{step:?}"));
            Ok(())
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let journal = open_with(path, probe).unwrap();
        for id in SCRIPT {
            if id == "compact" {
                teller.say("compact");
                journal.compact(intent(id).date).await.unwrap();
            }
            teller.say(&format!("begin {id}"));
            let sending = journal.noted(intent_of(id), at(1)).await.unwrap();
            teller.say(&format!("send {id}"));
            let error = || Error::setup(crate::language::fixed!("x", "x"));
            let outcome = match truth(id) {
                _ if id == "settled" => Outcome::from_result(Err(error().unsettled(true))),
                Fate::Placed(order) => Outcome::Accepted(order),
                Fate::Unknown => Outcome::from_result(Err(error().unsettled(true))),
                Fate::Nothing | Fate::Rejected(_) => Outcome::from_result(Err(error())),
            };
            sending.end(&outcome, at(2)).await;
            if id == "settled" {
                journal.declare(&id.parse().unwrap(), Declared::NotPlaced).await.unwrap();
            }
            teller.say(&format!("done {id}"));
        }
    });
    teller.say("end");
}

/// Runs the child up to boundary `stop` and kills it there; what it told until then.
fn killed_at(stop: usize, path: &Path) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "order::journal::kill_tests::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .env(STOP, stop.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stderr.take().unwrap()).lines();
    let told: Vec<String> = told.map(Result::unwrap).take_while(|line| line != "stop").collect();
    child.kill().unwrap();
    child.wait().unwrap();
    told
}

#[test]
fn the_journal_survives_kill_9_at_every_boundary() {
    let mut stop = 0;
    loop {
        let directory = directory();
        let path = directory.path().join("orders.log");
        let told = killed_at(stop, &path);
        check(&path, &told);
        if told.last().is_some_and(|last| last == "end") && told.len() == stop {
            break;
        }
        assert_eq!(told.len(), stop + 1, "{told:?}");
        stop += 1;
    }
    // 6 orders of 9 boundaries, opening, compacting: fewer would mean that the child was not stopped where it should be
    assert!(stop > 60, "{stop} boundaries");
}

fn check(path: &Path, told: &[String]) {
    let journal = open(path);
    let said = |what: String| told.contains(&what);
    let book = lock(&journal.0.state);
    for id in SCRIPT {
        let noted = book.ledger.get(&id.parse().unwrap());
        if id == "old" && said("compact".into()) && noted.is_none() {
            continue;
        }
        if said(format!("send {id}")) {
            assert!(noted.is_some(), "{id} was sent and is lost: {told:?}");
        }
        let Some(noted) = noted else { continue };
        assert!(said(format!("begin {id}")), "{id} is invented: {told:?}");
        assert_eq!(noted.intent, intent_of(id));
        let done = said(format!("done {id}"));
        assert!(noted.fate == truth(id) || noted.fate == Fate::Unknown && !done, "{id}: {:?}: {told:?}", noted.fate);
    }
    let known: Vec<&str> = book.ledger.all().map(|noted| noted.intent.id.as_str()).collect();
    assert!(known.iter().all(|id| SCRIPT.contains(id)), "{known:?}");
    drop(book);
    let left = journal.unsettled();
    for id in SCRIPT.iter().filter(|id| said(format!("send {id}")) && !said(format!("done {id}"))) {
        let found = left.iter().any(|left| left.intent.id.as_str() == *id);
        assert!(
            found || journal.placed(&id.parse().unwrap()).is_some() || truth(id) == Fate::Nothing,
            "{id}: {told:?}"
        );
    }
}
