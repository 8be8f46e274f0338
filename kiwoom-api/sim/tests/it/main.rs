//! The simulator as a user meets it: over loopback, through the client.

mod all_apis;
mod ask;
mod envelope;
mod faults;
mod figures;
mod market;
mod orders;
mod process;
mod quickstart;
mod replay;
mod socket;
