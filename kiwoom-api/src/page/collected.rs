//! What a walk over pages returned.

use std::{fmt, vec};

use super::truncated::Truncated;
use super::walk::End;
use crate::Continuation;
use crate::endpoint::Listing;
use crate::error::Unfinished;
use crate::error::{Error, Kind};
use crate::json::decode::Anomaly;

/// The rows of a read over all its pages: [`Rows::collect`](super::Rows::collect).
///
/// `Debug` shows counts, not rows: they hold account data.
///
/// ```no_run
/// # use kiwoom_api::{Client, Error};
/// # use kiwoom_api::domestic::chart::StockDailyChart;
/// # async fn example(client: Client, request: StockDailyChart) -> Result<(), Error> {
/// let bars = client.rows(&request).limit_pages(3).collect().await?;
/// println!("{} bars, {:?}, {} blank rows", bars.rows.len(), bars.end, bars.blank_rows);
/// for bar in bars.exact()? {
///     println!("{:?}", bar.dt);
/// }
/// # Ok(()) }
/// ```
pub struct Collected<T: Listing> {
    /// The reply of the first page without its rows: only that page has totals.
    pub head: T,
    /// The rows of all pages, in the broker's order. Charts begin with the newest row.
    pub rows: Vec<T::Row>,
    /// Why the walk ended.
    pub end: End,
    /// Values that did not fit their types, with the [page](Anomaly::page) they came from and the [row](Anomaly::row) in
    /// `rows`; no row for those of the head and of the row that stopped the walk.
    pub anomalies: Vec<Anomaly>,
    /// How many more values did not fit: the first thousand of each page are kept.
    pub omitted_anomalies: usize,
    /// The number of pages received.
    pub pages: usize,
    /// The number of rows without any value, which were dropped. The broker returns one for unknown codes and empty
    /// days.
    pub blank_rows: usize,
    /// The number of rows of the last page after the stop, which were dropped too.
    pub unused: usize,
    /// Where the next page begins, if there is one: [`Rows::resume`](super::Rows::resume).
    pub continuation: Option<Continuation>,
    #[doc(hidden)]
    pub _more: More,
}

/// The private part of [`Collected`].
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct More {
    api: &'static str,
    limited: Option<Unfinished>,
}

impl<T: Listing> Collected<T> {
    pub(super) fn new(gathered: Gathered<T>, end: End, limited: Option<Unfinished>) -> Collected<T> {
        let Gathered { api, head, rows, anomalies, omitted, pages, blank_rows, unused, continuation } = gathered;
        let _more = More { api, limited };
        let head = head.unwrap_or_default();
        Collected {
            head,
            rows,
            end,
            anomalies,
            omitted_anomalies: omitted,
            pages,
            blank_rows,
            unused,
            continuation,
            _more,
        }
    }

    /// For tests of users: stopped by a limit after one page.
    #[cfg(feature = "testing")]
    pub(crate) fn limited(rows: Vec<T::Row>) -> Collected<T> {
        let _more = More { limited: Some(Unfinished::Pages(1)), ..More::default() };
        Collected { rows, end: End::Stopped, pages: 1, _more, ..Collected::default() }
    }

    /// The same, if no row is missing that was asked for: the broker said that nothing follows, or
    /// [`until`](super::Rows::until) was met.
    ///
    /// # Errors
    /// [`limit_pages`](super::Rows::limit_pages) or [`limit_rows`](super::Rows::limit_rows) stopped the walk before.
    pub fn complete(self) -> Result<Collected<T>, Truncated<T>> {
        match self._more.limited {
            None => Ok(self),
            Some(why) => {
                let error = why.error(self._more.api);
                Err(Truncated::new(self.gathered(), error))
            }
        }
    }

    /// The same, if every value fitted its type.
    ///
    /// # Errors
    /// [`Error::anomalies`] has those that did not.
    pub fn exact(self) -> Result<Collected<T>, Error> {
        if self.anomalies.is_empty() && self.omitted_anomalies == 0 {
            return Ok(self);
        }
        Err(inexact(self.anomalies, self.omitted_anomalies, self._more.api))
    }

    pub(super) fn gathered(self) -> Gathered<T> {
        let Collected {
            head,
            rows,
            anomalies,
            omitted_anomalies: omitted,
            pages,
            blank_rows,
            unused,
            continuation,
            _more,
            ..
        } = self;
        Gathered { api: _more.api, head: Some(head), rows, anomalies, omitted, pages, blank_rows, unused, continuation }
    }
}

fn inexact(anomalies: Vec<Anomaly>, omitted: usize, api: &'static str) -> Error {
    let error = Error::new(Kind::Inexact(anomalies, omitted));
    if api.is_empty() { error } else { error.of(api) }
}

/// What a walk has returned so far, however it ended.
pub(super) struct Gathered<T: Listing> {
    pub api: &'static str,
    pub head: Option<T>,
    pub rows: Vec<T::Row>,
    pub anomalies: Vec<Anomaly>,
    pub omitted: usize,
    pub pages: usize,
    pub blank_rows: usize,
    pub unused: usize,
    pub continuation: Option<Continuation>,
}

impl<T: Listing> Default for Collected<T> {
    fn default() -> Collected<T> {
        Collected {
            head: T::default(),
            rows: Vec::new(),
            end: End::Complete,
            anomalies: Vec::new(),
            omitted_anomalies: 0,
            pages: 0,
            blank_rows: 0,
            unused: 0,
            continuation: None,
            _more: More::default(),
        }
    }
}

impl<T: Listing> IntoIterator for Collected<T> {
    type Item = T::Row;
    type IntoIter = vec::IntoIter<T::Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'c, T: Listing> IntoIterator for &'c Collected<T> {
    type Item = &'c T::Row;
    type IntoIter = std::slice::Iter<'c, T::Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<T: Listing> fmt::Debug for Collected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collected")
            .field("api_id", &self._more.api)
            .field("rows", &self.rows.len())
            .field("end", &self.end)
            .field("anomalies", &self.anomalies.len())
            .field("pages", &self.pages)
            .field("blank_rows", &self.blank_rows)
            .field("unused", &self.unused)
            .finish_non_exhaustive()
    }
}
