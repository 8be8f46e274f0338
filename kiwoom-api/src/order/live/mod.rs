//! Live orders.

mod book;
mod entry;
mod event;
mod facts;
mod looks;
mod order;
mod report;
mod sending;

#[cfg(test)]
mod tests;

pub use self::event::LiveEvent;
pub use self::order::{LiveFill, LiveOrder, LiveStatus, Origin, Proof};
