//! The broker's lists of orders, read to their last page, as rows of one kind.
//!
//! The only place of this module that knows generated requests. For each desk one list that shows all orders of a day with
//! the way they were entered, and others that add what it leaves out or does not show yet.

#[cfg(feature = "domestic-account")]
mod domestic;
#[cfg(feature = "us-account")]
mod us;

use jiff::civil::Date;
use jiff::tz::Offset;

use super::row::Row;
use super::verdict::Obstacle;
use crate::Client;
use crate::net::broker_time::BrokerTime;
use crate::order::Desk;

/// Desks whose orders stand in the same lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    Domestic,
    Gold,
    Us,
}

impl Lists {
    pub const ALL: [Lists; 3] = [Lists::Domestic, Lists::Gold, Lists::Us];

    pub fn of(desk: Desk) -> Lists {
        match desk {
            Desk::Stock | Desk::Margin => Lists::Domestic,
            Desk::Gold => Lists::Gold,
            Desk::Us => Lists::Us,
        }
    }

    /// All orders of these days; `today` is the day now, in Korea and in UTC.
    ///
    /// # Errors
    /// A page that did not come, a row that could not be read: then the rest proves nothing.
    pub async fn read(self, client: &Client, days: &[Date], today: Today) -> Result<Vec<Row>, Obstacle> {
        match self {
            #[cfg(feature = "domestic-account")]
            Lists::Domestic => domestic::stocks(client, days, today.korea).await,
            #[cfg(feature = "domestic-account")]
            Lists::Gold => domestic::gold(client, days).await,
            #[cfg(feature = "us-account")]
            Lists::Us => us::stocks(client, days, today).await,
            #[allow(unreachable_patterns, reason = "with all categories there are no other lists")]
            _ => {
                let _ = (client, days, today);
                Err(Obstacle(crate::language::fixed!(
                    "the lists of orders are not part of this build (enable domestic-account, us-account)",
                    "이 빌드에는 주문 내역 조회가 없습니다 (domestic-account, us-account 기능을 켜세요)"
                )))
            }
        }
    }
}

/// The day that it is now. Sessions of the US market have that of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Today {
    pub korea: Date,
    pub utc: Date,
}

impl Today {
    pub fn of(broker: &BrokerTime) -> Today {
        Today { korea: broker.korea().date(), utc: Offset::UTC.to_datetime(broker.moment()).date() }
    }
}

/// Rows of all pages. What could not be read in a column that is compared makes the whole list doubtful.
#[cfg(any(feature = "domestic-account", feature = "us-account"))]
async fn all<T: crate::endpoint::Listing>(
    rows: crate::page::Rows<'_, T>,
    compared: &[&str],
) -> Result<Vec<T::Row>, Obstacle> {
    let collected = rows.collect().await.map_err(|error| Obstacle::of(error.error()))?;
    if let Some(anomaly) = collected.anomalies.iter().find(|anomaly| compared.contains(&anomaly.field)) {
        let field = anomaly.field;
        return Err(Obstacle(crate::language::both!(
            "a value in the list of orders cannot be read: {field}",
            "주문 내역에 읽을 수 없는 값이 있습니다: {field}"
        )));
    }
    Ok(collected.rows)
}

/// A row without number or code is not an order that could be compared.
#[cfg(any(feature = "domestic-account", feature = "us-account"))]
fn named<N, S>(number: Option<N>, symbol: Option<S>) -> Result<(N, S), Obstacle> {
    number.zip(symbol).ok_or_else(|| {
        Obstacle(crate::language::fixed!(
            "a row in the list of orders has no number or no code",
            "주문 내역에 주문번호나 종목코드가 없는 행이 있습니다"
        ))
    })
}
