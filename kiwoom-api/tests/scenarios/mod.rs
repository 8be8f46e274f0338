//! What must hold of orders whoever the broker is: each scenario is written once, against a [`House`].
//!
//! The scripted broker of these tests is one house, the simulator in `sim/tests` is another; what differs between them is what
//! the trait asks for. This folder uses nothing but the public surface of the client, and no other module of the tests.

pub mod script;
pub mod settling;

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::order::{Action, Settlement, Verdict};
use kiwoom_api::value::{OrderNo, Side};
use kiwoom_api::{Builder, Client, Credentials, Limits, ManualClock, Retry, Server};

/// A broker that misbehaves on command and says what it has.
pub trait House: Send + Sync + Sized + 'static {
    /// What goes wrong.
    type Trouble: Copy + Debug + Send + Sync;

    /// A house that trades 005930, in which the account holds enough to sell.
    fn open(at: Opening) -> impl Future<Output = Self> + Send;

    fn server(&self) -> Server;

    fn credentials(&self) -> Credentials;

    /// The broker's clock.
    fn time(&self) -> &ManualClock;

    /// Each further request meets this trouble with this chance.
    fn misbehave(&self, trouble: Self::Trouble, chance: f64);

    /// Nothing goes wrong any more.
    fn heal(&self);

    /// Requests were held up until now or earlier, and have not been acted upon yet.
    fn is_behind(&self) -> bool;

    /// The orders of the programs under test, oldest first.
    fn placed(&self) -> Vec<Placed>;

    /// How many requests of this API were acted upon or refused.
    fn requests(&self, api: &str) -> usize;

    /// A limit at which the broker takes a purchase or a sale of 005930. No two numbers below 50 give the same.
    fn limit(&self, number: u8) -> i64;

    /// The broker's own books agree.
    fn audit(&self);

    /// The text holds no secret.
    fn look_at(&self, text: &str);

    /// Another process wants the journal that this one has open.
    fn second_process(&self, _journal: &Path) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// A trouble after which nobody knows: the broker did nothing, or it placed the order.
    fn lost(fate: Fate) -> Self::Trouble;
}

/// What became of an order whose reply was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It never arrived.
    Nothing,
    /// It was placed.
    Placed,
    /// It arrives long after it was given up.
    Late,
    /// It was refused for the quota, and may have been placed.
    Quota,
}

/// How a house opens.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub seed: u64,
    /// The broker's time.
    pub at: kiwoom_api::jiff::Timestamp,
}

impl Opening {
    /// Ten in the morning.
    pub fn seed(seed: u64) -> Opening {
        Opening { seed, at: "2026-07-06T10:00:00+09:00".parse().expect("a time") }
    }
}

/// An order as the broker has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub number: String,
    /// `kt10000` to `kt10003`.
    pub api: String,
    /// The number of the order that a change or a cancellation is about; blank if there is none.
    pub original: String,
    pub qty: i64,
}

/// A client whose clock is not the broker's. It waits for no turn, and asks once.
pub fn client(house: &impl House, time: &ManualClock) -> Client {
    builder(house, time).limits(Limits::unlimited()).retry(Retry::none()).build().expect("a client")
}

/// The same, still to be set up.
pub fn builder(house: &impl House, time: &ManualClock) -> Builder {
    Client::builder(house.server(), house.credentials()).clock(time.clock())
}

/// The verdict says what the broker has, and is one that settles.
pub fn is_true(settlement: &Settlement, house: &impl House) -> bool {
    let Settlement { intent, verdict, .. } = settlement;
    let original = intent.original.as_ref().map_or("", OrderNo::as_str);
    let api = match (intent.action, intent.side) {
        (Action::Place, Side::Buy) => "kt10000",
        (Action::Place, _) => "kt10001",
        (Action::Modify, _) => "kt10002",
        _ => "kt10003",
    };
    let is_it = |order: &Placed| {
        order.api == api && order.original == original && intent.qty.is_none_or(|qty| qty == order.qty)
    };
    let there = house.placed().into_iter().find(is_it);
    match (verdict, there) {
        (Verdict::Found(listed), Some(order)) => assert_eq!(listed.order.number.as_str(), order.number),
        (Verdict::NotFound, None) => {}
        (Verdict::Found(_) | Verdict::NotFound, there) => panic!("{settlement:?}, and the broker has {there:?}"),
        _ => return false,
    }
    true
}

/// Lets whoever waits on the client's clock wait no longer than it takes to notice. The broker's clock moves with it, in steps
/// that leave the broker the time to act.
pub async fn pump(client: ManualClock, house: Arc<impl House>) {
    const STEP: Duration = Duration::from_secs(5);
    loop {
        match client.next_alarm() {
            Some(left) => {
                let step = left.min(STEP);
                house.time().advance(step);
                caught_up(&*house).await;
                client.advance(step);
            }
            None => tokio::time::sleep(Duration::from_millis(1)).await,
        }
        tokio::task::yield_now().await;
    }
}

/// Returns when everything that was held up long enough has been acted upon.
pub async fn caught_up(house: &impl House) {
    while house.is_behind() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
