//! How an error reads: API id, what, code, what to do; one line, no secrets. In English by `Display`, in either language by
//! [`Error::display`]: the two say the same.

mod english;
mod korean;
#[cfg(test)]
mod tests;

use std::error::Error as StdError;
use std::fmt;

use super::{Error, Explanation, Kind};
use crate::language::Language;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        english::said(self, f)
    }
}

impl Error {
    /// The text of the error in this language. In English it is that of `Display`; in Korean it says the same: field, value,
    /// code, what was sent, what to do.
    ///
    /// ```
    /// use kiwoom_api::{Credentials, Language};
    ///
    /// let error = Credentials::from_vars("NO_SUCH_KEY", "NO_SUCH_SECRET").unwrap_err();
    /// assert_eq!(error.display(Language::English).to_string(), error.to_string());
    /// let korean = error.display(Language::Korean).to_string();
    /// assert!(korean.contains("NO_SUCH_KEY") && korean.contains("설정되어 있지 않습니다"), "{korean}");
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        Told { error: self, language }
    }

    /// What happened, and what to do about it, in this language. Vague for refusals: their codes say more.
    pub(super) fn happened(&self, language: Language) -> Explanation {
        match language {
            Language::English => english::happened(self),
            Language::Korean => korean::happened(self),
        }
    }
}

/// An error in one language.
struct Told<'e> {
    error: &'e Error,
    language: Language,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.language {
            Language::English => english::said(self.error, f),
            Language::Korean => korean::said(self.error, f),
        }
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
        match self.kind() {
            Kind::Connect(cause) | Kind::Broken(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod texts {
    use super::*;
    use crate::error::refusal::Refusal;
    use crate::language::fixed;

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
                Error::request(
                    "stex_tp",
                    fixed!("not among the codes of this field", "이 항목의 코드가 아닙니다"),
                    fixed!("choose a documented one", "문서에 있는 코드를 고르세요"),
                ),
                "ka10081: not sent: stex_tp: not among the codes of this field (choose a documented one)",
            ),
        ] {
            assert_eq!(error.of("ka10081").to_string(), want);
        }
    }
}
