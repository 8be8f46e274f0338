//! A second page of an order would be a second order: trades are no reads, and only reads are walked.

use kiwoom_api::Client;
use kiwoom_api::domestic::order::BuyOrder;

fn walk(client: &Client, order: &BuyOrder) {
    let _ = client.pages(order);
}

fn main() {}
