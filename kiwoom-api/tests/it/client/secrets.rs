//! No printed form shows a key, a token, an account number or a reply.

use crate::support::{
    self, ACCOUNT, APP_KEY, Bars, Order, SECRET_KEY, Script, TOKEN, TestServer, assert_clean, client,
};
use kiwoom_api::{Client, Credentials, Outcome};

#[tokio::test]
async fn clients_and_keys() {
    let server = TestServer::start(Script::signed_in()).await;
    let keys = Credentials::new(APP_KEY, SECRET_KEY);
    let builder = Client::builder(server.address(), keys.clone());
    assert_clean(&format!("{keys:?} {keys:#?} {builder:?} {builder:#?}"));
    let client = client(&server);
    client.sign_in().await.unwrap();
    assert_clean(&format!("{client:?} {client:#?}"));
}

#[tokio::test]
async fn replies_and_outcomes() {
    let page = format!(r#"{{"stk_cd":"{ACCOUNT}","acnt":"{ACCOUNT}","return_code":0,"return_msg":"{ACCOUNT}"}}"#);
    let order = format!(r#"{{"ord_no":"{ACCOUNT}","return_code":0,"return_msg":"{TOKEN}"}}"#);
    let server = TestServer::start(Script::signed_in().json(&page).json(&order).json(&page)).await;
    let client = client(&server);
    let reply = client.call(&Bars::new("005930")).await;
    assert_clean(&format!("{reply:?} {reply:#?}"));
    assert_eq!(reply.unwrap().into_inner().stk_cd, ACCOUNT);
    let outcome = client.call(&Order::buy("005930", 1)).await;
    assert_clean(&format!("{outcome:?} {outcome:#?}"));
    let raw = client.call_raw("ka00001", "/api/dostk/acnt", "{}").read().await.unwrap();
    assert_clean(&format!("{raw:?} {:?}", *raw));
}

#[tokio::test]
async fn errors_of_every_kind() {
    let quoting =
        format!(r#"{{"return_code":2,"return_msg":"[1517:계좌={ACCOUNT} 6081-2***-11 키={APP_KEY} {TOKEN}]"}}"#);
    let cut = format!(r#"{{"acnt":"{ACCOUNT}","token":"{TOKEN}","#);
    let html = format!("<html>{ACCOUNT} {TOKEN}</html>");
    for (status, body) in
        [("200 OK", &quoting), ("500 X", &quoting), ("200 OK", &cut), ("500 X", &cut), ("200 OK", &html)]
    {
        // as the reply to the token request, to a read, and to an order
        for token in [false, true] {
            let script = if token { Script::default() } else { Script::signed_in() };
            let server = TestServer::start(script.reply(status, &[], body).reply(status, &[], body)).await;
            let client = client(&server);
            let error = client.call(&Bars::new("005930")).await.unwrap_err();
            assert_clean(&support::texts(&error));
            assert!(!token || error.body().is_none(), "replies about tokens are not kept");
            let outcome = client.call(&Order::buy("005930", 1)).await;
            assert_clean(&format!("{outcome:?}"));
            assert_clean(&support::texts(outcome.error().unwrap()));
            if let Outcome::Rejected(rejection) = &outcome {
                assert_clean(&format!("{rejection} {rejection:?}"));
            }
        }
    }
}

#[test]
fn environment_variables_are_named_but_not_shown() {
    let error = Credentials::from_vars("KIWOOM_TEST_NO_SUCH_KEY", "KIWOOM_TEST_NO_SUCH_SECRET").unwrap_err();
    assert_eq!(
        error.to_string(),
        "environment variable KIWOOM_TEST_NO_SUCH_KEY is not set (set it to the key the broker issued)"
    );
}
