//! What must hold at every moment, beside what single answers and the end of a schedule demand.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::*;
use super::world::{Owned, World};

/// What the world remembers of kicks and refused logins: the rules that end it, told a second time.
#[derive(Clone, Debug, Default)]
pub struct Past {
    kicks: VecDeque<Duration>,
    /// Refused logins and keys in a row.
    refusals: usize,
    /// A login was refused: the next one needs another token.
    token_refused: bool,
    /// No request before, because the last one was too fast.
    pub slow_until: Duration,
}

impl Past {
    /// Whoever comes after the end begins anew.
    fn forget(&mut self) {
        self.kicks.clear();
        self.refusals = 0;
    }
}

impl World {
    /// The engine's own view, against what it was told.
    pub(super) fn check_always(&self) {
        let open = self.line.as_ref().filter(|line| line.welcome);
        let on_its_way = open.and_then(|line| line.open_request.as_ref()).map(Request::keys).unwrap_or_default();
        for (key, state) in self.engine.states() {
            let told = open.is_some_and(|line| if key.is_list() { line.list_told } else { line.told.contains(key) });
            match state {
                State::Confirmed => self.demand(told, "nothing is confirmed before its answer"),
                State::Coming | State::Leaving => {
                    self.demand(on_its_way.contains(key), "what is on its way was sent");
                }
                State::Wanted | State::Full | State::Rejected | State::Stuck => {}
            }
        }
        for user in self.users.values() {
            self.demand(user.online == open.is_some(), "everybody knows whether there is a connection");
        }
        if let Some(line) = open {
            self.demand(self.now <= line.heard + self.rules.silence, "a silent connection is given up");
        }
    }

    /// Before another connection: `renew` says whether the token is another one.
    pub(super) fn check_token(&mut self, renew: bool) {
        let refused = std::mem::take(&mut self.past.token_refused);
        self.demand(renew || !refused, "a refused token is not used again");
    }

    /// What follows from a line of the current connection: `before` is the phase in which it came.
    pub(super) fn check_line(&mut self, owned: &Owned, before: Phase, actions: &[Action]) {
        let opening = matches!(before, Phase::Connect { .. } | Phase::Login { .. });
        match owned {
            Owned::Kicked | Owned::Closed(Farewell::Kicked) => self.check_kick(actions),
            Owned::Login(answer) if matches!(before, Phase::Login { .. }) => match answer.verdict {
                Verdict::Fine => self.past.refusals = 0,
                _ => {
                    self.past.token_refused = true;
                    self.check_refusal(actions);
                }
            },
            Owned::Failed(Failure::Keys(_)) if opening => self.check_refusal(actions),
            Owned::Answered(kind, _, answer) if self.was_answered => self.check_answer(*kind, answer.verdict),
            _ => {}
        }
    }

    fn check_answer(&mut self, kind: Kind, verdict: Verdict) {
        match verdict {
            Verdict::NotLoggedIn => self.past.token_refused = true,
            Verdict::TooFast => self.past.slow_until = self.now + self.rules.too_fast,
            Verdict::Fine if matches!(kind, Kind::Remove | Kind::Clear) => {
                let full = self.engine.states().any(|(_, state)| state == State::Full);
                self.demand(!full, "room is used as soon as there is some");
            }
            _ => {}
        }
    }

    fn check_kick(&mut self, actions: &[Action]) {
        let (most, span) = self.rules.kicks;
        self.past.kicks.push_back(self.now);
        while self.past.kicks.front().is_some_and(|first| self.now - *first >= span) {
            self.past.kicks.pop_front();
        }
        let over = self.past.kicks.len() > most;
        let told = |action: &&Action| match action {
            Action::Notify(_, Notice::Kicked { retry_in }) => !over && *retry_in >= self.rules.kicked,
            Action::Notify(_, Notice::Closed(Why::Kicked)) => over,
            _ => false,
        };
        let count = actions.iter().filter(told).count();
        self.demand(count > 0 && (over || count == self.users.len()), "a kick is told, and the last one ends it");
        if over {
            self.past.forget();
        }
    }

    fn check_refusal(&mut self, actions: &[Action]) {
        self.past.refusals += 1;
        let over = self.past.refusals >= self.rules.logins;
        let closed = actions.iter().any(|action| matches!(action, Action::Notify(_, Notice::Closed(_))));
        self.demand(closed == over, "the third refused login in a row ends it, and none before");
        if over {
            self.past.forget();
        }
    }
}
