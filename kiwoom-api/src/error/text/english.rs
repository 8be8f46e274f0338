//! The texts of errors in English.

use std::fmt::{self, Display, Formatter};

use crate::error::explain::{Advice, Explanation, Situation};
use crate::error::refusal::Refusal;
use crate::error::unfinished::Unfinished;
use crate::error::{Error, Kind, NoValue};
use crate::language::Language::English;
use crate::redact::redact;

pub(super) fn said(error: &Error, f: &mut Formatter<'_>) -> fmt::Result {
    if let Some(api) = &error.0.api {
        write!(f, "{api}: ")?;
    }
    if error.0.signing_in {
        f.write_str("no token: ")?;
    }
    match error.kind() {
        Kind::Refused(refusal) => refused(error, refusal, f)?,
        _ => happened(error).fmt(f)?,
    }
    match error.0.again {
        // whole seconds, rounded up: nobody calls in again too early
        Some(left) => {
            let seconds = left.as_secs().saturating_add(1);
            write!(f, "; no token is asked for in the next {seconds} s (or call sign_in())")
        }
        None => Ok(()),
    }
}

/// What happened, and what to do about it.
pub(super) fn happened(error: &Error) -> Explanation {
    let status = error.0.status.unwrap_or_default();
    let Advice { cause, cure } = error.situation().explain(English);
    let said = |text: String| Explanation::new(text, cure);
    match error.kind() {
        Kind::Setup(what) => Explanation::parted(what.english()),
        #[cfg(feature = "realtime")]
        Kind::Realtime(what) => Explanation::parted(&format!("realtime data: {}", what.english())),
        Kind::Journal(what) => Explanation::parted(&format!("order journal {}", what.english())),
        Kind::ConnectTimeout(after) => said(format!("{cause} within {after:?}")),
        Kind::Timeout(after) => said(format!("no whole reply within {after:?}")),
        Kind::TooLong(limit) => said(format!("the reply is longer than {limit} bytes")),
        Kind::Html => said(format!("HTTP {status}: {cause}")),
        Kind::Status => said(format!("HTTP {status} without the broker's envelope")),
        Kind::Decode(inner) => said(format!("{cause}: {inner}")),
        Kind::TooManyRows(room) => said(format!("the rows of the reply take more than {room} bytes")),
        Kind::Inexact(anomalies, omitted) => {
            let count = anomalies.len().saturating_add(*omitted);
            let first = anomalies.first().map(|first| format!(", the first is {}", first.place()));
            said(format!("{count} value(s) of the reply do not fit their type{}", first.unwrap_or_default()))
        }
        Kind::Unfinished(why) => unfinished(*why),
        Kind::Connect(_) | Kind::Broken(_) => match error.system_error() {
            Some(system) => said(format!("{cause}: {system}")),
            None => said(cause.to_owned()),
        },
        Kind::NoToken | Kind::NoOrderNumber | Kind::NoEnvelope | Kind::OtherApi | Kind::Refused(_) => {
            said(cause.to_owned())
        }
        _ => unsent(error),
    }
}

/// What this machine found before anything was sent, or in a record at hand.
fn unsent(error: &Error) -> Explanation {
    let Advice { cause, cure } = error.situation().explain(English);
    let said = |text: String| Explanation::new(text, cure);
    match error.kind() {
        Kind::Request { field, problem, advice } => {
            Explanation::new(format!("not sent: {field}: {}", problem.english()), advice.english().to_owned())
        }
        Kind::TradeAsRead(part) => said(format!("not sent: {part}: {cause}")),
        Kind::Needed { field, absence: NoValue::Open } => {
            Explanation::new(format!("no value for {field}"), "blank, or of another kind: see anomalies() of the reply")
        }
        Kind::Needed { field, absence: NoValue::Blank } => said(format!("no value for {field}: {cause}")),
        Kind::Needed { field, absence: NoValue::Misfit(expected) } => {
            said(format!("no value for {field}: {cause}, which takes {expected}"))
        }
        Kind::Missing(fields) => {
            Explanation::new(format!("not sent: no value for {}", fields.join(", ")), "set it: the broker requires it")
        }
        Kind::NotJson(inner) => said(format!("not sent: the body is no JSON object: {inner}")),
        Kind::Halted(reason) => said(format!("not sent: {cause}: {reason}")),
        Kind::Late(after) => said(format!("not sent: no turn or connection in time to be answered within {after:?}")),
        _ => said(format!("not sent: {cause}")),
    }
}

fn unfinished(why: Unfinished) -> Explanation {
    match why {
        Unfinished::Cap(pages) => Explanation::new(
            format!("more than {pages} pages"),
            "name a number with limit_pages(), or resume() at the continuation",
        ),
        Unfinished::Loop => Explanation::new(
            "the broker gave a next-key for the second time, so that pages would repeat".to_owned(),
            "start over",
        ),
        Unfinished::NoKey => {
            Explanation::new("the broker says that more follows and gives no next-key".to_owned(), "start over")
        }
        Unfinished::Pages(limit) => Explanation::new(
            format!("stopped by limit_pages({limit}) before the end"),
            "raise it, or resume() at the continuation",
        ),
        Unfinished::Rows(limit) => {
            Explanation::new(format!("stopped by limit_rows({limit}) before the end"), "raise it, or take until()")
        }
    }
}

fn refused(error: &Error, refusal: &Refusal, f: &mut Formatter<'_>) -> fmt::Result {
    let unsettled = || error.leaves_an_order_in_doubt().then(|| Situation::RefusedUnsettled.explain(English));
    let why = error.explain_codes(English).or_else(unsettled);
    f.write_str("refused by the broker")?;
    if let Some(code) = refusal.code {
        write!(f, ": {code}")?;
    }
    if let Some(inner) = &refusal.inner {
        write!(f, " [{inner}]")?;
    }
    if let Some(why) = why {
        let mark = if refusal.code.is_some() || refusal.inner.is_some() { "," } else { ":" };
        write!(f, "{mark} {}", why.cause)?;
    }
    if let Some(parameter) = &refusal.parameter {
        write!(f, ": {parameter}")?;
    }
    if let Some(rc) = refusal.rc {
        write!(f, ", return_code {rc}")?;
    }
    if let Some(status) = error.0.status.filter(|status| *status != 200) {
        write!(f, ", HTTP {status}")?;
    }
    if let Some(why) = why {
        write!(f, " ({})", why.cure)?;
    }
    if !refusal.message.is_empty() {
        write!(f, "; the broker says: {}", redact(&refusal.message))?;
    }
    Ok(())
}
