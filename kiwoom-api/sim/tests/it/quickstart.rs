//! The quickstart of the README: it runs in seconds, and what it prints is what it promises.

use std::time::{Duration, Instant};

#[allow(dead_code, reason = "its `main` is for those who run it")]
#[path = "../../examples/quickstart/main.rs"]
mod example;

use example::chart::{Candle, Look, grouped, lines};
use example::{Place, place};

/// On a machine that is busy with other tests, too.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn it_shows_bars_trades_an_order_and_the_account() {
    let (started, mut out) = (Instant::now(), Vec::new());
    example::simulated(&mut out, Look::Plain).await.unwrap();
    let took = started.elapsed();
    println!("the quickstart took {took:?}");
    assert!(took < SOON, "{took:?}");

    let text = String::from_utf8(out).unwrap();
    let part = |from: &str| {
        let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from:?} in {text}"));
        rest.trim_start().split("\n\n").next().unwrap().lines().collect::<Vec<_>>()
    };
    assert_eq!(part("in won\n").len(), 6, "a head and five days: {text}");
    let trades = part("Ten trades, live");
    assert_eq!(trades.len(), 10, "{text}");
    // live: not before the simulator's time, which begins at ten
    assert!(trades.iter().all(|line| line.starts_with("10:")), "{trades:?}");
    let order = part("A market order for 10 shares");
    assert!(order[0].starts_with("placed under the number 0"), "{order:?}");
    assert!(order.last().is_some_and(|line| line.starts_with("filled") && line.ends_with(", 0 left")), "{order:?}");
    let account = part("The account");
    assert!(account[0].starts_with("005930: 10 shares worth "), "{account:?}");
    assert!(account[1].starts_with("cash for orders: 99,"), "{account:?}");
    // nothing for a terminal alone
    assert!(!text.contains('\u{1b}') && !text.contains('┃'));
}

#[test]
fn it_never_goes_to_the_real_server() {
    assert_eq!((place(""), place("mock")), (Ok(Place::Simulator), Ok(Place::Mock)));
    for other in ["real", "Real", "MOCK", "mock ", "https://api.kiwoom.com"] {
        let told = place(other).unwrap_err();
        assert!(told.contains(other) && told.contains("mock"), "{told}");
    }
}

const CANDLES: [Candle; 3] = [
    Candle { open: 400, high: 1_000, low: 100, close: 700 },
    Candle { open: 700, high: 1_000, low: 100, close: 400 },
    Candle { open: 1_300, high: 1_300, low: 1_300, close: 1_300 },
];

#[test]
fn candles_rise_and_fall() {
    let want = ["    1,300   #", "    1,000 || ", "      700 #o ", "      400 #o ", "      100 || "];
    assert_eq!(lines(&CANDLES, 5, Look::Plain), want);
    // half lines: prices between those on the left are drawn, too
    let want = ["    1,300   ╹", "    1,033 ││ ", "      767 ╽╽ ", "      500 ┃┃ ", "      233 ││ "];
    assert_eq!(lines(&CANDLES, 5, Look::Unicode), want);
}

#[test]
fn colours_are_for_terminals() {
    let unicode = lines(&CANDLES, 5, Look::Unicode);
    assert!(unicode.iter().any(|line| line.contains('┃')) && !unicode.concat().contains('\u{1b}'), "{unicode:?}");
    let coloured = lines(&CANDLES, 5, Look::Coloured).concat();
    assert!(
        coloured.contains("\u{1b}[31m") && coloured.contains("\u{1b}[34m"),
        "up is red, down is blue: {coloured:?}"
    );
}

#[test]
fn odd_bars_are_drawn() {
    assert!(lines(&[], 5, Look::Plain).is_empty());
    let flat = Candle { open: 100, high: 100, low: 100, close: 100 };
    for look in [Look::Plain, Look::Unicode, Look::Coloured] {
        assert_eq!(lines(&[flat], 0, look).len(), 2, "one price has a chart, too");
        assert_eq!(lines(&[flat, Candle { high: i64::from(u32::MAX), ..flat }], 12, look).len(), 12);
    }
    assert_eq!(
        [0, 999, 1_000, -1_234_567, i64::MIN].map(grouped),
        ["0", "999", "1,000", "-1,234,567", "-9,223,372,036,854,775,808"]
    );
}
