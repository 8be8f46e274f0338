//! Request limits by the server's own count, under a clock that moves only when nothing is in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::support::{self, APP_KEY, Bars, Counting, Order, SECRET_KEY, Script, TestServer, client};
use kiwoom_api::{Client, Credentials, Error, Limits, ManualClock, Outcome, Rate};

struct Traffic {
    time: ManualClock,
    broker: Counting,
    client: Client,
    /// Calls that have ended without a refusal.
    ended: Arc<AtomicU64>,
}

impl Traffic {
    async fn start(limits: Limits) -> Traffic {
        support::log::capture();
        let time = ManualClock::at("2026-07-06T23:30:00+09:00".parse().unwrap());
        let broker = Counting::start(time.clone()).await;
        let client = Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY))
            .limits(limits)
            .clock(time.clock())
            .build()
            .unwrap();
        Traffic { time, broker, client, ended: Arc::default() }
    }

    /// A task that reads one API after another, again and again, until the clock stands at `end`.
    fn reads(&self, apis: &'static [(&'static str, &'static str)], end: Duration) {
        let (time, client, ended) = (self.time.clone(), self.client.clone(), self.ended.clone());
        tokio::spawn(async move {
            for (api, path) in apis.iter().cycle() {
                if time.elapsed() >= end {
                    return;
                }
                client.call_raw(*api, *path, "{}").read().await.unwrap();
                ended.fetch_add(1, Ordering::SeqCst);
            }
        });
    }

    /// An order, and how long it waited.
    fn order(&self, api: &'static str, path: &'static str) -> tokio::task::JoinHandle<Duration> {
        let (time, client, ended) = (self.time.clone(), self.client.clone(), self.ended.clone());
        tokio::spawn(async move {
            let asked = time.elapsed();
            let outcome = client.call_raw(api, path, "{}").await;
            ended.fetch_add(1, Ordering::SeqCst);
            assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
            time.elapsed() - asked
        })
    }

    /// Moves the clock from alarm to alarm until it stands at `end` or nobody waits.
    async fn run_until(&self, end: Duration) {
        loop {
            self.settle().await;
            match self.time.next_alarm() {
                Some(wait) if self.time.elapsed() + wait <= end => self.time.advance(wait),
                Some(_) => return self.time.advance(end - self.time.elapsed()),
                None => return,
            }
        }
    }

    /// Returns when whoever could go on did, and what was sent is answered.
    async fn settle(&self) {
        let mut calm = 0;
        // one thread runs all tasks in turns: a few turns without anything on its way, and all wait
        while calm < 10 {
            tokio::task::yield_now().await;
            let usage = self.client.usage();
            let under_way = usage.sent() != self.ended.load(Ordering::SeqCst) + usage.refused();
            calm = if under_way || self.broker.tokens() == 0 { 0 } else { calm + 1 };
        }
    }
}

const BARS: (&str, &str) = ("ka10081", "/api/dostk/chart");
const MINUTES: (&str, &str) = ("ka10080", "/api/dostk/chart");
const US: [(&str, &str); 13] = [
    ("usa20100", "/api/us/mrkcond"),
    ("usa20101", "/api/us/mrkcond"),
    ("usa20150", "/api/us/mrkcond"),
    ("usa20151", "/api/us/mrkcond"),
    ("usa20590", "/api/us/mrkcond"),
    ("usa23000", "/api/us/sect"),
    ("usa23100", "/api/us/sect"),
    ("usa24300", "/api/us/invtinfo"),
    ("usa20200", "/api/us/watchlist"),
    ("usa20201", "/api/us/watchlist"),
    ("usa01980", "/api/us/rkinfo"),
    ("usa01990", "/api/us/rkinfo"),
    ("usa20510", "/api/us/rkinfo"),
];

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test]
async fn two_hundred_tasks_share_one_client() {
    let traffic = Traffic::start(Limits::official()).await;
    for task in 0..200 {
        match task % 4 {
            0 => traffic.reads(&[BARS], secs(10)),
            1 => traffic.reads(&[MINUTES, BARS], secs(10)),
            _ => traffic.reads(&US, secs(10)),
        }
    }
    let mut waits = Vec::new();
    for second in 2..8 {
        traffic.run_until(secs(second) + ms(77)).await;
        waits.push((traffic.order("kt10000", "/api/dostk/ordr"), ms(208)));
        waits.push((traffic.order("ust20000", "/api/us/ordr"), ms(21)));
    }
    traffic.run_until(ms(9_999)).await;

    let Traffic { broker, client, .. } = &traffic;
    assert_eq!(broker.tokens(), 1);
    for (api, most) in [("ka10081", 5), ("ka10080", 5), ("us", 50)] {
        let sent = broker.arrivals(api).len();
        println!("{api}: {sent} in 10 s, {} at most in one", broker.densest(api));
        assert!(broker.densest(api) <= most, "{api}: {}", broker.densest(api));
        assert!(sent >= most * 9, "{api}: {sent}");
    }
    for (api, _) in US {
        assert!(broker.densest(api) <= 5, "{api}: {}", broker.densest(api));
    }
    for (order, slot) in waits {
        let waited = order.await.unwrap();
        assert!(waited < slot, "{waited:?}");
    }
    let usage = client.usage();
    assert_eq!(usage.refused(), 0);
    assert!(usage.api("ka10081").unwrap().time_to_finish > secs(1));
}

/// The broker takes fewer than the documents say: one refusal or two, then never again, and no read fails for it.
#[tokio::test]
async fn a_refusal_is_learned_from() {
    let traffic = Traffic::start(Limits::official()).await;
    traffic.broker.takes(2);
    (0..10).for_each(|_| traffic.reads(&[BARS], secs(20)));
    traffic.run_until(secs(20)).await;
    let usage = traffic.client.usage();
    let bars = usage.api("ka10081").unwrap();
    assert_eq!(bars.rate, Some(Rate::per_second(2)));
    assert_eq!(bars.refused, 1);
    assert_eq!(traffic.broker.densest("ka10081"), 3, "the refused one is counted, too");
    assert!(bars.sent >= 35, "{}", bars.sent);
}

/// A call that was put off for its token is put off for its turn all the same.
#[tokio::test]
async fn those_who_wait_for_a_token_do_not_leave_together() {
    let traffic = Traffic::start(Limits::official()).await;
    traffic.broker.token_at(secs(3));
    (0..8).for_each(|_| traffic.reads(&[BARS], secs(4)));
    while traffic.broker.tokens() == 0 {
        tokio::task::yield_now().await;
    }
    traffic.time.advance(secs(3));
    while traffic.client.usage().sent() == 0 {
        tokio::task::yield_now().await;
    }
    traffic.run_until(secs(6)).await;
    let arrivals = traffic.broker.arrivals("ka10081");
    assert!(arrivals.len() >= 8);
    assert!(arrivals.windows(2).all(|pair| pair[1] - pair[0] >= ms(204)), "{arrivals:?}");
}

/// A turn that does not come in time: nothing is sent, and the place is free.
#[tokio::test]
async fn a_deadline_that_passes_while_waiting_sends_nothing() {
    let traffic =
        Traffic::start(Limits::official().api("ka10081", Rate::per_minute(1)).api("kt10000", Rate::per_minute(1)))
            .await;
    let (bars, order) = (Bars::new("005930"), Order::buy("005930", 1));
    traffic.client.call(&bars).await.unwrap();
    assert!(matches!(traffic.client.call(&order).await, Outcome::Accepted(_)));
    traffic.ended.store(2, Ordering::SeqCst);

    let client = traffic.client.clone();
    let late: tokio::task::JoinHandle<(Error, Error)> = tokio::spawn(async move {
        let (read, trade) = tokio::join!(async { client.call(&bars).deadline(secs(30)).await.unwrap_err() }, async {
            client.call(&order).deadline(secs(30)).await
        },);
        let Outcome::NotSent(trade) = trade else { panic!("{trade:?}") };
        (read, trade)
    });
    traffic.run_until(secs(29)).await;
    assert_eq!(traffic.client.usage().waiting(), 2);
    traffic.run_until(secs(31)).await;
    let (read, trade) = late.await.unwrap();
    for error in [read, trade] {
        assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
        assert_eq!((error.attempts(), error.waited()), (0, secs(30)));
    }
    assert_eq!((traffic.client.usage().waiting(), traffic.broker.arrivals("k").len()), (0, 2));
}

/// Each page and each repetition takes a place of its own.
#[tokio::test]
async fn pages_and_repetitions_count() {
    let script =
        Script::signed_in().reply("500 Internal Server Error", &[], "").page(&["1"], Some("k")).page(&["2"], None);
    let server = TestServer::start(script).await;
    let client = support::builder(&server).build().unwrap();
    let bars = client.rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!(bars.rows.len(), 2);
    assert_eq!(client.usage().api("ka10081").unwrap().sent, 3);
}

/// Clones are one client to the broker; clients of other keys are not.
#[tokio::test]
async fn clones_share_their_limits() {
    let bars = || r#"{"return_code":0}"#;
    let server = TestServer::start(Script::signed_in().json(bars()).json(bars())).await;
    let (first, other) = (client(&server), client(&server));
    for one in [&first, &first.clone()] {
        one.call_raw("ka10081", "/api/dostk/chart", "{}").read().await.unwrap();
    }
    assert_eq!((first.clone().usage().sent(), other.usage().sent()), (2, 0));
}
