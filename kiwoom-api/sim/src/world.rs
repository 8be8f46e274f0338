//! Everything behind the door: gateway, market, account, socket lines. It is told the time, asked, and answers.
//!
//! No network and no clock; the server is thin around it.

mod searches;
mod trade;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::jiff::civil::{Date, DateTime};
use kiwoom_api::registry::Entry;

use self::searches::Watch;
use self::trade::{Door, Want};
use crate::answer::{Given, Page, Quote, Writer, body, pushes_of_change, pushes_of_stock, session_push};
use crate::broker::{Account, Change, Credit, Desk, Fees, Funds, Refused};
use crate::envelope::{
    Ask, Owner, Personality, Rates, Reissue, Rows, Said, Tokens, check, entry_of, firewall, quota_refusal, refusal,
};
use crate::faults::{Event, Fault, Faults, Scene, twist};
use crate::log::{Heard, Log, Logged};
use crate::market::{Condition, Conditions, Happened, Market, QueueModel, Stock};
use crate::placed::Placed;
use crate::replay::{Replay, Tape};
use crate::session::{Session, notices};
use crate::socket::{Lines, Out};
use crate::traffic::Traffic;
use crate::view::{ACCOUNT_NO, View};

/// How the simulator is set up.
#[derive(Clone)]
pub(crate) struct Setup {
    pub seed: u64,
    pub start: DateTime,
    pub personality: Personality,
    pub funds: Funds,
    /// None for those of the personality.
    pub fees: Option<Fees>,
    pub queue: Arc<dyn QueueModel>,
    pub is_limited: bool,
    pub conditions: Vec<Condition>,
    pub reissue: Reissue,
}

/// Everything behind the door.
pub(crate) struct World {
    setup: Setup,
    session: Session,
    market: Market,
    account: Account,
    pub tokens: Tokens,
    rates: Rates,
    pub faults: Faults,
    pub log: Log,
    pub traffic: Traffic,
    pub lines: Lines,
    /// Answers in the place of market and account.
    pub replay: Option<Replay>,
    /// Calls that are recorded.
    pub tape: Option<Tape>,
    dice: fastrand::Rng,
    conditions: Conditions,
    watches: Vec<Watch>,
    /// Requests that are still on their way, and when they arrive.
    late: Vec<(Duration, Ask)>,
    /// Trades of a day that were pushed already, by stock.
    pushed: Vec<(Date, usize)>,
}

/// What becomes of a reply on its way.
#[derive(Debug, PartialEq)]
pub(crate) struct Answered {
    pub said: Said,
    pub faults: Vec<Fault>,
}

impl World {
    pub fn new(setup: Setup) -> World {
        let market = Market::new(setup.seed, setup.start, &setup.queue);
        World {
            session: Session::new(setup.start),
            account: Account::new(setup.funds, setup.fees.unwrap_or(setup.personality.fees())),
            tokens: Tokens::new(setup.seed, setup.personality, setup.reissue),
            rates: Rates::default(),
            faults: Faults::new(setup.seed),
            log: Log::default(),
            traffic: Traffic::default(),
            lines: Lines::new(setup.personality),
            replay: None,
            tape: None,
            dice: fastrand::Rng::with_seed(setup.seed ^ 0xd1ce),
            // those before the start are nobody's news
            pushed: (0..market.len()).map(|index| market.stock(index)).map(|s| (s.day(), s.tape().len())).collect(),
            conditions: Conditions::new(setup.conditions.clone()),
            watches: Vec::new(),
            late: Vec::new(),
            market,
            setup,
        }
    }

    /// What replies are made from.
    pub fn view(&self) -> View<'_> {
        let World { market, account, session, setup, .. } = self;
        View { market, account, session, account_no: ACCOUNT_NO, seed: setup.seed }
    }

    /// Korean wall time.
    pub fn now(&self) -> DateTime {
        self.session.now()
    }

    /// Plays everything up to `elapsed` since the start.
    pub fn run_to(&mut self, elapsed: Duration) {
        while let Some(next) =
            (0..self.late.len()).min_by_key(|i| self.late[*i].0).filter(|i| self.late[*i].0 <= elapsed)
        {
            let (at, mut ask) = self.late.remove(next);
            self.play_to(at);
            // whoever asked is gone
            let _ = self.answer(&mut ask, &[]);
        }
        self.play_to(elapsed);
    }

    fn play_to(&mut self, elapsed: Duration) {
        let World { session, market, account, .. } = self;
        let mut target = *session;
        target.move_to(elapsed);
        let (mut all_moved, mut all_changes) = (BTreeSet::new(), Vec::new());

        market.run_to(target.now(), &mut |_, (_, Happened { began, fills, moved, closed })| {
            began.into_iter().for_each(|exchange| account.begin_day(exchange));
            all_changes.extend(fills.into_iter().filter_map(|fill| account.book(fill)));
            closed.into_iter().for_each(|exchange| account.close_day(exchange));
            all_moved.extend(moved);
        });
        let before = std::mem::replace(&mut self.session, target).now();
        self.lines.tick(elapsed);
        self.push_session(before);
        self.push_market(&all_moved);
        self.push_changes(&all_changes);
    }

    /// Answers one request.
    pub fn http(&mut self, mut ask: Ask) -> Answered {
        let api = ask.id().to_owned();
        let faults = self.strike(Event::Call, [&api, &ask.path], ask.connection);
        for fault in &faults {
            if let Fault::ArrivesLate(time) = fault {
                self.late.push((self.session.elapsed() + *time, ask.clone()));
            }
        }
        let said = match faults.iter().any(|fault| fault.keeps_from_acting()) {
            true => Said::json(String::new()),
            false => self.answer(&mut ask, &faults),
        };
        let said = twist(said, &faults, (&api, self.setup.personality.per_second()));
        self.traffic.call(self.session.now(), (&ask, &said), &faults);
        self.log.add(Logged::of(self.session.now(), &ask, &said, &faults));
        if let Some(tape) = self.tape.as_mut().filter(|_| faults.is_empty()) {
            tape.add(self.session.now(), &ask, &said);
        }
        Answered { said, faults }
    }

    /// Carries out an order of the page: as one of a client, but without token, quota and faults.
    pub fn by_hand(&mut self, mut ask: Ask) -> Said {
        let said = match entry_of(&ask).and_then(|entry| check(&mut ask, entry, self.setup.personality).map(|()| entry))
        {
            Ok(entry) => self.act(&ask, entry),
            Err(said) => said,
        };
        self.traffic.call(self.session.now(), (&ask, &said), &[]);
        self.log.add(Logged::of(self.session.now(), &ask, &said, &[]));
        said
    }

    /// Answers the request that opens a WebSocket; the reply, if it is not opened.
    pub fn handshake(&mut self, ask: &Ask) -> (Option<Said>, Vec<Fault>) {
        let faults = self.strike(Event::Handshake, [&ask.path, &ask.path], ask.connection);
        let refuses = |fault: &Fault| matches!(fault, Fault::Quota | Fault::Html | Fault::Status500);
        let said = match firewall(ask.agent.as_deref()) {
            Err(said) => Some(said),
            Ok(()) if faults.iter().any(refuses) => {
                let rate = self.setup.personality.per_second();
                Some(twist(Said::json(String::new()), &faults, (&ask.path, rate)))
            }
            Ok(()) => None,
        };
        (said, faults)
    }

    fn strike(&mut self, event: Event, names: [&str; 2], connection: u64) -> Vec<Fault> {
        self.faults.strike(&Scene { event, names, connection, now: self.session.elapsed() })
    }

    fn answer(&mut self, ask: &mut Ask, faults: &[Fault]) -> Said {
        if let Err(said) = firewall(ask.agent.as_deref()) {
            return said;
        }
        if ask.method != "POST" {
            return Said { status: 405, ..refusal(1, "[1504:URI 불일치]") };
        }
        if matches!(ask.path.as_str(), "/oauth2/token" | "/oauth2/revoke") {
            return self.sign_in_or_out(ask);
        }
        let now = self.session.elapsed();
        let entry = match entry_of(ask) {
            Ok(entry) => entry,
            Err(said) => return said,
        };
        if faults.contains(&Fault::TokenDeath) {
            self.tokens.kill();
        }
        let owner = match self.tokens.check(ask.authorization.as_deref(), now) {
            Ok(owner) => owner,
            Err(said) => return said,
        };
        if let Err(said) = self.admit(owner, entry.meta.id) {
            return said;
        }
        if let Err(said) = check(ask, entry, self.setup.personality) {
            return said;
        }
        let said = match &mut self.replay {
            Some(replay) => replay.answer(ask, entry.meta),
            None => self.act(ask, entry),
        };
        match self.account.audit() {
            Ok(()) => said,
            Err(broken) => Said { status: 500, ..Said::json(format!(r#"{{"simulator":{broken:?}}}"#)) },
        }
    }

    fn sign_in_or_out(&mut self, ask: &mut Ask) -> Said {
        ask.fields = serde_json::from_str(&ask.body).unwrap_or_default();
        let owner = self.tokens.asker(ask);
        if ask.path == "/oauth2/revoke" {
            return self.tokens.revoke(ask);
        }
        match self.admit(owner, "au10001") {
            Ok(()) => self.tokens.issue(ask, self.session.elapsed(), self.session.now()),
            Err(said) => said,
        }
    }

    fn admit(&mut self, owner: Owner, api: &'static str) -> Result<(), Said> {
        let rate = self.setup.personality.per_second();
        let is_within = !self.setup.is_limited || self.rates.admit((owner, api), self.session.elapsed(), rate);
        if is_within { Ok(()) } else { Err(quota_refusal(1700, api, rate)) }
    }

    fn act(&mut self, ask: &Ask, entry: &Entry) -> Said {
        if let Some(door) = Door::of(entry.meta.id) {
            return match self.trade(ask, entry, door) {
                Ok(inner) => Said::done(&inner, "정상적으로 처리되었습니다"),
                Err(refused) => {
                    let (class, message) = refused.told(ask.field("stk_cd"));
                    refusal(class, message)
                }
            };
        }
        match entry.meta.id {
            "ka10095" if ask.field("stk_cd").split('|').count() > 100 => refusal(5, "[1634:요청 종목 수 초과]"),
            "ka10081" if ask.fields.contains_key("base_dt") && ask.field("base_dt").is_empty() => {
                refusal(2, "입력 값 오류입니다[1511:필수 입력 값 없음. 필수입력 파라미터=base_dt]")
            }
            _ => {
                let (inner, next_key) = body(&self.view(), ask, entry);
                let found = if inner.contains("[]") && !inner.contains("[{") { Rows::Nothing } else { Rows::Something };
                Said { next_key, ..Said::done(&inner, self.setup.personality.done(found)) }
            }
        }
    }

    /// Carries out an order.
    fn trade(&mut self, ask: &Ask, entry: &Entry, door: Door) -> Result<String, Refused> {
        let code = ask.field("stk_cd");
        let venue = door.venue(ask, self.setup.personality)?;
        let at = self.session.now();
        let want = door.read(ask, venue, door.desk.exchange().day(at))?;
        let shown_from = self.session.elapsed() + Duration::from_millis(self.dice.u64(1_000..=2_000));
        let stock = self.market.find_mut(code).filter(|stock| is_meant(stock, (code, door.desk, venue)));
        let stock = stock.ok_or(Refused::Stock)?;
        if let Want::Modify(original, ..) | Want::Cancel(original, _) = &want {
            // each market, and credit, has doors of its own, and an order is changed where it stands (`BEHAVIOUR.md` O8)
            let is_here = self.account.find_open(*original).is_some_and(|order| {
                order.desk == door.desk && order.venue == venue && (order.credit != Credit::Cash) == door.is_credit
            });
            if door.desk.exchange().takes_orders(at) && !is_here {
                return Err(Refused::Original);
            }
        }
        let when = (at, shown_from);
        let (number, qty, changes) = match &want {
            Want::New(takes) => {
                let (number, changes) = self.account.submit(*takes, stock, when)?;
                (number, takes.qty, changes)
            }
            Want::Modify(original, qty, price) => self.account.modify((*original, *qty, *price), stock, when)?,
            Want::Cancel(original, qty) => self.account.cancel((*original, *qty), stock, when)?,
        };
        let moved: BTreeSet<usize> = self.market.position(code).into_iter().collect();
        self.push_market(&moved);
        self.push_changes(&changes);
        Ok(self.traded(ask, entry, door.told(&want, (number, qty), venue)))
    }

    /// The reply to an order that was taken.
    fn traded(&self, ask: &Ask, entry: &Entry, mut told: Given) -> String {
        let view = self.view();
        let quote = Quote::asked(&view, ask, entry);
        told = told.with("stk_nm", quote.name);
        if let Some(stock) = self.market.find(ask.field("stk_cd"))
            && Desk::of(stock.listing.kind) == Some(Desk::Us)
        {
            told = crate::answer::us_order(&view, stock, told);
        }
        let page = Page { head: told, is_all: true, ..Page::default() };
        Writer::new(&view, entry.meta, quote).reply(&mut *(entry.reply)(), &page)
    }

    /// The orders of all days, oldest first.
    pub fn orders(&self) -> Vec<Placed> {
        self.account.orders().iter().map(Placed::of).collect()
    }

    /// Whether money and shares agree.
    pub fn audit(&self) -> Result<(), String> {
        self.account.audit_all()
    }

    fn push_market(&mut self, moved: &BTreeSet<usize>) {
        let mut out = Vec::new();
        for index in moved {
            let stock = self.market.stock(*index);
            let (code, tape) = (stock.listing.code, stock.tape());
            let (day, before) = std::mem::replace(&mut self.pushed[*index], (stock.day(), tape.len()));
            let from = if day == stock.day() { before.min(tape.len()) } else { 0 };
            let wanted = &|topic: &str| self.lines.want(topic, code);
            out.extend(pushes_of_stock(&self.view(), stock, from, wanted).into_iter().map(|push| (code, push)));
        }
        for (code, (topic, text)) in out {
            self.push(topic, code, &text);
        }
        if !self.watches.is_empty() {
            self.push_searches(moved);
        }
    }

    fn push_session(&mut self, before: DateTime) {
        if !self.lines.want("0s", "") {
            return;
        }
        for notice in notices(before, self.session.now()) {
            if let Some(text) = session_push(&self.view(), &notice) {
                self.push("0s", "", &text);
            }
        }
    }

    fn push_changes(&mut self, changes: &[Change]) {
        self.traffic.changed(self.session.now(), changes);
        if !self.lines.are_open() {
            return;
        }
        for change in changes {
            for (topic, text) in pushes_of_change(&self.view(), change) {
                self.push(topic, "", &text);
            }
        }
    }

    fn push(&mut self, topic: &str, item: &str, text: &str) {
        let World { lines, faults, session, .. } = self;
        let now = session.elapsed();
        lines.push((topic, item), text, &mut |connection| {
            faults.strike(&Scene { event: Event::Push, names: [topic, item], connection, now })
        });
    }

    /// A frame of a socket line.
    pub fn frame(&mut self, line: u64, text: &str) {
        if self.lines.is_mute(line) {
            return;
        }
        self.traffic.heard(self.session.now(), line, text);
        let (now, connection) = (self.session.elapsed(), self.lines.connection(line));
        let trnm = kind_of(text);
        let faults = self.strike(Event::Frame, [&trnm, text], connection);
        let told = if trnm == "LOGIN" { String::new() } else { text.to_owned() };
        self.log.hear(Heard { at: self.session.now(), connection, trnm, text: told, faults: faults.clone() });
        for fault in &faults {
            match fault {
                Fault::Kick => return self.lines.kick(line),
                Fault::Break => return self.lines.snap(line),
                Fault::Mute => return self.lines.mute(line),
                Fault::PingFirst => self.lines.ping(line),
                _ => {}
            }
        }
        let is_silent = faults.contains(&Fault::MissedAck);
        let World { lines, tokens, .. } = self;
        let wanted = lines.frame((line, now), text, is_silent, &mut |token| tokens.owner(token, now));
        if let Some(asked) = wanted {
            let frames = match asked.search() {
                // it goes on, though its acknowledgement may be missed
                Some(search) => self.search(line, search).filter(|_| !is_silent).into_iter().collect(),
                None => crate::socket::first_pushes(&self.view(), &asked),
            };
            frames.into_iter().for_each(|text| self.lines.say(line, text));
        }
    }

    /// What is to be sent, by line.
    pub fn outbox(&mut self) -> Vec<(u64, Out)> {
        let mut out = self.lines.drain();
        if let Some(replay) = &mut self.replay {
            // what the market of the simulator pushes is no part of the recording
            out.retain(|(_, out)| !matches!(out, Out::Text(text) if text.starts_with(r#"{"trnm":"REAL""#)));
            let now = self.session.elapsed();
            while let Some(frame) = replay.due(now, self.lines.registered_at()) {
                self.lines.replay(&frame);
            }
            out.extend(self.lines.drain());
        }
        self.traffic.said(self.session.now(), &out);
        out
    }
}

/// Whether an order's code means this instrument. A prefix or a suffix does not belong to it (1902).
fn is_meant(stock: &Stock, (code, desk, venue): (&str, Desk, &str)) -> bool {
    let listing = stock.listing;
    listing.code == code && Desk::of(listing.kind) == Some(desk) && (desk != Desk::Us || listing.venue == venue)
}

/// `trnm` of a frame.
fn kind_of(text: &str) -> String {
    let frame: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    frame["trnm"].as_str().unwrap_or_default().to_owned()
}
