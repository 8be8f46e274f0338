pub async fn example(client: kiwoom_api::Client) {
let out = client.kill_switch().engage("daily loss limit");
println!("{} orders in flight, {} unsettled", out.in_flight.len(), out.unsettled.len());
let all = client.orders().cancel_all().await;
if !all.is_complete() {
    println!("look at the broker's own list: {:?} {:?}", all.cancellations, all.unread);
}
}
