use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{Order, Us};

fn main() {
    let _ = Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).stop_limit(180, 179).qty(1);
}
