//! The examples of realtime data run and their assertions hold: each is compiled in and its `main` is called.
#![allow(clippy::duplicate_mod, reason = "each example brings its own broker, as it does when it runs alone")]

#[path = "../../examples/condition_watcher.rs"]
mod condition_watcher;
#[path = "../../examples/order_book.rs"]
mod order_book;
#[path = "../../examples/record_and_replay.rs"]
mod record_and_replay;

#[test]
fn a_book_is_shown() {
    order_book::main().expect("the example");
}

#[test]
fn a_condition_is_watched() {
    condition_watcher::main().expect("the example");
}

#[test]
fn a_recording_is_read_again() {
    record_and_replay::main().expect("the example");
}
