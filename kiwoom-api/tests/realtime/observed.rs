//! What the hook of a client sees of a realtime connection, and the span around it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::RealtimeReport;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Item, Policy};

use crate::server::{SOON, Socket, Talk, next, trade};

/// The sum of all reports.
#[derive(Default)]
struct Sum {
    reports: u64,
    calls: u64,
    connections: u64,
    frames: u64,
    bytes: u64,
    pushes: u64,
    items: u64,
    dropped: u64,
    replaced: u64,
    gaps: u64,
    unknown: u64,
    slowest: Duration,
}

impl Sum {
    fn add(&mut self, report: &RealtimeReport) {
        self.reports += 1;
        self.connections += report.connections;
        self.frames += report.frames;
        self.bytes += report.bytes;
        self.pushes += report.pushes;
        self.items += report.items;
        self.dropped += report.dropped;
        self.replaced += report.replaced;
        self.gaps += report.gaps;
        self.unknown += report.unknown;
        self.slowest = self.slowest.max(report.slowest);
        assert!(report.average <= report.slowest);
    }
}

#[tokio::test]
async fn frames_pushes_bytes_drops_gaps_reconnects_and_delays_are_reported() {
    let sent = Arc::new(Mutex::new((0u64, 0u64)));
    let counted = sent.clone();
    let socket = Socket::start(move |stream, number| {
        let counted = counted.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            for price in 0..[50, 20][number.min(1)] {
                let text = trade("005930", 100 + price).replace("\"13\"", "\"77771\":\"1\",\"77772\":\"2\",\"13\"");
                {
                    let mut counted = counted.lock().unwrap();
                    *counted = (counted.0 + 1, counted.1 + text.len() as u64);
                }
                talk.say(&text).await;
            }
            if number > 0 {
                talk.hang().await;
            }
        }
    })
    .await;
    let sum = Arc::new(Mutex::new(Sum::default()));
    let seen = sum.clone();
    let builder = socket.builder().observe(move |call| {
        let mut seen = seen.lock().unwrap();
        match call.realtime {
            Some(report) => {
                assert_eq!((call.api_id, call.rows as u64), ("/api/dostk/websocket", report.pushes));
                seen.add(report);
            }
            None => seen.calls += 1,
        }
    });
    let client = builder.build().unwrap();
    let few = client.realtime().topic::<StockTrade>(["005930"]).policy::<StockTrade>(Policy::DropOldest(10));
    let mut feed = few.open().await.unwrap();
    let latest =
        client.realtime().topic::<StockTrade>(["005930"]).policy::<StockTrade>(Policy::Latest).start().unwrap();
    // nobody reads until both connections have sent everything
    tokio::time::timeout(SOON, async {
        while sent.lock().unwrap().0 < 70 || feed.standing().confirmed < 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut handed = 0;
    while handed < 10 {
        handed += u64::from(matches!(next(&mut feed).await, Item::Push(_)));
    }
    drop((feed, latest));
    tokio::time::timeout(SOON, async {
        while sum.lock().unwrap().reports < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (sum, sent) = (sum.lock().unwrap(), *sent.lock().unwrap());
    assert_eq!((sum.calls, sum.connections, sum.pushes, sent.0), (1, 2, 70, 70), "the call is that for the token");
    // two answers for each connection beside the pushes
    assert!(sum.frames >= 74 && sum.bytes > sent.1, "{} frames, {} bytes", sum.frames, sum.bytes);
    assert_eq!((sum.items, sum.dropped, sum.unknown), (10, 60, 140), "two FIDs of each push are new");
    // the second subscription may have come too late for the first connection
    assert!((19..=69).contains(&sum.replaced), "{}", sum.replaced);
    assert!(sum.gaps >= 1 && sum.gaps <= 2, "{}", sum.gaps);
    assert!(sum.slowest >= Duration::from_millis(90), "the first items waited: {:?}", sum.slowest);
}

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_connection_has_a_span() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // the runtime of this test has one thread, so its tasks log here, too
    let _guard = tracing::subscriber::set_default(subscriber);
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.say(r#"{"trnm":"SYSTEM","code":"R10009","message":"x"}"#).await;
        talk.say(&trade("005930", number as u32)).await;
        if number > 0 {
            talk.hang().await;
        }
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    for _ in 0..2 {
        crate::server::push(&mut feed).await;
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for number in 1..=2 {
        let span = format!("connection{{path=\"/api/dostk/websocket\" number={number}}}");
        for event in ["socket open", "the broker says"] {
            assert!(text.lines().any(|line| line.contains(&span) && line.contains(event)), "{span} {event}: {text}");
        }
    }
    assert!(text.lines().any(|line| line.contains("number=1") && line.contains("socket lost")), "{text}");
}
