//! What must be true before a trade leaves: real money is armed, and the kill switch is not engaged.
//!
//! One guard for all clones of a client and all ways to trade, raw calls included. Reads and token requests always
//! pass. The guard also knows which trades have left, and tells open journals when it closes, so that it is still
//! closed after a restart.

mod flight;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use self::flight::Flight;
pub(crate) use self::flight::{Departure, Unnoted};
use crate::error::{Error, Kind};
use crate::generated::effects::CANCELLATIONS;
use crate::intent::Unsettled;
use crate::meta::Effect;
use crate::{Clock, Server};

/// The caller's consent that a client may trade with real money: see [`Builder::arm`](crate::Builder::arm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RealMoney {
    /// You understand that orders of this client move real money.
    IUnderstand,
}

/// Shared by all clones of a client.
#[derive(Clone, Debug)]
pub(crate) struct Guard(Arc<Mutex<Switches>>);

#[derive(Debug)]
struct Switches {
    armed: bool,
    halt: Option<Halt>,
    /// Trades that have left, for the duration of their attempts.
    flights: Vec<Weak<Flight>>,
    /// Orders without a journal whose fate is unknown.
    unknown: Vec<Unsettled>,
    notebooks: Vec<Weak<dyn Notebook>>,
}

/// Trades are stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Halt {
    pub scope: Reach,
    pub reason: String,
}

/// Which trades are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    ButCancellations,
    All,
}

/// What outlives this process: a journal. None of its methods waits for a disk.
pub(crate) trait Notebook: fmt::Debug + Send + Sync {
    /// The state that was recorded last.
    fn halt(&self) -> Option<Halt>;
    /// Records that trades are stopped, or that they pass again.
    fn note(&self, halt: Option<&Halt>);
    /// Orders whose fate is unknown, without those that are being sent.
    fn unsettled(&self) -> Vec<Unsettled>;
}

/// What is already out when trades are stopped. Stopping does not take it back. See [`KillSwitch::engage`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outstanding {
    /// Orders, changes and cancellations that have left and whose replies have not arrived yet.
    pub in_flight: Vec<Unsettled>,
    /// Those whose fate is unknown: of this run, and of earlier runs if a journal is open. Orders without a journal
    /// stay here as long as the client exists.
    pub unsettled: Vec<Unsettled>,
    /// The API ids of trades in flight that were not built by [`Orders`](crate::order::Orders).
    pub other_calls: Vec<String>,
}

impl Outstanding {
    /// Nothing is out. The broker may still have open orders.
    pub fn is_empty(&self) -> bool {
        self.in_flight.is_empty() && self.unsettled.is_empty() && self.other_calls.is_empty()
    }
}

impl Guard {
    /// Armed if no money is at stake: on the mock server and on a declared sandbox. Any other address may lead to the
    /// real server, even a loopback address through a tunnel.
    pub fn new(server: &Server) -> Guard {
        let harmless = match server {
            Server::Mock | Server::Sandbox { .. } => true,
            Server::Real | Server::Custom { .. } => false,
        };
        let (flights, unknown, notebooks) = Default::default();
        Guard(Arc::new(Mutex::new(Switches { armed: harmless, halt: None, flights, unknown, notebooks })))
    }

    pub fn arm(&self, _: RealMoney) {
        self.state().armed = true;
    }

    pub fn disarm(&self) {
        self.state().armed = false;
    }

    /// Lets a journal record halts. A halt that an earlier run left there applies here too, and the other way round.
    pub fn attach(&self, notebook: Weak<dyn Notebook>) {
        let Some(told) = notebook.upgrade() else { return };
        let mut state = self.state();
        state.notebooks.retain(|known| known.strong_count() > 0 && !known.ptr_eq(&notebook));
        state.notebooks.push(notebook);
        let kept = told.halt();
        if let Some(halt) = kept.clone() {
            state.halt(halt);
        }
        // journals that were already open learn of it too
        if kept.is_some() || state.halt.is_some() {
            state.tell();
        }
    }

    fn remember(&self, order: Unsettled) {
        self.state().unknown.push(order);
    }

    pub fn switch(&self) -> KillSwitch {
        KillSwitch(self.clone())
    }

    /// The gate that a call must pass when it leaves; none for reads and token requests.
    ///
    /// `departure` is that of the order, if this crate built it.
    pub fn gate(&self, effect: Effect, api: Cow<'static, str>, departure: Option<&Departure>) -> Option<Gate> {
        (effect == Effect::Trade).then(|| {
            let departure = departure.cloned().unwrap_or_else(|| Departure::unnamed(api.clone()));
            Gate { guard: self.clone(), api, departure, closes: None }
        })
    }

    fn state(&self) -> MutexGuard<'_, Switches> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Switches {
    fn check(&self, api: &str) -> Result<(), Error> {
        match &self.halt {
            Some(halt) if halt.scope == Reach::All || !CANCELLATIONS.contains(&api) => {
                Err(Error::new(Kind::Halted(halt.reason.clone())))
            }
            _ if self.armed => Ok(()),
            _ => Err(Error::new(Kind::Unarmed)),
        }
    }

    /// The wider scope applies, whichever call set it: only a release narrows it.
    fn halt(&mut self, halt: Halt) {
        if self.halt.as_ref().is_none_or(|held| held.scope <= halt.scope) {
            self.halt = Some(halt);
        }
    }

    fn tell(&self) {
        self.notebooks.iter().filter_map(Weak::upgrade).for_each(|notebook| notebook.note(self.halt.as_ref()));
    }

    fn outstanding(&self) -> Outstanding {
        let mut out = Outstanding { unsettled: self.unknown.clone(), ..Outstanding::default() };
        for flight in self.flights.iter().filter_map(Weak::upgrade) {
            match &flight.order {
                Some(order) => out.in_flight.push(order.clone()),
                None => out.other_calls.push(flight.api.to_string()),
            }
        }
        out.unsettled.extend(self.notebooks.iter().filter_map(Weak::upgrade).flat_map(|notebook| notebook.unsettled()));
        out
    }
}

/// The guard, for one trade.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    guard: Guard,
    api: Cow<'static, str>,
    departure: Departure,
    closes: Option<Closing>,
}

/// A trade that has not left by then does not leave: by either clock, because the monotonic one stops while a laptop
/// sleeps.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub at: Instant,
    pub wall: Timestamp,
    pub clock: Clock,
    /// How long after the call that is.
    pub after: Duration,
}

impl Closing {
    fn is_over(&self) -> bool {
        Instant::now() >= self.at || self.clock.wall() >= self.wall
    }
}

impl Gate {
    /// The same gate, closing at that time.
    pub fn closing(self, closing: Closing) -> Gate {
        Gate { closes: Some(closing), ..self }
    }

    /// Whether the trade may leave now.
    pub fn check(&self) -> Result<(), Error> {
        self.may_leave(&self.guard.state())
    }

    fn may_leave(&self, state: &Switches) -> Result<(), Error> {
        if let Some(closing) = self.closes.as_ref().filter(|closing| closing.is_over()) {
            return Err(Error::new(Kind::Late(closing.after)));
        }
        state.check(&self.api)
    }

    /// Lets the trade leave, if it may. This is one step with the check: a switch that is engaged later knows that the
    /// trade has left.
    pub fn leave(&self) -> bool {
        let mut state = self.guard.state();
        if self.may_leave(&state).is_err() || !self.departure.leave() {
            return false;
        }
        state.flights.retain(|flight| flight.strong_count() > 0);
        state.flights.push(Arc::downgrade(self.departure.flight()));
        true
    }
}

/// Stops the trades of a client and all its clones, at once and from any thread.
///
/// An order that is still waiting for a token, its turn or a connection no longer leaves. An order that has left is not
/// taken back: cancel it. Each stopped call returns [`NotSent`](crate::Outcome::NotSent), with an error that [is
/// held](crate::Error::is_held).
///
/// ```
/// use kiwoom_api::{Client, Credentials, Server};
///
/// let client = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
/// let switch = client.kill_switch();
/// switch.engage("daily loss limit");
/// assert_eq!(client.kill_switch().engaged().as_deref(), Some("daily loss limit"));
/// switch.release();
/// assert!(!switch.is_engaged());
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KillSwitch(Guard);

impl KillSwitch {
    /// Stops all trades except cancellations, which can only reduce what is at risk, and returns what has already left.
    /// No other order leaves after this returns.
    ///
    /// Open [journals](crate::order::Journal) record it, so that the switch is still engaged in the next run;
    /// [`flush`](crate::order::Journal::flush) waits until that is on disk.
    /// [`cancel_all`](crate::order::Orders::cancel_all) cancels what is open at the broker.
    pub fn engage(&self, reason: impl Into<String>) -> Outstanding {
        self.halt(Reach::ButCancellations, reason.into())
    }

    /// Stops all trades, including cancellations, and returns what has already left.
    pub fn engage_for_all(&self, reason: impl Into<String>) -> Outstanding {
        self.halt(Reach::All, reason.into())
    }

    /// Lets trades pass again. Open journals record it.
    pub fn release(&self) {
        let mut state = self.0.state();
        state.halt = None;
        state.tell();
    }

    /// What has left and is not settled, whether trades are stopped or not.
    pub fn outstanding(&self) -> Outstanding {
        self.0.state().outstanding()
    }

    /// Whether trades are stopped.
    pub fn is_engaged(&self) -> bool {
        self.0.state().halt.is_some()
    }

    /// Why trades are stopped; `None` if they are not.
    pub fn engaged(&self) -> Option<String> {
        self.0.state().halt.as_ref().map(|halt| halt.reason.clone())
    }

    fn halt(&self, scope: Reach, reason: String) -> Outstanding {
        let mut state = self.0.state();
        state.halt(Halt { scope, reason });
        state.tell();
        state.outstanding()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(guard: &Guard, api: &str) -> bool {
        guard.gate(Effect::Trade, api.to_owned().into(), None).unwrap().check().is_ok()
    }

    #[test]
    fn real_money_must_be_armed() {
        for (server, harmless) in [
            (Server::Real, false),
            (Server::Mock, true),
            (Server::sandbox("http://127.0.0.1:1"), true),
            (Server::sandbox("https://simulator.example"), true),
            (Server::custom("http://127.0.0.1:1"), false),
            (Server::custom("http://localhost:1"), false),
            (Server::custom("https://proxy.example"), false),
            (Server::custom("https://api.kiwoom.com"), false),
        ] {
            let guard = Guard::new(&server);
            assert_eq!(passes(&guard, "kt10000"), harmless, "{server:?}");
            assert_eq!(passes(&guard, "kt10003"), harmless, "{server:?}");
            for effect in [Effect::Read, Effect::Auth] {
                assert!(guard.gate(effect, "ka10081".into(), None).is_none(), "{server:?}");
            }
            guard.clone().arm(RealMoney::IUnderstand);
            assert!(passes(&guard, "kt10000"), "{server:?}");
            guard.disarm();
            assert!(!passes(&guard, "kt10000") && !passes(&guard, "kt10003"), "{server:?}");
        }
        let gate = Guard::new(&Server::Real).gate(Effect::Trade, "kt10000".into(), None).unwrap();
        let error = gate.check().unwrap_err();
        assert!(error.is_held() && error.to_string().contains("RealMoney::IUnderstand"), "{error}");
    }

    #[test]
    fn the_kill_switch_spares_cancellations_unless_told() {
        let guard = Guard::new(&Server::Mock);
        guard.switch().engage("loss");
        assert!(!passes(&guard, "kt10000") && !passes(&guard, "kt10002") && !passes(&guard, "ust99999"));
        assert!(["kt10003", "kt10009", "kt50003", "ust20003"].iter().all(|api| passes(&guard, api)));
        guard.switch().engage_for_all("bug");
        guard.switch().engage("a lesser one later");
        assert!(!passes(&guard, "kt10003"));
        assert_eq!(guard.switch().engaged().as_deref(), Some("bug"));
        guard.switch().release();
        assert!(passes(&guard, "kt10000") && !guard.switch().is_engaged());
    }
}
