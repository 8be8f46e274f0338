//! The gateway: who may ask, how often, and whether the question is well formed. It refuses as the broker does
//! (`BEHAVIOUR.md` A1 to A9, H1 to H6, R2, R7, M1).
//!
//! Pure; it knows no price and no order.

mod ask;
mod check;
mod limit;
mod personality;
mod refuse;
mod token;

pub(crate) use ask::{Ask, Said};
pub(crate) use check::{check, entry_of};
pub(crate) use limit::Rates;
pub use personality::Personality;
pub(crate) use personality::Rows;
pub(crate) use refuse::{firewall, quota_refusal, refusal};
pub use token::Reissue;
pub(crate) use token::{Owner, Tokens, keys_of};
