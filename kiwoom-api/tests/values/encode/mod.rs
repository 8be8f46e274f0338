//! From records to the wire.

mod requests;
mod stored;
