//! A broker behind a connection that can be dead for a while: packets are lost in both directions, and the system sends
//! again.
//!
//! A filter on the server's sockets drops what arrives, as a cable does that is pulled. It has a separate thread, which
//! runs even while no runtime of the client does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::Server;
use socket2::{SockFilter, SockRef, Socket};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::http::{self, Received, reply};

pub struct DeadLine {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<String>>>,
    sockets: Arc<Mutex<Vec<Socket>>>,
}

/// `ret 0`: nothing passes.
const NOTHING: [SockFilter; 1] = [SockFilter::new(0x06, 0, 0, 0)];

impl DeadLine {
    pub fn start() -> DeadLine {
        let (arrived, sockets) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<Socket>>>::default());
        let (orders, opened) = (arrived.clone(), sockets.clone());
        let address = http::listen_on_a_thread(move |stream, _| {
            opened.lock().unwrap().push(SockRef::from(&stream).try_clone().unwrap());
            serve(stream, orders.clone())
        });
        DeadLine { address, arrived, sockets }
    }

    pub fn server(&self) -> Server {
        Server::sandbox(format!("http://{}", self.address))
    }

    /// From now on nothing gets through.
    pub fn cut(&self) {
        for socket in &*self.sockets.lock().unwrap() {
            socket.attach_filter(&NOTHING).unwrap();
        }
    }

    /// The line lives again; a moment is given to the system to send again what it still has.
    pub fn mend(&self) {
        for socket in &*self.sockets.lock().unwrap() {
            socket.detach_filter().unwrap();
        }
        std::thread::sleep(Duration::from_secs(3));
    }

    /// The quantities of the orders that arrived.
    pub fn arrived(&self) -> Vec<String> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, arrived: Arc<Mutex<Vec<String>>>) {
    while let Some(received) = Received::read(&mut stream, 0).await {
        let quantity = received.body.split(r#""ord_qty":""#).nth(1).and_then(|rest| rest.split('"').next());
        arrived.lock().unwrap().extend(quantity.map(str::to_owned));
        let said =
            r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"T","ord_no":"0000138","return_code":0}"#;
        let _ = stream.write_all(&reply("200 OK", &[], said)).await;
    }
}
