//! The real process, killed at any moment: no file is half-written, and the next run finishes.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::workspace::{State, Workspace, assert_state, sample};

const STAGED: &str = ".regen-new";
const JOURNAL: &str = ".regen-journal";

/// When to kill.
#[derive(Debug)]
enum Moment {
    /// This part of the time that a whole run takes, in percent.
    Of(u32),
    /// So much later than this file is there.
    Appears(&'static str, Duration),
    /// As soon as this file is gone.
    Goes(&'static str),
}

/// What a kill left.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    Untouched,
    Staged,
    Journal,
    Done,
}

/// From the whole committed tree to the one of the samples: some 300 facts go, and nearly every file of the code.
#[test]
fn a_kill_at_any_moment_leaves_whole_files_and_the_next_run_finishes() {
    let document = sample("samples.xlsx");
    let args = ["regen", "--from-empty", &document];
    let committed = Workspace::whole();
    let old = committed.state();
    let tree = committed.linked();
    let begun = Instant::now();
    tree.run(args).succeeded();
    let whole_run = begun.elapsed();
    let new = tree.state();
    assert!(old.len() > new.len() + 300, "{} files, then {}", old.len(), new.len());

    let strike = |moment: Moment| {
        let tree = committed.linked();
        kill(&tree, &args, &moment, whole_run);
        let state = tree.state();
        assert_whole(&format!("{moment:?}"), &state, &old, &new);
        let journal = state.contains_key(JOURNAL);
        let staged = state.keys().any(|p| p.ends_with(STAGED));
        // A journal is finished whatever the next run is for; before it, the old facts are still all there.
        let run = if journal { tree.run(["regen"]) } else { tree.run(args) }.succeeded();
        assert_eq!(run.err.contains("an earlier run was stopped"), journal || staged, "{moment:?}: {}", run.err);
        assert_state(&format!("after {moment:?}"), &tree.state(), &new);
        match (journal, staged) {
            (true, _) => Left::Journal,
            (false, true) => Left::Staged,
            (false, false) if state == old => Left::Untouched,
            (false, false) => Left::Done,
        }
    };
    let first_staged = || Moment::Appears("kiwoom-api/APIS.md.regen-new", Duration::ZERO);
    let journal = |micros| Moment::Appears(JOURNAL, Duration::from_micros(micros));
    let mut left: Vec<Left> = [20, 60, 90].map(|percent| strike(Moment::Of(percent))).into();
    left.extend([0, 300, 2_000].map(|micros| strike(journal(micros))));
    // The facts of an API that the samples do not have: they go late.
    left.push(strike(Moment::Goes("spec/apis/usa24300.json")));
    left.push(strike(first_staged()));
    // A busy machine may look away in the few milliseconds that count.
    for _ in 0..20 {
        if !left.contains(&Left::Staged) {
            left.push(strike(first_staged()));
        } else if !left.contains(&Left::Journal) {
            left.push(strike(journal(0)));
        }
    }
    assert!(left.contains(&Left::Staged) && left.contains(&Left::Journal), "{left:?}");
    assert_state("the files that the links share", &committed.state(), &old);
}

fn kill(tree: &Workspace, args: &[&str], moment: &Moment, whole_run: Duration) {
    let mut child = tree.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let begun = Instant::now();
    let mut wait = |until: &dyn Fn() -> bool| {
        while !until() && child.try_wait().expect("a status").is_none() {
            std::hint::spin_loop();
        }
    };
    match moment {
        Moment::Of(percent) => wait(&|| begun.elapsed() * 100 > whole_run * *percent),
        Moment::Appears(path, later) => {
            let path = tree.path(path);
            wait(&|| Path::exists(&path));
            let seen = Instant::now();
            wait(&|| seen.elapsed() >= *later);
        }
        Moment::Goes(path) => {
            let path = tree.path(path);
            wait(&|| !Path::exists(&path));
        }
    }
    // SIGKILL; a run that was faster is as good.
    child.kill().expect("a signal");
    child.wait().expect("an end");
}

/// Every file is the old one or the new one, whole; what is in both trees is there.
fn assert_whole(what: &str, state: &State, old: &State, new: &State) {
    for (path, bytes) in state.iter().filter(|(p, _)| !p.ends_with(STAGED) && *p != JOURNAL) {
        let known = [old, new].iter().any(|tree| tree.get(path) == Some(bytes));
        assert!(known, "{what}: {path} is neither the old nor the new one");
    }
    for path in old.keys().filter(|p| new.contains_key(*p)) {
        assert!(state.contains_key(path), "{what}: {path} is missing");
    }
}
