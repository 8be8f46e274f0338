//! Recorded sessions are served again, word for word, and nothing is made up.

use std::fs;
use std::path::Path;
use std::time::Duration;

use kiwoom_api::codes::{Adjust, BalanceVenue};
use kiwoom_api::domestic::account::BalanceValuation;
use kiwoom_api::domestic::account::codes::BalanceDetail;
use kiwoom_api::domestic::chart::StockDailyChart;
use kiwoom_api::domestic::realtime::{OrderBook, OrderExecution, StockTrade};
use kiwoom_api::domestic::stock::StockBasicInfo;
use kiwoom_api::order::Order;
use kiwoom_api::realtime::{Feed, Item, Recorder, Speed};
use kiwoom_api::value::Price;
use kiwoom_api::{Client, Outcome};
use kiwoom_sim::{Fault, Replay, Rule, Sim};
use tokio::time::timeout;

const CODES: [&str; 2] = ["005930", "000660"];

/// The pushes that have come, until none comes for a while: topic, item and record.
async fn heard(feed: &mut Feed) -> Vec<String> {
    let mut pushes = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_millis(300), feed.next()).await {
        let Item::Push(push) = item else { continue };
        let record = match (push.of::<StockTrade>(), push.of::<OrderBook>(), push.of::<OrderExecution>()) {
            (Some(trade), _, _) => format!("{trade:?}"),
            (_, Some(book), _) => format!("{book:?}"),
            (_, _, execution) => format!("{execution:?}"),
        };
        pushes.push(format!("{} {record}", push.symbol()));
    }
    pushes
}

/// Long lists, whose first difference is shown.
fn same(left: &[String], right: &[String]) {
    let first = left.iter().zip(right).position(|(left, right)| left != right);
    let at = first.unwrap_or(left.len().min(right.len()));
    assert!(left == right, "{} and {}, from {at}: {:?} {:?}", left.len(), right.len(), left.get(at), right.get(at));
}

/// What a strategy asks.
async fn session(client: &Client) -> (String, String, Outcome<kiwoom_api::order::OrderRef>) {
    let chart = StockDailyChart::new("005930", client.today(), Adjust::Adjusted);
    let bars = client.rows(&chart).limit_rows(700).collect().await.unwrap();
    let order = client.orders().submit(Order::buy("005930").market().qty(10)).await;
    let balance = client.rows(BalanceValuation::new(BalanceDetail::Individual, BalanceVenue::Krx)).collect().await;
    (format!("{:?}", bars.rows), format!("{:?}", balance.unwrap().rows), order)
}

/// A session of a simulator in files: its calls and its frames, and what the client saw.
async fn recorded(folder: &Path) -> (String, String, String, Vec<String>) {
    let sim = Sim::builder().seed(5).record().start().await.unwrap();
    let client = sim.client().unwrap();
    let recorder = Recorder::append(folder.join("frames.kwr")).unwrap();
    let feed = client.realtime().topic::<StockTrade>(CODES).topic::<OrderBook>(CODES).all::<OrderExecution>();
    let mut feed = feed.record(&recorder).open().await.unwrap();
    // a fault is no part of what the broker said
    sim.fault(Rule::new(Fault::Status500).on("ka10081").times(1));
    let (bars, balance, order) = session(&client).await;
    sim.advance(Duration::from_secs(30)).await;
    let pushes = heard(&mut feed).await;
    drop(feed);
    assert!(recorder.finish().unwrap().frames > 20);
    let count = sim.save_calls(folder.join("calls.jsonl")).unwrap();
    // two pages, the order, the balance
    assert_eq!(count, 4, "{}", fs::read_to_string(folder.join("calls.jsonl")).unwrap());
    (bars, balance, order.accepted().unwrap().number.to_string(), pushes)
}

fn files(folder: &Path) -> Replay {
    Replay::new().calls(folder.join("calls.jsonl")).unwrap().frames(folder.join("frames.kwr")).unwrap()
}

#[tokio::test]
async fn a_session_is_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let (bars, balance, number, pushes) = recorded(folder.path()).await;
    assert!(pushes.len() > 20 && bars.len() > 10_000, "{} pushes", pushes.len());

    // another seed: nothing of its market may show
    let sim = Sim::builder().seed(77).replay(files(folder.path())).start().await.unwrap();
    assert_eq!(sim.now().date().to_string(), "2026-07-06");
    let client = sim.client().unwrap();
    let feed = client.realtime().topic::<StockTrade>(CODES).topic::<OrderBook>(CODES).all::<OrderExecution>();
    let mut feed = feed.open().await.unwrap();
    let (bars_again, balance_again, order) = session(&client).await;
    assert!(bars == bars_again && balance == balance_again);
    assert_eq!(order.accepted().unwrap().number, number);
    sim.advance(Duration::from_secs(40)).await;
    same(&heard(&mut feed).await, &pushes);

    // a read gives the last reply again, an order never does
    let again = session(&client).await;
    assert_eq!((again.0, again.1), (bars, balance));
    let Outcome::Rejected(rejection) = again.2 else { panic!("{:?}", again.2) };
    assert!(rejection.to_string().contains("not in the recording"), "{rejection}");

    // what nobody asked for then is refused, and the refusal says what there is
    let other = StockDailyChart::new("000660", client.today(), Adjust::Adjusted);
    let told = client.rows(&other).collect().await.unwrap_err().to_string();
    assert!(told.contains("not in the recording") && told.contains("000660"), "{told}");
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_line_gets_what_it_registered_and_a_file_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (.., pushes) = recorded(folder.path()).await;
    let calls = fs::read_to_string(folder.path().join("calls.jsonl")).unwrap();
    assert!(!calls.contains("SIM-") && !calls.contains("oauth"), "{calls}");

    let sim = Sim::builder().replay(files(folder.path()).speed(Speed::AtOnce)).start().await.unwrap();
    let client = sim.client().unwrap();
    // nobody has registered anything: it waits
    sim.advance(Duration::from_secs(60)).await;
    let mut feed = client.realtime().topic::<StockTrade>(["000660"]).open().await.unwrap();
    let want: Vec<String> = pushes.iter().filter(|push| push.starts_with("000660 StockTrade")).cloned().collect();
    assert!(!want.is_empty() && want.len() < pushes.len());
    // at once, when the registrations are over
    assert!(heard(&mut feed).await.is_empty());
    sim.advance(Duration::from_secs(1)).await;
    same(&heard(&mut feed).await, &want);
}

#[tokio::test]
async fn frames_come_in_their_time() {
    let folder = tempfile::tempdir().unwrap();
    let (.., pushes) = recorded(folder.path()).await;
    let sim = Sim::builder().replay(files(folder.path()).speed(Speed::Times(0.5))).start().await.unwrap();
    let client = sim.client().unwrap();
    let feed = client.realtime().topic::<StockTrade>(CODES).topic::<OrderBook>(CODES).all::<OrderExecution>();
    let mut feed = feed.open().await.unwrap();
    sim.advance(Duration::from_secs(20)).await;
    let early = heard(&mut feed).await;
    sim.advance(Duration::from_secs(60)).await;
    let late = heard(&mut feed).await;
    assert!(!early.is_empty() && !late.is_empty(), "{} and {}", early.len(), late.len());
    same(&[early, late].concat(), &pushes);
}

#[test]
fn files_that_are_wrong_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    fs::write(&path, "{\"api\":\"ka10001\",\"request\":{},\"reply\":{}}\n\n{\"api\":\"ka10001\"}\n").unwrap();
    let told = Replay::new().calls(&path).unwrap_err().to_string();
    assert!(told.contains("calls.jsonl, line 3") && told.contains("\"request\" is missing"), "{told}");
    let told = Replay::new().frames(&path).unwrap_err().to_string();
    assert!(told.contains("calls.jsonl") && told.contains("block 1"), "{told}");
    assert!(Replay::new().calls(folder.path().join("none")).is_err());
}

#[tokio::test]
async fn a_recording_by_hand_needs_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    let text = r#"{"api":"ka10001","request":{"stk_cd":"005930"},"reply":{"stk_cd":"005930","cur_prc":"-70100","return_code":0}}
{"api":"ka10001","request":{"stk_cd":"005930"},"status":503,"reply":"<html>maintenance</html>"}
{"api":"ka10001","request":{"stk_cd":"005930"},"reply":{"stk_cd":"005930","cur_prc":"+70200","return_code":0}}"#;
    fs::write(&path, text).unwrap();
    let sim = Sim::builder().replay(Replay::new().calls(&path).unwrap()).start().await.unwrap();
    let client = sim.client().unwrap();
    let ask = StockBasicInfo::new("005930");
    assert_eq!(client.call(&ask).await.unwrap().cur_prc, Some(Price::down(70_100)));
    let told = client.call(&ask).await.unwrap_err();
    assert!(told.http_status() == Some(503) && told.to_string().contains("web page"), "{told}");
    for _ in 0..2 {
        assert_eq!(client.call(&ask).await.unwrap().cur_prc, Some(Price::up(70_200)));
    }
    assert!(sim.save_calls(folder.path().join("more.jsonl")).unwrap_err().to_string().contains("record()"));
}
