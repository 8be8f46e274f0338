//! Trades, books, bars and days of the market, over seeds.

use std::sync::Arc;

use kiwoom_api::jiff::civil::Date;

use super::bars::minutes;
use super::{Bar, BehindAll, Fill, LISTED, Market, OrderSide, Stay, Terms, is_on_grid, seeds, whole};
use crate::session::{Exchange, Phase};

const OPEN: u32 = 9 * 3600;

fn market(seed: u64, to: &str) -> Market {
    let mut market = Market::new(seed, "2026-07-06T08:00:00".parse().unwrap(), &(Arc::new(BehindAll) as _));
    market.run_to(to.parse().unwrap(), &mut |_, _| {});
    market
}

#[test]
fn trades_books_and_bars_of_a_day_agree_for_every_seed() {
    for seed in seeds(4) {
        // when KRX closes, and when New York does
        let (korea, new_york) = (market(seed, "2026-07-06T15:30:00"), market(seed, "2026-07-07T05:00:00"));
        for (index, listing) in LISTED.iter().enumerate() {
            let market = if listing.kind.exchange() == Exchange::Us { &new_york } else { &korea };
            let stock = market.stock(index);
            let tape = stock.tape();
            assert!(tape.len() > 1_000, "{}: {} trades", stock.listing.code, tape.len());
            let (low, high) = (stock.lowest(), stock.highest());
            assert!(tape.iter().all(|t| is_on_grid(stock.listing.kind, t.price) && (low..=high).contains(&t.price)));
            for count in [1, 60] {
                let bars = minutes(tape, count);
                let volume: i64 = tape.iter().map(|t| t.qty).sum();
                assert_eq!(bars.iter().map(|bar| bar.volume).sum::<i64>(), volume);
                let mut inside = tape.chunk_by(|a, b| a.second / (count * 60) == b.second / (count * 60));
                for bar in &bars {
                    let inside = inside.next().expect("a trade for each bar");
                    assert_eq!(bar.second / (count * 60), inside[0].second / (count * 60));
                    assert_eq!((bar.open, bar.close), (inside[0].price, inside[inside.len() - 1].price));
                    assert_eq!(bar.high, inside.iter().map(|t| t.price).max().unwrap());
                    assert_eq!(bar.low, inside.iter().map(|t| t.price).min().unwrap());
                }
                assert!(inside.next().is_none());
            }
            let (day, _, bars) = stock.days().next().unwrap();
            assert_eq!(day.to_string(), "2026-07-06");
            assert_eq!(whole(bars), stock.today());
        }
    }
}

#[test]
fn each_trade_takes_from_the_best_level_of_the_book() {
    for seed in seeds(20) {
        let mut market = market(seed, "2026-07-06T09:00:00");
        let stock = &mut market.stocks[0];
        for second in OPEN + 1..OPEN + 1_200 {
            let (ask, bid) = (stock.best(OrderSide::Sell).unwrap(), stock.best(OrderSide::Buy).unwrap());
            assert!(bid < ask, "seed {seed}, second {second}: {bid} {ask}");
            let side = if second % 2 == 0 { OrderSide::Buy } else { OrderSide::Sell };
            let maker = if side == OrderSide::Buy { OrderSide::Sell } else { OrderSide::Buy };
            let before = stock.levels(maker);
            let volume: i64 = stock.tape().iter().map(|t| t.qty).sum();
            let mut fills = Vec::new();
            let taken = stock.sweep(side, (before[0].1 + 1, None), second, &mut fills);
            assert_eq!(taken[0], before[0]);
            assert_eq!(taken.get(1).copied(), before.get(1).map(|next| (next.0, 1)));
            // at the limit of the day there may be no second level
            let there: i64 = before.iter().map(|level| level.1).sum();
            let traded = stock.tape().iter().map(|t| t.qty).sum::<i64>() - volume;
            assert_eq!(traded, there.min(before[0].1 + 1));
            stock.fill_up();
            stock.trade_on(second, &mut fills);
            assert!(fills.is_empty());
        }
    }
}

fn limit(price: i64, qty: i64) -> Terms {
    Terms { price: Some(price), qty, stay: Stay::Day }
}

#[test]
fn an_order_waits_behind_what_stood_before_it() {
    let mut market = market(3, "2026-07-06T09:00:05");
    let stock = &mut market.stocks[0];
    let (bid, standing) = stock.levels(OrderSide::Buy)[0];
    let (fills, left) = stock.place((7, OrderSide::Buy), limit(bid, 10), (Phase::Continuous, OPEN + 5));
    assert_eq!((fills.len(), left), (0, 0));
    assert_eq!(stock.levels(OrderSide::Buy)[0], (bid, standing + 10));
    let mut fills = Vec::new();
    stock.sweep(OrderSide::Sell, (standing, None), OPEN + 6, &mut fills);
    assert!(fills.is_empty(), "others stood before it");
    stock.sweep(OrderSide::Sell, (4, None), OPEN + 6, &mut fills);
    assert_eq!(fills, [Fill { order: 7, price: bid, qty: 4 }]);
    assert_eq!(stock.levels(OrderSide::Buy)[0], (bid, 6));
}

#[test]
fn a_day_is_a_usual_one() {
    let mut changes = Vec::new();
    for seed in 0..6 {
        for (exchange, closes) in [(Exchange::Krx, "2026-07-06T15:30:00"), (Exchange::Us, "2026-07-07T05:00:00")] {
            let market = market(seed, closes);
            let stocks = market.stocks.iter().filter(|stock| stock.listing.kind.exchange() == exchange);
            changes.extend(stocks.map(|s| (s.last() - s.previous) * 1_000 / s.previous));
        }
    }
    changes.sort_unstable();
    let (low, middle, high) =
        (changes[changes.len() / 20], changes[changes.len() / 2], changes[changes.len() * 19 / 20]);
    assert!(low > -120 && high < 120 && (-20..20).contains(&middle), "{low} {middle} {high} of 1000");
}

#[test]
fn the_same_seed_gives_the_same_day() {
    let tapes = [1, 1, 2].map(|seed| market(seed, "2026-07-06T09:30:00").stocks[0].tape().to_vec());
    assert_eq!(tapes[0], tapes[1]);
    assert_ne!(tapes[0], tapes[2]);
}

#[test]
fn history_ends_where_today_begins() {
    let market = market(5, "2026-07-08T09:10:00");
    let stock = market.stock(2);
    let days: Vec<(Date, i64, Bar)> =
        stock.days().map(|(day, previous, bars)| (day, previous, whole(bars).unwrap())).collect();
    assert!(days.len() > 600, "{}", days.len());
    for pair in days.windows(2) {
        assert_eq!(pair[0].1, pair[1].2.close, "{}", pair[0].0);
        let bar = pair[1].2;
        assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close));
        assert!(is_on_grid(stock.listing.kind, bar.high) && is_on_grid(stock.listing.kind, bar.low));
    }
}

#[test]
fn an_order_far_away_waits_for_nobody_who_has_left() {
    let mut market = market(3, "2026-07-06T09:00:05");
    let stock = &mut market.stocks[0];
    let (price, standing) = *stock.levels(OrderSide::Buy).last().unwrap();
    stock.place((7, OrderSide::Buy), limit(price, 10), (Phase::Continuous, OPEN + 5));
    // others forget levels that are far from the best ones
    stock.book.trim(3);
    assert_eq!(stock.book.standing(OrderSide::Buy, price), 0, "{standing} stood there");
    let mut fills = Vec::new();
    let mut second = OPEN + 6;
    while fills.is_empty() {
        let before = stock.levels(OrderSide::Buy);
        let taken = stock.sweep(OrderSide::Sell, (1_000_000, Some(price)), second, &mut fills);
        assert!(taken.iter().zip(&before).all(|(took, stood)| took == stood), "{taken:?} {before:?}");
        second += 1;
    }
    assert_eq!(fills, [Fill { order: 7, price, qty: 10 }]);
}

#[test]
fn orders_of_an_auction_leave_no_crossed_book_and_trade_within_the_tape() {
    for seed in seeds(20) {
        let mut market = market(seed, "2026-07-06T08:59:59");
        let stock = &mut market.stocks[0];
        let (low, last) = (stock.lowest(), stock.last());
        for order in 0..40_i64 {
            let side = if order % 2 == 0 { OrderSide::Buy } else { OrderSide::Sell };
            let price = last - last % 100 + (order - 20) * 100;
            stock.place((order as u64, side), limit(price.max(low), 7), (Phase::OpeningAuction, OPEN - 1));
        }
        let mut fills = Vec::new();
        assert!(stock.play(Phase::Continuous, OPEN, &mut fills));
        let [tick] = stock.tape() else { panic!("one trade") };
        let of = |even: u64| fills.iter().filter(|fill| fill.order % 2 == even).map(|fill| fill.qty).sum::<i64>();
        assert!(fills.iter().all(|fill| fill.price == tick.price));
        assert!(of(0).max(of(1)) <= tick.qty, "seed {seed}: {} {} of {}", of(0), of(1), tick.qty);
        let (ask, bid) = (stock.best(OrderSide::Sell).unwrap(), stock.best(OrderSide::Buy).unwrap());
        assert!(bid < ask, "seed {seed}: {bid} {ask}");
    }
}
