//! What a connection says, and what follows from it.

use std::time::Duration;

use super::action::{Action, Notice, Why};
use super::input::{Answer, Failure, Farewell, Line, Now, SetId, Verdict};
use super::key::Key;
use super::ledger::Change;
use super::request::Kind;
use super::{Engine, Phase, intent};

/// More pings are not kept for the time after the login; one comes each ten seconds.
const PINGS: usize = 8;

impl Engine {
    pub(super) fn push(&mut self, topic: &str, item: &str, now: Now, out: &mut Vec<Action>) {
        let before = out.len();
        let Engine { intent, ledger, unsettled, .. } = self;
        intent.route(topic, item, |id, set, keys| {
            if *unsettled {
                keys.iter().flat_map(|keys| keys.iter()).for_each(|key| ledger.seen(key));
            }
            set.last_push = now;
            set.stale = false;
            if !set.gaps.is_empty() {
                keys.iter().for_each(|keys| told_gaps(id, set, keys, now, out));
            }
            out.push(Action::Deliver(id));
        });
        if out.len() == before {
            out.push(Action::Unwanted);
        }
    }

    pub(super) fn line(&mut self, line: Line<'_>, now: Now, out: &mut Vec<Action>) {
        if !matches!(line, Line::Closed(_) | Line::Failed(_)) {
            self.heard = Some(now);
        }
        match line {
            Line::Opened if matches!(self.phase, Phase::Connect { .. }) => {
                self.phase = Phase::Login { until: now.at.saturating_add(self.rules.login) };
                out.push(Action::Login { epoch: self.epoch });
            }
            Line::Failed(Failure::Line(why)) => self.lost(why, Duration::ZERO, now, out),
            Line::Failed(Failure::Keys(why)) => match self.strikes.refused(self.rules.logins) {
                true => self.give_up(Why::Keys(why), now, out),
                false => self.lost(why, Duration::ZERO, now, out),
            },
            // the same close frame follows whatever the broker ends a connection for
            Line::Closed(Farewell::Kicked) => match self.parting {
                Some(why) => self.lost(why.into(), Duration::ZERO, now, out),
                None => self.kicked(now, out),
            },
            Line::Closed(Farewell::Lost(why)) => self.lost(why, Duration::ZERO, now, out),
            Line::System { code: "R10001" } => self.kicked(now, out),
            Line::System { code: "R10002" } => {
                self.parting = Some("closed by the broker: no echo of its pings (R10002)")
            }
            Line::System { code: "R10004" } => self.parting = Some("closed by the broker: no login in time (R10004)"),
            Line::Login(answer) if matches!(self.phase, Phase::Login { .. }) => self.login(answer, now, out),
            Line::Answered(kind, number, answer) => self.answered(kind, number, &answer, now, out),
            Line::Ping(text) if matches!(self.phase, Phase::Open { .. }) => {
                out.push(Action::Echo { epoch: self.epoch, text: text.to_owned() });
            }
            Line::Ping(text) if self.pings.len() < PINGS => self.pings.push(text.to_owned()),
            Line::Opened | Line::Login(_) | Line::System { .. } | Line::Ping(_) | Line::Push { .. } | Line::Other => {}
        }
    }

    fn login(&mut self, answer: Answer, now: Now, out: &mut Vec<Action>) {
        if answer.verdict != Verdict::Fine {
            self.renew = true;
            if self.strikes.refused(self.rules.logins) {
                let Answer { code, message, .. } = answer;
                return self.give_up(Why::Login { code, message }, now, out);
            }
            return self.lost(format!("login refused: {} {}", answer.code, answer.message), Duration::ZERO, now, out);
        }
        self.strikes.logged_in();
        self.renew = false;
        self.phase = Phase::Open { since: now.at };
        self.pace.hold(now.at.saturating_add(self.rules.settling));
        let epoch = self.epoch;
        out.extend(self.pings.drain(..).map(|text| Action::Echo { epoch, text }));
        out.extend(self.intent.ids().map(|set| Action::Notify(set, Notice::Connected)));
        for (_, set) in self.intent.sets() {
            (set.last_push, set.stale) = (now, false);
        }
    }

    fn answered(&mut self, kind: Kind, number: Option<&str>, answer: &Answer, now: Now, out: &mut Vec<Action>) {
        let change = self.ledger.answered(kind, number, answer, &self.intent, &self.rules);
        self.pace.hold(now.at.saturating_add(self.rules.settling));
        match change {
            Change::Nothing | Change::Moved => {}
            Change::TooFast => self.pace.hold(now.at.saturating_add(self.rules.too_fast)),
            Change::NotLoggedIn => {
                self.renew = true;
                self.lost(format!("not logged in: {} {}", answer.code, answer.message), Duration::ZERO, now, out);
            }
            Change::Confirmed(keys) => {
                for (id, set) in self.intent.sets().filter(|(_, set)| !set.gaps.is_empty()) {
                    told_gaps(id, set, &keys, now, out);
                }
            }
            Change::Full(keys) => self.tell_full(&keys, out),
            Change::Rejected(keys) => {
                for key in keys {
                    let notice = Notice::Rejected {
                        key: key.clone(),
                        code: answer.code.clone(),
                        message: answer.message.clone(),
                    };
                    out.extend(self.intent.owners(&key).iter().map(|set| Action::Notify(*set, notice.clone())));
                }
            }
        }
    }
}

impl Engine {
    /// Tells each set for which of its keys there is no room.
    pub(super) fn tell_full(&mut self, keys: &[Key], out: &mut Vec<Action>) {
        for (id, set) in self.intent.sets() {
            let keys: Vec<Key> = keys.iter().filter(|key| set.keys.contains(key)).cloned().collect();
            if !keys.is_empty() {
                out.push(Action::Notify(id, Notice::SlotsFull { keys }));
            }
        }
    }
}

/// Tells a set from when to when pushes of `keys` may be missing, once.
fn told_gaps(id: SetId, set: &mut intent::Set, keys: &[Key], now: Now, out: &mut Vec<Action>) {
    let mut told: Vec<(Now, Vec<Key>)> = Vec::new();
    for key in keys {
        let Some(from) = set.gaps.remove(key) else { continue };
        match told.iter_mut().find(|(known, _)| *known == from) {
            Some((_, keys)) => keys.push(key.clone()),
            None => told.push((from, vec![key.clone()])),
        }
    }
    out.extend(told.into_iter().map(|(from, keys)| Action::Notify(id, Notice::Gap { keys, from, to: now })));
}
