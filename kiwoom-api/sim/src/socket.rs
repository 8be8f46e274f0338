//! The lines of the WebSocket: login, registrations, pings, what goes to whom (`BEHAVIOUR.md` W1 to W7, R13, C1).
//!
//! Pure: frames in, frames out, told the time.

mod replayed;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::answer::made_up_push;
use crate::envelope::{Owner, Personality};
use crate::faults::{Fault, twist_push};
use crate::view::View;

/// What goes out on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Out {
    Text(String),
    /// A normal close.
    Close,
    /// The end without a close.
    Break,
}

const PING: Duration = Duration::from_secs(10);
const LOGIN: Duration = Duration::from_secs(10);
const MISSED_PINGS: u32 = 5;
const SLOTS: usize = 200;
const ITEMS: usize = 100;
const REGISTRATIONS: usize = 5;
/// Realtime condition searches of one login (`BEHAVIOUR.md` R11).
const SEARCHES: usize = 10;
/// Topics of the account and of the session, whatever item is named.
const OF_ACCOUNT: [&str; 5] = ["00", "04", "0s", "F4", "F5"];
/// Topics that market and account push; all others push once when they are registered.
const LIVE: [&str; 11] = ["00", "04", "0B", "0C", "0D", "0J", "0s", "F4", "F5", "FE", "FT"];

/// What a condition search or a registration asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    api: &'static str,
    trnm: String,
    seq: String,
    /// Topics and items that were registered, and are pushed once.
    topics: Vec<(String, String)>,
    exchanges: Exchanges,
}

/// The exchanges that US items were registered with.
type Exchanges = BTreeMap<String, String>;

/// A condition search, or the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    pub api: &'static str,
    pub trnm: String,
    /// The number of the condition.
    pub number: String,
    pub is_us: bool,
    /// Entries and exits are pushed from now on.
    pub goes_on: bool,
}

impl Wanted {
    /// The search that is wanted, if it is not a registration.
    pub fn search(&self) -> Option<Search> {
        (!self.api.is_empty()).then(|| Search {
            api: self.api,
            trnm: self.trnm.clone(),
            number: self.seq.clone(),
            is_us: self.api.starts_with("usa"),
            goes_on: self.api == "ka10173" || self.api == "usa20290",
        })
    }
}

#[derive(Debug)]
struct Line {
    is_us: bool,
    connection: u64,
    opened: Duration,
    /// Whose token it logged in with.
    owner: Option<Owner>,
    is_mute: bool,
    has_listed: bool,
    searches: BTreeSet<String>,
    registered: BTreeSet<(String, String)>,
    exchanges: Exchanges,
    registrations: VecDeque<Duration>,
    pinged: Duration,
    missed: u32,
}

/// All lines.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: BTreeMap<u64, Line>,
    next: u64,
    out: Vec<(u64, Out)>,
    /// Pushes that a fault keeps back, and until when.
    late: Vec<(Duration, u64, String)>,
    now: Duration,
    personality: Personality,
}

/// Who a token belongs to.
pub(crate) type Doorman<'a> = &'a mut dyn FnMut(&str) -> Option<Owner>;
/// What strikes a push on a connection.
pub(crate) type Weather<'a> = &'a mut dyn FnMut(u64) -> Vec<Fault>;

impl Lines {
    pub fn new(personality: Personality) -> Lines {
        let now = Duration::ZERO;
        Lines { lines: BTreeMap::new(), next: 0, out: Vec::new(), late: Vec::new(), now, personality }
    }

    /// A line is opened on a connection; its number.
    pub fn open(&mut self, path: &str, connection: u64) -> u64 {
        let line = Line {
            is_us: path.starts_with("/api/us"),
            connection,
            opened: self.now,
            owner: None,
            is_mute: false,
            has_listed: false,
            searches: BTreeSet::new(),
            registered: BTreeSet::new(),
            exchanges: Exchanges::new(),
            registrations: VecDeque::new(),
            pinged: self.now,
            missed: 0,
        };
        self.next += 1;
        self.lines.insert(self.next, line);
        self.next
    }

    /// A line is gone.
    pub fn close(&mut self, line: u64) {
        self.lines.remove(&line);
    }

    /// Somebody listens.
    pub fn are_open(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Somebody has not echoed the last ping, and did so before.
    pub fn await_an_echo(&self) -> bool {
        self.lines.values().any(|line| line.missed == 1 && line.owner.is_some() && !line.is_mute)
    }

    /// Whether a line is still there.
    pub fn has(&self, line: u64) -> bool {
        self.lines.contains_key(&line)
    }

    /// What is to be sent, by line.
    pub fn drain(&mut self) -> Vec<(u64, Out)> {
        let Lines { lines, out, .. } = self;
        out.retain(|(line, _)| lines.get(line).is_none_or(|line| !line.is_mute));
        std::mem::take(out)
    }

    /// The connection of a line.
    pub fn connection(&self, line: u64) -> u64 {
        self.lines.get(&line).map_or(0, |line| line.connection)
    }

    /// A line that hears nothing and says nothing.
    pub fn is_mute(&self, line: u64) -> bool {
        self.lines.get(&line).is_some_and(|line| line.is_mute)
    }

    /// Makes a line hear nothing and say nothing.
    pub fn mute(&mut self, line: u64) {
        if let Some(line) = self.lines.get_mut(&line) {
            line.is_mute = true;
        }
    }

    /// Breaks a line without a close.
    pub fn snap(&mut self, line: u64) {
        self.out.push((line, Out::Break));
        self.lines.remove(&line);
    }

    /// A ping out of turn; nobody counts its echo.
    pub fn ping(&mut self, line: u64) {
        self.say(line, r#"{"trnm":"PING"}"#.to_owned());
    }

    /// Text for a line.
    pub fn say(&mut self, line: u64, text: String) {
        self.out.push((line, Out::Text(text)));
    }

    /// Closes a line as a second login does.
    pub fn kick(&mut self, line: u64) {
        self.end(line, "R10001", "동일한 App key로 접속이 되어 기존 접속이 종료됩니다");
    }

    /// Closes all lines like that.
    pub fn kick_all(&mut self) {
        let all: Vec<u64> = self.lines.keys().copied().collect();
        all.into_iter().for_each(|line| self.kick(line));
    }

    fn end(&mut self, line: u64, code: &str, message: &str) {
        self.say(line, json!({ "trnm": "SYSTEM", "code": code, "message": message }).to_string());
        self.out.push((line, Out::Close));
        self.lines.remove(&line);
    }

    /// Time passes: pings, and the end of lines that are silent.
    pub fn tick(&mut self, now: Duration) {
        self.now = self.now.max(now);
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(at, ..)| *at <= self.now);
        self.late = late;
        self.send_late(due);
        let mut ends = Vec::new();
        for (number, line) in self.lines.iter_mut().filter(|(_, line)| !line.is_mute) {
            if line.owner.is_none() && self.now.saturating_sub(line.opened) >= LOGIN {
                ends.push((*number, "R10004", "로그인 없음"));
            } else if self.now.saturating_sub(line.pinged) >= PING {
                line.pinged = self.now;
                line.missed += 1;
                if line.missed > MISSED_PINGS {
                    ends.push((*number, "R10002", "PING 응답 없음"));
                } else {
                    self.out.push((*number, Out::Text(r#"{"trnm":"PING"}"#.to_owned())));
                }
            }
        }
        for (line, code, message) in ends {
            self.end(line, code, message);
        }
    }

    /// Whether a push of this topic and item goes anywhere.
    pub fn want(&self, topic: &str, item: &str) -> bool {
        self.lines.values().any(|line| line.wants(topic, item).is_some())
    }

    /// Sends an element of a push to whoever registered it.
    pub fn push(&mut self, (topic, item): (&str, &str), element: &str, weather: Weather<'_>) {
        let Lines { lines, out, late, now, .. } = self;
        for (number, line) in lines {
            let Some(as_registered) = line.wants(topic, item) else { continue };
            let faults = weather(line.connection);
            let own = element.replacen(&format!(r#""item":"{item}""#), &format!(r#""item":"{as_registered}""#), 1);
            let own =
                format!(r#"{{"trnm":"REAL","data":[{}]}}"#, twist_push(placed(own, item, &line.exchanges), &faults));
            let delay = faults.iter().find_map(|fault| match fault {
                Fault::LatePush(time) => Some(*time),
                _ => None,
            });
            let copies = match (faults.contains(&Fault::LostPush), faults.contains(&Fault::Duplicate)) {
                (true, _) => 0,
                (_, true) => 2,
                _ => 1,
            };
            for _ in 0..copies {
                match delay {
                    Some(time) => late.push((*now + time, *number, own.clone())),
                    None => out.push((*number, Out::Text(own.clone()))),
                }
            }
        }
    }

    fn send_late(&mut self, mut due: Vec<(Duration, u64, String)>) {
        due.sort_by_key(|(at, ..)| *at);
        for (_, line, text) in due {
            self.say(line, text);
        }
    }

    /// A frame of a line. What needs market or account is given back.
    pub fn frame(
        &mut self,
        (number, now): (u64, Duration),
        text: &str,
        is_silent: bool,
        doorman: Doorman<'_>,
    ) -> Option<Wanted> {
        self.now = self.now.max(now);
        let Ok(Value::Object(frame)) = serde_json::from_str::<Value>(text) else {
            self.answer(number, "", Err((105_101, "형식 오류")));
            return None;
        };
        let trnm = frame.get("trnm").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_logged_in = self.lines.get(&number)?.owner.is_some();
        match trnm.as_str() {
            "PING" => {
                self.lines.get_mut(&number)?.missed = 0;
            }
            "LOGIN" => self.login((number, is_silent), &frame, doorman),
            _ if !is_logged_in => {
                self.answer(number, &trnm, Err((100_013, "로그인 필요")));
                self.out.push((number, Out::Close));
                self.lines.remove(&number);
            }
            "REG" | "REMOVE" => {
                let done = self.register(number, &trnm, &frame);
                if !is_silent {
                    self.answer(number, &trnm, done.as_ref().map(|_| ()).map_err(|refused| *refused));
                }
                let topics = done.ok()?;
                let exchanges = self.lines.get(&number)?.exchanges.clone();
                return Some(Wanted { api: "", trnm, seq: String::new(), topics, exchanges });
            }
            _ => return self.search(number, trnm, &frame),
        }
        None
    }

    fn answer(&mut self, line: u64, trnm: &str, result: Result<(), (i64, &str)>) {
        let (code, message) = match result {
            Ok(()) => (0, String::new()),
            Err((code, message)) => (code, format!("[{code}:{message}]")),
        };
        self.say(line, json!({ "trnm": trnm, "return_code": code, "return_msg": message }).to_string());
    }

    fn login(&mut self, (number, is_silent): (u64, bool), frame: &Map<String, Value>, doorman: Doorman<'_>) {
        let token = frame.get("token").and_then(Value::as_str).unwrap_or_default();
        let Some(owner) = doorman(token).filter(|_| !token.is_empty()) else {
            let refused =
                if token.is_empty() { (805_002, "토큰 없음") } else { (805_004, "토큰 오류(CODE=8005)") };
            self.answer(number, "LOGIN", Err(refused));
            self.out.push((number, Out::Close));
            self.lines.remove(&number);
            return;
        };
        // one session of each pair of keys and market: the newer one stays
        let is_us = self.lines.get(&number).is_some_and(|line| line.is_us);
        let older: Vec<u64> = self
            .lines
            .iter()
            .filter(|(other, line)| **other != number && line.is_us == is_us && line.owner == Some(owner))
            .map(|(other, _)| *other)
            .collect();
        older.into_iter().for_each(|line| self.kick(line));
        if let Some(line) = self.lines.get_mut(&number) {
            line.owner = Some(owner);
        }
        if is_silent {
            return;
        }
        let sor = if self.personality == Personality::Real { "Y" } else { "N" };
        self.say(number, json!({ "trnm": "LOGIN", "return_code": 0, "return_msg": "", "sor_yn": sor }).to_string());
    }

    /// Registers or removes; the topics and items that are pushed once.
    fn register(
        &mut self,
        number: u64,
        trnm: &str,
        frame: &Map<String, Value>,
    ) -> Result<Vec<(String, String)>, (i64, &'static str)> {
        let now = self.now;
        let line = self.lines.get_mut(&number).ok_or((105_101, "연결 없음"))?;
        if ["grp_no", "data"].iter().any(|key| frame.get(*key).is_none()) {
            return Err((100_002, "필수 항목 없음"));
        }
        let (keys, items) = keys(frame, line.is_us).ok_or((105_101, "형식 오류"))?;
        line.exchanges.extend(exchanges(frame));
        if keys.is_empty() {
            return Err((100_002, "필수 항목 없음"));
        }
        if trnm == "REMOVE" {
            keys.iter().for_each(|key| {
                line.registered.remove(key);
            });
            return Ok(Vec::new());
        }
        while line.registrations.front().is_some_and(|at| now.saturating_sub(*at) >= Duration::from_secs(1)) {
            line.registrations.pop_front();
        }
        if line.registrations.len() >= REGISTRATIONS {
            return Err((105_110, "등록 요청 초과"));
        }
        line.registrations.push_back(now);
        let mut registered = if frame.get("refresh").and_then(Value::as_str) == Some("0") {
            BTreeSet::new()
        } else {
            line.registered.clone()
        };
        registered.extend(keys.iter().cloned());
        let symbols: BTreeSet<&str> =
            registered.iter().map(|(_, item)| item.as_str()).filter(|i| !i.is_empty()).collect();
        if symbols.len() > SLOTS || items > ITEMS {
            return Err((105_115, "등록 가능 수 초과"));
        }
        line.registered = registered;
        Ok(keys.into_iter().filter(|(topic, _)| !LIVE.contains(&topic.as_str())).collect())
    }

    fn search(&mut self, number: u64, trnm: String, frame: &Map<String, Value>) -> Option<Wanted> {
        let field = |key: &str| frame.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let line = self.lines.get_mut(&number)?;
        let (is_us, once) = (line.is_us, field("search_type") == "0");
        let api = match (trnm.trim_start_matches('G'), is_us, once) {
            ("CNSRLST", false, _) => "ka10171",
            ("CNSRLST", true, _) => "usa20280",
            ("CNSRREQ", false, true) => "ka10172",
            ("CNSRREQ", false, false) => "ka10173",
            ("CNSRREQ", true, true) => "usa20281",
            ("CNSRREQ", true, false) => "usa20290",
            ("CNSRCLR", false, _) => "ka10174",
            ("CNSRCLR", true, _) => "usa20291",
            _ => {
                self.answer(number, &trnm, Err((105_108, "지원하지 않는 TR")));
                return None;
            }
        };
        let is_right = trnm.starts_with('G') == is_us;
        if !is_right || (!trnm.ends_with("CNSRLST") && !line.has_listed) {
            self.answer(number, &trnm, Err((100_002, "조건검색 목록 조회 필요")));
            return None;
        }
        line.has_listed = true;
        match api {
            "ka10173" | "usa20290" => {
                line.searches.insert(field("seq"));
            }
            "ka10174" | "usa20291" => {
                line.searches.remove(&field("seq"));
            }
            _ => {}
        }
        if line.searches.len() > SEARCHES {
            line.searches.remove(&field("seq"));
            self.answer(number, &trnm, Err((105_115, "등록 가능 수 초과")));
            return None;
        }
        Some(Wanted { api, trnm, seq: field("seq"), topics: Vec::new(), exchanges: Exchanges::new() })
    }
}

impl Line {
    /// The item under which a push is registered here.
    fn wants(&self, topic: &str, item: &str) -> Option<&str> {
        let mut of_topic = self.registered.iter().filter(|(of, _)| of == topic).map(|(_, item)| item.as_str());
        if OF_ACCOUNT.contains(&topic) {
            return of_topic.next();
        }
        of_topic.find(|registered| registered.split('_').next() == Some(item))
    }
}

/// Topics and items of a registration, and how many items there are. Domestic items are texts, US items are objects with a code
/// and an exchange; account topics take a blank text on both (`BEHAVIOUR.md` W3, W10).
fn keys(frame: &Map<String, Value>, is_us: bool) -> Option<(Vec<(String, String)>, usize)> {
    let (mut keys, mut items) = (Vec::new(), 0);
    for data in frame.get("data")?.as_array()? {
        let names = data.get("item")?.as_array()?;
        items += names.len();
        for topic in data.get("type")?.as_array()? {
            for item in names {
                let item = match item {
                    Value::String(text) if !is_us || text.is_empty() => text,
                    Value::Object(item) if is_us => item.get("stex_tp").and_then(|_| item.get("jmcode"))?.as_str()?,
                    _ => return None,
                };
                keys.push((topic.as_str()?.to_owned(), item.to_owned()));
            }
        }
    }
    Some((keys, items))
}

/// The exchanges that a registration names.
fn exchanges(frame: &Map<String, Value>) -> Exchanges {
    let datas = frame.get("data").and_then(Value::as_array).into_iter().flatten();
    let items = datas.filter_map(|data| data.get("item")?.as_array()).flatten();
    let named = items.filter_map(|item| Some((item.get("jmcode")?.as_str()?, item.get("stex_tp")?.as_str()?)));
    named.map(|(code, exchange)| (code.to_owned(), exchange.to_owned())).collect()
}

/// An element of a push with the exchange of its item, if it has one (`BEHAVIOUR.md` W4).
fn placed(element: String, item: &str, exchanges: &Exchanges) -> String {
    match exchanges.get(item) {
        Some(exchange) => element.replacen(r#","values":"#, &format!(r#","stexTp":"{exchange}","values":"#), 1),
        None => element,
    }
}

/// The first pushes of topics that are made up.
pub(crate) fn first_pushes(view: &View<'_>, wanted: &Wanted) -> Vec<String> {
    let pushes = wanted.topics.iter().filter_map(|(topic, item)| {
        let push = made_up_push(view, topic, item)?;
        Some(placed(push, item, &wanted.exchanges))
    });
    pushes.map(|push| format!(r#"{{"trnm":"REAL","data":[{push}]}}"#)).collect()
}
