use kiwoom_api::Client;
use kiwoom_api::order::Order;

async fn no_quantity(client: Client) {
    let _ = client.orders().submit(Order::buy("005930").limit(70_100)).await;
}

fn main() {}
