//! What the switches of the page do.

use std::time::Duration;

use kiwoom_api::jiff::ToSpan;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::registry::find;
use serde_json::{Map, Value, json};

use super::words;
use crate::broker::{Credit, Desk};
use crate::envelope::{Ask, Said};
use crate::faults::{Fault, Rule};
use crate::house::House;
use crate::session::{Exchange, Phase, second_of};

/// What a switch asks for, or why it is no switch.
pub(super) fn act(house: &House, asked: &Map<String, Value>) -> Result<Value, String> {
    let word = |key: &str| asked.get(key).and_then(Value::as_str).unwrap_or_default();
    match word("do") {
        "speed" => {
            let factor = asked.get("factor").and_then(Value::as_f64).filter(|factor| *factor >= 0.0);
            house.pace.set(factor.ok_or("factor: a number from 0")?);
        }
        "step" => {
            let seconds = asked.get("seconds").and_then(Value::as_u64).filter(|seconds| (1..=86_400).contains(seconds));
            pass(house, Duration::from_secs(seconds.ok_or("seconds: 1 to 86400")?));
        }
        "jump" => {
            let (exchange, now) = house.with(|world| {
                let stock = world.view().market.find(word("code")).map(|stock| stock.listing.kind.exchange());
                (stock.unwrap_or(Exchange::Krx), world.now())
            });
            pass(house, until(exchange, now, word("to"))?);
        }
        "fault" => {
            let rule = rule(asked)?;
            let now = house.time.elapsed();
            house.with(|world| world.faults.add(rule, now));
        }
        "heal" => house.with(|world| world.faults.clear()),
        "kick" => house.with(|world| world.lines.kick_all()),
        "order" => return order(house, asked),
        "cancel" => return cancel(house, word("number")),
        other => return Err(format!("{other:?} is no switch")),
    }
    Ok(json!({}))
}

/// Lets time pass at once.
fn pass(house: &House, by: Duration) {
    house.time.advance(by);
    house.with(|_| ());
}

/// How long a jump may be: the longest weekend, and more.
const FURTHEST: i64 = 10 * 24 * 60;

/// The time until a market opens or closes next, or its next trading day begins; each does so at a whole minute.
fn until(exchange: Exchange, now: DateTime, to: &str) -> Result<Duration, String> {
    let begins = |at: DateTime, phase: Phase| {
        exchange.phase(at) == phase && exchange.phase(at.saturating_sub(1.minute())) != phase
    };
    let is_there = |at: DateTime| match to {
        "open" => begins(at, Phase::Continuous),
        "close" => exchange.closes(at),
        _ => begins(at, Phase::OpeningAuction) && exchange.local(at).date() > exchange.local(now).date(),
    };
    if !matches!(to, "open" | "close" | "day") {
        return Err(format!("to: {to:?} is none of open, close, day"));
    }
    let seconds = i64::from(second_of(now) % 60);
    let minute = now.saturating_sub(seconds.seconds());
    let found = (1..FURTHEST).find(|minutes| is_there(minute.saturating_add(minutes.minutes())));
    let minutes = found.ok_or("the calendar ends here")?;
    Ok(Duration::from_secs((minutes * 60 - seconds).unsigned_abs()))
}

/// The faults that can be switched on; those with a time take it in seconds.
pub(super) fn faults(time: Duration) -> Vec<Fault> {
    vec![
        Fault::Latency(time),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::ArrivesLate(time),
        Fault::Quota,
        Fault::TotalQuota,
        Fault::GroupQuota,
        Fault::GhostQuota,
        Fault::Html,
        Fault::Status500,
        Fault::Truncated,
        Fault::TokenDeath,
        Fault::UnknownField,
        Fault::WrongType,
        Fault::Kick,
        Fault::Break,
        Fault::Mute,
        Fault::MissedAck,
        Fault::PingFirst,
        Fault::Duplicate,
        Fault::LostPush,
        Fault::LatePush(time),
        Fault::ClosedAtOnce,
    ]
}

fn rule(asked: &Map<String, Value>) -> Result<Rule, String> {
    let id = asked.get("fault").and_then(Value::as_str).unwrap_or_default();
    let seconds = asked.get("seconds").and_then(Value::as_f64).unwrap_or(1.0);
    if !(0.0..=3_600.0).contains(&seconds) {
        return Err("seconds: 0 to 3600".to_owned());
    }
    let all = faults(Duration::from_secs_f64(seconds));
    let fault = all.into_iter().find(|fault| words::fault_id(*fault) == id).ok_or(format!("{id:?} is no fault"))?;
    let mut rule = Rule::new(fault);
    if let Some(of) = asked.get("of").and_then(Value::as_str).map(str::trim).filter(|of| !of.is_empty()) {
        rule = rule.on(of);
    }
    if let Some(times) = asked.get("times").and_then(Value::as_u64) {
        rule = rule.times(u32::try_from(times).ok().filter(|times| *times > 0).ok_or("times: a number from 1")?);
    }
    Ok(rule)
}

/// An order of a person: it goes the way of a client's order, without a token and a quota.
fn order(house: &House, asked: &Map<String, Value>) -> Result<Value, String> {
    let code = asked.get("code").and_then(Value::as_str).unwrap_or_default();
    let is_sale = match asked.get("side").and_then(Value::as_str) {
        Some("buy") => false,
        Some("sell") => true,
        _ => return Err("side: buy or sell".to_owned()),
    };
    let qty = asked.get("qty").and_then(Value::as_u64).ok_or("qty: a number from 1")?.to_string();
    let price = asked.get("price").and_then(Value::as_i64);
    let said = house.with(|world| {
        let listing = world.view().market.find(code).map(|stock| stock.listing)?;
        let shown = price.map_or(String::new(), |price| listing.number(price).to_string());
        let kind = |limit: &'static str, market: &'static str| if price.is_some() { limit } else { market };
        let (api, body) = match Desk::of(listing.kind)? {
            Desk::Stocks => (["kt10000", "kt10001"], json!({
                "dmst_stex_tp": "KRX", "stk_cd": code, "ord_qty": qty, "ord_uv": shown, "trde_tp": kind("0", "3"), "cond_uv": "",
            })),
            // gold has no market orders: without a price it is refused
            Desk::Gold => (["kt50000", "kt50001"], json!({
                "stk_cd": code, "ord_qty": qty, "ord_uv": shown, "trde_tp": "00",
            })),
            Desk::Us => (["ust20000", "ust20001"], json!({
                "stex_tp": listing.venue, "stk_cd": code, "ord_qty": qty, "ord_uv": shown, "trde_tp": kind("00", "03"),
            })),
        };
        Some(world.by_hand(ask(api[usize::from(is_sale)], &body)))
    });
    answered(&said.ok_or("code: nobody trades this")?)
}

fn cancel(house: &House, number: &str) -> Result<Value, String> {
    let number: u64 = number.parse().map_err(|_| "number: the number of an order")?;
    let said = house.with(|world| {
        let order = world.view().account.orders().iter().find(|order| order.number == number).cloned()?;
        let (code, original) = (order.code, order.number_text());
        let api = match (order.desk, order.credit) {
            (Desk::Stocks, Credit::Cash) => "kt10003",
            (Desk::Stocks, Credit::Loan(_)) => "kt10009",
            (Desk::Gold, _) => "kt50003",
            (Desk::Us, _) => "ust20003",
        };
        let body = match order.desk {
            Desk::Stocks => {
                json!({ "dmst_stex_tp": order.venue, "orig_ord_no": original, "stk_cd": code, "cncl_qty": "0" })
            }
            Desk::Gold => json!({ "orig_ord_no": original, "stk_cd": code, "cncl_qty": "0" }),
            Desk::Us => json!({ "stex_tp": order.venue, "orig_ord_no": original, "stk_cd": code }),
        };
        Some(world.by_hand(ask(api, &body)))
    });
    answered(&said.ok_or("there is no such order")?)
}

fn ask(api: &str, body: &Value) -> Ask {
    Ask {
        method: "POST".to_owned(),
        path: find(api).map_or("", |entry| entry.meta.path).to_owned(),
        api: Some(api.to_owned()),
        body: body.to_string(),
        ..Ask::default()
    }
}

fn answered(said: &Said) -> Result<Value, String> {
    let reply: Value = serde_json::from_str(&said.body).unwrap_or_default();
    match reply["return_code"].as_i64() {
        Some(0) => Ok(json!({ "number": reply["ord_no"] })),
        _ => Err(reply["return_msg"].as_str().unwrap_or("no reply").to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_go_forward_to_trading_days() {
        for (exchange, now, to, want) in [
            (Exchange::Krx, "2026-07-06T08:00:00", "open", "2026-07-06T09:00:00"),
            (Exchange::Krx, "2026-07-06T09:00:00", "open", "2026-07-07T09:00:00"),
            (Exchange::Krx, "2026-07-06T10:00:07", "close", "2026-07-06T15:30:00"),
            (Exchange::Krx, "2026-07-06T15:30:00", "close", "2026-07-07T15:30:00"),
            (Exchange::Krx, "2026-07-03T10:00:59", "day", "2026-07-06T08:30:00"),
            (Exchange::Krx, "2026-07-06T03:00:00", "day", "2026-07-07T08:30:00"),
            (Exchange::Us, "2026-07-06T10:00:00", "open", "2026-07-06T22:30:00"),
            (Exchange::Us, "2026-07-06T23:00:00", "close", "2026-07-07T05:00:00"),
            (Exchange::Us, "2026-07-04T05:00:00", "open", "2026-07-06T22:30:00"),
        ] {
            let now: DateTime = now.parse().unwrap();
            let seconds = until(exchange, now, to).unwrap().as_secs().cast_signed();
            assert_eq!(now.saturating_add(seconds.seconds()), want.parse().unwrap(), "{now} {to}");
        }
        assert!(until(Exchange::Krx, "2026-07-06T03:00:00".parse().unwrap(), "yesterday").is_err());
    }

    #[test]
    fn every_fault_that_can_be_switched_on_has_words_of_its_own() {
        for fault in faults(Duration::from_secs(1)) {
            let name = words::fault(fault);
            assert_ne!(name.ko, name.en, "{fault:?}");
        }
    }
}
