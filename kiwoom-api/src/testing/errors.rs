//! Errors and outcomes as calls give them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Kind;
use crate::net::transport::Arrived;
use crate::net::transport::canned::What;
use crate::net::transport::verdict::judge;
use crate::order::OrderId;
use crate::record::Nothing;
use crate::{Error, Rejection, Unknown};

/// A call to which the broker gives no answer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// There is no connection: nothing is sent.
    NoConnection,
    /// The request leaves and no reply comes in time.
    Timeout,
    /// The request leaves and the connection breaks before the reply.
    BrokenConnection,
    /// An HTTP status without the broker's envelope, such as 503.
    Http(u16),
    /// A web page instead of JSON: the broker's firewall or its maintenance.
    WebPage,
    /// A reply that is not JSON.
    NotJson,
}

impl Failure {
    pub(super) fn what(self) -> What {
        let reply = |status, body: &str| What::Reply { status, body: body.to_owned(), next_key: None };
        match self {
            Failure::NoConnection => What::NoConnection,
            Failure::Timeout => What::Silence,
            Failure::BrokenConnection => What::Break,
            Failure::Http(status) => reply(status, ""),
            Failure::WebPage => reply(400, "<html></html>"),
            Failure::NotJson => reply(200, "not JSON"),
        }
    }
}

/// The error of a call that fails like this.
///
/// ```
/// use kiwoom_api::testing::{Failure, failure};
///
/// let error = failure(Failure::Timeout);
/// assert!(error.is_timeout() && error.may_have_been_sent() && error.is_transient());
/// let error = failure(Failure::NoConnection);
/// assert!(error.is_connect() && !error.may_have_been_sent());
/// assert_eq!(failure(Failure::Http(503)).http_status(), Some(503));
/// assert!(failure(Failure::WebPage).is_html());
/// assert!(failure(Failure::NotJson).is_decode());
/// ```
pub fn failure(failure: Failure) -> Error {
    match failure.what() {
        What::Reply { status, body, .. } => judged(status, body),
        What::Silence => Error::new(Kind::Timeout(Duration::from_secs(30))).unsettled(true),
        What::Break => {
            let reset = io::Error::from(io::ErrorKind::ConnectionReset);
            Error::new(Kind::Broken(Arc::new(reset))).unsettled(true)
        }
        What::NoConnection | What::Unwritable(_) => {
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            Error::new(Kind::Connect(Arc::new(refused)))
        }
    }
}

/// The error of a refusal with this documented code, such as 1902 or 8005, with the class that the broker gives it.
///
/// ```
/// use kiwoom_api::testing::refused;
///
/// assert!(refused(1700).is_rate_limited());
/// assert!(refused(8005).is_auth());
/// assert_eq!((refused(1902).code(), refused(1902).rc()), (Some(1902), Some(2)));
/// ```
pub fn refused(code: u16) -> Error {
    // `BEHAVIOUR.md` H2
    let rc = match code {
        1501..=1510 | 1687 | 1999 => 1,
        1634 | 1700..=1702 => 5,
        8030 | 8031 | 8104 => 2,
        8000..=8999 => 3,
        1511..=1999 => 2,
        _ => 20,
    };
    refusal(rc, format!("[{code:04}]"))
}

/// The error of a refusal with this class (`return_code`) and message, read as a message of the broker is.
///
/// ```
/// use kiwoom_api::testing::refusal;
///
/// let error = refusal(20, "[2000](RC4058: closed)");
/// assert!(error.is_market_closed());
/// assert_eq!(refusal(2, "[1511: parameter] 파라미터=stk_cd").parameter(), Some("stk_cd"));
/// ```
pub fn refusal(rc: i64, message: impl AsRef<str>) -> Error {
    judged(200, envelope(rc, message.as_ref()))
}

/// An order that the broker refused for this reason, so that nothing happened.
///
/// ```
/// use kiwoom_api::testing::{refusal, rejection};
/// use kiwoom_api::{Outcome, Reject};
///
/// let outcome: Outcome<()> = Outcome::Rejected(rejection(refusal(20, "[2000](RC4003: tick)")));
/// let Outcome::Rejected(rejection) = &outcome else { panic!("{outcome:?}") };
/// assert_eq!(rejection.reason(), Reject::TickSize);
/// assert!(outcome.is_without_effect());
/// ```
pub fn rejection(error: Error) -> Rejection {
    Rejection::made(error)
}

/// A trade that may have happened, because of this error.
///
/// ```
/// use kiwoom_api::Outcome;
/// use kiwoom_api::testing::{Failure, failure, unknown};
///
/// let outcome: Outcome<()> = Outcome::Unknown(unknown(failure(Failure::Timeout)));
/// assert!(outcome.is_unknown() && outcome.error().unwrap().is_timeout());
/// ```
pub fn unknown(error: Error) -> Unknown {
    Unknown::made(error, None)
}

/// The same of an order with a name, as [`Orders::submit`](crate::order::Orders::submit) gives it. The name is a text or an
/// [`OrderId`].
///
/// # Panics
/// The text is no name of an order.
///
/// ```
/// use kiwoom_api::testing::{Failure, failure, unknown_order};
///
/// let unknown = unknown_order("mr-1", failure(Failure::Timeout));
/// assert_eq!(unknown.order_id().unwrap().as_str(), "mr-1");
/// ```
pub fn unknown_order(id: impl AsRef<str>, error: Error) -> Unknown {
    match id.as_ref().parse::<OrderId>() {
        Ok(id) => Unknown::made(error, Some(id)),
        Err(problem) => panic!("{problem}"),
    }
}

/// A body of the broker that refuses.
pub(super) fn envelope(rc: i64, message: &str) -> String {
    let mut body = format!("{{\"return_code\":{rc},\"return_msg\":");
    crate::json::encode::write_string(&mut body, message);
    body.push('}');
    body
}

/// What the client makes of a reply that is no success.
fn judged(status: u16, body: String) -> Error {
    let arrived = Arrived { status, headers: Default::default(), body: body.into(), room: usize::MAX };
    // an envelope with return_code 0 is no refusal: nothing of it can be read as one
    judge(&arrived, &mut Nothing).err().unwrap_or_else(|| Error::new(Kind::NoEnvelope))
}
