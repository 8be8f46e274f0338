//! Everything behind the door: gateway, market, account, socket lines. It is told the time, asked, and answers.
//!
//! No network and no clock; the server is thin around it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::registry::Entry;

use crate::answer::{balance_push, body, book_push, order_push, trade_push};
use crate::broker::{Account, Change, Fees, Refused, Takes, number_text};
use crate::envelope::{Ask, Personality, Rates, Said, Tokens, check, entry_of, refusal};
use crate::faults::{Fault, Faults};
use crate::log::{Log, Logged};
use crate::market::{Happened, Market, OrderSide, QueueModel};
use crate::replay::{Replay, Tape};
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
    /// Answers in the place of market and account.
    pub replay: Option<Replay>,
    /// Calls that are recorded.
    pub tape: Option<Tape>,
    dice: fastrand::Rng,
    /// Trades that were pushed already, by stock.
    pushed: Vec<usize>,
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
            tokens: Tokens::new(setup.seed),
            rates: Rates::default(),
            faults: Faults::new(setup.seed),
            log: Log::default(),
            lines: Lines::new(setup.personality),
            replay: None,
            tape: None,
            dice: fastrand::Rng::with_seed(setup.seed ^ 0xd1ce),
            // the trades of the morning were pushed before anybody listened
            pushed: (0..market.len()).map(|index| market.stock(index).tape().len()).collect(),
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
        let api = ask.api.clone().unwrap_or_default();
        let faults = self.faults.strike(&api, &ask.path);
        let acts = !faults.contains(&Fault::DropBefore);
        let said = match acts {
            true if faults.contains(&Fault::Quota) => self.over_quota(&api),
            true => self.answer(&mut ask, &faults),
            false => Said::json(String::new()),
        };
        let said = Fault::twist(said, &faults);
        self.log.add(Logged::of(self.session.now(), &ask, &said, &faults));
        if let Some(tape) = self.tape.as_mut().filter(|_| faults.is_empty()) {
            tape.add(self.session.now(), &ask, &said);
        }
        Answered { said, faults }
    }

    fn answer(&mut self, ask: &mut Ask, faults: &[Fault]) -> Said {
        if ask.method != "POST" {
            return Said { status: 405, ..refusal(1, "[1504:URI 불일치]") };
        }
        let (now, wall) = (self.session.elapsed(), self.session.now());
        match ask.path.as_str() {
            "/oauth2/token" | "/oauth2/revoke" => {
                ask.fields = serde_json::from_str(&ask.body).unwrap_or_default();
                return match ask.path.as_str() {
                    "/oauth2/token" => self.tokens.issue(ask, now, wall),
                    _ => self.tokens.revoke(ask),
                };
            }
            _ => {}
        }
        let entry = match entry_of(ask) {
            Ok(entry) => entry,
            Err(said) => return said,
        };
        if faults.contains(&Fault::TokenDeath) {
            self.tokens.kill();
        }
        if let Err(said) = self.tokens.check(ask.authorization.as_deref(), now) {
            return said;
        }
        if self.setup.is_limited && !self.rates.admit(entry.meta.id, now, self.setup.personality.per_second()) {
            return self.over_quota(entry.meta.id);
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

    fn over_quota(&self, api: &str) -> Said {
        let rate = self.setup.personality.per_second();
        refusal(5, format!("허용된 요청 개수를 초과하였습니다[1700:유량 초과. 유량={rate}, API ID={api}]"))
    }

    fn act(&mut self, ask: &Ask, entry: &Entry) -> Said {
        let done = self.setup.personality.done();
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
                Said { next_key, ..Said::done(&inner, done) }
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
        self.pushed.resize(self.market.len(), 0);
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
            let from = self.pushed[*index].min(tape.len());
            self.pushed[*index] = tape.len();
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
        let twice = self.faults.strike_push(topic);
        self.lines.push((topic, item), text);
        if twice {
            self.lines.push((topic, item), text);
        }
    }

    /// A frame of a socket line.
    pub fn frame(&mut self, line: u64, text: &str) {
        let now = self.session.elapsed();
        let fault = self.faults.strike_frame(text);
        if fault == Some(Fault::Kick) {
            self.lines.kick(line);
            return;
        }
        let World { lines, tokens, .. } = self;
        let wanted =
            lines.frame((line, now), text, fault == Some(Fault::MissedAck), &mut |token| tokens.is_good(token, now));
        if let Some(asked) = wanted {
            let text: Vec<String> = crate::socket::condition(&self.view(), &asked);
            text.into_iter().for_each(|text| self.lines.say(line, text));
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
        out
    }
}
