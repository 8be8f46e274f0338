//! The account: cash, positions, orders and fills, to the won.
//!
//! Pure: it decides about orders and books what the market fills. Money and shares are whole numbers; [`Account::audit`]
//! recounts them after every step.

mod account;
mod fees;
mod order;
mod refusal;

pub(crate) use account::{Account, Change, Position, Takes};
pub use fees::Fees;
pub(crate) use order::{Order, Sort, Stand, number_text};
pub(crate) use refusal::Refused;
