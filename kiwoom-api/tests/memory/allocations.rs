//! A realtime message costs no allocation: hundreds of them arrive each second.

#![cfg(feature = "domestic-realtime")]

use kiwoom_api::Anomaly;
use kiwoom_api::decode::{Memory, PushSink, decode_push};
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::record::{Record, Slot};

/// One record, used again and again.
#[derive(Default)]
struct Reused(StockTrade);

impl PushSink for Reused {
    fn open(&mut self, topic: &str, _: &str) -> Option<&mut dyn Record> {
        (topic == "0B").then_some(&mut self.0 as &mut dyn Record)
    }
    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        assert!(anomalies.is_empty(), "{anomalies:?}");
    }
}

/// A message with a value for every key, in the order that `arrange` makes of the documented one.
fn message(arrange: impl FnOnce(&mut Vec<String>)) -> String {
    let mut record = StockTrade::default();
    let text = |slot: Slot<'_>| match slot {
        Slot::Time(..) | Slot::TimeMark(..) => "112233",
        Slot::Code(..) | Slot::Id(_) | Slot::Text(_) => "2",
        Slot::Price(..) => "-70100",
        Slot::Percent(..) | Slot::Ratio(..) => "+12.34",
        _ => "+1234567",
    };
    let keys = record.keys().iter().enumerate();
    let mut values: Vec<String> = keys.map(|(i, key)| format!("{key}\"{}\"", text(record.slot(i)))).collect();
    arrange(&mut values);
    let values = values.join(",");
    format!(r#"{{"trnm":"REAL","data":[{{"type":"0B","name":"주식체결","item":"005930","values":{{{values}}}}}]}}"#)
}

#[test]
fn a_push_into_a_reused_record_allocates_nothing() {
    let (mut sink, mut memory) = (Reused::default(), Memory::default());
    for message in [message(|_| {}), message(|values| values.reverse()), message(|values| values.swap(3, 9))] {
        // the first message of a kind may teach the memory its order
        decode_push(message.as_bytes(), &mut memory, &mut sink).expect("a push");
        let used = allocation_counter::measure(|| {
            let decoded = decode_push(message.as_bytes(), &mut memory, &mut sink).expect("a push");
            assert_eq!(decoded.trnm(), Some("REAL"));
        });
        assert_eq!(used.count_total, 0, "{used:?}");
    }
    let price = sink.0.keys().iter().position(|key| *key == "\"10\":").expect("FID 10");
    assert!(kiwoom_api::encode::is_set(&mut sink.0.slot(price)));
}

#[cfg(feature = "record")]
#[test]
fn a_push_through_the_whole_stream_is_one_allocation() {
    use kiwoom_api::realtime::{Item, Recording, Replay, Speed, Subscription};

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let take = |replay: &mut Replay, count: usize| {
        runtime.block_on(async {
            let mut seen = 0;
            while seen < count {
                seen += usize::from(matches!(replay.next().await, Some(Ok(Item::Push(_)))));
            }
        });
    };
    let frame = message(|_| {});
    let frames = (0..2_500).map(|_| ("2026-07-06T09:00:00+09:00".parse().unwrap(), frame.as_str()));
    let recording = Recording::of_frames(frames);
    let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
    let mut replay = subscription.replay(recording, Speed::AtOnce).unwrap();
    take(&mut replay, 1_000);
    let used = allocation_counter::measure(|| take(&mut replay, 1_000));
    // the push itself: its record, symbol and times are one piece
    assert!((1_000..1_010).contains(&used.count_total), "{used:?}");
}
