//! What is known about an API before any call: its address, its effect, its answer.
//!
//! Invariant: everything here is static data; transport, limiter, registry and simulator read it and add nothing to it.

use crate::error::Error;
pub use crate::meta::{Effect, Meta, Mock, Protocol};
pub use crate::record::Listing;
use crate::record::Record;
use crate::reply::Reply;

/// A request that knows which API it belongs to.
pub trait Endpoint: Record + Clone + Send + Sync + 'static {
    /// The body of the reply.
    type Reply: Record + Default + Send + 'static;
    /// What a call gives: `Result<Reply<_>, Error>` for reads, `Outcome<Reply<_>>` for trades.
    type Answer: From<Result<Reply<Self::Reply>, Error>>;
    /// Static facts.
    const META: &'static Meta;
    /// Keys that must have a value before the request is sent, as positions in [`Record::keys`].
    const REQUIRED: &'static [usize] = &[];
    /// Keys that are sent as `""` when unset, as positions; all others are left out.
    const BLANK: &'static [usize] = &[];
}

/// The record of a realtime topic.
pub trait Topic: Record + Default + Send {
    /// Static facts; `id` is the topic's type.
    const META: &'static Meta;
}

/// A request that only reads: what [`Client::pages`](crate::Client::pages) takes. Each endpoint that answers with a
/// `Result<Reply<_>, Error>` is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request that only reads",
    note = "an order has no pages: it is sent once, and answers with an `Outcome`"
)]
pub trait ReadRequest: Endpoint<Answer = Result<Reply<<Self as Endpoint>::Reply>, Error>> {}

impl<R> ReadRequest for R where R: Endpoint<Answer = Result<Reply<<R as Endpoint>::Reply>, Error>> {}

/// A request that lists rows: what [`Client::rows`](crate::Client::rows) takes. Each read whose reply is a [`Listing`] is one.
///
/// ```
/// use kiwoom_api::endpoint::ListRequest;
/// use kiwoom_api::{Client, Error};
///
/// async fn all<R: ListRequest>(client: &Client, request: R) -> Result<Vec<R::Row>, Error> {
///     Ok(client.rows(request).collect().await?.complete()?.exact()?.rows)
/// }
///
/// // "a request that lists rows of T"
/// async fn count<T>(client: &Client, request: &impl ListRequest<Row = T>) -> Result<usize, Error> {
///     Ok(client.rows(request).collect().await?.complete()?.rows.len())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request that lists rows",
    note = "only reads whose reply holds one list have rows; `client.call(&request)` gives any reply as a whole"
)]
pub trait ListRequest: ReadRequest + Endpoint<Reply: Listing<Row = <Self as ListRequest>::Row>> {
    /// A row of the list.
    type Row: Record + Default + Send + 'static;
}

impl<R> ListRequest for R
where
    R: ReadRequest,
    R::Reply: Listing,
{
    type Row = <R::Reply as Listing>::Row;
}

/// A request as calls take it: by reference or by value. Sealed; `How` is for the compiler to find out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request of an API",
    note = "give a request such as `StockDailyChart`, by reference or by value"
)]
pub trait Ask<How>: ask::Sealed<How> {
    /// The request.
    type Request: Endpoint;
    #[doc(hidden)]
    fn into_request(self) -> Self::Request;
}

impl<R: Endpoint> Ask<ask::Owned> for R {
    type Request = R;
    fn into_request(self) -> R {
        self
    }
}

impl<R: Endpoint> Ask<ask::Borrowed> for &R {
    type Request = R;
    fn into_request(self) -> R {
        self.clone()
    }
}

mod ask {
    use super::Endpoint;

    pub trait Sealed<How> {}
    #[derive(Debug)]
    pub enum Owned {}
    #[derive(Debug)]
    pub enum Borrowed {}
    impl<R: Endpoint> Sealed<Owned> for R {}
    impl<R: Endpoint> Sealed<Borrowed> for &R {}
}
