//! A broker of orders on two loopback ports, HTTP and WebSocket, for the tests of live orders.
//!
//! It takes orders, changes and cancellations, lists them two a page, pushes what happens to them, and can be told to lose
//! a reply, to fill something unseen, or to drop its connections.
#![allow(dead_code, reason = "each program uses its part")]

#[path = "http.rs"]
mod http;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::{Received, bind, listen, reply, token_body};
use jiff::Timestamp;
use jiff::tz::Offset;
use kiwoom_api::{Client, Clock, Credentials, Error, Limits, Server};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Message;

/// One order as the broker has it.
#[derive(Clone, Debug)]
pub struct Placed {
    pub number: String,
    /// `kt10000` to `kt10003`.
    pub api: String,
    pub original: String,
    pub symbol: String,
    pub qty: i64,
    pub price: i64,
    pub left: i64,
    /// Quantities and prices.
    pub fills: Vec<(i64, i64)>,
    /// How it was entered.
    pub channel: &'static str,
}

impl Placed {
    pub fn filled(&self) -> i64 {
        self.fills.iter().map(|(qty, _)| qty).sum()
    }

    fn value(&self) -> i64 {
        self.fills.iter().map(|(qty, price)| qty * price).sum()
    }

    fn side(&self) -> &'static str {
        if self.api == "kt10001" { "매도" } else { "매수" }
    }
}

struct Book {
    orders: Vec<Placed>,
    requests: Vec<String>,
    lost_replies: usize,
    /// How changes are held up.
    hold: Option<Hold>,
    /// Whether nothing is pushed.
    silent: bool,
    next_fill: u32,
    /// What the account holds.
    holdings: Vec<(String, i64)>,
    pushes: broadcast::Sender<String>,
}

/// Where a change is held up.
#[derive(Clone, Copy, Debug)]
pub enum Hold {
    /// On its way to the broker.
    Request(Duration),
    /// On the way of its reply, which may never arrive.
    Reply(Option<Duration>),
}

/// The broker.
#[derive(Clone)]
pub struct Exchange {
    book: Arc<Mutex<Book>>,
    server: Server,
}

/// Ends all connections.
const GOODBYE: &str = "goodbye";
/// Another session takes the place of this one.
const KICK: &str = r#"{"trnm":"SYSTEM","code":"R10001","message":"동일한 App key로 접속이 되었습니다."}"#;

impl Exchange {
    pub async fn open() -> Exchange {
        let book = Arc::new(Mutex::new(Book {
            orders: Vec::new(),
            requests: Vec::new(),
            lost_replies: 0,
            hold: None,
            silent: false,
            next_fill: 1,
            holdings: Vec::new(),
            pushes: broadcast::channel(1_000).0,
        }));
        let (listener, address) = bind().await;
        let own = book.clone();
        listen(listener, move |stream, _| serve(stream, own.clone()));
        let (listener, socket) = bind().await;
        let own = book.clone();
        listen(listener, move |stream, _| push(stream, own.clone()));
        let server = Server::Sandbox { http: format!("http://{address}"), socket: Some(format!("ws://{socket}")) };
        Exchange { book, server }
    }

    /// A client of this broker.
    pub fn client(&self) -> Result<Client, Error> {
        self.client_at(Clock::system())
    }

    /// One with this clock.
    pub fn client_at(&self, clock: Clock) -> Result<Client, Error> {
        let keys = Credentials::new("an-app-key", "a-secret-key");
        Client::builder(self.server.clone(), keys).clock(clock).limits(Limits::unlimited()).build()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("no panic holds it")
    }

    pub fn orders(&self) -> Vec<Placed> {
        self.book().orders.clone()
    }

    /// How many requests of this API came.
    pub fn requests(&self, api: &str) -> usize {
        self.book().requests.iter().filter(|id| *id == api).count()
    }

    /// The reply to the next order is lost.
    pub fn lose_a_reply(&self) {
        self.book().lost_replies += 1;
    }

    /// Changes are held up from now on.
    pub fn hold_changes(&self, hold: Hold) {
        self.book().hold = Some(hold);
    }

    /// Nothing is pushed from now on.
    pub fn silence(&self, silent: bool) {
        self.book().silent = silent;
    }

    /// Asks all connections of the socket whether they live.
    pub fn ping(&self) {
        let _ = self.book().pushes.send(r#"{"trnm":"PING"}"#.to_owned());
    }

    /// Another session with the same keys takes the place of all connections.
    pub fn kick(&self) {
        let _ = self.book().pushes.send(KICK.to_owned());
    }

    /// Fills a part of an order, and pushes that.
    pub fn fill(&self, number: &str, fill: (i64, i64)) {
        let mut book = self.book();
        let text = book.fill(number, fill);
        book.push(text);
    }

    /// Pushes the last fill of an order once more.
    pub fn repeat_last_fill(&self, number: &str) {
        let book = self.book();
        let order = book.orders.iter().find(|order| order.number == number).expect("an order of that number");
        let text = pushed(order, ("체결", order.fills.last().copied()), book.next_fill - 1);
        book.push(text);
    }

    /// Fills a part of an order, and says nothing.
    pub fn fill_unseen(&self, number: &str, fill: (i64, i64)) {
        let _ = self.book().fill(number, fill);
    }

    /// Somebody enters an order with the broker's own program.
    pub fn enter_by_hand(&self, symbol: &str, (qty, price): (i64, i64)) -> String {
        let mut book = self.book();
        let asked = json!({ "stk_cd": symbol, "ord_qty": qty.to_string(), "ord_uv": price.to_string() });
        let number = book.place("kt10000", &asked, "영웅문4");
        number.expect("a new order is always taken")
    }

    /// The account holds so many from now on, and that is pushed.
    pub fn hold(&self, symbol: &str, qty: i64) {
        self.hold_unseen(symbol, qty);
        let values = json!({
            "9201": "1234567811", "9001": symbol, "917": "00", "916": "00000000", "930": qty.to_string(),
            "931": "70000", "933": qty.to_string(),
        });
        let data = json!([{ "type": "04", "name": "현물잔고", "item": symbol, "values": values }]);
        self.book().push(json!({ "trnm": "REAL", "data": data }).to_string());
    }

    /// The account holds so many from now on, and nothing is said.
    pub fn hold_unseen(&self, symbol: &str, qty: i64) {
        let mut book = self.book();
        book.holdings.retain(|(held, _)| held != symbol);
        book.holdings.extend((qty > 0).then(|| (symbol.to_owned(), qty)));
    }

    /// Ends all connections of the socket.
    pub fn disconnect(&self) {
        let _ = self.book().pushes.send(GOODBYE.to_owned());
    }
}

impl Book {
    fn push(&self, text: String) {
        if !self.silent {
            let _ = self.pushes.send(text);
        }
    }

    fn fill(&mut self, number: &str, (qty, price): (i64, i64)) -> String {
        let order = self.orders.iter_mut().find(|order| order.number == number).expect("an order of that number");
        assert!(qty <= order.left, "{order:?}");
        order.left -= qty;
        order.fills.push((qty, price));
        self.next_fill += 1;
        pushed(order, ("체결", Some((qty, price))), self.next_fill - 1)
    }

    /// Takes an order, change or cancellation; its number, unless nothing is left of the original.
    fn place(&mut self, api: &str, asked: &Value, channel: &'static str) -> Option<String> {
        let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| text(key).parse::<i64>().unwrap_or(0);
        let original = text("orig_ord_no");
        let number_of = format!("{:07}", 137 + self.orders.len());
        let mut qty = number(match api {
            "kt10002" => "mdfy_qty",
            "kt10003" => "cncl_qty",
            _ => "ord_qty",
        });
        let mut echo = None;
        if !original.is_empty() {
            let order = self.orders.iter_mut().find(|order| order.number == original && order.left > 0)?;
            qty = if qty == 0 { order.left } else { qty.min(order.left) };
            order.left -= qty;
            echo = Some(pushed(order, ("확인", None), 0));
        }
        let placed = Placed {
            number: number_of.clone(),
            api: api.to_owned(),
            original,
            symbol: text("stk_cd"),
            qty,
            price: number(if api == "kt10002" { "mdfy_uv" } else { "ord_uv" }),
            left: if api == "kt10003" { 0 } else { qty },
            fills: Vec::new(),
            channel,
        };
        self.push(pushed(&placed, ("접수", None), 0));
        if let Some(echo) = echo {
            self.push(pushed(&placed, ("확인", None), 0));
            self.push(echo);
        }
        self.orders.push(placed);
        Some(number_of)
    }
}

async fn serve(mut stream: TcpStream, book: Arc<Mutex<Book>>) {
    while let Some(request) = Received::read(&mut stream, 0).await {
        let is_change = request.header("api-id") == Some("kt10002");
        let hold = book.lock().expect("no panic holds it").hold.filter(|_| is_change);
        if let Some(Hold::Request(time)) = hold {
            tokio::time::sleep(time).await;
        }
        let Some(answer) = answer(&book, &request) else { return };
        match hold {
            Some(Hold::Reply(Some(time))) => tokio::time::sleep(time).await,
            Some(Hold::Reply(None)) => return,
            Some(Hold::Request(_)) | None => {}
        }
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// Rows on one page.
const PAGE: usize = 2;

/// `None`: the reply is lost.
fn answer(book: &Mutex<Book>, request: &Received) -> Option<Vec<u8>> {
    if request.is_about_tokens() {
        return Some(reply("200 OK", &[], &token_body("a-token")));
    }
    let mut book = book.lock().expect("no panic holds it");
    let api = request.header("api-id").unwrap_or_default().to_owned();
    book.requests.push(api.clone());
    let asked: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let from = request.header("next-key").and_then(|key| key.parse().ok()).unwrap_or(0);
    let mut next = None;
    let mut page = |rows: Vec<Value>| -> Vec<Value> {
        next = (rows.len() > from + PAGE).then_some(from + PAGE);
        rows.into_iter().skip(from).take(PAGE).collect()
    };
    let mut said = match api.as_str() {
        "kt10000" | "kt10001" | "kt10002" | "kt10003" => {
            let said = match book.place(&api, &asked, "REST API") {
                Some(number) => json!({ "ord_no": number, "dmst_stex_tp": "KRX" }),
                None => json!({ "return_code": 20, "return_msg": "[2000](RC4032:원주문번호가 존재하지 않습니다)" }),
            };
            if book.lost_replies > 0 {
                book.lost_replies -= 1;
                return None;
            }
            said
        }
        "kt00007" => json!({ "acnt_ord_cntr_prps_dtl": page(book.orders.iter().map(detail).collect()) }),
        "ka10075" => {
            json!({ "oso": page(book.orders.iter().filter(|order| order.left > 0).map(open).collect()) })
        }
        "kt00018" => {
            let row = |(symbol, qty): &(String, i64)| {
                let (symbol, qty) = (format!("A{symbol}"), format!("{qty:015}"));
                json!({ "stk_cd": symbol, "rmnd_qty": qty, "trde_able_qty": qty, "pur_pric": "000000000070000" })
            };
            json!({ "acnt_evlt_remn_indv_tot": page(book.holdings.iter().map(row).collect()) })
        }
        _ => json!({ "return_code": 2, "return_msg": "[1505:no such API here]" }),
    };
    if said.get("return_code").is_none() {
        said["return_code"] = json!(0);
        said["return_msg"] = json!("");
    }
    let key = next.map(|next| format!("next-key: {next}"));
    let paging: Vec<&str> = key.iter().flat_map(|key| ["cont-yn: Y", key]).collect();
    Some(reply("200 OK", &paging, &said.to_string()))
}

async fn push(stream: TcpStream, book: Arc<Mutex<Book>>) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let mut pushes = book.lock().expect("no panic holds it").pushes.subscribe();
    let mut registered = false;
    loop {
        tokio::select! {
            message = socket.next() => {
                let Some(Ok(message)) = message else { return };
                let Message::Text(text) = message else { continue };
                if text.contains(r#""LOGIN""#) {
                    book.lock().expect("no panic holds it").requests.push("LOGIN".to_owned());
                }
                let trnm = ["LOGIN", "REG", "REMOVE"].into_iter().find(|trnm| text.contains(&format!("\"{trnm}\"")));
                registered |= trnm == Some("REG");
                if let Some(trnm) = trnm {
                    let said = format!(r#"{{"trnm":"{trnm}","return_code":0,"return_msg":""}}"#);
                    let _ = socket.send(Message::text(said)).await;
                }
            }
            push = pushes.recv() => match push {
                Ok(text) if text == GOODBYE => {
                    let _ = socket.close(None).await;
                    return;
                }
                Ok(text) if text == KICK => {
                    let _ = socket.send(Message::text(text)).await;
                    let _ = socket.close(None).await;
                    return;
                }
                Ok(text) if registered => {
                    let _ = socket.send(Message::text(text)).await;
                }
                _ => {}
            },
        }
    }
}

fn none(original: &str) -> &str {
    if original.is_empty() { "0000000" } else { original }
}

fn action(order: &Placed) -> String {
    let change = match order.api.as_str() {
        "kt10002" => "정정",
        "kt10003" => "취소",
        _ => "",
    };
    format!("{}{change}", order.side())
}

/// A push of `00`.
fn pushed(order: &Placed, (status, fill): (&str, Option<(i64, i64)>), number: u32) -> String {
    let sign = if order.side() == "매수" { "+" } else { "-" };
    let (qty, price) = fill.map_or((String::new(), String::new()), |(qty, price)| (qty.to_string(), price.to_string()));
    let values = json!({
        "9201": "1234567811", "9203": order.number, "9001": order.symbol, "913": status, "302": "이름",
        "900": order.qty.to_string(), "901": order.price.to_string(), "902": order.left.to_string(),
        "903": order.value().to_string(), "904": none(&order.original), "905": format!("{sign}{}", action(order)),
        "906": "보통", "907": if order.side() == "매수" { "2" } else { "1" }, "908": now("%H%M%S"),
        "909": if fill.is_some() { number.to_string() } else { String::new() },
        "910": price, "911": qty, "914": price, "915": qty, "919": "0", "922": "00", "2134": "1", "2135": "KRX",
        "2136": "N",
    });
    json!({ "trnm": "REAL", "data": [{ "type": "00", "name": "주문체결", "item": order.symbol, "values": values }] })
        .to_string()
}

fn now(format: &str) -> String {
    Offset::constant(9).to_datetime(Timestamp::now()).strftime(format).to_string()
}

/// A row of kt00007.
fn detail(order: &Placed) -> Value {
    let average = if order.fills.is_empty() { 0 } else { order.value() / order.filled() };
    json!({
        "ord_no": order.number, "stk_cd": format!("A{}", order.symbol), "trde_tp": "보통", "crd_tp": "보통매매",
        "ord_qty": format!("{:010}", order.qty), "ord_uv": format!("{:010}", order.price), "acpt_tp": "접수",
        "ord_tm": now("%H:%M:%S"), "ori_ord": none(&order.original),
        "io_tp_nm": if order.original.is_empty() { format!("현금{}", order.side()) } else { action(order) },
        "cntr_qty": format!("{:010}", order.filled()), "cntr_uv": format!("{average:010}"),
        "ord_remnq": format!("{:010}", order.left), "comm_ord_tp": order.channel, "dmst_stex_tp": "KRX",
    })
}

/// A row of ka10075.
fn open(order: &Placed) -> Value {
    json!({
        "ord_no": order.number, "stk_cd": order.symbol, "ord_stt": "접수", "ord_qty": order.qty.to_string(),
        "ord_pric": order.price.to_string(), "oso_qty": order.left.to_string(),
        "cntr_tot_amt": order.value().to_string(), "orig_ord_no": none(&order.original),
        "io_tp_nm": format!("+{}", action(order)), "trde_tp": "보통", "tm": now("%H%M%S"), "stex_tp": "1",
        "stex_tp_txt": "KRX", "sor_yn": "N",
    })
}
