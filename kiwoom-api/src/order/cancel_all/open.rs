//! The broker's lists of open orders. The only place of this module that knows generated requests.

use crate::order::{Desk, OrderRef};
use crate::{Client, Error};

/// Desks whose open orders stand in the same list.
#[derive(Clone, Copy)]
pub(super) enum OpenList {
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
    Domestic,
    #[cfg(feature = "domestic-order")]
    Gold,
    #[cfg(feature = "us-order")]
    Us,
}

/// One order that is open.
pub(super) struct Open {
    pub order: OrderRef,
    pub remaining: Option<i64>,
}

/// What could be read, and why that is not all.
pub(super) struct Read {
    pub orders: Vec<Open>,
    pub error: Option<Error>,
}

impl OpenList {
    /// Those whose orders this build can cancel.
    pub const ALL: &[OpenList] = &[
        #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
        OpenList::Domestic,
        #[cfg(feature = "domestic-order")]
        OpenList::Gold,
        #[cfg(feature = "us-order")]
        OpenList::Us,
    ];

    pub fn desks(self) -> &'static [Desk] {
        match self {
            #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
            OpenList::Domestic => &[Desk::Stock, Desk::Margin],
            #[cfg(feature = "domestic-order")]
            OpenList::Gold => &[Desk::Gold],
            #[cfg(feature = "us-order")]
            OpenList::Us => &[Desk::Us],
        }
    }

    pub async fn read(self, client: &Client) -> Read {
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account"
            ))]
            OpenList::Domestic => listed::stocks(client).await,
            #[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
            OpenList::Gold => listed::gold(client).await,
            #[cfg(all(feature = "us-order", feature = "us-account"))]
            OpenList::Us => listed::us(client).await,
            #[allow(unreachable_patterns, reason = "with all categories there are no other lists")]
            _ => {
                let _ = client;
                let what = crate::language::fixed!(
                    "the lists of open orders are not part of this build (enable domestic-account, us-account)",
                    "이 빌드에는 미체결 목록이 없습니다 (domestic-account, us-account feature를 켜세요)"
                );
                Read { orders: Vec::new(), error: Some(Error::setup(what)) }
            }
        }
    }
}

#[cfg(any(
    all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
    all(feature = "us-order", feature = "us-account")
))]
mod listed {
    use super::{Open, Read};
    #[cfg(all(feature = "us-order", feature = "us-account"))]
    use crate::codes::UsExchange;
    use crate::endpoint::Listing;
    #[allow(unused_imports, reason = "gold has no venues")]
    use crate::order::codes::code_of;
    use crate::order::{Desk, OrderRef};
    use crate::page::Rows;
    #[cfg(all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"))]
    use crate::value::Code;
    use crate::value::{OrderNo, Side};
    use crate::{Client, Error};

    /// Rows of all pages, as far as they came.
    async fn rows<T: Listing>(rows: Rows<'_, T>) -> (Vec<T::Row>, Option<Error>) {
        match rows.collect().await {
            Ok(collected) => (collected.rows, None),
            Err(cut) => {
                let rows = cut.rows().len();
                tracing::warn!(target: "kiwoom_api", rows, error = %cut.error(), "a list of open orders breaks off");
                let (rows, error) = cut.into_parts();
                (rows, Some(error))
            }
        }
    }

    /// The orders of these rows that have something left; a row that names no order is a reason to look again.
    fn open<R>(
        (rows, mut error): (Vec<R>, Option<Error>),
        read: impl Fn(R) -> (Option<OrderNo>, Option<Open>),
    ) -> Read {
        let mut orders: Vec<Open> = Vec::new();
        for row in rows {
            let (number, open) = read(row);
            let Some(mut open) = open.filter(|_| number.as_ref().is_some_and(|number| !number.as_str().is_empty()))
            else {
                let what = crate::language::fixed!(
                    "a row in the list of open orders has no number or no code",
                    "미체결 목록에 주문번호나 종목코드가 없는 행이 있습니다"
                );
                let advice =
                    crate::language::fixed!("look at the broker's own list", "증권사의 주문 목록을 직접 확인하세요");
                error.get_or_insert_with(|| crate::order::checks::refused("ord_no", what, advice));
                continue;
            };
            open.order.number = number.unwrap_or_default();
            let same =
                |other: &Open| other.order.number == open.order.number && other.order.symbol == open.order.symbol;
            // what is filled, or was taken back, has nothing left
            if open.remaining != Some(0) && !orders.iter().any(same) {
                orders.push(open);
            }
        }
        Read { orders, error }
    }

    #[cfg(all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"))]
    fn text(code: &Option<Code>) -> &str {
        code.as_ref().map_or("", Code::as_str)
    }

    /// The side, for the record: a cancellation does not need it.
    #[cfg(all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"))]
    fn side(words: &str) -> Side {
        if words.contains("매도") { Side::Sell } else { Side::Buy }
    }

    #[cfg(all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"))]
    pub async fn stocks(client: &Client) -> Read {
        use crate::codes::{OrderVenue, YesNo};
        use crate::domestic::account::OpenOrders;
        use crate::value::Venue;

        let (request, date) = (OpenOrders::new(), client.broker_time().korea().date());
        open(rows(client.rows(&request)).await, |row| {
            let words = text(&row.io_tp_nm);
            let is_margin = ["신용", "융자", "대주"].iter().any(|word| words.contains(word));
            let venue = match (&row.sor_yn, &row.stex_tp_txt) {
                (Some(YesNo::Yes), _) | (_, Some(Venue::Unified)) => OrderVenue::Sor,
                (_, Some(Venue::Nxt)) => OrderVenue::Nxt,
                _ => OrderVenue::Krx,
            };
            let desk = if is_margin { Desk::Margin } else { Desk::Stock };
            let order = row
                .stk_cd
                .map(|code| OrderRef::new(desk, date, "").of(side(words), code.base().to_string()).at(code_of(&venue)));
            (row.ord_no, order.map(|order| Open { order, remaining: row.oso_qty }))
        })
    }

    #[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
    pub async fn gold(client: &Client) -> Read {
        use crate::domestic::account::GoldOpenOrders;

        let date = client.broker_time().korea().date();
        let request = GoldOpenOrders::new(date);
        open(rows(client.rows(&request)).await, |row| {
            let side = side(text(&row.io_tp_nm));
            let order = row.stk_cd.map(|code| OrderRef::new(Desk::Gold, date, "").of(side, code.to_string()));
            (row.ord_no, order.map(|order| Open { order, remaining: row.ord_remnq }))
        })
    }

    /// The list names exchanges in words, so each exchange is asked for by its code; and the day of a night's order may be
    /// counted either way, so both days are.
    #[cfg(all(feature = "us-order", feature = "us-account"))]
    pub async fn us(client: &Client) -> Read {
        use crate::us::account::LedgerOpenOrders;
        use crate::value::Decimal;

        let broker = client.broker_time();
        let today = jiff::tz::Offset::UTC.to_datetime(broker.moment()).date();
        let korea = broker.korea().date();
        let days = if today == korea { vec![today] } else { vec![today, korea] };
        let mut all = Read { orders: Vec::new(), error: None };
        let exchanges = [UsExchange::Nasdaq, UsExchange::Nyse, UsExchange::Amex];
        for (day, exchange) in days.iter().flat_map(|day| exchanges.map(|exchange| (*day, exchange))) {
            let request = LedgerOpenOrders::new().ord_dt(day).stex_tp(exchange);
            let Read { orders, error } = open(rows(client.rows(&request)).await, |row| {
                let venue = code_of(&named(&row.stex_nm).unwrap_or(exchange));
                let side = row.slby_tp.or(row.slby_tp_nm).unwrap_or(Side::Buy);
                let order =
                    row.stk_cd.map(|code| OrderRef::new(Desk::Us, day, "").of(side, code.to_string()).at(venue));
                let whole = |left: Decimal| i64::try_from(left.ceil()).ok();
                (row.ord_no, order.map(|order| Open { order, remaining: row.ord_remnq.and_then(whole) }))
            });
            for open in orders {
                let same =
                    |other: &Open| other.order.number == open.order.number && other.order.symbol == open.order.symbol;
                if !all.orders.iter().any(same) {
                    all.orders.push(open);
                }
            }
            all.error = all.error.or(error);
        }
        all
    }

    /// The exchange that the list names in words.
    #[cfg(all(feature = "us-order", feature = "us-account"))]
    fn named(words: &str) -> Option<UsExchange> {
        use UsExchange::{Amex, Nasdaq, Nyse};

        let words = words.to_ascii_uppercase();
        [("NASDAQ", Nasdaq), ("나스닥", Nasdaq), ("NYSE", Nyse), ("뉴욕", Nyse), ("AMEX", Amex), ("아멕스", Amex)]
            .into_iter()
            .find_map(|(word, exchange)| words.contains(word).then_some(exchange))
    }
}
