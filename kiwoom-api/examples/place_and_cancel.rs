//! Places an order and cancels what is left of it, with an answer to each of the four outcomes.
//!
//! An order is attempted once. Where nobody knows what became of it, it is looked up under its name and never sent again.
//! Offline: `cargo run -p kiwoom-api --example place_and_cancel`.

mod support;

use std::sync::{Arc, Mutex};

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Order, OrderId, OrderRef, Orders, Stock};
use kiwoom_api::{Client, Error, Outcome, Reject, id};

/// Why there is no order to work with.
#[derive(Debug)]
enum NoOrder {
    /// The broker refused, for this reason: nothing happened.
    Refused(Reject),
    /// It did not leave this machine: nothing happened.
    NotSent(Error),
    /// It may be open: under this name it is to be looked up before anything else is done.
    LookUp(OrderId),
}

async fn place(orders: &Orders, order: Order<Stock>) -> Result<OrderRef, NoOrder> {
    let id = OrderId::generate();
    match orders.submit(order.id(&id)).await {
        Outcome::Accepted(order) if order.is_numbered() => Ok(order),
        // taken, but under a number that could not be read: open, and not to be cancelled blindly
        Outcome::Accepted(_) | Outcome::Unknown(_) => Err(NoOrder::LookUp(id)),
        Outcome::Rejected(rejection) => Err(NoOrder::Refused(rejection.reason())),
        Outcome::NotSent(error) => Err(NoOrder::NotSent(error)),
    }
}

/// Cancels what is left. `false`: there was nothing left to cancel.
async fn cancel(orders: &Orders, order: &OrderRef) -> Result<bool, Error> {
    match orders.cancel(order).await {
        Outcome::Accepted(cancellation) => {
            println!("cancelled by {cancellation}");
            Ok(true)
        }
        // filled or cancelled meanwhile
        Outcome::Rejected(rejection) if rejection.reason() == Reject::UnknownOrder => Ok(false),
        Outcome::Rejected(rejection) => Err(rejection.into_error()),
        Outcome::NotSent(error) => Err(error),
        // the order may still be open; the error says so, and the next look at the open orders will tell
        Outcome::Unknown(unknown) => Err(unknown.into_error()),
    }
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let (client, arrived) = broker().await?;
    let orders = client.orders().default_venue(OrderVenue::Krx);

    let order = place(&orders, Order::buy("005930").limit(70_100).qty(10)).await.expect("the broker takes this one");
    println!("placed {order}");
    assert!(cancel(&orders, &order).await?);
    assert!(!cancel(&orders, &order).await?, "it was cancelled before");

    // off the tick grid: the answer of the broker, and before it that of the client, which costs no request
    let off = || Order::buy("005930").limit(70_150).qty(10);
    let refused = place(&orders, off()).await;
    assert!(matches!(refused, Err(NoOrder::Refused(Reject::TickSize))), "{refused:?}");
    let kept = place(&orders, off().ticks(kiwoom_api::order::Ticks::Stock)).await;
    let Err(NoOrder::NotSent(error)) = kept else { panic!("{kept:?}") };
    println!("{error}");

    // the broker's reply is lost: whether the order stands is not known here
    let lost = place(&orders, Order::buy("000660").market().qty(1)).await;
    let Err(NoOrder::LookUp(id)) = lost else { panic!("{lost:?}") };
    println!("look up {id} before anything else");

    // nothing new leaves any more, but open orders can still be cancelled
    client.kill_switch().engage("an order is in doubt");
    let stopped = place(&orders, Order::buy("005930").market().qty(1)).await;
    assert!(matches!(&stopped, Err(NoOrder::NotSent(error)) if error.is_held()), "{stopped:?}");
    assert!(!cancel(&orders, &order).await?);

    let arrived = arrived.lock().expect("no panic holds it").clone();
    assert_eq!(arrived, ["kt10000", "kt10003", "kt10003", "kt10000", "kt10000", "kt10003"]);
    Ok(())
}

/// Takes orders of 005930 on its tick grid, cancels each once, and loses its replies about 000660.
async fn broker() -> Result<(Client, Arc<Mutex<Vec<String>>>), Error> {
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let seen = arrived.clone();
    let client = support::client(move |asked| {
        let mut seen = seen.lock().expect("no panic holds it");
        let cancelled = seen.iter().any(|api| api == "kt10003");
        seen.push(asked.api.clone());
        let number = Some("0000138".into());
        match (asked.api.as_str(), asked.field("stk_cd"), asked.field("ord_uv")) {
            ("kt10000", "005930", "70100") => {
                support::Answer::last(&id::kt10000::Reply { ord_no: number, ..Default::default() })
            }
            ("kt10000", "005930", _) => support::Answer::refusal(20, "[2000](RC4003:호가단위 오류)"),
            ("kt10000", ..) => support::Answer::web_page(),
            ("kt10003", ..) if cancelled => support::Answer::refusal(20, "[2000](RC4032:원주문번호가 없습니다)"),
            ("kt10003", ..) => support::Answer::last(&id::kt10003::Reply {
                ord_no: Some("0000139".into()),
                base_orig_ord_no: number,
                ..Default::default()
            }),
            other => unreachable!("nobody asks {other:?}"),
        }
    });
    Ok((client.await?, arrived))
}
