//! The kinds of orders: what each needs, and which market and side have it.
//!
//! There is one method for each kind in the documents; those of a desk exist if its category of APIs is enabled. A kind
//! that needs a price takes one, and a kind that refuses a price takes none. So you cannot write an order that the
//! broker must refuse or would take for another.

use std::marker::PhantomData;

#[cfg(feature = "domestic-margin-order")]
use super::Repay;
#[allow(unused_imports, reason = "each category of orders uses some")]
use super::instrument::{Buy, Domestic, Gold, Margin, Sell, Stock, UsStock};
use super::new_order::{Order, Priced};
#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
use crate::codes::OrderType;
#[cfg(feature = "domestic-order")]
use crate::domestic::order::codes::GoldOrderType;
#[cfg(feature = "us-order")]
use crate::us::order::codes::{UsBuyOrderType, UsSellOrderType};
#[allow(unused_imports, reason = "used with any category of orders")]
use crate::value::IntoPrice;
use crate::value::{BadNumber, CodeSet, Decimal, spelling};

/// An order with only its side and instrument set. Its methods are the kinds of orders that exist for them.
///
/// A market order with a price, and a limit order without one, do not compile:
///
/// ```compile_fail,E0061
/// # use kiwoom_api::order::Order;
/// Order::buy("005930").market(70_100).qty(10);
/// ```
/// ```compile_fail,E0061
/// # use kiwoom_api::order::Order;
/// Order::buy("005930").limit().qty(10);
/// ```
/// A stop order to buy US stocks, which the broker does not offer, does not compile either:
///
/// ```compile_fail,E0599
/// # use kiwoom_api::{codes::UsExchange, order::{Order, Us}};
/// Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).stop_limit(180, 179).qty(10);
/// ```
/// Nor does a venue for gold, which has only one:
///
/// ```compile_fail,E0599
/// # use kiwoom_api::{codes::OrderVenue, order::Order, value::GoldCode};
/// Order::buy(GoldCode::from("M04020000")).limit(160_000).qty(1).venue(OrderVenue::Nxt);
/// ```
///
/// A price is any sensible number: `70_100`, `dec!(179.5)`, `179.5`, a [`Price`](crate::value::Price) of a row. A
/// number that cannot be a price (NaN, less than zero) is refused when the order is submitted.
#[must_use = "choose the kind of order: .limit(price), .market(), .."]
pub struct Draft<D, S> {
    order: Order<D>,
    of: PhantomData<fn() -> S>,
}

/// A price as the caller gave it.
type PriceGiven = Option<Result<Decimal, BadNumber>>;

impl<D, S> Draft<D, S> {
    pub(super) fn new(order: Order<D>) -> Draft<D, S> {
        Draft { order, of: PhantomData }
    }

    #[allow(dead_code, reason = "used with any category of orders")]
    fn kind(self, kind: impl CodeSet, price: PriceGiven, stop: PriceGiven) -> Priced<D> {
        Priced::new(Order { kind: spelling(&kind).unwrap_or_default(), price, stop, ..self.order })
    }

    #[cfg(feature = "domestic-margin-order")]
    fn on_margin_desk(self, repay: Option<Repay>) -> Draft<Margin, S> {
        Draft::new(Order { desk: super::Desk::Margin, repay, ..self.order.at_desk() })
    }
}

#[cfg(feature = "domestic-margin-order")]
impl Draft<Stock, Buy> {
    /// Buys with the broker's money: a margin loan (`kt10006`).
    #[doc(alias = "신용 매수")]
    pub fn on_margin(self) -> Draft<Margin, Buy> {
        self.on_margin_desk(None)
    }
}

#[cfg(feature = "domestic-margin-order")]
impl Draft<Stock, Sell> {
    /// Sells stock that was bought with a margin loan, which the proceeds repay (`kt10007`).
    #[doc(alias = "신용 상환")]
    #[doc(alias = "신용 매도")]
    pub fn repaying(self, repay: Repay) -> Draft<Margin, Sell> {
        self.on_margin_desk(Some(repay))
    }
}

/// Methods for kinds of orders, by what they need.
#[allow(unused_macros, reason = "used with any category of orders")]
macro_rules! kinds {
    ($desk:ty: $($(#[$doc:meta])* $name:ident($need:ident) = $set:ident::$kind:ident;)+) => {
        $(kinds!(@ $desk, $(#[$doc])* $name $need $set $kind);)+
    };
    (@ $desk:ty, $(#[$doc:meta])* $name:ident nothing $set:ident $kind:ident) => {
        $(#[$doc])*
        pub fn $name(self) -> Priced<$desk> {
            self.kind($set::$kind, None, None)
        }
    };
    (@ $desk:ty, $(#[$doc:meta])* $name:ident price $set:ident $kind:ident) => {
        $(#[$doc])*
        pub fn $name(self, price: impl IntoPrice) -> Priced<$desk> {
            self.kind($set::$kind, Some(price.into_price()), None)
        }
    };
    (@ $desk:ty, $(#[$doc:meta])* $name:ident trigger $set:ident $kind:ident) => {
        $(#[$doc])*
        pub fn $name(self, trigger: impl IntoPrice) -> Priced<$desk> {
            self.kind($set::$kind, None, Some(trigger.into_price()))
        }
    };
    (@ $desk:ty, $(#[$doc:meta])* $name:ident trigger_and_price $set:ident $kind:ident) => {
        $(#[$doc])*
        pub fn $name(self, trigger: impl IntoPrice, price: impl IntoPrice) -> Priced<$desk> {
            self.kind($set::$kind, Some(price.into_price()), Some(trigger.into_price()))
        }
    };
}

/// Domestic stocks, for cash and on a margin loan. Prices in won.
#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
impl<D: Domestic, S> Draft<D, S> {
    kinds! { D:
        /// At this price or a better one (보통, `0`).
        #[doc(alias = "지정가")]
        #[doc(alias = "보통가")]
        limit(price) = OrderType::Limit;
        /// At once, at any price (시장가, `3`).
        #[doc(alias = "시장가")]
        market(nothing) = OrderType::Market;
        /// At this price or a better one; what is left when the closing auction begins becomes a market order (조건부지정가, `5`).
        #[doc(alias = "조건부지정가")]
        conditional_limit(price) = OrderType::ConditionalLimit;
        /// At the best price on the opposite side on arrival (최유리지정가, `6`).
        #[doc(alias = "최유리지정가")]
        best_opposite(nothing) = OrderType::BestOpposite;
        /// At the best price on its own side on arrival (최우선지정가, `7`).
        #[doc(alias = "최우선지정가")]
        best_own_side(nothing) = OrderType::BestOwnSide;
        /// As [`limit`](Self::limit); what is not filled on arrival is cancelled (보통(IOC), `10`).
        #[doc(alias = "지정가 IOC")]
        limit_ioc(price) = OrderType::LimitIoc;
        /// As [`market`](Self::market); what is not filled on arrival is cancelled (시장가(IOC), `13`).
        #[doc(alias = "시장가 IOC")]
        market_ioc(nothing) = OrderType::MarketIoc;
        /// As [`best_opposite`](Self::best_opposite); what is not filled on arrival is cancelled (최유리(IOC), `16`).
        #[doc(alias = "최유리 IOC")]
        best_opposite_ioc(nothing) = OrderType::BestOppositeIoc;
        /// As [`limit`](Self::limit); all on arrival or nothing (보통(FOK), `20`).
        #[doc(alias = "지정가 FOK")]
        limit_fok(price) = OrderType::LimitFok;
        /// As [`market`](Self::market); all on arrival or nothing (시장가(FOK), `23`).
        #[doc(alias = "시장가 FOK")]
        market_fok(nothing) = OrderType::MarketFok;
        /// As [`best_opposite`](Self::best_opposite); all on arrival or nothing (최유리(FOK), `26`).
        #[doc(alias = "최유리 FOK")]
        best_opposite_fok(nothing) = OrderType::BestOppositeFok;
        /// A limit order at `price` that waits until the market reaches `trigger` (스톱지정가, `28`).
        #[doc(alias = "스톱지정가")]
        stop_limit(trigger_and_price) = OrderType::StopLimit;
        /// At the midpoint of best bid and best ask, and follows it (중간가, `29`).
        #[doc(alias = "중간가")]
        midpoint(nothing) = OrderType::Midpoint;
        /// As [`midpoint`](Self::midpoint); what is not filled on arrival is cancelled (중간가(IOC), `30`).
        midpoint_ioc(nothing) = OrderType::MidpointIoc;
        /// As [`midpoint`](Self::midpoint); all on arrival or nothing (중간가(FOK), `31`).
        midpoint_fok(nothing) = OrderType::MidpointFok;
        /// Before the opening, at the close of the day before (장시작전시간외, `61`). Goes to KRX by default.
        #[doc(alias = "장전 시간외")]
        #[doc(alias = "장전시간외 종가")]
        pre_market(nothing) = OrderType::PreMarket;
        /// After the close, in single-price auctions (시간외단일가, `62`). Goes to KRX by default.
        #[doc(alias = "시간외 단일가 주문")]
        after_hours_single_price(price) = OrderType::AfterHoursSinglePrice;
        /// After the close, at the closing price (장마감후시간외, `81`). Goes to KRX by default.
        #[doc(alias = "시간외 종가")]
        #[doc(alias = "장후 시간외")]
        after_hours(nothing) = OrderType::AfterHours;
    }
}

/// KRX gold. Prices in won a gram.
#[cfg(feature = "domestic-order")]
impl<S> Draft<Gold, S> {
    kinds! { Gold:
        /// At this price or a better one (보통, `00`).
        #[doc(alias = "지정가")]
        #[doc(alias = "보통가")]
        limit(price) = GoldOrderType::Limit;
        /// As [`limit`](Self::limit); what is not filled on arrival is cancelled (보통(IOC), `10`).
        #[doc(alias = "지정가 IOC")]
        limit_ioc(price) = GoldOrderType::LimitIoc;
        /// As [`limit`](Self::limit); all on arrival or nothing (보통(FOK), `20`).
        #[doc(alias = "지정가 FOK")]
        limit_fok(price) = GoldOrderType::LimitFok;
    }
}

/// US stocks. Prices in USD.
#[cfg(feature = "us-order")]
impl<S> Draft<UsStock, S> {
    kinds! { UsStock:
        /// At this price or a better one (지정가, `00`).
        #[doc(alias = "지정가")]
        #[doc(alias = "보통가")]
        limit(price) = UsBuyOrderType::Limit;
        /// At once, at any price (시장가, `03`).
        #[doc(alias = "시장가")]
        market(nothing) = UsBuyOrderType::Market;
        /// In the closing auction, at this price or a better one (LOC, `30`).
        #[doc(alias = "LOC")]
        limit_on_close(price) = UsBuyOrderType::LimitOnClose;
        /// The broker splits it to follow the volume-weighted average price, never beyond this price (VWAP지정가, `26`).
        vwap_limit(price) = UsBuyOrderType::VwapLimit;
        /// The broker splits it to follow the time-weighted average price, never beyond this price (TWAP지정가, `27`).
        twap_limit(price) = UsBuyOrderType::TwapLimit;
        /// The broker splits it to follow the volume-weighted average price (VWAP시장가, `36`).
        vwap_market(nothing) = UsBuyOrderType::VwapMarket;
        /// The broker splits it to follow the time-weighted average price (TWAP시장가, `37`).
        twap_market(nothing) = UsBuyOrderType::TwapMarket;
    }
}

/// US stocks: what the broker offers for sales only.
#[cfg(feature = "us-order")]
impl Draft<UsStock, Sell> {
    kinds! { UsStock:
        /// In the closing auction, at its price (MOC, `33`).
        #[doc(alias = "MOC")]
        market_on_close(nothing) = UsSellOrderType::MarketOnClose;
        /// A limit order at `price` that waits until the market reaches `trigger` (STOP LIMIT, `34`).
        #[doc(alias = "스톱지정가")]
        stop_limit(trigger_and_price) = UsSellOrderType::StopLimit;
        /// A market order that waits until the market reaches `trigger` (STOP, `35`).
        #[doc(alias = "스톱시장가")]
        stop_market(trigger) = UsSellOrderType::StopMarket;
    }
}
