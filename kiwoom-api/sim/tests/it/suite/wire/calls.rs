//! Calls on the line, one after another, each with its trouble.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Shared, socket};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The connection is closed, and for a while nobody listens.
    Refused,
    /// Reset as soon as the first byte arrives.
    ResetBefore,
    /// Reset after the whole request arrived; the simulator gets it or not.
    ResetAfter,
    /// No reply, and the simulator never gets it.
    TimeoutBefore,
    /// The simulator acts, and the reply never comes.
    TimeoutAfter,
    /// The reply comes piece by piece: in time, or not.
    Drip,
    /// The reply comes twice.
    Twice,
    /// The line is dead for a while, with the request on it: it arrives long after it was given up.
    DeadLine,
    /// The socket is read late: the request lies there, and nobody has seen it.
    LateRead,
}

/// The longest that a request is held up, in seconds of the simulator's clock.
const LONGEST_HOLD: u64 = 60;

pub(super) async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    loop {
        if strike(&shared, |trouble| trouble == Break::ResetBefore).is_some() {
            let _ = stream.readable().await;
            let _ = stream.set_zero_linger();
            return;
        }
        let _ = stream.readable().await;
        let late = strike(&shared, |trouble| trouble == Break::LateRead).is_some();
        let hold = late.then(|| Hold::new(&shared));
        if let Some(hold) = &hold {
            hold.over().await;
        }
        let (request, true) = message(&mut stream).await else { return };
        if is_upgrade(&request) {
            return socket::relay(stream, &request, &shared).await;
        }
        // now and not before it came: a connection may have waited for it since long before
        let trouble = strike(&shared, |trouble| !matches!(trouble, Break::ResetBefore | Break::LateRead));
        let hold = hold.or_else(|| (trouble == Some(Break::DeadLine)).then(|| Hold::new(&shared)));
        if let Some(hold) = &hold {
            hold.over().await;
        }
        let arrives = match trouble {
            Some(Break::TimeoutBefore | Break::ResetBefore | Break::Refused) => false,
            Some(Break::ResetAfter) => shared.state().dice.bool(),
            _ => true,
        };
        let reply = if arrives { forward(&shared, &request).await } else { None };
        drop(hold);
        match trouble {
            None | Some(Break::DeadLine | Break::LateRead | Break::Twice) => {
                let Some((reply, is_whole)) = reply else { return };
                let times = if trouble == Some(Break::Twice) { 2 } else { 1 };
                let _ = stream.write_all(&reply.repeat(times)).await;
                if !is_whole {
                    return;
                }
            }
            Some(Break::Refused) => {
                shared.away.notify_one();
                return;
            }
            Some(Break::ResetBefore | Break::ResetAfter) => {
                let _ = stream.set_zero_linger();
                return;
            }
            Some(Break::TimeoutBefore | Break::TimeoutAfter) => {
                tokio::time::sleep(Duration::from_secs(2)).await;
                return;
            }
            Some(Break::Drip) => {
                let pause = Duration::from_millis(if shared.state().dice.bool() { 1 } else { 40 });
                for piece in reply.unwrap_or_default().0.chunks(32) {
                    if stream.write_all(piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// Whether the next call meets a trouble of this kind.
fn strike(shared: &Shared, kind: impl Fn(Break) -> bool) -> Option<Break> {
    let mut state = shared.state();
    let (trouble, chance) = state.trouble.filter(|(trouble, _)| kind(*trouble))?;
    (state.dice.f64() < chance).then_some(trouble)
}

/// The simulator's reply, and whether it is whole; `None` if the connection broke first.
async fn forward(shared: &Shared, request: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut simulator = TcpStream::connect(shared.simulator).await.ok()?;
    simulator.write_all(request).await.ok()?;
    let (reply, is_whole) = message(&mut simulator).await;
    (!reply.is_empty()).then_some((reply, is_whole))
}

/// Head and body of the next message, and whether all of it came.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut whole = None;
    loop {
        if whole.is_none() {
            let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
            whole = end.map(|end| end + 4 + length(&bytes[..end]));
        }
        if whole.is_some_and(|whole| bytes.len() >= whole) {
            return (bytes, true);
        }
        match stream.read_buf(&mut bytes).await {
            Ok(read) if read > 0 => {}
            _ => return (bytes, false),
        }
    }
}

fn length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    line.map_or(0, |text| text.trim().parse().unwrap())
}

fn is_upgrade(request: &[u8]) -> bool {
    String::from_utf8_lossy(request).to_ascii_lowercase().contains("upgrade: websocket")
}

/// A request that is held up.
struct Hold<'a> {
    shared: &'a Shared,
    until: Duration,
}

impl Hold<'_> {
    fn new(shared: &Shared) -> Hold<'_> {
        let mut state = shared.state();
        let until = shared.time.elapsed() + Duration::from_secs(state.dice.u64(1..=LONGEST_HOLD));
        state.held.push(until);
        Hold { shared, until }
    }

    async fn over(&self) {
        while self.shared.time.elapsed() < self.until {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        let place = state.held.iter().position(|until| *until == self.until);
        state.held.swap_remove(place.unwrap());
    }
}
