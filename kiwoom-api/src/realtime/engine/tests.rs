//! The engine under seeded schedules: a scripted broker that drops, loses, delays, doubles, refuses and kicks, while sets come
//! and go. `KIWOOM_SCHEDULES=1000000 cargo test --release -p kiwoom-api --no-default-features --features realtime --lib
//! schedules` runs as many as wanted.

mod broker;
mod checks;
mod rows;
mod script;
mod tally;
mod world;

use self::tally::Tally;
use self::world::World;

/// The tests run so many without being told.
const FEW: u64 = 10_000;

#[test]
fn schedules_of_everything_that_can_happen() {
    let count: u64 = std::env::var("KIWOOM_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW);
    let first: u64 = std::env::var("KIWOOM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
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
    println!("{count} schedules in {:?}: {tally:?}", started.elapsed());
    // schedules that reach nothing prove nothing
    for (what, seen) in tally.all() {
        assert!(seen * 50 >= count.min(20_000) / 4, "{what} was reached {seen} times in {count} schedules");
    }
}
