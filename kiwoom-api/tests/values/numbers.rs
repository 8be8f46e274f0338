//! What a trader writes first with prices, percentages, units and quantities.
#![cfg(all(feature = "domestic-order", feature = "us-order"))]
#![allow(
    clippy::double_comparisons,
    clippy::nonminimal_bool,
    clippy::needless_borrows_for_generic_args,
    reason = "each way of writing it is what is tested"
)]

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use kiwoom_api::codes::UsExchange;
use kiwoom_api::dec;
use kiwoom_api::order::{Cancel, Desk, Modification, Order, OrderRef, Us};
use kiwoom_api::value::{
    AccountNo, BadNumber, BaseCode, ByRequest, Date, Decimal, Direction, MillionWon, OrderNo, Percent, Price, Side,
    Sided, StockCode, ThousandShares, UsTicker,
};

#[test]
fn prices_compare_by_amount() {
    let price = Price::down(70_100);
    let (small, long, unsigned, wide) = (70_000_i32, 70_000_i64, 70_000_u64, 70_000_i128);
    assert!(
        price > 70_000 && price > small && price > long && price > unsigned && price > wide && price > 70_000_usize
    );
    assert!(price >= 70_100 && price <= 70_100 && price == 70_100 && price != 70_101 && price < 70_101);
    assert!(price > dec!(70_099.5) && price == Decimal::from(70_100) && price < 70_100.5 && price == 70_100.0);
    assert!(price == Price::plain(70_100) && price == Price::up(70_100) && price > Price::up(70_000));
    assert_eq!(price.partial_cmp(&f64::NAN), None);
    assert!(price < i128::MAX && price > i128::MIN && price < u128::MAX);
    assert!(Price::plain(dec!(0.5)) > 0_u128 && Price::plain(dec!(0.5)) < 1_i128);
    assert!(Price::plain(dec!(179.5)) == 179.5 && Price::plain(dec!(0.1)) == 0.1 && Price::plain(dec!(0.1)) == 0.1_f32);

    let mut prices = [Price::up(3), Price::down(1), Price::flat(2)];
    prices.sort();
    assert_eq!(prices.map(|price| price.won().unwrap()), [1, 2, 3]);
    assert_eq!(prices.iter().max(), Some(&Price::plain(3)));
    assert_eq!(prices.iter().copied().min(), Some(Price::plain(1)));
    assert_eq!(price.max(Price::plain(5)), price);
    assert_eq!(price.cmp(&Price::plain(5)), Ordering::Greater);
    let levels: BTreeMap<Price, i64> = [(price, 10), (Price::up(70_100), 20)].into();
    assert_eq!(levels.len(), 1, "a key is the amount");
    let counts: HashMap<Price, i64> = [(price, 10)].into();
    assert_eq!(counts.get(&Price::plain(dec!(70100.00))), Some(&10));
}

#[test]
fn arithmetic_with_prices_gives_numbers() {
    let (bid, ask, qty) = (Price::down(70_000), Price::down(70_100), 10_i64);
    let spread: Decimal = ask - bid;
    assert_eq!(spread, dec!(100));
    assert_eq!(bid - ask, dec!(-100));
    assert_eq!(bid - 100, dec!(69_900));
    assert_eq!(bid + dec!(0.5), dec!(70_000.5));
    assert_eq!(Decimal::from(80_000) - bid, dec!(10_000));
    assert_eq!((bid + ask) * dec!(0.5), dec!(70_050));
    assert_eq!((bid * qty, qty * bid, bid * 10_usize), (dec!(700_000), dec!(700_000), dec!(700_000)));
    assert_eq!(bid * Percent::from(5), dec!(3_500));
    assert_eq!(bid.ratio(ask).map(|ratio| ratio.round_dp(4)), Some(dec!(0.9986)));
    assert_eq!(bid.ratio(0), None);
    assert_eq!([bid, ask].iter().sum::<Decimal>(), dec!(140_100));
    assert_eq!([bid, ask].into_iter().sum::<Decimal>(), dec!(140_100));
    let amount: Decimal = bid.into();
    assert_eq!(amount, dec!(70_000));
    // the ends of the type, not the end of the program
    let most = Price::plain(Decimal::MAX);
    assert_eq!((most + most, most * 2, most * -2), (Decimal::MAX, Decimal::MAX, Decimal::MIN));
}

#[test]
fn prices_from_any_sensible_number() {
    for price in [
        Price::try_from(179.5).unwrap(),
        Price::try_from(dec!(179.5)).unwrap(),
        "179.5".parse().unwrap(),
        Price::plain(dec!(179.5)),
    ] {
        assert_eq!(price.parts(), (dec!(179.5), None));
    }
    assert_eq!(Price::try_from(70_100).unwrap(), 70_100);
    assert_eq!(Price::try_from(70_100_u64).unwrap(), 70_100);
    assert_eq!(Price::try_from(0.1).unwrap().amount, dec!(0.1));
    assert_eq!("-42900".parse::<Price>().unwrap().parts(), (dec!(42_900), Some(Direction::Down)));
    assert_eq!("+1,200".parse::<Price>().unwrap().parts(), (dec!(1_200), Some(Direction::Up)));
    for bad in [f64::NAN, f64::INFINITY, -0.5, 1e300] {
        assert!(Price::try_from(bad).is_err(), "{bad}");
    }
    assert!(Price::try_from(-1).is_err() && Price::try_from(dec!(-0.01)).is_err());
    for bad in ["", "-", "abc", "1.2.3", "1,5", "12,3456", "1_000", "--5", "5 %", "1e3", "NaN"] {
        assert!(bad.parse::<Price>().is_err(), "{bad:?}");
    }
}

#[test]
fn percentages() {
    let change: Percent = "-3.52".parse().unwrap();
    assert!(change < 0 && change > -4 && change == -3.52 && change <= dec!(-3.52) && change < 0.0_f32 && change < 3_u8);
    assert!(change < Percent::from(1) && change != 3);
    assert_eq!("3.52%".parse::<Percent>().unwrap(), Percent(dec!(3.52)));
    assert_eq!("+0.35 %".parse::<Percent>().unwrap(), Percent(dec!(0.35)));
    assert_eq!(Percent::try_from(0.35).unwrap(), 0.35);
    assert_eq!(change + Percent::from(1), -2.52);
    assert_eq!(change - Percent::from(1), -4.52);
    assert_eq!((-change, change.abs()), (Percent(dec!(3.52)), Percent(dec!(3.52))));
    assert_eq!(
        (change * 2, 2 * change, change * dec!(0.5)),
        (Percent(dec!(-7.04)), Percent(dec!(-7.04)), Percent(dec!(-1.76)))
    );
    assert_eq!([change, change].iter().sum::<Percent>(), -7.04);
    assert_eq!([Some(change), None].into_iter().sum::<Option<Percent>>(), None);
    assert_eq!(Percent::from(5).of(70_000), dec!(3_500));
    assert_eq!(Percent(dec!(0.015)).of(Price::up(70_000)), dec!(10.5));
    assert_eq!((Percent::from(35).fraction(), Percent::from_fraction(dec!(0.35))), (dec!(0.35), Percent::from(35)));
    assert_eq!(Percent::change(Price::up(50_000), 60_000), Some(Percent::from(20)));
    assert_eq!(Percent::change(0, 60_000), None);
    let mut total = Percent::default();
    total += change;
    total -= Percent::from(1);
    total *= 2;
    assert_eq!(total, -9.04);
    assert_eq!(change.max(Percent::from(0)), 0);
}

#[test]
fn units_add_and_compare_within_themselves() {
    let (a, b) = (MillionWon::from(300), MillionWon::from(200_u64));
    assert_eq!((a + b, a - b, -a), (MillionWon::from(500), MillionWon::from(100), MillionWon::from(-300)));
    assert_eq!((a * 3, 3 * a, a * dec!(0.5)), (MillionWon::from(900), MillionWon::from(900), MillionWon::from(150)));
    assert!(a > b && a.max(b) == a && a >= MillionWon(dec!(299.9)));
    assert_eq!([a, b].iter().sum::<MillionWon>().won(), dec!(500_000_000));
    assert_eq!(vec![a, b].into_iter().sum::<MillionWon>(), a + b);
    assert_eq!(a.ratio(b), Some(dec!(1.5)));
    assert_eq!(a.ratio(MillionWon::default()), None);
    assert_eq!("-1,300.5".parse(), Ok(MillionWon(dec!(-1300.5))));
    assert_eq!("5%".parse::<MillionWon>(), Err("x".parse::<MillionWon>().unwrap_err()));
    assert_eq!(ThousandShares::from(2) + ThousandShares::from(1), ThousandShares::from(3));
    assert_eq!(ByRequest::from(2) * 2, ByRequest::from(4));
    let end = MillionWon(Decimal::MAX);
    assert_eq!((end + end, -end - end), (end, -end));
}

#[test]
fn exact_literals() {
    const STOP: Decimal = dec!(179.50);
    assert_eq!((STOP.to_string(), STOP.scale()), ("179.50".to_owned(), 2));
    assert_eq!((dec!(70_100), dec!(-0.25), dec!(0)), (70_100.into(), Decimal::new(-25, 2), Decimal::ZERO));
    assert_eq!(dec!(79228162514264337593543950335), Decimal::MAX);
    assert_eq!(Decimal::try_from(179.5).unwrap(), STOP);
}

/// Whether an order with this quantity is one, and what is wrong with it.
macro_rules! qty {
    ($qty:expr) => {
        Order::buy("005930").limit(70_100).qty($qty).check().map_err(|error| error.to_string())
    };
}

#[test]
fn quantities_of_any_integer() {
    for sent in
        [qty!(10), qty!(10_u8), qty!(10_i16), qty!(10_u32), qty!(10_i64), qty!(10_u64), qty!(10_usize), qty!(10_i128)]
    {
        assert_eq!(sent, Ok(()));
    }
    let trade = Sided { qty: 10, side: Some(Side::Sell) };
    assert_eq!((qty!(dec!(10.0)), qty!(trade), qty!(&10_i64)), (Ok(()), Ok(()), Ok(())));
    for (bad, why) in [
        (qty!(-5), "-5 is no quantity"),
        (qty!(0_usize), "0 is no quantity"),
        (qty!(u64::MAX), "no quantity is that large"),
        (qty!(u64::MAX - 4), "no quantity is that large"), // -5 if it wrapped
        (qty!(i128::MIN), "no quantity is that large"),
        (qty!(dec!(1.5)), "a quantity is a whole number"),
    ] {
        let text = bad.unwrap_err();
        assert!(text.contains(why) && text.contains("ord_qty"), "{text}");
    }
}

#[test]
fn orders_take_any_sensible_price() {
    let us = || Us::new(UsExchange::Nasdaq, "NVDA");
    let owned = dec!(179.5);
    for order in [
        Order::sell(us()).limit(179.5).qty(1),
        Order::sell(us()).limit(dec!(179.5)).qty(1),
        Order::sell(us()).limit(&owned).qty(1),
        Order::sell(us()).limit(Price::up(dec!(179.5))).qty(1),
        Order::sell(us()).limit(180).qty(1),
        Order::sell(us()).limit(180_u64).qty(1),
        Order::sell(us()).stop_limit(180.0, 179.5).qty(1),
    ] {
        assert!(order.check().is_ok());
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let error = Order::sell(us()).limit(bad).qty(1).check().unwrap_err().to_string();
        assert!(error.contains("ord_uv"), "{bad}: {error}");
    }
    let error = Order::buy("005930").limit(70_100).qty(1).base_price(f64::NAN).check().unwrap_err();
    assert!(error.to_string().contains("base_price"), "{error}");
    let open = OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000138").of(Side::Buy, "005930").at("KRX");
    let _ = (Modification::price(Price::up(70_200)).qty(3_u64).with_stop(70_000.0), Cancel::of(&open).qty(3_usize));
}

#[test]
fn text_of_any_owner() {
    let owned = String::from("005930");
    let borrowed: Cow<'_, str> = Cow::Borrowed("005930");
    for code in [
        StockCode::from("005930"),
        StockCode::from(&owned),
        StockCode::from(owned.clone()),
        StockCode::from(borrowed.clone()),
        StockCode::from(&StockCode::from("005930")),
        StockCode::from(BaseCode::from(&owned)),
    ] {
        assert!(code == "005930" && "005930" == code && code == owned && code == *"005930");
    }
    assert_eq!(AccountNo::from(&owned), AccountNo::from(borrowed.clone()));
    assert_eq!(OrderNo::from(owned.clone()), "005930");
    assert_eq!(UsTicker::from(&String::from("NVDA")), "NVDA");
    for order in [
        Order::buy(owned.clone()).market().qty(1),
        Order::buy(&owned).market().qty(1),
        Order::buy(borrowed).market().qty(1),
        Order::buy(BaseCode::from("A005930_AL")).market().qty(1),
        Order::buy(StockCode::from("005930")).market().qty(1),
    ] {
        assert!(order.check().is_ok());
    }
}

#[test]
fn holdings_and_quotes_join_by_stock() {
    let held = StockCode::with_prefix("A005930").unwrap();
    let (quoted, traded) = (StockCode::from("005930_AL"), StockCode::from("005930_NX"));
    assert_ne!(held, quoted);
    assert_eq!((held.by_base(), quoted.by_base()), (traded.by_base(), traded.by_base()));
    assert_eq!(BaseCode::from("A005930_AL"), held.by_base());
    // a new code with letters is no letter before a code
    assert_eq!(BaseCode::from("A00593").as_str(), "A00593");
    assert_eq!(BaseCode::from("00680K_NX"), "00680K");
    assert_ne!(BaseCode::from("no code"), BaseCode::from("no stock"));

    let by_code: HashMap<StockCode, i64> = [(quoted, 1)].into();
    assert_eq!((by_code.get("005930_AL"), by_code.get("005930"), by_code.get(&quoted)), (Some(&1), None, Some(&1)));
    let by_stock: BTreeMap<BaseCode, i64> = [(quoted.by_base(), 1)].into();
    assert_eq!((by_stock.get("005930"), by_stock.get(&held.by_base())), (Some(&1), Some(&1)));
    let by_ticker: HashMap<UsTicker, i64> = [("NVDA".into(), 1)].into();
    assert_eq!(by_ticker.get("NVDA"), Some(&1));
}

/// Comparisons with floats go by the nearest one, so this must be the nearest for every number.
#[test]
fn the_nearest_float_is_that_of_the_text() {
    for text in [
        "-3.52",
        "0.1",
        "179.5",
        "1.1",
        "4.35",
        "1234567.891",
        "0.0000000000000000000000000001",
        "79228162514264337593543950335",
        "9007199254740993",
        "12345678901234.5678901",
        "-0.30000000000000004",
        "2.675",
        "1507.7000",
    ] {
        let exact: Decimal = text.parse().unwrap();
        assert_eq!(kiwoom_api::value::f64_of(exact), text.parse::<f64>().unwrap(), "{text}");
    }
}

/// Errors can be kept and compared.
#[test]
fn bad_numbers_are_errors() {
    let error: BadNumber = "x".parse::<Percent>().unwrap_err();
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(boxed.to_string().starts_with("not a number"), "{boxed}");
}
