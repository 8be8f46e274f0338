//! A market order with a price.

use kiwoom_api::order::Order;

fn main() {
    let _ = Order::buy("005930").market(70_100).qty(1);
}
