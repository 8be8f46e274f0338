use kiwoom_api::codes::{LookbackDays, MarketFilter};
use kiwoom_api::domestic::stock::VolumeNewHigh;
use kiwoom_api::{Client, Credentials, Server};

pub async fn example() -> Result<(), kiwoom_api::Error> {
let client = crate::readme::client().await?;
let request = VolumeNewHigh::new(LookbackDays::Days20).mrkt_tp(MarketFilter::Kospi);
let reply = client.domestic_stock().volume_new_high(&request).await?;
for row in &reply.trde_qty_updt {
    println!("{} {:?}", row.stk_nm, row.cur_prc);
}
Ok(())
}
