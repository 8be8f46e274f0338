//! No value that a caller can write ends the program: the extremes of each type, and anything in between.
#![cfg(all(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order"))]

use std::time::Duration;

use crate::support::{self, Bars, Script, TestServer};
use jiff::Timestamp;
use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::order::{Cancel, Desk, Modification, Order, OrderId, OrderRef, Orders, Repay, Ticks, Us};
use kiwoom_api::value::{
    BaseCode, ByRequest, Date, Decimal, GoldCode, HundredMillionWon, MillionShares, MillionWon, Percent, Price, Side,
    StockCode, TenThousandShares, ThousandUsd, YearMonth, Zone, date,
};
use kiwoom_api::{Client, Continuation, Credentials, Limits, ManualClock, Outcome, Rate, Retry, Server};
use proptest::prelude::*;
use proptest::test_runner::Config;

fn decimals() -> impl Strategy<Value = Decimal> {
    let edges = [
        Decimal::MAX,
        Decimal::MIN,
        Decimal::ZERO,
        -Decimal::ZERO,
        Decimal::ONE,
        Decimal::NEGATIVE_ONE,
        Decimal::MAX - Decimal::ONE,
        Decimal::from_parts(1, 0, 0, false, 28),
        Decimal::from_parts(u32::MAX, u32::MAX, u32::MAX, false, 28),
        Decimal::from_parts(u32::MAX, u32::MAX, u32::MAX, true, 14),
        Decimal::from(70_100),
        Decimal::from(i64::MAX),
        Decimal::from(i64::MIN),
    ];
    prop_oneof![
        proptest::sample::select(edges.to_vec()),
        (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0..=28_u32)
            .prop_map(|(low, middle, high, negative, scale)| Decimal::from_parts(low, middle, high, negative, scale)),
        (0..3_000_000_i64, 0..6_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
    ]
}

fn durations() -> impl Strategy<Value = Duration> {
    let edges =
        [Duration::ZERO, Duration::from_nanos(1), Duration::MAX, Duration::MAX / 2, Duration::from_secs(u64::MAX)];
    prop_oneof![proptest::sample::select(edges.to_vec()), any::<Duration>()]
}

fn dates() -> impl Strategy<Value = Date> {
    prop_oneof![
        proptest::sample::select(vec![Date::MIN, Date::MAX, Date::ZERO, Date::constant(2026, 7, 6)]),
        (-9999..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| Date::constant(year, month, day)),
    ]
}

fn moments() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        proptest::sample::select(vec![Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH]),
        (-300_000_000_000..250_000_000_000_i64).prop_map(|second| Timestamp::from_second(second).unwrap()),
    ]
}

fn numbers() -> impl Strategy<Value = i64> {
    prop_oneof![proptest::sample::select(vec![i64::MIN, -1, 0, 1, i64::MAX]), any::<i64>()]
}

const TICKS: [Ticks; 6] = [Ticks::Stock, Ticks::Fund, Ticks::Elw, Ticks::Domestic, Ticks::Gold, Ticks::Us];

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn gate_15_ticks(price in decimals()) {
        for ticks in TICKS {
            let (up, down) = (ticks.next_up(price), ticks.next_down(price));
            // near the end of the type there is no room for a tick
            prop_assert!(up > price || price > Decimal::from(i64::MAX), "{ticks:?} {price}: {up}");
            prop_assert!(down.is_none_or(|down| down <= price));
            prop_assert!(ticks.round_up(price) >= price.min(Decimal::MAX.normalize()));
            prop_assert!(ticks.round_down(price).is_none_or(|down| down <= price));
            prop_assert!(ticks.size(price) > Decimal::ZERO);
        }
    }

    #[test]
    fn gate_15_orders(
        price in decimals(), trigger in decimals(), base in decimals(), qty in numbers(), text in any::<String>(),
        day in dates(), float in any::<f64>(), unsigned in any::<u64>(),
    ) {
        let _ = Order::buy("005930").limit(float).qty(unsigned).base_price(float).check();
        let _ = Order::buy("005930").limit(10).qty(price).check();
        let symbol = StockCode::from(text.as_str());
        for ticks in TICKS {
            let order = || Order::buy(symbol).limit(price).qty(qty).base_price(base).ticks(ticks);
            let _ = order().check();
            let _ = order().id(&text).unchecked().venue(OrderVenue::Krx).check();
            let _ = Order::buy("005930").limit(price).qty(10).base_price(base).ticks(ticks).check();
            let _ = Order::sell("005930").stop_limit(trigger, price).qty(1).base_price(base).check();
        }
        let _ = Order::sell("005930").repaying(Repay::LoanOf(day)).limit(price).qty(qty).check();
        let _ = Order::buy(GoldCode::from(text.as_str())).limit(price).qty(qty).base_price(base).check();
        let us = Order::sell(Us::new(UsExchange::Nasdaq, text.as_str())).stop_limit(trigger, price).qty(qty);
        let _ = (us.check(), format!("{us:?}"));
        let modification = Modification::price(price).with_stop(trigger).qty(qty).id(&text).ticks(Ticks::Stock);
        let of = OrderRef::new(Desk::Stock, day, text.as_str()).of(Side::Buy, text.as_str()).at(text.as_str());
        let cancel = Cancel::of(&of).qty(qty).id(&text);
        let _ = format!("{modification:?} {cancel:?} {of:?} {of}");
        let _ = (text.parse::<OrderRef>().is_ok(), text.parse::<OrderId>().is_ok(), of.to_string().parse::<OrderRef>().is_ok());
    }

    #[test]
    fn gate_15_values(
        number in decimals(), other in decimals(), float in any::<f64>(), text in any::<String>(), year in any::<i16>(),
        month in any::<i8>(), at in moments(), day in dates(),
    ) {
        let price = [Price::up(number), Price::down(number), Price::flat(number), Price::plain(number)];
        let _ = price.map(|price| (price.won(), price.to_f64(), format!("{price} {price:#}")));
        let _ = (Percent::from(number).fraction(), Percent::from(number).to_f64());
        let _ = (MillionWon::from(number).won(), HundredMillionWon::from(number).won(), ThousandUsd::from(number).usd());
        let _ = (MillionShares::from(number).shares(), TenThousandShares::from(number).shares());
        let by_request = ByRequest::from(number);
        let _ = (by_request.as_shares(), by_request.as_won(), by_request.as_million_won().won());
        let (percent, unit) = (Percent::from(number), MillionWon::from(number));
        let _ = (percent + percent, percent - -percent, percent * number, percent.of(number), Percent::from_fraction(number));
        let _ = (Percent::change(number, other), unit + unit, -unit - unit, unit * number, unit.ratio(MillionWon::from(other)));
        let price = price[0];
        let _ = (price + price, price - number, number - price, price * number, price * percent, price.ratio(other));
        let _ = (price > float, price == other, price > number, percent < float, percent > i128::MAX, price < u128::MAX);
        let _ = (Price::try_from(float).is_ok(), Percent::try_from(float).is_ok(), Price::try_from(number).is_ok());
        let _ = (text.parse::<Price>().is_ok(), text.parse::<Percent>().is_ok(), text.parse::<MillionWon>().is_ok());
        let _ = (date(&text).is_ok(), BaseCode::from(&text).code().is_valid());
        let code = StockCode::from(text.as_str());
        let _ = (code.base(), code.by_base(), code.venue(), code.is_valid(), code.prefix(), StockCode::with_prefix(&text).is_ok());
        for zone in [Zone::Korea, Zone::NewYork] {
            let _ = (zone.instant(day.at(23, 59, 59, 0)), zone.wall(at), zone.day(at));
        }
        let _ = YearMonth::new(year, month).map(|month| (month.year(), month.month(), month.to_string()));
        let _ = Continuation::new(text.as_str()).next_key().len();
    }

}

proptest! {
    // each builds clients, with all that TLS needs
    #![proptest_config(config(60))]

    #[test]
    fn gate_15_clients(
        time in proptest::array::uniform5(durations()), at in moments(), count in any::<u32>(), bytes in any::<usize>(),
        text in any::<String>(),
    ) {
        let clock = ManualClock::at(at);
        let retry = Retry::default().attempts(count).first_pause(time[2]).deadline(time[3]);
        let limits = Limits::official().api(text.as_str(), Rate::per_minute(count)).burst(count);
        let server = Server::sandbox("http://127.0.0.1:1");
        let built = Client::builder(server, Credentials::new(&text, &text))
            .timeout(time[0]).connect_timeout(time[1]).max_reply_bytes(bytes)
            .retry(retry).limits(limits).clock(clock.clock()).build();
        let _ = Client::new(Server::custom(text.as_str()), Credentials::new("key", "secret"));
        let _ = Client::new(Server::sandbox(text.as_str()), Credentials::new("key", "secret"));
        let (_, _) = (clock.korea(), clock.next_alarm());
        clock.advance(time[4]);
        clock.advance(Duration::MAX);
        clock.jump_to(at);
        if let Ok(client) = built {
            let _ = (client.usage().time_to_finish(), client.strict());
        }
    }
}

/// The same values on their way: each call ends or waits, and none panics.
#[test]
fn gate_15_on_the_way() {
    let edges = [Duration::ZERO, Duration::from_nanos(1), Duration::MAX / 2, Duration::MAX];
    runtime().block_on(async {
        let script = (0..400).fold(Script::default(), |script, _| script.sign_in());
        let server = TestServer::start(script).await;
        for timeout in edges {
            for other in edges {
                for wall in [Timestamp::MIN, Timestamp::MAX] {
                    let clock = ManualClock::at(wall);
                    clock.advance(other);
                    let client = support::builder(&server)
                        .timeout(timeout)
                        .connect_timeout(other)
                        .limits(Limits::official().burst(u32::MAX))
                        .retry(Retry::default().attempts(u32::MAX).first_pause(other).deadline(timeout))
                        .clock(clock.clock())
                        .build()
                        .unwrap();
                    let request = Bars::new("005930");
                    let reading = client.call(&request).timeout(timeout).deadline(other);
                    let _ = tokio::time::timeout(Duration::from_millis(20), reading).await;
                    let orders: Orders = client.orders().timeout(timeout).deadline(other);
                    let order = Order::buy("005930").limit(Decimal::MAX).qty(i64::MAX);
                    let outcome = tokio::time::timeout(Duration::from_millis(20), orders.submit(order)).await;
                    assert!(matches!(outcome, Ok(Outcome::NotSent(_))));
                    let order = orders.submit(Order::buy("005930").market().qty(1));
                    let _ = tokio::time::timeout(Duration::from_millis(20), order).await;
                }
            }
        }
    });
}

#[test]
fn gate_15_reconcile() {
    runtime().block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let unanswered = (0..9).fold(Script::signed_in(), |script, _| script.step(support::Step::Close));
        let server = TestServer::start(unanswered).await;
        let orders = support::client(&server).orders().journal(directory.path().join("log")).await.unwrap();
        let outcome = orders.submit(Order::buy("005930").market().qty(1)).await;
        assert!(outcome.is_unknown(), "{outcome:?}");
        for delay in [Duration::ZERO, Duration::MAX / 2, Duration::MAX] {
            let asked = orders.reconcile().delay(delay).skew(delay);
            let _ = tokio::time::timeout(Duration::from_millis(100), asked).await;
        }
        let journal = orders.as_journal().unwrap();
        for day in [Date::MIN, Date::MAX] {
            let _ = journal.compact(day).await;
        }
    });
}
