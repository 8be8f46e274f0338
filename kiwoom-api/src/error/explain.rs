//! Causes and cures of errors, in English and Korean.
//!
//! Owns which text belongs to which error; the sentences are in one file per language, and are ours: the broker's own
//! are in [`Error::message`]. Texts of codes are fixed; those of what this machine found say which field and which value,
//! as `Display` does, and nothing that `Display` hides.

mod english;
mod korean;

use std::borrow::Cow;
use std::fmt;

use super::refusal::Refusal;
use super::{Error, Kind, NoValue};
use crate::language::Language;

/// Why an error occurs and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    cause: Cow<'static, str>,
    cure: Cow<'static, str>,
    /// Why the client does not ask the broker, and what changes that.
    remembered: Option<Advice>,
}

/// A cause and its cure that name no field and no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Advice {
    pub cause: &'static str,
    pub cure: &'static str,
}

impl Explanation {
    /// What is wrong: the field and its value, if there is one.
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// What to do about it.
    pub fn cure(&self) -> &str {
        &self.cure
    }

    /// What to do after that, if the client remembers a refused token request and does not repeat it yet.
    pub fn then(&self) -> Option<&'static str> {
        self.remembered.map(|remembered| remembered.cure)
    }

    /// This cause; the cure of the situation.
    pub(super) fn new(cause: String, cure: impl Into<Cow<'static, str>>) -> Explanation {
        Explanation { cause: cause.into(), cure: cure.into(), remembered: None }
    }

    /// A text that ends with its cure in parentheses, or that names none.
    pub(super) fn parted(text: &str) -> Explanation {
        let inside = text.strip_suffix(')').unwrap_or_default();
        let mut depth = 1;
        let opening = inside.char_indices().rev().find(|(_, c)| {
            depth += match c {
                ')' => 1,
                '(' => -1,
                _ => 0,
            };
            depth == 0
        });
        match opening.and_then(|(at, _)| Some((inside[..at].strip_suffix(' ')?, &inside[at + 1..]))) {
            // what the operating system says ends with its number
            Some((cause, cure)) if !cure.starts_with("os error") => Explanation::new(cause.to_owned(), cure.to_owned()),
            _ => Explanation::new(text.to_owned(), ""),
        }
    }

    /// The cure of the situation where the text names none.
    fn or_cure(mut self, cure: &'static str) -> Explanation {
        if self.cure.is_empty() {
            self.cure = cure.into();
        }
        self
    }
}

impl From<Advice> for Explanation {
    fn from(advice: Advice) -> Explanation {
        Explanation { cause: advice.cause.into(), cure: advice.cure.into(), remembered: None }
    }
}

/// The cause, and the cure in parentheses; then the same for a remembered refusal.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)?;
        if !self.cure.is_empty() {
            write!(f, " ({})", self.cure)?;
        }
        match self.remembered {
            Some(Advice { cause, cure }) => write!(f, "; {cause} ({cure})"),
            None => Ok(()),
        }
    }
}

/// As that of an explanation.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.cause, self.cure)
    }
}

impl Error {
    /// Why this happened and what to do about it.
    ///
    /// Every documented code has its own text, and so have the codes that were only observed, and every failure without
    /// a code. What the client itself refused names the field, its value and the way out. These texts are for people;
    /// programs use methods such as [`is_auth`](Error::is_auth) and [`code`](Error::code).
    ///
    /// ```
    /// use kiwoom_api::{Error, Language};
    ///
    /// fn tell(error: &Error) -> String {
    ///     let why = error.explain(Language::Korean);
    ///     format!("원인: {} / 조치: {}", why.cause(), why.cure())
    /// }
    /// # #[cfg(feature = "domestic-order")] {
    /// use kiwoom_api::order::Order;
    ///
    /// let error = Order::buy("005930").limit(70_150).qty(1).stock().check().unwrap_err();
    /// let why = error.explain(Language::English);
    /// assert!(why.cause().contains("ord_uv: 70150 lies between two ticks: 70100 and 70200 for a stock"));
    /// assert!(why.cure().contains("order::Ticks"));
    /// assert!(tell(&error).contains("ord_uv: 70150"));
    /// # }
    /// ```
    #[doc(alias = "오류코드")]
    #[doc(alias = "에러코드")]
    pub fn explain(&self, language: Language) -> Explanation {
        let remembered = self.0.again.map(|_| Situation::Remembered.explain(language));
        let why = match self.explain_codes(language) {
            Some(advice) => match self.parameter() {
                Some(parameter) => Explanation::new(format!("{}: {parameter}", advice.cause), advice.cure),
                None => advice.into(),
            },
            None => self.happened(language).or_cure(self.situation().explain(language).cure),
        };
        Explanation { remembered, ..why }
    }

    /// What the codes of a refusal say; 429 without a code is the quota, whatever its class.
    pub(super) fn explain_codes(&self, language: Language) -> Option<Advice> {
        let why = match self.refusal()? {
            Refusal { code: None, .. } if self.is_rate_limited() => Situation::StatusQuota.explain(language),
            refusal => explain_refusal(refusal, language)?,
        };
        if self.may_be_of_an_order() {
            return Some(why);
        }
        let for_reads = |(order, read): (&str, &'static str)| (why.cure == order).then_some(read);
        let cure = language.texts().reads.iter().copied().find_map(for_reads).unwrap_or(why.cure);
        Some(Advice { cure, ..why })
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
            Kind::Needed { absence: NoValue::Blank, .. } => Situation::MissingInBlank,
            Kind::Needed { absence: NoValue::Misfit(_), .. } => Situation::Misfit,
            Kind::Needed { absence: NoValue::Open, .. } => Situation::MissingInRecord,
            Kind::Missing(_) => Situation::Missing,
            Kind::Unarmed => Situation::Unarmed,
            Kind::Halted(_) => Situation::Halted,
            Kind::NotJson(_) => Situation::NotJson,
            Kind::Connect(_) | Kind::ConnectTimeout(_) => Situation::Connect,
            Kind::NoToken => Situation::NoToken,
            Kind::NoOrderNumber => Situation::NoOrderNumber,
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
    Misfit,
    Unarmed,
    Halted,
    NotJson,
    Connect,
    NoToken,
    NoOrderNumber,
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
    pub(super) fn explain(self, language: Language) -> Advice {
        let [cause, cure] = match language {
            Language::English => english::situation(self),
            Language::Korean => korean::situation(self),
        };
        Advice { cause, cure }
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
fn explain_refusal(refusal: &Refusal, language: Language) -> Option<Advice> {
    let texts = language.texts();
    let inner = refusal.inner.as_deref().and_then(|inner| find(texts.inner, &inner));
    let code = || refusal.code.and_then(|code| find(texts.codes, &code));
    let class = || refusal.rc.and_then(|rc| find(texts.classes, &rc));
    inner.or_else(code).or_else(class)
}

fn find<K: Ord>(table: &[(K, &'static str, &'static str)], key: &K) -> Option<Advice> {
    let at = table.binary_search_by(|(known, ..)| known.cmp(key)).ok()?;
    let (_, cause, cure) = table[at];
    Some(Advice { cause, cure })
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
