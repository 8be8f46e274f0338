//! A limit order that survives everything: its reply is lost, the line breaks while it is filled, it is changed, what is left is
//! cancelled, and the program starts again.
//!
//! The order of things is what makes it safe: settle what an earlier run left, watch, and only then trade. Offline:
//! `cargo run -p kiwoom-api --example live_orders`.

#[path = "support/exchange.rs"]
mod exchange;

use std::path::Path;
use std::time::Duration;

use exchange::Exchange;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{LiveEvent, LiveEvents, LiveOrders, Modification, Order, OrderRef, Settled};
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Error, Outcome};

/// The name of the order: a run that starts again uses the same one.
const NAME: &str = "open-005930";

/// The beginning of each run: nothing trades before this is done.
async fn begin(client: &Client, journal: &Path) -> Result<LiveOrders, Error> {
    let orders = client.orders().default_venue(OrderVenue::Krx).journal(journal).await?;
    for settlement in orders.reconcile().await? {
        println!("{}: {:?}", settlement.intent.id, settlement.verdict);
    }
    // this broker's lists are never late; leave the delay alone where real money is
    orders.live().delay(Duration::from_millis(50)).await
}

/// Places the order, or finds the one that an earlier run placed.
async fn place(live: &LiveOrders) -> Result<OrderRef, Error> {
    let id = NAME.parse().expect("a good name");
    if let Some(order) = live.orders().as_journal().and_then(|journal| journal.placed(&id)) {
        println!("{NAME}: placed before, as {}", order.number);
        return Ok(order);
    }
    match live.submit(Order::buy("005930").limit(70_100).qty(10).id(NAME)).await {
        Outcome::Accepted(order) => Ok(order),
        Outcome::Rejected(rejection) => Err(rejection.into_error()),
        Outcome::NotSent(error) => Err(error),
        // by push or by list, whichever is first; nothing is sent again
        Outcome::Unknown(unknown) => match live.settle(&id).await? {
            Settled::Placed(order) => {
                println!("{NAME}: the reply was lost, and it is {}", order.number);
                Ok(order)
            }
            Settled::NotPlaced => Err(unknown.into_error()),
            undecided => panic!("somebody has to look: {undecided:?}"),
        },
    }
}

/// The next event for which `want` holds; all are printed.
async fn until(events: &mut LiveEvents, want: impl Fn(&LiveEvent) -> bool) -> LiveEvent {
    loop {
        let event = events.next().await.expect("it goes on");
        println!("  {event}");
        if want(&event) {
            return event;
        }
    }
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let directory = tempfile::tempdir().expect("a directory for the journal");
    let journal = directory.path().join("orders.log");
    let exchange = Exchange::open().await;

    println!("-- first run");
    let live = begin(&exchange.client()?, &journal).await?;
    let mut events = live.events();
    exchange.lose_a_reply();
    let order = place(&live).await?;

    exchange.fill(order.number.as_str(), (3, 70_000));
    until(&mut events, |event| matches!(event, LiveEvent::Filled { .. })).await;

    println!("-- the line breaks, and something is filled meanwhile");
    exchange.disconnect();
    exchange.fill_unseen(order.number.as_str(), (2, 70_100));
    until(&mut events, |event| matches!(event, LiveEvent::Primed)).await;
    let now = live.get(&order).expect("it is there");
    assert_eq!((now.filled, now.remaining), (5.into(), 5.into()));
    assert_eq!(now.average(), Some(Decimal::new(70_040, 0)), "3 at 70,000 and 2 at 70,100");

    println!("-- a better price, under a new number");
    let Outcome::Accepted(changed) = live.modify(&order, Modification::price(70_200)).await else {
        panic!("this broker takes every change");
    };
    exchange.fill(changed.number.as_str(), (1, 70_200));
    until(&mut events, |event| matches!(event, LiveEvent::Filled { .. })).await;

    println!("-- enough: what is left is cancelled, whatever its number");
    let cancellations = live.cancel_rest(&order).await;
    assert_eq!(cancellations.len(), 1);
    assert_eq!(cancellations[0].order.number, changed.number);
    let done = live.wait(&order).await?;
    println!("{} of {} filled at {:?}", done.filled, done.ordered, done.average());
    assert_eq!((done.filled, done.remaining, done.cancelled), (6.into(), 0.into(), 4.into()));
    assert_eq!(done.value, Some((3 * 70_000 + 2 * 70_100 + 70_200).into()));

    println!("-- second run: the program starts again, and somebody typed an order by hand");
    drop(events);
    live.close().await;
    let by_hand = exchange.enter_by_hand("000660", (7, 200_000));
    let live = begin(&exchange.client()?, &journal).await?;
    let again = place(&live).await?;
    assert_eq!(again, order, "nothing is sent twice");
    assert_eq!(live.chain(&again).map(|chain| chain.filled), Some(6.into()));
    let open = live.open_orders();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].order.number.as_str(), by_hand);
    println!("adopted: {} of {}", open[0].order.number, open[0].order.symbol);
    assert_eq!(exchange.requests("kt10000"), 1, "one order was sent, once");
    Ok(())
}
