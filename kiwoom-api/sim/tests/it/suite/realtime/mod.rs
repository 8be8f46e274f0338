//! Realtime data from the simulator over a line that breaks. The market is the truth: the cumulative volume of a trade is that of
//! the one before it and its own quantity, so each push that is missing shows.

mod live;
mod random;
mod troubles;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::jiff::tz::Offset;
use kiwoom_api::realtime::{Event, Feed, Item, Stage};
use kiwoom_api::{Client, Limits, ManualClock};
use kiwoom_sim::Sim;

use super::house::Simulated;
use super::wire::Wire;

/// Nothing on this machine takes longer, unless it never comes.
const SOON: Duration = Duration::from_secs(30);

/// A simulator, a line to it, and the client at its end with a clock of its own.
struct Air {
    sim: Sim,
    wire: Wire,
    client: Client,
    /// Past the line.
    direct: Client,
    time: ManualClock,
}

impl Air {
    async fn new(seed: u64) -> Air {
        let sim = Sim::builder().seed(seed).cash(10_000_000_000).without_quotas().start().await.unwrap();
        let wire = Wire::to(&sim, seed).await;
        let time = ManualClock::at(Offset::constant(9).to_timestamp(sim.now()).unwrap());
        let client = Client::builder(wire.server(), Simulated::keys())
            .clock(time.clock())
            .limits(Limits::unlimited())
            .build()
            .unwrap();
        let direct = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        Air { sim, wire, client, direct, time }
    }

    /// Time passes on both sides, in steps that leave either one the time to act.
    async fn pass(&self, by: Duration) {
        let mut left = by;
        while left > Duration::ZERO {
            let step = left.min(Duration::from_millis(500));
            self.time.advance(step);
            match self.wire.is_open() {
                true => self.sim.advance(step).await,
                // it would wait for an echo that cannot come
                false => {
                    self.sim.clock().advance(step);
                    let _plays = self.sim.now();
                }
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
            left -= step;
        }
    }

    /// Time passes until it is so.
    #[track_caller]
    fn until(&self, is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let begun = Instant::now();
            while !is_so() {
                assert!(begun.elapsed() < SOON, "it never came to that: {place}");
                self.pass(Duration::from_millis(500)).await;
            }
        }
    }

    /// Time passes until something is done that may wait for it.
    async fn during<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            tokio::select! {
                biased;
                done = &mut future => return done,
                () = self.pass(Duration::from_millis(500)) => {}
            }
        }
    }

    /// Time passes until everything that is wanted is registered.
    async fn until_live(&self, feed: &Feed) {
        self.until(|| feed.standing().phase == Stage::Live).await;
    }

    /// The volume of the day in the market, past the line.
    async fn volume(&self, symbol: &str) -> i64 {
        let body = format!(r#"{{"stk_cd":"{symbol}"}}"#);
        let reply = self.direct.call_raw("ka10001", "/api/dostk/stkinfo", &body).read().await.unwrap();
        let reply: serde_json::Value = serde_json::from_str(reply.text()).unwrap();
        reply["trde_qty"].as_str().unwrap().trim().parse().unwrap()
    }

    /// Lets time pass until the last trade that came is the last one of the market.
    async fn catch_up(&self, feed: &mut Feed, trades: &mut Trades) {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < SOON, "{trades:?} {:?}", feed.standing());
            self.pass(Duration::from_millis(500)).await;
            trades.take_all(feed);
            if feed.standing().phase != Stage::Live {
                continue;
            }
            let mut is_behind = false;
            for symbol in trades.symbols.clone() {
                is_behind |= trades.last.get(symbol) != Some(&self.volume(symbol).await);
            }
            if !is_behind {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
            trades.take_all(feed);
        }
    }
}

/// What a reader saw of the trades of some symbols.
#[derive(Debug, Default)]
struct Trades {
    symbols: Vec<&'static str>,
    last: BTreeMap<String, i64>,
    /// Symbols for which a gap was announced, and no trade has come since.
    excused: BTreeSet<String>,
    /// Trades that came twice are no surprise.
    may_repeat: bool,
    pushes: usize,
    repeated: usize,
    /// Announced gaps in which trades are missing indeed.
    missed: usize,
    gaps: usize,
    events: Vec<Event>,
}

impl Trades {
    fn of(symbols: impl IntoIterator<Item = &'static str>) -> Trades {
        Trades { symbols: symbols.into_iter().collect(), ..Trades::default() }
    }

    /// Everything that has come.
    fn take_all(&mut self, feed: &mut Feed) {
        while let Some(item) = feed.next().now_or_never() {
            self.take(item.expect("no end"));
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Push(push) => {
                assert!(push.anomalies().is_empty(), "{:?}", push.anomalies());
                let Some(trade) = push.of::<StockTrade>() else { return };
                let (symbol, now) = (push.symbol().to_owned(), trade.volume.unwrap());
                let qty = trade.trade_qty.unwrap().qty;
                let before = self.last.insert(symbol.clone(), now);
                self.pushes += 1;
                if self.may_repeat && before == Some(now) {
                    self.repeated += 1;
                    return;
                }
                let was_excused = self.excused.remove(&symbol);
                let follows = before.is_none_or(|before| before + qty == now);
                assert!(follows || was_excused, "{symbol}: {qty} shares after {before:?} make {now}: {self:?}");
                self.missed += usize::from(!follows);
            }
            Item::Event(event) => {
                assert!(!matches!(event, Event::Lagged { .. } | Event::Rejected { .. }), "{event}");
                if let Event::Gap { topic: "0B", symbols, .. } = &event {
                    self.gaps += 1;
                    self.excused.extend(symbols.iter().cloned());
                }
                self.events.push(event);
            }
            _ => unreachable!(),
        }
    }

    fn count(&self, is_it: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| is_it(event)).count()
    }

    fn losses(&self) -> usize {
        self.count(|event| matches!(event, Event::Disconnected { .. } | Event::Kicked { .. }))
    }
}
