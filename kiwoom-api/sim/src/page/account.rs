//! The account as the page shows it: money, positions, orders of today, fills.

use serde_json::{Value, json};

use crate::broker::{Desk, Lot, Order, Position, Sort, Stand, number_text};
use crate::market::{OrderSide, Stock};
use crate::view::View;
use crate::world::World;

/// How many orders and fills are shown.
const SHOWN: usize = 100;

/// Money and positions of each market.
pub(super) fn purses(view: &View<'_>) -> Vec<Value> {
    let account = view.account;
    let purses = Desk::ALL.into_iter().map(|desk| {
        let purse = account.purse(desk);
        let positions: Vec<Value> = account
            .positions(desk)
            .filter_map(|(lot, position)| Some(position_of(view.market.find(lot.code)?, lot, position)))
            .collect();
        json!({
            "desk": word_of(desk), "decimals": if desk == Desk::Us { 2 } else { 0 }, "cash": purse.cash,
            "orderable": account.orderable(desk), "initial": purse.initial, "realized": purse.realized, "loan": purse.loan,
            "commission": purse.commission, "tax": purse.tax, "positions": positions,
        })
    });
    purses.collect()
}

fn word_of(desk: Desk) -> &'static str {
    match desk {
        Desk::Stocks => "stocks",
        Desk::Gold => "gold",
        Desk::Us => "us",
    }
}

fn position_of(stock: &Stock, lot: &Lot, position: &Position) -> Value {
    let (value, cost) = (stock.last() * position.qty, position.cost + position.commission);
    json!({
        "code": stock.listing.code, "name": stock.listing.name, "qty": position.qty, "cost": cost, "value": value,
        "last": stock.last(), "profit": value - cost, "decimals": super::state::decimals(stock),
        "loan": lot.loan.map(|day| day.to_string()),
    })
}

/// The orders of today, newest first.
pub(super) fn orders(view: &View<'_>) -> Vec<Value> {
    let now = view.session.now();
    let orders = view.account.orders().iter().rev().filter(|order| order.day == order.desk.exchange().day(now));
    orders.take(SHOWN).map(|order| order_of(view, order)).collect()
}

fn order_of(view: &View<'_>, order: &Order) -> Value {
    let sort = match order.sort {
        Sort::New => "new",
        Sort::Modify => "modify",
        Sort::Cancel => "cancel",
    };
    let stock = view.market.find(order.code);
    json!({
        "number": order.number_text(), "original": (order.original > 0).then(|| order.original_text()),
        "sort": sort, "code": order.code, "name": stock.map(|stock| stock.listing.name), "side": side(order.side),
        "price": order.price, "qty": order.qty, "left": order.left, "filled": order.filled, "amount": order.amount,
        "open": order.stand() == Stand::Open, "venue": order.venue, "at": order.at.time().to_string(),
        "decimals": stock.map_or(0, super::state::decimals),
    })
}

/// The fills, newest first.
pub(super) fn fills(world: &World) -> Vec<Value> {
    let view = world.view();
    let fills = world.traffic.fills().rev().take(SHOWN);
    let shown = fills.map(|fill| {
        let stock = view.market.find(fill.code);
        let desk = stock.and_then(|stock| Desk::of(stock.listing.kind)).unwrap_or(Desk::Stocks);
        json!({
            "number": fill.number, "order": number_text(desk, fill.order), "code": fill.code,
            "name": stock.map(|stock| stock.listing.name), "side": side(fill.side), "price": fill.price, "qty": fill.qty,
            "at": fill.at.to_string().replace('T', " "), "decimals": stock.map_or(0, super::state::decimals),
        })
    });
    shown.collect()
}

pub(super) fn side(side: OrderSide) -> &'static str {
    match side {
        OrderSide::Buy => "buy",
        OrderSide::Sell => "sell",
    }
}

/// Open orders of an instrument by price: what the ladder marks.
pub(super) fn own(view: &View<'_>, code: &str) -> Vec<Value> {
    let open = view.account.orders().iter().filter(|order| order.code == code && order.stand() == Stand::Open);
    let priced = open.filter_map(|order| Some(json!([side(order.side), order.price?, order.left])));
    priced.collect()
}
