//! The one error type: questions in public, kinds in private.
//!
//! Invariant: no text made here (`Display`, `Debug`, sources) holds a key, a token, an account number or reply
//! bytes. A caller who needs those can ask [`Error::body`] and [`Error::message`].

mod explain;
mod quota;
pub(crate) mod refusal;
mod reject;
mod text;
mod trail;
mod transient;
mod unfinished;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::explain::Explanation;
pub(crate) use self::quota::PAUSE;
pub use self::quota::{Quota, QuotaScope};
use self::refusal::Refusal;
pub use self::reject::Reject;
pub(crate) use self::trail::Trail;
pub(crate) use self::unfinished::Unfinished;
use crate::json::decode::{Anomaly, DecodeError};
use crate::json::encode::EncodeError;
use crate::language::Both;
use crate::meta::Effect;

/// Why a call returned no reply.
///
/// The kind is private, so that new kinds are not breaking changes; use the methods instead.
///
/// ```
/// use kiwoom_api::Error;
///
/// fn advice(error: &Error) -> &'static str {
///     match error.code() {
///         Some(8030 | 8031) => "real and mock keys are swapped",
///         _ if error.is_rate_limited() => "slow down",
///         _ if error.may_have_been_sent() => "ask the broker before sending again",
///         _ => "give up",
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

/// [`std::result::Result`] with the [`Error`] of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone)]
struct Inner {
    api: Option<Cow<'static, str>>,
    kind: Kind,
    /// The request left this machine and no reply says what happened to it.
    unsettled: bool,
    /// What the call does; `None` where no call was made.
    effect: Option<Effect>,
    /// It happened while asking for a token, so the call itself was not made.
    signing_in: bool,
    status: Option<u16>,
    body: Option<Bytes>,
    /// The answer to an earlier request, which is remembered for this much longer.
    again: Option<Duration>,
    trail: Trail,
}

/// What happened.
#[derive(Clone)]
pub(crate) enum Kind {
    /// The client cannot be built: address, keys, TLS.
    Setup(Both),
    /// The request is wrong and was not sent.
    Request { field: String, problem: Both, advice: Both },
    /// A raw call of a trade as a read; the part of the request that says so. It was not sent.
    TradeAsRead(&'static str),
    /// Values of a request are missing; it was not sent.
    Missing(Vec<String>),
    /// A value of a record at hand is not there (`need!`).
    Needed { field: String, absence: NoValue },
    /// A trade with real money that nobody armed; it was not sent.
    Unarmed,
    /// A trade that the kill switch stopped, for this reason; it was not sent.
    Halted(String),
    /// The body of a raw call is not a JSON object; it was not sent.
    NotJson(DecodeError),
    /// No connection.
    Connect(Cause),
    /// No connection within this time.
    ConnectTimeout(Duration),
    /// The reply to a token request has no token.
    NoToken,
    /// The broker accepted an order, and its reply names none that can be found again.
    NoOrderNumber,
    /// No (complete) reply within this time.
    Timeout(Duration),
    /// A trade that could not leave in time, so it does not leave at all; holds the time it had, answer included.
    Late(Duration),
    /// The connection broke before the reply was complete.
    Broken(Cause),
    /// The reply is longer than the client accepts.
    TooLong(usize),
    /// The rows of the reply need more memory than the client allows.
    TooManyRows(usize),
    /// HTML instead of JSON: a firewall or a maintenance page.
    Html,
    /// An HTTP status other than success, without the broker's envelope.
    Status,
    /// The broker refused.
    Refused(Refusal),
    /// The reply is not what the API documents: JSON or envelope.
    Decode(DecodeError),
    /// JSON without `return_code`.
    NoEnvelope,
    /// The reply names a different API from the one that was called.
    OtherApi,
    /// The caller required an exact reply, and it is not.
    Inexact(Vec<Anomaly>, usize),
    /// A walk over pages did not reach its end, although every requested page arrived.
    Unfinished(Unfinished),
    /// Realtime data: what was asked for is not possible, or the broker ended it.
    #[cfg(feature = "realtime")]
    Realtime(Both),
    /// The order journal cannot be read or written, or refuses an order. Nothing was sent.
    Journal(Both),
}

/// Why a record has no value where one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoValue {
    /// The record has other values: this one was blank, or did not fit.
    Open,
    /// The record has no value at all.
    Blank,
    /// A value came that did not fit the field, which takes this.
    Misfit(&'static str),
}

/// An error of another crate that is shown but is not part of the public API.
pub(crate) type Cause = Arc<dyn std::error::Error + Send + Sync>;

impl Error {
    pub(crate) fn new(kind: Kind) -> Error {
        Error(Box::new(Inner {
            api: None,
            kind,
            unsettled: false,
            effect: None,
            signing_in: false,
            status: None,
            body: None,
            again: None,
            trail: Trail::default(),
        }))
    }

    pub(crate) fn setup(what: Both) -> Error {
        Error::new(Kind::Setup(what))
    }

    /// A request that is not sent.
    pub(crate) fn request(field: &str, problem: Both, advice: Both) -> Error {
        Error::new(Kind::Request { field: field.to_owned(), problem, advice })
    }

    /// A request whose value cannot be written.
    pub(crate) fn unencodable(cause: EncodeError) -> Error {
        let field = cause.field();
        let (problem, cure) = cause.into_texts();
        Error::request(field, problem, cure)
    }

    /// A refusal of the broker with this HTTP status.
    pub(crate) fn refused(refusal: Refusal, status: u16) -> Error {
        let doubtful = status >= 500 || !refusal.is_final();
        let error = Error::new(Kind::Refused(refusal)).status(status);
        // 429 is the quota, whatever the body says or fails to say
        let doubtful = doubtful || error.is_rate_limited();
        error.unsettled(doubtful)
    }

    pub(crate) fn of(mut self, api: impl Into<Cow<'static, str>>) -> Error {
        self.0.api = Some(api.into());
        self
    }

    pub(crate) fn unsettled(mut self, unsettled: bool) -> Error {
        self.0.unsettled = unsettled;
        self
    }

    /// Of a call: whose, unless a token was asked for, what it does, and what it took.
    pub(crate) fn within(mut self, api: Cow<'static, str>, effect: Effect, trail: Trail) -> Error {
        self.0.api.get_or_insert(api);
        self.0.effect.get_or_insert(effect);
        self.0.trail = trail;
        self
    }

    /// It happened before the call itself could be made.
    pub(crate) fn while_signing_in(mut self) -> Error {
        self.0.signing_in = true;
        self.0.effect = Some(Effect::Auth);
        self.0.unsettled = false;
        self
    }

    /// The same error for another caller that waited for the same thing.
    pub(crate) fn duplicate(&self) -> Error {
        Error(self.0.clone())
    }

    /// The refusal was received before and is remembered: no token is requested for so long.
    pub(crate) fn asked_again_in(mut self, left: Duration) -> Error {
        self.0.again = Some(left);
        self
    }

    /// A token was asked for in vain, just now.
    pub(crate) fn failed_to_sign_in(&self) -> bool {
        self.0.signing_in && self.0.again.is_none()
    }

    /// The broker refused the call itself, not the token before it.
    pub(crate) fn refuses_the_call(&self) -> bool {
        self.refusal().is_some() && !self.0.signing_in
    }

    pub(crate) fn status(mut self, status: u16) -> Error {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Error {
        self.0.body = Some(body);
        self
    }

    /// For replies that may hold a token.
    pub(crate) fn without_body(mut self) -> Error {
        self.0.body = None;
        self
    }

    /// What the operating system said about the line, if that is what is wrong.
    fn system_error(&self) -> Option<&io::Error> {
        let (Kind::Connect(cause) | Kind::Broken(cause)) = &self.0.kind else { return None };
        let first: &(dyn std::error::Error + 'static) = cause.as_ref();
        let causes = std::iter::successors(Some(first), |cause| cause.source());
        causes.into_iter().filter_map(|cause| cause.downcast_ref()).last()
    }

    /// It is, or may be, about an order: texts of a read or of a request for a token speak of none.
    fn may_be_of_an_order(&self) -> bool {
        !matches!(self.0.effect, Some(Effect::Read | Effect::Auth))
    }

    /// An order of which nobody knows what became of it.
    fn leaves_an_order_in_doubt(&self) -> bool {
        self.0.unsettled && self.may_be_of_an_order()
    }

    fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match &self.0.kind {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The id of the API that failed: `ka10081`, or `au10001` when no token could be obtained.
    pub fn api_id(&self) -> Option<&str> {
        self.0.api.as_deref()
    }

    /// The broker's documented code: the `NNNN` of `[NNNN: ...]` in its message.
    pub fn code(&self) -> Option<u16> {
        self.refusal()?.code
    }

    /// The broker's class of refusal, `return_code`.
    pub fn rc(&self) -> Option<i64> {
        self.refusal()?.rc
    }

    /// The code of the system behind the API, such as `RC4058`.
    pub fn inner_code(&self) -> Option<&str> {
        self.refusal()?.inner.as_deref()
    }

    /// The broker's message, complete. It is free text and may quote what was sent: `Display` shows it masked.
    pub fn message(&self) -> Option<&str> {
        Some(self.refusal()?.message.as_str())
    }

    /// The HTTP status of the reply, if there was one. Business refusals come with 200.
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// The request field that is wrong, as named by codes 1511 and 1517 or as found before sending.
    pub fn parameter(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Refused(refusal) => refusal.parameter.as_deref(),
            Kind::Request { field, .. } => Some(field),
            Kind::TradeAsRead(part) => Some(part),
            Kind::Missing(fields) => fields.first().map(String::as_str),
            Kind::Needed { field, .. } => Some(field),
            _ => None,
        }
    }

    /// The broker did not accept keys, token or machine.
    pub fn is_auth(&self) -> bool {
        match self.code() {
            _ if self.is_rate_limited() => false,
            Some(code) => matches!(code, 1513..=1516 | 8001..=8020 | 8030 | 8031 | 8040 | 8050 | 8103),
            None => self.rc() == Some(3) || matches!(self.0.status, Some(401 | 403)) && !self.is_html(),
        }
    }

    /// A real key or token was used on the mock server, or the other way round (8030, 8031).
    pub fn is_real_mock_mixup(&self) -> bool {
        matches!(self.code(), Some(8030 | 8031))
    }

    /// A required value is missing: found before sending, or refused with 1511.
    pub fn is_missing_value(&self) -> bool {
        matches!(self.0.kind, Kind::Missing(_) | Kind::Needed { .. }) || self.code() == Some(1511)
    }

    /// The mock server does not offer this API or this kind of order (8104, RC7006, RC9000, or 1999 for this reason).
    pub fn is_not_offered_in_mock(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_not_in_mock)
    }

    /// The mock market is closed (RC4058).
    pub fn is_market_closed(&self) -> bool {
        self.inner_code() == Some("RC4058")
    }

    /// The client itself held back a trade: real money is not armed, or the [kill switch](crate::Client::kill_switch)
    /// is engaged.
    pub fn is_held(&self) -> bool {
        matches!(self.0.kind, Kind::Unarmed | Kind::Halted(_))
    }

    /// There was no connection, or no whole reply, in time; also where the operating system gave up first.
    pub fn is_timeout(&self) -> bool {
        match &self.0.kind {
            Kind::Timeout(_) | Kind::ConnectTimeout(_) | Kind::Late(_) => true,
            Kind::Connect(_) | Kind::Broken(_) => {
                self.system_error().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
            }
            _ => false,
        }
    }

    /// There was no connection to the broker, so nothing was sent: no network, an address that nobody answers, a proxy or TLS
    /// that fails. [`is_timeout`](Error::is_timeout) holds too where it took too long.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect(_) | Kind::ConnectTimeout(_))
    }

    /// The broker refused because there is nothing to show.
    ///
    /// Class 20 alone does not say so: it covers refused orders and a closed market as well (`BEHAVIOUR.md` O11), so its
    /// message decides where no code says otherwise. Most queries that find nothing are no error at all but a
    /// [blank reply](crate::Reply::is_blank).
    pub fn is_no_data(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_no_data)
            && self.0.effect != Some(Effect::Trade)
            && !self.is_rate_limited()
    }

    /// The reply does not match the API's documentation and could not be read; [`body`](Error::body) has its bytes.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_) | Kind::NoEnvelope | Kind::Inexact(..))
    }

    /// A walk over pages did not reach its end: rows are missing, although every requested page arrived.
    pub fn is_truncated(&self) -> bool {
        matches!(self.0.kind, Kind::Unfinished(_))
    }

    /// The reply was a web page, not JSON: the broker's firewall or its maintenance notice.
    pub fn is_html(&self) -> bool {
        matches!(self.0.kind, Kind::Html)
    }

    /// The request may have reached the broker, and nothing says what happened to it. For an order, look it up before
    /// sending again.
    ///
    /// `false` when it certainly did not leave this machine, and when the broker answered that it refused. `true` for a
    /// refusal that concerns the request quota or a fault inside the broker (1999, HTTP 5xx), or whose codes do not
    /// give the reason: see [`Outcome::Unknown`](crate::Outcome::Unknown).
    pub fn may_have_been_sent(&self) -> bool {
        self.0.unsettled
    }

    /// How many attempts were made before this was given up, those that found no connection or got no token included; 0
    /// where the client itself refused the call.
    pub fn attempts(&self) -> u32 {
        self.0.trail.attempts
    }

    /// How long the call waited for its turn within the request limits, and between attempts.
    pub fn waited(&self) -> Duration {
        self.0.trail.waited
    }

    /// Reply bytes of an error about the reply. Never part of `Display` or `Debug`: replies hold account data.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The values that did not fit, of an error by [`Reply::exact`](crate::Reply::exact) or of a
    /// [strict](crate::Client::strict) client.
    pub fn anomalies(&self) -> &[Anomaly] {
        match &self.0.kind {
            Kind::Inexact(anomalies, _) => anomalies,
            _ => &[],
        }
    }

    /// How many values did not fit besides those of [`anomalies`](Error::anomalies), which are the first thousand of a
    /// page.
    pub fn omitted_anomalies(&self) -> usize {
        match &self.0.kind {
            Kind::Inexact(_, omitted) => *omitted,
            _ => 0,
        }
    }
}
