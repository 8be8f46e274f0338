//! A broker behind a line that can be dead for a while: packets are lost in both directions, and the system sends again.
//!
//! A filter on the server's sockets drops what arrives, as a cable does that is pulled. Threads of its own: it goes on while
//! no runtime of the client runs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::Server;
use socket2::{SockFilter, SockRef};

use super::server::reply;

pub struct DeadLine {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<String>>>,
    sockets: Arc<Mutex<Vec<TcpStream>>>,
}

/// `ret 0`: nothing passes.
const NOTHING: [SockFilter; 1] = [SockFilter::new(0x06, 0, 0, 0)];

impl DeadLine {
    pub fn start() -> DeadLine {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let line = DeadLine { address, arrived: Arc::default(), sockets: Arc::default() };
        let (arrived, sockets) = (line.arrived.clone(), line.sockets.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                sockets.lock().unwrap().push(stream.try_clone().unwrap());
                let arrived = arrived.clone();
                std::thread::spawn(move || serve(stream, &arrived));
            }
        });
        line
    }

    pub fn server(&self) -> Server {
        Server::sandbox(format!("http://{}", self.address))
    }

    /// From now on nothing gets through.
    pub fn cut(&self) {
        for socket in &*self.sockets.lock().unwrap() {
            SockRef::from(socket).attach_filter(&NOTHING).unwrap();
        }
    }

    /// The line lives again; a moment is given to the system to send again what it still has.
    pub fn mend(&self) {
        for socket in &*self.sockets.lock().unwrap() {
            SockRef::from(socket).detach_filter().unwrap();
        }
        std::thread::sleep(Duration::from_secs(3));
    }

    /// The quantities of the orders that arrived.
    pub fn arrived(&self) -> Vec<String> {
        self.arrived.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, arrived: &Mutex<Vec<String>>) {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if body.len() < length.unwrap_or(0) {
            continue;
        }
        let quantity = body.split(r#""ord_qty":""#).nth(1).and_then(|rest| rest.split('"').next());
        arrived.lock().unwrap().extend(quantity.map(str::to_owned));
        let said =
            r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"T","ord_no":"0000138","return_code":0}"#;
        let _ = stream.write_all(&reply("200 OK", &[], said));
        bytes.clear();
    }
}
