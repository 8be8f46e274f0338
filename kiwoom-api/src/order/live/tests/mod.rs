//! The book under seeded schedules: a scripted broker with partial fills, changes and cancellations that race with them, orders
//! typed by hand; pushes lost, doubled, reordered; connections that break; replies that never come; lists that are late.
//!
//! `KIWOOM_SCHEDULES=1000000 cargo test --release -p kiwoom-api --no-default-features --features
//! realtime,domestic-order,domestic-account,domestic-realtime --lib live_orders_under` runs as many as wanted.

mod broker;
mod figures;
mod rivals;
mod rows;
mod tally;
mod world;

use self::tally::Tally;
use self::world::World;

/// The tests run so many without being told.
const FEW: u64 = 10_000;

#[test]
fn live_orders_under_everything_that_can_happen() {
    let number = |name| std::env::var(name).ok().and_then(|count| count.parse::<u64>().ok());
    let (count, first) = (number("KIWOOM_SCHEDULES").unwrap_or(FEW), number("KIWOOM_SEED").unwrap_or(0));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let started = std::time::Instant::now();
    let tally = std::thread::scope(|scope| {
        let work = |from: u64| {
            move || {
                (from..first + count).step_by(threads as usize).fold(Tally::default(), |mut tally, seed| {
                    tally.add(&World::run(seed));
                    tally
                })
            }
        };
        let workers: Vec<_> = (first..first + threads).map(|from| scope.spawn(work(from))).collect();
        workers.into_iter().fold(Tally::default(), |mut tally, worker| {
            tally.add(&worker.join().expect("a schedule keeps its invariants"));
            tally
        })
    });
    println!("{count} schedules in {:?}: {tally:#?}", started.elapsed());
    // schedules that reach nothing prove nothing
    for (what, seen) in tally.all().into_iter().filter(|(what, _)| *what != "undecided_for_good") {
        assert!(seen * 400 >= count.min(20_000), "{what} was reached {seen} times in {count} schedules");
    }
}
