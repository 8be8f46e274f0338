//! Frames as text: what one says, and how a request is written. No socket.

use super::condition::Condition;
use super::engine::{Answer, Key, Kind, Request, Verdict};
use super::matches::{MarketRow, Page, Row};
use crate::json::decode::{DecodeError, Decoded, Memory, PushSink, decode, decode_push_text, decode_within};
use crate::json::encode::encode;
use crate::record::{Keys, Record, Slot};
use crate::redact::redact;
use crate::value::Secret;

/// What a frame is, when its pushes have gone to the sink.
#[derive(Debug)]
pub(super) enum Frame {
    Push(Decoded),
    Ping,
    Login(Answer),
    Answered(Kind, Option<String>, Answer, Found),
    System { code: String, message: String },
    Unknown(String),
}

/// What an answer brings along.
#[derive(Debug, Default)]
pub(super) enum Found {
    #[default]
    Nothing,
    Conditions(Vec<Condition>),
    Rows(Page),
}

/// How much memory the lists of an answer may take, however short it is.
const ROOM: usize = 64 << 20;

/// Reads one frame.
pub(super) fn read(text: &str, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<Frame, DecodeError> {
    let decoded = decode_push_text(text, memory, sink)?;
    if decoded.trnm() == Some("REAL") {
        return Ok(Frame::Push(decoded));
    }
    let trnm = decoded.trnm().unwrap_or_default().to_owned();
    if trnm == "PING" {
        return Ok(Frame::Ping);
    }
    let mut said = Said::default();
    let decoded = decode(text.as_bytes(), &mut said)?;
    let kind = match trnm.trim_start_matches('G') {
        "LOGIN" => return Ok(Frame::Login(answer(&decoded))),
        "SYSTEM" => return Ok(Frame::System { code: said.code, message: redact(&said.message) }),
        "REG" => Kind::Register,
        "REMOVE" => Kind::Remove,
        "CNSRLST" => Kind::Conditions,
        "CNSRREQ" => Kind::Search,
        "CNSRCLR" => Kind::Clear,
        _ => return Ok(Frame::Unknown(format!("a frame {}", redact(&trnm)))),
    };
    let found = match kind {
        Kind::Conditions => {
            let mut list = ConditionList::default();
            decode_within(text.as_bytes(), &mut list, ROOM)?;
            Found::Conditions(list.data)
        }
        Kind::Search => {
            let rows = if trnm.starts_with('G') { rows::<true>(text)? } else { rows::<false>(text)? };
            let more = said.more.trim() == "Y";
            Found::Rows(Page { rows, next: Some(said.next).filter(|next| more && !next.trim().is_empty()) })
        }
        _ => Found::Nothing,
    };
    Ok(Frame::Answered(kind, (!said.number.is_empty()).then_some(said.number), answer(&decoded), found))
}

/// The list of conditions: pairs of number and name (`BEHAVIOUR.md` C1).
#[derive(Default)]
struct ConditionList {
    data: Vec<Condition>,
}

impl Record for ConditionList {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "ConditionList", names: &["\"data\":"] }
    }

    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Tuples(&mut self.data)
    }
}

impl Record for Condition {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Condition", names: &["\"seq\":", "\"name\":"] }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.number),
            _ => Slot::Text(&mut self.name),
        }
    }
}

/// What a search finds.
#[derive(Default)]
struct Rows<const US: bool> {
    data: Vec<MarketRow<US>>,
}

impl<const US: bool> Record for Rows<US> {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Rows", names: &["\"data\":"] }
    }

    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::List(&mut self.data)
    }
}

fn rows<const US: bool>(text: &str) -> Result<Vec<Row>, DecodeError> {
    let mut rows = Rows::<US>::default();
    decode_within(text.as_bytes(), &mut rows, ROOM)?;
    Ok(rows.data.into_iter().map(|row| row.0).collect())
}

/// The keys of frames that are no pushes.
#[derive(Default)]
struct Said {
    code: String,
    message: String,
    number: String,
    /// Of a search: whether there are more rows, and where they begin.
    more: String,
    next: String,
}

impl Record for Said {
    fn keys(&self) -> &'static Keys {
        &Keys {
            api: "",
            record: "Said",
            names: &["\"code\":", "\"message\":", "\"seq\":", "\"cont_yn\":", "\"next_key\":"],
        }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.code),
            1 => Slot::Text(&mut self.message),
            2 => Slot::Text(&mut self.number),
            3 => Slot::Text(&mut self.more),
            _ => Slot::Text(&mut self.next),
        }
    }
}

/// Codes with a meaning of their own (`BEHAVIOUR.md` W7, A3).
static KNOWN: [(&str, Verdict); 8] = [
    ("105110", Verdict::TooFast),
    ("105115", Verdict::NoSlot),
    ("105118", Verdict::NoSlot),
    ("100013", Verdict::NotLoggedIn),
    ("805002", Verdict::NotLoggedIn),
    ("805004", Verdict::NotLoggedIn),
    ("8005", Verdict::NotLoggedIn),
    ("8010", Verdict::NotLoggedIn),
];

/// The code stands in `return_code` or somewhere in the text, in brackets or after `CODE=`.
fn answer(decoded: &Decoded) -> Answer {
    let message = decoded.return_msg().unwrap_or_default();
    let Some(class) = decoded.return_code().filter(|class| *class != 0) else {
        let verdict = if decoded.return_code().is_some() { Verdict::Fine } else { Verdict::Refused };
        return Answer { verdict, code: String::new(), message: redact(message) };
    };
    let class = class.to_string();
    let numbers = || std::iter::once(class.as_str()).chain(message.split(|c: char| !c.is_ascii_digit()));
    let known = numbers().find_map(|number| KNOWN.iter().find(|(code, _)| *code == number));
    let (code, verdict) = known.copied().unwrap_or((class.as_str(), Verdict::Refused));
    Answer { verdict, code: code.to_owned(), message: redact(message) }
}

/// LOGIN takes the bare token (`BEHAVIOUR.md` A9).
pub(super) fn login(token: &str) -> String {
    struct Login(Secret);
    impl Record for Login {
        fn keys(&self) -> &'static Keys {
            &Keys { api: "", record: "Login", names: &["\"trnm\":", "\"token\":"] }
        }

        fn slot(&mut self, index: usize) -> Slot<'_> {
            match index {
                0 => Slot::Const("LOGIN"),
                _ => Slot::Secret(&mut self.0),
            }
        }
    }
    // a token that cannot be written cannot be had: it travels in headers, too
    let text = encode(&mut Login(Secret::from(token)), &[], &[]).unwrap_or_default();
    String::from_utf8(text).unwrap_or_default()
}

/// A request about subscriptions. Symbols were checked to be plain, so nothing has to be escaped.
pub(super) fn write(request: &Request, us: bool) -> String {
    // conditions of the US market have another name, and no venue (`BEHAVIOUR.md` C1)
    let (g, venue) = if us { ("G", "") } else { ("", r#","stex_tp":"K""#) };
    match request {
        Request::Register(keys) => format!(r#"{{"trnm":"REG","grp_no":"1","refresh":"1","data":[{}]}}"#, items(keys)),
        Request::Remove(keys) => format!(r#"{{"trnm":"REMOVE","grp_no":"1","data":[{}]}}"#, items(keys)),
        Request::Conditions => format!(r#"{{"trnm":"{g}CNSRLST"}}"#),
        Request::Search(key) => {
            let (number, goes_on) = (key.number(), if key.is_once() { 0 } else { 1 });
            let page = match key.page() {
                "" => String::new(),
                page => format!(r#","cont_yn":"Y","next_key":{}"#, quoted(page)),
            };
            format!(r#"{{"trnm":"{g}CNSRREQ","seq":"{number}","search_type":"{goes_on}"{venue}{page}}}"#)
        }
        Request::Clear(key) => format!(r#"{{"trnm":"{g}CNSRCLR","seq":"{}"}}"#, key.number()),
    }
}

/// A key of the broker's as JSON: it goes back as it came.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Arrays, whatever the documents say (`BEHAVIOUR.md` W10); US items are objects (W3).
fn items(keys: &[Key]) -> String {
    let item = |key: &Key| match (key.item.code.as_str(), key.item.exchange) {
        (code, "") => format!("\"{code}\""),
        (code, exchange) => format!(r#"{{"jmcode":"{code}","stex_tp":"{exchange}"}}"#),
    };
    let topic = keys.first().map_or("", |key| key.topic);
    format!(r#"{{"item":[{}],"type":["{topic}"]}}"#, keys.iter().map(item).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::super::engine::KeyItem;
    use super::*;
    use crate::json::decode::Anomaly;

    /// A sink that wants nothing.
    struct Nobody;

    impl PushSink for Nobody {
        fn open(&mut self, _: &str, _: &str) -> Option<&mut dyn Record> {
            None
        }

        fn close(&mut self, _: &mut Vec<Anomaly>) {}
    }

    fn verdict(text: &str) -> (Verdict, String) {
        match read(text, &mut Memory::default(), &mut Nobody).unwrap() {
            Frame::Login(answer) | Frame::Answered(_, _, answer, _) => (answer.verdict, answer.code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_say_what_follows() {
        for (text, want, code) in [
            (r#"{"trnm":"LOGIN","return_code":0,"return_msg":"","sor_yn":"Y"}"#, Verdict::Fine, ""),
            (r#"{"trnm":"REG","return_code":0,"return_msg":""}"#, Verdict::Fine, ""),
            (r#"{"trnm":"REG","return_code":105110,"return_msg":"x"}"#, Verdict::TooFast, "105110"),
            (r#"{"trnm":"REG","return_code":"105115","return_msg":""}"#, Verdict::NoSlot, "105115"),
            (r#"{"trnm":"REG","return_code":1,"return_msg":"[105118:x]"}"#, Verdict::NoSlot, "105118"),
            (r#"{"trnm":"LOGIN","return_code":3,"return_msg":"x(CODE=8005)"}"#, Verdict::NotLoggedIn, "8005"),
            (r#"{"trnm":"LOGIN","return_code":805004,"return_msg":"x"}"#, Verdict::NotLoggedIn, "805004"),
            (r#"{"trnm":"REMOVE","return_code":105101,"return_msg":"x"}"#, Verdict::Refused, "105101"),
            (r#"{"trnm":"GCNSRREQ","seq":"4  ","return_code":0}"#, Verdict::Fine, ""),
        ] {
            assert_eq!(verdict(text), (want, code.to_owned()), "{text}");
        }
    }

    #[test]
    fn requests_have_arrays_and_us_items_are_objects() {
        let keys = |items: &[&str]| items.iter().map(|item| Key::topic("0B", KeyItem::of(item))).collect::<Vec<_>>();
        assert_eq!(
            write(&Request::Register(keys(&["005930", "000660"])), false),
            r#"{"trnm":"REG","grp_no":"1","refresh":"1","data":[{"item":["005930","000660"],"type":["0B"]}]}"#
        );
        assert_eq!(
            write(&Request::Remove(keys(&[""])), false),
            r#"{"trnm":"REMOVE","grp_no":"1","data":[{"item":[""],"type":["0B"]}]}"#
        );
        let nvidia = Key::topic("FE", super::super::Symbol::nasdaq("NVDA").0);
        assert!(write(&Request::Register(vec![nvidia]), true).contains(r#""item":[{"jmcode":"NVDA","stex_tp":"ND"}]"#));
        let search = Request::Search(Key::search("02", "4  "));
        assert_eq!(write(&search, false), r#"{"trnm":"CNSRREQ","seq":"4","search_type":"1","stex_tp":"K"}"#);
        assert_eq!(write(&search, true), r#"{"trnm":"GCNSRREQ","seq":"4","search_type":"1"}"#);
        let once = Request::Search(Key::once("02", "4  ", ""));
        assert_eq!(write(&once, false), r#"{"trnm":"CNSRREQ","seq":"4","search_type":"0","stex_tp":"K"}"#);
        let page = Request::Search(Key::once("S2", "4", "a\"\n1"));
        let text = r#"{"trnm":"GCNSRREQ","seq":"4","search_type":"0","cont_yn":"Y","next_key":"a\"\u000a1"}"#;
        assert_eq!(write(&page, true), text);
        assert_eq!(login("abc"), r#"{"trnm":"LOGIN","token":"abc"}"#);
    }
}
