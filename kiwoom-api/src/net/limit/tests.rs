//! The limiter under a clock that stops as long as any task can make progress.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake};

use super::*;
use crate::{ManualClock, QuotaScope};

const NIGHT: &str = "2026-07-06T23:30:00+09:00";

/// Tasks that call `admit`, polled by hand when they are woken, in turns and in no real time.
struct Stage {
    time: ManualClock,
    limiter: Arc<Limiter>,
    tasks: Vec<Task>,
}

struct Task {
    api: &'static str,
    future: Option<Pin<Box<dyn Future<Output = Admitted>>>>,
    woken: Arc<Flag>,
    polls: usize,
}

#[derive(Default)]
struct Flag(AtomicUsize);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Which API went when, in milliseconds.
type Log = Vec<(&'static str, u64)>;

impl Stage {
    fn new(limits: Limits, start: &str) -> Stage {
        let time = ManualClock::at(start.parse().unwrap());
        let limiter = Arc::new(Limiter::new(limits, time.clock()));
        Stage { time, limiter, tasks: Vec::new() }
    }

    fn call(&mut self, lane: Lane) -> usize {
        let (limiter, api) = (self.limiter.clone(), known(&lane.api));
        let future = Box::pin(async move { limiter.admit(&lane).await });
        let woken = Arc::new(Flag(AtomicUsize::new(1)));
        self.tasks.push(Task { api, future: Some(future), woken, polls: 0 });
        self.tasks.len() - 1
    }

    fn calls(&mut self, many: usize, lane: &Lane) {
        (0..many).for_each(|_| _ = self.call(lane.clone()));
    }

    /// Polls the woken tasks until all wait or have gone.
    fn settle(&mut self, log: &mut Log) {
        let mut busy = true;
        while std::mem::take(&mut busy) {
            for index in 0..self.tasks.len() {
                busy |= self.poll(index, log);
            }
        }
    }

    /// Polls one task, if it was woken.
    fn poll(&mut self, index: usize, log: &mut Log) -> bool {
        let task = &mut self.tasks[index];
        let Some(future) = &mut task.future else { return false };
        if task.woken.0.swap(0, Ordering::SeqCst) == 0 {
            return false;
        }
        task.polls += 1;
        let waker = task.woken.clone().into();
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            task.future = None;
            log.push((task.api, u64::try_from(self.time.elapsed().as_millis()).unwrap()));
        }
        true
    }

    /// Runs until nobody waits, or until `end`.
    fn run_until(&mut self, end: Duration) -> Log {
        let mut log = Log::new();
        loop {
            self.settle(&mut log);
            match self.time.next_alarm() {
                Some(wait) if self.time.elapsed() + wait < end => self.time.advance(wait),
                _ => return log,
            }
        }
    }

    fn run(&mut self) -> Log {
        self.run_until(Duration::MAX)
    }
}

fn known(api: &str) -> &'static str {
    [
        "ka10081", "ka10080", "kt10000", "usa06010", "usa06011", "usa20100", "usa10099", "ust20000", "ust21050",
        "ust31301",
    ]
    .into_iter()
    .chain(MANY)
    .find(|known| *known == api)
    .unwrap()
}

/// US reads that fill the total of their market.
const MANY: [&str; 12] = [
    "usa20101", "usa20150", "usa20151", "usa20590", "usa23000", "usa23100", "usa24300", "usa20200", "usa20201",
    "usa01980", "usa01990", "usa20510",
];

fn lane(api: &'static str) -> Lane {
    let (path, effect) = match api {
        "kt10000" => ("/api/dostk/ordr", Effect::Trade),
        "ust20000" => ("/api/us/ordr", Effect::Trade),
        "usa06010" | "usa06011" => ("/api/us/chart", Effect::Read),
        "ust31301" => ("/api/us/exchange", Effect::Read),
        "ust21050" => ("/api/us/acnt", Effect::Read),
        _ if api.starts_with("us") => ("/api/us/mrkcond", Effect::Read),
        _ => ("/api/dostk/chart", Effect::Read),
    };
    Lane { api: api.into(), path: path.into(), effect, standing: Standing::First }
}

fn quota(scope: QuotaScope, rate: Option<u32>, named: Option<&str>) -> Quota {
    Quota { scope, rate, api_id: named.map(str::to_owned) }
}

fn refuse(stage: &Stage, api: &'static str, rate: Option<u32>, named: Option<&str>) {
    stage.limiter.refused(&lane(api), &quota(QuotaScope::Api, rate, named));
}

fn times(log: &Log, api: &str) -> Vec<u64> {
    log.iter().filter(|(whose, _)| *whose == api).map(|(_, at)| *at).collect()
}

/// The most calls in any stretch of this many milliseconds.
fn densest(times: &[u64], stretch: u64) -> usize {
    times.iter().map(|from| times.iter().filter(|at| (*from..from + stretch).contains(at)).count()).max().unwrap_or(0)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn rate(stage: &Stage, api: &str) -> String {
    stage.limiter.usage().api(api).unwrap().rate.map_or_else(String::new, |rate| rate.to_string())
}

#[test]
fn official_figures_are_kept_and_used() {
    for (start, api, most, stretch) in [
        (NIGHT, "ka10081", 5, 1000),
        (NIGHT, "kt10000", 5, 1000),
        (NIGHT, "usa20100", 5, 1000),
        (NIGHT, "ust20000", 10, 1000),
        (NIGHT, "ust31301", 1, 1000),
        (NIGHT, "usa06010", 20, 1000),
        (NIGHT, "usa10099", 5, 60_000),
        ("2026-07-06T09:10:00+09:00", "usa20100", 3, 1000),
        ("2026-07-06T09:10:00+09:00", "ust20000", 3, 1000),
        ("2026-07-06T09:10:00+09:00", "ka10081", 5, 1000),
    ] {
        let mut stage = Stage::new(Limits::official(), start);
        stage.calls(400, &lane(api));
        let log = times(&stage.run_until(Duration::from_millis(10 * stretch)), api);
        assert_eq!(densest(&log, stretch), most, "{api}");
        assert!(log.len() >= 9 * most, "{api}: {}", log.len());
    }
}

#[test]
fn the_mock_server_takes_one_a_second_at_any_time() {
    let mut stage = Stage::new(Limits::mock(), "2026-07-06T09:00:00+09:00");
    for api in ["ka10081", "usa20100", "usa06010", "ust20000"] {
        stage.calls(20, &lane(api));
    }
    let log = stage.run_until(secs(10));
    for api in ["ka10081", "usa20100", "usa06010", "ust20000"] {
        assert_eq!(densest(&times(&log, api), 1000), 1, "{api}");
        assert!(times(&log, api).len() >= 9, "{api}");
    }
}

/// From 09:00 to 10:00 in Korea fewer go, while the same calls wait.
#[test]
fn the_peak_begins_and_ends_for_those_who_wait() {
    for (start, before, after) in [("2026-07-06T08:59:55+09:00", 5, 3), ("2026-07-06T09:59:55+09:00", 3, 5)] {
        let mut stage = Stage::new(Limits::official(), start);
        stage.calls(100, &lane("usa20100"));
        let log = times(&stage.run_until(secs(15)), "usa20100");
        let (early, late): (Vec<_>, Vec<_>) = log.into_iter().partition(|at| *at < 5000);
        assert_eq!((densest(&early, 1000), densest(&late, 1000)), (before, after), "{start}");
        assert!(early.len() >= 5 * before * 9 / 10 && late.len() >= 10 * after * 9 / 10, "{start}");
    }
}

#[test]
fn the_us_total_is_shared_fairly() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    for api in MANY {
        stage.calls(60, &lane(api));
    }
    let log = stage.run_until(secs(10));
    let all: Vec<u64> = log.iter().map(|(_, at)| *at).collect();
    assert!(densest(&all, 1000) <= 50, "{}", densest(&all, 1000));
    assert!(all.len() >= 450, "{}", all.len());
    let shares: Vec<usize> = MANY.iter().map(|api| times(&log, api).len()).collect();
    assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1, "{shares:?}");
}

#[test]
fn charts_share_their_category() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(300, &lane("usa06010"));
    stage.calls(20, &lane("usa06011"));
    let log = stage.run();
    let all: Vec<u64> = log.iter().map(|(_, at)| *at).collect();
    assert_eq!(densest(&all, 1000), 20);
    assert!(*times(&log, "usa06011").last().unwrap() < 3000, "a short queue does not wait behind a long one");
}

#[test]
fn orders_wait_less_than_one_slot_of_what_they_share() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    for api in MANY {
        stage.calls(100, &lane(api));
    }
    let mut log = stage.run_until(secs(2));
    let asked = u64::try_from(stage.time.elapsed().as_millis()).unwrap();
    stage.call(lane("ust20000"));
    log.extend(stage.run_until(secs(4)));
    let went = times(&log, "ust20000")[0];
    assert!(went - asked <= 21, "{asked} {went}");
}

#[test]
fn a_repetition_does_not_wait_behind_all_others_again() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1000, &lane("ka10081"));
    let mut log = stage.run_until(secs(2));
    let again = stage.call(Lane { standing: Standing::Again, ..lane("ka10081") });
    log.extend(stage.run_until(Duration::from_millis(2500)));
    assert!(stage.tasks[again].future.is_none());
    assert_eq!(densest(&times(&log, "ka10081"), 1000), 5);
}

#[test]
fn a_refusal_teaches_the_rate_and_pauses() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(100, &lane("ka10081"));
    stage.run_until(secs(1));
    let refused = u64::try_from(stage.time.elapsed().as_millis()).unwrap();
    refuse(&stage, "ka10081", Some(2), Some("KA10081"));
    stage.call(lane("ka10080"));
    let log = stage.run_until(secs(12));
    let slow = times(&log, "ka10081");
    assert!(slow[0] >= refused + 1200, "{refused} {slow:?}");
    assert_eq!(densest(&slow, 1000), 2);
    assert!(slow.len() >= 17, "{}", slow.len());
    assert!(times(&log, "ka10080")[0] <= refused, "other APIs go on");
    assert_eq!((rate(&stage, "ka10081"), rate(&stage, "ka10080")), ("2/s".to_owned(), "5/s".to_owned()));
    refuse(&stage, "ka10081", Some(10), None);
    stage.run_until(secs(15));
    assert_eq!(rate(&stage, "ka10081"), "10/s", "and up again, which those who wait are told");
    assert!(stage.limiter.usage().api("ka10081").unwrap().sent > 40);
}

/// The message of `usa10099` says how many, not in how long.
#[test]
fn a_learned_figure_is_in_the_same_stretch_of_time() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1, &lane("usa10099"));
    stage.run();
    refuse(&stage, "usa10099", Some(4), None);
    assert_eq!(rate(&stage, "usa10099"), "4/min");
}

#[test]
fn senseless_figures_are_not_learned() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1, &lane("ka10081"));
    stage.run();
    for count in [0, 1001, u32::MAX] {
        refuse(&stage, "ka10081", Some(count), None);
        assert_eq!(rate(&stage, "ka10081"), "5/s");
    }
}

/// A bare 429 says nothing, so that the API pauses and keeps its rate (R8).
#[test]
fn a_bare_429_pauses() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(2, &lane("ka10081"));
    stage.run_until(Duration::from_millis(1));
    refuse(&stage, "ka10081", None, None);
    assert_eq!(times(&stage.run(), "ka10081"), [1200]);
    assert_eq!(rate(&stage, "ka10081"), "5/s");
}

#[test]
fn figures_of_the_peak_and_of_the_day_are_learned_apart() {
    let mut stage = Stage::new(Limits::official(), "2026-07-06T09:30:00+09:00");
    stage.calls(1, &lane("usa20100"));
    stage.run();
    refuse(&stage, "usa20100", Some(2), None);
    assert_eq!(rate(&stage, "usa20100"), "2/s");
    stage.time.advance(secs(1800 - 2));
    refuse(&stage, "usa20100", Some(1), None);
    assert_eq!(rate(&stage, "usa20100"), "2/s", "so near to the change the figure may be of either side");
    stage.time.advance(secs(10));
    assert_eq!(rate(&stage, "usa20100"), "5/s");
}

/// The table of conflicts: a quota that goes by another API's name is that of a class.
#[test]
fn a_quota_named_after_another_api_counts_the_class() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1, &lane("ka10081"));
    stage.run();
    refuse(&stage, "ka10081", Some(4), Some("ka10080"));
    for api in ["ka10081", "ka10080", "kt10000"] {
        stage.calls(50, &lane(api));
    }
    let log = stage.run_until(secs(10));
    let reads: Vec<u64> = log.iter().filter(|(api, _)| *api != "kt10000").map(|(_, at)| *at).collect();
    assert!(reads[0] >= 1200);
    assert_eq!(densest(&reads, 1000), 4);
    assert_eq!(times(&log, "kt10000")[0], 0, "orders are another class");
    assert_eq!(densest(&times(&log, "kt10000"), 1000), 5);
}

#[test]
fn limiter_1701_pauses_all_and_its_figure_counts_all() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1, &lane("ka10081"));
    stage.run();
    stage.limiter.refused(&lane("ka10081"), &quota(QuotaScope::All, Some(6), None));
    for api in ["ka10081", "usa20100", "kt10000"] {
        stage.calls(50, &lane(api));
    }
    let log = stage.run_until(secs(10));
    let all: Vec<u64> = log.iter().map(|(_, at)| *at).collect();
    assert_eq!((log[0], densest(&all, 1000)), (("kt10000", 1200), 6));
    assert!(!times(&log, "ka10081").is_empty() && !times(&log, "usa20100").is_empty());
}

#[test]
fn limiter_1702_pauses_the_group() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(1, &lane("ka10081"));
    stage.run();
    stage.limiter.refused(&lane("ka10081"), &quota(QuotaScope::Group, None, None));
    for api in ["ka10080", "usa20100", "kt10000"] {
        stage.calls(1, &lane(api));
    }
    let mut log = stage.run();
    log.sort_unstable();
    assert_eq!(log, [("ka10080", 1200), ("kt10000", 0), ("usa20100", 0)]);
}

#[test]
fn a_cancelled_call_frees_its_place() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(101, &lane("ka10081"));
    let mut log = Log::new();
    stage.settle(&mut log);
    for task in &mut stage.tasks[1..100] {
        task.future = None;
    }
    assert_eq!(stage.limiter.usage().waiting(), 1);
    log.extend(stage.run());
    assert_eq!(times(&log, "ka10081"), [0, 208]);
    assert_eq!(stage.time.next_alarm(), None);
}

/// Dropped after its turn came and before it knew: the turn is the next one's.
#[test]
fn a_turn_that_nobody_takes_is_not_lost() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(4, &lane("ka10081"));
    let mut log = Log::new();
    stage.settle(&mut log);
    stage.time.advance(Duration::from_millis(208));
    // another one looks, and gives the second its turn
    let fifth = stage.call(lane("ka10081"));
    stage.poll(fifth, &mut log);
    assert_eq!((log.len(), stage.limiter.usage().sent()), (1, 2));
    stage.tasks[1].future = None;
    assert_eq!(stage.limiter.usage().sent(), 1);
    log.extend(stage.run());
    assert_eq!((log.len(), times(&log, "ka10081")[1]), (4, 208));
}

/// A task that was held up must not send together with those whose turn came later.
#[test]
fn a_turn_taken_too_late_is_another_turn() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(3, &lane("ka10081"));
    let mut log = Log::new();
    stage.settle(&mut log);
    // twice another one looks, gives the second its turn, and then itself; the second is not polled
    for _ in 0..2 {
        stage.time.advance(Duration::from_millis(208));
        stage.tasks[2].woken.wake_by_ref();
        stage.poll(2, &mut log);
    }
    assert_eq!(times(&log, "ka10081"), [0, 416]);
    log.extend(stage.run());
    assert_eq!(times(&log, "ka10081"), [0, 416, 624], "not at 416 as well");
}

/// Laptops sleep: what was not used is not saved up.
#[test]
fn a_long_pause_saves_nothing_up() {
    for (burst, first) in [(1, 1), (3, 3), (50, 5)] {
        let mut stage = Stage::new(Limits::official().burst(burst), NIGHT);
        stage.calls(1, &lane("ka10081"));
        stage.run();
        stage.time.advance(secs(8 * 3600));
        stage.calls(100, &lane("ka10081"));
        let log = stage.run_until(stage.time.elapsed() + secs(10));
        let went = times(&log, "ka10081");
        assert_eq!((densest(&went, 1), densest(&went, 1000)), (first, 5), "{burst}");
        assert!(went.len() >= 45, "{burst}: {}", went.len());
    }
}

#[test]
fn limiter_sleeping_under_a_lock() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(50, &lane("ka10081"));
    stage.settle(&mut Log::new());
    assert!(stage.limiter.queues.try_lock().is_ok(), "49 wait, nobody holds the lock");
    let mut log = Log::new();
    stage.call(lane("ka10080"));
    stage.settle(&mut log);
    assert_eq!(log, [("ka10080", 0)]);
}

#[test]
fn a_panic_elsewhere_does_not_stop_it() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    let limiter = stage.limiter.clone();
    let panicked = std::thread::spawn(move || {
        let _held = limiter.queues.lock().unwrap();
        panic!("while it held the lock");
    });
    assert!(panicked.join().is_err() && stage.limiter.queues.is_poisoned());
    stage.calls(2, &lane("ka10081"));
    assert_eq!(stage.run().len(), 2);
}

#[test]
fn usage_says_what_is_to_come() {
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(26, &lane("ka10081"));
    stage.calls(1, &lane("usa06010"));
    stage.settle(&mut Log::new());
    let usage = stage.limiter.usage();
    let bars = usage.api("ka10081").unwrap();
    assert_eq!((bars.waiting, bars.sent, bars.refused), (25, 1, 0));
    assert_eq!(bars.time_to_finish, Duration::from_millis(25 * 208));
    assert_eq!((usage.waiting(), usage.sent(), usage.time_to_finish()), (25, 2, bars.time_to_finish));
    assert_eq!(usage.api("usa06010").unwrap().time_to_finish, Duration::ZERO);
    assert_eq!(rate(&stage, "usa06010"), "20/s", "the figure that it shares");
    assert_eq!(usage.api("ka99999"), None);
    stage.run();
    assert_eq!(stage.time.elapsed(), bars.time_to_finish);
    assert_eq!(stage.limiter.usage().time_to_finish(), Duration::ZERO);
}

#[test]
fn unlimited_never_waits_and_never_learns() {
    let mut stage = Stage::new(Limits::unlimited().api("ka10080", Rate::per_second(1)), NIGHT);
    stage.calls(1, &lane("ka10081"));
    stage.run();
    stage.limiter.refused(&lane("ka10081"), &quota(QuotaScope::All, Some(1), None));
    stage.calls(100, &lane("ka10081"));
    stage.calls(2, &lane("ka10080"));
    let log = stage.run();
    assert_eq!(times(&log, "ka10081"), [0; 100]);
    assert_eq!(times(&log, "ka10080"), [0, 1040]);
    assert_eq!(stage.limiter.usage().refused(), 1);
}

/// Each looks a few times, however many wait; polls are counted, because time says nothing on a busy machine.
#[test]
fn ten_thousand_waiters_are_not_quadratic() {
    const MANY: usize = 10_000;
    let mut stage = Stage::new(Limits::official(), NIGHT);
    stage.calls(MANY, &lane("ka10081"));
    let log = stage.run_until(secs(20));
    assert!(log.len() >= 90);
    assert!(stage.tasks.iter().map(|task| task.polls).sum::<usize>() < 2 * MANY);
    stage.tasks.clear();
    assert_eq!((stage.limiter.usage().waiting(), stage.time.next_alarm()), (0, None));
}

mod random {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whenever requests arrive, and however late tasks are polled: never more than the rate in any second, and all
        /// are sent.
        #[test]
        fn arrivals(
            gaps in prop::collection::vec((0u64..400, 0usize..4, any::<bool>()), 1..120),
            count in 1u32..12,
            burst in 1u32..12,
        ) {
            let apis = ["ka10081", "ka10080", "usa06010", "kt10000"];
            let limits = apis.iter().fold(Limits::official().burst(burst), |limits, api| limits.api(*api, Rate::per_second(count)));
            let mut stage = Stage::new(limits, NIGHT);
            let (mut log, mut at, mut dropped) = (Log::new(), Duration::ZERO, 0);
            for (gap, api, cancel) in &gaps {
                at += Duration::from_millis(*gap);
                log.extend(stage.run_until(at));
                stage.time.advance(at - stage.time.elapsed());
                let task = stage.call(lane(apis[*api]));
                if *cancel {
                    stage.settle(&mut log);
                    dropped += usize::from(stage.tasks[task].future.take().is_some());
                }
            }
            log.extend(stage.run());
            prop_assert_eq!(log.len() + dropped, gaps.len());
            for api in apis {
                prop_assert!(densest(&times(&log, api), 1000) <= count as usize, "{}: {:?}", api, times(&log, api));
            }
            let last = Duration::from_millis(log.iter().map(|(_, at)| *at).max().unwrap_or(0));
            let bound = at + Duration::from_millis(1060) / count * u32::try_from(gaps.len()).unwrap() + secs(2);
            prop_assert!(last <= bound, "nobody waits without end: {last:?} {bound:?}");
        }
    }
}
