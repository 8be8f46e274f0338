//! Which row is taken for an intent: a table of cases.

use jiff::Timestamp;

use super::bound::Absence;
use super::matching::{Case, Own, as_listed, contradiction, judge};
use super::row::{Original, Pricing, Row, join, margin, pricing, side};
use super::verdict::Verdict;
use crate::language::Both;
pub use crate::order::journal::samples::intent;
use crate::order::{Action, Desk, Intent, OrderRef};
use crate::value::{Decimal, Side};

fn at(time: &str) -> Timestamp {
    format!("2026-07-06T{time}+09:00").parse().unwrap()
}

/// Sent between ten and half past, give or take.
pub fn case(intent: Intent) -> Case {
    Case { intent, from: at("10:00:00"), to: at("10:30:00"), absence: Absence::Proof }
}

/// The row that [`intent`] makes.
pub fn row(number: &str) -> Row {
    Row {
        date: "2026-07-06".parse().unwrap(),
        number: number.into(),
        symbol: "005930".into(),
        side: Some(Side::Buy),
        action: Some(Action::Place),
        original: Original::None,
        qty: Some(10),
        price: Some(70_100.into()),
        pricing: Pricing::Limit,
        venue: "NXT".into(),
        margin: Some(false),
        filled: Some(0),
        remaining: Some(10),
        status: "접수".into(),
        time: Some("10:15:00".parse().unwrap()),
        channel: "REST API".into(),
    }
}

pub fn cancel_row(number: &str, original: &str) -> Row {
    Row {
        action: Some(Action::Cancel),
        original: Original::Number(original.into()),
        price: None,
        remaining: Some(0),
        ..row(number)
    }
}

pub fn cancel(original: &str) -> Intent {
    Intent { action: Action::Cancel, original: Some(original.into()), qty: None, price: None, ..intent("cancel") }
}

pub fn owned(number: &str) -> OrderRef {
    OrderRef::new(Desk::Stock, row(number).date, number).of(Side::Buy, "005930").at("SOR")
}

/// A verdict in a few letters: `found 7`, `ambiguous 7 8`, `not found`, `unknown`.
fn short(verdict: &Verdict) -> String {
    let number = |listed: &super::Listed| listed.order.number.to_string();
    match verdict {
        Verdict::Found(listed) => format!("found {}", number(listed)),
        Verdict::NotFound => "not found".into(),
        Verdict::Ambiguous(listed) => {
            format!("ambiguous {}", listed.iter().map(number).collect::<Vec<_>>().join(" "))
        }
        Verdict::StillUnknown(_) => "unknown".into(),
        Verdict::TooEarly { .. } => "early".into(),
    }
}

#[track_caller]
fn check(name: &str, intent: Intent, rows: &[Row], want: &str) {
    assert_eq!(short(&judge(&[case(intent)], rows, Own::default())[0]), want, "{name}");
}

/// The same where the journal knows these orders.
#[track_caller]
fn check_known(name: &str, intent: Intent, (rows, known): (&[Row], &[&str]), want: &str) {
    let orders: Vec<OrderRef> = known.iter().map(|number| owned(number)).collect();
    let own = Own { orders: &orders, ..Own::default() };
    assert_eq!(short(&judge(&[case(intent)], rows, own)[0]), want, "{name}");
}

#[test]
fn new_orders() {
    let buy = || intent("a");
    let hand = Row { channel: "영웅문4".into(), ..row("8") };
    let early = Row { time: Some("09:00:00".parse().unwrap()), ..row("8") };
    check("nothing at all", buy(), &[], "not found");
    check("the one", buy(), &[row("7")], "found 7");
    check("another code", buy(), &[Row { symbol: "000660".into(), ..row("7") }], "not found");
    let near = || Row { number: "7".into(), ..row("7") };
    // other columns are no proof as long as nobody is known to have sent the row
    for (name, row) in [
        ("another side", Row { side: Some(Side::Sell), ..near() }),
        ("another quantity", Row { qty: Some(11), ..near() }),
        ("another price", Row { price: Some(70_200.into()), ..near() }),
        ("a market order", Row { price: None, pricing: Pricing::Market, ..near() }),
        ("on a loan", Row { margin: Some(true), ..near() }),
        ("a change of another order", cancel_row("7", "3")),
    ] {
        check(name, buy(), std::slice::from_ref(&row), "ambiguous 7");
        let at_nine = Row { time: Some("09:00:00".parse().unwrap()), ..row.clone() };
        check(name, buy(), &[at_nine], "not found");
        check_known(name, buy(), (&[row], &["7"]), "not found");
    }
    check("two equal orders", buy(), &[row("8"), row("7")], "ambiguous 7 8");
    check("typed by hand", buy(), std::slice::from_ref(&hand), "ambiguous 8");
    check("one of them typed by hand", buy(), &[row("7"), hand], "ambiguous 7 8");
    check(
        "the list does not say how it was entered",
        buy(),
        &[Row { channel: String::new(), ..row("7") }],
        "ambiguous 7",
    );
    check("at another time", buy(), std::slice::from_ref(&early), "ambiguous 8");
    check("at that time, and an equal one before", buy(), &[early, row("7")], "found 7");
    check("no time", buy(), &[Row { time: None, ..row("7") }], "ambiguous 7");
    check("a column is blank", buy(), &[Row { side: None, ..row("7") }], "ambiguous 7");
    let filled = Row { filled: Some(10), remaining: Some(0), ..row("7") };
    check("filled at once", buy(), &[filled], "found 7");
}

#[test]
fn a_sor_order_is_listed_where_it_was_routed_to() {
    for listed in ["KRX", "NXT", "SOR", ""] {
        check(listed, intent("a"), &[Row { venue: listed.into(), ..row("7") }], "found 7");
    }
    let krx = || Intent { venue: "KRX".into(), ..intent("a") };
    check("there", krx(), &[Row { venue: "KRX".into(), ..row("7") }], "found 7");
    check("elsewhere, and nobody's", krx(), &[Row { venue: "NXT".into(), ..row("7") }], "ambiguous 7");
    check_known("elsewhere", krx(), (&[Row { venue: "NXT".into(), ..row("7") }], &["7"]), "not found");
    check("routed although it should not", krx(), &[Row { venue: "SOR".into(), ..row("7") }], "ambiguous 7");
}

#[test]
fn orders_without_a_price() {
    let market = || Intent { price: None, kind: "3".into(), ..intent("a") };
    let listed = |pricing, price: Option<i64>| Row { pricing, price: price.map(Decimal::from), ..row("7") };
    check("market", market(), &[listed(Pricing::Market, None)], "found 7");
    let early = |row: Row| Row { time: Some("09:00:00".parse().unwrap()), ..row };
    check("a limit order", market(), &[early(listed(Pricing::Limit, Some(70_100)))], "not found");
    check("best price", market(), &[early(listed(Pricing::Other, Some(70_100)))], "not found");
    check("an unlisted word", market(), &[listed(Pricing::Unknown, None)], "ambiguous 7");
    let best = || Intent { price: None, kind: "6".into(), ..intent("a") };
    check("best price, which the broker chose", best(), &[listed(Pricing::Other, Some(70_100))], "found 7");
    check("not said", best(), &[listed(Pricing::Unknown, None)], "ambiguous 7");
}

#[test]
fn cancellations_are_found_by_their_original() {
    let original = || Row { remaining: Some(10), ..row("3") };
    check("still there", cancel("3"), &[original()], "not found");
    check("cancelled", cancel("3"), &[Row { remaining: Some(0), ..original() }, cancel_row("4", "3")], "found 4");
    check(
        "padded",
        cancel("0000003"),
        &[Row { remaining: Some(0), ..original() }, cancel_row("00004", "00003")],
        "found 00004",
    );
    let others = [original(), row("5"), cancel_row("6", "5")];
    check_known("another order was cancelled", cancel("3"), (&others, &["5", "6"]), "not found");
    check("another order was cancelled, by nobody", cancel("3"), &others, "ambiguous 5 6");
    check("gone, and nothing says why", cancel("3"), &[Row { remaining: Some(0), ..original() }], "unknown");
    check_known("the original is not listed", cancel("3"), (&[row("5")], &["5"]), "unknown");
    let filled = Row { filled: Some(10), remaining: Some(0), ..original() };
    check("filled before it arrived", cancel("3"), &[filled], "not found");
    let by_hand = Row { channel: "영웅문4".into(), ..cancel_row("4", "3") };
    check("cancelled by hand", cancel("3"), &[Row { remaining: Some(0), ..original() }, by_hand], "ambiguous 4");
    let changed = Row { action: Some(Action::Modify), price: Some(70_200.into()), ..cancel_row("4", "3") };
    let taken = [Row { remaining: Some(0), ..original() }, changed.clone()];
    check_known("changed, not cancelled", cancel("3"), (&taken, &["4"]), "not found");
    let modify = |price: i64| Intent { action: Action::Modify, price: Some(price.into()), ..cancel("3") };
    let rows = [Row { remaining: Some(0), ..original() }, changed.clone()];
    check("changed", modify(70_200), &rows, "found 4");
    check_known("changed to another price", modify(70_300), (&rows, &["4"]), "not found");
    // 4 replaced 3, and the list names 3 as the original of what cancelled 4
    let chain = [original(), changed, cancel_row("5", "3")];
    check("the first of the family is named", cancel("4"), &chain, "ambiguous 5");
}

#[test]
fn an_order_of_another_entry_is_no_candidate() {
    let own = [owned("0000007")];
    let judged = |rows: &[Row]| {
        let own = Own { orders: &own, confirmed: &own, ..Own::default() };
        short(&judge(&[case(intent("a"))], rows, own)[0])
    };
    assert_eq!(judged(&[row("7")]), "not found");
    assert_eq!(judged(&[row("7"), row("8")]), "found 8");
    // the mock server may call the channel something else: what confirmed orders bear is one's own
    let mock = |number| Row { channel: "모의API".into(), ..row(number) };
    assert_eq!(judged(&[mock("7"), mock("8")]), "found 8");
    assert_eq!(judged(&[row("7"), mock("8")]), "ambiguous 8");
}

#[test]
fn two_equal_unknowns_are_ambiguous_each() {
    let cases = [case(intent("a")), case(intent("b"))];
    for (rows, want) in
        [(vec![], "not found"), (vec![row("7")], "ambiguous 7"), (vec![row("7"), row("8")], "ambiguous 7 8")]
    {
        let verdicts: Vec<String> = judge(&cases, &rows, Own::default()).iter().map(short).collect();
        assert_eq!(verdicts, [want, want]);
    }
    // the same while the second one is still being sent
    let own = Own { rivals: &cases[1..], ..Own::default() };
    assert_eq!(short(&judge(&cases[..1], &[row("7")], own)[0]), "ambiguous 7");
}

#[test]
fn us_orders_of_a_night_whatever_the_list_calls_its_day() {
    let us = Intent { desk: Desk::Us, symbol: "NVDA".into(), venue: "ND".into(), kind: "00".into(), ..intent("a") };
    // half past midnight in Korea: still the 6th in New York
    let case = Case {
        intent: us,
        from: "2026-07-07T00:29:00+09:00".parse().unwrap(),
        to: "2026-07-07T00:31:00+09:00".parse().unwrap(),
        absence: Absence::Proof,
    };
    let listed = |date: &str, time: &str| Row {
        symbol: "NVDA".into(),
        venue: String::new(),
        margin: None,
        date: date.parse().unwrap(),
        time: Some(time.parse().unwrap()),
        ..row("000000282")
    };
    for (date, time) in [("2026-07-06", "00:30:00"), ("2026-07-07", "00:30:00"), ("2026-07-06", "11:30:00")] {
        let verdict = &judge(std::slice::from_ref(&case), &[listed(date, time)], Own::default())[0];
        assert_eq!(short(verdict), "found 000000282", "{date} {time}");
    }
    let own = OrderRef::new(Desk::Us, "2026-07-06".parse().unwrap(), "000000282").of(Side::Buy, "NVDA");
    let own = Own { orders: std::slice::from_ref(&own), ..Own::default() };
    let verdict = &judge(&[case], &[listed("2026-07-07", "00:30:00")], own)[0];
    assert_eq!(short(verdict), "ambiguous 000000282", "the number of the day before, perhaps");
}

#[test]
fn what_two_lists_have_is_one_row() {
    let blank =
        |number: &str| Row { channel: String::new(), original: Original::NotListed, action: None, ..row(number) };
    let tomorrow = Row { date: "2026-07-07".parse().unwrap(), ..blank("0000007") };
    let noon = Row { time: Some("12:00:00".parse().unwrap()), ..tomorrow.clone() };
    let mut rows = vec![Row { channel: "REST API".into(), ..blank("7") }];
    join(&mut rows, vec![Row { channel: String::new(), ..row("0000007") }, tomorrow, noon.clone(), blank("8")]);
    assert_eq!(rows, [row("7"), noon, blank("8")]);
}

#[test]
fn a_list_without_a_confirmed_order_proves_nothing() {
    assert_eq!(contradiction(&[row("0000007")], &[owned("7")]), None);
    let doubt = contradiction(&[row("8")], &[owned("7")]).unwrap();
    assert!(doubt.to_string().contains("lacks 7 of 2026-07-06"), "{doubt}");
    // whether a cancellation has a row of its own is the list's affair
    assert_eq!(contradiction(&[], &[owned("7").instead_of("3")]), None);
}

/// What the lists call a side, a kind, a venue need not be what the documents say.
#[test]
fn a_word_that_is_not_listed_contradicts_nothing() {
    let word = |change: fn(Row) -> Row| change(row("7"));
    for row in [
        word(|row| Row { side: side("현금BUY"), ..row }),
        word(|row| Row { pricing: pricing("31"), ..row }),
        word(|row| Row { margin: margin("일반"), ..row }),
        word(|row| Row { action: None, original: Original::NotListed, ..row }),
    ] {
        check("one word", intent("a"), &[row], "ambiguous 7");
    }
    let krx = Intent { venue: "KRX".into(), ..intent("a") };
    check("a venue", krx, &[word(|row| Row { venue: "ATS".into(), ..row })], "ambiguous 7");
    check("a known word in another", intent("a"), &[word(|row| Row { side: side("현금매수"), ..row })], "found 7");
}

#[test]
fn before_the_bound_there_is_no_absence() {
    let not_before = at("10:32:00");
    let early = Case { absence: Absence::Early(not_before), ..case(intent("a")) };
    let judged = |rows: &[Row]| judge(std::slice::from_ref(&early), rows, Own::default()).remove(0);
    assert_eq!(judged(&[]), Verdict::TooEarly { not_before });
    assert_eq!(short(&judged(&[row("7")])), "found 7");
    assert_eq!(short(&judged(&[Row { channel: "영웅문4".into(), ..row("7") }])), "ambiguous 7");
    let doubtful = Case { absence: Absence::Doubtful(Both::fixed("no clock", "시계 없음")), ..case(intent("a")) };
    assert_eq!(short(&judge(&[doubtful], &[], Own::default())[0]), "unknown");
}

/// Lists of the US market may count a night to the day before or after that of the reply.
#[test]
fn an_order_of_a_us_night_is_known_by_everything_that_was_meant() {
    let us = Intent { desk: Desk::Us, symbol: "NVDA".into(), venue: "ND".into(), ..intent("night") };
    let meant = case(us.clone());
    let known = OrderRef::new(Desk::Us, row("137").date, "000000137").of(Side::Buy, "NVDA").at("ND");
    let next = known.date.tomorrow().unwrap();
    let listed = |change: fn(&mut Row)| {
        let mut row = Row { date: next, symbol: "NVDA".into(), ..row("137") };
        change(&mut row);
        as_listed(&known, &meant, &[row]).date
    };
    assert_eq!(listed(|_| {}), next);
    let others: [fn(&mut Row); 7] = [
        |row| row.number = "138".into(),
        |row| row.symbol = "AAPL".into(),
        |row| row.side = Some(Side::Sell),
        |row| row.qty = Some(11),
        |row| row.price = Some(70_200.into()),
        |row| row.time = Some("11:15:00".parse().unwrap()),
        |row| row.date = row.date.tomorrow().unwrap(),
    ];
    for (at, other) in others.into_iter().enumerate() {
        assert_eq!(listed(other), known.date, "case {at}");
    }
    // its own day goes first, and domestic days are what they are
    let rows = [Row { date: next, symbol: "NVDA".into(), ..row("137") }, Row { symbol: "NVDA".into(), ..row("137") }];
    assert_eq!(as_listed(&known, &meant, &rows).date, known.date);
    let domestic = as_listed(&owned("137"), &case(intent("day")), &[Row { date: next, ..row("137") }]);
    assert_eq!(domestic.date, owned("137").date);
}
