//! The account: money, positions, orders and fills of three markets, to the won and to the cent.
//!
//! Pure: it decides about orders and books what the market fills. Money and shares are whole numbers; [`Account::audit`]
//! recounts them after every step.

mod account;
mod audit;
mod fees;
mod holding;
mod kinds;
mod order;
mod purse;
mod refusal;
mod sale;
#[cfg(test)]
mod tests;

pub(crate) use account::{Account, Change, Takes};
pub use fees::Fees;
pub(crate) use holding::{Lot, Position};
pub(crate) use kinds::{OrderKind, Pricing};
pub(crate) use order::{Credit, Order, Sort, Stand, number_text};
pub(crate) use purse::{Desk, Funds};
pub(crate) use refusal::Refused;
pub(crate) use sale::Sale;
