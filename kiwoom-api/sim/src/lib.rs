//! An offline Kiwoom REST API (키움 REST API) on loopback: for tests of trading programs, without keys, account or market hours.
//!
//! ```
//! use kiwoom_api::id::ka10081;
//! use kiwoom_api::order::Order;
//! use kiwoom_api::codes::Adjust;
//! use kiwoom_sim::Sim;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Sim::start().await?;
//! let client = sim.client()?;
//!
//! let bars = client.rows(ka10081::Request::new("005930", client.today(), Adjust::Adjusted)).collect().await?;
//! assert!(bars.rows.len() > 600);
//!
//! let order = Order::buy("005930").market().qty(10);
//! assert!(client.orders().submit(order).await.accepted().is_some());
//! sim.audit()?;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # Time
//!
//! The time of a simulator stands still until somebody moves it: [`Sim::advance`], or a client of [`Sim::client`], which moves
//! it where it would wait for its turn. So a test waits for no limit, and the market moves only while it lets it. With
//! [`SimBuilder::speed`] time passes by itself.
//!
//! # Faults
//!
//! A [`Fault`] strikes by a [`Rule`] (which API, topic, frame or connection; how often; after how many; by what chance; for how long), by a
//! [`Script`] in a fixed order, or by seeded [`Chaos`]. [`Sim::log`] and [`Sim::frames`] tell what was asked and what struck.
//!
//! ```
//! # use std::time::Duration;
//! # use kiwoom_sim::{Chaos, Fault, Rule, Script, Sim};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Sim::start().await?;
//! // three refusals for a quota that was not exceeded
//! sim.fault(Rule::new(Fault::Quota).on("ka10081").times(3));
//! // the second order is lost on its way and arrives half a minute later; the third one is placed, and its reply is lost
//! sim.script(Script::on("kt10000").pass(1).then(Fault::ArrivesLate(Duration::from_secs(30))).then(Fault::DropAfter));
//! // one push in twenty is doubled, lost, late or odd
//! sim.chaos(7, Chaos::new(0.0).pushes(0.05));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What answers from what
//!
//! | what | from |
//! |---|---|
//! | `ka10001`, `ka10003`, `ka10004`; charts of stocks and ETFs (`ka10080` to `ka10083`, `ka10094`), indices (`ka20005` to `ka20008`, `ka20019`), gold (`ka50080`, `ka50081`) and US stocks (`usa06011` to `usa06016`); pushes `0B`, `0D` | the market: one book and one tape of trades for each instrument |
//! | `kt10000` to `kt10003`, `ka10075`, `ka10076`, `ka10088`, `kt00001`, `kt00004`, `kt00007`, `kt00018`; pushes `00`, `04` | the account |
//! | `au10001`, `au10002`, quotas, refusals of requests | the gateway |
//! | all other APIs | made up by kind: prices near those of the market, codes of their lists, signs that agree |
//!
//! # What it does not do
//!
//! | what | instead |
//! |---|---|
//! | orders of gold, of US stocks and on margin | they are accepted and have no effect: no list and no balance shows them |
//! | order types other than limit (0) and market (3) | refused with 1517 |
//! | a second venue, after-hours trading, holidays other than weekends | NXT and SOR trade in the book and the hours of KRX |
//! | all other charts | made up |
//! | US hours | US prices move in the hours of KRX |
//! | what the broker says to a field that it does not know, and to a code that is not documented | both are refused with 1517 |
//! | 1701 and 1702 | faults only: their figures are not known |
//! | addresses of devices (8010, 8040, 8050, 8103) | every address of this machine may call |
//! | two requests of a token at the same moment | they count as calls of `au10001`: the mock server's quota refuses the second one |
//! | pushes of other topics | one push when the topic is registered |
//! | condition searches that enter and leave | one list and one push of an entry |
//! | padding of single fields | numbers of an API are padded to one width |
//! | lists of three rows, and two pages where an API has pages | as long as they are, where market or account know them |
//! | wrong keys | any pair of keys signs in, and all see one account; keys that begin with `OTHER-SERVER`, and [`Sim::credentials`] of the other personality, belong to the other server |
//! | settlement on the second day | deposits of the next days include it at once |

mod answer;
mod broker;
mod envelope;
mod faults;
mod log;
mod market;
mod server;
mod session;
mod sim;
mod socket;
mod view;
mod world;

pub use broker::Fees;
pub use envelope::{Personality, Reissue};
pub use faults::{Chaos, Fault, Rule, Script};
pub use log::{Heard, Logged};
pub use market::{BehindAll, QueueModel};
pub use sim::{Sim, SimBuilder};

/// The example of the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
