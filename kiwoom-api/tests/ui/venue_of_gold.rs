use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::Order;
use kiwoom_api::value::GoldCode;

fn main() {
    let _ = Order::buy(GoldCode::from("M04020000")).limit(160_000).qty(1).venue(OrderVenue::Nxt);
}
