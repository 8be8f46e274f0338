//! Fractions of shares, and a quantity that may not be there.

use kiwoom_api::order::Order;

fn main() {
    let _ = Order::buy("005930").limit(70_100).qty(1.5);
    let _ = Order::buy("005930").limit(70_100).qty(Some(10_i64));
    let _ = Order::buy("005930").limit("70100").qty(10);
}
