//! What the switches of the page do.

use std::time::Duration;

use kiwoom_api::jiff::civil::{DateTime, Time};
use kiwoom_api::jiff::{SpanTotal, Unit};
use serde_json::{Map, Value, json};

use super::words;
use crate::envelope::{Ask, Said};
use crate::faults::{Fault, Rule};
use crate::house::House;
use crate::market::Kind;
use crate::session::is_trading_day;

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
        "jump" => pass(house, until(house.with(|world| world.now()), word("to"))?),
        "fault" => {
            let rule = rule(asked)?;
            house.with(|world| world.faults.add(rule));
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

/// The time until the market opens or closes next, or the next trading day begins.
fn until(now: DateTime, to: &str) -> Result<Duration, String> {
    let at = match to {
        "open" => Time::constant(9, 0, 0, 0),
        "close" => Time::constant(15, 30, 0, 0),
        "day" => Time::constant(8, 30, 0, 0),
        other => return Err(format!("to: {other:?} is none of open, close, day")),
    };
    let mut day = now.date();
    let is_later = |day: kiwoom_api::jiff::civil::Date| {
        is_trading_day(day) && day.to_datetime(at) > now && (to != "day" || day > now.date())
    };
    while !is_later(day) {
        day = day.tomorrow().map_err(|_| "the calendar ends here")?;
    }
    let span =
        now.until(day.to_datetime(at)).and_then(|span| span.total(SpanTotal::from(Unit::Second).days_are_24_hours()));
    span.map(Duration::from_secs_f64).map_err(|error| error.to_string())
}

/// The faults that can be switched on; those with a time take it in seconds.
pub(super) fn faults(time: Duration) -> Vec<Fault> {
    vec![
        Fault::Latency(time),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Quota,
        Fault::GhostQuota,
        Fault::Html,
        Fault::Status500,
        Fault::Truncated,
        Fault::TokenDeath,
        Fault::UnknownField,
        Fault::Kick,
        Fault::MissedAck,
        Fault::Duplicate,
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
    let api = match asked.get("side").and_then(Value::as_str) {
        Some("buy") => "kt10000",
        Some("sell") => "kt10001",
        _ => return Err("side: buy or sell".to_owned()),
    };
    let qty = asked.get("qty").and_then(Value::as_u64).ok_or("qty: a number from 1")?;
    let price = asked.get("price").and_then(Value::as_u64);
    let (kind, price) = price.map_or(("3", String::new()), |price| ("0", price.to_string()));
    let body = json!({
        "dmst_stex_tp": "KRX", "stk_cd": code, "ord_qty": qty.to_string(), "ord_uv": price, "trde_tp": kind, "cond_uv": "",
    });
    let said = house.with(|world| {
        let listing = world.view().market.find(code).map(|stock| stock.listing);
        let listing = listing.filter(|listing| matches!(listing.kind, Kind::Stock | Kind::Etf));
        listing.map(|_| world.by_hand(ask(api, &body)))
    });
    answered(&said.ok_or("code: only stocks and ETFs of KRX can be ordered here")?)
}

fn cancel(house: &House, number: &str) -> Result<Value, String> {
    let number: u64 = number.parse().map_err(|_| "number: the number of an order")?;
    let said = house.with(|world| {
        let order = world.view().account.orders().iter().find(|order| order.number == number).cloned()?;
        let body = json!({
            "dmst_stex_tp": order.venue, "orig_ord_no": format!("{number:07}"), "stk_cd": order.code, "cncl_qty": "0",
        });
        Some(world.by_hand(ask("kt10003", &body)))
    });
    answered(&said.ok_or("there is no such order")?)
}

fn ask(api: &str, body: &Value) -> Ask {
    Ask {
        method: "POST".to_owned(),
        path: "/api/dostk/ordr".to_owned(),
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
    use kiwoom_api::jiff::ToSpan;

    use super::*;

    #[test]
    fn jumps_go_forward_to_trading_days() {
        for (now, to, want) in [
            ("2026-07-06T08:00:00", "open", "2026-07-06T09:00:00"),
            ("2026-07-06T09:00:00", "open", "2026-07-07T09:00:00"),
            ("2026-07-06T10:00:00", "close", "2026-07-06T15:30:00"),
            ("2026-07-06T15:30:00", "close", "2026-07-07T15:30:00"),
            ("2026-07-03T10:00:00", "day", "2026-07-06T08:30:00"),
            ("2026-07-06T03:00:00", "day", "2026-07-07T08:30:00"),
        ] {
            let now: DateTime = now.parse().unwrap();
            let seconds = until(now, to).unwrap().as_secs().cast_signed();
            assert_eq!(now.saturating_add(seconds.seconds()), want.parse().unwrap(), "{now} {to}");
        }
        assert!(until("2026-07-06T03:00:00".parse().unwrap(), "yesterday").is_err());
    }

    #[test]
    fn every_fault_that_can_be_switched_on_has_words_of_its_own() {
        for fault in faults(Duration::from_secs(1)) {
            let name = words::fault(fault);
            assert_ne!(name.ko, name.en, "{fault:?}");
        }
    }
}
