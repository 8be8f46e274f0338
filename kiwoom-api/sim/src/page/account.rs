//! The account as the page shows it: money, positions, orders of today, fills.

use serde_json::{Value, json};

use crate::broker::{Order, Sort, Stand, number_text};
use crate::market::{OrderSide, Stock};
use crate::view::View;
use crate::world::World;

/// How many orders and fills are shown.
const SHOWN: usize = 100;

/// Money and positions of each purse.
pub(super) fn purses(view: &View<'_>) -> Value {
    let account = view.account;
    let positions: Vec<Value> = account
        .positions()
        .filter_map(|(code, position)| {
            Some(position_of(view.market.find(code)?, (position.qty, position.cost + position.commission)))
        })
        .collect();
    json!([{
        "desk": "stocks", "decimals": 0, "cash": account.cash, "orderable": account.orderable(), "initial": account.initial,
        "realized": account.realized, "commission": account.commission, "tax": account.tax, "positions": positions,
    }])
}

fn position_of(stock: &Stock, (qty, cost): (i64, i64)) -> Value {
    let value = stock.last() * qty;
    json!({
        "code": stock.listing.code, "name": stock.listing.name, "qty": qty, "cost": cost, "value": value,
        "last": stock.last(), "profit": value - cost, "decimals": super::state::decimals(stock),
    })
}

/// The orders of today, newest first.
pub(super) fn orders(view: &View<'_>) -> Vec<Value> {
    let today = view.session.today();
    let orders = view.account.orders().iter().rev().take_while(|order| order.at.date() == today);
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
        "number": number_text(order.number), "original": (order.original > 0).then(|| number_text(order.original)),
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
        json!({
            "number": fill.number, "order": number_text(fill.order), "code": fill.code,
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
