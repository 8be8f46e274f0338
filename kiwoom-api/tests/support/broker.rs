//! A broker over loopback that remembers orders and misbehaves on command: stocks of one market, HTTP, and a WebSocket beside it.
//!
//! It acts on requests as the documents say, and then treats the reply as its [`Fault`] says; so a test can compare
//! what the client believes with what happened. It takes each order that arrives: twice sent is twice placed.

mod pushes;
mod socket;
mod us;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use kiwoom_api::{ManualClock, Server};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use self::socket::Line;
pub use self::socket::LineTally;
use super::http::{self, Received, reply, token_body};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed, and for a while nobody listens.
    Refused,
    /// Reset as soon as the first byte arrives.
    ResetBefore,
    /// Reset after the whole request arrived; acted upon or not.
    ResetAfter,
    /// No reply, and nothing done.
    TimeoutBefore,
    /// No reply, but done.
    TimeoutAfter,
    /// HTTP 429 with code 1700; an order may have been placed all the same.
    Quota,
    /// HTTP 500 without a body; acted upon or not.
    Status500,
    /// A web page with HTTP 200; acted upon or not.
    Html,
    /// Done, and half of the JSON comes back.
    Truncated,
    /// Done, and the reply comes byte by byte: in time, or not.
    Drip,
    /// The line is dead for a while, with the request on it, and then alive again: it arrives long after it was given up.
    DeadLine,
    /// The server reads its socket late: the request lies there, and nobody has seen it.
    LateRead,
}

pub const FAULTS: [Fault; 12] = [
    Fault::Refused,
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::TimeoutBefore,
    Fault::TimeoutAfter,
    Fault::Quota,
    Fault::Status500,
    Fault::Html,
    Fault::Truncated,
    Fault::Drip,
    Fault::DeadLine,
    Fault::LateRead,
];

/// The longest that a request is held up, in seconds of the broker's clock.
const LONGEST_HOLD: u64 = 60;

/// One order as the broker knows it.
#[derive(Clone, Debug)]
pub struct Placed {
    pub number: String,
    /// `kt10000` to `kt10003`, `ust20000` to `ust20003`: buys, sells, changes, cancellations.
    pub api: String,
    /// `매수` or `매도`; of a change or cancellation, that of the order it is about.
    pub side: &'static str,
    pub symbol: String,
    pub quantity: i64,
    /// In won, or in cents.
    pub price: i64,
    pub fills: Vec<Execution>,
    pub kind: String,
    pub venue: String,
    pub original: String,
    pub remaining: i64,
    /// `yyyyMMdd`
    pub date: String,
    /// `HH:mm:ss`
    pub time: String,
    /// What it came through; `영웅문4` was typed by hand.
    pub channel: String,
}

/// A part of an order that was filled.
#[derive(Clone, Copy, Debug)]
pub struct Execution {
    pub number: u32,
    pub quantity: i64,
    pub price: i64,
}

impl Placed {
    /// A purchase as somebody types it.
    pub fn by_hand(is_us: bool, (quantity, price): (i64, i64)) -> Placed {
        let [api, symbol, kind, venue] =
            if is_us { ["ust20000", "NVDA", "00", "ND"] } else { ["kt10000", "005930", "0", "KRX"] }.map(str::to_owned);
        let [number, original, date, time, channel] = [const { String::new() }; 5];
        let (side, fills, remaining) = ("매수", Vec::new(), quantity);
        Placed {
            number,
            api,
            side,
            symbol,
            quantity,
            price,
            fills,
            kind,
            venue,
            original,
            remaining,
            date,
            time,
            channel,
        }
    }

    pub fn is_cancellation(&self) -> bool {
        self.api.ends_with('3')
    }

    pub fn is_change(&self) -> bool {
        self.api.ends_with('2')
    }

    pub fn is_us(&self) -> bool {
        self.api.starts_with("ust")
    }

    pub fn filled(&self) -> i64 {
        self.fills.iter().map(|fill| fill.quantity).sum()
    }

    /// What the fills are worth together, in won or in cents.
    pub fn value(&self) -> i64 {
        self.fills.iter().map(|fill| fill.quantity * fill.price).sum()
    }
}

pub struct Broker {
    book: Arc<Mutex<Book>>,
    address: SocketAddr,
    socket: SocketAddr,
}

struct Book {
    orders: Vec<Placed>,
    fills: u32,
    /// The last fill of each order, as it was pushed.
    told: HashMap<String, String>,
    line: Line,
    /// The lists of orders answer HTTP 500.
    lists_fail: bool,
    requests: Vec<String>,
    tokens: usize,
    fault: Option<(Fault, f64)>,
    rng: fastrand::Rng,
    time: ManualClock,
    /// Until when requests are held up that nobody has acted upon yet.
    held: Vec<Duration>,
}

/// Rows on one page of an account's orders.
const PAGE: usize = 3;

/// Buys, sells, changes and cancels.
pub const TRADES: [&str; 8] =
    ["kt10000", "kt10001", "kt10002", "kt10003", "ust20000", "ust20001", "ust20002", "ust20003"];

/// An address of its own for each broker, so that nobody else takes its port while it does not listen.
static NEXT: AtomicU16 = AtomicU16::new(1);

impl Broker {
    /// A broker whose orders bear the times of `time`, and that misbehaves as `seed` says.
    pub async fn start(time: ManualClock, seed: u64) -> Broker {
        let own = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let listener = TcpListener::bind((std::net::Ipv4Addr::new(127, 77, own[0], own[1]), 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let book = Arc::new(Mutex::new(Book {
            orders: Vec::new(),
            fills: 0,
            told: HashMap::new(),
            line: Line::new(seed),
            lists_fail: false,
            requests: Vec::new(),
            tokens: 0,
            fault: None,
            rng: fastrand::Rng::with_seed(seed),
            time,
            held: Vec::new(),
        }));
        tokio::spawn(listen(listener, address, book.clone()));
        let (listener, socket) = http::bind().await;
        let own = book.clone();
        http::listen(listener, move |stream, _| socket::serve(stream, own.clone()));
        Broker { book, address, socket }
    }

    pub fn server(&self) -> Server {
        Server::Sandbox { http: format!("http://{}", self.address), socket: Some(format!("ws://{}", self.socket)) }
    }

    /// Each further request meets `fault` with this chance.
    pub fn misbehave(&self, fault: Fault, chance: f64) {
        self.book().fault = Some((fault, chance));
    }

    /// Requests were held up until now or earlier, and have not been acted upon yet.
    pub fn is_behind(&self) -> bool {
        let book = self.book();
        book.held.iter().any(|until| *until <= book.time.elapsed())
    }

    pub fn heal(&self) {
        self.book().fault = None;
    }

    pub fn orders(&self) -> Vec<Placed> {
        self.book().orders.clone()
    }

    /// How many requests of this API arrived whole.
    pub fn requests(&self, api: &str) -> usize {
        self.book().requests.iter().filter(|id| *id == api).count()
    }

    /// Somebody typed an order into the broker's own program.
    pub fn typed_by_hand(&self, mut order: Placed) {
        let mut book = self.book();
        order.number = book.next_number(order.is_us());
        order.channel = "영웅문4".to_owned();
        if order.date.is_empty() {
            (order.date, order.time) = book.now();
        }
        book.tell_of(&order);
        book.orders.push(order);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }
}

async fn listen(listener: TcpListener, address: SocketAddr, book: Arc<Mutex<Book>>) {
    let away = Arc::new(Notify::new());
    let mut listener = Some(listener);
    loop {
        let Some(open) = &listener else {
            tokio::time::sleep(Duration::from_millis(3)).await;
            listener = TcpListener::bind(address).await.ok();
            continue;
        };
        tokio::select! {
            () = away.notified() => listener = None,
            accepted = open.accept() => if let Ok((stream, _)) = accepted {
                tokio::spawn(serve(stream, book.clone(), away.clone()));
            },
        }
    }
}

async fn serve(mut stream: TcpStream, book: Arc<Mutex<Book>>, away: Arc<Notify>) {
    let _ = stream.set_nodelay(true);
    loop {
        if book.lock().unwrap().fault(|fault| fault == Fault::ResetBefore).is_some() {
            let _ = stream.readable().await;
            let _ = stream.set_zero_linger();
            return;
        }
        let _ = stream.readable().await;
        let late = book.lock().unwrap().fault(|fault| fault == Fault::LateRead).is_some();
        let hold = late.then(|| Hold::new(&book));
        if let Some(hold) = &hold {
            hold.over().await;
        }
        let Some(received) = Received::read(&mut stream, 0).await else { return };
        // now and not before it came: a connection may have waited for it since long before
        let fault = book.lock().unwrap().fault(|fault| !matches!(fault, Fault::ResetBefore | Fault::LateRead));
        let hold = hold.or_else(|| (fault == Some(Fault::DeadLine)).then(|| Hold::new(&book)));
        if let Some(hold) = &hold {
            hold.over().await;
        }
        let acts = {
            let mut book = book.lock().unwrap();
            match fault {
                None | Some(Fault::TimeoutAfter | Fault::Truncated | Fault::Drip | Fault::DeadLine) => true,
                Some(Fault::TimeoutBefore | Fault::ResetBefore | Fault::Refused) => false,
                Some(_) => book.rng.bool(),
            }
        };
        let answer = if acts { answer(&book, &received) } else { Vec::new() };
        drop(hold);
        match fault {
            None | Some(Fault::DeadLine | Fault::LateRead) => {
                let _ = stream.write_all(&answer).await;
            }
            Some(Fault::Refused) => {
                away.notify_one();
                return;
            }
            Some(Fault::ResetBefore | Fault::ResetAfter) => {
                let _ = stream.set_zero_linger();
                return;
            }
            Some(Fault::TimeoutBefore | Fault::TimeoutAfter) => {
                tokio::time::sleep(Duration::from_secs(2)).await;
                return;
            }
            Some(Fault::Quota) => {
                let text =
                    "허용된 요청 개수를 초과하였습니다[1700:허용된 요청 개수를 초과하였습니다. 유량=5, API ID=kt10000]";
                let body = format!(r#"{{"return_code":5,"return_msg":"{text}"}}"#);
                let _ = stream.write_all(&reply("429 Too Many Requests", &[], &body)).await;
            }
            Some(Fault::Status500) => {
                let _ = stream.write_all(&reply("500 Internal Server Error", &[], "")).await;
            }
            Some(Fault::Html) => {
                let _ = stream.write_all(&reply("200 OK", &[], "<html>maintenance</html>")).await;
            }
            Some(Fault::Truncated) => {
                let _ = stream.write_all(&answer[..answer.len() - answer.len().min(20)]).await;
                return;
            }
            Some(Fault::Drip) => {
                let pause = Duration::from_millis(if book.lock().unwrap().rng.bool() { 1 } else { 40 });
                for piece in answer.chunks(8) {
                    if stream.write_all(piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// A request that is held up.
struct Hold<'a> {
    book: &'a Mutex<Book>,
    until: Duration,
}

impl Hold<'_> {
    fn new(book: &Mutex<Book>) -> Hold<'_> {
        let mut held = book.lock().unwrap();
        let until = held.time.elapsed() + Duration::from_secs(held.rng.u64(1..=LONGEST_HOLD));
        held.held.push(until);
        Hold { book, until }
    }

    async fn over(&self) {
        while self.book.lock().unwrap().time.elapsed() < self.until {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut book = self.book.lock().unwrap();
        let place = book.held.iter().position(|until| *until == self.until);
        book.held.swap_remove(place.unwrap());
    }
}

/// Does what the request asks for, and says so.
fn answer(book: &Mutex<Book>, received: &Received) -> Vec<u8> {
    let mut book = book.lock().unwrap();
    if received.is_about_tokens() {
        book.tokens += 1;
        return reply("200 OK", &[&book.date_header()], &token_body(&format!("TOKEN-{}", book.tokens)));
    }
    let api = received.header("api-id").unwrap_or_default().to_owned();
    book.requests.push(api.clone());
    let asked: Value = serde_json::from_str(&received.body).unwrap_or_default();
    let is_trade = TRADES.contains(&api.as_str());
    if book.lists_fail && !is_trade {
        return reply("500 Internal Server Error", &[&book.date_header()], "");
    }
    let (next, mut said) = match api.as_str() {
        _ if is_trade => (None, book.trade(&api, &asked)),
        "ust21510" | "ust21050" | "ust21150" => {
            let from = received.header("next-key").and_then(|key| key.parse().ok()).unwrap_or(0);
            us::list(&book.orders, (&api, &asked), from)
        }
        "kt00007" => {
            let from = received.header("next-key").and_then(|key| key.parse().ok()).unwrap_or(0);
            let of_day: Vec<&Placed> = book.orders.iter().filter(|order| asked["ord_dt"] == order.date).collect();
            let rows: Vec<Value> = of_day.iter().skip(from).take(PAGE).map(|order| detail(order)).collect();
            let next = (of_day.len() > from + PAGE).then_some(from + PAGE);
            (next, json!({ "acnt_ord_cntr_prps_dtl": rows }))
        }
        "ka10075" => {
            let rows: Vec<Value> = book.orders.iter().filter(|order| order.remaining > 0).map(open).collect();
            (None, json!({ "oso": rows }))
        }
        "ka10076" => (None, json!({ "cntr": [] })),
        _ => (None, json!({ "return_code": 2, "return_msg": "[1505:no such API here]" })),
    };
    if said.get("return_code").is_none() {
        said["return_code"] = json!(0);
        said["return_msg"] = json!(" 조회가 완료되었습니다.");
    }
    let paging = next.map_or(Vec::new(), |next| vec!["cont-yn: Y".to_owned(), format!("next-key: {next}")]);
    let date = book.date_header();
    let id = format!("api-id: {api}");
    let headers: Vec<&str> = paging.iter().chain([&date, &id]).map(String::as_str).collect();
    reply("200 OK", &headers, &said.to_string())
}

impl Book {
    /// Whether the next request meets a fault of this kind.
    fn fault(&mut self, kind: impl Fn(Fault) -> bool) -> Option<Fault> {
        let (fault, chance) = self.fault.filter(|(fault, _)| kind(*fault))?;
        (self.rng.f64() < chance).then_some(fault)
    }

    fn date_header(&self) -> String {
        super::date_header(self.time.korea())
    }

    /// `yyyyMMdd` and `HH:mm:ss`
    fn now(&self) -> (String, String) {
        let now = self.time.korea();
        (now.strftime("%Y%m%d").to_string(), now.strftime("%H:%M:%S").to_string())
    }

    fn next_number(&self, is_us: bool) -> String {
        let number = 137 + self.orders.len();
        if is_us { format!("{number:09}") } else { format!("{number:07}") }
    }

    fn trade(&mut self, api: &str, asked: &Value) -> Value {
        let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
        let is_us = api.starts_with("ust");
        let number = |key: &str| text(key).parse().unwrap_or(0);
        let price = |key: &str| if is_us { us::cents(&text(key)) } else { number(key) };
        let (is_change, is_cancellation) = (api.ends_with('2'), api.ends_with('3'));
        let original = text("orig_ord_no");
        let mut side = if api.ends_with('1') { "매도" } else { "매수" };
        // of a US order, all that is left
        let mut quantity = number(if is_change {
            "mdfy_qty"
        } else if is_cancellation {
            "cncl_qty"
        } else {
            "ord_qty"
        });
        if !original.is_empty() {
            let is_it =
                |order: &&mut Placed| order.number == original && order.remaining > 0 && order.remaining >= quantity;
            let Some(order) = self.orders.iter_mut().find(is_it) else {
                return json!({ "return_code": 20, "return_msg": "[2000](RC4032:원주문번호가 존재하지 않습니다)" });
            };
            quantity = if quantity == 0 { order.remaining } else { quantity };
            order.remaining -= quantity;
            side = order.side;
        }
        let (date, time) = self.now();
        let placed = Placed {
            number: self.next_number(is_us),
            api: api.to_owned(),
            side,
            symbol: text("stk_cd"),
            quantity,
            price: price(if is_change { "mdfy_uv" } else { "ord_uv" }),
            fills: Vec::new(),
            kind: text("trde_tp"),
            venue: text(if is_us { "stex_tp" } else { "dmst_stex_tp" }),
            original,
            remaining: if is_cancellation { 0 } else { quantity },
            date,
            time,
            channel: "REST API".to_owned(),
        };
        let said = json!({ "ord_no": placed.number, "dmst_stex_tp": placed.venue });
        self.tell_of(&placed);
        self.orders.push(placed);
        said
    }
}

/// A row of kt00007, padded as the broker pads.
fn detail(order: &Placed) -> Value {
    json!({
        "ord_no": order.number,
        "stk_cd": format!("A{}", order.symbol),
        "trde_tp": if order.kind == "3" { "시장가" } else { "보통" },
        "crd_tp": "보통매매",
        "ord_qty": format!("{:010}", order.quantity),
        "ord_uv": format!("{:010}", order.price),
        "cnfm_qty": "0000000000",
        "acpt_tp": "접수",
        "rsrv_tp": "",
        "ord_tm": order.time,
        "ori_ord": if order.original.is_empty() { "0000000" } else { &order.original },
        "stk_nm": "이름",
        "io_tp_nm": match order.api.as_str() {
            "kt10002" => format!("{}정정", order.side),
            "kt10003" => format!("{}취소", order.side),
            _ => format!("현금{}", order.side),
        },
        "loan_dt": "",
        "cntr_qty": format!("{:010}", order.filled()),
        "cntr_uv": format!("{:010}", order.value() / order.filled().max(1)),
        "ord_remnq": format!("{:010}", order.remaining),
        "comm_ord_tp": order.channel,
        "mdfy_cncl": match order.api.as_str() { "kt10002" => "정정", "kt10003" => "취소", _ => "" },
        "cnfm_tm": "",
        "dmst_stex_tp": order.venue,
        "cond_uv": "0000000000",
    })
}

/// A row of ka10075.
fn open(order: &Placed) -> Value {
    json!({
        "acnt_no": super::ACCOUNT,
        "ord_no": order.number,
        "stk_cd": order.symbol,
        "ord_stt": "접수",
        "ord_qty": order.quantity.to_string(),
        "ord_pric": order.price.to_string(),
        "oso_qty": order.remaining.to_string(),
        "cntr_tot_amt": order.value().to_string(),
        "orig_ord_no": if order.original.is_empty() { "0000000" } else { &order.original },
        "io_tp_nm": pushes::action(order),
        "trde_tp": if order.kind == "3" { "시장가" } else { "보통" },
        "tm": order.time.replace(':', ""),
        "stex_tp": "0",
        "stex_tp_txt": order.venue,
        "sor_yn": if order.venue == "SOR" { "Y" } else { "N" },
    })
}
