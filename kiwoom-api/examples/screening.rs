//! Which stocks trade more than in the last 20 days, rise, still have sellers, and are bought by programs?
//!
//! Two rankings (ka10024, ka90003) joined by the stock code. `cargo run -p kiwoom-api --example screening` works offline:
//! the broker is a few lines on a loopback port.

mod support;

use std::collections::HashMap;

use kiwoom_api::codes::{LookbackDays, Market, Measure, MinVolume, NetSide};
use kiwoom_api::domestic::stock::{ProgramNetBuyTop50, VolumeNewHigh};
use kiwoom_api::value::{MillionWon, Percent, Price, StockCode, Venue};
use kiwoom_api::{Client, Error, id, need};

/// A stock that passed.
#[derive(Debug, PartialEq)]
struct Hit {
    code: StockCode,
    name: String,
    price: Price,
    rate: Percent,
    net: MillionWon,
}

async fn screen(client: &Client) -> Result<Vec<Hit>, Error> {
    let renewed = VolumeNewHigh::new(LookbackDays::Days20)
        .mrkt_tp(Market::Kospi)
        .trde_qty_tp(MinVolume::AtLeast500K)
        .stex_tp(Venue::Unified);
    let renewed = client.rows(&renewed).collect().await?.complete()?.exact()?;
    let bought =
        ProgramNetBuyTop50::new(NetSide::NetBuy, Market::Kospi).amt_qty_tp(Measure::Amount).stex_tp(Venue::Krx);
    let bought = client.rows(&bought).collect().await?.complete()?.exact()?;

    let mut net = HashMap::new();
    for row in &bought {
        let (code, amount) = need!(row => stk_cd, prm_netprps_amt)?;
        // the unit is that of the request: Measure::Amount
        net.insert(code.base(), amount.as_million_won());
    }

    let mut hits = Vec::new();
    for row in &renewed {
        let (code, price, rate) = need!(row => stk_cd, cur_prc, flu_rt)?;
        let sellers_left = row.sel_bid.is_some();
        if let (true, true, Some(net)) = (rate > Percent::from(3), sellers_left, net.get(&code.base())) {
            hits.push(Hit { code: code.base(), name: row.stk_nm.clone(), price, rate, net: *net });
        }
    }
    Ok(hits)
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = support::client(broker).await?;
    let hits = screen(&client).await?;
    for Hit { code, name, price, rate, net } in &hits {
        println!("{code} {name}: {} {:?}, {rate} %, programs net {} won", price.amount, price.direction, net.won());
    }

    let want = Hit {
        code: "000660".into(),
        name: "SK하이닉스".into(),
        price: Price::up(74_800),
        rate: Percent(29.into()),
        net: MillionWon::from(17),
    };
    assert_eq!(hits, [want], "005930 has no seller left, 035420 falls, 005380 is not bought by programs");
    Ok(())
}

fn broker(asked: &support::Asked) -> support::Answer {
    use id::ka10024::Row as Renewed;
    use id::ka90003::Row as Bought;

    match asked.api.as_str() {
        "ka10024" => {
            // the same words as in ka90003, other codes
            assert_eq!((asked.field("mrkt_tp"), asked.field("stex_tp")), ("001", "3"));
            let row = |code: &str, name: &str, price, rate: i32, sel_bid| Renewed {
                stk_cd: Some(code.into()),
                stk_nm: name.into(),
                cur_prc: Some(price),
                flu_rt: Some(rate.into()),
                sel_bid,
                ..Renewed::default()
            };
            let rows = vec![
                row("005930_AL", "삼성전자", Price::up(93_000), 30, None),
                row("000660_AL", "SK하이닉스", Price::up(74_800), 29, Some(Price::up(74_900))),
                row("035420_AL", "NAVER", Price::down(42_900), -1, Some(Price::down(43_000))),
                row("005380_AL", "현대차", Price::up(152_000), 5, Some(Price::up(152_500))),
            ];
            support::Answer::last(&id::ka10024::Reply { trde_qty_updt: rows, ..Default::default() })
        }
        "ka90003" => {
            assert_eq!((asked.field("mrkt_tp"), asked.field("trde_upper_tp")), ("P00101", "2"));
            let row = |code: &str, net: i32| Bought {
                stk_cd: Some(code.into()),
                prm_netprps_amt: Some(net.into()),
                ..Bought::default()
            };
            let rows = vec![row("005930", 9_120), row("000660", 17), row("035420", 4)];
            support::Answer::last(&id::ka90003::Reply { prm_netprps_upper_50: rows, ..Default::default() })
        }
        other => unreachable!("nobody asks {other}"),
    }
}
