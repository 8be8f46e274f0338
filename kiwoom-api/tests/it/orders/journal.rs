//! The order journal between processes, accounts and accidents: whose it is, who may write to it, what may be dropped from it.
#![cfg(all(feature = "domestic-order", feature = "domestic-account"))]

use std::path::{Path, PathBuf};
use std::task::Poll;
use std::time::Duration;

use crate::support::{self, Broker, Fault};
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Declared, Journal, Order, OrderId, OrderRef, Orders, Verdict};
use kiwoom_api::value::Date;
use kiwoom_api::{Client, Credentials, ManualClock, Outcome, Retry, Server};

fn client(server: Server, key: &str) -> Client {
    Client::new(server, Credentials::new(key, support::SECRET_KEY)).unwrap()
}

struct Bench {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

impl Bench {
    fn new() -> Bench {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("orders.log");
        Bench { _directory: directory, path }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }
}

async fn open(path: &Path) -> Result<Journal, kiwoom_api::Error> {
    Journal::open(path, &client(Server::Mock, support::APP_KEY)).await
}

async fn refused(path: &Path) -> String {
    open(path).await.expect_err("it must not be opened").to_string()
}

fn id(text: &str) -> OrderId {
    text.parse().unwrap()
}

#[tokio::test]
async fn journal_2_of_another_account_is_refused() {
    let loopback = |port: u16| Server::custom(format!("http://127.0.0.1:{port}"));
    let all = [
        (Server::Real, "one key"),
        (Server::Real, "another key"),
        (Server::Mock, "one key"),
        (loopback(1), "one key"),
        (loopback(2), "one key"),
        (Server::custom("https://api.kiwoom.com"), "one key"),
        (loopback(1), "another key"),
    ];
    for (number, (server, key)) in all.iter().enumerate() {
        let bench = Bench::new();
        let owner = client(server.clone(), key);
        let journal = Journal::open(&bench.path, &owner).await.unwrap();
        let _ = owner.orders().with_journal(journal.clone()).expect("its own");
        for (other, (server, key)) in all.iter().enumerate().filter(|(other, _)| *other != number) {
            let stranger = client(server.clone(), key);
            let error = stranger.orders().with_journal(journal.clone()).unwrap_err().to_string();
            assert!(
                error.contains("its orders went to the ") && error.contains("this client speaks to the "),
                "{error}"
            );
            assert!(error.contains("journal of its own"), "{error}");
            let error = journal.reconcile(&stranger).await.unwrap_err();
            assert!(error.to_string().contains("this client speaks to"), "{number} and {other}: {error}");
            support::assert_clean(&support::texts(&error));
        }
        drop(journal);
        for (other, (server, key)) in all.iter().enumerate().filter(|(other, _)| *other != number) {
            let stranger = client(server.clone(), key);
            let error = Journal::open(&bench.path, &stranger).await.unwrap_err().to_string();
            assert!(error.contains("its orders went to"), "{number} and {other}: {error}");
            assert!(!error.contains("one key") && !error.contains("another key"), "{error}");
            assert!(stranger.orders().journal(&bench.path).await.is_err(), "{number} and {other}");
        }
        let text = std::fs::read_to_string(&bench.path).unwrap();
        assert!(!text.contains("one key") && !text.contains("another key"), "{text}");
        Journal::open(&bench.path, &owner).await.expect("refusing changes nothing");
    }
}

#[tokio::test]
async fn journal_2_under_a_new_key_is_adopted_by_word_only() {
    let bench = Bench::new();
    let old = client(Server::Mock, "old key");
    let orders = old.orders().journal(&bench.path).await.unwrap();
    // something in it: nobody is at that address of the broker in a test, so nothing is sent
    old.kill_switch().engage("kept");
    orders.as_journal().unwrap().flush().await.unwrap();
    drop(orders);

    let new = client(Server::Mock, "new key");
    let error = Journal::open(&bench.path, &new).await.unwrap_err().to_string();
    assert!(error.contains("Journal::adopt"), "{error}");
    drop(Journal::adopt(&bench.path, &new).await.unwrap());
    assert_eq!(new.kill_switch().engaged().as_deref(), Some("kept"));
    drop(Journal::open(&bench.path, &new).await.expect("it is the new key's from now on"));
    assert!(Journal::open(&bench.path, &old).await.is_err());
    // another environment is never the same account
    for server in [Server::Real, Server::custom("https://mockapi.kiwoom.com")] {
        let error = Journal::adopt(&bench.path, &client(server, "new key")).await.unwrap_err().to_string();
        assert!(error.contains("give each server a journal of its own"), "{error}");
    }
    let moved = [Server::custom("http://127.0.0.1:1"), Server::custom("http://127.0.0.1:2")];
    let bench = Bench::new();
    drop(Journal::open(&bench.path, &client(moved[0].clone(), "key")).await.unwrap());
    drop(Journal::adopt(&bench.path, &client(moved[1].clone(), "key")).await.expect("a server that moved"));
}

const PRICE: i64 = 70_100;

async fn buy(orders: &Orders, name: &str) -> Outcome<OrderRef> {
    orders.submit(Order::buy("005930").limit(PRICE).qty(10).venue(OrderVenue::Krx).id(name)).await
}

/// A broker of a test, a client of it, and a handle with a journal.
async fn trading(bench: &Bench) -> (Broker, Orders) {
    let broker = Broker::start(ManualClock::at(jiff::Timestamp::now()), 1).await;
    let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = Client::builder(broker.server(), keys).retry(Retry::none()).build().unwrap();
    client.sign_in().await.unwrap();
    let orders = client.orders().timeout(Duration::from_millis(800)).journal(&bench.path).await.unwrap();
    (broker, orders)
}

async fn lose(broker: &Broker, orders: &Orders, name: &str, fault: Fault) {
    broker.misbehave(fault, 1.0);
    assert!(buy(orders, name).await.is_unknown());
    broker.heal();
}

async fn reconcile(orders: &Orders) -> Verdict {
    let mut settlements = orders.reconcile().delay(Duration::ZERO).await.unwrap();
    assert_eq!(settlements.len(), 1);
    settlements.remove(0).verdict
}

/// The order never arrived; its twin was placed the same day, and its line was dropped.
#[tokio::test]
async fn journal_3_a_twin_that_compaction_dropped_is_not_found_as_the_order() {
    for keep_from in [Date::MAX, jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()] {
        for compact_first in [false, true] {
            let bench = Bench::new();
            let (broker, orders) = trading(&bench).await;
            let journal = orders.as_journal().unwrap();
            assert!(buy(&orders, "twin").await.accepted().is_some());
            if compact_first {
                journal.compact(keep_from).await.unwrap();
            }
            lose(&broker, &orders, "lost", Fault::TimeoutBefore).await;
            assert_eq!(journal.compact(keep_from).await.unwrap(), 2, "the twin stays");
            let verdict = reconcile(&orders).await;
            assert!(!matches!(verdict, Verdict::Found(_)), "{verdict:?}");
            assert_eq!(broker.orders().len(), 1);
        }
    }
}

#[tokio::test]
async fn journal_3_a_person_corrects_the_lists_and_not_the_reply() {
    let bench = Bench::new();
    let (broker, orders) = trading(&bench).await;
    let journal = orders.as_journal().unwrap();
    let confirmed = buy(&orders, "confirmed").await.accepted().cloned().unwrap();
    for declared in [Declared::NotPlaced, Declared::Placed(confirmed.clone())] {
        let error = journal.declare(&id("confirmed"), declared).await.unwrap_err().to_string();
        assert!(error.contains("the broker's reply to the order settled it"), "{error}");
    }
    lose(&broker, &orders, "found", Fault::TimeoutAfter).await;
    let Verdict::Found(listed) = reconcile(&orders).await else { panic!("it is there") };
    let other = OrderRef::new(listed.order.desk, listed.order.date, "0000999")
        .of(listed.order.side, listed.order.symbol.clone())
        .at(listed.order.venue.clone());

    // found: another order, then none, then the first again
    journal.declare(&id("found"), Declared::Placed(other.clone())).await.unwrap();
    assert_eq!(journal.placed(&id("found")), Some(other));
    journal.declare(&id("found"), Declared::NotPlaced).await.unwrap();
    assert_eq!(journal.placed(&id("found")), None);
    journal.declare(&id("found"), Declared::Placed(listed.order.clone())).await.unwrap();
    let again = journal.declare(&id("found"), Declared::Placed(listed.order.clone())).await.unwrap_err();
    assert!(again.to_string().contains("says already"), "{again}");
    assert!(journal.declare(&id("unheard-of"), Declared::NotPlaced).await.is_err());
    let journal_of_now = std::fs::read_to_string(&bench.path).unwrap();
    assert!(journal_of_now.contains(r#""by":"caller""#));

    // a replay says the same, and so does a compacted file
    for _ in 0..2 {
        assert_eq!(orders.as_journal().unwrap().placed(&id("found")), Some(listed.order.clone()));
        orders.as_journal().unwrap().compact(Date::MAX).await.unwrap();
    }
    let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = Client::builder(broker.server(), keys).build().unwrap();
    drop(orders);
    let journal = Journal::open(&bench.path, &client).await.unwrap();
    assert_eq!(journal.placed(&id("found")), Some(listed.order));
    assert_eq!(journal.placed(&id("confirmed")), Some(confirmed));
}

#[cfg(unix)]
#[tokio::test]
async fn journal_8_no_second_writer_by_any_name() {
    let bench = Bench::new();
    let journal = open(&bench.path).await.unwrap();
    let (soft, far, hard) = (bench.beside("soft.log"), bench.beside("far.log"), bench.beside("hard.log"));
    std::os::unix::fs::symlink(&bench.path, &soft).unwrap();
    std::os::unix::fs::symlink("soft.log", &far).unwrap();
    std::fs::hard_link(&bench.path, &hard).unwrap();
    for path in [&bench.path, &soft, &far, &hard] {
        assert!(refused(path).await.contains("in use"), "{path:?}");
    }
    // a file with two names cannot be replaced: the other would go on leading to the old one
    let error = journal.compact(Date::MAX).await.unwrap_err().to_string();
    assert!(error.contains("hard link"), "{error}");
    std::fs::remove_file(&hard).unwrap();
    journal.compact(Date::MAX).await.unwrap();
    for path in [&bench.path, &soft, &far] {
        assert!(refused(path).await.contains("in use"), "after it was replaced: {path:?}");
    }
    drop(journal);

    // opened through a link, it is the file that is replaced, and not the link
    let journal = open(&far).await.unwrap();
    journal.compact(Date::MAX).await.unwrap();
    assert!(std::fs::symlink_metadata(&far).unwrap().is_symlink());
    assert!(refused(&bench.path).await.contains("in use"));
    drop(journal);

    // under another name
    let (_broker, orders) = trading(&Bench { path: bench.beside("trading.log"), ..Bench::new() }).await;
    let journal = orders.as_journal().unwrap().clone();
    let path = bench.beside("trading.log");
    let moved = bench.beside("moved.log");
    std::fs::rename(&path, &moved).unwrap();
    assert!(refused(&moved).await.contains("in use"));
    let another = open(&path).await.expect("that is a new file");
    let error = journal.compact(Date::MAX).await.unwrap_err().to_string();
    assert!(error.contains("moved"), "the new file is not replaced: {error}");
    assert!(refused(&path).await.contains("in use"));
    drop(another);
    // what would not be found again is not sent
    let Outcome::NotSent(error) = buy(&orders, "a").await else { panic!("sent") };
    assert!(error.to_string().contains("moved, removed or replaced"), "{error}");
}

#[tokio::test]
async fn journal_8_an_opener_that_came_in_between_gets_the_new_file() {
    let bench = Bench::new();
    let journal = open(&bench.path).await.unwrap();
    let opener = |path: PathBuf| async move {
        for _ in 0..20 {
            assert!(refused(&path).await.contains("in use"));
        }
    };
    // the patience of an opener spans many compactions
    let openers: Vec<_> = (0..4).map(|_| tokio::spawn(opener(bench.path.clone()))).collect();
    let until = std::time::Instant::now() + Duration::from_millis(1500);
    while std::time::Instant::now() < until {
        journal.compact(Date::MAX).await.unwrap();
    }
    openers.iter().for_each(|opener| opener.abort());
    for opener in openers {
        assert!(opener.await.is_err_and(|error| error.is_cancelled()), "an opener got in");
    }
}

#[tokio::test]
async fn journal_8_a_torn_last_line_is_cut_off_and_damage_is_not() {
    let bench = Bench::new();
    let (broker, orders) = trading(&bench).await;
    for name in ["a", "b"] {
        assert!(buy(&orders, name).await.accepted().is_some());
    }
    let client = {
        let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
        Client::builder(broker.server(), keys).build().unwrap()
    };
    drop(orders);
    let whole = std::fs::read(&bench.path).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let filled = |from: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[from..].fill(byte);
        bytes
    };
    let middle = last + (whole.len() - last) / 2;
    let torn = [
        whole[..middle].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        filled(middle, 0),
        filled(last, 0),
        [&filled(middle, 0)[..], b"\n"].concat(),
        [&whole[..middle], b"\xff\x00\n garbage of \n another file\n"].concat(),
        [&whole[..middle], &[b'z'; 4096]].concat(),
    ];
    for bytes in torn {
        std::fs::write(&bench.path, &bytes).unwrap();
        let journal = Journal::open(&bench.path, &client).await.unwrap();
        assert_eq!(journal.torn_bytes(), (bytes.len() - last) as u64);
        assert!(journal.placed(&id("a")).is_some());
        assert_eq!(journal.unsettled().len(), 1, "the outcome of the second one was torn");
        drop(journal);
        assert_eq!(std::fs::read(&bench.path).unwrap(), &whole[..last]);
    }
    for place in [last + 3, middle, whole.len() - 4, whole.len() - 1, last - 1, last - 40] {
        let mut changed = whole.clone();
        changed[place] ^= 4;
        std::fs::write(&bench.path, &changed).unwrap();
        let error = Journal::open(&bench.path, &client).await.unwrap_err().to_string();
        let line = whole[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!(error.contains(&format!("line {line}: ")), "{place}: {error}");
        assert_eq!(std::fs::read(&bench.path).unwrap(), changed);
    }
}

#[tokio::test]
async fn journal_8_what_a_killed_compaction_left_is_cleaned_up() {
    let bench = Bench::new();
    drop(open(&bench.path).await.unwrap());
    let stray = bench.beside("orders.log.new");
    std::fs::write(&stray, "half of a").unwrap();
    drop(open(&bench.path).await.unwrap());
    assert!(!stray.exists());
    let names: Vec<_> =
        std::fs::read_dir(bench.path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    if cfg!(unix) {
        assert_eq!(names, ["orders.log"], "no other file is left");
    }
}

/// Polls `future` that many times, leaves it for a moment, and drops it. Whether it was done before.
async fn dropped_after<F: Future>(polls: usize, moment: Duration, future: F) -> bool {
    let (mut future, mut polled) = (Box::pin(future), 0);
    let done = std::future::poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(false);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if polled == polls => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    tokio::time::sleep(moment).await;
    done
}

#[tokio::test]
async fn journal_9_dropped_at_each_await_it_tells_the_truth() {
    let bench = Bench::new();
    let (broker, orders) = trading(&bench).await;
    let (mut nothing, mut unsettled, mut done) = (0, 0, 0);
    for run in 0..72_u64 {
        let (name, qty) = (format!("run-{run}"), run as i64 + 1);
        let order = Order::buy("005930").limit(PRICE).qty(qty).venue(OrderVenue::Krx).id(&name);
        let moment = Duration::from_millis(run / 12 % 2 * 10);
        let ended = dropped_after(run as usize % 12, moment, orders.submit(order)).await;
        // what is on its way arrives
        tokio::time::sleep(Duration::from_millis(20)).await;
        let journal = orders.as_journal().unwrap();
        let there = broker.orders().iter().any(|order| order.quantity == qty);
        let left = journal.unsettled().into_iter().find(|left| left.intent.id.as_str() == name);
        let placed = journal.placed(&id(&name)).is_some();
        assert!(!ended || placed, "{name}");
        assert!(!there || placed || left.is_some(), "{name} is at the broker, and the journal says nothing came of it");
        assert!(left.as_ref().is_none_or(|left| left.until.is_some()), "{name}: its attempt is over");
        match (placed, left) {
            (true, _) => done += 1,
            (false, Some(_)) => unsettled += 1,
            (false, None) => nothing += 1,
        }
    }
    assert!(nothing > 0 && unsettled > 0 && done > 0, "{nothing} nothing, {unsettled} unsettled, {done} placed");
    // and a replay says the same
    orders.as_journal().unwrap().flush().await.unwrap();
    let before = orders.as_journal().unwrap().unsettled();
    let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = Client::builder(broker.server(), keys).build().unwrap();
    drop(orders);
    assert_eq!(Journal::open(&bench.path, &client).await.unwrap().unsettled(), before);
}
