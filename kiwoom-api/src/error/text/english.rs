//! The texts of errors in English.

use std::fmt::{self, Formatter};

use crate::error::explain::Situation;
use crate::error::refusal::Refusal;
use crate::error::unfinished::Unfinished;
use crate::error::{Error, Kind};
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
        _ => happened(error, f)?,
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

fn happened(error: &Error, f: &mut Formatter<'_>) -> fmt::Result {
    let status = error.0.status.unwrap_or_default();
    let why = error.situation().explain(English);
    let (cause, cure) = (why.cause(), why.cure());
    match error.kind() {
        Kind::Setup(what) => f.write_str(what.english()),
        #[cfg(feature = "realtime")]
        Kind::Realtime(what) => write!(f, "realtime data: {}", what.english()),
        Kind::Journal(what) => write!(f, "order journal {}", what.english()),
        Kind::Request { field, problem, advice } => {
            write!(f, "not sent: {field}: {} ({})", problem.english(), advice.english())
        }
        Kind::TradeAsRead(part) => write!(f, "not sent: {part}: {why}"),
        Kind::Needed { field, blank: false } => {
            write!(f, "no value for {field} (blank, or of another kind: see anomalies() of the reply)")
        }
        Kind::Needed { field, blank: true } => write!(f, "no value for {field}: {why}"),
        Kind::Missing(fields) => {
            write!(f, "not sent: no value for {} (set it: the broker requires it)", fields.join(", "))
        }
        Kind::NotJson(inner) => write!(f, "not sent: the body is no JSON object: {inner} ({cure})"),
        Kind::Halted(reason) => write!(f, "not sent: {cause}: {reason} ({cure})"),
        Kind::Unarmed => write!(f, "not sent: {why}"),
        Kind::ConnectTimeout(after) => write!(f, "{cause} within {after:?} ({cure})"),
        Kind::Timeout(after) => write!(f, "no whole reply within {after:?} ({cure})"),
        Kind::Late(after) => {
            write!(f, "not sent: no turn or connection in time to be answered within {after:?} ({cure})")
        }
        Kind::TooLong(limit) => write!(f, "the reply is longer than {limit} bytes ({cure})"),
        Kind::Html => write!(f, "HTTP {status}: {why}"),
        Kind::Status => write!(f, "HTTP {status} without the broker's envelope ({cure})"),
        Kind::Decode(inner) => write!(f, "{cause}: {inner} ({cure})"),
        Kind::TooManyRows(room) => write!(f, "the rows of the reply take more than {room} bytes ({cure})"),
        Kind::Inexact(anomalies, omitted) => {
            let count = anomalies.len().saturating_add(*omitted);
            write!(f, "{count} value(s) of the reply do not fit their type")?;
            if let Some(first) = anomalies.first() {
                write!(f, ", the first is {}", first.place())?;
            }
            write!(f, " ({cure})")
        }
        Kind::Unfinished(why) => unfinished(*why, f),
        Kind::Connect(_) | Kind::Broken(_) => match error.system_error() {
            Some(system) => write!(f, "{cause}: {system} ({cure})"),
            None => write!(f, "{why}"),
        },
        Kind::NoToken | Kind::NoEnvelope | Kind::OtherApi | Kind::Refused(_) => write!(f, "{why}"),
    }
}

fn unfinished(why: Unfinished, f: &mut Formatter<'_>) -> fmt::Result {
    match why {
        Unfinished::Cap(pages) => {
            write!(f, "more than {pages} pages (name a number with limit_pages(), or resume() at the continuation)")
        }
        Unfinished::Loop => {
            f.write_str("the broker gave a next-key for the second time, so that pages would repeat (start over)")
        }
        Unfinished::NoKey => f.write_str("the broker says that more follows and gives no next-key (start over)"),
        Unfinished::Pages(limit) => {
            write!(f, "stopped by limit_pages({limit}) before the end (raise it, or resume() at the continuation)")
        }
        Unfinished::Rows(limit) => {
            write!(f, "stopped by limit_rows({limit}) before the end (raise it, or take until())")
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
        write!(f, "{mark} {}", why.cause())?;
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
        write!(f, " ({})", why.cure())?;
    }
    if !refusal.message.is_empty() {
        write!(f, "; the broker says: {}", redact(&refusal.message))?;
    }
    Ok(())
}
