//! A limit order that survives everything: its reply is lost, the line breaks while it is filled, it is changed, what is left is
//! cancelled, and the program starts again.
//!
//! The order of things is what makes it safe: settle what an earlier run left, watch, and only then trade. Offline:
//! `cargo run --example live_orders`.

use std::error::Error as StdError;
use std::path::Path;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::id::ka10004;
use kiwoom_api::order::{LiveEvent, LiveEvents, LiveOrders, Modification, Order, OrderRef, Settled};
use kiwoom_api::value::{Decimal, Price};
use kiwoom_api::{Client, Error, Outcome};
use kiwoom_sim::{Fault, Rule, Sim};

/// The name of the order: a run that starts again uses the same one.
const NAME: &str = "open-005930";

/// More than the first level of the book has, so that it is filled in parts.
const QTY: i64 = 50_000;

/// The beginning of each run: nothing trades before this is done.
async fn begin(client: &Client, journal: &Path) -> Result<LiveOrders, Error> {
    let orders = client.orders().default_venue(OrderVenue::Krx).journal(journal).await?;
    for settlement in orders.reconcile().await? {
        println!("{}: {:?}", settlement.intent.id, settlement.verdict);
    }
    orders.live().await
}

/// Places the order, or finds the one that an earlier run placed.
async fn place(live: &LiveOrders, price: Decimal) -> Result<OrderRef, Error> {
    let id = NAME.parse().expect("a good name");
    if let Some(order) = live.orders().as_journal().and_then(|journal| journal.placed(&id)) {
        println!("{NAME}: placed before, as {}", order.number);
        return Ok(order);
    }
    match live.submit(Order::buy("005930").limit(price).qty(QTY).id(NAME)).await {
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

/// The best price at which somebody sells, and one at which nobody will for a while.
async fn quotes(client: &Client, symbol: &str) -> Result<(Decimal, Decimal), Box<dyn StdError>> {
    let book = client.call(&ka10004::Request::new(symbol)).await?;
    let at = |price: Option<Price>| price.map(|price| price.amount).ok_or("nobody quotes");
    Ok((at(book.asks[0].price)?, at(book.bids[9].price)?))
}

/// How much of an order was filled, as the account of the simulator has it.
fn filled(sim: &Sim, order: &OrderRef) -> Decimal {
    let orders = sim.orders();
    let placed = orders.iter().find(|placed| placed.number == order.number.as_str()).expect("it was placed");
    placed.filled.into()
}

/// Trades at the simulator, prints, and asserts that the account has what is printed.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn StdError>> {
    let directory = tempfile::tempdir()?;
    let journal = directory.path().join("orders.log");
    let sim = Sim::builder().cash(10_000_000_000).speed(20.0).start().await?;

    println!("-- first run");
    let client = sim.client()?;
    let live = begin(&client, &journal).await?;
    let mut events = live.events();
    let (ask, tenth_bid) = quotes(&client, "005930").await?;
    sim.fault(Rule::new(Fault::DropAfter).on("kt10000").times(1));
    let order = place(&live, ask).await?;
    until(&mut events, |event| matches!(event, LiveEvent::Filled { .. })).await;

    println!("-- another login takes the line, and something is filled meanwhile");
    let before = live.get(&order).expect("it is there").filled;
    sim.kick();
    until(&mut events, |event| matches!(event, LiveEvent::Primed)).await;
    let now = live.get(&order).expect("it is there");
    println!("{before} before, {} now", now.filled);
    assert!(now.filled >= before && now.filled <= filled(&sim, &order), "what the pushes lost, the lists say");

    println!("-- another price for what is left, under a new number");
    let Outcome::Accepted(changed) = live.modify(&order, Modification::price(tenth_bid)).await else {
        panic!("this broker takes every change");
    };

    println!("-- enough: what is left is cancelled, whatever its number");
    let cancellations = live.cancel_rest(&order).await;
    assert_eq!(cancellations.len(), 1);
    assert_eq!(cancellations[0].order.number, changed.number);
    let done = live.wait(&order).await?;
    println!("{} of {} filled at {:?}", done.filled, done.ordered, done.average());
    assert_eq!((done.remaining, done.filled + done.cancelled), (0.into(), QTY.into()));
    let parts = filled(&sim, &order) + filled(&sim, &changed);
    assert_eq!(done.filled, parts, "under both numbers");

    println!("-- second run: the program starts again, and another one placed an order meanwhile");
    drop(events);
    live.close().await;
    let other = sim.client()?;
    let order_of_other = Order::buy("000660").limit(quotes(&other, "000660").await?.1).qty(7).venue(OrderVenue::Krx);
    let by_hand = other.orders().submit(order_of_other).await.into_accepted().expect("this broker takes it");
    let live = begin(&sim.client()?, &journal).await?;
    let again = place(&live, ask).await?;
    assert_eq!(again, order, "nothing is sent twice");
    assert_eq!(live.chain(&again).map(|chain| chain.filled), Some(done.filled));
    let open = live.open_orders();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].order.number, by_hand.number);
    println!("adopted: {} of {}", open[0].order.number, open[0].order.symbol);
    let sent = sim.orders().iter().filter(|order| order.api == "kt10000" && order.code == "005930").count();
    assert_eq!(sent, 1, "one order was sent, once");
    sim.audit()?;
    Ok(())
}
