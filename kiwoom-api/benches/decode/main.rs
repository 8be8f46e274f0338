//! How fast replies and pushes become values, as multiples of `serde_json::Value` on the same bytes in the same process.
//!
//! `cargo bench -p kiwoom-api --bench decode`. Cases take turns, the fastest round of each counts, and only the ratios
//! mean anything: absolute times are those of the machine.

mod twin;

use std::hint::black_box;
use std::time::{Duration, Instant};

use kiwoom_api::decode::{Memory, PushSink, decode, decode_push, decode_push_text};
use kiwoom_api::domestic::chart::StockDailyChartReply;
use kiwoom_api::domestic::realtime::{OrderBook, StockTrade};
use kiwoom_api::record::Record;

const ROWS: usize = 600;
const ROUNDS: usize = 60;

fn main() {
    let page = page(ROWS);
    let reordered = respell(&page, Respell::Reversed);
    let spaced = respell(&page, Respell::Spaced);
    let pretty = respell(&page, Respell::Pretty);
    let pretty_reversed = respell(&reordered, Respell::Pretty);
    println!("chart page: {} rows, {} bytes", ROWS, page.len());

    let (trade, book) = (push("0B", &mut StockTrade::default()), push("0D", &mut OrderBook::default()));
    let book_reversed = respell_push(&book);
    let mut cases: Vec<Case> = Vec::new();
    for (name, text) in [
        ("chart page", &page),
        ("  reordered", &reordered),
        ("  spaced", &spaced),
        ("  pretty", &pretty),
        ("  pretty and reordered", &pretty_reversed),
    ] {
        cases.push(Case::new(name, 4, text, |text| {
            let mut reply = StockDailyChartReply::default();
            decode(text.as_bytes(), &mut reply).expect("a page");
            black_box(&reply);
        }));
        cases.push(Case::new("  serde derive", 4, text, |text| {
            black_box(serde_json::from_slice::<twin::ChartReply>(text.as_bytes()).expect("a page"));
        }));
    }
    for (name, text) in [("0B push", &trade), ("0D push", &book), ("0D push, reordered", &book_reversed)] {
        let mut sink = Fresh::default();
        let mut memory = Memory::default();
        cases.push(Case::frame(name, 400, text, move |text| {
            decode_push_text(text, &mut memory, &mut sink).expect("a push");
            black_box(&sink);
        }));
    }
    // both sides check that the bytes are text, which a socket has done already
    for (name, text) in [("0B push, as bytes", &trade), ("0D push, as bytes", &book)] {
        let mut sink = Fresh::default();
        let mut memory = Memory::default();
        cases.push(Case::new(name, 400, text, move |text| {
            decode_push(text.as_bytes(), &mut memory, &mut sink).expect("a push");
            black_box(&sink);
        }));
    }

    for _ in 0..ROUNDS {
        cases.iter_mut().for_each(Case::round);
    }
    println!("{:28} {:>9} {:>12} {:>12}", "", "x Value", "us", "Value us");
    for case in &cases {
        let (typed, value) = (case.micros(case.typed), case.micros(case.value));
        println!("{:28} {:>9.2} {typed:>12.2} {value:>12.2}", case.name, value / typed);
    }
}

/// One text, one way to decode it, and `Value` beside it.
struct Case<'a> {
    name: &'static str,
    repeats: u32,
    text: &'a str,
    frame: bool,
    decode: Box<dyn FnMut(&str) + 'a>,
    typed: Duration,
    value: Duration,
}

impl<'a> Case<'a> {
    fn new(name: &'static str, repeats: u32, text: &'a str, decode: impl FnMut(&str) + 'a) -> Self {
        Case { name, repeats, text, frame: false, decode: Box::new(decode), typed: Duration::MAX, value: Duration::MAX }
    }

    /// A text frame: nobody checks again that it is text.
    fn frame(name: &'static str, repeats: u32, text: &'a str, decode: impl FnMut(&str) + 'a) -> Self {
        Case { frame: true, ..Case::new(name, repeats, text, decode) }
    }

    fn round(&mut self) {
        let start = Instant::now();
        for _ in 0..self.repeats {
            (self.decode)(black_box(self.text));
        }
        self.typed = self.typed.min(start.elapsed());
        let start = Instant::now();
        for _ in 0..self.repeats {
            // a frame is text already, a reply is not
            let value = match self.frame {
                true => serde_json::from_str::<serde_json::Value>(black_box(self.text)),
                false => serde_json::from_slice::<serde_json::Value>(black_box(self.text.as_bytes())),
            };
            black_box(value.expect("JSON"));
        }
        self.value = self.value.min(start.elapsed());
    }

    fn micros(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / f64::from(self.repeats)
    }
}

/// Takes a new record for every push, as a client that hands records to its user does.
#[derive(Default)]
struct Fresh {
    trade: StockTrade,
    book: OrderBook,
}

impl PushSink for Fresh {
    fn open(&mut self, topic: &str, _: &str) -> Option<&mut dyn Record> {
        match topic {
            "0B" => {
                self.trade = StockTrade::default();
                Some(&mut self.trade)
            }
            "0D" => {
                self.book = OrderBook::default();
                Some(&mut self.book)
            }
            _ => None,
        }
    }

    fn close(&mut self, anomalies: &mut Vec<kiwoom_api::Anomaly>) {
        assert!(anomalies.is_empty(), "{anomalies:?}");
    }
}

/// Digits without a pattern that a branch predictor could learn.
struct Digits(fastrand::Rng);

impl Digits {
    fn below(&mut self, limit: u64) -> u64 {
        self.0.u64(..limit)
    }
}

fn page(rows: usize) -> String {
    let mut random = Digits(fastrand::Rng::with_seed(1));
    let mut text = String::from(r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":["#);
    for row in 0..rows {
        let close = 60_000 + random.below(20_000);
        let change = random.below(3_000);
        let sign = ["+", "-"][random.below(2) as usize];
        let date = 20_250_000 + (1 + row as u64 / 28 % 12) * 100 + 1 + row as u64 % 28;
        let comma = if row == 0 { "" } else { "," };
        text += &format!(
            concat!(
                r#"{}{{"cur_prc":"{}","trde_qty":"{}","trde_prica":"{}","dt":"{}","open_pric":"{}","high_pric":"{}","#,
                r#""low_pric":"{}","pred_pre":"{}{}","pred_pre_sig":"{}","trde_tern_rt":"{}0.{:02}"}}"#
            ),
            comma,
            close,
            random.below(30_000_000),
            random.below(1_500_000),
            date,
            close + random.below(500),
            close + 500 + random.below(500),
            close - random.below(500),
            sign,
            change,
            if sign == "+" { 2 } else { 5 },
            sign,
            random.below(100),
        );
    }
    text + r#"],"return_code":0,"return_msg":"정상적으로 처리되었습니다"}"#
}

/// A push with a value of its kind for every key of `record`.
fn push(topic: &str, record: &mut dyn Record) -> String {
    use kiwoom_api::record::Slot;
    let mut random = Digits(fastrand::Rng::with_seed(2));
    let mut values = Vec::new();
    for (index, key) in record.keys().iter().enumerate() {
        let sign = ["+", "-", ""][random.below(3) as usize];
        let text = match record.slot(index) {
            Slot::Price(..) => format!("{sign}{}", 60_000 + random.below(20_000)),
            Slot::Percent(..) => format!("{sign}{}.{:02}", random.below(30), random.below(100)),
            Slot::Ratio(..) => format!("{sign}{}.{:02}", random.below(200), random.below(100)),
            Slot::Time(..) => "112233".to_owned(),
            Slot::Code(..) => "2".to_owned(),
            Slot::Id(_) => "1".to_owned(),
            Slot::Sided(_) => format!("{sign}{}", random.below(3_000)),
            _ => {
                let digits = 1 + random.below(7) as u32;
                random.below(10u64.pow(digits)).to_string()
            }
        };
        values.push(format!("{key}\"{text}\""));
    }
    let values = values.join(",");
    format!(r#"{{"trnm":"REAL","data":[{{"type":"{topic}","name":"주식","item":"005930","values":{{{values}}}}}]}}"#)
}

#[derive(Clone, Copy, PartialEq)]
enum Respell {
    Reversed,
    Spaced,
    Pretty,
}

/// The same page, written by another server.
fn respell(text: &str, how: Respell) -> String {
    let indent =
        |depth: usize| if how == Respell::Pretty { format!("\n{}", "    ".repeat(depth)) } else { String::new() };
    let (open, rest) = text.split_once(":[").expect("a list");
    let (rows, close) = rest.rsplit_once("],\"return").expect("an envelope");
    let (comma, colon) = match how {
        Respell::Reversed => (",", ":"),
        Respell::Spaced => (", ", ": "),
        Respell::Pretty => (",", ": "),
    };
    let rows: Vec<String> = rows
        .trim_matches(['{', '}', ' ', '\n'])
        .split("},{")
        .map(|row| {
            let mut fields: Vec<String> = row.split(',').map(|field| field.replacen(':', colon, 1)).collect();
            if how == Respell::Reversed {
                fields.reverse();
            }
            let fields = fields.join(&format!("{comma}{}", indent(3)));
            format!("{{{}{fields}{}}}", indent(3), indent(2))
        })
        .collect();
    let rows = rows.join(&format!("{comma}{}", indent(2)));
    format!("{open}:[{}{rows}{}],\"return{close}", indent(2), indent(1))
}

/// The same push with its values in the opposite order.
fn respell_push(text: &str) -> String {
    let (open, rest) = text.split_once("\"values\":{").expect("values");
    let (values, close) = rest.split_once('}').expect("an end");
    let values: Vec<&str> = values.split(',').rev().collect();
    format!("{open}\"values\":{{{}}}{close}", values.join(","))
}
