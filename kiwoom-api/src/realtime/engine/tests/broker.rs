//! The broker of a schedule: what it does with a connection, a login and a request, and what it demands of them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::*;
use super::world::{Connection, Event, Owned, World};

impl World {
    pub(super) fn dial(&mut self, epoch: Epoch, renew: bool) {
        self.demand(self.line.is_none(), "one connection at a time");
        let rested = self.hung.is_none_or(|hung| self.now >= hung + self.rules.pauses.0 / 2);
        self.demand(rested, "a pause before each connection");
        self.demand(!self.users.is_empty(), "somebody wants a connection");
        self.tally.connections += 1;
        self.check_token(renew);
        if renew {
            self.token_dead = false;
        }
        self.line = Some(Connection { epoch, ..Connection::default() });
        let ms = self.random.u64(1..900);
        match self.chance() {
            0..12 => self.say(ms, Owned::Failed(Failure::Line("refused".into()))),
            12..15 => {
                self.keys_refused = true;
                self.say(ms, Owned::Failed(Failure::Keys("8001".into())));
            }
            15..18 => {}
            18..20 => self.say(ms, Owned::Closed(Farewell::Lost("1000 in the handshake".into()))),
            _ => self.say(ms, Owned::Opened),
        }
    }

    pub(super) fn login(&mut self, epoch: Epoch) {
        let dead = self.token_dead;
        let line = self.line.as_mut().filter(|line| line.epoch == epoch && !line.login_sent);
        let Some(line) = line else { return self.fail("one login on a connection") };
        line.login_sent = true;
        line.logged_in = !dead;
        let ms = self.random.u64(1..400);
        if self.random.u8(..5) == 0 {
            self.say(ms / 2, Owned::Ping("{\"trnm\":\"PING\"}".into()));
        }
        if dead {
            self.tally.dead_tokens += 1;
            let answer = Answer { verdict: Verdict::NotLoggedIn, code: "805004".into(), message: String::new() };
            return self.say(ms, Owned::Login(answer));
        }
        match self.chance() {
            0..3 => {
                let answer = Answer { verdict: Verdict::Refused, code: "8050".into(), message: String::new() };
                self.say(ms, Owned::Login(answer));
            }
            3..6 => {}
            6..8 => self.say(ms, Owned::Closed(Farewell::Lost("R10004".into()))),
            _ => {
                self.say(ms, Owned::Login(Answer::fine()));
                self.after(ms + 10_000, Event::Beat(epoch));
            }
        }
    }

    pub(super) fn serve(&mut self, epoch: Epoch, request: &Request) {
        let line = self.line.clone().filter(|line| line.epoch == epoch && line.welcome && line.logged_in);
        let Some(mut line) = line else { return self.fail("no request before the login is answered") };
        self.demand(line.open_request.is_none(), "one request at a time");
        self.sent.push_back(self.now);
        self.sent.retain(|at| *at + Duration::from_secs(1) > self.now);
        self.demand(self.sent.len() <= 5, "the rate is kept");
        self.demand(self.now >= self.past.slow_until, "a pause after a request that was too fast");
        let keys = request.keys();
        self.demand(
            keys.len() <= self.rules.batch && keys.iter().all(|key| key.topic == keys[0].topic),
            "small batches",
        );
        self.demand(keys.iter().collect::<BTreeSet<_>>().len() == keys.len(), "no key twice in a request");
        let removal = matches!(request, Request::Remove(_) | Request::Clear(_));
        let (verdict, code) = match self.chance() {
            0..85 if removal && self.stubborn => (Verdict::Refused, "105101"),
            0..3 => (Verdict::TooFast, "105110"),
            3..8 => (Verdict::Refused, "105101"),
            8..11 => (Verdict::NoSlot, "105115"),
            11..12 => (Verdict::NotLoggedIn, "100013"),
            _ => (Verdict::Fine, ""),
        };
        if verdict == Verdict::Fine {
            match request {
                Request::Register(keys) => {
                    let twice = keys.iter().any(|key| line.registered.contains(key) && !line.stuck.contains(key));
                    self.demand(!twice, "nothing is registered twice");
                    line.registered.extend(keys.iter().cloned());
                }
                Request::Search(key) => {
                    self.demand(line.listed, "the list comes before a search");
                    self.demand(!line.registered.contains(key) || line.stuck.contains(key), "no search twice");
                    line.registered.insert(key.clone());
                    self.tally.searches += 1;
                }
                Request::Remove(keys) => {
                    line.registered.retain(|key| !keys.contains(key));
                    self.tally.removed += 1;
                }
                Request::Clear(key) => line.registered.retain(|known| known != key),
                Request::Conditions => line.listed = true,
            }
        } else {
            self.tally.refusals += 1;
            if removal {
                line.stuck.extend(keys.iter().cloned());
            }
        }
        line.open_request = Some(request.clone());
        self.line = Some(line);
        self.check_slots();
        let number = match request {
            Request::Search(key) | Request::Clear(key) if self.random.bool() => {
                Some(format!("{}  ", key.item.code.as_str()))
            }
            _ => None,
        };
        let answer =
            Owned::Answered(request.kind(), number, Answer { verdict, code: code.into(), message: String::new() });
        let ms = self.random.u64(1..200);
        // a push may come before the answer
        if verdict == Verdict::Fine
            && self.random.u8(..4) == 0
            && let Request::Register(keys) = request
        {
            let key = keys[self.random.usize(..keys.len())].clone();
            self.say(ms / 2, Owned::Push(key));
        }
        match self.chance() {
            0..3 => self.tally.lost += 1,
            3..6 => {
                self.tally.late += 1;
                let late = self.random.u64(1_000..30_000);
                if self.random.u8(..3) == 0 {
                    let again = late + self.random.u64(..50);
                    self.say(again, answer.clone());
                }
                self.say(late, answer);
            }
            6..10 => {
                self.tally.doubled += 1;
                let again = ms + self.random.u64(..50);
                self.say(ms, answer.clone());
                self.say(again, answer);
            }
            _ => self.say(ms, answer),
        }
    }

    /// A number of 0 to 99; no fault when all is to be well.
    pub(super) fn chance(&mut self) -> u32 {
        if self.faults { self.random.u32(..100) } else { 99 }
    }
}
