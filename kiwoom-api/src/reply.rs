//! What a call returns: the typed body, and what surrounds it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use crate::continuation::Continuation;
use crate::error::{Error, Kind, Trail};
use crate::json::blank::says_nothing;
use crate::json::decode::{Anomaly, Decoded};
use crate::record::{Listing, Record};

/// The reply of one call; derefs to its typed body.
///
/// `Debug` shows what surrounds the body, not the body: replies hold account data. Print `&*reply` to see that.
///
/// ```
/// # use kiwoom_api::Reply;
/// # use kiwoom_api::record::Record;
/// fn rows_left<T: Record>(reply: &Reply<T>) -> bool {
///     reply.continuation().is_some()
/// }
/// ```
pub struct Reply<T> {
    body: T,
    about: Box<About>,
}

/// What surrounds a body.
pub(crate) struct About {
    api: Option<Cow<'static, str>>,
    decoded: Decoded,
    continuation: Option<Continuation>,
    trail: Trail,
}

impl About {
    /// For a reply to a call.
    pub fn of_call(
        (api, trail): (Cow<'static, str>, Trail),
        continuation: Option<Continuation>,
        decoded: Decoded,
    ) -> Box<About> {
        Box::new(About { api: Some(api), decoded, continuation, trail })
    }

    /// The number of rows in all lists.
    pub fn rows(&self) -> usize {
        self.decoded.rows()
    }

    fn inexact(self) -> Option<Error> {
        if self.decoded.anomalies().is_empty() {
            return None;
        }
        let (anomalies, omitted) = self.decoded.into_anomalies();
        let error = Error::new(Kind::Inexact(anomalies, omitted)).status(200);
        Some(match self.api {
            Some(api) => error.of(api),
            None => error,
        })
    }
}

impl<T> Reply<T> {
    pub(crate) fn new(body: T, about: Box<About>) -> Reply<T> {
        Reply { body, about }
    }

    /// A reply without a client: for canned replies and tests.
    #[doc(hidden)]
    pub fn from_decoded(mut body: T, decoded: Decoded) -> Reply<T>
    where
        T: Record,
    {
        // without headers a body is all there is; those of HTTP replies have no such keys
        let continuation = Continuation::in_places(&mut body);
        Reply { body, about: Box::new(About { api: None, decoded, continuation, trail: Trail::default() }) }
    }

    /// For tests of users.
    #[cfg(feature = "testing")]
    pub(crate) fn made(body: T, continuation: Option<Continuation>) -> Reply<T> {
        let trail = Trail { attempts: 1, ..Trail::default() };
        Reply { body, about: Box::new(About { api: None, decoded: Decoded::default(), continuation, trail }) }
    }

    /// The typed body.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The body, and what did not fit in it.
    pub(crate) fn into_parts(self) -> (T, (Vec<Anomaly>, usize)) {
        (self.body, self.about.decoded.into_anomalies())
    }

    /// How to request the next page, if there is one: [`Call::continue_from`](crate::Call::continue_from).
    pub fn continuation(&self) -> Option<&Continuation> {
        self.about.continuation.as_ref()
    }

    /// Values that did not fit their type; each of them is `None` in the body. The first thousand of a reply are kept, see
    /// [`omitted_anomalies`](Reply::omitted_anomalies).
    pub fn anomalies(&self) -> &[Anomaly] {
        self.about.decoded.anomalies()
    }

    /// How many more values did not fit.
    pub fn omitted_anomalies(&self) -> usize {
        self.about.decoded.omitted()
    }

    /// Keys that the API does not document: the broker has added something.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.about.decoded.unknown_keys()
    }

    /// How many requests this reply took; more than one if a read was retried.
    pub fn attempts(&self) -> u32 {
        self.about.trail.attempts
    }

    /// How long the call waited for its turn within the request limits, and between attempts.
    pub fn waited(&self) -> Duration {
        self.about.trail.waited
    }

    /// The broker's message. It varies and may be empty; that you have a reply already means success.
    pub fn return_msg(&self) -> &str {
        self.about.decoded.return_msg().unwrap_or_default().trim()
    }

    /// The body, if every value fitted.
    ///
    /// # Errors
    /// [`Error::anomalies`] has those that did not.
    ///
    /// ```no_run
    /// # use kiwoom_api::{Error, Reply};
    /// fn all_or_nothing<T>(reply: Reply<T>) -> Result<T, Error> {
    ///     reply.exact()
    /// }
    /// ```
    pub fn exact(self) -> Result<T, Error> {
        match self.about.inexact() {
            None => Ok(self.body),
            Some(error) => Err(error),
        }
    }
}

impl<T: Record + Clone> Reply<T> {
    /// The reply succeeded and says nothing: it has no value but the code that was asked for, and no row that has one.
    ///
    /// That is how the broker answers an unknown code, and a day without trades (`BEHAVIOUR.md` H8). A walk over
    /// [rows](crate::Client::rows) drops and counts such rows.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-stock")] {
    /// use kiwoom_api::id::ka10001;
    /// use kiwoom_api::need;
    ///
    /// let reply = ka10001::Reply::from_json(r#"{"stk_cd":"","cur_prc":"","return_code":0}"#).unwrap();
    /// assert!(reply.is_blank());
    /// let error = need!(reply => cur_prc).unwrap_err();
    /// assert!(error.to_string().contains("unknown code?"), "{error}");
    ///
    /// let reply = ka10001::Reply::from_json(r#"{"stk_cd":"005930","cur_prc":"-70100","return_code":0}"#).unwrap();
    /// assert!(!reply.is_blank());
    /// # }
    /// ```
    pub fn is_blank(&self) -> bool {
        self.anomalies().is_empty() && says_nothing(&mut self.body.clone())
    }
}

impl<T: Listing> Reply<T> {
    /// The rows of this page, whatever the name of their list. They include blank rows: see
    /// [`is_blank`](crate::is_blank).
    ///
    /// ```
    /// # #[cfg(feature = "domestic-chart")] {
    /// use kiwoom_api::id::ka10081;
    ///
    /// let reply = ka10081::Reply::from_json(r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"9263135"}]}"#).unwrap();
    /// assert_eq!(reply.rows()[0].trde_qty, Some(9_263_135));
    /// assert_eq!(reply.into_rows().len(), 1);
    /// # }
    /// ```
    pub fn rows(&self) -> &[T::Row] {
        self.body.rows()
    }

    /// The rows of this page, by value.
    pub fn into_rows(self) -> Vec<T::Row> {
        self.body.into_rows()
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("api_id", &self.about.api)
            .field("continuation", &self.about.continuation)
            .field("anomalies", &self.anomalies().len())
            .field("unknown_keys", &self.unknown_keys().count())
            .finish_non_exhaustive()
    }
}
