//! What pushes and rows say, in the forms of the documents, and what the book makes of it.

use std::time::Duration;

use jiff::civil::Date;

use super::super::book::{Blotter, key_of};
use super::super::event::LiveEvent;
use super::super::order::{LiveOrder, LiveStatus, Origin};
use super::super::report::{Report, ReportKind};
use super::broker::DAY;
use crate::order::{Action, Desk};
use crate::value::{Decimal, Side};

fn book() -> Blotter {
    let mut book = Blotter::new(Duration::from_secs(3), Duration::from_secs(60));
    book.connected(at(0));
    book
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn view(book: &Blotter, number: &str) -> LiveOrder {
    book.view(&key_of(DAY, &number.into())).unwrap()
}

#[cfg(all(feature = "domestic-account", feature = "domestic-realtime"))]
mod domestic {
    use super::*;
    use crate::domestic::realtime::OrderExecution;

    fn pushed(values: &str) -> Report {
        let push = OrderExecution::from_json(&format!("{{{values}}}")).unwrap();
        super::super::super::domestic::pushed(&push, DAY).unwrap()
    }

    const ACCEPTED: &str = r#""9203":"0000018","9001":"005930","913":"접수","900":"10","901":"70100","902":"10","903":"0",
        "904":"0000000","905":"+매수","907":"2","909":"","911":"","914":"","915":"","919":"0","922":"00","2134":"1",
        "2135":"KRX","2136":"Y""#;

    fn filled(number: &str, (qty, left): (i64, i64)) -> String {
        ACCEPTED
            .replace(r#""913":"접수""#, r#""913":"체결""#)
            .replace(r#""902":"10""#, &format!(r#""902":"{left}""#))
            .replace(r#""909":"""#, &format!(r#""909":"{number}""#))
            .replace(r#""914":"","915":"""#, &format!(r#""914":"70000","915":"{qty}""#))
    }

    #[test]
    fn a_push_is_read_by_its_meaning() {
        let report = pushed(ACCEPTED);
        assert_eq!(
            (report.stage, report.action, report.side),
            (ReportKind::Accepted, Some(Action::Place), Some(Side::Buy))
        );
        assert_eq!((report.original, report.fill, report.desk), (None, None, Desk::Stock));
        // a routed order is cancelled where it was sent to
        assert_eq!(report.venue, "SOR");
        let margin = pushed(&ACCEPTED.replace(r#""922":"00""#, r#""922":"03""#));
        assert_eq!(margin.desk, Desk::Margin);
        let fill = pushed(&filled("7", (3, 7))).fill.unwrap();
        assert_eq!(((&*fill.0.0, &*fill.0.1), fill.1.qty), (("KRX", "7"), Some(d("3"))));
        let cancel = ACCEPTED.replace("+매수", "매수취소").replace(r#""904":"0000000""#, r#""904":"0000012""#);
        let cancel = pushed(&cancel);
        assert_eq!((cancel.action, cancel.original), (Some(Action::Cancel), Some("0000012".into())));
    }

    #[test]
    fn fills_without_a_number_are_told_apart_by_what_was_left() {
        let mut book = book();
        for text in [filled("", (3, 7)), filled("", (3, 7)), filled("", (2, 5)), filled("0", (2, 5))] {
            book.push(at(1), pushed(&text));
        }
        let order = view(&book, "0000018");
        assert_eq!((order.filled, order.remaining, order.value), (d("5"), d("5"), Some(d("350000"))));
    }

    #[test]
    fn the_same_number_of_two_venues_is_two_fills() {
        let mut book = book();
        book.push(at(1), pushed(&filled("7", (3, 7))));
        book.push(at(1), pushed(&filled("7", (2, 5)).replace("KRX", "NXT")));
        assert_eq!(view(&book, "0000018").filled, d("5"));
    }

    #[test]
    fn an_order_ends_with_its_day() {
        let mut book = book();
        book.push(at(1), pushed(&filled("7", (3, 7))));
        let tomorrow: Date = DAY.tomorrow().unwrap();
        // its own day must have been read
        book.listed(at(20), at(19), Vec::new(), (&[tomorrow], tomorrow));
        assert_eq!(view(&book, "0000018").status, LiveStatus::Open);
        book.listed(at(30), at(29), Vec::new(), (&[DAY, tomorrow], tomorrow));
        let order = view(&book, "0000018");
        assert_eq!(
            (order.status, order.filled, order.remaining, order.cancelled),
            (LiveStatus::Expired, d("3"), d("0"), d("7"))
        );
        assert!(book.events().any(|event| matches!(event, LiveEvent::Expired(_))));
        // and is forgotten later
        let later = tomorrow.tomorrow().unwrap();
        book.listed(at(40), at(39), Vec::new(), (&[later], later));
        assert!(book.view(&key_of(DAY, &"0000018".into())).is_none());
    }

    #[test]
    fn a_rejected_order_is_done_and_says_why() {
        let mut book = book();
        let text =
            ACCEPTED.replace(r#""913":"접수""#, r#""913":"거부""#).replace(r#""919":"0""#, r#""919":"호가 오류""#);
        book.push(at(1), pushed(&text));
        let order = view(&book, "0000018");
        assert_eq!(
            (order.status, order.reason.as_str(), order.origin),
            (LiveStatus::Rejected, "호가 오류", Origin::Elsewhere)
        );
        assert!(order.is_done());
    }
}

#[cfg(all(feature = "us-account", feature = "us-realtime"))]
mod us {
    use super::*;
    use crate::us::realtime::{OrderConfirmation, OrderExecution};

    fn confirmed(values: &str) -> Report {
        let push = OrderConfirmation::from_json(&format!("{{{values}}}")).unwrap();
        super::super::super::us::confirmed(&push, DAY).unwrap()
    }

    fn filled(values: &str) -> Report {
        let push = OrderExecution::from_json(&format!("{{{values}}}")).unwrap();
        super::super::super::us::filled(&push, DAY).unwrap()
    }

    const SENT: &str = r#""900":"5","901":"198.4200","904":"000000000","905":"10","907":"02","913":"주문전송","9001":"NVDA","9203":"000000027","50072":"매수""#;

    fn fill(number: &str, (price, qty, left): (&str, &str, &str), status: &str) -> String {
        format!(
            r#""900":"5","901":"0000198.4200","902":"{left}","904":"000000000","905":"25","907":"02","909":"{number}",
            "910":"{price}","911":"{qty}","913":"{status}","9001":"NVDA","9203":"000000027","50072":"매수""#
        )
    }

    #[test]
    fn a_us_order_from_its_sending_to_its_last_fill() {
        let mut book = book();
        book.push(at(1), confirmed(SENT));
        assert_eq!(view(&book, "000000027").status, LiveStatus::Pending);
        book.push(at(1), filled(&fill("000000000", ("000000000000", "0", "5"), "접수")));
        assert_eq!(view(&book, "000000027").status, LiveStatus::Open);
        for _ in 0..2 {
            book.push(at(2), filled(&fill("000000001", ("198.4000", "3", "2"), "부분체결")));
        }
        let order = view(&book, "000000027");
        assert_eq!((order.filled, order.remaining, order.value), (d("3"), d("2"), Some(d("595.2"))));
        assert_eq!((order.order.side, order.order.symbol.as_str(), order.order.desk), (Side::Buy, "NVDA", Desk::Us));
        book.push(at(3), filled(&fill("000000002", ("198.4200", "2", "0"), "체결완료")));
        let order = view(&book, "000000027");
        assert_eq!((order.status, order.value), (LiveStatus::Filled, Some(d("992.04"))));
        let told: Vec<_> = book
            .events()
            .filter_map(|event| match event {
                LiveEvent::Filled { fill, .. } => Some((fill.qty, fill.price)),
                _ => None,
            })
            .collect();
        assert_eq!(told, [(d("3"), Some(d("198.4"))), (d("2"), Some(d("198.42")))]);
    }

    #[test]
    fn a_lost_us_fill_shows_in_the_next_one() {
        let mut book = book();
        book.push(at(1), filled(&fill("000000000", ("0", "0", "5"), "접수")));
        book.push(at(2), filled(&fill("000000002", ("198.4200", "2", "1"), "부분체결")));
        let order = view(&book, "000000027");
        // two of it, and two that nobody saw: at which price is not known
        assert_eq!((order.filled, order.remaining, order.average()), (d("4"), d("1"), None));
    }

    /// Told after a cancellation took the rest: what it says is left is not what the fill left.
    #[test]
    fn a_us_fill_of_a_cancelled_order_fills_no_more_than_it_says() {
        let mut book = book();
        book.push(at(1), filled(&fill("000000000", ("0", "0", "5"), "접수")));
        book.push(at(2), filled(&fill("000000001", ("198.4200", "2", "0"), "부분체결")));
        let order = view(&book, "000000027");
        assert!(order.filled <= d("2"), "{order:?}");
        assert!(!order.is_done(), "the lists tell: {order:?}");
        let row = Report {
            symbol: "NVDA".into(),
            action: Some(Action::Place),
            ordered: Some(d("5")),
            remaining: Some(d("0")),
            filled: Some(d("2")),
            stage: ReportKind::Accepted,
            ..Report::new(Desk::Us, DAY, "000000027".into())
        };
        book.listed(at(7), at(6), vec![row], (&[DAY], DAY));
        let order = view(&book, "000000027");
        assert_eq!((order.status, order.filled, order.cancelled), (LiveStatus::Cancelled, d("2"), d("3")));
        let told: Decimal = book
            .events()
            .filter_map(|event| match event {
                LiveEvent::Filled { fill, .. } => Some(fill.qty),
                _ => None,
            })
            .sum();
        assert_eq!(told, d("2"));
    }

    #[test]
    fn a_us_cancellation_shows_in_the_lists() {
        let mut book = book();
        book.push(at(1), filled(&fill("000000000", ("0", "0", "5"), "접수")));
        let cancel = SENT
            .replace(r#""905":"10""#, r#""905":"12""#)
            .replace("000000027", "000000028")
            .replace(r#""904":"000000000""#, r#""904":"000000027""#);
        book.push(at(2), confirmed(&cancel));
        assert_eq!(view(&book, "000000027").status, LiveStatus::Open);
        assert!(book.looks.next().is_some_and(|look| look <= at(5)), "a look is due");
        let row = |number: &str, original: Option<&str>| Report {
            symbol: "NVDA".into(),
            action: Some(if original.is_some() { Action::Cancel } else { Action::Place }),
            original: original.map(Into::into),
            ordered: Some(d("5")),
            remaining: Some(d("0")),
            filled: Some(d("0")),
            stage: ReportKind::Accepted,
            ..Report::new(Desk::Us, DAY, number.into())
        };
        let rows = vec![row("000000027", None), row("000000028", Some("000000027"))];
        book.listed(at(7), at(6), rows, (&[DAY], DAY));
        let order = view(&book, "000000027");
        assert_eq!((order.status, order.cancelled), (LiveStatus::Cancelled, d("5")));
        assert_eq!(view(&book, "000000028").status, LiveStatus::Confirmed);
    }
}
