//! What must be true before a trade leaves: real money is armed, and the kill switch is not engaged.
//!
//! One guard for all clones of a client and all ways to trade, raw calls included. Reads and tokens pass always.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Server;
use crate::endpoint::Effect;
use crate::error::{Error, Kind};

/// The caller's word that a client may trade with real money: see [`Builder::arm`](crate::Builder::arm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RealMoney {
    /// Orders of this client move real money.
    IUnderstand,
}

/// The APIs that take an open order back: the only trades that can but lessen what is at risk.
const CANCELLATIONS: [&str; 4] = ["kt10003", "kt10009", "kt50003", "ust20003"];

/// Shared by all clones of a client.
#[derive(Clone, Debug)]
pub(crate) struct Guard(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    armed: bool,
    halt: Option<Halt>,
}

#[derive(Clone, Debug)]
struct Halt {
    scope: Scope,
    reason: String,
}

/// Which trades are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    ButCancellations,
    All,
}

impl Guard {
    /// Armed where no money is at stake: on the mock server and on what the caller declared a sandbox. Any other address may
    /// lead to the real server, a loopback address by a tunnel.
    pub fn new(server: &Server) -> Guard {
        let harmless = match server {
            Server::Mock | Server::Sandbox { .. } => true,
            Server::Real | Server::Custom { .. } => false,
        };
        Guard(Arc::new(Mutex::new(State { armed: harmless, halt: None })))
    }

    pub fn arm(&self, _: RealMoney) {
        self.state().armed = true;
    }

    pub fn switch(&self) -> KillSwitch {
        KillSwitch(self.clone())
    }

    /// What a call has to pass when it leaves; nothing for reads and tokens.
    pub fn gate(&self, effect: Effect, api: Cow<'static, str>) -> Option<Gate> {
        (effect == Effect::Trade).then(|| Gate { guard: self.clone(), api, closes: None })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The guard, for one trade.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    guard: Guard,
    api: Cow<'static, str>,
    /// A trade that has not left by then stays here; and after how long that is.
    closes: Option<(Instant, Duration)>,
}

impl Gate {
    /// The same gate, which closes `after` so long a call, at `at`.
    pub fn closing(self, at: Instant, after: Duration) -> Gate {
        Gate { closes: Some((at, after)), ..self }
    }

    /// Whether the trade may leave now.
    pub fn check(&self) -> Result<(), Error> {
        if let Some((_, after)) = self.closes.filter(|(at, _)| Instant::now() >= *at) {
            return Err(Error::new(Kind::Late(after)));
        }
        let state = self.guard.state();
        match &state.halt {
            Some(halt) if halt.scope == Scope::All || !CANCELLATIONS.contains(&&*self.api) => {
                Err(Error::new(Kind::Halted(halt.reason.clone())))
            }
            _ if state.armed => Ok(()),
            _ => Err(Error::new(Kind::Unarmed)),
        }
    }
}

/// Stops the trades of a client and all its clones, at once and from any thread.
///
/// An order that has not left yet, because it waits for a token, its turn or a connection, does not leave any more. What
/// has left is not taken back: cancel it. Each stopped call gives [`NotSent`](crate::Outcome::NotSent), with an error that
/// [is held](crate::Error::is_held).
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
    /// Stops all trades but cancellations, which can only lessen what is at risk.
    pub fn engage(&self, reason: impl Into<String>) {
        self.halt(Scope::ButCancellations, reason.into());
    }

    /// Stops all trades, cancellations too.
    pub fn engage_for_all(&self, reason: impl Into<String>) {
        self.halt(Scope::All, reason.into());
    }

    /// Lets trades pass again.
    pub fn release(&self) {
        self.0.state().halt = None;
    }

    /// Trades are stopped.
    pub fn is_engaged(&self) -> bool {
        self.0.state().halt.is_some()
    }

    /// The reason for which trades are stopped.
    pub fn engaged(&self) -> Option<String> {
        self.0.state().halt.as_ref().map(|halt| halt.reason.clone())
    }

    /// The wider scope holds, whoever engaged it: only a release lessens it.
    fn halt(&self, scope: Scope, reason: String) {
        let mut state = self.0.state();
        if state.halt.as_ref().is_none_or(|halt| halt.scope <= scope) {
            state.halt = Some(Halt { scope, reason });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(guard: &Guard, api: &str) -> bool {
        guard.gate(Effect::Trade, api.to_owned().into()).unwrap().check().is_ok()
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
                assert!(guard.gate(effect, "ka10081".into()).is_none(), "{server:?}");
            }
            guard.clone().arm(RealMoney::IUnderstand);
            assert!(passes(&guard, "kt10000"), "{server:?}");
        }
        let gate = Guard::new(&Server::Real).gate(Effect::Trade, "kt10000".into()).unwrap();
        let error = gate.check().unwrap_err();
        assert!(error.is_held() && error.to_string().contains("RealMoney::IUnderstand"), "{error}");
    }

    #[test]
    fn the_kill_switch_spares_cancellations_unless_told() {
        let guard = Guard::new(&Server::Mock);
        guard.switch().engage("loss");
        assert!(!passes(&guard, "kt10000") && !passes(&guard, "kt10002") && !passes(&guard, "ust99999"));
        assert!(CANCELLATIONS.iter().all(|api| passes(&guard, api)));
        guard.switch().engage_for_all("bug");
        guard.switch().engage("a lesser one later");
        assert!(!passes(&guard, "kt10003"));
        assert_eq!(guard.switch().engaged().as_deref(), Some("bug"));
        guard.switch().release();
        assert!(passes(&guard, "kt10000") && !guard.switch().is_engaged());
    }
}
