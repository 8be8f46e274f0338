//! What happened to an order: one of four answers, including "unknown".
//!
//! Not a `Result`: sooner or later, `?` on an order that may have been placed would send it twice.

use std::fmt;

use crate::order_id::OrderId;
use crate::{Error, Language, Reject, Reply};

/// The outcome of a call that places, changes or cancels something. The call was attempted once and is never retried.
///
/// ```no_run
/// # use kiwoom_api::{Outcome, Reply};
/// # fn look_up() {}
/// fn settle<T>(outcome: Outcome<Reply<T>>) {
///     match outcome {
///         Outcome::Accepted(reply) => println!("accepted: {}", reply.return_msg()),
///         Outcome::Rejected(rejection) => println!("rejected: {rejection}"),
///         Outcome::NotSent(error) => println!("never left this machine: {error}"),
///         Outcome::Unknown(unknown) => {
///             println!("ask the broker first: {unknown}");
///             look_up();
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "an order may have been placed or not: look at all four cases"]
pub enum Outcome<A> {
    /// The broker accepted it. Generated methods return its reply.
    Accepted(A),
    /// The broker refused it, with a code that is known to mean "not taken", or because of wrong input or keys (classes 2 and
    /// 3): nothing happened.
    Rejected(Rejection),
    /// It did not leave this machine: nothing happened.
    NotSent(Error),
    /// It may have been sent, and no reply says what happened to it: look it up before you do anything else.
    ///
    /// That includes replies that settle nothing:
    /// - a refusal for the request quota (such orders have been seen to be placed);
    /// - a fault of the broker (1999, HTTP 5xx);
    /// - a refusal with an inner code (`RC1234`) that this crate does not know;
    /// - a refusal of class 20, or of an unknown class, without a known code;
    /// - a reply that names a different API;
    /// - an acceptance without an order number, for what [`Orders`](crate::order::Orders) sends.
    Unknown(Unknown),
}

impl<A> Outcome<A> {
    /// Interprets the result of the one attempt; [`Error::may_have_been_sent`] decides.
    ///
    /// ```
    /// use kiwoom_api::{Credentials, Outcome, Reply};
    ///
    /// let error = Credentials::from_vars("NO_SUCH_KEY", "NO_SUCH_SECRET").unwrap_err();
    /// let outcome = Outcome::<Reply<()>>::from_result(Err(error));
    /// assert!(outcome.is_without_effect());
    /// ```
    pub fn from_result(result: Result<A, Error>) -> Outcome<A> {
        match result {
            Ok(accepted) => Outcome::Accepted(accepted),
            Err(error) if error.may_have_been_sent() => Outcome::Unknown(Unknown { error, order_id: None }),
            Err(error) if error.refuses_the_call() => Outcome::Rejected(Rejection(error)),
            Err(error) => Outcome::NotSent(error),
        }
    }

    /// Maps what was accepted; the other outcomes are unchanged.
    pub fn map<B>(self, f: impl FnOnce(A) -> B) -> Outcome<B> {
        match self {
            Outcome::Accepted(accepted) => Outcome::Accepted(f(accepted)),
            Outcome::Rejected(rejection) => Outcome::Rejected(rejection),
            Outcome::NotSent(error) => Outcome::NotSent(error),
            Outcome::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }

    /// Sets the order this outcome belongs to, if that may be needed later.
    pub(crate) fn about(self, id: &OrderId) -> Outcome<A> {
        match self {
            Outcome::Unknown(unknown) => Outcome::Unknown(Unknown { order_id: Some(id.clone()), ..unknown }),
            known => known,
        }
    }

    /// The broker's answer, if it accepted.
    pub fn accepted(&self) -> Option<&A> {
        match self {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// The same by value. It drops the reason why there is none: match the outcome to tell the other three apart.
    pub fn into_accepted(self) -> Option<A> {
        match self {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// Whether the broker accepted it.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Outcome::Accepted(_))
    }

    /// Whether the broker refused it.
    pub fn is_rejected(&self) -> bool {
        matches!(self, Outcome::Rejected(_))
    }

    /// Whether nothing says what happened to it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Outcome::Unknown(_))
    }

    /// Whether certainly nothing happened at the broker.
    pub fn is_without_effect(&self) -> bool {
        matches!(self, Outcome::Rejected(_) | Outcome::NotSent(_))
    }

    /// Why it was not accepted.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Outcome::Accepted(_) => None,
            Outcome::Rejected(rejection) => Some(&rejection.0),
            Outcome::NotSent(error) => Some(error),
            Outcome::Unknown(unknown) => Some(&unknown.error),
        }
    }

    /// The same by value, for functions that return an error. After [`Unknown`](Outcome::Unknown) the order may have been
    /// placed: look it up before you try again.
    pub fn into_error(self) -> Option<Error> {
        match self {
            Outcome::Accepted(_) => None,
            Outcome::Rejected(rejection) => Some(rejection.into_error()),
            Outcome::NotSent(error) => Some(error),
            Outcome::Unknown(unknown) => Some(unknown.into_error()),
        }
    }
}

impl<T> From<Result<Reply<T>, Error>> for Outcome<Reply<T>> {
    fn from(result: Result<Reply<T>, Error>) -> Outcome<Reply<T>> {
        Outcome::from_result(result)
    }
}

/// A trade that may or may not have happened.
pub struct Unknown {
    error: Error,
    order_id: Option<OrderId>,
}

impl Unknown {
    /// For tests of users.
    #[cfg(feature = "testing")]
    pub(crate) fn made(error: Error, order_id: Option<OrderId>) -> Unknown {
        Unknown { error: error.unsettled(true), order_id }
    }

    /// The caller's name of what is unknown, by which it can be settled later. `None` for generated methods, which have
    /// none.
    pub fn order_id(&self) -> Option<&OrderId> {
        self.order_id.as_ref()
    }

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        let order = self.order_id.as_ref().map(|id| match language {
            Language::English => format!("order {id}: "),
            Language::Korean => format!("주문 {id}: "),
        });
        format!("{}{}", order.unwrap_or_default(), self.error.display(language))
    }

    /// Why the outcome is unknown.
    pub fn as_error(&self) -> &Error {
        &self.error
    }

    /// The error, for functions that return one. Note that the order may have been placed.
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(Language::English).fmt(f)
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown").field("order_id", &self.order_id).field("error", &self.error).finish()
    }
}

/// The broker's refusal of an order.
pub struct Rejection(Error);

impl Rejection {
    /// For tests of users.
    #[cfg(feature = "testing")]
    pub(crate) fn made(error: Error) -> Rejection {
        Rejection(error.unsettled(false))
    }

    /// Why, as far as the codes say.
    ///
    /// ```
    /// use kiwoom_api::{Reject, Rejection};
    ///
    /// fn advice(rejection: &Rejection) -> &'static str {
    ///     match rejection.reason() {
    ///         Reject::TickSize => "round the price to its tick",
    ///         Reject::Funds => "buy less",
    ///         Reject::UnknownOrder => "it was filled or cancelled: look it up",
    ///         _ => "read the message",
    ///     }
    /// }
    /// ```
    pub fn reason(&self) -> Reject {
        Reject::of(&self.0)
    }

    /// The documented code: the `NNNN` of `[NNNN: ...]`.
    pub fn code(&self) -> Option<u16> {
        self.0.code()
    }

    /// The class, `return_code`.
    pub fn rc(&self) -> Option<i64> {
        self.0.rc()
    }

    /// The code of the system behind the API, such as `RC4058`.
    pub fn inner_code(&self) -> Option<&str> {
        self.0.inner_code()
    }

    /// The broker's message, complete.
    pub fn message(&self) -> &str {
        self.0.message().unwrap_or_default()
    }

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.0.display(language)
    }

    /// The same as an error, with all its methods.
    pub fn as_error(&self) -> &Error {
        &self.0
    }

    /// The same as an error, for functions that return one.
    pub fn into_error(self) -> Error {
        self.0
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
