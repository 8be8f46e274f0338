use kiwoom_api::{Client, Error, Outcome};

#[cfg(feature = "realtime")]
pub async fn example(client: Client) -> Result<(), Error> {
use kiwoom_api::order::{LiveEvent, Order, Settled};

let orders = client.orders().journal(crate::readme::journal_file()).await?;
// first of all: what an earlier run left
let _ = orders.reconcile().await?;
// pushes are registered, and everything that is open is known
let live = orders.live().await?;
let mut events = live.events();

let id = "mr-20260706-17".parse().expect("a good name");
let order = match live.submit(Order::buy("005930").limit(70_100).qty(10).id(&id)).await {
    Outcome::Accepted(order) => order,
    // the reply was lost: a push or a list tells what became of it, and nothing is sent again
    Outcome::Unknown(unknown) => match live.settle(&id).await? {
        Settled::Placed(order) => order,
        _ => return Err(unknown.into_error()),
    },
    Outcome::Rejected(rejection) => return Err(rejection.into_error()),
    Outcome::NotSent(error) => return Err(error),
};
while let Some(event) = events.next().await {
    if let LiveEvent::Filled { fill, order } = event {
        println!("{} at {:?}", fill.qty, fill.price);
        if order.filled >= order.remaining {
            break;
        }
    }
}
// half of it is enough: what is left is cancelled, under whatever number it is by now
let cancelled = live.cancel_rest(&order).await;
let done = live.wait(&order).await?;
println!("{} of {} filled, {:?} on average", done.filled, done.ordered, done.average());
Ok(())
}
