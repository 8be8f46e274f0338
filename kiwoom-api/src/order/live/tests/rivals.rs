//! Equal orders whose replies were lost, beside equal ones of a hand: whose is whose is never guessed.

use std::time::Duration;

use super::super::book::{Blotter, Said, key_of};
use super::super::order::{Origin, Proof};
use super::super::report::{Report, ReportKind};
use super::broker::DAY;
use crate::order::{Action, Desk, Intent, OrderId, OrderRef};
use crate::value::{Decimal, Side};

const HAND: &str = "영웅문4";
const API: &str = "REST API";

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn id(name: &str) -> OrderId {
    name.parse().unwrap()
}

/// A sale of ten, like all others here.
fn intent(name: &str) -> Intent {
    Intent {
        id: id(name),
        action: Action::Place,
        desk: Desk::Stock,
        date: DAY,
        side: Side::Sell,
        symbol: "000660".into(),
        venue: "KRX".into(),
        kind: "0".into(),
        qty: Some(10),
        price: Some(Decimal::from(110)),
        stop: None,
        repay: None,
        original: None,
    }
}

fn report(number: &str, channel: &str) -> Report {
    Report {
        symbol: "000660".into(),
        side: Some(Side::Sell),
        action: Some(Action::Place),
        venue: "KRX".into(),
        price: Some(Decimal::from(110)),
        ordered: Some(Decimal::TEN),
        remaining: Some(Decimal::TEN),
        filled: (!channel.is_empty()).then_some(Decimal::ZERO),
        stage: ReportKind::Accepted,
        channel: channel.into(),
        ..Report::new(Desk::Stock, DAY, number.into())
    }
}

struct Desks(Blotter);

impl Desks {
    fn open() -> Desks {
        let mut book = Blotter::new(at(3), at(60));
        book.connected(at(0));
        Desks(book)
    }

    fn lose(&mut self, now: u64, name: &str) {
        self.0.sent(at(now), intent(name));
        self.0.replied(at(now), &id(name), Said::Unknown);
    }

    fn push(&mut self, now: u64, number: &str) {
        self.0.push(at(now), report(number, ""));
    }

    fn list(&mut self, now: u64, rows: &[(&str, &str)]) {
        let rows = rows.iter().map(|(number, channel)| report(number, channel)).collect();
        self.0.listed(at(now), at(now), rows, (&[DAY], DAY));
    }

    fn of(&self, name: &str) -> Option<(String, Origin)> {
        let order = self.0.view(self.0.ids.get(&id(name))?)?;
        Some((order.order.number.as_str().to_owned(), order.origin))
    }
}

/// The second is at the broker as 59, and nothing was pushed. Both pushes were of a hand, and a late list shows one of them.
#[test]
fn a_list_settles_nothing_while_a_push_may_be_taken_back() {
    let mut desk = Desks::open();
    desk.lose(1, "first");
    desk.push(2, "56");
    assert_eq!(desk.of("first"), Some(("56".into(), Origin::Ours(Proof::Push))));
    desk.lose(3, "second");
    desk.push(4, "62");
    desk.list(10, &[("56", HAND), ("59", API)]);
    assert_eq!([desk.of("first"), desk.of("second")], [None, None], "either may be 59");
    desk.list(20, &[("56", HAND), ("59", API), ("62", HAND)]);
    assert_eq!([desk.of("first"), desk.of("second")], [None, None], "either may be 59 still");
    // it was looked for long enough
    desk.0.not_placed(at(100), &id("first"));
    assert_eq!(desk.of("second"), Some(("59".into(), Origin::Ours(Proof::List))));
}

/// What a list was taken for goes back to being looked for if a reply names the order as that of another.
#[test]
fn a_reply_takes_back_what_a_list_was_taken_for() {
    let mut desk = Desks::open();
    desk.lose(1, "first");
    desk.list(10, &[("59", API)]);
    assert_eq!(desk.of("first"), Some(("59".into(), Origin::Ours(Proof::List))));
    desk.0.sent(at(11), intent("second"));
    let order = OrderRef::new(Desk::Stock, DAY, "59").of(Side::Sell, "000660").at("KRX");
    desk.0.replied(at(12), &id("second"), Said::Accepted(order));
    assert_eq!(desk.of("second"), Some(("59".into(), Origin::Ours(Proof::Reply))));
    assert_eq!((desk.of("first"), desk.0.settled(&id("first"))), (None, None));
    desk.list(20, &[("59", API), ("60", API)]);
    assert_eq!(desk.of("first"), Some(("60".into(), Origin::Ours(Proof::List))));
    assert!(desk.0.view(&key_of(DAY, &"60".into())).is_some());
}

/// A push showed as ordered what a cancellation had left of ten more; the list knows better.
#[test]
fn a_list_that_shows_another_quantity_takes_back_what_a_push_was_taken_for() {
    let mut desk = Desks::open();
    desk.lose(1, "first");
    desk.push(2, "45");
    assert_eq!(desk.of("first"), Some(("45".into(), Origin::Ours(Proof::Push))));
    let row = Report { ordered: Some(Decimal::from(20)), ..report("45", API) };
    desk.0.listed(at(10), at(10), vec![row], (&[DAY], DAY));
    assert_eq!(desk.of("first"), None);
    desk.list(20, &[("46", API)]);
    assert_eq!(desk.of("first"), Some(("46".into(), Origin::Ours(Proof::List))));
}
