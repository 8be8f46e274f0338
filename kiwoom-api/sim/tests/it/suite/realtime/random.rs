//! Whatever happens to the line, in an order that a seed chooses: no trade is missing that was not announced, and in the end
//! everything is as it was.
//!
//! `KIWOOM_SCHEDULES` says how many seeds, `KIWOOM_SEED` names the first one; the tests run a few.

use std::time::Duration;

use kiwoom_api::domestic::realtime::{OrderBook, OrderExecution, StockTrade};
use kiwoom_api::realtime::{Event, Feed};
use kiwoom_sim::{Fault, Rule};

use super::super::wire::{Break, Cut, Flow};
use super::{Air, Trades};

const SECOND: Duration = Duration::from_secs(1);
const SYMBOLS: [&str; 3] = ["005930", "000660", "035720"];

/// What happened in all runs.
#[derive(Debug, Default)]
struct Sum {
    pushes: usize,
    losses: usize,
    gaps: usize,
    missed: usize,
    repeated: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trade_is_missing_that_was_not_announced() {
    let number = |name| std::env::var(name).ok().map(|text: String| text.parse::<u64>().expect("a number"));
    let (count, first) = (number("KIWOOM_SCHEDULES").unwrap_or(8), number("KIWOOM_SEED").unwrap_or(0));
    let mut sum = Sum::default();
    for seeds in (first..first + count).collect::<Vec<_>>().chunks(4) {
        let runs: Vec<_> = seeds.iter().map(|seed| tokio::spawn(run(*seed))).collect();
        for (seed, run) in seeds.iter().zip(runs) {
            for trades in run.await.unwrap_or_else(|_| panic!("KIWOOM_SEED={seed} shows it again")) {
                sum.pushes += trades.pushes;
                sum.losses += trades.losses();
                sum.gaps += trades.gaps;
                sum.missed += trades.missed;
                sum.repeated += trades.repeated;
            }
        }
    }
    println!("{count} seeds: {sum:?}");
    assert!(sum.pushes > 100 && sum.losses > 0 && sum.missed > 0 && sum.repeated > 0, "{sum:?}");
}

/// One day of a program with a set that stays and another one that comes and goes.
async fn run(seed: u64) -> [Trades; 2] {
    let mut dice = fastrand::Rng::with_seed(seed);
    let air = Air::new(seed).await;
    let topics = air.client.realtime().topic::<StockTrade>(SYMBOLS[..2].to_vec()).all::<OrderExecution>();
    let (mut feed, mut trades) = (topics.start().unwrap(), Trades::of(["005930", "000660"]));
    let (mut other, mut others): (Option<Feed>, _) = (None, Trades::of(["000660", "035720"]));
    (trades.may_repeat, others.may_repeat) = (true, true);
    // the fourth within an hour would end it
    let mut kicks = 3;
    for _ in 0..40 {
        match dice.u8(..16) {
            0 => air.wire.cut(Cut::Closed),
            1 => air.wire.cut(Cut::Reset),
            2 => {
                air.wire.cut_next(dice.usize(..3_000), if dice.bool() { Cut::Closed } else { Cut::Reset });
                air.wire.cut(Cut::Reset);
            }
            3 => air.wire.flow(Flow::Late),
            4 => air.wire.flow(Flow::Dead),
            5 => air.wire.flow(Flow::Deaf),
            6 => air.wire.go_down(),
            7 => air.sim.kill_tokens(),
            8 if kicks > 0 => {
                kicks -= 1;
                air.sim.kick();
            }
            9 => air.sim.fault(Rule::new(Fault::MissedAck).times(1)),
            10 => air.sim.fault(Rule::new(Fault::Duplicate).chance(dice.f64())),
            11 => air.wire.trouble(Break::ResetAfter, 0.5),
            12 => match other.take() {
                Some(_) => others.last.clear(),
                None => {
                    let topics = air.client.realtime().topic::<StockTrade>(SYMBOLS[1..].to_vec());
                    other = Some(topics.topic::<OrderBook>(SYMBOLS[2..].to_vec()).start().unwrap());
                }
            },
            _ => {
                air.wire.heal();
                air.sim.heal();
            }
        }
        air.pass(SECOND * dice.u32(..12)).await;
        trades.take_all(&mut feed);
        if let Some(other) = &mut other {
            others.take_all(other);
        }
    }
    air.wire.heal();
    air.sim.heal();
    air.until_live(&feed).await;
    air.catch_up(&mut feed, &mut trades).await;
    if let Some(other) = &mut other {
        air.catch_up(other, &mut others).await;
    }
    let connected = trades.count(|event| matches!(event, Event::Connected));
    assert!(connected > 0 && trades.gaps <= connected, "a gap for each connection at most: {trades:?}");
    [trades, others]
}
