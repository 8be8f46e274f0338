//! A socket that can be reset under the connection that uses it, at once and from any thread.
//!
//! Closing a socket does not take back what it was given to send: the system goes on delivering it for minutes. A socket of
//! this module is *reset* when it is closed (`SO_LINGER` of zero), however that comes about: then the system forgets the
//! bytes that the other side has not acknowledged. [`Leash::cut`] does it without waiting for the connection's task.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The socket as a connection sees it.
pub(super) struct Wire(Leash);

/// A handle on a socket from outside its connection.
#[derive(Clone)]
pub(super) struct Leash(Arc<Mutex<Leashed>>);

struct Leashed {
    socket: Option<TokioIo<TcpStream>>,
    /// The wakers for the socket becoming readable, and writable.
    waiting: [Option<Waker>; 2],
}

impl Wire {
    /// # Errors
    /// The socket cannot be set to reset, so it must not carry an order.
    pub fn new(socket: TokioIo<TcpStream>) -> io::Result<Wire> {
        socket.inner().set_zero_linger()?;
        Ok(Wire(Leash(Arc::new(Mutex::new(Leashed { socket: Some(socket), waiting: [None, None] })))))
    }

    /// A socket that is closed in good order: what it was given still arrives. Not for orders.
    #[cfg(feature = "realtime")]
    pub fn in_order(socket: TokioIo<TcpStream>) -> Wire {
        Wire(Leash(Arc::new(Mutex::new(Leashed { socket: Some(socket), waiting: [None, None] }))))
    }

    #[cfg(test)]
    pub fn options(&self, look: impl FnOnce(socket2::SockRef<'_>)) {
        look(socket2::SockRef::from(self.0.lock().socket.as_ref().unwrap().inner()));
    }

    fn with<T>(
        &self,
        side: usize,
        context: &mut Context<'_>,
        work: impl FnOnce(Pin<&mut TokioIo<TcpStream>>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut slot = self.0.lock();
        let Some(socket) = &mut slot.socket else {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        };
        let polled = work(Pin::new(socket), context);
        if polled.is_pending() {
            slot.waiting[side] = Some(context.waker().clone());
        }
        polled
    }
}

impl Leash {
    /// Resets the connection now: bytes still queued on this machine are gone.
    pub fn cut(&self) {
        let (socket, waiting) = {
            let mut slot = self.lock();
            (slot.socket.take(), std::mem::take(&mut slot.waiting))
        };
        drop(socket);
        waiting.into_iter().flatten().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Leashed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection is done with it, even if the leash is still held elsewhere.
impl Drop for Wire {
    fn drop(&mut self) {
        self.0.cut();
    }
}

const READ: usize = 0;
const WRITE: usize = 1;

impl Read for Wire {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.with(READ, context, |socket, context| socket.poll_read(context, into))
    }
}

impl Write for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.with(WRITE, context, |socket, context| socket.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(WRITE, context, |socket, context| socket.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(WRITE, context, |socket, context| socket.poll_shutdown(context))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.with(WRITE, context, |socket, context| socket.poll_write_vectored(context, pieces))
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new().extra(self.0.clone())
    }
}

impl fmt::Debug for Leash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Leash")
    }
}
