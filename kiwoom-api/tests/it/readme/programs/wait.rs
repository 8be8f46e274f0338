use kiwoom_api::blocking::{Wait, WaitEach}; // feature `blocking`
use kiwoom_api::{Client, Error, domestic::chart::StockDailyChart};

pub fn example(client: Client, request: StockDailyChart) -> Result<(), Error> {
let reply = client.domestic_chart().stock_daily_chart(&request).wait()?;
for bar in client.rows(&request).wait_each() {
    println!("{:?}", bar?.cur_prc);
}
Ok(())
}
