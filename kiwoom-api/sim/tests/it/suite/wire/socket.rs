//! The WebSocket on the line: bytes in both directions, until somebody cuts it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Shared;

/// How bytes flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Open,
    /// What the server says comes late: once the line is open again.
    Late,
    /// What the client says is lost: no echo of a ping arrives.
    Deaf,
    /// Half open: nothing arrives on either side, and nobody is told.
    Dead,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// After everything that was on its way.
    Closed,
    /// What is on its way is lost.
    Reset,
}

/// Forwards until one side or somebody else ends it.
pub(super) async fn relay(mut client: TcpStream, request: &[u8], shared: &Shared) {
    let short = {
        let mut state = shared.state();
        state.sockets += 1;
        (!state.short.is_empty()).then(|| state.short.remove(0))
    };
    let (mut flow, mut cuts) = (shared.flow.subscribe(), shared.cuts.subscribe());
    let Ok(mut server) = TcpStream::connect(shared.simulator).await else { return };
    let _ = server.set_nodelay(true);
    if server.write_all(request).await.is_err() {
        return;
    }
    let (mut up, mut down, mut passed) = (vec![0; 16 << 10], vec![0; 16 << 10], 0);
    loop {
        let now = *flow.borrow_and_update();
        tokio::select! {
            read = client.read(&mut up), if now != Flow::Dead => match read {
                Ok(read) if read > 0 => {
                    if now != Flow::Deaf && server.write_all(&up[..read]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
            read = server.read(&mut down), if !matches!(now, Flow::Late | Flow::Dead) => match read {
                Ok(read) if read > 0 => {
                    let most = short.map_or(read, |(after, _)| read.min(after - passed));
                    if client.write_all(&down[..most]).await.is_err() {
                        return;
                    }
                    passed += most;
                    if let Some((_, how)) = short.filter(|(after, _)| passed >= *after) {
                        return end(client, how).await;
                    }
                }
                _ => return end(client, Cut::Closed).await,
            },
            Ok(()) = cuts.changed() => {
                let how = cuts.borrow_and_update().1;
                return end(client, how).await;
            }
            Ok(()) = flow.changed() => {}
        }
    }
}

async fn end(mut client: TcpStream, how: Cut) {
    match how {
        Cut::Reset => {
            let _ = client.set_zero_linger();
        }
        Cut::Closed => {
            let _ = client.shutdown().await;
        }
    }
}
