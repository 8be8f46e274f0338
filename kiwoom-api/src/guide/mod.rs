//! The guide: one page for each thing that a program does with this crate. Every page has examples that run.
//!
//! | page | answers |
//! |---|---|
//! | [`values`] | What is `-42900`? In which unit is this amount? What if a value is missing or odd? |
//! | [`limits`] | How often may I ask? Who waits, who tries again, and for how long? |
//! | [`paging`] | How do I get all rows, stop early, and go on after an error? |
//! | [`account`] | What do I have, and which numbers may a risk check trust? |
//! | [`us`] | What differs in the US market? |
//! | [`orders`] | What became of my order? What do I do with `Unknown`? How do I stop everything? |
//! | [`realtime`] | How do I read trades and order books, and how do I learn of what is missing? |
//! | [`conditions`] | How do I follow a saved search (조건검색)? |
//! | [`testing`] | How do I test my strategy without the broker? |
//! | [`simulator`] | How do I test the whole strategy: fills, pushes, lost replies, broken connections? |
//! | [`updates`] | What happens when the broker changes something? |
//! | [`coming_from`] | How do I write what I wrote with a Python package? |
//! | [`from_sheet`] | How does a row of the broker's documents become Rust? |
//!
//! Start with [`values`]; if you trade, read [`orders`], [`testing`] and [`simulator`] before your first order.
//!
//! The examples answer themselves through [`Client::canned`](crate::Client::canned), so they run anywhere: no keys, no network.
//! In your program the client comes from `Client::new`, and the rest stays as it is. You need
//!
//! ```toml
//! [dependencies]
//! kiwoom-api = { version = "0.1", features = ["realtime", "blocking"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
//!
//! [dev-dependencies]
//! kiwoom-api = { version = "0.1", features = ["testing"] }
//! ```
//!
//! ```
//! use kiwoom_api::testing::Answer;
//! use kiwoom_api::{Client, Credentials, Server};
//!
//! // against the broker: keys from KIWOOM_APP_KEY and KIWOOM_SECRET_KEY
//! fn with_the_broker() -> Result<Client, kiwoom_api::Error> {
//!     Client::new(Server::Mock, Credentials::from_env()?)
//! }
//!
//! // in a test, and on these pages
//! let client = Client::canned([Answer::json("ka10001", r#"{"cur_prc":"-70100"}"#)]);
//! assert_eq!(client.unused_answers(), ["ka10001"]);
//! ```

#[doc = include_str!("account.md")]
pub mod account {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("conditions.md")]
pub mod conditions {}

#[doc = include_str!("from_sheet.md")]
pub mod from_sheet {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("orders.md")]
pub mod orders {}

#[doc = include_str!("paging.md")]
pub mod paging {}

#[doc = include_str!("realtime.md")]
pub mod realtime {}

// its examples need kiwoom-sim, whose doctests run them
#[cfg_attr(not(doctest), doc = include_str!("simulator.md"))]
pub mod simulator {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("updates.md")]
pub mod updates {}

#[doc = include_str!("us.md")]
pub mod us {}

#[doc = include_str!("values.md")]
pub mod values {}
