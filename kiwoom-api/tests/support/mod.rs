//! A scripted HTTP/1.1 server over loopback, and endpoints as the generator writes them.
//!
//! Each test scripts the server's answers, request by request, and then checks what it received, byte for byte.
#![allow(dead_code, unused_imports, reason = "each test uses its part")]

mod broker;
mod counting;
#[cfg(target_os = "linux")]
mod dead_line;
mod desk;
mod endpoints;
pub mod http;
pub mod log;
mod server;

pub use broker::{Broker, FAULTS, Fault, LineTally, Placed, TRADES};
pub use counting::Counting;
#[cfg(target_os = "linux")]
pub use dead_line::DeadLine;
pub use desk::{Desk, Rules, START};
pub use endpoints::{Bars, BarsReply, MiscodedOrder, Order, OrderReply, Row};
pub use http::{Received, bind, listen, reply, request, token_body};
pub use server::{Script, Step, TestServer, bars};

use std::time::Duration;

use kiwoom_api::{Builder, Client, Credentials, Limits, ManualClock, Retry};

pub const APP_KEY: &str = "APPKEY-abcdefghijklmnopqrstuvwxyz-0123456789";
pub const SECRET_KEY: &str = "SECRET-zyxwvutsrqponmlkjihgfedcba-9876543210";
pub const TOKEN: &str = "TOKEN-WQJCwyqInphKnR3bSRtB9NE1lvAAAA";
pub const ACCOUNT: &str = "1234567811";
/// As the broker masks accounts in its messages.
pub const MASKED_ACCOUNT: &str = "6081-2***-11";

/// A client of `server` with keys that must never show. One attempt for everything: a script answers request by request.
pub fn client(server: &TestServer) -> Client {
    builder(server).retry(Retry::none()).build().unwrap()
}

/// The same, still to be built. Not limited: what a test is about happens at once.
pub fn builder(server: &TestServer) -> Builder {
    log::capture();
    Client::builder(server.address(), Credentials::new(APP_KEY, SECRET_KEY)).limits(Limits::unlimited())
}

/// The quantities of rows.
pub fn quantities<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<Option<i64>> {
    rows.into_iter().map(|row| row.trde_qty).collect()
}

/// Nothing secret stands in `text`.
#[track_caller]
pub fn assert_clean(text: &str) {
    log::keep(text);
    for secret in [APP_KEY, SECRET_KEY, TOKEN, ACCOUNT, MASKED_ACCOUNT] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// All texts of an error: `Display`, `Debug`, both of the whole chain of sources.
pub fn texts(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!("{cause}\n{cause:?}\n");
        source = cause.source();
    }
    text
}

/// A `Date` header for a Korean wall time.
pub fn date_header(korea: jiff::civil::DateTime) -> String {
    let utc = korea - jiff::SignedDuration::from_hours(9);
    format!("Date: {}", utc.strftime("%a, %d %b %Y %H:%M:%S GMT"))
}

/// The same as [`pump`] for a client and a broker with clocks of their own, in steps that leave the broker the time to act.
pub async fn pump_both(client: ManualClock, broker: std::sync::Arc<Broker>, time: ManualClock) {
    const STEP: Duration = Duration::from_secs(5);
    loop {
        match client.next_alarm() {
            Some(left) => {
                let step = left.min(STEP);
                time.advance(step);
                while broker.is_behind() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                client.advance(step);
            }
            None => tokio::time::sleep(Duration::from_millis(1)).await,
        }
        tokio::task::yield_now().await;
    }
}

/// Lets whoever waits on the clock wait no longer than it takes to notice.
pub async fn pump(time: ManualClock) {
    loop {
        match time.next_alarm() {
            Some(left) => time.advance(left),
            None => tokio::time::sleep(Duration::from_millis(1)).await,
        }
        tokio::task::yield_now().await;
    }
}
