//! Everything behind the door: gateway, market, account, socket lines. It is told the time, asked, and answers.
//!
//! No network and no clock; the server is thin around it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::jiff::civil::{Date, DateTime};
use kiwoom_api::registry::Entry;

use crate::answer::{balance_push, body, book_push, order_push, trade_push};
use crate::broker::{Account, Change, Fees, Refused, Takes, number_text};
use crate::envelope::{
    Ask, Found, Owner, Personality, Rates, Reissue, Said, Tokens, check, entry_of, firewall, quota_refusal, refusal,
};
use crate::faults::{Event, Fault, Faults, Scene, twist};
use crate::log::{Heard, Log, Logged};
use crate::market::{Happened, Market, OrderSide, QueueModel};
use crate::session::Session;
use crate::socket::{Lines, Out};
use crate::view::{ACCOUNT_NO, View};

/// How the simulator is set up.
#[derive(Clone)]
pub(crate) struct Setup {
    pub seed: u64,
    pub start: DateTime,
    pub personality: Personality,
    pub cash: i64,
    /// None for those of the personality.
    pub fees: Option<Fees>,
    pub queue: Arc<dyn QueueModel>,
    pub is_limited: bool,
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
    pub lines: Lines,
    dice: fastrand::Rng,
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
            account: Account::new(setup.cash, setup.fees.unwrap_or(setup.personality.fees())),
            tokens: Tokens::new(setup.seed, setup.personality, setup.reissue),
            rates: Rates::default(),
            faults: Faults::new(setup.seed),
            log: Log::default(),
            lines: Lines::new(setup.personality),
            dice: fastrand::Rng::with_seed(setup.seed ^ 0xd1ce),
            late: Vec::new(),
            // those before the start are nobody's news
            pushed: (0..market.len()).map(|index| (setup.start.date(), market.stock(index).tape().len())).collect(),
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
        let mut day = session.today();
        market.run_to(target.now(), &mut |_, (at, Happened { fills, moved, closed })| {
            if at.date() != day {
                account.begin_day();
                day = at.date();
            }
            all_changes.extend(fills.into_iter().filter_map(|fill| account.book(fill)));
            if closed {
                account.close_day();
            }
            all_moved.extend(moved);
        });
        if target.today() != day {
            account.begin_day();
        }
        self.session = target;
        self.lines.tick(elapsed);
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
        self.log.add(Logged::of(self.session.now(), &ask, &said, &faults));
        Answered { said, faults }
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
        let said = self.act(ask, entry);
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
        match entry.meta.id {
            "kt10000" | "kt10001" | "kt10002" | "kt10003" => match self.trade(ask, entry.meta.id) {
                Ok(inner) => Said::done(&inner, "정상적으로 처리되었습니다"),
                Err(refused) => {
                    let (class, message) = refused.told(ask.field("stk_cd"));
                    refusal(class, message)
                }
            },
            "ka10095" if ask.field("stk_cd").split('|').count() > 100 => refusal(5, "[1634:요청 종목 수 초과]"),
            "ka10081" if ask.fields.contains_key("base_dt") && ask.field("base_dt").is_empty() => {
                refusal(2, "입력 값 오류입니다[1511:필수 입력 값 없음. 필수입력 파라미터=base_dt]")
            }
            _ => {
                let (inner, next_key) = body(&self.view(), ask, entry);
                let found =
                    if inner.contains("[]") && !inner.contains("[{") { Found::Nothing } else { Found::Something };
                Said { next_key, ..Said::done(&inner, self.setup.personality.done(found)) }
            }
        }
    }

    /// Carries out an order.
    fn trade(&mut self, ask: &Ask, api: &str) -> Result<String, Refused> {
        let code = ask.field("stk_cd");
        // a venue or a prefix does not belong to the code of an order (1902)
        let known = code.len() == 6 && self.market.find(code).is_some();
        let venue = match ask.field("dmst_stex_tp") {
            "KRX" => "KRX",
            "NXT" if self.setup.personality == Personality::Real => "NXT",
            "SOR" if self.setup.personality == Personality::Real => "SOR",
            _ => return Err(Refused::Venue),
        };
        let at = self.session.now();
        let shown_from = self.session.elapsed() + Duration::from_millis(self.dice.u64(1_000..=2_000));
        let Some(stock) = self.market.find_mut(code).filter(|_| known) else { return Err(Refused::Stock) };
        let original = || ask.field("orig_ord_no").parse().map_err(|_| Refused::Original);
        let (number, inner, changes) = match api {
            "kt10000" | "kt10001" => {
                let side = if api == "kt10000" { OrderSide::Buy } else { OrderSide::Sell };
                let price = match (ask.field("trde_tp"), ask.number("ord_uv").ok_or(Refused::Price)?) {
                    ("0", 0) => return Err(Refused::Price),
                    ("0", price) => Some(price),
                    ("3", 0) => None,
                    ("3", _) => return Err(Refused::Price),
                    _ => return Err(Refused::OrderType),
                };
                let qty = ask.number("ord_qty").ok_or(Refused::Quantity)?;
                let takes = Takes { side, price, qty, venue };
                let (number, changes) = self.account.submit(takes, stock, (at, shown_from))?;
                (number, String::new(), changes)
            }
            "kt10002" => {
                let qty = ask.number("mdfy_qty").ok_or(Refused::Quantity)?;
                let price = ask.number("mdfy_uv").filter(|price| *price > 0).ok_or(Refused::Price)?;
                let original = original()?;
                let (number, qty, changes) = self.account.modify((original, qty, price), stock, (at, shown_from))?;
                (number, format!(r#","base_orig_ord_no":"{}","mdfy_qty":"{qty:012}""#, number_text(original)), changes)
            }
            _ => {
                let qty = ask.number("cncl_qty").ok_or(Refused::Quantity)?;
                let original = original()?;
                let (number, qty, changes) = self.account.cancel((original, qty), stock, (at, shown_from))?;
                (number, format!(r#","base_orig_ord_no":"{}","cncl_qty":"{qty:012}""#, number_text(original)), changes)
            }
        };
        let moved: BTreeSet<usize> = self.market.position(code).into_iter().collect();
        self.push_market(&moved);
        self.push_changes(&changes);
        // cancellations do not tell their venue
        let venue = if api == "kt10003" { String::new() } else { format!(r#","dmst_stex_tp":"{venue}""#) };
        Ok(format!(r#"{{"ord_no":"{}"{inner}{venue}}}"#, number_text(number)))
    }

    /// Whether money and shares agree.
    pub fn audit(&self) -> Result<(), String> {
        self.account.audit_all()
    }

    fn push_market(&mut self, moved: &BTreeSet<usize>) {
        let mut out = Vec::new();
        let view = View {
            market: &self.market,
            account: &self.account,
            session: &self.session,
            account_no: ACCOUNT_NO,
            seed: self.setup.seed,
        };
        for index in moved {
            let stock = view.market.stock(*index);
            let code = stock.listing.code;
            let tape = stock.tape();
            let today = view.session.today();
            let (day, before) = std::mem::replace(&mut self.pushed[*index], (today, tape.len()));
            let from = if day == today { before.min(tape.len()) } else { 0 };
            if self.lines.want("0B", code) {
                let mut volume: i64 = tape[..from].iter().map(|tick| tick.qty).sum();
                for tick in &tape[from..] {
                    volume += tick.qty;
                    out.extend(trade_push(&view, stock, tick, volume).map(|text| ("0B", code, text)));
                }
            }
            if self.lines.want("0D", code) {
                out.extend(book_push(&view, stock).map(|text| ("0D", code, text)));
            }
        }
        for (topic, item, text) in out {
            self.push(topic, item, &text);
        }
    }

    fn push_changes(&mut self, changes: &[Change]) {
        if !self.lines.are_open() {
            return;
        }
        for change in changes {
            if let Some(text) = order_push(&self.view(), change) {
                self.push("00", "", &text);
            }
            if let Change::Filled(order) = change
                && let Some(text) = balance_push(&self.view(), order)
            {
                self.push("04", "", &text);
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
            let text: Vec<String> = crate::socket::condition(&self.view(), &asked);
            // the first one acknowledges a search
            let unsaid = usize::from(is_silent && asked.is_search());
            text.into_iter().skip(unsaid).for_each(|text| self.lines.say(line, text));
        }
    }

    /// What is to be sent, by line.
    pub fn outbox(&mut self) -> Vec<(u64, Out)> {
        self.lines.drain()
    }
}

/// `trnm` of a frame.
fn kind_of(text: &str) -> String {
    let frame: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    frame["trnm"].as_str().unwrap_or_default().to_owned()
}
