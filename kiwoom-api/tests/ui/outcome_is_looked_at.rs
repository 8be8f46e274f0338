//! An outcome that nobody looks at.
#![deny(unused_must_use)]

use kiwoom_api::Client;
use kiwoom_api::order::Order;

async fn forgotten(client: Client) {
    client.orders().submit(Order::buy("005930").market().qty(1)).await;
}

fn main() {}
