//! For any pages and any stop: no row is lost, none is made up, and anomalies stay with their rows.

use std::collections::VecDeque;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Collected, End, Pages, Rows};
use crate::Continuation;
use crate::id::ka10172::{self, Row};

/// A row as the broker may send it.
#[derive(Clone, Copy, Debug)]
enum Sent {
    Number(i64),
    Blank,
    Misfit,
}

type Page = Vec<Sent>;

/// When to stop.
#[derive(Clone, Copy, Debug)]
struct Stop {
    below: Option<i64>,
    rows: Option<usize>,
    pages: Option<usize>,
}

const NEVER: Stop = Stop { below: None, rows: None, pages: None };

/// Page `number` of `pages`, as text.
fn text(pages: &[Page], number: usize) -> String {
    let rows: Vec<_> = pages[number]
        .iter()
        .map(|sent| match sent {
            Sent::Number(number) => format!(r#"{{"13":"{number}"}}"#),
            Sent::Blank => r#"{"13":""}"#.to_owned(),
            Sent::Misfit => r#"{"13":"1x"}"#.to_owned(),
        })
        .collect();
    let more = if number + 1 < pages.len() { "Y" } else { "N" };
    format!(r#"{{"cont_yn":"{more}","next_key":"{}","data":[{}]}}"#, number + 1, rows.join(","))
}

/// Walks over `pages`, from `start` on.
fn walk(pages: &[Page], start: Option<Continuation>, stop: Stop) -> Collected<ka10172::Reply> {
    let texts: VecDeque<_> = (0..pages.len()).map(|number| text(pages, number)).collect();
    let fetch = Box::new(move |from: Option<Continuation>| {
        let number: usize = from.map_or(0, |from| from.next_key().parse().unwrap());
        let page = ka10172::Reply::from_json(&texts[number]);
        Box::pin(std::future::ready(page)) as crate::BoxFuture<'static, _>
    });
    let mut rows = Rows::over(Pages::over("ka10172", start, fetch));
    if let Some(below) = stop.below {
        rows = rows.until(move |row: &Row| row.volume < Some(below));
    }
    if let Some(limit) = stop.rows {
        rows = rows.limit_rows(limit);
    }
    if let Some(limit) = stop.pages {
        rows = rows.limit_pages(limit);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(rows.collect()).unwrap()
}

/// What is left of pages without their blank rows.
fn said(pages: &[Page]) -> Vec<Option<i64>> {
    let value = |sent: &Sent| match sent {
        Sent::Number(number) => Some(Some(*number)),
        Sent::Blank => None,
        Sent::Misfit => Some(None),
    };
    pages.iter().flatten().filter_map(value).collect()
}

fn volumes(rows: &[Row]) -> Vec<Option<i64>> {
    rows.iter().map(|row| row.volume).collect()
}

fn pages() -> impl Strategy<Value = Vec<Page>> {
    let sent = prop_oneof![5 => (1..100_i64).prop_map(Sent::Number), 1 => Just(Sent::Blank), 1 => Just(Sent::Misfit)];
    vec(vec(sent, 0..6), 1..6)
}

fn stop() -> impl Strategy<Value = Stop> {
    (option::of(1..100_i64), option::of(0..20_usize), option::of(0..7_usize)).prop_map(|(below, rows, pages)| Stop {
        below,
        rows,
        pages,
    })
}

proptest! {
    #[test]
    fn rows_are_those_before_the_first_stop(pages in pages(), stop in stop()) {
        let got = walk(&pages, None, stop);
        let within = said(&pages[..pages.len().min(stop.pages.unwrap_or(usize::MAX))]);
        let until = within.iter().position(|row| stop.below.is_some() && *row < stop.below).unwrap_or(within.len());
        prop_assert_eq!(volumes(&got.rows), &within[..until.min(stop.rows.unwrap_or(usize::MAX))]);
        if got.end == End::Complete {
            prop_assert_eq!(got.rows.len(), said(&pages).len());
            prop_assert!(got.continuation.is_none());
        }
    }

    #[test]
    fn every_row_is_accounted_for(pages in pages(), stop in stop()) {
        let got = walk(&pages, None, stop);
        let read: usize = pages[..got.pages].iter().map(Vec::len).sum();
        prop_assert_eq!(got.rows.len() + got.blank_rows + got.unused, read);
    }

    #[test]
    fn anomalies_stay_with_their_rows(pages in pages(), stop in stop()) {
        let got = walk(&pages, None, stop);
        let misread = got.rows.iter().enumerate().filter(|(_, row)| row.volume.is_none()).map(|(row, _)| row);
        let told = got.anomalies.iter().filter_map(|anomaly| anomaly.row);
        prop_assert!(misread.eq(told), "{:?} of {:?}", got.anomalies, volumes(&got.rows));
        for anomaly in &got.anomalies {
            prop_assert!(anomaly.page.is_some_and(|page| (1..=got.pages).contains(&page)));
        }
        prop_assert!(got.anomalies.len() - got.anomalies.iter().filter(|a| a.row.is_some()).count() <= 1);
    }

    #[test]
    fn a_walk_in_two_parts_is_the_whole_walk(pages in pages(), first in 1..6_usize) {
        let got = walk(&pages, None, Stop { pages: Some(first), ..NEVER });
        let mut rows = volumes(&got.rows);
        if let Some(from) = got.continuation {
            rows.extend(volumes(&walk(&pages, Some(from), NEVER).rows));
        }
        prop_assert_eq!(rows, said(&pages));
    }
}
