//! An order that does not say how many.

use kiwoom_api::order::Order;

fn main() {
    let _: Order = Order::buy("005930").limit(70_100);
}
