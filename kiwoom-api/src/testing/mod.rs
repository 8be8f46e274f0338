//! Tests of your own code, without the broker and without a socket (feature `testing`).
//!
//! * [`Client::canned`](crate::Client::canned) is a client whose replies you prepare, API by API. Tokens, paging, orders,
//!   outcomes and `blocking` work as they do with the broker; [`asked`](crate::Client::asked) says what went out.
//! * [`reply`], [`page`], [`collected`], [`limited`] and [`truncated`] make what calls give.
//! * [`refused`], [`refusal`] and [`failure`] make any error, [`rejection`] and [`unknown`] outcomes of orders.
//! * [`Client::with_frames`](crate::Client::with_frames) gives feeds and condition searches the frames that you prepare, with their
//!   times; `frame` writes one from a typed record. [`Feed::canned`](crate::realtime::Feed::canned) is a feed of your own items.
//! * All requests, replies and rows are `PartialEq` and can be built with `..Default::default()`.
//!
//! Enable the feature where tests need it: `cargo add --dev kiwoom-api --features testing`.
//!
//! A strategy and its whole test:
//!
//! ```
//! # #[cfg(all(feature = "domestic-chart", feature = "domestic-order"))] {
//! use kiwoom_api::codes::Adjust;
//! use kiwoom_api::domestic::chart::{StockDailyChart, StockDailyChartReply, StockDailyChartRow};
//! use kiwoom_api::domestic::order::{BuyOrder, BuyOrderReply};
//! use kiwoom_api::order::{Order, OrderRef};
//! use kiwoom_api::testing::{Answer, Failure};
//! use kiwoom_api::value::{Date, Price};
//! use kiwoom_api::{Client, Error, Outcome, need};
//!
//! /// Buys ten shares if the last close is above the one before.
//! async fn follow(client: &Client, code: &str, today: Date) -> Result<Option<Outcome<OrderRef>>, Error> {
//!     let request = StockDailyChart::new(code, today, Adjust::Adjusted);
//!     let bars = client.rows(&request).limit_rows(2).collect().await?;
//!     let [last, before] = &bars.rows[..] else { return Ok(None) };
//!     let (last, before) = (need!(last => cur_prc)?.amount, need!(before => cur_prc)?.amount);
//!     if last <= before {
//!         return Ok(None);
//!     }
//!     Ok(Some(client.orders().submit(Order::buy(code).market().qty(10)).await))
//! }
//!
//! fn chart(closes: [Price; 2]) -> StockDailyChartReply {
//!     let bar = |close| StockDailyChartRow { cur_prc: Some(close), ..Default::default() };
//!     StockDailyChartReply { stk_dt_pole_chart_qry: closes.map(bar).into(), ..Default::default() }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let today = Date::constant(2026, 7, 3);
//!
//! // It rises: one order leaves, for ten shares.
//! let placed = BuyOrderReply { ord_no: Some("0000138".into()), ..Default::default() };
//! let client = Client::canned([
//!     Answer::of::<StockDailyChart>(&chart([Price::up(70_300), Price::up(70_100)])),
//!     Answer::of::<BuyOrder>(&placed),
//! ]);
//! let outcome = follow(&client, "005930", today).await?.expect("an order");
//! assert_eq!(outcome.accepted().unwrap().number, "0000138");
//! let order: BuyOrder = client.asked()[1].request()?;
//! assert_eq!((order.stk_cd, order.ord_qty), (Some("005930".into()), Some(10)));
//!
//! // It falls: no order leaves.
//! let client = Client::canned([Answer::of::<StockDailyChart>(&chart([Price::down(70_100), Price::up(70_300)]))]);
//! assert!(follow(&client, "005930", today).await?.is_none());
//! assert_eq!(client.asked().len(), 1);
//!
//! // No reply to the order comes back: it may have been placed.
//! let client = Client::canned([
//!     Answer::of::<StockDailyChart>(&chart([Price::up(70_300), Price::up(70_100)])),
//!     Answer::failure("kt10000", Failure::Timeout),
//! ]);
//! assert!(follow(&client, "005930", today).await?.expect("an order").is_unknown());
//!
//! // The chart is refused.
//! let client = Client::canned([Answer::refusal("ka10081", 2, "[1902: no such stock]")]);
//! assert_eq!(follow(&client, "005930", today).await.unwrap_err().code(), Some(1902));
//! # Ok(())
//! # }
//! # main().unwrap();
//! # }
//! ```

mod answer;
mod client;
mod errors;
mod replies;

#[cfg(feature = "realtime")]
#[doc(inline)]
pub use crate::realtime::canned::frame;
pub use answer::{Answer, Asked};
pub use errors::{Failure, failure, refusal, refused, rejection, unknown, unknown_order};
pub use replies::{collected, limited, page, reply, truncated};
