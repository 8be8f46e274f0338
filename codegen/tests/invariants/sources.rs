//! What every hand-written file keeps to: the habits of `CONTRIBUTING.md`, as far as a machine can tell.

use crate::none;
use crate::support::hand_written;

/// A file under `src` that is longer holds more than one noun.
const LINES: usize = 600;

#[test]
fn every_file_says_what_it_owns() {
    let first = |text: &str| text.lines().find(|l| !l.trim().is_empty() && !l.starts_with("#!")).map(str::to_owned);
    // the programs of the README are its blocks, word for word
    let files = hand_written().into_iter().filter(|(path, _)| !path.contains("/readme/programs/"));
    let silent = files.filter(|(_, text)| !first(text).is_some_and(|l| l.starts_with("//!")));
    none(silent.map(|(path, _)| format!("{path} does not begin with a module doc (`//!`)")).collect());
}

#[test]
fn no_line_ends_in_blanks() {
    let mut found = Vec::new();
    for (path, text) in hand_written() {
        for (line, n) in text.lines().zip(1..) {
            if line.ends_with([' ', '\t']) {
                found.push(format!("{path}:{n} ends in blanks"));
            }
        }
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            found.push(format!("{path} does not end in one line break"));
        }
    }
    none(found);
}

#[test]
fn nothing_is_left_undone_and_no_path_is_of_one_machine() {
    // Written apart, so that this file does not find itself.
    let words =
        [["to", "do!("], ["unimple", "mented!("], ["/ro", "ot/"], ["/tm", "p/"], ["/wo", "rk/"], ["/ho", "me/"]];
    let words = words.map(|[a, b]| format!("{a}{b}"));
    let mut found = Vec::new();
    for (path, text) in hand_written() {
        for (line, n) in text.lines().zip(1..) {
            found.extend(words.iter().filter(|w| line.contains(*w)).map(|w| format!("{path}:{n} holds {w:?}")));
        }
    }
    none(found);
}

#[test]
fn files_are_short_enough_to_read() {
    let mut found = Vec::new();
    for (path, text) in hand_written().into_iter().filter(|(p, _)| p.contains("/src/")) {
        let lines = text.lines().count();
        if lines > LINES {
            found.push(format!("{path} has {lines} lines, more than {LINES}: split it by what its parts own"));
        }
    }
    none(found);
}
