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
//! # The page
//!
//! The address of [`Sim::url`] in a browser shows all of this live: chart, order book, account, orders and fills, and each
//! call and frame with the meaning of every value. It has switches for faults, speed and session, and its time stands still
//! as that of the simulator does. It is answered to browsers of this machine only.
//!
//! # Recorded sessions
//!
//! [`SimBuilder::replay`] serves recorded replies and pushes in the place of market and account, and refuses what is not recorded:
//! see [`Replay`]. [`SimBuilder::record`] and [`Sim::save_calls`] make such a file of calls.
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
//! | `ka10001`, `ka10003`, `ka10004`; charts of stocks and ETFs (`ka10080` to `ka10083`, `ka10094`), indices (`ka20005` to `ka20008`, `ka20019`), gold (`ka50080`, `ka50081`) and US stocks (`usa06011` to `usa06016`); pushes `0B`, `0C`, `0D`, `0J`, `FE`, `FT` | the market: one book and one tape of trades for each instrument |
//! | opening and closing auctions at one price, tick sizes, price limits; notices `0s`; US prices by the time of New York, with its daylight saving time | the session of each exchange |
//! | orders of stocks (`kt10000` to `kt10003`) and on margin (`kt10006` to `kt10009`): limit, market, best limit, IOC, FOK and conditional orders; `ka10075`, `ka10076`, `ka10088`, `kt00001`, `kt00004`, `kt00007`, `kt00018`; profits `ka10072` to `ka10074`, `ka10077`; pushes `00`, `04` | the account, in won |
//! | gold (`kt50000` to `kt50003`), its lists `kt50030`, `kt50031`, `kt50075`, `kt50032`, its balance and deposit `kt50020`, `kt50021` | the account: grams, and won of their own ([`SimBuilder::gold_cash`]) |
//! | US orders (`ust20000` to `ust20003`), their lists `ust21050`, `ust21150`, `ust21180`, `ust21510`, balances and deposits `ust21070`, `ust21110`, `ust21120`, `ust21160`, `ust31490`, profits `ust21170`, `ust21530`, `ust21630`, `ust21640`, `ust21660`, `ust21661`; pushes `F4`, `F5` | the account, in cents ([`SimBuilder::dollars`]) |
//! | condition searches of both markets: what they find, who enters and leaves | the market, or a test ([`Sim::enter`], [`Sim::leave`], [`SimBuilder::conditions`]) |
//! | `au10001`, `au10002`, quotas, refusals of requests | the gateway |
//! | all other APIs | made up by kind: prices near those of the market, codes of their lists, signs that agree |
//!
//! # What it does not do
//!
//! | what | instead |
//! |---|---|
//! | stop, midpoint and after-hours orders; of gold all but limit, IOC and FOK; of the US all but limit and market | refused with 1517 |
//! | a second venue, after-hours trading, holidays other than weekends | NXT and SOR trade in the book and the hours of KRX |
//! | US trading outside of 09:30 to 16:00 in New York | orders are taken from 09:00 in Korea, and wait for the opening |
//! | limits of the day for US orders; the limits of gold | none; those of stocks |
//! | margin rates of single stocks, interest | every stock can be bought on margin: 40 % is paid, 60 % is borrowed without interest |
//! | short sales, exchange of currencies | refused for want of shares; accepted without effect |
//! | fees of gold and US stocks of their own | the commission of stocks, no tax; amounts in won are told at 1,380 won a dollar |
//! | volatility interruptions (`1h`) and pushes of other topics | one push when the topic is registered |
//! | all other charts | made up |
//! | what the broker says to a field that it does not know, and to a code that is not documented | both are refused with 1517 |
//! | 1701 and 1702 | faults only: their figures are not known |
//! | addresses of devices (8010, 8040, 8050, 8103) | every address of this machine may call |
//! | two requests of a token at the same moment | they count as calls of `au10001`: the mock server's quota refuses the second one |
//! | padding of single fields | numbers of an API are padded to one width |
//! | lists of three rows, and two pages where an API has pages | as long as they are, where market or account know them |
//! | wrong keys | any pair of keys signs in, and all see one account; keys that begin with `OTHER-SERVER`, and [`Sim::credentials`] of the other personality, belong to the other server |
//! | settlement on the second day | deposits of the next days include it at once |

mod answer;
mod broker;
mod envelope;
mod faults;
mod house;
mod log;
mod market;
mod pace;
mod page;
mod placed;
mod replay;
mod server;
mod session;
mod sim;
mod socket;
mod traffic;
mod view;
mod world;

pub use broker::Fees;
pub use envelope::{Personality, Reissue};
pub use faults::{Chaos, Fault, Rule, Script};
pub use log::{Heard, Logged};
pub use market::{BehindAll, Condition, QueueModel};
pub use placed::Placed;
pub use replay::Replay;
pub use sim::{Sim, SimBuilder};

/// The example of the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
