//! Two forms of everything under the feature `serde`: wire by derive, plain by attribute or wrapper.
#![cfg(feature = "serde")]

use crate::decode::fuzz::inputs;
use crate::decode_records::{Everything, UsExchange};
use kiwoom_api::Plain;
use kiwoom_api::dec;
use kiwoom_api::decode::decode;
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::value::{
    AccountNo, BaseCode, ByRequest, Code, Date, DateTime, Decimal, Directed, Direction, FilterMask, GoldCode,
    IndexCode, MillionWon, OrderNo, Percent, Price, Side, Sided, StockCode, ThousandShares, Time, TimeMark, UsTicker,
    Venue, YearMonth,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Every kind of value in a struct of a user, by derive alone.
#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Wire {
    price: Price,
    unsigned: Option<Price>,
    ratio: Directed<Percent>,
    percent: Percent,
    value: MillionWon,
    volume: ThousandShares,
    chosen: ByRequest,
    trade: Sided,
    exact: Decimal,
    day: Date,
    time: Time,
    at: DateTime,
    clock: TimeMark,
    month: YearMonth,
    stock: StockCode,
    base: BaseCode,
    order: OrderNo,
    account: AccountNo,
    index: IndexCode,
    gold: GoldCode,
    ticker: UsTicker,
    code: Code,
    side: Side,
    venue: Option<Venue>,
    exchange: UsExchange,
    mask: FilterMask,
    direction: Direction,
}

fn wire() -> Wire {
    Wire {
        price: Price::down(42_900),
        unsigned: Some(Price::flat(5)),
        ratio: Directed::up(dec!(96.64)),
        percent: Percent(dec!(-3.52)),
        value: MillionWon::from(648_525),
        volume: ThousandShares::from(-7),
        chosen: ByRequest::from(120),
        trade: Sided { qty: 1793, side: Some(Side::Sell) },
        exact: dec!(0.10),
        day: Date::constant(2026, 7, 3),
        time: Time::constant(9, 30, 0, 0),
        at: Date::constant(2026, 7, 3).at(15, 30, 1, 0),
        clock: TimeMark::Late { hour: 27, minute: 44, second: 0 },
        month: YearMonth::new(2025, 9).unwrap(),
        stock: "005930_AL".into(),
        base: "005930".into(),
        order: "0000138".into(),
        account: "12345678".into(),
        index: "001".into(),
        gold: "M04020000".into(),
        ticker: "NVDA".into(),
        code: "ATS2".into(),
        side: Side::Buy,
        venue: Some(Venue::Unified),
        exchange: UsExchange::from_wire("X9").unwrap(),
        mask: FilterMask { etf: true, ..FilterMask::NONE },
        direction: Direction::Up,
    }
}

#[test]
fn a_derive_stores_the_wire_form() {
    let mine = wire();
    let text = serde_json::to_string(&mine).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let want = json!({
        "price": "-42900", "unsigned": " 5", "ratio": "+96.64", "percent": "-3.52", "value": "648525", "volume": "-7",
        "chosen": "120", "trade": "-1793", "exact": "0.10", "day": "2026-07-03", "time": "09:30:00", "at": "2026-07-03T15:30:01",
        "clock": "274400", "month": "202509", "stock": "005930_AL", "base": "005930", "order": "0000138", "account": "12345678",
        "index": "001", "gold": "M04020000", "ticker": "NVDA", "code": "ATS2", "side": "Buy", "venue": "Unified",
        "exchange": "X9", "mask": "000000010", "direction": "Up",
    });
    assert_eq!(value, want);
    let again: Wire = serde_json::from_str(&text).unwrap();
    assert_eq!(again, mine);
    assert_eq!((again.price.parts(), again.ratio.parts()), (mine.price.parts(), mine.ratio.parts()));
    assert_eq!(again.unsigned.unwrap().direction, Some(Direction::Flat));

    // flat, so CSV has it as well
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(&mine).unwrap();
    let table = writer.into_inner().unwrap();
    let again: Wire = csv::Reader::from_reader(table.as_slice()).deserialize().next().unwrap().unwrap();
    assert_eq!((again.price.parts(), again.stock, again.order), (mine.price.parts(), mine.stock, mine.order));
}

#[test]
fn what_does_not_fit_is_an_error_that_says_what_would() {
    let error = serde_json::from_str::<Price>("-42900").unwrap_err().to_string();
    assert!(error.contains("kiwoom_api::plain"), "{error}");
    assert!(serde_json::from_str::<Price>("\"x\"").is_err());
    assert!(serde_json::from_str::<Sided>("\"--5\"").is_err());
    assert!(serde_json::from_str::<StockCode>("\"005-930\"").is_err());
    assert!(serde_json::from_str::<Percent>("\"3.5x\"").is_err());
    assert_eq!(serde_json::from_str::<Percent>("3.5").unwrap(), 3.5);
    let error = serde_json::from_str::<Plain<Price>>("-42900").unwrap_err().to_string();
    assert!(error.contains("never negative"), "{error}");
}

/// The same in plain form, by attribute.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Tidy {
    #[serde(with = "kiwoom_api::plain")]
    price: Price,
    #[serde(with = "kiwoom_api::plain")]
    none: Option<Price>,
    #[serde(with = "kiwoom_api::plain")]
    ratio: Directed<Percent>,
    #[serde(with = "kiwoom_api::plain")]
    percent: Option<Percent>,
    #[serde(with = "kiwoom_api::plain")]
    value: MillionWon,
    #[serde(with = "kiwoom_api::plain")]
    exact: Decimal,
    #[serde(with = "kiwoom_api::plain")]
    long: Decimal,
    #[serde(with = "kiwoom_api::plain")]
    volume: i64,
    #[serde(with = "kiwoom_api::plain")]
    day: Date,
    #[serde(with = "kiwoom_api::plain")]
    clock: TimeMark,
    #[serde(with = "kiwoom_api::plain")]
    month: YearMonth,
    #[serde(with = "kiwoom_api::plain")]
    stock: StockCode,
    #[serde(with = "kiwoom_api::plain")]
    side: Side,
    order: Plain<OrderNo>,
}

fn tidy() -> Tidy {
    Tidy {
        price: Price::down(70_100),
        none: None,
        ratio: Directed::down(dec!(96.64)),
        percent: Some(Percent(dec!(-3.50))),
        value: MillionWon::from(648_525),
        exact: dec!(180.00),
        long: dec!(12345678901234.5678901),
        volume: -5,
        day: Date::constant(2026, 7, 3),
        clock: TimeMark::AfterHoursClose,
        month: YearMonth::new(2025, 9).unwrap(),
        stock: "005930".into(),
        side: Side::Sell,
        order: Plain("0000138".into()),
    }
}

#[test]
fn plain_needs_no_cleaning() {
    let value = serde_json::to_value(tidy()).unwrap();
    let want = json!({
        "price": 70100, "none": null, "ratio": 96.64, "percent": -3.5, "value": 648525, "exact": 180.0,
        "long": "12345678901234.5678901", "volume": -5, "day": "2026-07-03", "clock": "after-hours close", "month": "2025-09",
        "stock": "005930", "side": "Sell", "order": "0000138",
    });
    assert_eq!(value, want);
    assert_eq!(serde_json::from_value::<Tidy>(value).unwrap(), tidy());
    let trade = Sided { qty: 1793, side: Some(Side::Sell) };
    let value = serde_json::to_value(Plain(trade)).unwrap();
    assert_eq!(value, json!({"qty": 1793, "side": "Sell"}));
    assert_eq!(serde_json::from_value::<Plain<Sided>>(value).unwrap().0, trade);

    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(tidy()).unwrap();
    let table = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let want = "price,none,ratio,percent,value,exact,long,volume,day,clock,month,stock,side,order\n\
        70100,,96.64,-3.5,648525,180.0,12345678901234.5678901,-5,2026-07-03,after-hours close,2025-09,005930,Sell,0000138\n";
    assert_eq!(table, want);
    let again: Tidy = csv::Reader::from_reader(table.as_bytes()).deserialize().next().unwrap().unwrap();
    // a reader that guesses types keeps 15 digits of a number
    assert_eq!(Tidy { long: tidy().long, ..again }, tidy());
}

/// Codes: names, and what no list has.
#[test]
fn codes_go_by_name() {
    fn both<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, text: &str) {
        assert_eq!(serde_json::to_value(&value).unwrap(), json!(text));
        assert_eq!(serde_json::from_value::<T>(json!(text)).unwrap(), value);
    }
    both(UsExchange::Nasdaq, "Nasdaq");
    both(UsExchange::from_wire("7").unwrap(), "7");
    both(UsExchange::from_wire("Nasdaq").unwrap(), "?Nasdaq");
    both(UsExchange::from_wire("?").unwrap(), "??");
    both(Venue::Nxt, "Nxt");
    assert!(serde_json::from_str::<Venue>(&format!("{:?}", "x".repeat(24))).is_err());
}

/// Numbers without the zeros behind their points, which floats do not have.
fn shortened(record: &mut dyn Record) {
    for index in 0..record.keys().len() {
        let short = |number: &mut Decimal| *number = number.normalize();
        match record.slot(index) {
            Slot::Decimal(Some(number), _) => short(number),
            Slot::Percent(Some(percent), _) => short(&mut percent.0),
            Slot::Price(Some(price), _) => short(&mut price.amount),
            Slot::Ratio(Some(ratio), _) => short(&mut ratio.amount.0),
            Slot::Unit(unit, _) => unit.set(unit.get().map(|number| number.normalize())),
            // the letter before a code is no part of it
            Slot::StockCode(Some(code), _) => *code = code.as_str().parse().expect("a code"),
            Slot::Secret(secret) => *secret = "".into(),
            Slot::Object(inner) => shortened(inner),
            Slot::List(list) | Slot::Tuples(list) => {
                (0..list.len()).for_each(|row| shortened(list.row(row).expect("a row")))
            }
            Slot::Embedded(list) => {
                let list = list.list_mut();
                (0..list.len()).for_each(|row| shortened(list.row(row).expect("a row")));
            }
            _ => {}
        }
    }
}

/// Whatever came from a reply comes back from its plain form, each kind of field included.
#[test]
fn records_come_back_from_their_plain_form() {
    let mut seen = 0;
    for seed in 0..4_000 {
        let mut record = Everything::default();
        if decode(&inputs::input(seed).bytes, &mut record).is_err() {
            continue;
        }
        let text = serde_json::to_string(&Plain(&record)).unwrap();
        let Plain(mut again): Plain<Everything> = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        shortened(&mut record);
        shortened(&mut again);
        assert_eq!(format!("{again:?}"), format!("{record:?}"), "{text}");
        seen += 1;
    }
    assert!(seen > 1_000, "{seen} inputs were JSON");
}

#[test]
fn a_record_has_the_same_columns_whatever_it_holds() {
    let columns = |record: &Everything| match serde_json::to_value(Plain(record)).unwrap() {
        Value::Object(map) => map.keys().cloned().collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    let full = Everything {
        price: Some(Price::down(42_900)),
        sided: Some(Sided { qty: 5, side: Some(Side::Buy) }),
        secret: "token".into(),
        ..Everything::default()
    };
    assert_eq!(columns(&full), columns(&Everything::default()));
    let value = serde_json::to_value(Plain(&full)).unwrap();
    assert_eq!((&value["price"], &value["price_direction"]), (&json!(42_900), &json!("Down")));
    assert_eq!((&value["sided"], &value["sided_side"]), (&json!(5), &json!("Buy")));
    assert!(!value.to_string().contains("token"), "{value}");
}

#[cfg(feature = "domestic-chart")]
mod rows {
    use kiwoom_api::id::ka10081::{Reply, Row};

    use super::*;

    fn rows() -> Vec<Row> {
        let text = r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":[
            {"dt":"20260703","cur_prc":"-70100","open_pric":"70500","trde_qty":"9263135","trde_prica":"648525","trde_tern_rt":"0.15",
             "pred_pre":"-600","pred_pre_sig":"5"},
            {"dt":"20260702","cur_prc":"70700","trde_tern_rt":"+1.00"}]}"#;
        Reply::from_json(text).unwrap().into_inner().stk_dt_pole_chart_qry
    }

    /// A row beside the user's own columns, in both forms.
    #[derive(Serialize, Deserialize)]
    struct Mine {
        id: u32,
        wire: Row,
        #[serde(with = "kiwoom_api::plain")]
        tidy: Row,
        #[serde(with = "kiwoom_api::plain")]
        all: Vec<Row>,
        maybe: Option<Plain<Row>>,
    }

    #[test]
    fn rows_in_a_struct_of_the_user() {
        let [first, second] = <[Row; 2]>::try_from(rows()).unwrap_or_else(|_| panic!("two rows"));
        let all = vec![first.clone(), second.clone()];
        let mine = Mine { id: 1, wire: first.clone(), tidy: first, all, maybe: Some(Plain(second)) };
        let value = serde_json::to_value(&mine).unwrap();
        assert_eq!(value["wire"]["cur_prc"], "-70100");
        assert_eq!(value["tidy"]["cur_prc"], 70_100);
        assert_eq!(value["tidy"]["cur_prc_direction"], "Down");
        assert_eq!((&value["tidy"]["dt"], &value["tidy"]["pred_pre_sig"]), (&json!("2026-07-03"), &json!("Down")));
        assert_eq!((&value["tidy"]["trde_prica"], &value["tidy"]["trde_tern_rt"]), (&json!(648_525), &json!(0.15)));
        assert_eq!(value["all"][1]["trde_qty"], Value::Null);
        assert_eq!(value["maybe"]["trde_tern_rt"], json!(1.0));
        let again: Mine = serde_json::from_value(value).unwrap();
        assert_eq!(
            format!("{:?}{:?}{:?}", again.wire, again.tidy, again.id),
            format!("{:?}{:?}{:?}", mine.wire, mine.tidy, 1)
        );
        assert_eq!(again.all.len(), 2);
    }

    #[test]
    fn rows_as_a_table() {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows() {
            writer.serialize(Plain(row)).unwrap();
        }
        let table = writer.into_inner().unwrap();
        let text = String::from_utf8(table.clone()).unwrap();
        assert!(text.starts_with("cur_prc,cur_prc_direction,"), "{text}");
        let again: Vec<Row> = csv::Reader::from_reader(table.as_slice())
            .deserialize()
            .map(|row| row.map(|Plain(row)| row).unwrap())
            .collect();
        let short = |mut rows: Vec<Row>| {
            rows.iter_mut().for_each(|row| shortened(row));
            format!("{rows:?}")
        };
        assert_eq!(short(again.clone()), short(rows()));
        assert_eq!(again[0].cur_prc.unwrap().direction, Some(Direction::Down));
    }
}
