//! Why the broker refused, as a word that a program can act on.
//!
//! Codes and the field that the broker names decide, never its free text.

use super::Error;

/// Why the broker refused an order: the reason of a [`Rejection`](crate::Rejection).
///
/// The words of this crate: the broker *refuses* a call, which is an [`Error`]; a refused order is *rejected*
/// ([`Outcome::Rejected`](crate::Outcome::Rejected)).
///
/// Open: new reasons get their own variants, so keep a `_` arm. A reason that is not recognised is
/// [`Other`](Reject::Other); [`Rejection::code`](crate::Rejection::code) and
/// [`inner_code`](crate::Rejection::inner_code) say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reject {
    /// The price is between two ticks (RC4003).
    TickSize,
    /// The price is outside the day's limits (RC4027).
    PriceLimit,
    /// Not enough money or margin (RC4025).
    Funds,
    /// The quantity is missing or malformed.
    Quantity,
    /// The market is closed (RC4058).
    MarketClosed,
    /// The stock cannot be traded this way at the moment (RC4007).
    Restricted,
    /// The broker does not know the order to change or cancel (RC4032).
    UnknownOrder,
    /// The venue does not trade this stock, or does not exist (1903).
    Venue,
    /// The mock server does not offer this API or this kind of order (8104, RC7006, RC9000).
    NotInMock,
    /// Keys, token or machine were not accepted; nothing is wrong with the order.
    Token,
    /// There is no such stock; orders take its code without `_NX` or `_AL` (1901, 1902).
    Symbol,
    /// Another value is missing or malformed; [`Error::parameter`] names it (1511, 1517).
    Value,
    /// Something else.
    Other,
}

impl Reject {
    /// Reads the codes of a refusal.
    pub(crate) fn of(error: &Error) -> Reject {
        if error.is_not_offered_in_mock() {
            return Reject::NotInMock;
        }
        match (error.inner_code(), error.code()) {
            (Some("RC4003"), _) => Reject::TickSize,
            (Some("RC4007"), _) => Reject::Restricted,
            (Some("RC4025"), _) => Reject::Funds,
            (Some("RC4027"), _) => Reject::PriceLimit,
            (Some("RC4032"), _) => Reject::UnknownOrder,
            (Some("RC4058"), _) => Reject::MarketClosed,
            (_, Some(1511 | 1517)) => Reject::of_parameter(error.parameter().unwrap_or_default()),
            (_, Some(1901 | 1902)) => Reject::Symbol,
            (_, Some(1903)) => Reject::Venue,
            _ if error.is_auth() => Reject::Token,
            _ => Reject::Other,
        }
    }

    /// The fields of orders are few: `ord_qty`, `mdfy_qty`, `cncl_qty`; `dmst_stex_tp`, `stex_tp`; `stk_cd`.
    fn of_parameter(name: &str) -> Reject {
        match name {
            "stk_cd" => Reject::Symbol,
            _ if name.ends_with("_qty") => Reject::Quantity,
            _ if name.ends_with("stex_tp") => Reject::Venue,
            _ => Reject::Value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::refusal::refused;

    #[test]
    fn reasons() {
        for (rc, text, want) in [
            (20, "[2000](RC4003:호가단위)", Reject::TickSize),
            (20, "[2000](RC4007:거래제한)", Reject::Restricted),
            (20, "[2000](RC4025:증거금)", Reject::Funds),
            (20, "[2000](RC4027:상하한가)", Reject::PriceLimit),
            (20, "[2000](RC4032:원주문번호)", Reject::UnknownOrder),
            (20, "[2000](RC4058:모의투자 장종료)", Reject::MarketClosed),
            (20, "[2000](RC7006:x)", Reject::NotInMock),
            (20, "[2000](RC9000:x)", Reject::NotInMock),
            (2, "[8104:x]", Reject::NotInMock),
            (1, "1999:x. 실패사유=모의투자에서는 지원하지 않습니다", Reject::NotInMock),
            (2, "[1511:x. 필수입력 파라미터=ord_qty]", Reject::Quantity),
            (2, "[1511:x. 필수입력 파라미터=dmst_stex_tp]", Reject::Venue),
            (2, "[1517:x. 파라미터=ord_uv 실패사유= 소수점]", Reject::Value),
            (2, "[1511:x. 필수입력 파라미터={?}]", Reject::Value),
            (2, "[1902:x. 종목코드=000660_AL]", Reject::Symbol),
            (2, "[1903:x. 거래소구분=NXT, 종목코드=000660]", Reject::Venue),
            (3, "[8005:x]", Reject::Token),
            (3, "", Reject::Token),
            (2, "[8050:x]", Reject::Token),
            (20, "[2000](RC1234:x)", Reject::Other),
            (20, "장종료 증거금 호가단위", Reject::Other),
        ] {
            let error = refused(200, rc, text);
            assert_eq!(Reject::of(&error), want, "{text}");
        }
    }
}
