//! A process that trades is killed in the middle, again and again: its journal and the broker's lists say what became of each
//! order, and nothing is doubled.
//!
//! `KIWOOM_KILLS` says how often; the tests kill a few times.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Journal, Order, OrderId};
use kiwoom_api::{Client, Limits, ManualClock, Server};

use super::house::{Simulated, Trouble};
use super::scenarios::{self, House, Opening, Placed};

const PATH: &str = "KIWOOM_TRADER_JOURNAL";
const SERVER: &str = "KIWOOM_TRADER_SERVER";
const LIMIT: &str = "KIWOOM_TRADER_LIMIT";
const FIRST: &str = "KIWOOM_TRADER_FIRST";

/// The most orders of one life.
const ORDERS: i64 = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_and_doubles_nothing() {
    let kills: i64 = std::env::var("KIWOOM_KILLS").map_or(6, |text| text.parse().expect("how often"));
    let opening = Opening::seed(3);
    let house = Arc::new(Simulated::open(opening).await);
    let time = ManualClock::at(opening.at);
    let pump = tokio::spawn(scenarios::pump(time.clone(), house.clone()));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let mut dice = fastrand::Rng::with_seed(5);
    let mut left = 0;
    for life in 0..kills {
        let (before, tokens) = (house.placed().len(), house.requests("au10001"));
        let enough = before + dice.usize(1..12);
        let mut trader = trader(&path, &house, life * ORDERS);
        // without a token it would not even begin
        while house.requests("au10001") == tokens && trader.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        house.misbehave(Trouble::Chaos, 0.3);
        while house.placed().len() < enough && trader.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        tokio::time::sleep(Duration::from_micros(dice.u64(0..4_000))).await;
        // SIGKILL: nothing of it runs any more
        let _ = trader.kill();
        trader.wait().unwrap();
        house.heal();
        assert!(house.placed().len() > before, "it traded");

        let client = scenarios::client(&*house, &time);
        let journal = Journal::open(&path, &client).await.unwrap();
        left += journal.unsettled().len();
        for settled in journal.reconcile(&client).wait_until_certain().await.unwrap() {
            assert!(scenarios::is_true(&settled, &*house), "{settled:?}");
        }
        assert!(journal.unsettled().is_empty());
        agree(&journal, &house.placed(), (life + 1) * ORDERS);
        house.audit();
    }
    pump.abort();
    println!("{kills} kills left {left} orders in doubt, of {}", house.placed().len());
    assert!(left > 0, "some were killed in the middle");
}

/// Each order that the broker has is one that the journal knows, and the other way round.
#[track_caller]
fn agree(journal: &Journal, placed: &[Placed], last: i64) {
    let mut known = 0;
    for number in 1..=last {
        for (api, name) in [("kt10000", format!("buy-{number}")), ("kt10003", format!("cancel-{number}"))] {
            let there: Vec<&Placed> = placed.iter().filter(|order| order.api == api && order.qty == number).collect();
            assert!(there.len() <= 1, "{name} was placed twice: {there:?}");
            let noted = journal.placed(&name.parse::<OrderId>().unwrap());
            let noted = noted.as_ref().map(|order| order.number.as_str());
            assert_eq!(noted, there.first().map(|order| order.number.as_str()), "{name}");
            known += there.len();
        }
    }
    assert_eq!(known, placed.len(), "the journal knows all of {placed:?}");
}

fn trader(journal: &Path, house: &Simulated, first: i64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "suite::kill::the_trader", "--nocapture"])
        .env(PATH, journal)
        .env(SERVER, house.server().http())
        .env(LIMIT, house.limit(0).to_string())
        .env(FIRST, first.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The process that is killed; nothing where no other process started it. The quantity is the number of the order.
#[tokio::test]
async fn the_trader() {
    let Ok(path) = std::env::var(PATH) else { return };
    let [server, limit, first] = [SERVER, LIMIT, FIRST].map(|name| std::env::var(name).unwrap());
    let (limit, first): (i64, i64) = (limit.parse().unwrap(), first.parse().unwrap());
    let client =
        Client::builder(Server::sandbox(server), Simulated::keys()).limits(Limits::unlimited()).build().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx).timeout(Duration::from_millis(200));
    let orders = orders.journal(path).await.unwrap();
    for number in first + 1..=first + ORDERS {
        let order = Order::buy("005930").limit(limit).qty(number).id(format!("buy-{number}"));
        let outcome = orders.submit(order).await;
        if let Some(placed) = outcome.accepted().filter(|_| number % 3 == 0) {
            let cancellation = kiwoom_api::order::Cancel::of(placed).id(format!("cancel-{number}"));
            let _ = orders.cancel(cancellation).await;
        }
    }
}
