//! A new order, and the step before it: kind and prices are set, the quantity is not.
//!
//! Built by the methods of [`Draft`]; turned into an [`Intent`] when it is submitted.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;

use super::change::order_id;
use super::checks::{Checks, Rules, bad_number, bad_symbol, check};
use super::draft::Draft;
use super::instrument::{AnyDesk, BadSymbol, Buy, Domestic, Limited, Marked, Sell, Tradable, Traded};
use super::{Action, Desk, Intent, Repay, Symbols, Ticks};
use crate::Error;
use crate::value::{BadNumber, Decimal, IntoPrice, IntoQty, Side};

/// A complete new order; everything its methods set has a default. [`Orders::submit`](super::Orders::submit) sends it.
///
/// `D` is the desk that handles it, so that gold has no venue and a US stock no tick table. Orders of different desks
/// go into one list as `Order`, without a desk:
///
/// ```
/// use kiwoom_api::order::Order;
///
/// let order = Order::buy("005930").limit(70_100).qty(10).id("mr-20260706-17");
/// order.check()?;
/// let basket: Vec<Order> = vec![order.into(), Order::sell("000660").market().qty(1).into()];
/// # assert_eq!(basket.len(), 2);
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "an order does nothing until it is submitted"]
pub struct Order<D = AnyDesk> {
    pub(super) desk: Desk,
    pub(super) side: Side,
    pub(super) listing: Result<Traded, (BadSymbol, String)>,
    pub(super) kind: &'static str,
    // numbers are as the caller gave them; they are checked together with the order
    pub(super) qty: Result<i64, BadNumber>,
    pub(super) price: Option<Result<Decimal, BadNumber>>,
    pub(super) stop: Option<Result<Decimal, BadNumber>>,
    pub(super) repay: Option<Repay>,
    /// As the caller wrote it; checked together with the order.
    pub(super) id: Option<String>,
    pub(super) base_price: Option<Result<Decimal, BadNumber>>,
    pub(super) rules: Rules,
    pub(super) of: PhantomData<fn() -> D>,
}

impl Order {
    /// Buys: a domestic stock (`"005930"`, a [`StockCode`](crate::value::StockCode)), gold (a
    /// [`GoldCode`](crate::value::GoldCode)), or a US stock (`Us`).
    pub fn buy<T: Tradable>(what: T) -> Draft<T::Desk, Buy> {
        Order::draft(what, Side::Buy)
    }

    /// Sells: the same instruments.
    pub fn sell<T: Tradable>(what: T) -> Draft<T::Desk, Sell> {
        Order::draft(what, Side::Sell)
    }

    fn draft<T: Tradable, S>(what: T, side: Side) -> Draft<T::Desk, S> {
        let desk = <T::Desk as Marked>::DESK;
        Draft::new(Order {
            desk,
            side,
            listing: what.listing().map_err(|bad| (bad, what.text())),
            kind: "",
            qty: Ok(0),
            price: None,
            stop: None,
            repay: None,
            id: None,
            base_price: None,
            rules: Rules::of(desk),
            of: PhantomData,
        })
    }
}

impl<D> Order<D> {
    /// Sets the id of the order, by which it is found again after a crash; see [`OrderId`](super::OrderId) for its
    /// characters. If you set none, one is generated.
    pub fn id(mut self, id: impl AsRef<str>) -> Order<D> {
        self.id = Some(id.as_ref().to_owned());
        self
    }

    /// Sends prices unchecked, regardless of the public rules.
    pub fn unchecked(mut self) -> Order<D> {
        self.rules.checks = Checks::Off;
        self
    }

    /// Checks the order as [`submit`](super::Orders::submit) does, without sending it and without a symbol table.
    ///
    /// # Errors
    /// What is wrong, and what would be right.
    pub fn check(&self) -> Result<(), Error>
    where
        D: Clone,
    {
        self.clone()
            .intent(Defaults {
                venue: String::new(),
                date: Date::MIN,
                checks: Checks::On,
                symbols: &Symbols::default(),
            })
            .map(drop)
    }

    /// The same order with another desk, or with none in particular.
    pub(super) fn at_desk<E>(self) -> Order<E> {
        let Order { desk, side, listing, kind, qty, price, stop, repay, id, base_price, rules, of: _ } = self;
        Order { desk, side, listing, kind, qty, price, stop, repay, id, base_price, rules, of: PhantomData }
    }

    pub(super) fn intent(self, defaults: Defaults<'_>) -> Result<Intent, Error> {
        let Traded { symbol, venue } = self.listing.map_err(|(bad, _)| bad_symbol(bad))?;
        let stop = if self.desk == Desk::Us { "stop_pric" } else { "cond_uv" };
        let (qty, price) = (bad_number("ord_qty", Some(self.qty))?, bad_number("ord_uv", self.price)?);
        let stop = bad_number(stop, self.stop)?;
        let intent = Intent {
            id: order_id(self.id.as_deref())?,
            action: Action::Place,
            desk: self.desk,
            date: defaults.date,
            side: self.side,
            symbol,
            venue: if venue.is_empty() { defaults.venue } else { venue },
            kind: self.kind.to_owned(),
            qty,
            // 70100.00 becomes 70100: the broker accepts no decimals in won, and only the documented number in USD
            price: price.map(|price| price.normalize()),
            stop: stop.map(|price| price.normalize()),
            repay: self.repay,
            original: None,
        };
        let checks = if self.rules.checks == Checks::Off { Checks::Off } else { defaults.checks };
        let base_price = bad_number("base_price", self.base_price)?;
        let rules = Rules { checks, base_price, ..self.rules }.with(defaults.symbols, &intent.symbol);
        check(&intent, &rules)?;
        Ok(intent)
    }
}

/// What the caller of an order left open.
pub(super) struct Defaults<'a> {
    pub venue: String,
    pub date: Date,
    pub checks: Checks,
    pub symbols: &'a Symbols,
}

/// An order with its kind and prices set.
#[must_use = "say how many: .qty(10)"]
pub struct Priced<D> {
    order: Order<D>,
}

impl<D> Priced<D> {
    pub(super) fn new(order: Order<D>) -> Priced<D> {
        Priced { order }
    }

    /// Sets the quantity: shares, or grams of gold, as any integer. Zero, negative numbers, fractions and anything else
    /// that cannot be a quantity are refused when the order is submitted.
    pub fn qty(self, qty: impl IntoQty) -> Order<D> {
        Order { qty: qty.into_qty(), ..self.order }
    }
}

impl<D: Limited> Order<D> {
    /// Sets the base price of the day, against which daily price limits are checked: 30 % up or down for stocks, 60 % for
    /// [funds](Ticks::Fund) (the limit of leveraged ones), 10 % for gold. US stocks and [ELW](Order::elw) have no such limits.
    ///
    /// Leave it out on days with other limits, such as the first of a listing.
    pub fn base_price(mut self, price: impl IntoPrice) -> Order<D> {
        self.base_price = Some(price.into_price());
        self
    }
}

impl<D: Domestic> Order<D> {
    /// Says that it is a stock: a price between two ticks of [stocks](Ticks::Stock) is refused.
    pub fn stock(self) -> Order<D> {
        self.ticks(Ticks::Stock)
    }

    /// Says that it is an ETF or ETN: a price between two ticks of [funds](Ticks::Fund) is refused.
    pub fn etf(self) -> Order<D> {
        self.ticks(Ticks::Fund)
    }

    /// Says that it is an ELW: a price between two ticks of [5 won](Ticks::Elw) is refused.
    pub fn elw(self) -> Order<D> {
        self.ticks(Ticks::Elw)
    }

    /// Sets the tick table of the instrument, for this order and its [changes](super::Modification). By default the handle's [symbol table](super::Orders::symbols) decides; a code
    /// that is not in it does not tell a stock from a fund, and only prices that fit neither are refused.
    pub fn ticks(mut self, ticks: Ticks) -> Order<D> {
        self.rules.ticks = ticks;
        self
    }

    /// Sets the venue; the default is that of the [handle](super::Orders::default_venue).
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
    pub fn venue(mut self, venue: crate::codes::OrderVenue) -> Order<D> {
        if let Ok(listing) = &mut self.listing {
            listing.venue = super::codes::code_of(&venue);
        }
        self
    }
}

impl<D: Marked> From<Order<D>> for Order {
    fn from(order: Order<D>) -> Order {
        order.at_desk()
    }
}

impl<D> fmt::Debug for Order<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Order { desk, side, listing, kind, qty, price, stop, .. } = self;
        let symbol = listing.as_ref().map_or_else(|(_, text)| text.as_str(), |listing| listing.symbol.as_str());
        let mut out = f.debug_struct("Order");
        let (price, stop) = (price.map(Result::ok).unwrap_or_default(), stop.map(Result::ok).unwrap_or_default());
        let qty = &qty.unwrap_or_default();
        out.field("desk", desk).field("side", side).field("symbol", &symbol).field("kind", kind).field("qty", qty);
        out.field("price", &price).field("stop", &stop).field("id", &self.id).finish_non_exhaustive()
    }
}
