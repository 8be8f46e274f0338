//! A request body that is sent once, and can be withdrawn until then.
//!
//! reqwest cannot clone it, so no policy of reqwest can repeat the request. hyper takes it when it writes the request,
//! in its own task, so one atomic step decides whether it was sent, not a check beforehand.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::net::guard::Gate;
use crate::net::leaving::Leaving;

pub(super) struct OnceBody {
    bytes: Option<Bytes>,
    /// Shared with the attempt, which takes the body back when it is given up.
    leaving: Arc<Leaving>,
    gate: Option<Gate>,
}

impl OnceBody {
    /// A body that is not sent if its gate is closed when the connection asks for it.
    pub fn new(bytes: Bytes, leaving: Arc<Leaving>, gate: Option<Gate>) -> OnceBody {
        OnceBody { bytes: Some(bytes), leaving, gate }
    }
}

impl Body for OnceBody {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        let Some(bytes) = self.bytes.take() else {
            return Poll::Ready(None);
        };
        if self.gate.as_ref().is_some_and(|gate| !gate.leave()) {
            self.leaving.withdraw();
        }
        Poll::Ready(Some(if self.leaving.leave() { Ok(Frame::data(bytes)) } else { Err(Withdrawn) }))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    /// Exact, so that the request has a `content-length`: gateways dislike chunked requests.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// The call was given up, or stopped, before its body was sent.
#[derive(Debug)]
pub(super) struct Withdrawn;

impl fmt::Display for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call was given up before it was sent")
    }
}

impl std::error::Error for Withdrawn {}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::Server;
    use crate::meta::Effect;
    use crate::net::guard::Guard;

    fn poll(body: &mut OnceBody) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn goes_out_once() {
        let leaving = Arc::new(Leaving::default());
        let mut body = OnceBody::new(Bytes::from_static(b"{}"), leaving.clone(), None);
        assert_eq!(body.size_hint().exact(), Some(2));
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
        assert!(matches!(poll(&mut body), Poll::Ready(None)));
        assert!(!leaving.withdraw() && !leaving.withdraw(), "too late");
    }

    #[test]
    fn stays_when_withdrawn() {
        let leaving = Arc::new(Leaving::default());
        let mut body = OnceBody::new(Bytes::from_static(b"{}"), leaving.clone(), None);
        assert!(leaving.withdraw() && leaving.withdraw());
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Err(Withdrawn)))));
    }
    #[test]
    fn stays_when_the_gate_is_closed() {
        let guard = Guard::new(&Server::Mock);
        let leaving = Arc::new(Leaving::default());
        let gate = guard.gate(Effect::Trade, "kt10000".into(), None);
        let mut body = OnceBody::new(Bytes::from_static(b"{}"), leaving.clone(), gate);
        guard.switch().engage("a test");
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Err(Withdrawn)))));
        assert!(leaving.withdraw());
    }
}
