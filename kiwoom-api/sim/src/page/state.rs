//! What the page shows, as JSON. Prices are whole numbers of the smallest unit of their market; `decimals` says where the
//! point stands.

use kiwoom_api::jiff::civil::{Date, DateTime};
use kiwoom_api::registry::find;
use serde_json::{Map, Value, json};

use super::cell::{code_text, words as words_of};
use super::mask::masked;
use super::{account, explain, words};
use crate::market::{Bar, Kind, OrderSide, Stock, joined, whole};
use crate::session::{Exchange, Phase};
use crate::traffic::{Passed, What};
use crate::world::World;

/// The most bars of a chart.
const BARS: usize = 300;
/// Trades that are listed.
const TAPE: usize = 30;
/// New calls, and new frames, of the log in one answer.
const ENTRIES: usize = 60;

/// What a page asks for.
#[derive(Debug)]
pub(super) struct Query {
    pub code: String,
    /// Minutes of a bar; 0 for days.
    pub minutes: u32,
    /// The last entry of the log that it has.
    pub after: u64,
    /// The first day of the bars that it has: days are not sent again.
    pub days_of: String,
}

impl Query {
    /// From the query of a URL.
    pub fn read(query: &str) -> Query {
        let of = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
        };
        Query {
            code: of("code").to_owned(),
            minutes: of("minutes").parse().unwrap_or(1).min(60),
            after: of("after").parse().unwrap_or(0),
            days_of: of("days").to_owned(),
        }
    }
}

/// Everything that changes.
pub(super) fn state(world: &World, wanted: &Query, speed: f64) -> Value {
    let view = world.view();
    let stock = view.market.find(&wanted.code).unwrap_or_else(|| view.market.stock(0));
    let now = world.now();
    let instruments: Vec<Value> = (0..view.market.len()).map(|at| instrument(view.market.stock(at))).collect();
    json!({
        "now": now.to_string().replace('T', " "), "day": now.date().weekday().to_monday_zero_offset(),
        "phase": phase_word(stock, now), "market": if stock.listing.kind.exchange() == Exchange::Us { "us" } else { "krx" }, "speed": speed, "seed": view.seed,
        "audit": world.audit().err(),
        "instruments": instruments,
        "quote": quote(stock, account::own(&view, stock.listing.code)),
        "chart": chart(stock, wanted, stock.day()),
        "purses": account::purses(&view), "orders": account::orders(&view), "fills": account::fills(world),
        "faults": faults(world),
        "log": log(world, wanted.after),
    })
}

/// What the market of an instrument does.
fn phase_word(stock: &Stock, now: DateTime) -> &'static str {
    match stock.listing.kind.exchange().phase(now) {
        Phase::OpeningAuction => "opening",
        Phase::Continuous => "open",
        Phase::ClosingAuction => "closing",
        _ => "closed",
    }
}

/// Where the point of a price stands.
pub(super) fn decimals(stock: &Stock) -> u8 {
    if stock.listing.is_in_hundredths() { 2 } else { 0 }
}

fn instrument(stock: &Stock) -> Value {
    let kind = match stock.listing.kind {
        Kind::Stock => "stock",
        Kind::Etf => "etf",
        Kind::Index => "index",
        Kind::Gold => "gold",
        Kind::Us => "us",
    };
    json!({
        "code": stock.listing.code, "name": stock.listing.name, "kind": kind, "decimals": decimals(stock),
        "last": stock.last(), "previous": stock.previous,
    })
}

fn quote(stock: &Stock, own: Vec<Value>) -> Value {
    let tape: Vec<Value> = stock
        .tape()
        .iter()
        .rev()
        .take(TAPE)
        .map(|tick| json!([tick.second, tick.price, tick.qty, tick.side.map_or("", account::side)]))
        .collect();
    let today = stock.today();
    let mut out = instrument(stock);
    let more = json!({
        "open": today.map(|bar| bar.open), "high": today.map(|bar| bar.high), "low": today.map(|bar| bar.low),
        "volume": today.map_or(0, |bar| bar.volume), "value": today.map_or(0, |bar| bar.value),
        "highest": stock.highest(), "lowest": stock.lowest(),
        "asks": stock.levels(OrderSide::Sell), "bids": stock.levels(OrderSide::Buy),
        "own": own, "tape": tape,
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}

/// Bars, oldest first: day, second of the day, open, high, low, close, volume.
fn chart(stock: &Stock, wanted: &Query, today: Date) -> Value {
    if wanted.minutes == 0 {
        // the days before today do not change, and take a while to make
        let is_known = wanted.days_of == format!("{}.{today}", stock.listing.code);
        let days = if is_known { 1 } else { BARS / 2 };
        let mut bars: Vec<Value> = stock
            .days()
            .take(days)
            .filter_map(|(day, _, minutes)| whole(minutes).map(|bar| row(day, &Bar { second: 0, ..bar })))
            .collect();
        bars.reverse();
        return json!({ "minutes": 0, "code": stock.listing.code, "today": today.to_string(), "part": is_known, "bars": bars });
    }
    let mut bars: Vec<Value> = Vec::new();
    for (day, _, minutes) in stock.days() {
        let of_day = joined(minutes, wanted.minutes * 60);
        bars.extend(of_day.iter().rev().map(|bar| row(day, bar)));
        if bars.len() >= BARS {
            break;
        }
    }
    bars.truncate(BARS);
    bars.reverse();
    json!({ "minutes": wanted.minutes, "code": stock.listing.code, "bars": bars })
}

fn row(day: Date, bar: &Bar) -> Value {
    json!([day.to_string(), bar.second, bar.open, bar.high, bar.low, bar.close, bar.volume])
}

fn faults(world: &World) -> Vec<Value> {
    let rules = world.faults.rules().map(|(fault, of, left)| {
        let name = words::fault(fault);
        json!({ "name": [name.ko, name.en], "of": of.map(masked), "left": left })
    });
    rules.collect()
}

/// New entries of the log, oldest first.
fn log(world: &World, after: u64) -> Vec<Value> {
    world.traffic.after(after, ENTRIES).into_iter().map(entry).collect()
}

/// One line of the log.
fn entry(passed: &Passed) -> Value {
    let mut out = json!({ "number": passed.number, "at": passed.at.to_string().replace('T', " ") });
    let more = match &passed.what {
        What::Call { api, path, status, request, reply, faults } => {
            let known = find(api);
            let reply: Map<String, Value> = serde_json::from_str(reply).unwrap_or_default();
            let struck: Vec<Value> =
                faults.iter().map(|fault| words::fault(*fault)).map(|name| json!([name.ko, name.en])).collect();
            json!({
                "way": "call", "api": masked(api), "path": masked(path), "status": status, "faults": struck,
                "ko": known.map(|entry| entry.meta.korean.trim()), "en": known.map(|entry| words_of(entry.meta.name)),
                "code": reply.get("return_code").and_then(Value::as_i64), "about": about(request),
                "message": reply.get("return_msg").and_then(Value::as_str).map(masked),
            })
        }
        What::Heard { line, text } => told("heard", (*line, 1), text),
        What::Sent { lines, text } => told("sent", (0, *lines), text),
        What::Closed { line } => json!({ "way": "closed", "line": line }),
    };
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}

/// The line of a frame.
fn told(way: &str, (line, lines): (u64, usize), text: &str) -> Value {
    let frame: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let word = |key: &str| frame.get(key).and_then(Value::as_str).map(masked).unwrap_or_default();
    let pushed = frame.get("data").and_then(|data| data.get(0)).filter(|_| word("trnm") == "REAL");
    let of_push = |key: &str| pushed.and_then(|data| data.get(key)).and_then(Value::as_str).unwrap_or_default();
    let known = find(of_push("type")).or_else(|| explain::searched(&frame));
    json!({
        "way": way, "line": line, "lines": lines, "api": masked(of_push("type")), "trnm": word("trnm"),
        "ko": known.map(|entry| entry.meta.korean.trim()), "en": known.map(|entry| words_of(entry.meta.name)),
        "code": frame.get("return_code").and_then(Value::as_i64), "about": code_text(of_push("item")),
        "message": frame.get("return_msg").or(frame.get("message")).and_then(Value::as_str).map(masked),
    })
}

/// What a request is about, where it names an instrument.
fn about(request: &str) -> Option<String> {
    let request: Map<String, Value> = serde_json::from_str(request).ok()?;
    let code = ["stk_cd", "inds_cd"].iter().find_map(|key| request.get(*key)?.as_str())?;
    Some(code_text(code))
}

/// One entry of the log with the meaning of every value.
pub(super) fn details(world: &World, number: u64) -> Option<Value> {
    let passed = world.traffic.find(number)?;
    let mut out = entry(passed);
    let parts = match &passed.what {
        What::Call { api, request, reply, .. } => explain::call(find(api), request, reply),
        What::Heard { text, .. } => json!({ "frames": explain::frame(text, false) }),
        What::Sent { text, .. } => json!({ "frames": explain::frame(text, true) }),
        What::Closed { .. } => json!({}),
    };
    if let (Value::Object(out), Value::Object(parts)) = (&mut out, parts) {
        out.extend(parts);
    }
    Some(out)
}
