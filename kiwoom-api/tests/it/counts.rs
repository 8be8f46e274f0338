//! Counts of generated requests: any integer is taken, and what is no count stays here with a reason.

use kiwoom_api::codes::{OrderType, OrderVenue};
use kiwoom_api::domestic::order::{BuyOrder, CancelOrder, ModifyOrder};
use kiwoom_api::testing::Answer;
use kiwoom_api::value::IntoQty;
use kiwoom_api::{Client, Language, Outcome, dec};

fn order(qty: impl IntoQty) -> BuyOrder {
    BuyOrder::new("005930", qty, OrderType::Limit, OrderVenue::Krx).ord_uv(70_100)
}

#[tokio::test]
async fn every_integer_is_a_count() {
    let same = [
        order(7_i8),
        order(7_u8),
        order(7_i16),
        order(7_u16),
        order(7),
        order(7_u32),
        order(7_i64),
        order(7_u64),
        order(7_i128),
        order(7_u128),
        order(7_usize),
        order(7_isize),
        order(dec!(7)),
    ];
    assert!(same.iter().all(|one| one.ord_qty == Some(7)));
    let client = Client::canned([Answer::json("kt10000", r#"{"ord_no":"0000138"}"#)]);
    assert!(client.domestic_order().buy_order(&same[7]).await.is_accepted());
    assert!(client.asked()[0].json().contains(r#""ord_qty":"7""#), "{}", client.asked()[0].json());
}

#[tokio::test]
async fn what_is_no_count_is_not_sent() {
    let client = Client::canned([Answer::json("kt10000", r#"{"ord_no":"0000138"}"#)]);
    let cases = [
        (order(u64::MAX), "no quantity is that large (give a whole number that an i64 holds)", "너무 큽니다"),
        (order(i128::MIN), "no quantity is that large (give a whole number that an i64 holds)", "너무 큽니다"),
        (order(dec!(1.5)), "a quantity is a whole number (give a whole number that an i64 holds)", "정수입니다"),
    ];
    for (request, english, korean) in cases {
        let outcome = client.domestic_order().buy_order(&request).await;
        let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.parameter(), Some("ord_qty"));
        assert_eq!(error.to_string(), format!("kt10000: not sent: ord_qty: {english}"));
        let told = error.display(Language::Korean).to_string();
        assert!(told.contains("ord_qty") && told.contains(korean) && told.contains("i64"), "{told}");
    }
    assert!(client.asked().is_empty(), "nothing left");
}

/// The broker requires the price of a change: a request is complete without a setter.
#[tokio::test]
async fn a_change_names_its_price() {
    let client = Client::canned([
        Answer::json("kt10002", r#"{"ord_no":"0000139"}"#),
        Answer::json("kt10003", r#"{"ord_no":"0000140"}"#),
    ]);
    let change = ModifyOrder::new("0000138", "005930", 0_usize, 70_200_u64, OrderVenue::Krx);
    let outcome = client.domestic_order().modify_order(&change).await;
    assert!(outcome.is_accepted() && !outcome.is_rejected(), "{outcome:?}");
    let json = client.asked()[0].json().to_owned();
    assert!(json.contains(r#""mdfy_qty":"0","mdfy_uv":"70200""#), "{json}");
    let number = outcome.into_accepted().and_then(|reply| reply.ord_no.clone()).expect("a number");
    let cancel = CancelOrder::new(number, "005930", 0_u32, OrderVenue::Krx);
    assert!(client.domestic_order().cancel_order(&cancel).await.is_accepted());
}

/// What a stock code lacks is said once, with one way out.
#[tokio::test]
async fn a_wrong_code_has_advice_of_its_own() {
    let client = Client::canned([]);
    let bad = BuyOrder::new("5930", 1, OrderType::Limit, OrderVenue::Krx).ord_uv(70_100);
    let outcome = client.domestic_order().buy_order(&bad).await;
    let text = outcome.error().expect("not sent").to_string();
    let end =
        r#"stk_cd: "5930" is not a stock code (is it 005930?) (correct the code, or send it as it is with raw())"#;
    assert!(text.ends_with(end), "{text}");
}
