//! Orders: four outcomes, one attempt.

use std::time::Duration;

use crate::support::{self, MiscodedOrder, Order, OrderReply, Script, Step, TestServer, client};
use kiwoom_api::{Continuation, Outcome, Reject, Reply};

const ACCEPTED: &str = r#"{"ord_no":"0000138","return_code":0,"return_msg":"ok"}"#;

/// The outcome of one order, and how many requests for orders arrived.
async fn order(script: Script) -> (Outcome<Reply<OrderReply>>, usize) {
    let server = TestServer::start(script).await;
    let outcome = client(&server).call(&Order::buy("005930", 10)).timeout(Duration::from_millis(500)).await;
    support::assert_clean(&format!("{outcome:?}"));
    (outcome, orders(&server).await)
}

async fn orders(server: &TestServer) -> usize {
    server.received().await.iter().filter(|request| request.line().contains("/api/dostk/ordr")).count()
}

#[tokio::test]
async fn refusals_are_rejections() {
    for (rc, text, code, inner, reason) in [
        (20, "[2000](RC4003:호가단위)", Some(2000), Some("RC4003"), Reject::TickSize),
        (3, "인증에 실패했습니다[8005:Token이 유효하지 않습니다]", Some(8005), None, Reject::Token),
        (2, "[1902:종목 정보가 없습니다. 종목코드=005930_AL]", Some(1902), None, Reject::Symbol),
        (2, "", None, None, Reject::Other),
    ] {
        let reply = format!(r#"{{"return_code":{rc},"return_msg":"{text}"}}"#);
        let (outcome, orders) = order(Script::signed_in().json(&reply)).await;
        let Outcome::Rejected(rejection) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((rejection.rc(), rejection.code(), rejection.inner_code()), (Some(rc), code, inner));
        assert_eq!((rejection.message(), rejection.reason()), (text, reason));
        assert!(outcome.is_without_effect());
        assert_eq!(orders, 1);
    }
}

#[tokio::test]
async fn everything_in_doubt_is_unknown_and_sent_once() {
    let ghost = r#"{"return_code":5,"return_msg":"[1700:허용된 요청 개수를 초과하였습니다. 유량=5, API ID=kt10000]"}"#;
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"ord_no\":\"0000138\"".to_vec();
    for (what, script) in [
        ("ghost order", Script::signed_in().json(ghost)),
        ("quota by status", Script::signed_in().reply("429 Too Many Requests", &[], ghost)),
        ("reset", Script::signed_in().step(Step::Reset)),
        ("closed", Script::signed_in().step(Step::Close)),
        ("hanging", Script::signed_in().step(Step::WriteAndHang(Vec::new(), Duration::from_secs(30)))),
        ("cut", Script::signed_in().step(Step::WriteAndClose(cut))),
        ("HTML", Script::signed_in().reply("200 OK", &[], "<html></html>")),
        ("blocked", Script::signed_in().reply("400 Bad Request", &[], "<html></html>")),
        ("500", Script::signed_in().reply("500 Internal Server Error", &[], "")),
        ("500 with envelope", Script::signed_in().reply("500 X", &[], r#"{"return_code":1,"return_msg":"1999:x"}"#)),
        ("redirect", Script::signed_in().reply("307 Temporary Redirect", &["Location: /api/dostk/ordr"], "")),
        ("inner fault", Script::signed_in().json(r#"{"return_code":1,"return_msg":"1999:x"}"#)),
        ("refused business without a code", Script::signed_in().json(r#"{"return_code":20,"return_msg":""}"#)),
        (
            "an inner code that nobody has seen",
            Script::signed_in().json(r#"{"return_code":20,"return_msg":"[2000](RC1234:x)"}"#),
        ),
        (
            "the reply of another API",
            Script::signed_in().reply("200 OK", &["api-id: ka10081"], r#"{"ord_no":"0000138","return_code":0}"#),
        ),
        ("unknown class", Script::signed_in().json(r#"{"return_code":7,"return_msg":""}"#)),
        ("no JSON", Script::signed_in().json("{\"ord_no\":")),
        ("no envelope", Script::signed_in().json(r#"{"ord_no":"0000138"}"#)),
    ] {
        // whatever is sent again would be accepted
        let (outcome, orders) = order(script.json(ACCEPTED).json(ACCEPTED)).await;
        assert!(outcome.is_unknown(), "{what}: {outcome:?}");
        assert!(outcome.error().unwrap().may_have_been_sent(), "{what}");
        assert_eq!(orders, 1, "{what}");
    }
}

#[tokio::test]
async fn reset_on_a_reused_connection_is_not_repeated() {
    for step in [Step::Reset, Step::Close] {
        let script = Script::signed_in().json(ACCEPTED).step(step).json(ACCEPTED).json(ACCEPTED);
        let server = TestServer::start(script).await;
        let client = client(&server);
        assert!(client.call(&Order::buy("005930", 1)).await.accepted().is_some());
        tokio::time::sleep(Duration::from_millis(20)).await;
        let outcome = client.call(&Order::buy("005930", 2)).await;
        assert!(outcome.is_unknown(), "{outcome:?}");
        let received = server.received().await;
        assert_eq!(received.len(), 3, "token, order, order");
        assert_eq!(received[1].connection, received[2].connection, "the connection was reused");
    }
}

#[tokio::test]
async fn idle_connection_closed_by_the_broker_does_not_cost_an_order() {
    let accepted = support::reply("200 OK", &[], ACCEPTED);
    let script = Script::signed_in().step(Step::WriteAndClose(accepted)).json(ACCEPTED);
    let server = TestServer::start(script).await;
    let client = client(&server);
    assert!(client.call(&Order::buy("005930", 1)).await.accepted().is_some());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(client.call(&Order::buy("005930", 2)).await.accepted().is_some());
    assert_eq!(orders(&server).await, 2);
}

/// Connections that close at any moment race with orders that reuse them. Whatever happens, an order arrives at most
/// once, an accepted one exactly once, and one that was "not sent" never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_agree_with_what_the_broker_saw() {
    const ORDERS: i64 = 400;
    let accepted = support::reply("200 OK", &[], ACCEPTED);
    let mut script = Script::signed_in();
    for number in 0..ORDERS {
        script = script.step(match number % 7 {
            0 | 3 => Step::Write(accepted.clone()),
            1 | 2 | 5 => Step::WriteAndClose(accepted.clone()),
            4 => Step::Close,
            _ => Step::Reset,
        });
    }
    let server = TestServer::start(script).await;
    let client = client(&server);
    let mut outcomes = Vec::new();
    for quantity in 1..=ORDERS {
        outcomes.push(client.call(&Order::buy("005930", quantity)).timeout(Duration::from_secs(10)).await);
        if quantity % 5 == 0 {
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
    }
    let received = server.received().await;
    for (quantity, outcome) in (1..).zip(&outcomes) {
        let body = format!(r#"{{"stk_cd":"005930","ord_qty":"{quantity}"}}"#);
        let seen = received.iter().filter(|request| request.body == body).count();
        match outcome {
            Outcome::Accepted(_) => assert_eq!(seen, 1, "{quantity}"),
            Outcome::Unknown(_) => assert!(seen <= 1, "{quantity}"),
            Outcome::NotSent(_) | Outcome::Rejected(_) => assert_eq!(seen, 0, "{quantity}: {outcome:?}"),
        }
    }
    assert!(outcomes.iter().any(Outcome::is_unknown) && outcomes.iter().any(|outcome| outcome.accepted().is_some()));
}

#[tokio::test]
async fn local_faults_are_not_sent() {
    let server = TestServer::start(Script::default()).await;
    let client = client(&server);
    let outcome = client.call(&Order { stk_cd: "005930".into(), ord_qty: None }).await;
    let Outcome::NotSent(error) = &outcome else { panic!("{outcome:?}") };
    assert!(error.is_missing_value() && error.to_string().contains("ord_qty"));
    let outcome = client.call(&MiscodedOrder::new()).await;
    let Outcome::NotSent(error) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((error.api_id(), error.parameter()), (Some("kt10000"), Some("trde_tp")));
    assert!(error.to_string().starts_with("kt10000: not sent: trde_tp: "), "{error}");
    let outcome = client.call(&Order::buy("005930", 1)).continue_from(Continuation::new("K")).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "a second page of an order would be a second order: {outcome:?}");
    assert!(server.received().await.is_empty());
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let slow = Step::WriteAndHang(Vec::new(), Duration::from_secs(30));
    for script in [
        Script::default().json(r#"{"return_code":3,"return_msg":"[8001:검증]"}"#),
        Script::default().reply("500 X", &[], ""),
        Script::default().reply("200 OK", &[], "<html>"),
        Script::default().json(r#"{"return_code":0}"#),
        Script::default().step(Step::Reset),
        Script::default().step(slow),
    ] {
        let (outcome, orders) = order(script).await;
        assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
        assert!(outcome.is_without_effect());
        assert_eq!(orders, 0);
    }
}

#[tokio::test]
async fn strict_clients_keep_accepted_orders() {
    let script = Script::signed_in().json(r#"{"ord_no":["0000138"],"return_code":0}"#);
    let server = TestServer::start(script).await;
    let outcome = client(&server).strict().call(&Order::buy("005930", 1)).await;
    assert_eq!(outcome.accepted().unwrap().anomalies().len(), 1);
}

#[tokio::test]
async fn refused_connection_is_not_sent() {
    let token = support::reply("200 OK", &[], r#"{"token":"T","return_code":0}"#);
    let mut server = TestServer::start(Script::default().step(Step::WriteAndClose(token))).await;
    let client = client(&server);
    client.sign_in().await.unwrap();
    server.stop().await;
    let outcome = client.call(&Order::buy("005930", 1)).await;
    let Outcome::NotSent(error) = &outcome else { panic!("{outcome:?}") };
    assert_eq!(error.api_id(), Some("kt10000"), "the token was there");
    assert_eq!(orders(&server).await, 0);
}

#[tokio::test]
async fn raw_calls_are_trades() {
    let server = TestServer::start(Script::signed_in().step(Step::Reset).json(ACCEPTED)).await;
    let outcome = client(&server).call_raw("kt10000", "/api/dostk/ordr", r#"{"stk_cd":"005930"}"#).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    assert_eq!(orders(&server).await, 1);
}
