use kiwoom_api::codes::Adjust;
use kiwoom_api::domestic::chart::StockDailyChart;
use kiwoom_api::value::Date;
use kiwoom_api::{Client, Credentials, Server, need};

pub async fn example() -> Result<(), kiwoom_api::Error> {
// Keys from KIWOOM_APP_KEY and KIWOOM_SECRET_KEY. Mock and real keys differ.
let client = crate::readme::client().await?;

let from = Date::constant(2024, 7, 3);
// today in Korea, whatever zone the machine is in
let request = StockDailyChart::new("005930", client.today(), Adjust::Adjusted);
// Fetches pages until a bar is older than `from`.
let bars = client.rows(&request).until(|bar| bar.dt.is_some_and(|day| day < from)).collect().await?;

for bar in bars.complete()?.exact()? {
    // `need!` names the API and the field when a value is missing; nothing is silently zero. One field gives its value,
    // several a tuple.
    let (date, close, volume) = need!(bar => dt, cur_prc, trde_qty)?;
    // A price has an amount and a direction; there is no negative price. It compares with numbers, and `{:#}` shows both: ▼70100
    if close > 70_000 {
        println!("{date} {close:#} {volume}: {} won", close * volume);
    }
}
Ok(())
}
