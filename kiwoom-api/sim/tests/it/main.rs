//! The simulator as a user meets it: over loopback, through the client.

mod all_apis;
mod ask;
mod browser;
mod calls;
mod conditions;
mod envelope;
mod examples;
mod faults;
mod lines;
mod market;
mod markets;
mod orders;
mod page;
mod process;
mod properties;
mod quickstart;
mod replay;
mod socket;
mod socket_faults;
mod suite;
mod talk;
