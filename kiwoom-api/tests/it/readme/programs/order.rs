use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{Order, Us};
use kiwoom_api::{Client, Outcome, RealMoney, dec};

pub async fn example(client: Client) {
// Without this, trades leave for the mock server and a declared `Server::sandbox` only.
client.arm(RealMoney::IUnderstand);
let orders = client.orders();

// Each market and side has its own kinds of orders: a market order with a price does not compile.
let order = Order::buy("005930").limit(70_100).qty(10).id("mr-20260706-17");
match orders.submit(order).await {
    Outcome::Accepted(order) => println!("placed {order}"),
    Outcome::Rejected(rejection) => println!("{:?}: {rejection}", rejection.reason()),
    Outcome::NotSent(error) => println!("nothing happened: {error}"),
    Outcome::Unknown(unknown) => println!("look up {:?} before anything else", unknown.order_id()),
}

let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
let stop = Order::sell(nvda).stop_limit(180, dec!(179.5)).qty(10);
}
