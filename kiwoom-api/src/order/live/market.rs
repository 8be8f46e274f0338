//! What differs between the markets: topics, lists, and the day of an order.

use jiff::civil::Date;

use super::report::Report;
use crate::order::Desk;
use crate::realtime::{Push, Subscription};
use crate::{Client, Error};

/// Where orders are watched: each market has a connection of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    #[cfg(all(
        any(feature = "domestic-order", feature = "domestic-margin-order"),
        feature = "domestic-account",
        feature = "domestic-realtime"
    ))]
    Domestic,
    #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
    Us,
}

impl Place {
    pub fn has(self, desk: Desk) -> bool {
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account",
                feature = "domestic-realtime"
            ))]
            Place::Domestic => matches!(desk, Desk::Stock | Desk::Margin),
            #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
            Place::Us => desk == Desk::Us,
        }
    }

    pub fn topics(self, subscription: Subscription) -> Subscription {
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account",
                feature = "domestic-realtime"
            ))]
            Place::Domestic => subscription.all::<crate::domestic::realtime::OrderExecution>(),
            #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
            Place::Us => subscription
                .all::<crate::us::realtime::OrderConfirmation>()
                .all::<crate::us::realtime::OrderExecution>(),
        }
    }

    /// The day of an order that is placed now, as [`OrderRef`](crate::order::OrderRef) counts it.
    pub fn today(self, client: &Client) -> Date {
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account",
                feature = "domestic-realtime"
            ))]
            Place::Domestic => client.broker_time().korea().date(),
            #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
            Place::Us => jiff::tz::Offset::UTC.to_datetime(client.broker_time().moment()).date(),
        }
    }

    /// The report in a push; `None` if it is not about an order.
    pub fn report(self, push: &Push, today: Date) -> Option<Report> {
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account",
                feature = "domestic-realtime"
            ))]
            Place::Domestic => super::domestic::pushed(push.of()?, today),
            #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
            Place::Us => match push.of() {
                Some(fill) => super::us::filled(fill, today),
                None => super::us::confirmed(push.of()?, today),
            },
        }
    }

    /// All pages of the lists of today and of these days; the days that were read.
    pub async fn lists(self, client: &Client, mut days: Vec<Date>) -> Result<(Vec<Report>, Vec<Date>, Date), Error> {
        // an odd value in a column that nothing rests on must not hide a page
        let client = client.lenient();
        let today = self.today(&client);
        days.push(today);
        match self {
            #[cfg(all(
                any(feature = "domestic-order", feature = "domestic-margin-order"),
                feature = "domestic-account",
                feature = "domestic-realtime"
            ))]
            Place::Domestic => {
                days.sort_unstable();
                days.dedup();
                Ok((super::domestic::listed(&client, &days, today).await?, days, today))
            }
            #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
            Place::Us => {
                let mut asked = vec![today, client.broker_time().korea().date()];
                asked.dedup();
                Ok((super::us::listed(&client, &asked, today).await?, days, today))
            }
        }
    }
}
