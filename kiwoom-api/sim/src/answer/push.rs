//! Pushes of the socket: trades and books from the market, orders and balances from the account (`BEHAVIOUR.md` W4, W5, N15).

use kiwoom_api::registry::{Entry, find};
use kiwoom_api::value::Decimal;
use serde_json::Value;

use super::account::Valued;
use super::form::date_text;
use super::given::{Given, Told};
use super::orders::side_text;
use super::quote::{Quote, rate, strength};
use super::writer::Writer;
use crate::broker::{Change, Credit, Desk, Order};
use crate::market::{Kind, OrderSide, Stock, Tick};
use crate::session::{Notice, clock_text};
use crate::view::View;

/// One element of a push: its type, its item, and its text.
pub(super) fn element(view: &View<'_>, (topic, item): (&str, &str), quote: Quote, given: &Given) -> Option<String> {
    let entry: &Entry = find(topic)?;
    let make = entry.push.unwrap_or(entry.reply);
    let values = Writer::new(view, entry.meta, quote).values(&mut *make(), given);
    let name = Value::from(entry.meta.korean);
    Some(format!(r#"{{"type":"{topic}","name":{name},"item":"{item}","values":{values}}}"#))
}

/// A push: its topic and its text.
pub(crate) type Pushed = (&'static str, String);

/// The pushes of an instrument whose tape has grown since `from`, as far as they are wanted.
pub(crate) fn pushes_of_stock(
    view: &View<'_>,
    stock: &Stock,
    from: usize,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<Pushed> {
    let mut out = Vec::new();
    let (trade, book) = match stock.listing.kind {
        Kind::Stock | Kind::Etf => ("0B", "0D"),
        Kind::Index => ("0J", ""),
        Kind::Us => ("FE", "FT"),
        Kind::Gold => return out,
    };
    if wanted(trade) {
        let tape = stock.tape();
        let (mut volume, mut value, mut taken) = (0, 0, [0; 2]);
        for (place, tick) in tape.iter().enumerate() {
            volume += tick.qty;
            value += tick.qty * tick.price;
            if let Some(side) = tick.side {
                taken[usize::from(side == OrderSide::Sell)] += tick.qty;
            }
            if place >= from {
                let text = match trade {
                    "0B" => trade_push(view, stock, (tick, taken), (volume, value)),
                    "0J" => super::index::push(view, stock, tick, (volume, value)),
                    _ => super::us::trade_push(view, stock, tick, (volume, value)),
                };
                out.extend(text.map(|text| (trade, text)));
            }
        }
    }
    if trade == "0B" && wanted("0C") {
        // the best prices are made from the quote
        out.extend(
            element(view, ("0C", stock.listing.code), Quote::of(stock), &Given::default()).map(|text| ("0C", text)),
        );
    }
    if wanted(book) {
        let text = if book == "0D" { book_push(view, stock) } else { super::us::book_push(view, stock) };
        out.extend(text.map(|text| (book, text)));
    }
    out
}

/// The pushes of a change of an order. Gold has none that is documented.
pub(crate) fn pushes_of_change(view: &View<'_>, change: &Change) -> Vec<Pushed> {
    let (order, is_fill) = match change {
        Change::Filled(order) => (order, true),
        Change::Accepted(order) | Change::Confirmed(order) => (order, false),
    };
    let pushes = match (order.desk, is_fill) {
        (Desk::Stocks, true) => vec![("00", order_push(view, change)), ("04", balance_push(view, order))],
        (Desk::Stocks, false) => vec![("00", order_push(view, change))],
        (Desk::Us, true) => vec![("F5", super::us::fill_push(view, order))],
        (Desk::Us, false) => vec![("F4", super::us::order_push(view, order))],
        (Desk::Gold, _) => Vec::new(),
    };
    pushes.into_iter().filter_map(|(topic, text)| Some((topic, text?))).collect()
}

/// `0B`: one trade.
fn trade_push(
    view: &View<'_>,
    stock: &Stock,
    (tick, taken): (&Tick, [i64; 2]),
    (volume, value): (i64, i64),
) -> Option<String> {
    let (sign, side) = match tick.side {
        Some(OrderSide::Sell) => ("-", -1),
        _ => ("+", 1),
    };
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
        .with("228", strength(taken))
        .with("290", "2")
        .with("9081", "KRX");
    element(view, ("0B", stock.listing.code), Quote::of(stock), &given)
}

/// `0D`: the book.
fn book_push(view: &View<'_>, stock: &Stock) -> Option<String> {
    let given = levels(stock, Given::default().with("21", clock_text(view.session.second())));
    let given = venues(stock, given).with("13", stock.today().map_or(0, |bar| bar.volume));
    element(view, ("0D", stock.listing.code), Quote::of(stock), &given)
}

/// The same shares by venue, all of them at KRX; no price that an auction would have, and none in the middle.
fn venues(stock: &Stock, mut given: Given) -> Given {
    for (side, krx, nxt, totals) in
        [(OrderSide::Sell, 6044, 6066, ["6064", "6086"]), (OrderSide::Buy, 6054, 6076, ["6065", "6087"])]
    {
        let levels = stock.levels(side);
        for place in 0..10 {
            let standing = levels.get(place).map_or(0, |level| level.1);
            given = given.with((krx + place).to_string(), standing).with((nxt + place).to_string(), 0);
        }
        given = given.with(totals[0], levels.iter().map(|level| level.1).sum::<i64>()).with(totals[1], 0);
    }
    let none = ["291", "292", "200", "294", "299", "122", "126"].into_iter().chain(MIDDLE);
    let given = none.fold(given, |given, fid| given.with(fid, 0));
    let rates = ["201", "295", "6112", "6115"];
    let given = rates.into_iter().fold(given, |given, fid| given.with(fid, "0.00"));
    ["238", "293", "6111", "6114"].into_iter().fold(given, |given, fid| given.with(fid, super::chart::sign_of(0)))
}

/// Prices in the middle of the book, what stands there and how it changed.
const MIDDLE: [&str; 12] =
    ["6100", "6101", "6102", "6103", "6104", "6105", "6106", "6107", "6108", "6109", "6110", "6113"];

/// The ten levels of each side, as pushes number them.
pub(super) fn levels(stock: &Stock, mut given: Given) -> Given {
    let number = |amount: i64| stock.listing.number(amount);
    for (side, price, qty, change, total) in [(OrderSide::Sell, 41, 61, 81, "121"), (OrderSide::Buy, 51, 71, 91, "125")]
    {
        let levels = stock.levels(side);
        for place in 0..10 {
            let (at, standing) = levels.get(place).copied().unwrap_or((0, 0));
            given = given
                .with((price + place).to_string(), Told::Price(number(at), number(stock.previous)))
                .with((qty + place).to_string(), standing)
                .with((change + place).to_string(), 0);
        }
        given = given.with(total, levels.iter().map(|level| level.1).sum::<i64>());
    }
    given
}

/// `00`: a change of an order.
fn order_push(view: &View<'_>, change: &Change) -> Option<String> {
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
        .with("9203", order.number_text())
        .with("9205", "")
        .with("9001", format!("A{}", order.code))
        .with("912", "JJ")
        .with("913", status)
        .with("302", order.listing.name)
        .with("900", order.qty)
        .with("901", order.price.unwrap_or(0))
        .with("902", order.left)
        .with("903", order.amount)
        .with("904", order.original_text())
        .with("905", side_text(order))
        .with("906", order.kind.name)
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
        .with("922", if order.credit == Credit::Cash { "00" } else { "03" })
        .with("923", loan_day(order))
        .with("10010", "")
        .with("2134", if order.venue == "NXT" { "2" } else { "1" })
        .with("2135", order.venue)
        .with("2136", if order.venue == "SOR" { "Y" } else { "N" });
    element(view, ("00", ""), Quote::of(stock), &given)
}

/// `04`: a position after a fill.
fn balance_push(view: &View<'_>, order: &Order) -> Option<String> {
    let stock = view.market.find(order.code)?;
    let all = Valued::all(view, Desk::Stocks);
    let is_meant = |v: &&Valued| v.listing.code == order.code && v.borrowed.is_some() == (order.credit != Credit::Cash);
    let of = |of: fn(&Valued) -> i64| all.iter().filter(is_meant).map(of).sum::<i64>();
    let (qty, cost) = (of(|v| v.qty), of(|v| v.cost));
    let average = cost.checked_div(qty).unwrap_or(0);
    let today: i64 = view.account.sales(Desk::Stocks).filter(|s| s.day == order.day).map(|s| s.profit()).sum();
    let given = Given::default()
        .with("9201", view.account_no)
        .with("9001", format!("A{}", order.code))
        .with("302", order.listing.name)
        .price("10", stock.last(), stock.previous)
        .with("930", qty)
        .with("931", average)
        .with("932", cost)
        .with("933", of(|v| v.sellable))
        .with("945", of(|v| v.bought_today - v.sold_today))
        .with("917", if order.credit == Credit::Cash { "00" } else { "03" })
        .with("916", loan_day(order))
        .with("957", of(|v| v.loan))
        .with("946", if order.side == OrderSide::Sell { "1" } else { "2" })
        .with("950", today)
        .with("990", today)
        .with("951", view.account.purse(Desk::Stocks).cash)
        .price("27", stock.best(OrderSide::Sell).unwrap_or(0), stock.previous)
        .price("28", stock.best(OrderSide::Buy).unwrap_or(0), stock.previous)
        .with("307", stock.previous)
        .with("8019", rate(Decimal::from(of(Valued::profit)), cost.into()));
    element(view, ("04", ""), Quote::of(stock), &given)
}

/// `0s`: what the session of KRX does, and how many seconds are left until the next phase.
pub(crate) fn session_push(view: &View<'_>, notice: &Notice) -> Option<String> {
    let given = Given::default()
        .with("215", notice.code)
        .with("20", clock_text(notice.second))
        .with("214", clock_text(notice.left));
    element(view, ("0s", ""), Quote::of(view.market.stock(0)), &given)
}

/// A push of a topic that neither market nor account knows: made up.
pub(crate) fn made_up_push(view: &View<'_>, topic: &str, item: &str) -> Option<String> {
    let quote = Quote::of(view.market.find(item).unwrap_or(view.market.stock(0)));
    element(view, (topic, item), quote, &Given::default())
}

fn loan_day(order: &Order) -> String {
    match order.credit {
        Credit::Loan(Some(day)) => date_text(day),
        _ => "00000000".to_owned(),
    }
}

fn blank_or(number: i64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}
