//! A read row by row, whatever the name of its list and the number of its pages.
//!
//! Blank rows are dropped and counted here. Code that is generic over the reply is kept short: it is
//! compiled for every API that a program walks.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{mem, vec};

use futures_core::Stream;

use super::anomalies;
use super::collected::{Collected, Gathered};
use super::pages::Pages;
use super::truncated::Truncated;
use super::walk::End;
use crate::endpoint::Listing;
use crate::error::Unfinished;
use crate::json::blank::all_blank;
use crate::json::decode::Anomaly;
use crate::{Continuation, Error, Reply};

/// Decides whether a walk stops before this row.
type Predicate<'a, R> = Box<dyn FnMut(&R) -> bool + Send + 'a>;

/// The rows of a read over all its pages: [`Client::rows`](crate::Client::rows), [`Call::rows`](crate::Call::rows).
///
/// [`collect`](Rows::collect) returns them all at once, [`next`](Rows::next) one by one; `Rows` is also a `Stream`.
/// Nothing is fetched before that, and a further page only when the rows of the last one are used up. For limits and
/// timeouts, each page is a separate call.
///
/// Blank rows, which the broker returns for unknown codes and empty days, are dropped and counted.
///
/// ```no_run
/// use jiff::civil::date;
/// use kiwoom_api::codes::Adjust;
/// use kiwoom_api::domestic::chart::StockDailyChart;
/// # use kiwoom_api::{Client, Error};
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let request = StockDailyChart::new("005930", date(2026, 7, 3), Adjust::Adjusted);
/// let from = date(2024, 7, 3);
/// let mut rows = client.rows(&request).until(|row| row.dt.is_some_and(|day| day < from));
/// while let Some(row) = rows.next().await {
///     let row = row?;
///     println!("{:?} {:?}", row.dt, row.cur_prc);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is fetched before next() or collect() is awaited"]
pub struct Rows<'a, T: Listing> {
    pages: Pages<'a, T>,
    until: Option<Predicate<'a, T::Row>>,
    limit: Option<usize>,
    /// What is left of the last page.
    page: vec::IntoIter<T::Row>,
    head: Option<T>,
    taken: usize,
    blank: usize,
    unused: usize,
    anomalies: Vec<Anomaly>,
    omitted: usize,
}

impl<T: Listing> Unpin for Rows<'_, T> {}

impl<'a, T: Listing> Rows<'a, T> {
    pub(crate) fn over(pages: Pages<'a, T>) -> Rows<'a, T> {
        Rows {
            pages,
            until: None,
            limit: None,
            page: Vec::new().into_iter(),
            head: None,
            taken: 0,
            blank: 0,
            unused: 0,
            anomalies: Vec::new(),
            omitted: 0,
        }
    }

    /// Stops before the first row for which `stop` is true: that row is not returned, and no further page is fetched.
    /// The end is [`End::Stopped`].
    ///
    /// Note that `None` is less than any `Some`: `row.dt < Some(day)` also stops at a date that could not be read,
    /// while `row.dt.is_some_and(|dt| dt < day)` continues. [`Collected::exact`] fails in both cases.
    pub fn until(mut self, stop: impl FnMut(&T::Row) -> bool + Send + 'a) -> Self {
        self.until = Some(Box::new(stop));
        self
    }

    /// Ends the walk without an error after this many pages, with [`End::Stopped`] if more follow. `usize::MAX` removes
    /// the default cap of [`DEFAULT_PAGES`](super::DEFAULT_PAGES).
    pub fn limit_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.limit_pages(pages);
        self
    }

    /// Ends the walk without an error after this many rows, with [`End::Stopped`] if more follow.
    ///
    /// Pages arrive whole: [`Collected::unused`] counts the rest of the last one, and the continuation begins after
    /// that page. Use [`limit_pages`](Rows::limit_pages) if you want to resume the walk.
    pub fn limit_rows(mut self, rows: usize) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Begins at a page that an earlier walk did not reach. The request must be equal to that of the earlier walk.
    ///
    /// [`head`](Rows::head) is then that page's: most APIs return their totals on the first page only.
    pub fn resume(mut self, continuation: Continuation) -> Self {
        self.pages = self.pages.resume(continuation);
        self
    }

    /// The next row; `None` at the end, and after an error. [`end`](Rows::end) says which.
    ///
    /// If its future is dropped (`select!`), nothing is lost: the next one waits for the same page.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<T::Row, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// All remaining rows, and what surrounds them.
    ///
    /// # Errors
    /// As [`Pages::next`]; the error keeps the rows received so far and where to resume. `?` turns it into a plain
    /// [`Error`].
    ///
    /// ```no_run
    /// # use kiwoom_api::{Client, Error};
    /// # use kiwoom_api::domestic::account::BalanceValuation;
    /// # use kiwoom_api::need;
    /// # async fn example(client: Client, request: BalanceValuation) -> Result<(), Error> {
    /// let balance = client.rows(&request).collect().await?.complete()?.exact()?;
    /// let loan = need!(balance.head => tot_loan_amt)?;
    /// println!("{} positions on {} pages, {loan} won of loans", balance.rows.len(), balance.pages);
    /// # Ok(()) }
    /// ```
    pub async fn collect(mut self) -> Result<Collected<T>, Truncated<T>> {
        let before = self.taken;
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => return Err(Truncated::new(self.gathered(before, rows), error)),
            }
        }
        let (end, limited) = (self.pages.end().unwrap_or_default(), self.pages.walk.limited());
        Ok(Collected::new(self.gathered(before, rows), end, limited))
    }

    /// The reply of the first page without its rows: totals and other fields outside the list. `None` before the first
    /// page.
    pub fn head(&self) -> Option<&T> {
        self.head.as_ref()
    }

    /// Values of the pages so far that did not fit their types.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// How many more values did not fit: the first thousand of each page are kept.
    pub fn omitted_anomalies(&self) -> usize {
        self.omitted
    }

    /// The number of blank rows that were dropped.
    pub fn blank_rows(&self) -> usize {
        self.blank
    }

    /// The number of pages received.
    pub fn pages(&self) -> usize {
        self.pages.walk.pages()
    }

    /// Where the next page begins, if there is one. After an error: where to [`resume`](Rows::resume), or `None` if
    /// resuming makes no sense.
    pub fn continuation(&self) -> Option<&Continuation> {
        self.pages.continuation()
    }

    /// Why the walk ended; `None` while it goes on and after an error.
    pub fn end(&self) -> Option<End> {
        if self.page.len() > 0 { None } else { self.pages.end() }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T::Row, Error>>> {
        loop {
            match self.limit {
                Some(limit) if self.taken >= limit && (self.page.len() > 0 || self.pages.walk.goes_on()) => {
                    self.stop(Some(Unfinished::Rows(limit)), 0);
                    return Poll::Ready(None);
                }
                _ => {}
            }
            if let Some(row) = self.page.next() {
                if self.until.as_mut().is_some_and(|stop| stop(&row)) {
                    self.stop(None, 1);
                    return Poll::Ready(None);
                }
                self.taken += 1;
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(reply)) => self.open(reply),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    /// `looked_at` rows were taken from the page but not returned.
    fn stop(&mut self, why: Option<Unfinished>, looked_at: usize) {
        self.unused = looked_at + mem::take(&mut self.page).len();
        self.pages.walk.stop(why);
        anomalies::cut(&mut self.anomalies, self.taken, looked_at);
    }

    fn open(&mut self, reply: Reply<T>) {
        let (mut head, (mut anomalies, omitted)) = reply.into_parts();
        let mut rows = mem::take(head.rows_mut());
        let (mut at, mut dropped) = (0, Vec::new());
        rows.retain_mut(|row| {
            // if anomalies were omitted, nobody knows whether the row was really blank
            let blank = omitted == 0 && all_blank(row) && !anomalies::concern(&anomalies, at);
            if blank {
                dropped.push(at);
            }
            at += 1;
            !blank
        });
        anomalies::place(&mut anomalies, self.pages.walk.pages(), self.taken, &dropped);
        self.anomalies.append(&mut anomalies);
        self.omitted = self.omitted.saturating_add(omitted);
        self.blank += dropped.len();
        self.head.get_or_insert(head);
        self.page = rows.into_iter();
    }

    /// What a walk has returned; `before` rows were returned one by one.
    fn gathered(mut self, before: usize, rows: Vec<T::Row>) -> Gathered<T> {
        anomalies::forget(&mut self.anomalies, before);
        Gathered {
            api: self.pages.api,
            head: self.head,
            rows,
            anomalies: self.anomalies,
            omitted: self.omitted,
            pages: self.pages.walk.pages(),
            blank_rows: self.blank,
            unused: self.unused,
            continuation: self.pages.walk.continuation().cloned(),
        }
    }
}

impl<T: Listing> Stream for Rows<'_, T> {
    type Item = Result<T::Row, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}
