//! The simulator as a user meets it: over loopback, through the client.

mod all_apis;
mod ask;
mod browser;
mod conditions;
mod envelope;
mod examples;
mod faults;
mod figures;
mod market;
mod markets;
mod orders;
mod page;
mod process;
mod properties;
mod quickstart;
mod replay;
mod socket;
mod suite;
