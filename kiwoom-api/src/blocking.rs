//! The same client without `async`: anything you can `.await`, you can `.wait()` on, and streams become iterators.
//!
//! Waiting works on any thread that may block: your own, one of a pool, and in an async program inside
//! `tokio::task::spawn_blocking` and `block_in_place`. It panics if it would stop async tasks, and the message says
//! what to do.
//!
//! There is no second client and no second set of methods. One runtime serves the whole process, with one thread that
//! keeps connections alive between calls.
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

/// Waits instead of `.await`.
pub trait Wait: IntoFuture + Sized {
    /// Runs it, and blocks this thread until it is done.
    ///
    /// ```no_run
    /// # use kiwoom_api::{Client, Error};
    /// use kiwoom_api::blocking::Wait;
    ///
    /// # async fn example(client: Client) {
    /// let token = tokio::task::spawn_blocking(move || client.sign_in().wait()).await;
    /// # }
    /// ```
    ///
    /// # Panics
    /// On a thread that runs async tasks: write `.await` there, or move the call into `tokio::task::spawn_blocking`.
    fn wait(self) -> Self::Output {
        block_on(self.into_future())
    }
}

impl<F: IntoFuture> Wait for F {}

/// An iterator instead of a stream.
pub trait WaitEach: Stream + Sized {
    /// The items one by one; each call blocks this thread until the item is there.
    ///
    /// # Panics
    /// When the next item is requested on a thread that runs async tasks, as [`wait`](Wait::wait).
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
    if Handle::try_current().is_ok() && !may_block() {
        panic!(
            "wait() was called on a thread that runs async tasks: write .await there, or move the call into \
             tokio::task::spawn_blocking"
        );
    }
    RUNTIME.block_on(future)
}

/// Whether this thread may block. The threads of `spawn_blocking` have a runtime just as those of tasks have, and only
/// tokio can tell them apart. It does so only by a panic, and our panic follows it.
fn may_block() -> bool {
    std::panic::catch_unwind(|| RUNTIME.block_on(std::future::ready(()))).is_ok()
}
