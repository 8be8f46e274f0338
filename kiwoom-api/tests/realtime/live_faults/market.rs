//! What differs between the markets.

use std::future::IntoFuture;

use fastrand::Rng;
use kiwoom_api::Error;
use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{LiveOrders, Modification, Order, Orders, Us};
use kiwoom_api::value::Decimal;

/// Which orders are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Market {
    Domestic,
    Us,
}

impl Market {
    pub async fn live(self, orders: &Orders) -> Result<LiveOrders, Error> {
        match self {
            Market::Domestic => orders.live().into_future().await,
            Market::Us => orders.live_us().into_future().await,
        }
    }

    /// A price near that of everything here, in won or in cents.
    pub fn price(self, rng: &mut Rng) -> i64 {
        match self {
            Market::Domestic => 70_000 + 100 * rng.i64(0..50),
            Market::Us => 19_800 + rng.i64(0..100),
        }
    }

    /// The same as an amount of money.
    pub fn money(self, price: i64) -> Decimal {
        Decimal::new(price, if self == Market::Us { 2 } else { 0 })
    }

    pub fn order(self, rng: &mut Rng, (qty, id): (i64, &str)) -> Order {
        let price = self.money(self.price(rng));
        let nvda = || Us::new(UsExchange::Nasdaq, "NVDA");
        match (self, rng.bool()) {
            (Market::Domestic, true) => Order::buy("005930").limit(price).qty(qty).id(id).into(),
            (Market::Domestic, false) => Order::sell("005930").limit(price).qty(qty).id(id).into(),
            (Market::Us, true) => Order::buy(nvda()).limit(price).qty(qty).id(id).into(),
            (Market::Us, false) => Order::sell(nvda()).limit(price).qty(qty).id(id).into(),
        }
    }

    /// To another price; of a domestic order, perhaps a part of it.
    pub fn change(self, rng: &mut Rng, left: i64) -> Modification {
        let to = Modification::price(self.money(self.price(rng)));
        if self == Market::Domestic && rng.bool() { to.qty(rng.i64(1..=left)) } else { to }
    }

    /// A code that this program does not trade.
    pub fn other(self) -> &'static str {
        match self {
            Market::Domestic => "000660",
            Market::Us => "AAPL",
        }
    }

    /// The first letters of the ids of its orders.
    pub fn api(self) -> &'static str {
        match self {
            Market::Domestic => "kt1000",
            Market::Us => "ust2000",
        }
    }
}
