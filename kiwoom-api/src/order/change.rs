//! Changes and cancellations of an open order.
//!
//! They go to the venue of the original order (`BEHAVIOUR.md` O8) and get their own order numbers (O3).

use jiff::civil::Date;

use super::checks::{Rules, bad_number, check, refused};
use super::new_order::Defaults;
use super::{Action, BadOrderId, Checks, Desk, Intent, OrderId, OrderRef, Ticks};
use crate::Error;
use crate::language::{Both, both, fixed};
use crate::value::{BadNumber, Decimal, IntoPrice, IntoQty};

/// The changes to make to an open order.
///
/// A new price is checked as that of the order was: an order that said [`stock()`](super::Order::stock),
/// [`etf()`](super::Order::etf) or [`elw()`](super::Order::elw) keeps it in its [`OrderRef`]. What the change says itself
/// goes first; an order from the broker's lists says nothing.
///
/// ```
/// use kiwoom_api::order::Modification;
///
/// let all_that_is_left = Modification::price(70_200);
/// let a_part = Modification::price(70_200).qty(3).id("mr-20260706-18");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a modification does nothing until Orders::modify"]
pub struct Modification {
    price: Option<Result<Decimal, BadNumber>>,
    stop: Option<Result<Decimal, BadNumber>>,
    qty: Option<Result<i64, BadNumber>>,
    id: Option<String>,
    checks: Checks,
    ticks: Option<Ticks>,
    base_price: Option<Result<Decimal, BadNumber>>,
}

impl Modification {
    /// Sets a new limit price for all that is left.
    pub fn price(price: impl IntoPrice) -> Modification {
        Modification { price: Some(price.into_price()), ..Modification::nothing() }
    }

    /// Sets a new trigger for all that is left of a stop order without a limit price (US, `35`).
    pub fn stop(trigger: impl IntoPrice) -> Modification {
        Modification { stop: Some(trigger.into_price()), ..Modification::nothing() }
    }

    fn nothing() -> Modification {
        Modification { price: None, stop: None, qty: None, id: None, checks: Checks::On, ticks: None, base_price: None }
    }

    /// Sets the trigger as well. US stop orders need it in each change, even if it stays the same.
    pub fn with_stop(self, trigger: impl IntoPrice) -> Modification {
        Modification { stop: Some(trigger.into_price()), ..self }
    }

    /// Changes this many of what is left; the rest keeps the old number. Domestic and gold only: US orders can only be
    /// changed as a whole.
    pub fn qty(self, qty: impl IntoQty) -> Modification {
        Modification { qty: Some(qty.into_qty()), ..self }
    }

    /// Names the change; a name is generated if you give none.
    pub fn id(self, id: impl AsRef<str>) -> Modification {
        Modification { id: Some(id.as_ref().to_owned()), ..self }
    }

    /// Says that it is a stock, as [`Order::stock`](super::Order::stock).
    pub fn stock(self) -> Modification {
        self.ticks(Ticks::Stock)
    }

    /// Says that it is an ETF or ETN, as [`Order::etf`](super::Order::etf).
    pub fn etf(self) -> Modification {
        self.ticks(Ticks::Fund)
    }

    /// Says that it is an ELW, as [`Order::elw`](super::Order::elw).
    pub fn elw(self) -> Modification {
        self.ticks(Ticks::Elw)
    }

    /// Sets the base price of the day, as [`Order::base_price`](super::Order::base_price).
    pub fn base_price(self, price: impl IntoPrice) -> Modification {
        Modification { base_price: Some(price.into_price()), ..self }
    }

    /// Sets the tick table of the instrument, as [`Order::ticks`](super::Order::ticks).
    pub fn ticks(self, ticks: Ticks) -> Modification {
        Modification { ticks: Some(ticks), ..self }
    }

    /// Sends prices unchecked, regardless of the public rules.
    pub fn unchecked(self) -> Modification {
        Modification { checks: Checks::Off, ..self }
    }

    /// The tick table that the changed order is known to have.
    pub(super) fn ticks_of(&self, order: &OrderRef) -> Option<Ticks> {
        self.ticks.or(order.ticks())
    }

    pub(super) fn intent(self, order: &OrderRef, defaults: Defaults<'_>) -> Result<Intent, Error> {
        let said = self.ticks_of(order);
        let Defaults { date, checks, symbols, venue: _ } = defaults;
        let stop_field = if order.desk == Desk::Us { "stop_pric" } else { "mdfy_cond_uv" };
        let (qty, price) = (bad_number("mdfy_qty", self.qty)?, bad_number("mdfy_uv", self.price)?);
        let stop = bad_number(stop_field, self.stop)?.map(|price| price.normalize());
        let price = price.map(|price| price.normalize());
        let intent = Intent { price, stop, qty, ..about(order, Action::Modify, date, self.id.as_deref())? };
        if price.is_none() && order.desk != Desk::Us {
            // the documents require it of every domestic change, also of one of the trigger alone
            return Err(refused(
                "mdfy_uv",
                fixed!("no price", "가격이 없습니다"),
                fixed!(
                    "give it with Modification::price(..).with_stop(..)",
                    "Modification::price(..).with_stop(..)으로 정하세요"
                ),
            ));
        }
        let mut rules = Rules::of(order.desk);
        rules.ticks = said.unwrap_or(rules.ticks);
        rules.base_price = bad_number("base_price", self.base_price)?;
        rules.checks = if self.checks == Checks::Off { Checks::Off } else { checks };
        check(&intent, &rules.with(symbols, &intent.symbol))?;
        Ok(intent)
    }
}

/// A cancellation: of all that is left of an order, unless a quantity is given.
///
/// ```
/// use kiwoom_api::order::{Cancel, OrderRef};
///
/// fn three_of(order: &OrderRef) -> Cancel {
///     Cancel::of(order).qty(3).id("mr-20260706-19")
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a cancellation does nothing until Orders::cancel"]
pub struct Cancel {
    pub(super) order: OrderRef,
    qty: Option<Result<i64, BadNumber>>,
    id: Option<String>,
}

impl Cancel {
    /// Cancels all that is left of `order`.
    pub fn of(order: &OrderRef) -> Cancel {
        Cancel { order: order.clone(), qty: None, id: None }
    }

    /// Cancels this many of what is left. Domestic and gold only: US orders are cancelled as a whole.
    pub fn qty(self, qty: impl IntoQty) -> Cancel {
        Cancel { qty: Some(qty.into_qty()), ..self }
    }

    /// Names the cancellation; a name is generated if you give none.
    pub fn id(self, id: impl AsRef<str>) -> Cancel {
        Cancel { id: Some(id.as_ref().to_owned()), ..self }
    }

    pub(super) fn desk(&self) -> Desk {
        self.order.desk
    }

    pub(super) fn ticks(&self) -> Option<Ticks> {
        self.order.ticks()
    }

    pub(super) fn intent(self, date: Date) -> Result<Intent, Error> {
        let intent = about(&self.order, Action::Cancel, date, self.id.as_deref())?;
        let intent = Intent { qty: bad_number("cncl_qty", self.qty)?, ..intent };
        check(&intent, &Rules::of(intent.desk))?;
        Ok(intent)
    }
}

/// What [`Outcome::accepted`](crate::Outcome::accepted) gives is a reference already.
impl From<&&OrderRef> for Cancel {
    fn from(order: &&OrderRef) -> Cancel {
        Cancel::of(order)
    }
}

impl From<&OrderRef> for Cancel {
    fn from(order: &OrderRef) -> Cancel {
        Cancel::of(order)
    }
}

/// What changes and cancellations share. `date` is that of the action, not that of the order.
fn about(order: &OrderRef, action: Action, date: Date, id: Option<&str>) -> Result<Intent, Error> {
    let advice = fixed!("look the order up at the broker first", "먼저 증권사에 그 주문을 조회하세요");
    let lacks = |field, what: Both| Err(refused(field, what, advice));
    if !order.is_numbered() {
        return lacks("orig_ord_no", fixed!("the order has no number", "주문번호가 없습니다"));
    }
    if order.symbol.is_empty() {
        return lacks("stk_cd", fixed!("the order has no code", "종목코드가 없습니다"));
    }
    if order.venue.is_empty() && order.desk != Desk::Gold {
        let field = if order.desk == Desk::Us { "stex_tp" } else { "dmst_stex_tp" };
        return lacks(
            field,
            fixed!(
                "the order has no venue, and only the original one takes it",
                "거래소가 없습니다. 원래 거래소에서만 정정하고 취소할 수 있습니다"
            ),
        );
    }
    Ok(Intent {
        id: order_id(id)?,
        action,
        desk: order.desk,
        date,
        side: order.side,
        symbol: order.symbol.clone(),
        venue: order.venue.clone(),
        kind: String::new(),
        qty: None,
        price: None,
        stop: None,
        repay: None,
        original: Some(order.number.clone()),
    })
}

/// The caller's id, or a generated one.
pub(super) fn order_id(text: Option<&str>) -> Result<OrderId, Error> {
    match text {
        None => Ok(OrderId::generate()),
        Some(text) => text.parse().map_err(|_: BadOrderId| {
            let why = BadOrderId::TEXT;
            bad_id(both!("{text:?}: {why}", "{text:?}: {why}", why))
        }),
    }
}

/// So that `name.parse()?` works where a program handles errors of this crate.
impl From<BadOrderId> for Error {
    fn from(_: BadOrderId) -> Error {
        bad_id(fixed!(
            "not an order id (1 to 64 of the characters A-Z a-z 0-9 . _ : -)",
            "주문 이름으로 쓸 수 없습니다 (1~64자: A-Z a-z 0-9 . _ : -)"
        ))
    }
}

fn bad_id(problem: Both) -> Error {
    refused("id", problem, fixed!("choose another name", "다른 이름을 고르세요"))
}
