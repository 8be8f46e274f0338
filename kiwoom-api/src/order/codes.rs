//! What the texts of an intent mean, by the generated code sets: the only file of `order` that translates between them.
//!
//! A desk whose category of APIs is not part of the build has no codes: its orders are not classified.

use super::Desk;
use crate::value::{CodeSet, spelling};

#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
use crate::codes::OrderType;
#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account"))]
use crate::codes::OrderVenue;
#[cfg(feature = "domestic-order")]
use crate::domestic::order::codes::GoldOrderType;
#[cfg(feature = "us-order")]
use crate::us::order::codes::UsSellOrderType;

/// The code of a meaning in orders; for an unlisted code, the code itself.
#[allow(dead_code, reason = "used with any category of orders")]
pub(super) fn code_of(meaning: &impl CodeSet) -> String {
    spelling(meaning).or(meaning.as_unlisted()).unwrap_or_default().to_owned()
}

/// A plain limit order, whatever happens to the part that is not filled on arrival.
#[allow(unused_variables, reason = "used with any category of orders")]
pub(super) fn is_limit(desk: Desk, kind: &str) -> bool {
    match desk {
        #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
        Desk::Stock | Desk::Margin => {
            matches!(OrderType::from_wire(kind), Some(OrderType::Limit | OrderType::LimitIoc | OrderType::LimitFok))
        }
        #[cfg(feature = "domestic-order")]
        Desk::Gold => matches!(
            GoldOrderType::from_wire(kind),
            Some(GoldOrderType::Limit | GoldOrderType::LimitIoc | GoldOrderType::LimitFok)
        ),
        // a sale has all the kinds of a purchase, with the same codes
        #[cfg(feature = "us-order")]
        Desk::Us => UsSellOrderType::from_wire(kind) == Some(UsSellOrderType::Limit),
        #[allow(unreachable_patterns, reason = "with all categories there is no other desk")]
        _ => false,
    }
}

/// A plain market order, whatever happens to the part that is not filled on arrival.
#[allow(unused_variables, reason = "used with any category of orders")]
pub(super) fn is_market(desk: Desk, kind: &str) -> bool {
    match desk {
        #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
        Desk::Stock | Desk::Margin => {
            matches!(OrderType::from_wire(kind), Some(OrderType::Market | OrderType::MarketIoc | OrderType::MarketFok))
        }
        #[cfg(feature = "us-order")]
        Desk::Us => UsSellOrderType::from_wire(kind) == Some(UsSellOrderType::Market),
        _ => false,
    }
}

/// The kinds outside regular hours, which only KRX offers.
#[allow(unused_variables, reason = "used with any category of orders")]
pub(super) fn is_krx_only(desk: Desk, kind: &str) -> bool {
    match desk {
        #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
        Desk::Stock | Desk::Margin => matches!(
            OrderType::from_wire(kind),
            Some(OrderType::PreMarket | OrderType::AfterHoursSinglePrice | OrderType::AfterHours)
        ),
        _ => false,
    }
}

/// The code of KRX.
pub(super) fn krx() -> String {
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account"))]
    return code_of(&OrderVenue::Krx);
    #[cfg(not(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account")))]
    String::new()
}

/// The code by which the broker chooses the venue.
pub(super) fn sor() -> String {
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account"))]
    return code_of(&OrderVenue::Sor);
    #[cfg(not(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account")))]
    String::new()
}

/// The broker chooses the venue.
pub(super) fn is_routed(venue: &str) -> bool {
    !venue.is_empty() && venue == sor()
}

/// A domestic venue, and no other.
pub(super) fn is_one_venue(venue: &str) -> bool {
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account"))]
    return matches!(OrderVenue::from_wire(venue), Some(OrderVenue::Krx | OrderVenue::Nxt));
    #[cfg(not(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "domestic-account")))]
    {
        let _ = venue;
        false
    }
}
