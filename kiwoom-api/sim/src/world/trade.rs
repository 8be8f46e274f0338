//! Orders as requests say them: which API does what, in which market, and how its fields are read.

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use crate::answer::Given;
use crate::broker::{Credit, Desk, OrderKind, Pricing, Refused, Takes, number_text};
use crate::envelope::{Ask, Personality};
use crate::market::OrderSide;

/// What an API does with orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Buy,
    Sell,
    Modify,
    Cancel,
}

/// An API that trades.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door {
    pub desk: Desk,
    pub act: Act,
    /// Its purchases borrow.
    pub is_credit: bool,
}

/// What a request wants.
#[derive(Debug)]
pub(super) enum Want {
    New(Takes),
    /// Original, quantity and price; 0 means all that is left.
    Modify(u64, i64, i64),
    Cancel(u64, i64),
}

impl Door {
    /// The door of an API.
    pub fn of(api: &str) -> Option<Door> {
        let (desk, is_credit) = match api.get(..6)? {
            "kt1000" => (Desk::Stocks, api.ends_with(['6', '7', '8', '9'])),
            "kt5000" => (Desk::Gold, false),
            "ust200" => (Desk::Us, false),
            _ => return None,
        };
        let act = match api.chars().last()? {
            '0' | '6' => Act::Buy,
            '1' | '7' => Act::Sell,
            '2' | '8' => Act::Modify,
            '3' | '9' => Act::Cancel,
            _ => return None,
        };
        Some(Door { desk, act, is_credit })
    }

    /// The venue of a request, if this server has it.
    pub fn venue(self, ask: &Ask, personality: Personality) -> Result<&'static str, Refused> {
        let named = match self.desk {
            Desk::Stocks => ask.field("dmst_stex_tp"),
            Desk::Gold => "KRX",
            Desk::Us => ask.field("stex_tp"),
        };
        let venues: &[&'static str] = match (self.desk, personality) {
            (Desk::Us, _) => &["ND", "NY", "NA"],
            (Desk::Stocks, Personality::Real) => &["KRX", "NXT", "SOR"],
            (Desk::Stocks | Desk::Gold, _) => &["KRX"],
        };
        venues.iter().copied().find(|venue| *venue == named).ok_or(Refused::Venue)
    }

    /// Reads what a request wants.
    pub fn read(self, ask: &Ask, venue: &'static str, today: Date) -> Result<Want, Refused> {
        let original = || ask.field("orig_ord_no").parse().map_err(|_| Refused::Original);
        let qty = |key: &str| ask.number(key).ok_or(Refused::Quantity);
        match self.act {
            Act::Buy | Act::Sell => {
                let kind = OrderKind::find(self.desk, ask.field("trde_tp")).ok_or(Refused::OrderType)?;
                let price = match (kind.pricing, self.price(ask, "ord_uv")?) {
                    (Pricing::Named, 0) => return Err(Refused::Price),
                    (Pricing::Named, price) => Some(price),
                    (_, 0) => None,
                    _ => return Err(Refused::Price),
                };
                let side = if self.act == Act::Buy { OrderSide::Buy } else { OrderSide::Sell };
                let credit = self.credit(ask, side, today)?;
                Ok(Want::New(Takes { side, kind, price, qty: qty("ord_qty")?, venue, credit }))
            }
            Act::Modify => {
                let price = self.price(ask, "mdfy_uv")?;
                if price <= 0 {
                    return Err(Refused::Price);
                }
                // a US order is changed as a whole (`BEHAVIOUR.md` O3)
                Ok(Want::Modify(original()?, qty("mdfy_qty")?, price))
            }
            Act::Cancel => Ok(Want::Cancel(original()?, qty("cncl_qty")?)),
        }
    }

    /// A price in won or cents; 0 if it is blank.
    fn price(self, ask: &Ask, key: &str) -> Result<i64, Refused> {
        if self.desk != Desk::Us {
            return ask.number(key).ok_or(Refused::Price);
        }
        let dollars: Decimal = match ask.field(key) {
            "" => Decimal::ZERO,
            text => text.parse().map_err(|_| Refused::Price)?,
        };
        let cents = dollars.checked_mul(Decimal::from(100)).ok_or(Refused::Price)?;
        if !cents.fract().is_zero() {
            return Err(Refused::Places);
        }
        i64::try_from(cents).map_err(|_| Refused::Price)
    }

    fn credit(self, ask: &Ask, side: OrderSide, today: Date) -> Result<Credit, Refused> {
        match (self.is_credit, side) {
            (false, _) => Ok(Credit::Cash),
            (true, OrderSide::Buy) => Ok(Credit::Loan(Some(today))),
            (true, OrderSide::Sell) if ask.field("crd_deal_tp") == "99" => Ok(Credit::Loan(None)),
            (true, OrderSide::Sell) => {
                let day = ask.day("crd_loan_dt").ok_or(Refused::LoanDate)?;
                Ok(Credit::Loan(Some(day)))
            }
        }
    }

    /// What the reply says beside the number of the order.
    pub fn told(self, want: &Want, (number, qty): (u64, i64), venue: &'static str) -> Given {
        let given = Given::default().with("ord_no", number_text(self.desk, number)).with("dmst_stex_tp", venue);
        match want {
            Want::New(_) => given,
            Want::Modify(original, ..) => given
                .with("base_orig_ord_no", number_text(self.desk, *original))
                .with("mdfy_qty", qty)
                .with("mdfy_ord_qty", qty),
            Want::Cancel(original, _) => given
                .with("base_orig_ord_no", number_text(self.desk, *original))
                .with("cncl_qty", qty)
                .with("cncl_ord_qty", qty),
        }
    }
}
