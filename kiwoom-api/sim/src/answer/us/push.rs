//! Pushes of US stocks: `FE` and `FT` from the market, `F4` and `F5` from the account.

use kiwoom_api::value::Decimal;

use super::orders::{action, side};
use super::usd;
use crate::answer::account::Valued;
use crate::answer::chart::sign_of;
use crate::answer::form::date_text;
use crate::answer::given::{Given, Told};
use crate::answer::push::{element, levels};
use crate::answer::quote::{Quote, rate};
use crate::broker::{Desk, Order, Sale};
use crate::market::{OrderSide, Stock, Tick};
use crate::session::clock_text;
use crate::view::View;

/// `FE`: one trade. Its value is counted in thousands of dollars.
pub(crate) fn trade_push(view: &View<'_>, stock: &Stock, tick: &Tick, (volume, value): (i64, i64)) -> Option<String> {
    let change = tick.price - stock.previous;
    let today = stock.today()?;
    let price = |cents: i64| Told::Price(usd(cents), usd(stock.previous));
    let sign = if tick.side == Some(OrderSide::Sell) { "-" } else { "+" };
    let given = Given::default()
        .with("10", price(tick.price))
        .with("11", usd(change))
        .with("12", rate(change.into(), stock.previous.into()))
        .with("13", volume)
        .with("14", usd(value / 1_000))
        .with("15", format!("{sign}{}", tick.qty))
        .with("16", price(today.open))
        .with("17", price(today.high))
        .with("18", price(today.low))
        .with("20", clock_text(view.session.second()))
        .with("22", date_text(stock.day()))
        .with("25", sign_of(change))
        .with("27", price(stock.best(OrderSide::Sell).unwrap_or(0)))
        .with("28", price(stock.best(OrderSide::Buy).unwrap_or(0)))
        .with("51020", clock_text(tick.second));
    element(view, ("FE", stock.listing.code), Quote::of(stock), &given)
}

/// `FT`: the book.
pub(crate) fn book_push(view: &View<'_>, stock: &Stock) -> Option<String> {
    let given = levels(stock, Given::default().with("21", clock_text(view.session.second())));
    element(view, ("FT", stock.listing.code), Quote::of(stock), &given)
}

fn common(view: &View<'_>, order: &Order) -> Given {
    let (code, name) = side(order);
    Given::default()
        .with("302", order.listing.name)
        .with("900", order.qty)
        .with("901", usd(order.price.unwrap_or(0)))
        .with("904", order.original_text())
        .with("905", action(order))
        .with("906", order.kind.code)
        .with("907", format!("0{code}"))
        .with("908", clock_text(view.session.second()))
        .with("1091", "미국")
        .with("8043", "USD")
        .with("9001", order.code)
        .with("9201", view.account_no)
        .with("9203", order.number_text())
        .with("50072", name)
        .with("50073", order.kind.name)
        .with("50810", Decimal::ZERO)
}

/// `F4`: an order, a change or a cancellation was taken.
pub(crate) fn order_push(view: &View<'_>, order: &Order) -> Option<String> {
    let stock = view.market.find(order.code)?;
    element(view, ("F4", ""), Quote::of(stock), &common(view, order).with("913", "접수"))
}

/// `F5`: a fill.
pub(crate) fn fill_push(view: &View<'_>, order: &Order) -> Option<String> {
    let stock = view.market.find(order.code)?;
    let (number, price, qty) = order.last_fill?;
    let held = Valued::all(view, Desk::Us).into_iter().find(|v| v.listing.code == order.code);
    let of = |of: fn(&Valued) -> i64| held.as_ref().map_or(0, of);
    let sold = || view.account.sales(Desk::Us).filter(|s| s.day == order.day && s.listing.code == order.code);
    let (cost, gained) = (sold().map(|s| s.cost).sum::<i64>(), sold().map(Sale::profit).sum::<i64>());
    let given = common(view, order)
        .with("902", order.left)
        .with("909", number.to_string())
        .with("910", usd(price))
        .with("911", qty)
        .with("913", if order.left == 0 { "체결완료" } else { "부분체결" })
        .with("930", of(|v| v.qty))
        .with("931", usd(of(|v| v.average)))
        .with("934", of(|v| v.sold_today))
        .with("936", of(|v| v.bought_today))
        .with("8004", 0)
        .with("8005", 0)
        .with("8018", usd(gained))
        .with("8019", rate(gained.into(), cost.into()))
        .with("8075", usd(order.tax))
        .with("13006", usd(order.commission))
        .with("50724", usd(cost));
    element(view, ("F5", ""), Quote::of(stock), &given)
}
