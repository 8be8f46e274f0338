//! A walk that did not reach its end, and what it had fetched.

use std::error::Error as StdError;
use std::fmt;

use super::collected::Gathered;
use crate::endpoint::Listing;
use crate::json::decode::Anomaly;
use crate::language::both;
use crate::{Continuation, Error, Language};

/// Rows are missing; this holds those that were received: the error of [`Rows::collect`](super::Rows::collect) and
/// [`Collected::complete`](super::Collected::complete).
///
/// `?` turns it into the plain [`Error`] and drops the rows. To keep them:
///
/// ```no_run
/// # use kiwoom_api::{Client, Error};
/// # use kiwoom_api::domestic::chart::{StockDailyChart, StockDailyChartRow};
/// /// As many rows as there are, if need be in two walks.
/// async fn rows(client: Client, request: StockDailyChart) -> Result<Vec<StockDailyChartRow>, Error> {
///     let cut = match client.rows(&request).collect().await {
///         Ok(collected) => return Ok(collected.rows),
///         Err(cut) => cut,
///     };
///     eprintln!("{cut}");
///     let Some(from) = cut.continuation().cloned() else { return Err(cut.into()) };
///     let mut rows = cut.into_rows();
///     rows.extend(client.rows(&request).resume(from).collect().await?);
///     Ok(rows)
/// }
/// ```
pub struct Truncated<T: Listing>(Box<Inner<T>>);

struct Inner<T: Listing> {
    read: Gathered<T>,
    error: Error,
}

impl<T: Listing> Truncated<T> {
    pub(super) fn new(read: Gathered<T>, error: Error) -> Truncated<T> {
        Truncated(Box::new(Inner { read, error }))
    }

    /// For tests of users: one page came, then the error.
    #[cfg(feature = "testing")]
    pub(crate) fn made(rows: Vec<T::Row>, error: Error) -> Truncated<T> {
        let cut = super::Collected::limited(rows).gathered();
        Truncated::new(cut, error)
    }

    /// Why the walk ended.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// Where the missing rows begin: [`Rows::resume`](super::Rows::resume). `None` if only a new walk helps: the first
    /// page did not arrive, or the broker's keys lead nowhere.
    pub fn continuation(&self) -> Option<&Continuation> {
        self.0.read.continuation.as_ref()
    }

    /// The rows received.
    pub fn rows(&self) -> &[T::Row] {
        &self.0.read.rows
    }

    /// The rows received, by value.
    pub fn into_rows(self) -> Vec<T::Row> {
        self.0.read.rows
    }

    /// The rows received and why the walk ended, by value.
    pub fn into_parts(self) -> (Vec<T::Row>, Error) {
        (self.0.read.rows, self.0.error)
    }

    /// The reply of the first page without its rows, if that page arrived.
    pub fn head(&self) -> Option<&T> {
        self.0.read.head.as_ref()
    }

    /// Values that did not fit their types.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.0.read.anomalies
    }

    /// How many more values did not fit: the first thousand of each page are kept.
    pub fn omitted_anomalies(&self) -> usize {
        self.0.read.omitted
    }

    /// The number of pages received.
    pub fn pages(&self) -> usize {
        self.0.read.pages
    }

    /// The text in this language: that of the [`Error`], and what was received before. `Display` is English.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use kiwoom_api::domestic::chart::StockDailyChartReply;
    /// use kiwoom_api::{Language, testing};
    ///
    /// let cut = testing::truncated::<StockDailyChartReply>(vec![Default::default()], testing::refused(1700));
    /// assert!(cut.to_string().ends_with("; 1 row(s) of 1 page(s) came before (rows() has them, the rest needs a new walk)"));
    /// let korean = cut.display(Language::Korean).to_string();
    /// assert!(korean.ends_with("; 그 전에 1쪽에서 1행을 받았습니다 (받은 행은 rows()에 있고, 나머지는 처음부터 다시 읽어야 합니다)"), "{korean}");
    /// # }
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        TruncatedText { cut: self, language }
    }

    /// The number of blank rows that were dropped.
    pub fn blank_rows(&self) -> usize {
        self.0.read.blank_rows
    }
}

impl<T: Listing> From<Truncated<T>> for Error {
    fn from(truncated: Truncated<T>) -> Error {
        truncated.0.error
    }
}

/// What happened, in one language.
struct TruncatedText<'a, T: Listing> {
    cut: &'a Truncated<T>,
    language: Language,
}

impl<T: Listing> fmt::Display for TruncatedText<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { read, error } = &*self.cut.0;
        error.display(self.language).fmt(f)?;
        let (rows, pages) = (read.rows.len(), read.pages);
        let tail = match read.continuation {
            _ if pages == 0 => return Ok(()),
            Some(_) => both!(
                "; {rows} row(s) of {pages} page(s) came before (rows() has them, resume(continuation()) goes on)",
                "; 그 전에 {pages}쪽에서 {rows}행을 받았습니다 (받은 행은 rows()에 있고, resume(continuation())로 이어 읽습니다)"
            ),
            None => both!(
                "; {rows} row(s) of {pages} page(s) came before (rows() has them, the rest needs a new walk)",
                "; 그 전에 {pages}쪽에서 {rows}행을 받았습니다 (받은 행은 rows()에 있고, 나머지는 처음부터 다시 읽어야 합니다)"
            ),
        };
        f.write_str(tail.told(self.language))
    }
}

impl<T: Listing> fmt::Display for Truncated<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(Language::English).fmt(f)
    }
}

impl<T: Listing> fmt::Debug for Truncated<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { read, error } = &*self.0;
        f.debug_struct("Truncated")
            .field("error", error)
            .field("rows", &read.rows.len())
            .field("pages", &read.pages)
            .finish_non_exhaustive()
    }
}

impl<T: Listing> StdError for Truncated<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.error.source()
    }
}
