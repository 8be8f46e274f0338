//! What replies and pushes are made from.

use crate::broker::Account;
use crate::market::Market;
use crate::session::Session;

/// The account number of the simulator.
pub(crate) const ACCOUNT_NO: &str = "0000000000";

/// What replies are made from.
pub(crate) struct View<'a> {
    pub market: &'a Market,
    pub account: &'a Account,
    pub session: &'a Session,
    pub account_no: &'static str,
    pub seed: u64,
}
