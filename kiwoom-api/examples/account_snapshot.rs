//! What is in the account, as numbers that a risk check can use: positions (kt00018, all pages) and cash (kt00001).
//!
//! `exact()` turns a value that was not understood into an error, `need!` a missing one: a loan that could not be read is
//! never "no loan". Offline: `cargo run -p kiwoom-api --example account_snapshot`.

mod support;

use kiwoom_api::codes::BalanceVenue;
use kiwoom_api::domestic::account::codes::{BalanceDetail, DepositQuery};
use kiwoom_api::domestic::account::{BalanceValuation, DepositDetail};
use kiwoom_api::value::{Decimal, Price, StockCode};
use kiwoom_api::{Client, Error, id, need};

#[derive(Debug, PartialEq)]
struct Position {
    code: StockCode,
    quantity: i64,
    value: Decimal,
    unrealized: Decimal,
}

struct Snapshot {
    positions: Vec<Position>,
    equity: Decimal,
    loan: Decimal,
    /// Orderable with 100 % margin: money, unlike the five-fold figures of the same reply.
    cash: Decimal,
}

async fn snapshot(client: &Client) -> Result<Snapshot, Error> {
    let request = BalanceValuation::new(BalanceDetail::Individual, BalanceVenue::Krx);
    let balance = client.rows(&request).collect().await?.complete()?.exact()?;
    // the totals stand on the first page only
    let (equity, loan) = need!(balance.head => prsm_dpst_aset_amt, tot_loan_amt)?;

    let mut positions = Vec::new();
    for row in &balance {
        let (code, quantity, price, unrealized) = need!(row => stk_cd, rmnd_qty, cur_prc, evltv_prft)?;
        positions.push(Position { code, quantity, value: price.amount * Decimal::from(quantity), unrealized });
    }
    let deposit = client.call(&DepositDetail::new(DepositQuery::Estimated)).await?.exact()?;
    Ok(Snapshot { positions, equity, loan, cash: need!(deposit => ord_alow_amt)? })
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = support::client(broker).await?;
    let Snapshot { positions, equity, loan, cash } = snapshot(&client).await?;
    for Position { code, quantity, value, unrealized } in &positions {
        println!("{code}: {quantity} worth {value}, {unrealized} not realized");
    }
    println!("equity {equity}, loan {loan}, cash {cash}");

    let position = |code: &str, quantity, value: i64, unrealized: i64| Position {
        code: code.into(),
        quantity,
        value: value.into(),
        unrealized: unrealized.into(),
    };
    assert_eq!(positions, [position("005930", 3, 177_000, -196_888), position("000660", 2, 400_000, 12_000)]);
    assert_eq!((equity, loan, cash), (1_012_632_507.into(), 0.into(), 85_341.into()));

    // a value that cannot be read is an error here, not a zero
    let broken = support::client(|asked| match asked.api.as_str() {
        "kt00001" => support::Answer::last(&id::kt00001::Reply::default()),
        _ => broker(asked),
    });
    let error = snapshot(&broken.await?).await.err().expect("nothing is orderable: the field is blank");
    assert!(error.is_missing_value() && error.to_string().contains("ord_alow_amt"), "{error}");
    println!("and with a blank reply: {error}");
    Ok(())
}

fn broker(asked: &support::Asked) -> support::Answer {
    use id::kt00018::{Reply, Row};

    // as the broker writes it: A005930
    let row = |code: &str, quantity, price: i32, unrealized: i64| Row {
        stk_cd: StockCode::with_prefix(code).ok(),
        rmnd_qty: Some(quantity),
        cur_prc: Some(Price::plain(price)),
        evltv_prft: Some(unrealized.into()),
        ..Row::default()
    };
    match (asked.api.as_str(), asked.next_key.as_deref()) {
        ("kt00018", None) => {
            let reply = Reply {
                prsm_dpst_aset_amt: Some(1_012_632_507.into()),
                tot_loan_amt: Some(0.into()),
                acnt_evlt_remn_indv_tot: vec![row("A005930", 3, 59_000, -196_888)],
                ..Reply::default()
            };
            support::Answer::more(&reply, "page-2")
        }
        ("kt00018", Some("page-2")) => {
            let rows = vec![row("A000660", 2, 200_000, 12_000)];
            support::Answer::last(&Reply { acnt_evlt_remn_indv_tot: rows, ..Reply::default() })
        }
        ("kt00001", None) => support::Answer::last(&id::kt00001::Reply {
            ord_alow_amt: Some(85_341.into()),
            n20stk_ord_alow_amt: Some(426_705.into()),
            ..Default::default()
        }),
        other => unreachable!("nobody asks {other:?}"),
    }
}
