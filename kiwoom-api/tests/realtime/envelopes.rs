//! Envelopes that are remembered: whatever a memory has seen, a message means the same as to a fresh one.

use kiwoom_api::Anomaly;
use kiwoom_api::decode::{Memory, PushSink, decode_push, decode_push_text};
use kiwoom_api::record::{Keys, Record, Slot};

/// Notes everything that it is told.
#[derive(Default)]
struct Note {
    price: String,
    said: Vec<String>,
}

impl Record for Note {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Note", names: &["\"10\":"] }
    }

    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Text(&mut self.price)
    }
}

impl PushSink for Note {
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record> {
        self.said.push(format!("{topic} {item}"));
        self.price.clear();
        (topic != "0X").then_some(self as &mut dyn Record)
    }

    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        self.said.push(format!("{} {anomalies:?}", self.price));
    }
}

/// All that can be told apart about one message.
fn all(text: &str, memory: &mut Memory) -> String {
    let mut note = Note::default();
    let read = decode_push_text(text, memory, &mut note).map(|done| {
        let unknown: Vec<&str> = done.unknown_keys().collect();
        format!("{:?} {} {unknown:?} {:?}", done.trnm(), done.unknown(), done.anomalies())
    });
    format!("{:?} {read:?}", note.said)
}

const USUAL: &str = r#"{"trnm":"REAL","data":[{"type":"0B","name":"주식","item":"005930","values":{"10":"+70100"}},{"type":"0D","name":"호가","item":"000660","values":{"10":"1"}}]}"#;

#[test]
fn odd_messages_mean_the_same_after_usual_ones() {
    let cases = [
        USUAL.to_owned(),
        USUAL.replace("\"item\":\"005930\"", "\"item\":\"00\\u0035930\""),
        USUAL.replace("\"item\":\"005930\"", "\"item\":5930"),
        USUAL.replace("\"item\":\"005930\"", "\"item\":\"\""),
        USUAL.replace("\"item\":\"005930\",", ""),
        USUAL.replace("\"item\":\"005930\",", "\"item\":\"A\",\"item\":\"B\","),
        USUAL.replace("\"type\":\"0B\",", "\"type\":\"0X\",\"type\":\"0B\","),
        USUAL.replace("\"type\":\"0B\",", "\"type\":\"0\\u0042\","),
        USUAL.replace("\"type\":\"0B\",", "\"type\":\"0X\","),
        USUAL.replace("\"name\":\"주식\",", "\"name\":\"주식\",\"strange\":[1,{}],"),
        USUAL.replace("\"name\":\"주식\",", "\"name\":\"주식\",\"stexTp\":\"ND\","),
        USUAL.replace("\"name\":\"주식\",", "\"values\":7,\"name\":\"주식\","),
        USUAL.replace("\"name\":\"주식\",", "\"values\":{\"10\":\"5\"},\"name\":\"주식\","),
        USUAL.replace("{\"10\":\"+70100\"}", "null"),
        USUAL.replace("{\"10\":\"+70100\"}", "[]"),
        USUAL.replace("{\"10\":\"+70100\"}}", "{\"10\":\"+70100\"},\"after\":1}"),
        USUAL.replace("{\"10\":\"+70100\"}}", "{\"10\":\"+70100\"},\"item\":\"Z\",\"values\":{\"10\":\"2\"}}"),
        USUAL.replace("{\"10\":\"+70100\"}", "{\"10\":\"+70100\""),
        USUAL.replace(":{", ": {"),
        USUAL.replace("\"data\":[", "\"data\":[ "),
        USUAL.replace("\"data\":[", "\"data\":[null,"),
        USUAL.replace("REAL", "PING"),
        USUAL.replace("]}", "],\"trnm\":\"X\",\"return_code\":3}"),
        USUAL.replace("]}", "],\"data\":[]}"),
        USUAL.replace("]}", "]} x"),
        r#"{"data":[{"values":{"10":"3"},"item":"A","type":"0B"}],"trnm":"REAL"}"#.to_owned(),
        r#"{"trnm":"REAL","data":[]}"#.to_owned(),
        r#"{"trnm":"REAL","data":["#.to_owned(),
        r#"{"trnm":"REAL","data":[]"#.to_owned(),
    ];
    let mut memory = Memory::default();
    for round in 0..3 {
        for case in &cases {
            let fresh = all(case, &mut Memory::default());
            assert_eq!(all(case, &mut memory), fresh, "round {round}: {case}");
            let mut note = Note::default();
            let bytes = decode_push(case.as_bytes(), &mut memory, &mut note).is_ok();
            assert_eq!(bytes, fresh.contains("Ok("), "{case}");
        }
    }
}

#[test]
fn a_message_that_is_cut_or_changed_means_the_same_after_usual_ones() {
    let mut memory = Memory::default();
    all(USUAL, &mut memory);
    for at in (0..=USUAL.len()).filter(|at| USUAL.is_char_boundary(*at)) {
        let cut = &USUAL[..at];
        assert_eq!(all(cut, &mut memory.clone()), all(cut, &mut Memory::default()), "{cut}");
        for other in ["\"", "\\", "}", ",", " ", "x", "{"] {
            let Some(rest) = USUAL[at..].chars().next().map(|c| &USUAL[at + c.len_utf8()..]) else { continue };
            let changed = format!("{}{other}{rest}", &USUAL[..at]);
            assert_eq!(all(&changed, &mut memory.clone()), all(&changed, &mut Memory::default()), "{changed}");
        }
    }
}
