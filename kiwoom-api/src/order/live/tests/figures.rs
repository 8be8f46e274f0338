//! The figures of live orders on the page of promises are those of the code.

use std::time::Duration;

use super::super::{driver::PAUSES, setup::EVERY, stream::MOST};
use crate::realtime::Rules;

#[test]
fn each_figure_of_live_orders_is_that_of_the_code() {
    let seconds = |time: Duration| format!("{} s", time.as_secs());
    let rules = Rules::default();
    let longest = PAUSES.into_iter().max().unwrap();
    let figures = [
        ("longest time without a look at the lists of live orders", seconds(EVERY)),
        ("longest pause after lists of live orders that could not be read", seconds(longest)),
        ("silence after which a connection is dead", seconds(rules.silence)),
        ("longest pause before another connection", seconds(rules.pauses.1)),
        ("events that wait for a reader of live orders", format!("{MOST} events")),
    ];
    let rows = include_str!("../../promises.md").lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows: Vec<&str> = rows.collect();
    let figures = figures.map(|(label, value)| format!("{label} | {value}"));
    assert_eq!(rows[rows.len() - figures.len()..], figures);
}
