//! What is refused before it is sent: values that no broker can accept, and prices that the exchanges' public rules
//! exclude.
//!
//! The second part can be switched off; the first cannot. A price is refused only where it is wrong for every instrument
//! that it may be meant for, unless the order or the handle's symbol table says what it is.

use super::instrument::BadSymbol;
use super::neighbours::Neighbours;
use super::{Action, Desk, Intent, Symbols, Ticks};
use crate::Error;
use crate::language::{Both, both, fixed};
use crate::value::{BadNumber, Decimal};

/// The public rules by which prices are checked before they are sent.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub checks: Checks,
    pub ticks: Ticks,
    pub base_price: Option<Decimal>,
}

/// Whether prices are checked by the public rules before they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checks {
    /// Does not send a price that the exchange must refuse.
    #[default]
    On,
    /// Leaves the decision to the broker.
    Off,
}

impl Rules {
    /// What holds for everything that this desk accepts.
    pub fn of(desk: Desk) -> Rules {
        let ticks = match desk {
            Desk::Stock | Desk::Margin => Ticks::Domestic,
            Desk::Gold => Ticks::Gold,
            Desk::Us => Ticks::Us,
        };
        Rules { checks: Checks::On, ticks, base_price: None }
    }

    /// What the order leaves open, the table may know.
    pub fn with(self, symbols: &Symbols, symbol: &str) -> Rules {
        match self.ticks {
            Ticks::Domestic => Rules { ticks: symbols.get(symbol).unwrap_or(Ticks::Domestic), ..self },
            _ => self,
        }
    }
}

/// The digits of a quantity in the documents; no price has as many.
const MOST: i64 = 999_999_999_999;

/// Refuses what must not be sent.
pub(super) fn check(intent: &Intent, rules: &Rules) -> Result<(), Error> {
    let field = |of| wire_name(intent, of);
    if intent.qty.is_some_and(|qty| !(1..=MOST).contains(&qty)) {
        let qty = intent.qty.unwrap_or_default();
        let problem = both!("{qty} is no quantity", "{qty}: 수량이 아닙니다");
        return Err(refused(field(Of::Qty), problem, fixed!("1 or more", "1 이상이어야 합니다")));
    }
    if let (Desk::Us, Action::Modify | Action::Cancel, Some(_)) = (intent.desk, intent.action, intent.qty) {
        // `BEHAVIOUR.md` O3
        let problem = fixed!(
            "US orders can be changed and cancelled only as a whole",
            "미국 주문은 전량만 정정하거나 취소할 수 있습니다"
        );
        return Err(refused(field(Of::Qty), problem, fixed!("leave the quantity out", "수량을 빼세요")));
    }
    for (of, price) in [(Of::Price, intent.price), (Of::Stop, intent.stop)] {
        let Some(price) = price else { continue };
        if price <= Decimal::ZERO || price > Decimal::from(MOST) {
            return Err(refused(
                field(of),
                both!("{price} is no price", "{price}: 가격이 아닙니다"),
                fixed!("orders without a price have kinds of their own", "가격 없는 주문은 종류가 따로 있습니다"),
            ));
        }
        if rules.checks == Checks::On {
            on_the_grid(field(of), price, rules.ticks)?;
            within_the_limits(field(of), price, rules)?;
        }
    }
    Ok(())
}

fn on_the_grid(field: &str, price: Decimal, ticks: Ticks) -> Result<(), Error> {
    if ticks.has(price) {
        return Ok(());
    }
    let legal = Neighbours::of(price, ticks);
    let problem =
        both!("{price} lies between two ticks: {legal}", "{price}: 호가 단위에 맞지 않습니다. {legal}", legal);
    let advice = match ticks {
        Ticks::Domestic => fixed!(
            "say .stock(), .etf() or .elw(), round it with order::Ticks, or send it as it is with unchecked()",
            ".stock(), .etf(), .elw()로 종류를 밝히거나, order::Ticks로 맞추거나, unchecked()로 그대로 보내세요"
        ),
        _ => fixed!(
            "round it with order::Ticks, or send it as it is with unchecked()",
            "order::Ticks로 맞추거나, unchecked()로 그대로 보내세요"
        ),
    };
    Err(refused(field, problem, advice))
}

/// The daily price limits, without their rounding to ticks: a price beyond them is also beyond the rounded limits.
fn within_the_limits(field: &str, price: Decimal, rules: &Rules) -> Result<(), Error> {
    let (Some(base), Some(percent)) = (rules.base_price, width(rules.ticks)) else { return Ok(()) };
    if base <= Decimal::ZERO || base > Decimal::from(MOST) {
        let advice = fixed!("give the close of the day before, or leave it out", "전일 종가를 넣거나 빼세요");
        return Err(refused("base_price", both!("{base} is no price", "{base}: 가격이 아닙니다"), advice));
    }
    let reach = base * Decimal::from(percent) / Decimal::ONE_HUNDRED;
    let Some(day) = rules.ticks.limits_of(base, percent) else { return Ok(()) };
    if price >= base - reach && price <= base + reach {
        return Ok(());
    }
    let (low, high) = day.into_inner();
    let problem = both!(
        "{price} is more than {percent} % from the base price {base}: {low} to {high} is allowed",
        "{price}: 기준가 {base}에서 {percent} % 넘게 벗어났습니다. {low}에서 {high}까지 낼 수 있습니다"
    );
    let advice = fixed!(
        "check price and base price, or send it as it is with unchecked()",
        "가격과 기준가를 확인하거나, unchecked()로 그대로 보내세요"
    );
    Err(refused(field, problem, advice))
}

/// How far from the base price of the day an order may stand, in percent.
fn width(ticks: Ticks) -> Option<u32> {
    match ticks {
        Ticks::Stock | Ticks::Domestic => Some(30),
        // doubled for funds with twofold leverage
        Ticks::Fund => Some(60),
        Ticks::Gold => Some(10),
        Ticks::Elw | Ticks::Us => None,
    }
}

/// Which value of an intent.
#[derive(Clone, Copy)]
enum Of {
    Qty,
    Price,
    Stop,
}

/// The wire name that the broker would use in its complaint.
fn wire_name(intent: &Intent, of: Of) -> &'static str {
    match (of, intent.action, intent.desk) {
        (Of::Qty, Action::Place, _) => "ord_qty",
        (Of::Qty, Action::Modify, _) => "mdfy_qty",
        (Of::Qty, Action::Cancel, _) => "cncl_qty",
        (Of::Price, Action::Place, _) => "ord_uv",
        (Of::Price, _, _) => "mdfy_uv",
        (Of::Stop, _, Desk::Us) => "stop_pric",
        (Of::Stop, Action::Place, _) => "cond_uv",
        (Of::Stop, _, _) => "mdfy_cond_uv",
    }
}

/// The number that the caller gave for `field`, if it is one.
pub(super) fn bad_number<N>(field: &str, given: Option<Result<N, BadNumber>>) -> Result<Option<N>, Error> {
    given.transpose().map_err(|bad| refused(field, bad.both(), fixed!("give a plain number", "숫자로 쓰세요")))
}

/// An error of a request that is not sent.
pub(super) fn refused(field: &str, problem: Both, advice: Both) -> Error {
    Error::request(field, problem, advice)
}

/// An error of a code that cannot stand in an order.
pub(super) fn bad_symbol(BadSymbol(problem, advice): BadSymbol) -> Error {
    refused("stk_cd", problem, advice)
}

#[cfg(all(test, feature = "domestic-order", feature = "domestic-account", feature = "us-order"))]
mod tests {
    use super::*;
    use crate::order::Order;

    fn text(order: impl Into<Order>) -> String {
        order.into().check().unwrap_err().to_string()
    }

    #[test]
    fn off_the_grid() {
        // a stock has ticks of 100 there and a fund of 5; the code does not say which it is
        assert!(Order::buy("005930").limit(70_105).qty(1).check().is_ok());
        for order in [
            Order::buy("005930").limit(70_105).qty(1).ticks(Ticks::Stock),
            Order::buy("005930").limit(70_105).qty(1).stock(),
        ] {
            let error = text(order);
            assert!(
                error.contains("ord_uv") && error.contains("70100 and 70200 for a stock, 70105 for an ETF"),
                "{error}"
            );
        }
        assert!(Order::buy("069500").limit(70_105).qty(1).etf().check().is_ok());
        let error = text(Order::buy("069500").limit(70_103).qty(1).etf());
        assert!(error.contains("70100 and 70105 for an ETF"), "{error}");
        let error = text(Order::buy("005930").limit(70_101).qty(1));
        assert!(error.contains("70100 and 70105"), "{error}");
        assert!(Order::buy("57JBHH").limit(105).qty(10).elw().check().is_ok());
        let error = text(Order::buy("57JBHH").limit(103).qty(10).elw());
        assert!(error.contains("100 and 105 for an ELW"), "{error}");
        assert!(Order::buy("005930").limit(70_101).qty(1).unchecked().check().is_ok());
        let error = text(Order::sell("005930").stop_limit(70_101, 70_000).qty(1));
        assert!(error.contains("cond_uv"), "{error}");
    }

    #[test]
    fn beyond_the_daily_limits() {
        let order = |price: i64| Order::buy("005930").limit(price).qty(1).ticks(Ticks::Stock).base_price(56_700);
        for price in [39_700, 56_700, 73_700] {
            assert!(order(price).check().is_ok(), "{price}");
        }
        for price in [39_650, 73_800] {
            let error = text(order(price));
            assert!(error.contains("39700 to 73700"), "{error}");
            assert!(order(price).unchecked().check().is_ok(), "{price}");
        }
    }

    #[test]
    fn neither_quantity_nor_price_is_zero() {
        for qty in [0, -1, 1_000_000_000_000_i64] {
            let error = text(Order::sell("005930").market().qty(qty).unchecked());
            assert!(error.contains("ord_qty") && error.contains(&qty.to_string()), "{error}");
        }
        for price in [0, -70_100] {
            let error = text(Order::buy("005930").limit(price).qty(1).unchecked());
            assert!(error.contains("ord_uv"), "{error}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_stored() {
        for id in ["", "a b", "주문"] {
            let error = text(Order::buy("005930").market().qty(1).id(id));
            assert!(error.contains("id:"), "{error}");
        }
    }
}
