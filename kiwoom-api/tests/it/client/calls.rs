//! What goes over the wire in calls that succeed, byte for byte.

use std::time::Duration;

use crate::support::{self, APP_KEY, Bars, Order, SECRET_KEY, Script, Step, TOKEN, TestServer, client};
use kiwoom_api::{Client, Continuation, Credentials, Outcome, Reply, Retry};

const AGENT: &str = concat!("kiwoom-api/", env!("CARGO_PKG_VERSION"));
const PAGE: &str = r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":[{"trde_qty":"10"},{"trde_qty":"20"}],"return_code":0,"return_msg":" 조회가 완료되었습니다."}"#;

#[tokio::test]
async fn token_is_issued_once_and_without_authorization() {
    let server = TestServer::start(Script::signed_in().json(PAGE).json(PAGE)).await;
    let client = client(&server);
    for _ in 0..2 {
        let reply = client.clone().call(&Bars::new("005930")).await.unwrap();
        assert_eq!((reply.stk_cd.as_str(), reply.bars.len()), ("005930", 2));
        assert_eq!(reply.bars[1].trde_qty, Some(20));
        assert_eq!(reply.return_msg(), "조회가 완료되었습니다.");
        assert!(reply.continuation().is_none());
    }
    let received = server.received().await;
    assert_eq!(received.len(), 3);

    let token = &received[0];
    assert_eq!(token.line(), "POST /oauth2/token HTTP/1.1");
    assert_eq!(token.header("authorization"), None);
    assert_eq!(token.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(token.header("user-agent"), Some(AGENT));
    let body = format!(r#"{{"grant_type":"client_credentials","appkey":"{APP_KEY}","secretkey":"{SECRET_KEY}"}}"#);
    assert_eq!(token.body, body);

    let call = &received[1];
    assert_eq!(call.line(), "POST /api/dostk/chart HTTP/1.1");
    assert_eq!(call.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(call.header("api-id"), Some("ka10081"));
    assert_eq!(call.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(call.header("user-agent"), Some(AGENT));
    assert_eq!(call.header("content-length"), Some(call.body.len().to_string().as_str()));
    assert_eq!(call.header("transfer-encoding"), None);
    assert_eq!((call.header("cont-yn"), call.header("next-key")), (None, None));
    assert_eq!(call.body, r#"{"stk_cd":"005930","base_dt":"","upd_stkpc_tp":"1"}"#);
}

#[tokio::test]
async fn concurrent_first_calls_share_one_token() {
    let mut script = Script::signed_in();
    for _ in 0..8 {
        script = script.json(PAGE);
    }
    let server = TestServer::start(script).await;
    let client = client(&server);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&Bars::new("005930")).await.map(|reply| reply.bars.len()) })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 2);
    }
    let received = server.received().await;
    assert_eq!(received.iter().filter(|request| request.line().contains("/oauth2/token")).count(), 1);
    assert_eq!(received.len(), 9);
}

#[tokio::test]
async fn pages_go_through_headers_of_any_case() {
    for (yn, key) in [("cont-yn: Y", "next-key: A00593020250908"), ("Cont-Yn: y", "NEXT-KEY: A00593020250908")] {
        let script =
            Script::signed_in().reply("200 OK", &[yn, key], PAGE).reply("200 OK", &["cont-yn: N", "next-key:"], PAGE);
        let server = TestServer::start(script).await;
        let client = client(&server);
        let request = Bars::new("005930");
        let first = client.call(&request).await.unwrap();
        let next = first.continuation().unwrap().clone();
        assert_eq!(next, Continuation::new("A00593020250908"));
        let second = client.call(&request).continue_from(next).await.unwrap();
        assert!(second.continuation().is_none());

        let received = server.received().await;
        assert_eq!(received[2].header("cont-yn"), Some("Y"));
        assert_eq!(received[2].header("next-key"), Some("A00593020250908"));
        assert_eq!(received[1].body, received[2].body);
    }
}

#[tokio::test]
async fn one_key_can_be_overridden() {
    let server = TestServer::start(Script::signed_in().json(PAGE)).await;
    client(&server).call(&Bars::new("005930")).raw("upd_stkpc_tp", "0").await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&server.received().await[1].body).unwrap();
    assert_eq!(body, serde_json::json!({"stk_cd": "005930", "base_dt": "", "upd_stkpc_tp": "0"}));
}

#[tokio::test]
async fn chunked_replies_are_joined() {
    let (head, tail) = PAGE.split_at(50);
    let reply = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{head}\r\n{:x}\r\n{tail}\r\n0\r\n\r\n",
        head.len(),
        tail.len()
    );
    let server = TestServer::start(Script::signed_in().step(Step::Write(reply.into()))).await;
    assert_eq!(client(&server).call(&Bars::new("005930")).await.unwrap().bars.len(), 2);
}

#[tokio::test]
async fn anomalies_cost_the_value_and_the_call_only_if_asked() {
    let page = r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"10"},{"trde_qty":"1x","new":""}],"return_code":0}"#;
    let server = TestServer::start(Script::signed_in().json(page).json(page)).await;
    let client = client(&server);
    let reply = client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!((reply.bars[0].trde_qty, reply.bars[1].trde_qty), (Some(10), None));
    assert_eq!(reply.anomalies()[0].path, "stk_dt_pole_chart_qry[1].trde_qty");
    assert_eq!(reply.unknown_keys().collect::<Vec<_>>(), ["new"]);
    let error = reply.exact().unwrap_err();
    assert_eq!((error.anomalies().len(), error.api_id()), (1, Some("ka10081")));

    let error = client.clone().strict().call(&Bars::new("005930")).await.unwrap_err();
    assert!(error.is_decode() && error.anomalies().len() == 1);
    assert_eq!(error.body(), Some(page.as_bytes()));

    // the same from the start
    let server = TestServer::start(Script::signed_in().json(page)).await;
    let strict = support::builder(&server).retry(Retry::none()).strict().build().unwrap();
    assert!(strict.call(&Bars::new("005930")).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn more_pages_without_a_key_are_not_hidden() {
    let server = TestServer::start(Script::signed_in().reply("200 OK", &["cont-yn: Y"], PAGE)).await;
    let reply = client(&server).call(&Bars::new("005930")).timeout(Duration::MAX).await.unwrap();
    assert_eq!(reply.continuation(), Some(&Continuation::new("")));
}

#[test]
fn futures_and_values_can_move_between_threads() {
    fn movable<T: Send + Sync + 'static>() {}
    movable::<Client>();
    movable::<kiwoom_api::Error>();
    movable::<Outcome<Reply<support::OrderReply>>>();
    fn sendable<T: Send>(_: &T) {}
    let client = Client::new(kiwoom_api::Server::Mock, Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    sendable(&client.call(&Bars::new("005930")));
    sendable(&client.call_raw("ka10099", "/api", "{}"));
    assert_eq!(size_of::<kiwoom_api::Error>(), size_of::<usize>());
}

#[tokio::test]
async fn order_is_accepted() {
    let server = TestServer::start(
        Script::signed_in().json(r#"{"ord_no":"0000138","return_code":0,"return_msg":"매수주문이 완료되었습니다."}"#),
    )
    .await;
    let outcome = client(&server).call(&Order::buy("005930", 10)).await;
    let Outcome::Accepted(reply) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply.ord_no, "0000138");
    assert_eq!(server.received().await[1].body, r#"{"stk_cd":"005930","ord_qty":"10"}"#);
}

#[tokio::test]
async fn raw_calls_send_what_they_are_given() {
    let json = r#"{"mrkt_tp": "0"}"#;
    let script =
        Script::signed_in().reply("200 OK", &["cont-yn: Y", "next-key: K1", "X-Trace: t"], PAGE).json(PAGE).json(PAGE);
    let server = TestServer::start(script).await;
    let client = client(&server);

    let reply = client.call_raw("ka10099", "/api/dostk/stkinfo", json).read().await.unwrap();
    assert_eq!((reply.text(), reply.header("x-trace")), (PAGE, Some("t")));
    assert_eq!(reply.bytes(), PAGE.as_bytes());
    let next = reply.continuation().unwrap().clone();
    client.call_raw("ka10099", "/api/dostk/stkinfo", json).read().continue_from(next).await.unwrap();

    let outcome = client.call_raw("ka10099", "/api/dostk/stkinfo", json).await;
    assert_eq!(outcome.accepted().unwrap().text(), PAGE);

    let received = server.received().await;
    assert_eq!(received[1].line(), "POST /api/dostk/stkinfo HTTP/1.1");
    assert_eq!((received[1].header("api-id"), received[1].body.as_str()), (Some("ka10099"), json));
    assert_eq!(received[2].header("next-key"), Some("K1"));
}

#[tokio::test]
async fn sign_in_and_out() {
    let script = Script::signed_in().json(r#"{"return_code":0,"return_msg":"ok"}"#);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let expires = client.sign_in().await.unwrap().unwrap();
    assert_eq!(expires.to_string(), "2099-11-07T08:37:13");
    client.sign_out().await.unwrap();
    client.sign_out().await.unwrap();
    let received = server.received().await;
    assert_eq!(received.len(), 2, "the second sign_out has nothing to revoke");
    assert_eq!(received[1].line(), "POST /oauth2/revoke HTTP/1.1");
    let body = format!(r#"{{"appkey":"{APP_KEY}","secretkey":"{SECRET_KEY}","token":"{TOKEN}"}}"#);
    assert_eq!(received[1].body, body);
}

#[tokio::test]
async fn connection_is_kept_between_calls() {
    let server = TestServer::start(Script::signed_in().json(PAGE).json(PAGE)).await;
    let client = client(&server);
    client.call(&Bars::new("005930")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    client.call(&Bars::new("005930")).await.unwrap();
    assert!(server.received().await.iter().all(|request| request.connection == 0));
}

#[test]
fn clients_are_refused_without_keys_or_address() {
    let server = kiwoom_api::Server::Mock;
    let error = Client::new(server.clone(), Credentials::new(" ", SECRET_KEY)).unwrap_err();
    assert_eq!(error.to_string(), "the app key is empty (give the one the broker issued)");
    let error =
        Client::new(kiwoom_api::Server::custom("http://10.1.2.3"), Credentials::new(APP_KEY, SECRET_KEY)).unwrap_err();
    assert!(error.to_string().contains("https"), "{error}");
    Client::new(server, Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
}
