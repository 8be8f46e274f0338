//! Orders: what is meant ([`Intent`]), the caller's name of it ([`OrderId`]), and what the broker took ([`OrderRef`]).

mod intent;
mod order_id;
mod order_ref;

pub use intent::{Action, Desk, Intent, Repay};
pub use order_id::{BadOrderId, OrderId};
pub use order_ref::{BadOrderRef, OrderRef};
