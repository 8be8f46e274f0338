//! The line between a client and the simulator. It breaks on command, as networks do, whatever the simulator says.
//!
//! It forwards calls one by one and the WebSocket byte by byte. It has an address of its own, so that nobody else takes its
//! port while it does not listen.

mod calls;
mod socket;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use kiwoom_api::{ManualClock, Server};
use kiwoom_sim::Sim;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

pub use calls::Break;
pub use socket::{Cut, Flow};

/// A line to one simulator.
pub struct Wire {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

/// What all connections of a line look at.
struct Shared {
    simulator: SocketAddr,
    /// The simulator's clock, by which requests are held up.
    time: ManualClock,
    state: Mutex<State>,
    /// For a moment nobody listens.
    away: Notify,
    /// Nobody listens while it says so.
    is_down: watch::Sender<bool>,
    flow: watch::Sender<Flow>,
    /// Ends all sockets, each time it changes.
    cuts: watch::Sender<(u64, Cut)>,
}

struct State {
    trouble: Option<(Break, f64)>,
    dice: fastrand::Rng,
    /// Until when requests are held up that nobody has acted upon yet.
    held: Vec<Duration>,
    /// The next sockets end after so many bytes of the server, one each.
    short: Vec<(usize, Cut)>,
    /// How many sockets were opened.
    sockets: usize,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

static NEXT: AtomicU16 = AtomicU16::new(1);

impl Wire {
    pub async fn to(sim: &Sim, seed: u64) -> Wire {
        let own = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let listener = TcpListener::bind((Ipv4Addr::new(127, 78, own[0], own[1]), 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            simulator: sim.url().trim_start_matches("http://").parse().unwrap(),
            time: sim.clock().clone(),
            state: Mutex::new(State {
                trouble: None,
                dice: fastrand::Rng::with_seed(seed),
                held: Vec::new(),
                short: Vec::new(),
                sockets: 0,
            }),
            away: Notify::new(),
            is_down: watch::Sender::new(false),
            flow: watch::Sender::new(Flow::Open),
            cuts: watch::Sender::new((0, Cut::Closed)),
        });
        let listening = tokio::spawn(listen(listener, address, shared.clone()));
        Wire { address, shared, listening }
    }

    /// The simulator as it is seen through this line.
    pub fn server(&self) -> Server {
        let address = self.address;
        Server::Sandbox { http: format!("http://{address}"), socket: Some(format!("ws://{address}")) }
    }

    /// Each further call meets this trouble with this chance.
    pub fn trouble(&self, trouble: Break, chance: f64) {
        self.shared.state().trouble = Some((trouble, chance));
    }

    /// Nothing new goes wrong.
    pub fn heal(&self) {
        let mut state = self.shared.state();
        state.trouble = None;
        state.short.clear();
        drop(state);
        self.shared.flow.send_replace(Flow::Open);
        self.shared.is_down.send_replace(false);
    }

    /// Calls were held up until now or earlier, and the simulator has not acted upon them yet.
    pub fn is_behind(&self) -> bool {
        let now = self.shared.time.elapsed();
        self.shared.state().held.iter().any(|until| *until <= now)
    }

    /// Nobody listens, and all sockets end, until it is healed.
    pub fn go_down(&self) {
        self.shared.is_down.send_replace(true);
        self.cut(Cut::Reset);
    }

    /// How the bytes of sockets flow from now on.
    pub fn flow(&self, flow: Flow) {
        self.shared.flow.send_replace(flow);
    }

    /// Bytes of sockets flow both ways.
    pub fn is_open(&self) -> bool {
        *self.shared.flow.borrow() == Flow::Open
    }

    /// Ends all sockets.
    pub fn cut(&self, how: Cut) {
        self.shared.cuts.send_modify(|cut| *cut = (cut.0 + 1, how));
    }

    /// The next socket ends after so many bytes of the server: in the handshake, the login, a registration, a push.
    pub fn cut_next(&self, after: usize, how: Cut) {
        self.shared.state().short.push((after, how));
    }

    /// How many sockets were opened so far.
    pub fn sockets(&self) -> usize {
        self.shared.state().sockets
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) {
    let mut listener = Some(listener);
    let mut is_down = shared.is_down.subscribe();
    loop {
        let Some(open) = &listener else {
            tokio::time::sleep(Duration::from_millis(3)).await;
            if !*is_down.borrow_and_update() {
                listener = TcpListener::bind(address).await.ok();
            }
            continue;
        };
        tokio::select! {
            () = shared.away.notified() => listener = None,
            Ok(()) = is_down.changed() => {
                if *is_down.borrow_and_update() {
                    listener = None;
                }
            }
            accepted = open.accept() => if let Ok((stream, _)) = accepted {
                tokio::spawn(calls::serve(stream, shared.clone()));
            },
        }
    }
}
