//! A program that dies after it sent an order, and what its next run does first: ask the broker, then go on.
//!
//! The reply to the order is lost and the process is gone: only the journal knows that an order was under way. Offline:
//! `cargo run -p kiwoom-api --example recover_after_crash`.

mod support;

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::tz::Offset;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::domestic::account::{
    AccountOrderExecutionDetailReply, AccountOrderExecutionDetailRow, OpenOrdersReply,
};
use kiwoom_api::domestic::order::BuyOrderReply;
use kiwoom_api::order::{Order, OrderRef, Orders, Verdict};
use kiwoom_api::value::{Price, Time};
use kiwoom_api::{Client, Error, Outcome};
use support::{Answer, Asked};

/// The day's orders. Their names say what they are for, so that a run that starts again uses the same ones.
const PLAN: [(&str, i64); 2] = [("open-005930", 70_100), ("add-005930", 69_900)];

/// One run of the program: first what an earlier one left, then what is still to be done.
async fn trade(client: &Client, journal: &Path) -> Result<Vec<OrderRef>, Error> {
    let orders = client.orders().default_venue(OrderVenue::Krx).journal(journal).await?;
    if !recover(&orders).await? {
        println!("not everything is settled: somebody has to look");
        return Ok(Vec::new());
    }
    let mut placed = Vec::new();
    for (name, price) in PLAN {
        if let Some(order) = orders.as_journal().and_then(|journal| journal.placed(&name.parse().ok()?)) {
            println!("{name}: placed already, as {}", order.number);
            placed.push(order);
            continue;
        }
        match orders.submit(Order::buy("005930").limit(price).qty(10).id(name)).await {
            Outcome::Accepted(order) => {
                println!("{name}: placed as {}", order.number);
                placed.push(order);
            }
            Outcome::Rejected(rejection) => println!("{name}: {rejection}"),
            Outcome::NotSent(error) => return Err(error),
            Outcome::Unknown(unknown) => {
                println!("{name}: {unknown}");
                break;
            }
        }
    }
    Ok(placed)
}

/// Asks the broker about everything that is unsettled; whether that settled it. Nothing is sent.
async fn recover(orders: &Orders) -> Result<bool, Error> {
    let mut settled = true;
    for settlement in orders.reconcile().await? {
        let name = &settlement.intent.id;
        match &settlement.verdict {
            Verdict::Found(listed) if listed.is_open() => {
                println!("{name}: open at the broker, {}", listed.order.number)
            }
            Verdict::Found(listed) => println!("{name}: done, {}", listed.order.number),
            Verdict::NotFound => println!("{name}: never arrived, can be sent again"),
            Verdict::TooEarly { not_before } => println!("{name}: may still arrive, look again after {not_before}"),
            Verdict::Ambiguous(candidates) => println!("{name}: which of these? {candidates:#?}"),
            verdict => println!("{name}: {verdict:?}"),
        }
        settled &= settlement.verdict.is_settled();
    }
    Ok(settled)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let directory = tempfile::tempdir().expect("a directory for the journal");
    let journal = directory.path().join("orders.log");
    let broker = Arc::new(Mutex::new(Broker::default()));
    let client = support::client({
        let broker = broker.clone();
        move |asked| broker.lock().expect("no answer panics").answer(asked)
    })
    .await?;

    println!("-- first run: the reply to its first order is lost, and the program dies");
    let placed = trade(&client, &journal).await?;
    assert!(placed.is_empty());

    println!("-- second run");
    let placed = trade(&client, &journal).await?;
    let rows = &broker.lock().expect("no answer panics").rows;
    assert_eq!(rows.len(), PLAN.len(), "every order once");
    assert_eq!(placed.len(), PLAN.len());
    Ok(())
}

/// Takes orders, and loses its first reply.
#[derive(Default)]
struct Broker {
    rows: Vec<AccountOrderExecutionDetailRow>,
}

impl Broker {
    fn answer(&mut self, asked: &Asked) -> Answer {
        match asked.api.as_str() {
            "kt10000" => {
                self.rows.push(row(asked, self.rows.len()));
                let number = self.rows.last().and_then(|row| row.ord_no.clone());
                match self.rows.len() {
                    1 => Answer::lost(),
                    _ => Answer::last(&BuyOrderReply { ord_no: number, ..Default::default() }),
                }
            }
            "kt00007" => Answer::last(&AccountOrderExecutionDetailReply {
                acnt_ord_cntr_prps_dtl: self.rows.clone(),
                ..Default::default()
            }),
            "ka10075" => Answer::last(&OpenOrdersReply::default()),
            other => unreachable!("{other} is not asked for"),
        }
    }
}

fn row(asked: &Asked, before: usize) -> AccountOrderExecutionDetailRow {
    let now: Time = Offset::constant(9).to_datetime(Timestamp::now()).time();
    let quantity = asked.field("ord_qty").parse().ok();
    AccountOrderExecutionDetailRow {
        ord_no: Some(format!("{:07}", before + 137).into()),
        stk_cd: asked.field("stk_cd").parse().ok(),
        trde_tp: Some("보통".into()),
        crd_tp: Some("보통매매".into()),
        io_tp_nm: Some("현금매수".into()),
        ord_qty: quantity,
        ord_uv: asked.field("ord_uv").parse::<i64>().ok().map(Price::flat),
        cntr_qty: Some(0),
        ord_remnq: quantity,
        acpt_tp: Some("접수".into()),
        ord_tm: Some(now),
        comm_ord_tp: "REST API".into(),
        dmst_stex_tp: Some(OrderVenue::Krx),
        ..Default::default()
    }
}
