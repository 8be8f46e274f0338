//! The task behind the subscriptions of one market: performs what the engine wants and tells it what comes of it.
//!
//! It decides nothing. It never waits for a reader of pushes, so pings are answered whatever the readers do.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tracing::{Instrument, Span, debug, debug_span, warn};

use super::engine::{Action, Epoch, Failure, Farewell, Line};
use super::frame;
use super::hub::{Errands, Hub};
use super::reader::{Heard, Reader};
use crate::error::Error;
use crate::net::pipeline::Shared;
use crate::net::token::{Need, Token};
use crate::net::transport::Deadline;
use crate::net::transport::socket::{Socket, open};
use crate::redact::redact;

/// How long a frame may take to leave this machine: then the line is dead.
const SENDING: Duration = Duration::from_secs(10);
/// How long a close frame may take: then the connection is simply dropped.
const CLOSING: Duration = Duration::from_secs(1);

type Dialling = Pin<Box<dyn Future<Output = Result<(Socket, Arc<Token>), Failure>> + Send>>;

/// Runs until nobody wants anything any more, or the runtime ends.
pub(super) async fn run(shared: Arc<Shared>, hub: Arc<Hub>, errands: Arc<Errands>) {
    let _left = Left { hub: hub.clone(), errands: errands.clone() };
    Driver {
        shared,
        hub,
        errands,
        epoch: Epoch::default(),
        dialling: None,
        socket: None,
        token: None,
        reader: Reader::default(),
        reports: Reports::default(),
        span: Span::none(),
    }
    .run()
    .await;
}

/// Tells the subscriptions if the task ends before its time.
struct Left {
    hub: Arc<Hub>,
    errands: Arc<Errands>,
}

impl Drop for Left {
    fn drop(&mut self) {
        self.hub.stopped(&self.errands);
    }
}

/// When the hook of the client is told what was counted.
#[derive(Default)]
struct Reports {
    since: Duration,
}

/// How often.
const REPORTS: Duration = Duration::from_secs(10);

impl Reports {
    fn due(&self, wanted: bool, now: Duration) -> Option<Duration> {
        wanted.then(|| self.since.saturating_add(REPORTS).max(now))
    }

    /// Begins anew; says how long it was.
    fn begin(&mut self, now: Duration) -> Duration {
        now.saturating_sub(std::mem::replace(&mut self.since, now))
    }
}

struct Driver {
    shared: Arc<Shared>,
    hub: Arc<Hub>,
    errands: Arc<Errands>,
    epoch: Epoch,
    dialling: Option<Dialling>,
    socket: Option<Socket>,
    /// The token of the last login, or of the next one.
    token: Option<Arc<Token>>,
    reader: Reader,
    reports: Reports,
    /// Of the connection: everything that is logged about it stands inside.
    span: Span,
}

impl Driver {
    async fn run(mut self) {
        loop {
            while let Some(action) = self.errands.next() {
                if matches!(action, Action::End) {
                    return;
                }
                self.perform(action).await;
            }
            let report = self.reports.due(self.shared.observer.is_set() && self.socket.is_some(), self.hub.now().at);
            let alarm = [self.hub.wake(), report].into_iter().flatten().min();
            tokio::select! {
                () = self.errands.bell.notified() => {}
                dialled = dialled(&mut self.dialling) => self.dialled(dialled),
                message = received(&mut self.socket) => self.received(message),
                () = sleep(&self.hub, alarm) => {
                    self.hub.tick();
                    if report.is_some_and(|at| at <= self.hub.now().at) {
                        self.report();
                    }
                }
            }
        }
    }

    async fn perform(&mut self, action: Action) {
        match action {
            Action::Dial { epoch, renew } => {
                let refused = self.token.take().filter(|_| renew);
                self.epoch = epoch;
                self.reader = Reader::default();
                self.span = debug_span!(target: "kiwoom_api", "connection", path = self.hub.path, number = epoch.0);
                let dial = dial(self.shared.clone(), self.hub.path, refused).instrument(self.span.clone());
                self.dialling = Some(Box::pin(dial));
            }
            // what was meant for an older connection is not for this one
            Action::Login { epoch }
            | Action::Send { epoch, .. }
            | Action::Echo { epoch, .. }
            | Action::Hang { epoch }
                if epoch != self.epoch => {}
            Action::Login { .. } => {
                let text = self.token.as_ref().map(|token| frame::login(token.text())).unwrap_or_default();
                self.send(text).await;
            }
            Action::Send { request, .. } => self.send(frame::write(&request, self.hub.is_us())).await,
            Action::Echo { text, .. } => self.send(text).await,
            Action::Hang { .. } => {
                self.dialling = None;
                if let Some(mut socket) = self.socket.take() {
                    let close = CloseFrame { code: CloseCode::Normal, reason: "".into() };
                    let _ = timeout(CLOSING, socket.close(Some(close))).await;
                    self.span.in_scope(|| debug!(target: "kiwoom_api", path = self.hub.path, "socket closed"));
                    #[cfg(feature = "record")]
                    self.note(super::record::What::Ended, "closed by this side");
                    self.report();
                }
            }
            Action::Deliver(_) | Action::Unwanted | Action::Notify(..) | Action::End => {}
        }
    }

    async fn send(&mut self, text: String) {
        let Some(socket) = &mut self.socket else { return };
        let why = match timeout(SENDING, socket.send(Message::text(text))).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => said(&error),
            Err(_) => "a frame could not be sent".into(),
        };
        self.lost(Farewell::Lost(why));
    }

    fn lost(&mut self, farewell: Farewell) {
        self.span.in_scope(|| warn!(target: "kiwoom_api", path = self.hub.path, ?farewell, "socket lost"));
        self.socket = None;
        #[cfg(feature = "record")]
        match &farewell {
            Farewell::Kicked => self.note(super::record::What::Kicked, ""),
            Farewell::Lost(why) => self.note(super::record::What::Ended, why),
        }
        self.report();
        self.hub.line(self.epoch, Line::Closed(farewell));
    }

    fn dialled(&mut self, dialled: Result<(Socket, Arc<Token>), Failure>) {
        self.dialling = None;
        match dialled {
            Ok((socket, token)) => {
                self.span.in_scope(|| debug!(target: "kiwoom_api", path = self.hub.path, "socket open"));
                self.hub.meter.connection();
                #[cfg(feature = "record")]
                self.note(super::record::What::Opened, "");
                self.reports.begin(self.hub.now().at);
                self.socket = Some(socket);
                self.token = Some(token);
                self.hub.line(self.epoch, Line::Opened);
            }
            Err(failure) => {
                self.span.in_scope(|| warn!(target: "kiwoom_api", path = self.hub.path, ?failure, "no socket"));
                self.hub.line(self.epoch, Line::Failed(failure));
            }
        }
    }

    fn received(&mut self, message: Option<Result<Message, SocketError>>) {
        match message {
            Some(Ok(Message::Text(text))) => self.frame(text.as_str()),
            Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => self.frame(text),
                Err(_) => self.strange("a binary frame"),
            },
            Some(Ok(Message::Close(close))) => {
                let farewell = match close {
                    // what a session is told whose place another one takes (`BEHAVIOUR.md` W6)
                    Some(CloseFrame { code: CloseCode::Normal, reason }) if reason.as_str() == "Bye" => {
                        Farewell::Kicked
                    }
                    Some(close) => Farewell::Lost(format!(
                        "closed by the broker: {} {}",
                        u16::from(close.code),
                        redact(&close.reason)
                    )),
                    None => Farewell::Lost("closed by the broker".into()),
                };
                self.lost(farewell);
            }
            // the library answers pings of the protocol itself
            Some(Ok(_)) => self.hub.line(self.epoch, Line::Other),
            Some(Err(error)) => self.lost(Farewell::Lost(said(&error))),
            None => self.lost(Farewell::Lost("the connection ended".into())),
        }
    }

    /// Tells the hook of the client what was counted.
    fn report(&mut self) {
        if self.shared.observer.is_set() {
            let elapsed = self.reports.begin(self.hub.now().at);
            self.shared.observer.realtime(self.hub.path, elapsed, &self.hub.meter.take());
        }
    }

    fn frame(&mut self, text: &str) {
        let Driver { reader, hub, epoch, span, .. } = self;
        let answer = span.in_scope(|| reader.hear(text, hub, *epoch));
        if let Some(Heard { kind, number, answer, found }) = answer {
            hub.answered(*epoch, (kind, number.as_deref()), answer, found);
        }
    }

    fn strange(&self, what: &str) {
        self.hub.unknown(what.to_owned());
        self.hub.line(self.epoch, Line::Other);
    }

    /// What a recorder of this connection has to know beside its frames.
    #[cfg(feature = "record")]
    fn note(&self, what: super::record::What, text: &str) {
        self.hub.taps.note((what, self.hub.is_us()), self.hub.now().wall, text);
    }
}

async fn dialled(dialling: &mut Option<Dialling>) -> Result<(Socket, Arc<Token>), Failure> {
    match dialling {
        Some(dialling) => dialling.await,
        None => std::future::pending().await,
    }
}

async fn received(socket: &mut Option<Socket>) -> Option<Result<Message, SocketError>> {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep(hub: &Hub, alarm: Option<Duration>) {
    match alarm {
        // a hurried clock skips pauses; silence and deadlines it waits for
        Some(at) if hub.turn() == Some(at) => hub.clock().pass_until(at).await,
        Some(at) => hub.clock().sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A token that is good for a while, then a connection (`BEHAVIOUR.md` W8).
async fn dial(
    shared: Arc<Shared>,
    path: &'static str,
    refused: Option<Arc<Token>>,
) -> Result<(Socket, Arc<Token>), Failure> {
    if let Some(refused) = refused {
        shared.auth.forget(&refused);
    }
    let deadline = Deadline::after(shared.transport.bounds.call);
    let token = shared.auth.token(&shared.transport, Need::Trade, deadline).await.map_err(|error| {
        let why = error.to_string();
        if error.is_auth() { Failure::Keys(why) } else { Failure::Line(why) }
    })?;
    let socket = open(&shared.server, path, &shared.transport.bounds).await;
    socket.map(|socket| (socket, token)).map_err(|error| Failure::Line(whole(&error)))
}

/// An error with its cause, on one line: what a server says in a handshake stands in the cause.
fn whole(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {}", redact(&cause.to_string())),
        None => error.to_string(),
    }
}

/// What a broken connection says, on one line.
fn said(error: &SocketError) -> String {
    redact(&error.to_string())
}
