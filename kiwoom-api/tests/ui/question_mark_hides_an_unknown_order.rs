//! `?` on an outcome would send an unknown order again sooner or later.

use kiwoom_api::domestic::order::BuyOrder;
use kiwoom_api::order::Order;
use kiwoom_api::{Client, Error};

async fn generated(client: Client, request: BuyOrder) -> Result<(), Error> {
    client.domestic_order().buy_order(&request).await?;
    Ok(())
}

async fn built(client: Client) -> Result<(), Error> {
    client.orders().submit(Order::buy("005930").market().qty(1)).await?;
    Ok(())
}

fn main() {}
