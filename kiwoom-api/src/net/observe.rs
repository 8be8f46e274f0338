//! What a call reports: a `tracing` span, and a hook for metrics.
//!
//! Invariant: nothing here sees a key, a token, an account number or a body; only ids, counts and durations.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;
use tracing::field::Empty;

use crate::error::{Error, Trail};
use crate::meta::Effect;

/// One call that has ended, for metrics: [`Builder::observe`](crate::Builder::observe).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The broker's API id, such as `ka10081`.
    pub api_id: &'a str,
    /// What the call does.
    pub effect: Effect,
    /// How many attempts were made, those that found no connection or got no token included; 0 where the client itself
    /// refused the call.
    pub attempts: u32,
    /// How long it waited for its turn and between attempts.
    pub waited: Duration,
    /// How long it took altogether.
    pub elapsed: Duration,
    /// The HTTP status of the last reply.
    pub status: Option<u16>,
    /// The length of the last reply.
    pub bytes: usize,
    /// How many rows the reply had, over all its lists.
    pub rows: usize,
    /// Why it failed; `None` for success.
    pub error: Option<&'a Error>,
    /// What a connection of realtime data did. Such a report is about no call: `api_id` is the path of the connection, `attempts`
    /// how many were opened, `bytes` what came, `rows` the pushes, and `elapsed` the time since the last report.
    #[cfg(feature = "realtime")]
    pub realtime: Option<&'a RealtimeReport>,
}

/// What the realtime connection of one market did since its last report: every ten seconds, and when a connection ends.
#[cfg(feature = "realtime")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RealtimeReport {
    /// Connections that were opened: one, and one for each reconnect.
    pub connections: u64,
    /// Frames that came, pings and answers included.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Pushes in them.
    pub pushes: u64,
    /// Pushes that were handed to readers: one that two subscriptions read counts twice.
    pub items: u64,
    /// Pushes that were dropped because a reader was slow.
    pub dropped: u64,
    /// Pushes in whose place a newer one of the same symbol was kept (`Policy::Latest`).
    pub replaced: u64,
    /// Gaps that readers were told.
    pub gaps: u64,
    /// FIDs in pushes that this version does not know; `Event::Unknown` names each once, a `Recorder` keeps their values.
    pub unknown: u64,
    /// From the frame to the item, on average.
    pub average: Duration,
    /// The same, for the slowest one.
    pub slowest: Duration,
}

/// A hook set by the user of the client.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Hook>>);

type Hook = dyn Fn(&CallReport<'_>) + Send + Sync;

impl Observer {
    pub fn new(hook: impl Fn(&CallReport<'_>) + Send + Sync + 'static) -> Observer {
        Observer(Some(Arc::new(hook)))
    }
}

#[cfg(feature = "realtime")]
impl Observer {
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// A connection reports.
    pub fn realtime(&self, path: &str, elapsed: Duration, report: &RealtimeReport) {
        let Some(hook) = &self.0 else { return };
        let whole = |count| usize::try_from(count).unwrap_or(usize::MAX);
        hook(&CallReport {
            api_id: path,
            effect: Effect::Read,
            attempts: u32::try_from(report.connections).unwrap_or(u32::MAX),
            waited: Duration::ZERO,
            elapsed,
            status: None,
            bytes: whole(report.bytes),
            rows: whole(report.pushes),
            error: None,
            realtime: Some(report),
        });
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer" } else { "none" })
    }
}

/// A call under observation. A trade that is dropped before its end leaves a warning: its outcome is lost, the order is
/// not.
pub(crate) struct Watch {
    pub api: Cow<'static, str>,
    pub effect: Effect,
    pub trail: Trail,
    pub span: Span,
    observer: Observer,
    started: Instant,
    ended: bool,
}

impl Watch {
    pub fn new(api: Cow<'static, str>, effect: Effect, observer: Observer) -> Watch {
        let span = tracing::debug_span!(
            target: "kiwoom_api",
            "call",
            api_id = &*api,
            effect = ?effect,
            attempts = Empty,
            waited_ms = Empty,
            status = Empty,
            rc = Empty,
            code = Empty,
            rows = Empty,
        );
        Watch { api, effect, trail: Trail::default(), span, observer, started: Instant::now(), ended: false }
    }

    /// The call succeeded.
    pub fn succeeded(mut self, status: u16, bytes: usize, rows: usize) {
        self.span.record("rows", rows);
        self.end(Some(status), bytes, rows, None);
    }

    /// The call failed.
    pub fn failed(mut self, error: &Error) {
        if let Some(rc) = error.rc() {
            self.span.record("rc", rc);
        }
        if let Some(code) = error.code() {
            self.span.record("code", code);
        }
        self.end(error.http_status(), error.body().map_or(0, <[u8]>::len), 0, Some(error));
    }

    fn end(&mut self, status: Option<u16>, bytes: usize, rows: usize, error: Option<&Error>) {
        self.ended = true;
        let Trail { attempts, waited, .. } = self.trail;
        self.span.record("attempts", attempts);
        self.span.record("waited_ms", u64::try_from(waited.as_millis()).unwrap_or(u64::MAX));
        if let Some(status) = status {
            self.span.record("status", status);
        }
        self.span.in_scope(|| match error {
            None => tracing::debug!(target: "kiwoom_api", "done"),
            Some(error) => self.tell(error),
        });
        if let Some(hook) = &self.observer.0 {
            let elapsed = self.started.elapsed();
            let (api_id, effect) = (&*self.api, self.effect);
            hook(&CallReport {
                api_id,
                effect,
                attempts,
                waited,
                elapsed,
                status,
                bytes,
                rows,
                error,
                #[cfg(feature = "realtime")]
                realtime: None,
            });
        }
    }
}

impl Watch {
    /// One event for each refusal of the broker, whatever levels are on: the span may not be there to say whose it is.
    fn tell(&self, error: &Error) {
        let api_id = &*self.api;
        let (code, rc, inner_code) = (error.code(), error.rc(), error.inner_code());
        match self.effect {
            // a token that was refused is told of by the watch over its own request
            Effect::Read if error.refuses_the_call() => {
                tracing::info!(target: "kiwoom_api", api_id, code, rc, inner_code, %error, "refused by the broker");
            }
            _ if error.refuses_the_call() || self.effect == Effect::Auth && error.refusal().is_some() => {
                tracing::warn!(target: "kiwoom_api", api_id, code, rc, inner_code, %error, "refused by the broker");
            }
            Effect::Trade if error.may_have_been_sent() => {
                tracing::warn!(target: "kiwoom_api", api_id, %error, "unknown outcome: look the order up");
            }
            _ => tracing::debug!(target: "kiwoom_api", api_id, %error, "failed"),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.ended && self.effect == Effect::Trade && self.trail.attempts > 0 {
            self.span.in_scope(|| {
                tracing::warn!(target: "kiwoom_api", "dropped before its outcome was known: look the order up");
            });
        }
    }
}
