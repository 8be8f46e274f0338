//! A request body that goes out once and knows whether it did.
//!
//! reqwest cannot clone it, so no policy of reqwest can repeat the request; hyper asks for it when it writes the
//! request, so "not asked" means "no whole request left this machine".

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Whether the body was handed to the connection.
#[derive(Clone, Default)]
pub(super) struct Taken(Arc<AtomicBool>);

impl Taken {
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

pub(super) struct OnceBody {
    bytes: Option<Bytes>,
    taken: Taken,
}

impl OnceBody {
    pub fn new(bytes: Vec<u8>, taken: Taken) -> OnceBody {
        OnceBody { bytes: Some(Bytes::from(bytes)), taken }
    }
}

impl Body for OnceBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = self.bytes.take();
        self.taken.0.store(true, Ordering::Release);
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    /// Exact, so that the request has a `content-length`: gateways dislike chunked requests.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
