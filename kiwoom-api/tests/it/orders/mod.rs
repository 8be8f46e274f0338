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
mod reconcile_lists;
mod ticks;
mod verdicts;
mod wire;
