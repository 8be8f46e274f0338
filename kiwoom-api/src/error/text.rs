//! How an error reads: API id, what, code, what to do; one line, no secrets, no source repeated.

use std::error::Error as StdError;
use std::fmt;

use super::explain::{Language, Situation};
use super::refusal::Refusal;
use super::{Error, Kind};
use crate::redact::redact;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said(f)?;
        match self.0.again {
            // whole seconds, rounded up, so that nobody retries too early
            Some(left) => write!(
                f,
                "; no token is asked for in the next {} s (or call sign_in())",
                left.as_secs().saturating_add(1)
            ),
            None => Ok(()),
        }
    }
}

impl Error {
    fn said(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(api) = &self.0.api {
            write!(f, "{api}: ")?;
        }
        if self.0.signing_in {
            f.write_str("no token: ")?;
        }
        let situation = match &self.0.kind {
            Kind::Refused(refusal) => return self.refused(f, refusal),
            _ => self.situation(),
        };
        let status = self.0.status.unwrap_or_default();
        let why = situation.explain(Language::English);
        let cure = why.cure();
        match &self.0.kind {
            Kind::Setup(what) => f.write_str(what),
            Kind::Journal(what) => write!(f, "order journal {what}"),
            Kind::Request { field, problem, advice } => write!(f, "not sent: {field}: {problem} ({advice})"),
            Kind::TradeAsRead(part) => write!(f, "not sent: {part}: {why}"),
            Kind::Needed(field) => {
                write!(f, "no value for {field} (blank, or of another kind: see anomalies() of the reply)")
            }
            Kind::Missing(fields) => {
                write!(f, "not sent: no value for {} (set it: the broker requires it)", fields.join(", "))
            }
            Kind::NotJson(cause) => write!(f, "not sent: the body is no JSON object: {cause} ({cure})"),
            Kind::Halted(reason) => write!(f, "not sent: {}: {reason} ({cure})", why.cause()),
            Kind::Unarmed => write!(f, "not sent: {why}"),
            Kind::ConnectTimeout(after) => write!(f, "{} within {after:?} ({cure})", why.cause()),
            Kind::Timeout(after) => write!(f, "no whole reply within {after:?} ({cure})"),
            Kind::Late(after) => {
                write!(f, "not sent: no turn or connection in time to be answered within {after:?} ({cure})")
            }
            Kind::TooLong(limit) => write!(f, "the reply is longer than {limit} bytes ({cure})"),
            Kind::Html => write!(f, "HTTP {status}: {why}"),
            Kind::Status => write!(f, "HTTP {status} without the broker's envelope ({cure})"),
            Kind::Decode(cause) => write!(f, "{}: {cause} ({cure})", why.cause()),
            Kind::TooManyRows(room) => write!(f, "the rows of the reply take more than {room} bytes ({cure})"),
            Kind::Inexact(anomalies, omitted) => {
                let count = anomalies.len().saturating_add(*omitted);
                write!(f, "{count} value(s) of the reply do not fit their type ({cure})")
            }
            Kind::Unfinished(why) => fmt::Display::fmt(why, f),
            Kind::Connect(_)
            | Kind::NoToken
            | Kind::Broken(_)
            | Kind::NoEnvelope
            | Kind::OtherApi
            | Kind::Refused(_) => {
                write!(f, "{why}")
            }
        }
    }

    fn refused(&self, f: &mut fmt::Formatter<'_>, refusal: &Refusal) -> fmt::Result {
        let unsettled = || self.0.unsettled.then(|| Situation::RefusedUnsettled.explain(Language::English));
        let why = self.explain_codes(Language::English).or_else(unsettled);
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
        if let Some(status) = self.0.status.filter(|status| *status != 200) {
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
}

/// The text of `Display`, in one field: kinds are private, and bodies never print.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("text", &format_args!("{self}"));
        if let Some(source) = self.source() {
            out.field("source", &format_args!("{source}"));
        }
        if let Some(body) = &self.0.body {
            out.field("body_bytes", &body.len());
        }
        out.field("may_have_been_sent", &self.0.unsettled).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Connect(cause) | Kind::Broken(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_and_what_to_do() {
        let refused = |rc, text| Kind::Refused(Refusal::new(Some(rc), text));
        for (error, want) in [
            (
                Error::new(refused(2, "[1511:파라미터=base_dt]")).status(200),
                "ka10081: refused by the broker: 1511, a required value is missing: base_dt, return_code 2 (set the named \
                 field); the broker says: [1511:파라미터=base_dt]",
            ),
            (
                Error::new(refused(20, "[2000](RC4058:장종료)")).status(200),
                "ka10081: refused by the broker: 2000 [RC4058], the mock market is closed, return_code 20 (order in the hours \
                 of the mock market); the broker says: [2000](RC4058:장종료)",
            ),
            (Error::new(refused(7, "")).status(500), "ka10081: refused by the broker, return_code 7, HTTP 500"),
            (
                Error::new(Kind::Timeout(std::time::Duration::from_secs(30))).unsettled(true),
                "ka10081: no whole reply within 30s (it may have been sent: an order must be looked up before it is sent \
                 again)",
            ),
            (
                Error::new(Kind::Html).status(400),
                "ka10081: HTTP 400: a web page instead of JSON (the broker's firewall or its maintenance; try later)",
            ),
            (
                Error::request("stex_tp", "not among the codes of this field", "choose a documented one"),
                "ka10081: not sent: stex_tp: not among the codes of this field (choose a documented one)",
            ),
        ] {
            assert_eq!(error.of("ka10081").to_string(), want);
        }
    }
}
