//! Condition searches: what they find is what the market says, and a test can put an instrument in or out.

use std::collections::BTreeSet;
use std::time::Duration;

use kiwoom_api::id::ka10001;
use kiwoom_api::realtime::{Conditions, Hit, Watch};
use kiwoom_api::value::{Decimal, Percent};
use kiwoom_api::{Client, Limits};
use kiwoom_sim::{Condition, Sim};
use tokio::time::timeout;

const SOON: Duration = Duration::from_millis(300);

/// Watches the condition of a name.
async fn watch(conditions: &Conditions, name: &str) -> Watch {
    let list = conditions.list().await.unwrap();
    conditions.watch(list.iter().find(|condition| condition.name == name).unwrap()).await.unwrap()
}

/// Applies what was pushed; how often somebody entered and left.
async fn follow(watch: &mut Watch, inside: &mut BTreeSet<String>) -> (u32, u32) {
    let (mut entered, mut left) = (0, 0);
    while let Ok(Some(hit)) = timeout(SOON, watch.next()).await {
        match hit {
            Hit::Snapshot { codes } => inside.extend(codes.iter().map(ToString::to_string)),
            Hit::Entered { code, .. } => {
                assert!(inside.insert(code.to_string()), "{code} is in already");
                entered += 1;
            }
            Hit::Left { code, .. } => {
                assert!(inside.remove(&code.to_string()), "{code} was never in");
                left += 1;
            }
            _ => {}
        }
    }
    (entered, left)
}

async fn rate(client: &Client, code: &str) -> Percent {
    client.call(&ka10001::Request::new(code)).await.unwrap().flu_rt.unwrap()
}

#[tokio::test]
async fn whoever_is_in_a_search_is_what_the_quotes_say() {
    let mut moves = (0, 0);
    for seed in 0..3 {
        let sim = Sim::builder()
            .seed(seed)
            .conditions([Condition::new("상승").change_from(20), Condition::new("하락").change_to(-20)])
            .without_quotas()
            .start()
            .await
            .unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        let conditions = client.conditions();
        let mut rising = watch(&conditions, "상승").await;
        let mut inside = BTreeSet::new();
        for _ in 0..4 {
            let (entered, left) = follow(&mut rising, &mut inside).await;
            moves = (moves.0 + entered, moves.1 + left);
            for code in ["005930", "000660", "035420", "069500", "00680K", "371460"] {
                let rate = rate(&client, code).await.fraction() * Decimal::from(100);
                // rates are rounded to two places, the search is not
                if (rate - Decimal::new(20, 2)).abs() > Decimal::new(1, 2) {
                    assert_eq!(inside.contains(code), rate > Decimal::new(20, 2), "seed {seed}: {code} {rate}");
                }
            }
            sim.advance(Duration::from_secs(120)).await;
        }
    }
    assert!(moves.0 > 5 && moves.1 > 5, "{moves:?}");
}

#[tokio::test]
async fn a_test_puts_instruments_in_and_out() {
    for (us, code) in [(false, "005380"), (true, "KO")] {
        let none = Condition::new("없음").volume_from(i64::MAX);
        let start = "2026-07-06T23:00:00".parse().unwrap();
        let sim = Sim::builder().at(start).conditions([none.clone(), none]).start().await.unwrap();
        let client = sim.client().unwrap();
        let conditions = if us { client.us_conditions() } else { client.conditions() };
        let list = conditions.list().await.unwrap();
        let mut watch = conditions.watch(&list[1]).await.unwrap();
        let mut inside = BTreeSet::new();
        assert_eq!(follow(&mut watch, &mut inside).await, (0, 0));
        assert!(inside.is_empty());
        sim.enter("1", code);
        sim.enter("1", code);
        sim.enter("0", code);
        assert_eq!(follow(&mut watch, &mut inside).await, (1, 0));
        assert_eq!(inside, BTreeSet::from([code.to_owned()]));
        let found = conditions.search(&list[1]).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].symbol.code(), code);
        sim.leave("1", code);
        assert_eq!(follow(&mut watch, &mut inside).await, (0, 1));
        sim.enter("1", code);
        sim.follow("1", code);
        assert_eq!(follow(&mut watch, &mut inside).await, (1, 1), "the market finds nothing");
    }
}
