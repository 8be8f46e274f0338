//! The examples run and their assertions hold: each is compiled in and its `main` is called.
#![allow(clippy::duplicate_mod, reason = "each example brings its own broker, as it does when it runs alone")]

#[path = "../../examples/account_snapshot.rs"]
mod account_snapshot;
#[path = "../../examples/back_fill.rs"]
mod back_fill;
#[path = "../../examples/daily_bars.rs"]
mod daily_bars;
#[path = "../../examples/place_and_cancel.rs"]
mod place_and_cancel;
#[path = "../../examples/screening.rs"]
mod screening;
#[path = "../../examples/us_chart.rs"]
mod us_chart;

#[test]
fn screening_joins_two_rankings() {
    screening::main().expect("the example");
}

#[test]
fn an_account_is_read_to_the_last_page() {
    account_snapshot::main().expect("the example");
}

#[test]
fn a_us_chart_is_numbers() {
    us_chart::main().expect("the example");
}

#[test]
fn daily_bars_follow_the_pages() {
    daily_bars::main().expect("the example");
}

#[test]
fn a_back_fill_lists_what_failed() {
    back_fill::main().expect("the example");
}

#[test]
fn an_order_is_placed_and_cancelled_whatever_comes_back() {
    place_and_cancel::main().expect("the example");
}
