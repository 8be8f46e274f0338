//! One meaning, many codes: what a typed meaning becomes on the wire, in every field that offers it.
//!
//! The measure is the committed facts (the labels of the documents), never the generated tables: the label says which
//! meaning a code has, by a dictionary of this file, and the built crate must write that code for that meaning.

use std::collections::BTreeMap;
use std::path::Path;

use kiwoom_api::decode::decode;
use kiwoom_api::encode::{EncodeError, encode, encode_reply};
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::registry::{ENTRIES, Make};
use kiwoom_api::value::CodeTable;
use serde_json::Value as Json;

/// Labels or codes, and the names of their meanings.
type Words = &'static [(&'static str, &'static str)];
/// By the names that a set has.
type Sets = &'static [(&'static [&'static str], Words)];

/// Meanings of the sets that most fields share, with the labels that say them. Blanks in labels do not count.
const MEANINGS: Sets = &[
    (&["Nyse", "Nasdaq", "Amex"], US),
    (&["All", "Nyse", "Nasdaq", "Amex"], US),
    (&["Krx", "Nxt", "Unified"], &[("KRX", "Krx"), ("NXT", "Nxt"), ("통합", "Unified"), ("SOR", "Unified")]),
    (&["Krx", "Nxt", "Sor"], VENUES),
    (&["All", "Krx", "Nxt", "Sor"], VENUES),
    (&["Krx", "Nxt"], VENUES),
    (&["Kospi", "Kosdaq"], MARKETS),
    (&["All", "Kospi", "Kosdaq"], MARKETS),
    (
        &["NetBuy", "NetSell"],
        &[
            ("순매수", "NetBuy"),
            ("순매수상위", "NetBuy"),
            ("연속순매수", "NetBuy"),
            ("순매수순위정렬", "NetBuy"),
            ("순매도", "NetSell"),
            ("순매도상위", "NetSell"),
            ("연속순매도", "NetSell"),
            ("순매도순위정렬", "NetSell"),
        ],
    ),
    (
        &["Amount", "Quantity"],
        &[
            ("금액", "Amount"),
            ("금액(백만원)", "Amount"),
            ("금액(천만)", "Amount"),
            ("수량", "Quantity"),
            ("수량(천주)", "Quantity"),
            ("수량(천)", "Quantity"),
        ],
    ),
    (&["Buy", "Sell"], SIDES),
    (&["All", "Buy", "Sell"], SIDES),
    (&["Raw", "Adjusted"], &[("미적용", "Raw"), ("적용", "Adjusted")]),
    (
        &["UpperLimit", "Up", "Flat", "LowerLimit", "Down"],
        &[
            ("상한가", "UpperLimit"),
            ("상한", "UpperLimit"),
            ("상승", "Up"),
            ("보합", "Flat"),
            ("없음", "Flat"),
            ("하한가", "LowerLimit"),
            ("하한", "LowerLimit"),
            ("하락", "Down"),
        ],
    ),
];

const US: Words = &[
    ("전체", "All"),
    ("(전체)", "All"),
    ("NYSE", "Nyse"),
    ("NY(NYSE)", "Nyse"),
    ("NASDAQ", "Nasdaq"),
    ("ND(NASDAQ)", "Nasdaq"),
    ("AMEX", "Amex"),
    ("NA(AMEX)", "Amex"),
];
const VENUES: Words = &[
    ("전체", "All"),
    ("(전체)", "All"),
    ("KRX", "Krx"),
    ("한국거래소", "Krx"),
    ("NXT", "Nxt"),
    ("넥스트트레이드", "Nxt"),
    ("SOR", "Sor"),
    ("최선주문집행", "Sor"),
];
const MARKETS: Words = &[("전체", "All"), ("코스피", "Kospi"), ("코스닥", "Kosdaq")];
const SIDES: Words = &[
    ("전체", "All"),
    ("전체(기본값)", "All"),
    ("매수", "Buy"),
    ("매도", "Sell"),
    ("매수단가", "Buy"),
    ("매도단가", "Sell"),
];

/// What codes mean where a document gives no labels: names of the exchanges, and the numbers that its examples show.
const UNLABELLED: Sets = &[
    (&["Nyse", "Nasdaq", "Amex"], &[("NY", "Nyse"), ("ND", "Nasdaq"), ("NA", "Amex")]),
    (
        &["Krx", "Nxt", "Unified"],
        &[
            ("KRX", "Krx"),
            ("NXT", "Nxt"),
            ("통합", "Unified"),
            ("SOR", "Unified"),
            ("S-KRX", "Krx"),
            ("S-NXT", "Nxt"),
            ("1", "Krx"),
            ("2", "Nxt"),
            ("0", "Unified"),
        ],
    ),
    (&["Krx", "Nxt", "Sor"], &[("KRX", "Krx"), ("NXT", "Nxt"), ("SOR", "Sor")]),
    (&["All", "Krx", "Nxt", "Sor"], &[("%", "All"), ("KRX", "Krx"), ("NXT", "Nxt"), ("SOR", "Sor")]),
    (&["All", "Kospi", "Kosdaq"], &[("000", "All"), ("001", "Kospi"), ("101", "Kosdaq")]),
    (
        &["Buy", "Sell"],
        &[("2", "Buy"), ("1", "Sell"), ("02", "Buy"), ("01", "Sell"), ("매수", "Buy"), ("매도", "Sell")],
    ),
    (&["Raw", "Adjusted"], &[("0", "Raw"), ("1", "Adjusted")]),
    (
        &["UpperLimit", "Up", "Flat", "LowerLimit", "Down"],
        &[("1", "UpperLimit"), ("2", "Up"), ("0", "Flat"), ("3", "Flat"), ("4", "LowerLimit"), ("5", "Down")],
    ),
];

fn meanings(table: Sets, names: &[&str]) -> Option<Words> {
    table.iter().find(|(set, _)| *set == names).map(|(_, labels)| *labels)
}

/// A container on the way to a field.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    List(&'static str),
    Object(&'static str),
    Embedded(&'static str),
}

impl Step {
    fn key(self) -> &'static str {
        let (Step::List(key) | Step::Object(key) | Step::Embedded(key)) = self;
        key
    }
}

/// A field with a code table.
struct Coded {
    id: &'static str,
    /// `request`, `reply` or `push`.
    part: &'static str,
    make: Make,
    above: Vec<Step>,
    key: &'static str,
    names: &'static [&'static str],
    table: CodeTable,
}

impl Coded {
    fn place(&self) -> String {
        let above: String = self.above.iter().map(|step| format!("{}.", step.key())).collect();
        format!("{} {} {above}{}", self.id, self.part, self.key)
    }

    /// The record with the field set to the meaning at `index`, as JSON.
    fn written(&self, index: u8) -> Result<Json, EncodeError> {
        let mut record = (self.make)();
        kiwoom_api::decode::clear(&mut *record);
        set(&mut *record, &self.above, self.key, index);
        self.encoded(&mut *record)
    }

    fn encoded(&self, record: &mut dyn Record) -> Result<Json, EncodeError> {
        let bytes = if self.part == "request" { encode(record, &[], &[])? } else { encode_reply(record)? };
        Ok(serde_json::from_slice(&bytes).expect("our own JSON"))
    }

    /// The text of the field in JSON.
    fn text(&self, json: &Json) -> String {
        let mut at = json.clone();
        for step in &self.above {
            at = at[step.key()].clone();
            if let Step::Embedded(_) = step {
                at = serde_json::from_str(at.as_str().expect("a text")).expect("JSON in the text");
            }
            if !matches!(step, Step::Object(_)) {
                at = at[0].clone();
            }
        }
        at[self.key].as_str().unwrap_or_else(|| panic!("{}: no text in {json}", self.place())).to_owned()
    }

    /// JSON that holds the field alone.
    fn holding(&self, text: &str) -> String {
        let mut json = serde_json::json!({ self.key: text });
        for step in self.above.iter().rev() {
            json = match step {
                Step::List(key) => serde_json::json!({ *key: [json] }),
                Step::Object(key) => serde_json::json!({ *key: json }),
                Step::Embedded(key) => serde_json::json!({ *key: Json::from(vec![json]).to_string() }),
            };
        }
        json.to_string()
    }

    /// What is wrong where the field does not write `code` for the meaning of this name.
    fn miswrites(&self, meaning: &str, code: &str) -> Option<String> {
        let place = self.place();
        let Some(index) = self.names.iter().position(|name| *name == meaning) else {
            return Some(format!("{place}: {code:?} means {meaning}, which its type has not"));
        };
        match self.written(index as u8) {
            Ok(json) if self.text(&json) == code => None,
            Ok(json) => Some(format!("{place}: {meaning} is {code:?}, not {:?}", self.text(&json))),
            Err(e) => Some(format!("{place}: {meaning} is {code:?}, not {e}")),
        }
    }

    /// What the record says after it was read from JSON with this text and written again.
    fn round_trip(&self, text: &str) -> String {
        let mut record = (self.make)();
        kiwoom_api::decode::clear(&mut *record);
        let decoded = decode(self.holding(text).as_bytes(), &mut *record).expect("JSON");
        assert!(decoded.anomalies().is_empty(), "{}: {:?}", self.place(), decoded.anomalies());
        assert_eq!(decoded.unknown(), 0, "{}: the key is known", self.place());
        self.text(&self.encoded(&mut *record).unwrap_or_else(|e| panic!("{}: {e}", self.place())))
    }
}

fn set(record: &mut dyn Record, above: &[Step], key: &str, index: u8) {
    let find = |keys: &[&'static str], name: &str| keys.iter().position(|k| key_name(k) == name).expect("the key");
    let Some((step, below)) = above.split_first() else {
        let at = find(record.keys(), key);
        let Slot::Code(slot, _) = record.slot(at) else { panic!("{key} is no code") };
        return slot.set_index(index);
    };
    let at = find(record.keys(), step.key());
    match record.slot(at) {
        Slot::List(list) => set(list.push(), below, key, index),
        Slot::Embedded(list) => set(list.list_mut().push(), below, key, index),
        Slot::Object(inner) => set(inner, below, key, index),
        _ => panic!("{} contains nothing", step.key()),
    }
}

/// Every field with a code table, of every record.
fn all() -> Vec<Coded> {
    let mut out = Vec::new();
    for entry in ENTRIES {
        let push = if entry.request.is_none() { "push" } else { "reply" };
        let parts = entry.request.map(|make| ("request", make)).into_iter();
        for (part, make) in parts.chain([(push, entry.reply)]).chain(entry.push.map(|make| ("push", make))) {
            collect(&mut *make(), &mut Vec::new(), &mut |above, key, names, table| {
                out.push(Coded { id: entry.meta.id, part, make, above: above.to_vec(), key, names, table });
            });
        }
    }
    out
}

type Found<'a> = &'a mut dyn FnMut(&[Step], &'static str, &'static [&'static str], CodeTable);

fn collect(record: &mut dyn Record, above: &mut Vec<Step>, found: Found<'_>) {
    let keys = record.keys();
    for (index, key) in keys[..keys.len() - record.spellings()].iter().enumerate() {
        let key = key_name(key);
        if let Slot::Code(code, table) = record.slot(index) {
            found(above, key, code.names(), table);
            continue;
        }
        let mut inside = |step, record: &mut dyn Record| {
            above.push(step);
            collect(record, above, found);
            above.pop();
        };
        match record.slot(index) {
            Slot::List(list) => inside(Step::List(key), list.push()),
            Slot::Embedded(list) => inside(Step::Embedded(key), list.list_mut().push()),
            Slot::Object(inner) => inside(Step::Object(key), inner),
            _ => {}
        }
    }
}

/// Fields that send the label where the document's list says the code: the examples show it (`매수`, ust21050!A60).
const LABEL_IS_SENT: &[&str] = &["ust21050 reply result_list.slby_tp_nm"];

/// Codes with their labels, as the committed facts list them, by API, part and path; `None` where the crate stands
/// alone, without `spec/`.
fn facts() -> Option<BTreeMap<String, Vec<(String, String)>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/apis");
    let mut out = BTreeMap::new();
    for file in std::fs::read_dir(folder).ok()?.flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a file of facts");
        let api: Json = serde_json::from_str(&text).expect("JSON");
        let id = api["id"].as_str().expect("an id");
        for (side, part) in [("request", "request"), ("response", "reply")] {
            for block in api[side]["blocks"].as_array().into_iter().flatten() {
                read(id, part, "", &block["fields"], &mut out);
            }
        }
    }
    Some(out)
}

fn read(id: &str, part: &str, above: &str, fields: &Json, out: &mut BTreeMap<String, Vec<(String, String)>>) {
    for field in fields.as_array().into_iter().flatten() {
        let key = field["key"].as_str().expect("a key");
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let pairs = field["says"]["codes"].as_array().into_iter().flatten();
        let codes = pairs.map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
        let place = match above.strip_prefix("data.values.") {
            // FIDs stand at the top of a push
            Some(rest) => format!("{id} push {rest}{key}"),
            None => format!("{id} {part} {above}{key}"),
        };
        out.insert(place, codes);
        read(id, part, &format!("{above}{key}."), &field["fields"], out);
    }
}

/// `stk_cd` of `"stk_cd":`.
fn key_name(key: &'static str) -> &'static str {
    key.trim_matches(['"', ':'])
}

/// `전체`, `(전체)`, `NY (NYSE)`: blanks do not count.
fn bare(label: &str) -> String {
    label.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every field of the shared sets writes, for each meaning, the code that the document labels so.
#[test]
fn a_meaning_is_the_code_that_its_label_has() {
    let Some(facts) = facts() else { return println!("skipped: no facts beside this crate") };
    let mut fields: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for field in all() {
        let Some(labels) = meanings(MEANINGS, field.names) else { continue };
        let listed = facts.get(&field.place()).map_or(&[][..], Vec::as_slice);
        let counts = fields.entry(field.names.join(" ")).or_default();
        if listed.len() > 1 {
            counts.0 += 1;
            for (code, label) in listed {
                match labels.iter().find(|(ko, _)| *ko == bare(label)) {
                    Some((ko, meaning)) => {
                        let code = if LABEL_IS_SENT.contains(&field.place().as_str()) { ko } else { code.as_str() };
                        wrong.extend(field.miswrites(meaning, code));
                    }
                    None => wrong.push(format!("{}: nothing is known of the label {label:?}", field.place())),
                }
            }
        } else {
            counts.1 += 1;
            let known = meanings(UNLABELLED, field.names).unwrap_or_default();
            for (code, index) in field.table {
                let name = field.names[usize::from(*index)];
                let bare = code.trim_start_matches(['+', '-']);
                if !known.iter().any(|(wire, meaning)| *wire == bare && *meaning == name) {
                    wrong.push(format!("{}: {code:?} as {name} is not explained", field.place()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
    println!("fields by set (with labels, without): {fields:?}");
    let of = |set: &str| fields.get(set).map_or(0, |(labelled, bare)| labelled + bare);
    for (set, least) in [
        ("Nyse Nasdaq Amex", 106),
        ("All Nyse Nasdaq Amex", 56),
        ("Krx Nxt Unified", 65),
        ("NetBuy NetSell", 9),
        ("Amount Quantity", 18),
        ("Kospi Kosdaq", 12),
        ("All Kospi Kosdaq", 27),
        ("Buy Sell", 20),
        ("All Buy Sell", 11),
        ("Raw Adjusted", 18),
        ("UpperLimit Up Flat LowerLimit Down", 174),
    ] {
        assert!(of(set) >= least, "{set}: {} fields, {least} are the least ({fields:?})", of(set));
    }
}

/// A document that offers these meanings gets a type that has them: no list of exchanges is left as text.
#[test]
fn every_list_of_the_shared_meanings_has_its_type() {
    let Some(facts) = facts() else { return println!("skipped: no facts beside this crate") };
    let coded: BTreeMap<String, Coded> = all().into_iter().map(|field| (field.place(), field)).collect();
    let mut wrong = Vec::new();
    let mut found = 0;
    for (place, listed) in &facts {
        let labels: Vec<String> = listed.iter().map(|(_, label)| bare(label)).collect();
        for (pair, names) in [
            (["NASDAQ", "NYSE"], ["Nasdaq", "Nyse"]),
            (["KRX", "NXT"], ["Krx", "Nxt"]),
            (["코스피", "코스닥"], ["Kospi", "Kosdaq"]),
            (["순매수", "순매도"], ["NetBuy", "NetSell"]),
            (["금액", "수량"], ["Amount", "Quantity"]),
            (["매수", "매도"], ["Buy", "Sell"]),
            (["상한가", "하락"], ["UpperLimit", "Down"]),
        ] {
            if !pair.iter().all(|label| labels.iter().any(|have| have == label)) {
                continue;
            }
            found += 1;
            match coded.get(place) {
                Some(field) if names.iter().all(|name| field.names.contains(name)) => {}
                Some(field) => wrong.push(format!("{place}: {labels:?} became {:?}", field.names)),
                None => wrong.push(format!("{place}: {labels:?} has no type")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {found}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found >= 440, "{found} lists");
}

/// A code that no document lists is kept, and goes back as it came.
#[test]
fn unlisted_codes_survive() {
    let fields = all();
    assert!(fields.len() > 1_000, "{} fields with codes", fields.len());
    for field in &fields {
        for code in ["Zz9", "~"] {
            assert!(field.table.iter().all(|(listed, _)| *listed != code), "{}", field.place());
            assert_eq!(field.round_trip(code), code, "{}", field.place());
        }
    }
}

/// A listed code goes back as the first code of its meaning: further spellings are read, never written.
#[test]
fn listed_codes_go_back_as_the_code_that_is_written() {
    for field in all() {
        for (code, index) in field.table {
            let written = field.table.iter().find(|(_, other)| other == index).map_or("", |(first, _)| first);
            assert_eq!(field.round_trip(code), written, "{}: {code:?}", field.place());
        }
    }
}

/// What a field does not offer is an error before anything is sent; it names the field and what the field offers. Requests
/// offer every meaning of their types, so only replies can show it (for a request of our own see `client_trades`).
#[test]
fn a_meaning_that_a_field_does_not_offer_is_an_error() {
    let mut refused = 0;
    for field in all() {
        let offers = |index: u8| field.table.iter().any(|(_, offered)| *offered == index);
        for (index, name) in (0u8..).zip(field.names).filter(|(index, _)| !offers(*index)) {
            let error = match field.written(index) {
                Err(error) => error,
                // read from a spelling of another field, so a stored reply keeps that spelling
                Ok(_) => {
                    assert_ne!(field.part, "request", "{}: a request sends its own codes only", field.place());
                    refused += 1;
                    continue;
                }
            };
            assert_eq!(error.field(), field.key, "{}", field.place());
            assert!(error.problem().starts_with(&format!("{name} is not offered here")), "{}: {error}", field.place());
            for (_, offered) in field.table {
                assert!(error.problem().contains(field.names[usize::from(*offered)]), "{}: {error}", field.place());
            }
            assert_ne!(field.part, "request", "{}: a request offers every meaning of its type", field.place());
            refused += 1;
        }
    }
    assert!(refused > 0, "no field lacks a meaning: nothing was tested");
}

/// The same word in requests whose codes differ, as a caller writes it. Codes and cells of the workbook of 2026-07-04.
#[test]
fn one_word_is_right_wherever_it_is_offered() {
    use kiwoom_api::codes::{Adjust, Market, MarketFilter, Measure, NetSide, OrderVenue, VenueFilter};
    use kiwoom_api::codes::{UsExchange, UsExchangeFilter};
    use kiwoom_api::id;
    use kiwoom_api::value::{Side, Venue};

    let sent = |record: &mut dyn Record, key: &str| -> String {
        let bytes = encode(record, &[], &[]).expect("a request");
        let json: Json = serde_json::from_slice(&bytes).expect("our own JSON");
        json[key].as_str().expect("a text").to_owned()
    };
    macro_rules! sends {
        ($($api:ident.$field:ident($meaning:expr) = $code:literal, $cell:literal;)+) => {$(
            let mut request = <id::$api::Request as kiwoom_api::record::Empty>::empty().$field($meaning);
            assert_eq!(sent(&mut request, stringify!($field)), $code, concat!(stringify!($api), "!", $cell));
        )+};
    }
    sends! {
        ka10024.mrkt_tp(Market::Kosdaq) = "101", "G22";
        ka10044.mrkt_tp(Market::Kosdaq) = "101", "G25";
        ka10051.mrkt_tp(Market::Kosdaq) = "1", "G22";
        ka90003.mrkt_tp(Market::Kosdaq) = "P10102", "G24";
        ka10024.mrkt_tp(MarketFilter::All) = "000", "G22";
        ka10016.stex_tp(Venue::Unified) = "3", "G30";
        ka10075.stex_tp(Venue::Unified) = "0", "G25";
        ka10075.stex_tp(Venue::Krx) = "1", "G25";
        kt00007.dmst_stex_tp(VenueFilter::Sor) = "SOR", "G28";
        kt00007.dmst_stex_tp(VenueFilter::All) = "%", "G28";
        kt10000.dmst_stex_tp(OrderVenue::Nxt) = "NXT", "G22";
        ka10039.trde_tp(NetSide::NetBuy) = "1", "G24";
        ka10044.trde_tp(NetSide::NetBuy) = "2", "G24";
        ka90003.trde_upper_tp(NetSide::NetBuy) = "2", "G22";
        ka90003.amt_qty_tp(Measure::Amount) = "1", "G23";
        ka10131.amt_qty_tp(Measure::Amount) = "0", "G28";
        ka10062.sort_cnd(Measure::Amount) = "2", "G26";
        ka10051.amt_qty_tp(Measure::Quantity) = "1", "G23";
        usa06012.stex_tp(UsExchange::Nasdaq) = "ND", "G22";
        usa06010.stex_tp(UsExchange::Nasdaq) = "ND", "G22";
        usa20510.stex_tp(UsExchange::Nasdaq) = "2", "G22";
        usa20932.stex_tp(UsExchange::Nasdaq) = "3", "G22";
        usa24120.stex_tp(UsExchange::Amex) = "2", "G22";
        usa23100.stex_tp(UsExchange::Nasdaq) = "3", "G22";
        usa23100.stex_tp(UsExchangeFilter::All) = "0", "G22";
        ka10075.trde_tp(Side::Buy) = "2", "G23";
        kt00010.trde_tp(Side::Sell) = "1", "G24";
        ka10081.upd_stkpc_tp(Adjust::Adjusted) = "1", "G24";
        usa06012.upd_stkpc_tp(Adjust::Raw) = "0", "G25";
    }
}

/// The codes of each set with their meanings; a set is known by the names of its meanings and its spellings.
type Spelt = BTreeMap<(&'static [&'static str], CodeTable), BTreeMap<&'static str, Vec<u8>>>;

/// `from_wire` looks a code up in the spellings of its set: they hold every code of every field of the set, except those that
/// mean different things in different fields.
#[test]
fn from_wire_knows_every_code_that_means_one_thing() {
    let mut sets = Spelt::new();
    for entry in ENTRIES {
        for make in [entry.request, Some(entry.reply), entry.push].into_iter().flatten() {
            note_codes(&mut *make(), &mut sets);
        }
    }
    assert!(sets.len() > 100, "{} sets", sets.len());
    let mut ambiguous = 0;
    for ((names, spellings), codes) in &sets {
        for (code, meanings) in codes {
            let known: Vec<u8> = spellings.iter().filter(|(c, _)| c == code).map(|(_, index)| *index).collect();
            match meanings.as_slice() {
                [_] => assert_eq!(known, *meanings, "{names:?} {code}"),
                _ => {
                    ambiguous += 1;
                    assert!(known.is_empty(), "{names:?} {code}");
                }
            }
        }
    }
    assert!(ambiguous > 0);
}

/// The codes of every field of a record and of its rows, by set.
fn note_codes(record: &mut dyn Record, sets: &mut Spelt) {
    for index in 0..record.keys().len() {
        match record.slot(index) {
            Slot::Code(slot, table) => {
                let codes = sets.entry((slot.names(), slot.spellings())).or_default();
                for (code, meaning) in table {
                    let meanings = codes.entry(code).or_default();
                    if !meanings.contains(meaning) {
                        meanings.push(*meaning);
                    }
                }
            }
            Slot::List(list) | Slot::Tuples(list) => note_codes(list.push(), sets),
            _ => {}
        }
    }
}

#[test]
fn from_wire_gives_the_variant() {
    use kiwoom_api::codes::{ChangeSort, OrderType, OrderVenue, UsExchange};
    use kiwoom_api::domestic::order::codes::GoldOrderType;
    use kiwoom_api::us::order::codes::{UsBuyOrderType, UsSellOrderType};
    use kiwoom_api::value::{Side, Venue};

    assert_eq!(OrderType::from_wire("28"), Some(OrderType::StopLimit));
    assert_eq!(GoldOrderType::from_wire("00"), Some(GoldOrderType::Limit));
    assert_eq!(UsBuyOrderType::from_wire("30"), Some(UsBuyOrderType::LimitOnClose));
    assert_eq!(UsSellOrderType::from_wire("34"), Some(UsSellOrderType::StopLimit));
    assert_eq!(OrderVenue::from_wire("SOR"), Some(OrderVenue::Sor));
    assert_eq!(UsExchange::from_wire("ND"), Some(UsExchange::Nasdaq));
    assert_eq!(Side::from_wire("매도"), Some(Side::Sell));
    assert_eq!(Venue::from_wire("통합"), Some(Venue::Unified));
    // it means different things in different fields, so it stays what it is; and so does a code that nobody lists
    assert!(matches!(ChangeSort::from_wire("1"), Some(ChangeSort::Unlisted(code)) if code.as_str() == "1"));
    assert!(matches!(OrderType::from_wire("99"), Some(OrderType::Unlisted(code)) if code.as_str() == "99"));
    assert_eq!(OrderType::from_wire("a code of more than 23 bytes"), None);
}
