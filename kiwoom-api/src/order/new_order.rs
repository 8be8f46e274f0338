//! A new order, and the step before it: kind and prices are settled, the quantity is not.
//!
//! Built by the methods of [`Draft`]; turned into an [`Intent`] when it is submitted.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;

use super::change::order_id;
use super::checks::{Checks, Rules, bad_symbol, check};
use super::draft::Draft;
use super::instrument::{AnyDesk, BadSymbol, Buy, Domestic, Limited, Marked, Sell, Tradable, Traded};
use super::{Action, Desk, Intent, Repay, Ticks};
use crate::Error;
use crate::value::{Decimal, Side};

/// A new order, complete; what its methods set may be left to the defaults. [`Orders::submit`](super::Orders::submit) sends it.
///
/// `D` is the desk that takes it, so that gold has no venue and a US stock no tick table. Orders of different desks go into one
/// list as `Order`, which says no desk:
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
    pub(super) qty: i64,
    pub(super) price: Option<Decimal>,
    pub(super) stop: Option<Decimal>,
    pub(super) repay: Option<Repay>,
    /// As the caller wrote it, checked when the order is.
    pub(super) id: Option<String>,
    pub(super) rules: Rules,
    pub(super) of: PhantomData<fn() -> D>,
}

impl Order {
    /// A purchase: of a domestic stock (`"005930"`, a [`StockCode`](crate::value::StockCode)), of gold (a
    /// [`GoldCode`](crate::value::GoldCode)), of a US stock (`Us`).
    pub fn buy<T: Tradable>(what: T) -> Draft<T::Desk, Buy> {
        Order::draft(what, Side::Buy)
    }

    /// A sale, of the same.
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
            qty: 0,
            price: None,
            stop: None,
            repay: None,
            id: None,
            rules: Rules::of(desk),
            of: PhantomData,
        })
    }
}

impl<D> Order<D> {
    /// Names the order, so that it is found again after a crash; [`OrderId`](super::OrderId) says what a name may hold. One is
    /// generated if you give none.
    pub fn id(mut self, id: impl AsRef<str>) -> Order<D> {
        self.id = Some(id.as_ref().to_owned());
        self
    }

    /// Sends prices as they are, whatever the public rules say.
    pub fn unchecked(mut self) -> Order<D> {
        self.rules.checks = Checks::Off;
        self
    }

    /// Checks the order as [`submit`](super::Orders::submit) does, without sending it.
    ///
    /// # Errors
    /// What is wrong, and what would be right.
    pub fn check(&self) -> Result<(), Error>
    where
        D: Clone,
    {
        self.clone().intent(Defaults { venue: String::new(), date: Date::MIN, checks: Checks::On }).map(drop)
    }

    /// The same order, of another desk or of none in particular.
    pub(super) fn at_desk<E>(self) -> Order<E> {
        let Order { desk, side, listing, kind, qty, price, stop, repay, id, rules, of: _ } = self;
        Order { desk, side, listing, kind, qty, price, stop, repay, id, rules, of: PhantomData }
    }

    pub(super) fn intent(self, defaults: Defaults) -> Result<Intent, Error> {
        let Traded { symbol, venue } = self.listing.map_err(|(bad, _)| bad_symbol(bad))?;
        let intent = Intent {
            id: order_id(self.id.as_deref())?,
            action: Action::Place,
            desk: self.desk,
            date: defaults.date,
            side: self.side,
            symbol,
            venue: if venue.is_empty() { defaults.venue } else { venue },
            kind: self.kind.to_owned(),
            qty: Some(self.qty),
            // 70100.00 is 70100: the broker takes no decimals of won, and not more than it asks for of USD
            price: self.price.map(|price| price.normalize()),
            stop: self.stop.map(|price| price.normalize()),
            repay: self.repay,
            original: None,
        };
        let checks = if self.rules.checks == Checks::Off { Checks::Off } else { defaults.checks };
        check(&intent, &Rules { checks, ..self.rules })?;
        Ok(intent)
    }
}

/// What the caller of an order left open.
pub(super) struct Defaults {
    pub venue: String,
    pub date: Date,
    pub checks: Checks,
}

/// An order whose kind and prices are settled.
#[must_use = "say how many: .qty(10)"]
pub struct Priced<D> {
    order: Order<D>,
}

impl<D> Priced<D> {
    pub(super) fn new(order: Order<D>) -> Priced<D> {
        Priced { order }
    }

    /// How many: shares, or grams of gold. Zero and less is refused when the order is submitted.
    pub fn qty(self, qty: impl Into<i64>) -> Order<D> {
        Order { qty: qty.into(), ..self.order }
    }
}

impl<D: Limited> Order<D> {
    /// Sets the base price of the day, against which daily price limits are checked: 30 % up or down for stocks, 60 % for
    /// [funds](Ticks::Fund) (the limit of leveraged ones), 10 % for gold. US stocks have no such limits.
    ///
    /// Leave it out for instruments with limits of their own, such as ELW and the first day of a listing.
    pub fn base_price(mut self, price: impl Into<Decimal>) -> Order<D> {
        self.rules.base_price = Some(price.into());
        self
    }
}

impl<D: Domestic> Order<D> {
    /// Sets the tick table of the instrument. By default only prices that fit no table are refused, because a code does not
    /// tell a stock from a fund.
    pub fn ticks(mut self, ticks: Ticks) -> Order<D> {
        self.rules.ticks = ticks;
        self
    }

    /// Sets the venue; the default is that of the [handle](super::Orders::default_venue).
    #[cfg(any(feature = "domestic-order", feature = "domestic-credit-order"))]
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
        out.field("desk", desk).field("side", side).field("symbol", &symbol).field("kind", kind).field("qty", qty);
        out.field("price", price).field("stop", stop).field("id", &self.id).finish_non_exhaustive()
    }
}
