//! The fault suite of orders with the socket beside it: replies, pushes and lines are lost while orders are sent, changed and
//! filled, and in the end live orders are what the broker has.
//!
//! `KIWOOM_FAULTS` says how many seeds each fault gets in each market; the tests run a few.

mod crash;
pub mod market;
mod script;
pub mod time;
mod truth;

use self::market::Market;
use self::script::Tally;
use crate::support::{FAULTS, Fault};

/// Seeds that run at the same time.
const ABREAST: u64 = 36;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn domestic_orders_are_what_the_broker_has_after_any_fault() {
    after_any_fault(Market::Domestic, seeds(14)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn us_orders_are_what_the_broker_has_after_any_fault() {
    after_any_fault(Market::Us, seeds(10)).await;
}

fn seeds(few: u64) -> u64 {
    std::env::var("KIWOOM_FAULTS").map_or(few, |text| text.parse().expect("a number of seeds"))
}

async fn after_any_fault(market: Market, seeds: u64) {
    let started = std::time::Instant::now();
    let first: u64 = std::env::var("KIWOOM_SEED").map_or(0, |text| text.parse().expect("a seed"));
    let runs: Vec<(Fault, u64)> =
        FAULTS.into_iter().flat_map(|fault| (first..first + seeds).map(move |seed| (fault, seed))).collect();
    let mut tallies: Vec<(Fault, Tally)> = FAULTS.into_iter().map(|fault| (fault, Tally::default())).collect();
    let mut going = tokio::task::JoinSet::new();
    let mut runs = runs.into_iter();
    loop {
        while (going.len() as u64) < ABREAST
            && let Some((fault, seed)) = runs.next()
        {
            going.spawn(async move { (fault, script::run(market, (fault, seed)).await) });
        }
        let Some(run) = going.join_next().await else { break };
        let (fault, tally) = run.unwrap();
        tallies.iter_mut().find(|(known, _)| *known == fault).expect("one of them").1.add(&tally);
    }
    let mut all = Tally::default();
    for (fault, tally) in &tallies {
        println!("{market:?} {fault:?}: {tally:?}");
        assert!(tally.accepted > 0 && tally.unknown + tally.not_sent > 0, "{fault:?} had no effect: {tally:?}");
        all.add(tally);
    }
    println!("{market:?}: {} runs in {:?}", seeds * FAULTS.len() as u64, started.elapsed());
    // runs that reach nothing prove nothing
    for (what, seen) in all.reached() {
        assert!(seen > 0, "{what} was never reached: {all:?}");
    }
}
