//! Clients whose replies a test prepares: the real way of a call, without a socket.

use kiwoom_api::codes::{Adjust, UsExchange};
use kiwoom_api::domestic::chart::{StockDailyChart, StockDailyChartReply, StockDailyChartRow};
use kiwoom_api::domestic::order::{BuyOrder, BuyOrderReply};
use kiwoom_api::id::ka10001::{Reply as StockInfoReply, Request as StockInfo};
use kiwoom_api::order::{Order, Us};
use kiwoom_api::page::End;
use kiwoom_api::testing::{Answer, Failure};
use kiwoom_api::value::{Date, Price};
use kiwoom_api::{Client, Credentials, Language, Outcome, Retry, Server, need};

fn chart() -> StockDailyChart {
    StockDailyChart::new("005930", Date::constant(2026, 7, 3), Adjust::Adjusted)
}

fn bars(volumes: &[i64]) -> StockDailyChartReply {
    let rows = volumes.iter().map(|volume| StockDailyChartRow { trde_qty: Some(*volume), ..Default::default() });
    StockDailyChartReply { stk_dt_pole_chart_qry: rows.collect(), ..Default::default() }
}

#[tokio::test]
async fn answers_come_by_api_and_in_order() {
    let client = Client::canned([
        Answer::json("ka10001", r#"{"cur_prc":"+1"}"#),
        Answer::of::<StockDailyChart>(&bars(&[1])),
        Answer::json("ka10001", r#"{"cur_prc":"-2"}"#),
    ]);
    assert_eq!(client.call(&chart()).await.unwrap().into_inner(), bars(&[1]));
    let info = StockInfo::new("005930");
    assert_eq!(client.call(&info).await.unwrap().cur_prc, Some(Price::up(1)));
    assert_eq!(client.unused_answers(), ["ka10001"]);
    assert_eq!(client.call(&info).await.unwrap().cur_prc, Some(Price::down(2)));
    let asked = client.asked();
    assert_eq!(asked.iter().map(|call| call.api_id()).collect::<Vec<_>>(), ["ka10081", "ka10001", "ka10001"]);
    assert_eq!((asked[0].path(), asked[0].request::<StockDailyChart>().unwrap()), ("/api/dostk/chart", chart()));
    assert_eq!(asked[1].json(), r#"{"stk_cd":"005930"}"#);
}

#[tokio::test]
async fn nothing_canned_is_said_and_not_sent() {
    let client = Client::canned([Answer::json("ka10081", "{}")]);
    let error = client.call(&StockInfo::new("005930")).await.unwrap_err();
    for text in [error.to_string(), error.display(Language::Korean).to_string()] {
        assert!(text.contains("ka10001") && text.contains("ka10081") && text.contains("Client::canned()"), "{text}");
    }
    let outcome = client.orders().submit(Order::buy("005930").market().qty(1)).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn walks_over_pages() {
    let client = Client::canned([
        Answer::of::<StockDailyChart>(&bars(&[3, 2])).next_key("k1"),
        Answer::of::<StockDailyChart>(&bars(&[1])),
    ]);
    let all = client.rows(&chart()).collect().await.unwrap().complete().unwrap();
    assert_eq!((all.rows.iter().filter_map(|row| row.trde_qty).collect::<Vec<_>>(), all.pages), (vec![3, 2, 1], 2));
    assert_eq!(all.end, End::Complete);
    let asked = client.asked();
    assert_eq!((asked[0].continuation(), asked[1].continuation().unwrap().next_key()), (None, "k1"));

    // the second page does not come
    let client = Client::canned([
        Answer::of::<StockDailyChart>(&bars(&[3])).next_key("k1"),
        Answer::failure("ka10081", Failure::Http(503)),
    ]);
    let cut = client.rows(&chart()).collect().await.unwrap_err();
    assert_eq!((cut.rows().len(), cut.error().http_status()), (1, Some(503)));
}

#[tokio::test]
async fn orders_have_all_four_outcomes() {
    let placed = BuyOrderReply { ord_no: Some("0000138".into()), ..Default::default() };
    let client = Client::canned([
        Answer::of::<BuyOrder>(&placed),
        Answer::refusal("kt10000", 20, "[2000](RC4003: x)"),
        Answer::failure("kt10000", Failure::Timeout),
        Answer::failure("kt10000", Failure::BrokenConnection),
        Answer::failure("kt10000", Failure::NoConnection),
        Answer::failure("kt10000", Failure::WebPage),
        Answer::json("ust20000", r#"{"ord_no":"000000063"}"#),
    ]);
    let orders = client.orders();
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(match orders.submit(Order::buy("005930").limit(70_100).qty(10)).await {
            Outcome::Accepted(order) => order.number.to_string(),
            Outcome::Rejected(rejection) => format!("{:?}", rejection.reason()),
            Outcome::NotSent(error) => format!("not sent: {}", error.is_connect()),
            Outcome::Unknown(unknown) => format!("unknown: {}", unknown.order_id().is_some()),
        });
    }
    assert_eq!(seen, ["0000138", "TickSize", "unknown: true", "unknown: true", "not sent: true", "unknown: true"]);
    let nvda = Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).limit(180).qty(1);
    assert_eq!(orders.submit(nvda).await.accepted().unwrap().number, "000000063");

    client.kill_switch().engage("loss");
    assert!(matches!(orders.submit(Order::buy("005930").market().qty(1)).await, Outcome::NotSent(_)));
    assert_eq!(client.asked().len(), 7, "what is held back is not asked for");
}

#[tokio::test]
async fn orders_with_a_journal_are_reconciled() {
    let directory = tempfile::tempdir().unwrap();
    let client = Client::canned([Answer::failure("kt10000", Failure::Timeout)]);
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    assert!(orders.submit(Order::buy("005930").market().qty(10).id("a")).await.is_unknown());
    assert_eq!(orders.as_journal().unwrap().unsettled().len(), 1);
}

#[tokio::test]
async fn reads_are_tried_again_where_that_is_chosen() {
    let keys = || Credentials::new("key", "secret");
    let quick = Retry::default().first_pause(std::time::Duration::from_millis(1));
    let answers = || [Answer::failure("ka10001", Failure::Timeout), Answer::json("ka10001", r#"{"cur_prc":"+1"}"#)];
    let client = Client::builder(Server::Real, keys()).retry(quick).canned(answers()).build().unwrap();
    assert_eq!(client.call(&StockInfo::new("005930")).await.unwrap().attempts(), 2);
    // as it is: what was prepared is what the call gives
    let client = Client::canned(answers());
    assert!(client.call(&StockInfo::new("005930")).await.unwrap_err().is_timeout());
    // real money needs its word here, too
    let client = Client::builder(Server::Real, keys()).canned([]).build().unwrap();
    assert!(client.orders().submit(Order::buy("005930").market().qty(1)).await.error().unwrap().is_held());
}

#[tokio::test]
async fn an_answer_may_stay() {
    let client = Client::canned([Answer::json("ka10001", r#"{"cur_prc":"+1"}"#).repeated()]);
    for _ in 0..3 {
        assert_eq!(client.call(&StockInfo::new("005930")).await.unwrap().cur_prc, Some(Price::up(1)));
    }
    assert_eq!((client.asked().len(), client.unused_answers().len()), (3, 0));
}

#[cfg(feature = "blocking")]
#[test]
fn without_async() {
    use kiwoom_api::blocking::Wait;

    let client =
        Client::canned([Answer::json("ka10001", r#"{"cur_prc":"+1"}"#), Answer::json("kt10000", r#"{"ord_no":"1"}"#)]);
    assert_eq!(client.call(&StockInfo::new("005930")).wait().unwrap().cur_prc, Some(Price::up(1)));
    assert!(client.orders().submit(Order::buy("005930").market().qty(1)).wait().accepted().is_some());
}

#[tokio::test]
async fn a_blank_reply_asks_whether_the_code_is_known() {
    let blank = r#"{"stk_cd":"005935","stk_dt_pole_chart_qry":[{"cur_prc":"","trde_qty":""}],"return_code":0}"#;
    let client = Client::canned([
        Answer::json("ka10001", r#"{"stk_cd":"","stk_nm":"","cur_prc":""}"#),
        Answer::json("ka10081", blank),
        Answer::json("ka10001", r#"{"stk_cd":"005930","stk_nm":"삼성전자","cur_prc":""}"#),
    ]);
    let info = StockInfo::new("005935");
    let reply = client.call(&info).await.unwrap();
    assert!(reply.is_blank());
    let asks = |error: kiwoom_api::Error| {
        assert!(error.is_missing_value());
        (
            error.to_string().contains("unknown code?"),
            error.display(Language::Korean).to_string().contains("없는 종목코드"),
        )
    };
    assert_eq!(asks(need!(reply => cur_prc).unwrap_err()), (true, true));
    assert_eq!(asks(need!(&reply => cur_prc, stk_nm).unwrap_err()), (true, true));
    let body: StockInfoReply = reply.into_inner();
    assert_eq!(asks(need!(body => cur_prc).unwrap_err()), (true, true));

    let reply = client.call(&chart()).await.unwrap();
    assert!(reply.is_blank(), "only the code that was asked for");
    for row in reply.rows() {
        assert_eq!(asks(need!(row => cur_prc).unwrap_err()), (true, true));
        assert_eq!(asks(need!(&row => cur_prc).unwrap_err()), (true, true));
    }

    let reply = client.call(&info).await.unwrap();
    assert!(!reply.is_blank());
    assert_eq!(asks(need!(reply => cur_prc).unwrap_err()), (false, false));

    // structs of users are no records
    struct Mine {
        price: Option<Price>,
    }
    let mine = Mine { price: None };
    assert_eq!(asks(need!(mine => price).unwrap_err()), (false, false));
    assert_eq!(asks(need!(&&mine => price).unwrap_err()), (false, false));
}

#[tokio::test]
async fn codes_that_cannot_be_are_not_asked_for() {
    let client = Client::canned([Answer::json("ka10001", "{}").repeated()]);
    for (code, way_out) in [
        ("5930", "005930"),
        ("00593O", "005930"),
        ("AAPL", "kiwoom_api::us"),
        ("001", "IndexCode"),
        ("M04020000", "GoldCode"),
        ("삼성전자", "삼성전자"),
        ("00680k", "00680K"),
    ] {
        let error = client.call(&StockInfo::new(code)).await.unwrap_err();
        for text in [error.to_string(), error.display(Language::Korean).to_string()] {
            assert!(text.contains(code) && text.contains(way_out) && text.contains("stk_cd"), "{code}: {text}");
        }
        assert_eq!(error.parameter(), Some("stk_cd"));
    }
    for code in ["005930", "005930_NX", "005930_AL", "00680K", "0000D0", "57JBHH", "A005930", "Q500001", "0036221D"] {
        client.call(&StockInfo::new(code)).await.unwrap();
    }
    assert_eq!(client.asked().len(), 9);
    // the way around
    client.call(&StockInfo::new("005930")).raw("stk_cd", "AAPL").await.unwrap();
    assert!(client.asked()[9].json().contains("AAPL"));
}

#[test]
fn rows_are_compared_by_value() {
    assert_eq!(bars(&[1, 2]), bars(&[1, 2]));
    assert_ne!(bars(&[1, 2]), bars(&[1, 3]));
    assert_ne!(bars(&[1]), bars(&[1, 2]));
    assert_ne!(chart(), chart().upd_stkpc_tp(Adjust::Raw));
    let text = |price| format!(r#"{{"stk_dt_pole_chart_qry":[{{"cur_prc":"{price}"}}]}}"#);
    let read = |price| StockDailyChartReply::from_json(&text(price)).unwrap().into_inner();
    assert_eq!(read("+70100"), read("+0070100.00"));
    assert_ne!(read("+70100"), read("-70100"));
}

#[test]
fn a_refusal_read_from_json_is_the_refusal() {
    let error = StockInfoReply::from_json(r#"{"return_code":2,"return_msg":"[1902:x]"}"#).unwrap_err();
    assert_eq!((error.code(), error.rc(), error.may_have_been_sent()), (Some(1902), Some(2), false));
    assert!(BuyOrderReply::from_json(r#"{"return_code":20,"return_msg":"x"}"#).unwrap_err().may_have_been_sent());
    assert!(StockInfoReply::from_json(r#"{"return_code":0,"cur_prc":"+1"}"#).is_ok());
}

/// Symbols of the US market and gold have forms of their own.
#[tokio::test]
async fn symbols_that_cannot_be_are_not_asked_for() {
    use kiwoom_api::id::{ka50010, usa20100};
    let client = Client::canned([Answer::json("usa20100", "{}").repeated(), Answer::json("ka50010", "{}").repeated()]);
    for (symbol, way_out) in [("nvda", "NVDA"), ("005930", "StockCode"), ("엔비디아", "BRK.B"), ("NVDA US", "BRK.B")]
    {
        let error = client.call(&usa20100::Request::new(UsExchange::Nasdaq, symbol)).await.unwrap_err();
        for text in [error.to_string(), error.display(Language::Korean).to_string()] {
            assert!(text.contains(symbol) && text.contains(way_out) && text.contains("stk_cd"), "{symbol}: {text}");
        }
    }
    for (code, way_out) in [("m04020000", "M04020000"), ("005930", "StockCode"), ("GOLD", "M04020000")] {
        let error = client.call(&ka50010::Request::new(code)).await.unwrap_err();
        for text in [error.to_string(), error.display(Language::Korean).to_string()] {
            assert!(text.contains(code) && text.contains(way_out) && text.contains("stk_cd"), "{code}: {text}");
        }
    }
    assert_eq!(client.asked().len(), 0);
    for symbol in ["NVDA", "BRK.B", "BACpL"] {
        client.call(&usa20100::Request::new(UsExchange::Nasdaq, symbol)).await.unwrap();
    }
    client.call(&ka50010::Request::new("M04020000")).await.unwrap();
    client.call(&ka50010::Request::new("M04020000")).raw("stk_cd", "GOLD").await.unwrap();
    assert_eq!(client.asked().len(), 5);
}

/// A test without a broker connects to none, and does not wait for one that never comes.
#[cfg(feature = "realtime")]
#[tokio::test]
async fn realtime_data_is_not_canned() {
    use kiwoom_api::domestic::realtime::StockTrade;
    let canned = Client::canned([]);
    let keys = Credentials::new("key", "secret");
    let real = Client::builder(Server::Mock, keys).canned([]).build().unwrap();
    for client in [canned, real] {
        let opened = client.realtime().topic::<StockTrade>(["005930"]).open().await.map(drop);
        let listed = client.conditions().list().await.map(drop);
        for error in [opened.unwrap_err(), listed.unwrap_err()] {
            let korean = error.display(Language::Korean).to_string();
            assert!(error.to_string().contains("Subscription::offline()"), "{error}");
            assert!(korean.contains("Subscription::offline()") && korean.contains("canned"), "{korean}");
        }
    }
}
