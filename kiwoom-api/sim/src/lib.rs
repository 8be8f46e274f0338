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
mod world;

pub use broker::Fees;
pub use envelope::Personality;
pub use faults::{Fault, Rule};
pub use log::Logged;
pub use market::{BehindAll, QueueModel};
pub use sim::{Sim, SimBuilder};
