use kiwoom_api::domestic::realtime::{OrderBook, StockTrade}; // feature `realtime`
use kiwoom_api::realtime::{Event, Item};

pub async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
let feed = client.realtime().topic::<OrderBook>(["005930"]).topic::<StockTrade>(["005930", "000660"]);
let mut feed = feed.open().await?;
while let Some(item) = feed.next().await {
    match item {
        Item::Push(push) => {
            if let Some(book) = push.of::<OrderBook>() {
                println!("{} {:?}", push.symbol(), book.asks[0].price);
            }
        }
        // in its place: what came before it came before the gap
        Item::Event(Event::Gap { symbols, from, to, .. }) => println!("fetch {symbols:?} from {from} to {to}"),
        Item::Event(event) => println!("{event}"),
        _ => {}
    }
}
Ok(())
}
