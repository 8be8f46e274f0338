//! A limit order without a price.

use kiwoom_api::order::Order;

fn main() {
    let _ = Order::buy("005930").limit().qty(1);
}
