//! The suites of orders and realtime data against the simulator: its account and its market are the truth.
//!
//! `scenarios` is the folder that the tests of `kiwoom-api` run against their scripted broker.

mod desks;
mod house;
mod kill;
mod orders;
mod realtime;
mod scenarios;
mod wire;
