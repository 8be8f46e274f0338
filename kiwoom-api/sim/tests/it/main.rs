//! The simulator as a user meets it: over loopback, through the client.

mod all_apis;
mod ask;
mod calls;
mod envelope;
mod faults;
mod lines;
mod market;
mod orders;
mod process;
mod socket;
mod socket_faults;
mod talk;
