//! The examples run and their assertions hold: each is compiled in and its `main` is called.

#[path = "../../examples/condition_watcher.rs"]
mod condition_watcher;
#[path = "../../examples/live_orders.rs"]
mod live_orders;
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

#[test]
fn a_live_order_survives_everything() {
    live_orders::main().expect("the example");
}
