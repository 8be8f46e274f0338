//! Orders: gates, journal, kill switch, reconciliation.

mod attack;
mod cancel_all;
mod faults;
mod gates;
mod guard;
mod journal;
mod mistakes;
mod no_panics;
mod reconcile;
mod reconcile_between;
mod reconcile_lists;
#[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
#[path = "../../scenarios/mod.rs"]
mod scenarios;
mod ticks;
mod unnumbered;
mod verdicts;
mod wire;
