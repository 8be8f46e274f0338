//! A process that trades with live orders is killed at any moment; the next one knows everything.

use std::future::IntoFuture;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Journal, LiveOrders, Verdict};
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Server};

use super::market::Market;
use super::time::{Pace, Patience, WAITING, pump};
use super::truth::assert_same;
use crate::server::SOON;
use crate::support::{APP_KEY, Broker, Placed, SECRET_KEY, TRADES};

const JOURNAL: &str = "KIWOOM_KILLED_JOURNAL";
const HTTP: &str = "KIWOOM_KILLED_HTTP";
const SOCKET: &str = "KIWOOM_KILLED_SOCKET";

/// How many processes are killed unless `KIWOOM_FAULTS` says so.
const FEW: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_leaves_nothing_that_the_next_one_does_not_know() {
    let (mut orders, mut unsettled, mut open) = (0, 0, 0);
    for seed in 0..super::seeds(FEW) {
        let market = if seed % 2 == 0 { Market::Domestic } else { Market::Us };
        let run = killed(market, seed).await;
        (orders, unsettled, open) = (orders + run[0], unsettled + run[1], open + run[2]);
    }
    println!("{orders} orders, {unsettled} unsettled, {open} open and adopted");
    assert!(orders > 0 && unsettled > 0 && open > 0, "{orders} {unsettled} {open}");
}

/// Kills one; how many orders the broker has, how many the journal left open, and how many are open.
async fn killed(market: Market, seed: u64) -> [usize; 3] {
    let now = "2026-07-06T10:00:00+09:00".parse().unwrap();
    let (theirs, ours) = (ManualClock::at(now), ManualClock::at(now));
    let broker = Arc::new(Broker::start(theirs.clone(), seed).await);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let Server::Sandbox { http, socket: Some(socket) } = broker.server() else { unreachable!() };
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "live_faults::crash::a_process_that_is_killed", "--nocapture"])
        .envs([(JOURNAL, path.to_str().unwrap()), (HTTP, &http), (SOCKET, &socket)])
        .env("KIWOOM_KILLED_MARKET", format!("{market:?}"))
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut rng = Rng::with_seed(seed);
    let (sent, started) = (rng.usize(1..12), std::time::Instant::now());
    while TRADES.iter().map(|api| broker.requests(api)).sum::<usize>() < sent {
        assert!(
            started.elapsed() < SOON && child.try_wait().unwrap().is_none(),
            "{market:?} {seed}: it does not trade"
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
        if !broker.orders().is_empty() {
            // a slow broker: some orders are on their way when it ends
            broker.misbehave(crate::support::Fault::Drip, 0.7);
        }
        if let Some(order) = broker.orders().into_iter().find(|order| order.remaining > 1) {
            broker.fill(&order.number, (1, market.price(&mut rng)));
        }
    }
    tokio::time::sleep(Duration::from_micros(rng.u64(0..3_000))).await;
    child.kill().await.unwrap();
    broker.heal();
    let pump = tokio::spawn(pump(Pace::new(WAITING), broker.clone(), (theirs, ours.clone())));
    let known = survive(market, (&broker, &path), &ours).await;
    pump.abort();
    known
}

async fn survive(market: Market, (broker, path): (&Broker, &std::path::Path), time: &ManualClock) -> [usize; 3] {
    let client = Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY)).clock(time.clock());
    let client = client.limits(Limits::unlimited()).build().unwrap();
    let journal = Journal::open(path, &client).await.unwrap();
    let left = journal.unsettled().len();
    let orders = client.orders().with_journal(journal).unwrap();
    let requests = TRADES.map(|api| broker.requests(api));
    let who = format!("{market:?} after a kill");
    let wait = Patience::new(time);
    let settlements = wait.wait((&who, "reconcile"), orders.reconcile().wait_until_certain().into_future()).await;
    for settled in settlements.unwrap() {
        let id = settled.intent.id.as_str();
        let there: Vec<Placed> = broker.orders().into_iter().filter(|order| is_of(order, id)).collect();
        assert!(there.len() <= 1, "sent twice: {there:?}");
        match settled.verdict {
            Verdict::Found(listed) => assert_eq!(there[0].number, listed.order.number.as_str()),
            Verdict::NotFound => assert!(there.is_empty(), "{id}: {there:?}"),
            verdict => panic!("{id}: {verdict:?}"),
        }
    }
    let live = Patience::new(time).wait((&who, "opening"), market.live(&orders)).await.unwrap();
    assert_same((&live, Patience::new(time)), broker, (market, &who)).await;
    assert_eq!(TRADES.map(|api| broker.requests(api)), requests, "nothing is sent by looking");
    [broker.orders().len(), left, live.open_orders().len()]
}

/// New orders have a quantity, and their id says it.
fn is_of(order: &Placed, id: &str) -> bool {
    order.original.is_empty() && id == format!("q-{}", order.quantity)
}

/// The process that is killed; nothing where no other process asked for it.
#[tokio::test]
async fn a_process_that_is_killed() {
    let text = |name| std::env::var(name).ok();
    let (Some(path), Some(http), Some(socket)) = (text(JOURNAL), text(HTTP), text(SOCKET)) else { return };
    let market =
        if text("KIWOOM_KILLED_MARKET").is_some_and(|market| market == "Us") { Market::Us } else { Market::Domestic };
    let server = Server::Sandbox { http, socket: Some(socket) };
    let client =
        Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY)).limits(Limits::unlimited()).build().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx).journal(path).await.unwrap();
    let live: LiveOrders = match market {
        Market::Domestic => orders.live().delay(Duration::from_millis(20)).await.unwrap(),
        Market::Us => orders.live_us().delay(Duration::from_millis(20)).await.unwrap(),
    };
    let mut rng = Rng::new();
    for qty in 5..500 {
        let _ = live.submit(market.order(&mut rng, (qty, &format!("q-{qty}")))).await;
    }
}
