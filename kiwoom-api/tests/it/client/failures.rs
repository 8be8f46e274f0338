//! Reads that fail: what the error contains, and what it must not.

use std::time::{Duration, Instant};

use crate::support::{self, APP_KEY, Bars, SECRET_KEY, Script, Step, TestServer, client};
use kiwoom_api::{Client, Continuation, Credentials, Error, QuotaScope, Server};

const HTML: &str = "<!DOCTYPE html><html><body>Request Blocked 1234567811</body></html>";

async fn fail(script: Script) -> Error {
    let server = TestServer::start(script).await;
    let error = client(&server).call(&Bars::new("005930")).timeout(Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(error.api_id(), Some("ka10081"), "{error}");
    assert!(error.to_string().starts_with("ka10081: "), "{error}");
    assert!(!error.to_string().contains('\n'));
    support::assert_clean(&support::texts(&error));
    error
}

#[tokio::test]
async fn business_refusals() {
    let refusal =
        |rc: &str, text: &str| Script::signed_in().json(&format!(r#"{{"return_code":{rc},"return_msg":"{text}"}}"#));

    let error = fail(refusal("3", "인증에 실패했습니다[8010:다른 IP]")).await;
    assert_eq!((error.code(), error.rc(), error.http_status()), (Some(8010), Some(3), Some(200)));
    assert!(error.is_auth() && !error.is_rate_limited() && !error.may_have_been_sent());

    let error = fail(refusal("2", "[1511:필수 입력 값에 값이 존재하지 않습니다. 필수입력 파라미터=base_dt]")).await;
    assert_eq!((error.code(), error.parameter()), (Some(1511), Some("base_dt")));
    assert!(error.is_missing_value());

    let error = fail(refusal(r#""20""#, "[2000](RC4058:모의투자 장종료)")).await;
    assert_eq!((error.rc(), error.inner_code()), (Some(20), Some("RC4058")));
    assert!(error.is_market_closed());

    let error = fail(refusal("5", "[1634:종목수 초과]")).await;
    assert!(!error.is_rate_limited(), "too many codes in one request is no quota");

    let error = fail(refusal("3", "[8030:투자구분]")).await;
    assert!(error.is_real_mock_mixup());

    let error = fail(refusal("2", "계좌 1234567811 [2000:입력값 오류]")).await;
    assert_eq!(error.message(), Some("계좌 1234567811 [2000:입력값 오류]"));
    assert!(error.to_string().contains("계좌 ***"), "{error}");
}

#[tokio::test]
async fn token_refusals_name_the_token_api() {
    let server = TestServer::start(Script::default().json(r#"{"return_code":2,"return_msg":"[8030:투자구분]"}"#)).await;
    let error = client(&server).call(&Bars::new("005930")).await.unwrap_err();
    assert_eq!((error.api_id(), error.code()), (Some("au10001"), Some(8030)));
    assert!(error.is_real_mock_mixup() && !error.may_have_been_sent());
    support::assert_clean(&support::texts(&error));
    assert_eq!(server.received().await.len(), 1);
}

/// The keys of one server at the other (8030, when a token is asked for), and a token of one at the other (8031).
#[tokio::test]
async fn a_real_mock_mixup_names_both_servers() {
    let at_token = Script::default().json(r#"{"return_code":2,"return_msg":"[8030:투자구분]"}"#);
    let at_call = Script::signed_in().json(r#"{"return_code":3,"return_msg":"[8031:투자구분]"}"#);
    for (script, code, starts) in [(at_token, 8030, "au10001: no token: "), (at_call, 8031, "ka10081: ")] {
        let server = TestServer::start(script).await;
        let error = client(&server).call(&Bars::new("005930")).await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_real_mock_mixup() && error.is_auth() && error.code() == Some(code), "{text}");
        assert!(text.starts_with(starts) && text.contains("the other server, real or mock"), "{text}");
    }
}

#[tokio::test]
async fn web_pages() {
    for status in ["200 OK", "400 Bad Request", "503 Service Unavailable"] {
        let error = fail(Script::signed_in().reply(status, &[], HTML)).await;
        assert!(error.is_html() && !error.is_decode());
        assert_eq!(error.body(), Some(HTML.as_bytes()));
        assert_eq!(error.http_status(), status[..3].parse().ok());
    }
}

#[tokio::test]
async fn http_statuses() {
    let error = fail(Script::signed_in().reply(
        "429 Too Many Requests",
        &[],
        r#"{"return_code":5,"return_msg":"허용된 요청 개수를 초과하였습니다[1700:허용된 요청 개수를 초과하였습니다. 유량=5, API ID=ka10081]"}"#,
    ))
    .await;
    assert!(error.is_rate_limited());
    assert_eq!((error.code(), error.rc(), error.http_status()), (Some(1700), Some(5), Some(429)));
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(1)));
    let quota = error.quota().unwrap();
    assert_eq!((quota.scope, quota.rate, quota.api_id.as_deref()), (QuotaScope::Api, Some(5), Some("ka10081")));

    let error = fail(Script::signed_in().reply("429 Too Many Requests", &[], "")).await;
    assert!(error.is_rate_limited());

    let error = fail(Script::signed_in().reply(
        "500 Internal Server Error",
        &[],
        r#"{"return_code":1,"return_msg":"1999:오류"}"#,
    ))
    .await;
    assert_eq!((error.code(), error.http_status()), (Some(1999), Some(500)));

    let error = fail(Script::signed_in().reply("401 Unauthorized", &[], r#"{"error":"no"}"#)).await;
    assert!(error.is_auth());

    let error = fail(Script::signed_in().reply("302 Found", &["Location: /elsewhere"], "")).await;
    assert_eq!(error.http_status(), Some(302));
}

#[tokio::test]
async fn unreadable_replies_keep_their_bytes() {
    for (body, position) in
        [(r#"{"stk_cd":"1234567811","return_co"#, "byte 33"), ("no json", "byte 0"), ("", "byte 0"), ("[]", "byte 0")]
    {
        let error = fail(Script::signed_in().reply("200 OK", &[], body)).await;
        assert!(error.is_decode(), "{error}");
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert!(error.to_string().contains(position), "{error}");
    }
    let error = fail(Script::signed_in().json(r#"{"fault":"x"}"#)).await;
    assert!(error.is_decode() && error.to_string().contains("return_code"), "{error}");
}

#[tokio::test]
async fn broken_replies() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"stk_cd\":\"1234567811\"".to_vec();
    let error = fail(Script::signed_in().step(Step::WriteAndClose(head))).await;
    assert!(!error.is_timeout() && !error.is_decode());
    assert_eq!(error.body(), Some(&br#"{"stk_cd":"1234567811""#[..]));
    assert_eq!(error.http_status(), Some(200));

    let error = fail(Script::signed_in().step(Step::Close)).await;
    assert!(error.may_have_been_sent());
    fail(Script::signed_in().step(Step::Reset)).await;
    fail(Script::signed_in().step(Step::WriteAndClose(b"garbage\r\n\r\n".to_vec()))).await;
}

#[tokio::test]
async fn slow_replies_end_in_time() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"] {
        let started = Instant::now();
        let error = fail(Script::signed_in().step(Step::WriteAndHang(bytes.into(), Duration::from_secs(30)))).await;
        assert!(error.is_timeout() && error.may_have_been_sent(), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn slow_token_counts() {
    let script = Script::default().step(Step::WriteAndHang(Vec::new(), Duration::from_secs(30)));
    let server = TestServer::start(script).await;
    let error = client(&server).call(&Bars::new("005930")).timeout(Duration::from_millis(200)).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
}

#[tokio::test]
async fn no_connection() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client =
        Client::new(Server::sandbox(format!("http://{closed}")), Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    let error = client.call(&Bars::new("005930")).await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error}");
    support::assert_clean(&support::texts(&error));
    assert!(support::texts(&error).to_lowercase().contains("refused"), "{}", support::texts(&error));
}

#[tokio::test]
async fn replies_over_the_cap_are_not_read() {
    let page = format!(r#"{{"return_code":0,"return_msg":"{}"}}"#, "x".repeat(3000));
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{page}\r\n0\r\n\r\n", page.len());
    for step in [
        Step::Write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{page}", page.len()).into()),
        Step::Write(chunked.into()),
    ] {
        let server = TestServer::start(Script::signed_in().step(step)).await;
        let client = Client::builder(server.address(), Credentials::new(APP_KEY, SECRET_KEY))
            .max_reply_bytes(2000)
            .build()
            .unwrap();
        let error = client.call(&Bars::new("005930")).await.unwrap_err();
        assert!(error.to_string().contains("2000 bytes"), "{error}");
    }
}

#[tokio::test]
async fn wrong_requests_are_not_sent() {
    let server = TestServer::start(Script::default()).await;
    let client = client(&server);

    let error = client.call(&Bars::default()).await.unwrap_err();
    assert!(error.is_missing_value() && !error.may_have_been_sent());
    assert_eq!((error.api_id(), error.parameter()), (Some("ka10081"), Some("stk_cd")));
    assert_eq!(error.to_string(), "ka10081: not sent: no value for stk_cd (set it: the broker requires it)");

    let error = client.call(&Bars::new("005930")).continue_from(Continuation::new("")).await.unwrap_err();
    assert_eq!(error.parameter(), Some("next-key"));
    let error = client.call(&Bars::new("005930")).continue_from(Continuation::new("a\r\nb")).await.unwrap_err();
    assert_eq!(error.parameter(), Some("next-key"));

    for (api, path, json) in [
        ("", "/api", "{}"),
        ("ka1\r\n", "/api", "{}"),
        ("ka10081", "api", "{}"),
        ("ka10081", "@evil.example/", "{}"),
        ("ka10081", "/api\r\n", "{}"),
        ("ka10081", "/api", ""),
        ("ka10081", "/api", "[1]"),
        ("ka10081", "/api", "{\"a\":1"),
    ] {
        let error = client.call_raw(api, path, json).read().await.unwrap_err();
        assert!(error.to_string().contains("not sent"), "{error}");
        assert!(!error.may_have_been_sent());
    }
    assert!(server.received().await.iter().all(|request| request.line().contains("/oauth2/token")));
}
