//! A read page by page, each as a [`Reply`].
//!
//! Pages come from a function that takes a continuation and returns a reply; this file does not know whether that is an
//! HTTP call or a WebSocket message. [`Walk`] decides what to fetch.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::walk::{End, Next, Walk};
use crate::call::BoxFuture;
use crate::{Continuation, Error, Reply};

/// Fetches the page at a continuation; `None` is the first page.
pub(crate) type Fetch<'a, T> =
    Box<dyn FnMut(Option<Continuation>) -> BoxFuture<'a, Result<Reply<T>, Error>> + Send + 'a>;

/// The pages of a read, one by one: [`Client::pages`](crate::Client::pages), [`Call::pages`](crate::Call::pages).
///
/// Nothing is fetched before [`next`](Pages::next) is awaited, and then one page only. For limits and timeouts, each
/// page is a separate call. `Pages` is also a `Stream`.
///
/// After an `Err` the walk is over: the caller has the earlier pages, and [`continuation`](Pages::continuation) says
/// where to resume.
///
/// ```no_run
/// use kiwoom_api::codes::BalanceVenue;
/// use kiwoom_api::domestic::account::BalanceValuation;
/// use kiwoom_api::domestic::account::codes::BalanceDetail;
/// # use kiwoom_api::{Client, Error};
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let request = BalanceValuation::new(BalanceDetail::Individual, BalanceVenue::Krx);
/// let mut pages = client.pages(&request);
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("{} positions, {} values not understood", page.rows().len(), page.anomalies().len());
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is fetched before next() is awaited"]
pub struct Pages<'a, T> {
    fetch: Fetch<'a, T>,
    coming: Option<BoxFuture<'a, Result<Reply<T>, Error>>>,
    pub(super) walk: Walk,
    pub(super) api: &'static str,
}

impl<'a, T> Pages<'a, T> {
    /// The pages that `fetch` returns, beginning at `start`.
    pub(crate) fn over(api: &'static str, start: Option<Continuation>, fetch: Fetch<'a, T>) -> Pages<'a, T> {
        Pages { fetch, coming: None, walk: Walk::from(start), api }
    }

    /// Ends the walk without an error after this many pages, with [`End::Stopped`] if more follow. `usize::MAX` removes
    /// the default cap of [`DEFAULT_PAGES`](super::DEFAULT_PAGES).
    pub fn limit_pages(mut self, pages: usize) -> Self {
        self.walk.limit(pages);
        self
    }

    /// Begins at a page that an earlier walk did not reach. The request must be equal to that of the earlier walk.
    pub fn resume(mut self, continuation: Continuation) -> Self {
        self.walk.resume(continuation);
        self
    }

    /// The next page; `None` after the last one, and after an error.
    ///
    /// If its future is dropped (`select!`), nothing is lost: the next one waits for the same page.
    ///
    /// # Errors
    /// Errors of the call; a next-key that repeats; more than [`DEFAULT_PAGES`](super::DEFAULT_PAGES) pages when no
    /// limit is set.
    pub async fn next(&mut self) -> Option<Result<Reply<T>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next page begins, if there is one. After an error: where to [`resume`](Pages::resume), `None` if that
    /// makes no sense.
    pub fn continuation(&self) -> Option<&Continuation> {
        self.walk.continuation()
    }

    /// Why the walk ended; `None` while it goes on and after an error.
    pub fn end(&self) -> Option<End> {
        self.walk.end()
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Reply<T>, Error>>> {
        let coming = match &mut self.coming {
            Some(coming) => coming,
            None => match self.walk.turn() {
                Next::Fetch(from) => self.coming.insert((self.fetch)(from)),
                Next::Fail(why) => return Poll::Ready(Some(Err(why.error(self.api)))),
                Next::Over => return Poll::Ready(None),
            },
        };
        let page = ready!(coming.as_mut().poll(context));
        self.coming = None;
        match &page {
            Ok(reply) => self.walk.arrived(reply.continuation()),
            Err(_) => self.walk.failed(),
        }
        Poll::Ready(Some(page))
    }
}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<Reply<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}
