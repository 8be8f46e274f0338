//! When a token is issued, renewed and given up; time is moved by hand.

use std::process::Command;
use std::time::Duration;

use crate::support::{Bars, Desk, Order, START};
use kiwoom_api::{Client, ManualClock};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

async fn order(client: &Client) {
    let outcome = client.call(&Order::buy("005930", 1)).await;
    assert!(outcome.accepted().is_some(), "{outcome:?}");
}

/// Runs the next test in processes of three time zones.
#[test]
fn expiry_read_as_local_time() {
    for zone in ["UTC", "America/New_York", "Asia/Seoul"] {
        let child = Command::new(std::env::current_exe().unwrap())
            .env("TZ", zone)
            .args(["--exact", "token::life::expiry_is_korean_in_this_zone", "--ignored"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}

#[tokio::test]
#[ignore = "run by expiry_read_as_local_time"]
async fn expiry_is_korean_in_this_zone() {
    let desk = Desk::open().await;
    desk.rules().life = 11 * HOUR;
    let client = desk.client();
    let expires = client.sign_in().await.unwrap().unwrap();
    assert_eq!(expires.to_string(), "2026-07-06T20:00:00");
    desk.time.advance(10 * HOUR + 49 * MINUTE);
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!(desk.asked().await, 1);
    desk.time.advance(2 * MINUTE);
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!(desk.used().await, ["T1.", "T2."], "renewed ten minutes before its end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_for_200_tasks() {
    let desk = Desk::open().await;
    desk.rules().takes = Duration::from_millis(50);
    let client = desk.client();
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&Bars::new("005930")).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(desk.asked().await, 1);
}

#[tokio::test]
async fn one_refusal_for_200_tasks() {
    let desk = Desk::open().await;
    desk.rules().closed = true;
    let client = desk.client();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        tasks.spawn(async move { client.sign_in().await.unwrap_err() });
    }
    let texts: std::collections::BTreeSet<_> = tasks.join_all().await.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts.first().unwrap().starts_with("au10001: no token: "), "{texts:?}");
    assert_eq!(desk.asked().await, 1);
}

#[tokio::test]
async fn a_caller_who_gives_up_takes_nothing_from_the_next() {
    let desk = Desk::open().await;
    desk.rules().takes = Duration::from_millis(200);
    let client = desk.client();
    let bars = Bars::new("005930");
    let error = client.call(&bars).timeout(Duration::from_millis(20)).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
    assert!(tokio::time::timeout(Duration::from_millis(20), client.call(&bars)).await.is_err());
    client.call(&bars).await.unwrap();
    assert_eq!(desk.asked().await, 1);
}

#[tokio::test]
async fn others_go_on_with_the_old_token_while_one_renews() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 55 * MINUTE);
    desk.rules().takes = Duration::from_millis(300);
    desk.rules().repeats = true;
    let renewing = tokio::spawn({
        let client = client.clone();
        async move { client.call(&Bars::new("005930")).await.map(drop) }
    });
    while desk.asked().await < 2 {}
    for _ in 0..5 {
        client.call(&Bars::new("005930")).await.unwrap();
    }
    assert!(!renewing.is_finished());
    renewing.await.unwrap().unwrap();
    assert_eq!(desk.asked().await, 2);
    assert_eq!(desk.used().await.len(), 6);
}

#[tokio::test]
async fn an_order_waits_for_a_renewal_under_way() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 55 * MINUTE);
    desk.rules().takes = Duration::from_millis(300);
    let renewing = tokio::spawn({
        let client = client.clone();
        async move { client.call(&Bars::new("005930")).await.map(drop) }
    });
    while desk.asked().await < 2 {}
    order(&client).await;
    renewing.await.unwrap().unwrap();
    assert_eq!(desk.used().await, ["T2.", "T2."]);
}

#[tokio::test]
async fn a_failed_renewal_costs_nothing_while_the_token_lives() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 55 * MINUTE);
    desk.rules().closed = true;
    for (pause, asked) in [(0, 2), (1, 2), (28, 2), (1, 3), (29, 3), (1, 4)] {
        desk.time.advance(Duration::from_secs(pause));
        client.call(&Bars::new("005930")).await.unwrap();
        assert_eq!(desk.asked().await, asked);
    }
    // the token lives for half a minute yet
    desk.time.advance(3 * MINUTE + 31 * Duration::from_secs(1));
    order(&client).await;
    desk.time.advance(MINUTE);
    let error = client.call(&Bars::new("005930")).await.unwrap_err();
    assert!(error.to_string().contains("no token"), "{error}");
}

#[tokio::test]
async fn the_same_token_again_is_no_loop() {
    let desk = Desk::open().await;
    desk.rules().repeats = true;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 50 * MINUTE);
    for _ in 0..60 {
        client.call(&Bars::new("005930")).await.unwrap();
        desk.time.advance(Duration::from_secs(10));
    }
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!(desk.rules().issued, 2);
    assert!(desk.asked().await <= 23, "{}", desk.asked().await);
    assert_eq!(desk.used().await.last().unwrap(), "T2.");
}

#[tokio::test]
async fn the_same_token_again_lives_no_longer_by_a_clock_set_back() {
    let desk = Desk::open().await;
    desk.rules().repeats = true;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 55 * MINUTE);
    desk.time.jump_to("2026-07-06T14:00:00Z".parse().unwrap());
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!((desk.asked().await, desk.rules().issued), (2, 1));
    desk.time.advance(6 * MINUTE);
    order(&client).await;
    assert_eq!(desk.used().await, ["T1.", "T2."]);
}

#[tokio::test]
async fn laptop_sleep_ends_a_token() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    // the monotonic clock stood still
    desk.rules().slept = 30 * HOUR;
    desk.time.jump_to("2026-07-07T06:00:00Z".parse().unwrap());
    order(&client).await;
    assert_eq!(desk.used().await, ["T2."]);
}

#[tokio::test]
async fn a_wall_clock_set_back_keeps_no_token_alive() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(25 * HOUR);
    desk.time.jump_to(START.parse().unwrap());
    order(&client).await;
    assert_eq!(desk.used().await, ["T2."]);
}

/// Days ahead or behind, from the start or from some moment on: at most a few tokens a day.
#[tokio::test]
async fn a_wrong_wall_clock_makes_no_loop() {
    for wrong in ["2026-07-01T00:00:00Z", "2026-07-09T00:00:00Z", "2026-07-06T09:00:00Z", "1970-01-01T00:00:00Z"] {
        for from_start in [true, false] {
            let desk = Desk::open().await;
            let client = desk.client();
            if from_start {
                desk.time.jump_to(wrong.parse().unwrap());
            }
            client.sign_in().await.unwrap();
            desk.time.jump_to(wrong.parse().unwrap());
            for _ in 0..23 {
                client.call(&Bars::new("005930")).await.unwrap();
                desk.time.advance(HOUR);
            }
            assert!(desk.rules().issued <= 2, "{wrong}, {from_start}: {}", desk.rules().issued);
            desk.time.advance(55 * MINUTE);
            order(&client).await;
            assert!(desk.rules().issued <= 3, "{wrong}, {from_start}: {}", desk.rules().issued);
        }
    }
}

#[tokio::test]
async fn a_client_with_a_wrong_clock_beside_the_broker() {
    let desk = Desk::open().await;
    let client = desk.client_of(&ManualClock::at("2030-01-01T00:00:00Z".parse().unwrap()));
    for _ in 0..20 {
        client.call(&Bars::new("005930")).await.unwrap();
    }
    assert_eq!(desk.asked().await, 1);
}

#[tokio::test]
async fn an_order_wants_a_minute() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(23 * HOUR + 59 * MINUTE + 10 * Duration::from_secs(1));
    desk.rules().takes = Duration::from_millis(3200);
    order(&client).await;
    assert_eq!(desk.used().await, ["T2."], "no patience ends before the new token is there");
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_its_order_is_not_repeated() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.time.advance(HOUR);
    desk.rules().end_token();
    let outcome = client.call(&Order::buy("005930", 1)).await;
    assert_eq!(outcome.error().and_then(|error| error.code()), Some(8005), "{outcome:?}");
    order(&client).await;
    assert_eq!(desk.used().await, ["T1.", "T2."]);
}

#[tokio::test]
async fn a_new_address_needs_a_new_token() {
    let desk = Desk::open().await;
    let client = desk.client();
    client.sign_in().await.unwrap();
    desk.rules().code = 8010;
    desk.rules().end_token();
    let error = client.call(&Bars::new("005930")).await.unwrap_err();
    assert!(error.code() == Some(8010) && error.to_string().contains("another address"), "{error}");
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!(desk.used().await, ["T1.", "T2."]);
}

#[tokio::test]
async fn fresh_tokens_that_are_refused_make_no_loop() {
    let desk = Desk::open().await;
    desk.rules().refuses = true;
    let client = desk.client();
    for _ in 0..10 {
        let error = client.call(&Bars::new("005930")).await.unwrap_err();
        assert_eq!(error.code(), Some(8005));
        desk.time.advance(Duration::from_secs(2));
    }
    assert_eq!(desk.asked().await, 2);
    desk.rules().refuses = false;
    desk.time.advance(MINUTE);
    client.call(&Bars::new("005930")).await.unwrap();
}

#[tokio::test]
async fn sign_out_ends_a_token_that_is_on_its_way() {
    let desk = Desk::open().await;
    desk.rules().takes = Duration::from_millis(100);
    let client = desk.client();
    let signing_in = tokio::spawn({
        let client = client.clone();
        async move { client.sign_in().await }
    });
    while desk.asked().await < 1 {}
    client.sign_out().await.unwrap();
    signing_in.await.unwrap().unwrap();
    client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!(desk.used().await, ["T2."]);
}
