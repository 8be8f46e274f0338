use kiwoom_api::Client;
use kiwoom_api::order::Verdict;

pub async fn example(client: Client) -> Result<(), kiwoom_api::Error> {
let orders = client.orders().journal(crate::readme::journal_file()).await?;
for settled in orders.reconcile().wait_until_certain().await? {
    match settled.verdict {
        Verdict::Found(listed) => println!("{} is {}, {:?} left", settled.intent.id, listed.order, listed.remaining),
        Verdict::NotFound => println!("{} never arrived", settled.intent.id),
        // two equal orders, one typed by hand, a list that could not be read: a human decides
        verdict => println!("{}: {verdict:?}", settled.intent.id),
    }
}
Ok(())
}
