//! What calls and walks give, made by hand.

use crate::endpoint::Listing;
use crate::page::{Collected, Truncated};
use crate::{Continuation, Error, Reply};

/// The reply of a call with this body.
///
/// ```
/// # #[cfg(feature = "domestic-stock")] {
/// use kiwoom_api::id::ka10001;
/// use kiwoom_api::testing::reply;
/// use kiwoom_api::value::Price;
///
/// let reply = reply(ka10001::Reply { cur_prc: Some(Price::up(70_100)), ..Default::default() });
/// assert_eq!(reply.cur_prc, Some(Price::up(70_100)));
/// assert!(!reply.is_blank() && reply.continuation().is_none());
/// # }
/// ```
pub fn reply<T>(body: T) -> Reply<T> {
    Reply::made(body, None)
}

/// The reply of a call with this body, after which another page follows that begins at this key.
pub fn page<T>(body: T, next_key: impl AsRef<str>) -> Reply<T> {
    Reply::made(body, Some(Continuation::new(next_key.as_ref())))
}

/// What a walk over one page gives that came to its end. Set further fields as you need them.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::id::ka10081::{Reply, Row};
/// use kiwoom_api::testing::{collected, limited, refused, truncated};
///
/// let row = || Row { trde_qty: Some(10), ..Default::default() };
/// assert_eq!(collected::<Reply>(vec![row()]).complete().unwrap().rows, [row()]);
/// assert!(limited::<Reply>(vec![row()]).complete().is_err());
/// assert_eq!(truncated::<Reply>(vec![row()], refused(1700)).rows(), [row()]);
/// # }
/// ```
pub fn collected<T: Listing>(rows: Vec<T::Row>) -> Collected<T> {
    Collected { rows, pages: 1, ..Collected::default() }
}

/// What a walk gives that a limit of its caller stopped after one page: more rows follow, and `complete()` fails.
pub fn limited<T: Listing>(rows: Vec<T::Row>) -> Collected<T> {
    Collected::limited(rows)
}

/// The error of a walk that broke off after one page.
pub fn truncated<T: Listing>(rows: Vec<T::Row>, error: Error) -> Truncated<T> {
    Truncated::made(rows, error)
}
