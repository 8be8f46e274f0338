//! Walks over the pages of a read: page by page, row by row, or all at once.
//!
//! Layers: `walk` (what to fetch next and why to stop), `pages` (fetches it), `rows` (opens the pages, drops blank rows), `collected` and
//! `truncated` (the two ways a walk ends), `anomalies` (which row of the walk an anomaly belongs to). Nothing here
//! knows HTTP, limits or retries: a page is a call like any other.

mod anomalies;
mod collected;
mod pages;
mod rows;
mod truncated;
mod walk;

pub use self::collected::Collected;
pub use self::pages::Pages;
pub use self::rows::Rows;
pub use self::truncated::Truncated;
pub use self::walk::{DEFAULT_PAGES, End};
pub use crate::continuation::Continuation;

use crate::Client;
use crate::call::Call;
use crate::endpoint::{Ask, Endpoint, ListRequest, ReadRequest};

impl Client {
    /// The rows of a read over all its pages; the request is given by reference or by value. Nothing is sent before [`next`](Rows::next) or [`collect`](Rows::collect).
    ///
    /// ```no_run
    /// # use kiwoom_api::{Client, Error};
    /// # use kiwoom_api::domestic::chart::StockDailyChart;
    /// # async fn example(client: Client, request: StockDailyChart) -> Result<(), Error> {
    /// for row in client.rows(&request).collect().await?.complete()?.exact()? {
    ///     println!("{:?} {:?}", row.dt, row.cur_prc);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// An order has no pages:
    ///
    /// ```compile_fail
    /// # use kiwoom_api::Client;
    /// # use kiwoom_api::domestic::order::BuyOrder;
    /// # fn example(client: Client, order: BuyOrder) {
    /// let twice = client.pages(&order);
    /// # }
    /// ```
    #[doc(alias = "연속조회")]
    #[doc(alias = "cont-yn")]
    #[doc(alias = "next-key")]
    pub fn rows<'a, How, A>(&self, request: A) -> Rows<'a, <A::Request as Endpoint>::Reply>
    where
        A: Ask<How>,
        A::Request: ListRequest,
    {
        self.call(request).rows()
    }

    /// The pages of a read, each as a [`Reply`](crate::Reply). Nothing is sent before [`next`](Pages::next).
    pub fn pages<'a, How, A>(&self, request: A) -> Pages<'a, <A::Request as Endpoint>::Reply>
    where
        A: Ask<How>,
        A::Request: ReadRequest,
    {
        self.call(request).pages()
    }
}

impl<R: ReadRequest> Call<R> {
    /// The rows of this call over all its pages, each of them called with the options of this one:
    /// [`timeout`](Call::timeout), [`deadline`](Call::deadline) and [`retry`](Call::retry) are those of one page.
    ///
    /// ```no_run
    /// # use kiwoom_api::{Client, Error};
    /// # use kiwoom_api::domestic::chart::StockDailyChart;
    /// # use std::time::Duration;
    /// # async fn example(client: Client, request: StockDailyChart) -> Result<(), Error> {
    /// let call = client.domestic_chart().stock_daily_chart(&request).timeout(Duration::from_secs(20));
    /// let bars = call.rows().collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn rows<'a>(self) -> Rows<'a, R::Reply>
    where
        R: ListRequest,
    {
        Rows::over(self.pages())
    }

    /// The pages of this call, each of them called with the options of this one, as with [`rows`](Call::rows).
    pub fn pages<'a>(self) -> Pages<'a, R::Reply> {
        let start = self.continuation().cloned();
        Pages::over(R::META.id, start, Box::new(move |from| Box::pin(self.at(from))))
    }
}

#[cfg(all(test, feature = "domestic-condition"))]
mod tests;
