//! Causes and cures of errors, in English and Korean.
//!
//! Owns which text belongs to which error; the sentences are in one file per language, and are ours: the broker's own
//! are in [`Error::message`]. Texts are fixed, so they contain nothing from a request or reply.

mod english;
mod korean;

use std::fmt;

use super::refusal::Refusal;
use super::{Error, Kind};
use crate::language::Language;

/// Why an error occurs and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    cause: &'static str,
    cure: &'static str,
    /// Why the client does not ask the broker, and what changes that.
    remembered: Option<(&'static str, &'static str)>,
}

impl Explanation {
    /// What is wrong.
    pub fn cause(&self) -> &'static str {
        self.cause
    }

    /// What to do about it.
    pub fn cure(&self) -> &'static str {
        self.cure
    }

    /// What to do after that, if the client remembers a refused token request and does not repeat it yet.
    pub fn then(&self) -> Option<&'static str> {
        self.remembered.map(|(_, then)| then)
    }

    fn and(self, remembered: Explanation) -> Explanation {
        Explanation { remembered: Some((remembered.cause, remembered.cure)), ..self }
    }
}

/// The cause, and the cure in parentheses; then the same for a remembered refusal.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.cause, self.cure)?;
        match self.remembered {
            Some((cause, then)) => write!(f, "; {cause} ({then})"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Why this happened and what to do about it.
    ///
    /// Every documented code has its own text, and so have the codes that were only observed, and every failure without
    /// a code. These texts are for people; programs use methods such as [`is_auth`](Error::is_auth) and
    /// [`code`](Error::code).
    ///
    /// ```
    /// use kiwoom_api::{Error, Language};
    ///
    /// fn tell(error: &Error) -> String {
    ///     let why = error.explain(Language::Korean);
    ///     format!("원인: {} / 조치: {}", why.cause(), why.cure())
    /// }
    /// ```
    pub fn explain(&self, language: Language) -> Explanation {
        let why = self.explain_codes(language).unwrap_or_else(|| self.situation().explain(language));
        match self.0.again {
            None => why,
            Some(_) => why.and(Situation::Remembered.explain(language)),
        }
    }

    /// What the codes of a refusal say; 429 without a code is the quota, whatever its class.
    pub(super) fn explain_codes(&self, language: Language) -> Option<Explanation> {
        let why = match self.refusal()? {
            Refusal { code: None, .. } if self.is_rate_limited() => Situation::StatusQuota.explain(language),
            refusal => explain_refusal(refusal, language)?,
        };
        if self.may_be_of_an_order() {
            return Some(why);
        }
        let for_reads = |(order, read): (&str, &'static str)| (why.cure == order).then_some(read);
        let cure = language.texts().reads.iter().copied().find_map(for_reads).unwrap_or(why.cure);
        Some(Explanation { cure, ..why })
    }

    /// Vague for refusals: their codes say more.
    pub(super) fn situation(&self) -> Situation {
        match self.kind() {
            Kind::Setup(_) => Situation::Setup,
            #[cfg(feature = "realtime")]
            Kind::Realtime(_) => Situation::Realtime,
            Kind::Journal(_) => Situation::Journal,
            Kind::Request { .. } => Situation::Request,
            Kind::TradeAsRead(_) => Situation::TradeAsRead,
            Kind::Needed { blank: true, .. } => Situation::MissingInBlank,
            Kind::Needed { .. } => Situation::MissingInRecord,
            Kind::Missing(_) => Situation::Missing,
            Kind::Unarmed => Situation::Unarmed,
            Kind::Halted(_) => Situation::Halted,
            Kind::NotJson(_) => Situation::NotJson,
            Kind::Connect(_) | Kind::ConnectTimeout(_) => Situation::Connect,
            Kind::NoToken => Situation::NoToken,
            Kind::Timeout(_) if self.leaves_an_order_in_doubt() => Situation::TimeoutUnsettled,
            Kind::Timeout(_) => Situation::Timeout,
            Kind::Late(_) => Situation::Late,
            Kind::Broken(_) if self.leaves_an_order_in_doubt() => Situation::BrokenUnsettled,
            Kind::Broken(_) => Situation::Broken,
            Kind::TooLong(_) => Situation::TooLong,
            Kind::TooManyRows(_) => Situation::TooManyRows,
            Kind::Html => Situation::Html,
            Kind::Status if self.is_rate_limited() && self.may_be_of_an_order() => Situation::StatusQuota,
            Kind::Status if self.is_rate_limited() => Situation::StatusQuotaOfRead,
            Kind::Status if self.leaves_an_order_in_doubt() => Situation::StatusUnsettled,
            Kind::Status => Situation::Status,
            Kind::Decode(_) => Situation::Decode,
            Kind::NoEnvelope => Situation::NoEnvelope,
            Kind::OtherApi if self.leaves_an_order_in_doubt() => Situation::OtherApiUnsettled,
            Kind::OtherApi => Situation::OtherApi,
            Kind::Inexact(..) => Situation::Inexact,
            Kind::Unfinished(_) => Situation::Unfinished,
            Kind::Refused(_) if self.leaves_an_order_in_doubt() => Situation::RefusedUnsettled,
            Kind::Refused(_) => Situation::Refused,
        }
    }
}

/// What can go wrong without a code of the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Situation {
    Setup,
    #[cfg(feature = "realtime")]
    Realtime,
    Journal,
    Request,
    TradeAsRead,
    Missing,
    MissingInRecord,
    MissingInBlank,
    Unarmed,
    Halted,
    NotJson,
    Connect,
    NoToken,
    Timeout,
    TimeoutUnsettled,
    Late,
    Broken,
    BrokenUnsettled,
    TooLong,
    TooManyRows,
    Html,
    Status,
    StatusQuota,
    StatusQuotaOfRead,
    StatusUnsettled,
    Decode,
    NoEnvelope,
    OtherApi,
    OtherApiUnsettled,
    Inexact,
    Unfinished,
    Remembered,
    Refused,
    RefusedUnsettled,
}

impl Situation {
    pub(super) fn explain(self, language: Language) -> Explanation {
        let [cause, cure] = match language {
            Language::English => english::situation(self),
            Language::Korean => korean::situation(self),
        };
        Explanation { cause, cure, remembered: None }
    }
}

/// Sorted by key (tested): key, cause, cure.
type Table<K> = &'static [(K, &'static str, &'static str)];

/// All codes in one language.
struct Texts {
    /// The documented codes, and those that were observed.
    codes: Table<u16>,
    /// Codes of the system behind the API: why it did not take an order.
    inner: Table<&'static str>,
    /// Classes (`return_code`), for refusals without a known code.
    classes: Table<i64>,
    /// Cures that speak of orders, and what stands in their place where the call was none.
    reads: &'static [(&'static str, &'static str)],
}

impl Language {
    fn texts(self) -> &'static Texts {
        match self {
            Language::English => &english::TEXTS,
            Language::Korean => &korean::TEXTS,
        }
    }
}

/// The innermost code says most.
fn explain_refusal(refusal: &Refusal, language: Language) -> Option<Explanation> {
    let texts = language.texts();
    let inner = refusal.inner.as_deref().and_then(|inner| find(texts.inner, &inner));
    let code = || refusal.code.and_then(|code| find(texts.codes, &code));
    let class = || refusal.rc.and_then(|rc| find(texts.classes, &rc));
    inner.or_else(code).or_else(class)
}

fn find<K: Ord>(table: &[(K, &'static str, &'static str)], key: &K) -> Option<Explanation> {
    let at = table.binary_search_by(|(known, ..)| known.cmp(key)).ok()?;
    let (_, cause, cure) = table[at];
    Some(Explanation { cause, cure, remembered: None })
}

/// A code that has an explanation.
pub(super) fn is_known(code: u16) -> bool {
    find(english::TEXTS.codes, &code).is_some()
}

/// An inner code that says why an order was not taken.
pub(super) fn is_order_refusal(inner: &str) -> bool {
    find(english::TEXTS.inner, &inner).is_some()
}

#[cfg(test)]
mod tests;
