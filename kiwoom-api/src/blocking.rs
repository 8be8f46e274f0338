//! The same client without `async`: whatever can be awaited can be waited for, and streams become iterators.
//!
//! There is no second client and no second set of methods. Behind it stands one runtime for the whole process, with one
//! thread of its own that keeps connections alive between calls.
//!
//! ```no_run
//! use kiwoom_api::blocking::Wait;
//! use kiwoom_api::{Client, Credentials, Server};
//!
//! fn main() -> Result<(), kiwoom_api::Error> {
//!     let client = Client::new(Server::Mock, Credentials::from_env()?)?;
//!     let expires = client.sign_in().wait()?;
//!     let reply = client.call_raw("ka10099", "/api/dostk/stkinfo", r#"{"mrkt_tp":"0"}"#).read().wait()?;
//!     println!("{} bytes, token until {expires:?}", reply.bytes().len());
//!     Ok(())
//! }
//! ```

use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::LazyLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("kiwoom-api")
        .enable_all()
        .build()
        .expect("the system gives a thread and an event queue")
});

/// Waiting in the place of `.await`.
pub trait Wait: IntoFuture + Sized {
    /// Does it, and blocks this thread until it is done.
    ///
    /// # Panics
    /// Within an async runtime: there it is `.await`.
    fn wait(self) -> Self::Output {
        block_on(self.into_future())
    }
}

impl<F: IntoFuture> Wait for F {}

/// An iterator in the place of a stream.
pub trait WaitEach: Stream + Sized {
    /// The items one by one; each blocks this thread until it is there.
    ///
    /// # Panics
    /// Within an async runtime, where the next item is asked for.
    fn wait_each(self) -> Each<Self> {
        Each(Box::pin(self))
    }
}

impl<S: Stream> WaitEach for S {}

/// The items of a stream, waited for one by one.
#[must_use = "an iterator does nothing until it is asked for an item"]
pub struct Each<S>(Pin<Box<S>>);

impl<S: Stream> Iterator for Each<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        block_on(poll_fn(|context| self.0.as_mut().poll_next(context)))
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    assert!(Handle::try_current().is_err(), "wait() was called within an async runtime: use .await there");
    RUNTIME.block_on(future)
}
