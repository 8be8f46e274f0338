//! Pushes of the socket: trades and books from the market, orders and balances from the account (`BEHAVIOUR.md` W4, W5, N15).

use kiwoom_api::registry::{Entry, find};
use kiwoom_api::value::Decimal;
use serde_json::Value;

use super::account::Valued;
use super::given::Given;
use super::orders::{kind_text, side_text};
use super::quote::{Quote, rate};
use super::writer::Writer;
use crate::broker::{Change, Order, number_text};
use crate::market::{OrderSide, Stock, Tick};
use crate::session::clock_text;
use crate::view::View;

/// One element of a push: its type, its item, and its text.
fn element(view: &View<'_>, (topic, item): (&str, &str), quote: Quote, given: &Given) -> Option<String> {
    let entry: &Entry = find(topic)?;
    let make = entry.push.unwrap_or(entry.reply);
    let values = Writer::new(view, entry.meta, quote).values(&mut *make(), given);
    let name = Value::from(entry.meta.korean);
    Some(format!(r#"{{"type":"{topic}","name":{name},"item":"{item}","values":{values}}}"#))
}

/// `0B`: one trade.
pub(crate) fn trade_push(view: &View<'_>, stock: &Stock, tick: &Tick, volume: i64) -> Option<String> {
    let (sign, side) = match tick.side {
        Some(OrderSide::Sell) => ("-", -1),
        _ => ("+", 1),
    };
    let value = stock.today().map_or(0, |bar| bar.value);
    let change = tick.price - stock.previous;
    let given = Given::default()
        .with("20", clock_text(tick.second))
        .price("10", tick.price, stock.previous)
        .with("11", change)
        .with("25", super::chart::sign_of(change))
        .with("12", rate(change.into(), stock.previous.into()))
        .with("15", format!("{sign}{}", tick.qty))
        .with("13", volume)
        .with("14", value / 1_000_000)
        .with("1313", side * tick.price * tick.qty / 1_000)
        .with("1314", side * tick.qty)
        .with("1315", if side < 0 { -tick.qty } else { 0 })
        .with("1316", if side > 0 { tick.qty } else { 0 })
        .with("290", "2")
        .with("9081", "KRX");
    element(view, ("0B", stock.listing.code), Quote::of(stock), &given)
}

/// `0D`: the book.
pub(crate) fn book_push(view: &View<'_>, stock: &Stock) -> Option<String> {
    let mut given = Given::default().with("21", clock_text(view.session.second()));
    for (side, price, qty, change, total) in [(OrderSide::Sell, 41, 61, 81, "121"), (OrderSide::Buy, 51, 71, 91, "125")]
    {
        let levels = stock.levels(side);
        for place in 0..10 {
            let (at, standing) = levels.get(place).copied().unwrap_or((0, 0));
            given = given
                .price((price + place).to_string(), at, stock.previous)
                .with((qty + place).to_string(), standing)
                .with((change + place).to_string(), 0);
        }
        given = given.with(total, levels.iter().map(|level| level.1).sum::<i64>());
    }
    given = given.with("13", stock.today().map_or(0, |bar| bar.volume));
    element(view, ("0D", stock.listing.code), Quote::of(stock), &given)
}

/// `00`: a change of an order.
pub(crate) fn order_push(view: &View<'_>, change: &Change) -> Option<String> {
    let (order, status): (&Order, &str) = match change {
        Change::Accepted(order) => (order, "접수"),
        Change::Filled(order) => (order, "체결"),
        Change::Confirmed(order) => (order, "확인"),
    };
    let stock = view.market.find(order.code)?;
    let fill = order.last_fill.filter(|_| matches!(change, Change::Filled(_)));
    let (fill_no, price, qty) = fill.map_or((String::new(), 0, 0), |(no, price, qty)| (no.to_string(), price, qty));
    let given = Given::default()
        .with("9201", view.account_no)
        .with("9203", number_text(order.number))
        .with("9205", "")
        .with("9001", format!("A{}", order.code))
        .with("912", "JJ")
        .with("913", status)
        .with("302", order.name)
        .with("900", order.qty)
        .with("901", order.price.unwrap_or(0))
        .with("902", order.left)
        .with("903", order.amount)
        .with("904", number_text(order.original))
        .with("905", side_text(order))
        .with("906", kind_text(order))
        .with("907", if order.side == OrderSide::Sell { "1" } else { "2" })
        .with("908", clock_text(view.session.second()))
        .with("909", fill_no)
        .with("910", blank_or(price))
        .with("911", blank_or(qty))
        .price("10", stock.last(), stock.previous)
        .price("27", stock.best(OrderSide::Sell).unwrap_or(0), stock.previous)
        .price("28", stock.best(OrderSide::Buy).unwrap_or(0), stock.previous)
        .with("914", blank_or(price))
        .with("915", blank_or(qty))
        .with("938", order.commission)
        .with("939", order.tax)
        .with("919", "0")
        .with("920", "0000")
        .with("921", "0")
        .with("922", "00")
        .with("923", "00000000")
        .with("10010", "")
        .with("2134", if order.venue == "NXT" { "2" } else { "1" })
        .with("2135", order.venue)
        .with("2136", if order.venue == "SOR" { "Y" } else { "N" });
    element(view, ("00", ""), Quote::of(stock), &given)
}

/// `04`: a position after a fill.
pub(crate) fn balance_push(view: &View<'_>, order: &Order) -> Option<String> {
    let stock = view.market.find(order.code)?;
    let held = Valued::all(view).into_iter().find(|valued| valued.code == order.code);
    let (qty, average, cost, sellable, profit) =
        held.as_ref().map_or((0, 0, 0, 0, 0), |v| (v.qty, v.average, v.cost, v.sellable, v.profit()));
    let given = Given::default()
        .with("9201", view.account_no)
        .with("9001", format!("A{}", order.code))
        .with("302", order.name)
        .price("10", stock.last(), stock.previous)
        .with("930", qty)
        .with("931", average)
        .with("932", cost)
        .with("933", sellable)
        .with("945", held.as_ref().map_or(0, |v| v.bought_today - v.sold_today))
        .with("946", if order.side == OrderSide::Sell { "1" } else { "2" })
        .with("950", 0)
        .with("951", view.account.cash)
        .price("27", stock.best(OrderSide::Sell).unwrap_or(0), stock.previous)
        .price("28", stock.best(OrderSide::Buy).unwrap_or(0), stock.previous)
        .with("307", stock.previous)
        .with("8019", rate(Decimal::from(profit), cost.into()));
    element(view, ("04", ""), Quote::of(stock), &given)
}

/// A push of a topic that neither market nor account knows: made up.
pub(crate) fn made_up_push(view: &View<'_>, topic: &str, item: &str) -> Option<String> {
    let quote = Quote::of(view.market.find(item).unwrap_or(view.market.stock(0)));
    element(view, (topic, item), quote, &Given::default())
}

fn blank_or(number: i64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}
