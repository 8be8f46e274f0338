//! The handle of a running simulator.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::jiff::Timestamp;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::jiff::tz::Offset;
use kiwoom_api::{Builder, Client, Credentials, Error, ManualClock, Server};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::broker::{Fees, Funds};
use crate::envelope::{Personality, Reissue, keys_of};
use crate::faults::{Chaos, Rule, Script};
use crate::house::House;
use crate::log::{Heard, Logged};
use crate::market::{BehindAll, Condition, QueueModel};
use crate::pace::Pace;
use crate::placed::Placed;
use crate::replay::{Replay, Tape};
use crate::server::{bind, serve};
use crate::session::trading_day_from;
use crate::world::{Setup, World};

/// A running simulator. It ends when it is dropped.
#[must_use = "the simulator ends when it is dropped"]
pub struct Sim {
    house: Arc<House>,
    address: SocketAddr,
    setup: Setup,
    tasks: Vec<JoinHandle<()>>,
    /// Dropped with the simulator, which ends its lines.
    _stop: watch::Sender<()>,
}

impl Sim {
    /// A simulator with its defaults: the real server's personality, seed 1, 10:00 of a Monday, 100 million won,
    /// as much for gold, and 100,000 dollars.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn start() -> io::Result<Sim> {
        Sim::builder().start().await
    }

    /// A simulator of your own making.
    pub fn builder() -> SimBuilder {
        SimBuilder {
            setup: Setup {
                seed: 1,
                start: DateTime::constant(2026, 7, 6, 10, 0, 0, 0),
                personality: Personality::Real,
                funds: Funds { won: 100_000_000, gold: 100_000_000, cents: 10_000_000 },
                fees: None,
                queue: Arc::new(BehindAll),
                is_limited: true,
                conditions: Condition::usual(),
                reissue: Reissue::Same,
            },
            port: 0,
            speed: None,
            replay: None,
            tape: None,
        }
    }

    /// The address of requests: `http://127.0.0.1:49152`. In a browser it is the page.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the WebSocket, without a path: `ws://127.0.0.1:49152`.
    pub fn socket_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Keys that the simulator knows.
    pub fn credentials(&self) -> Credentials {
        let [key, secret] = keys_of(self.setup.personality);
        Credentials::new(key, secret)
    }

    /// The simulator as a server of a client.
    pub fn server(&self) -> Server {
        Server::Sandbox { http: self.url(), socket: Some(self.socket_url()) }
    }

    /// A client of this simulator. It shares the clock: where it would wait for its turn, the time of the simulator moves
    /// instead.
    ///
    /// # Errors
    /// As [`Builder::build`].
    pub fn client(&self) -> Result<Client, Error> {
        self.client_builder().build()
    }

    /// The same, for settings of your own.
    pub fn client_builder(&self) -> Builder {
        Client::builder(self.server(), self.credentials())
            .clock(self.house.time.clock())
            .limits(self.setup.personality.limits())
    }

    /// The clock of the simulator and its clients.
    pub fn clock(&self) -> &ManualClock {
        &self.house.time
    }

    /// Korean wall time of the simulator.
    pub fn now(&self) -> DateTime {
        self.house.with(|world| world.now())
    }

    /// Lets time pass. With an open WebSocket it passes second by second, and pings are answered in between.
    pub async fn advance(&self, by: Duration) {
        let mut left = by;
        while left > Duration::ZERO {
            let is_heard = self.house.with(|world| world.lines.are_open());
            let step = if is_heard { left.min(Duration::from_secs(1)) } else { left };
            self.house.time.advance(step);
            left -= step;
            tokio::task::yield_now().await;
            // an echo takes a moment of real time; whoever does not echo is not waited for long
            for _ in 0..200 {
                if !self.house.with(|world| world.lines.await_an_echo()) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }

    /// Adds a fault, or a rule that says when it strikes.
    pub fn fault(&self, rule: impl Into<Rule>) {
        let now = self.house.time.elapsed();
        self.house.with(|world| world.faults.add(rule.into(), now));
    }

    /// Adds faults in a fixed order.
    pub fn script(&self, script: Script) {
        self.house.with(|world| world.faults.script(script));
    }

    /// Lets faults of all kinds strike by chance, in place of an earlier chaos. The same seed strikes at the same calls.
    pub fn chaos(&self, seed: u64, chaos: Chaos) {
        self.house.with(|world| world.faults.storm(seed, chaos));
    }

    /// Ends all faults: rules, scripts and chaos. What they did stays done: a line that is mute stays so.
    pub fn heal(&self) {
        self.house.with(|world| world.faults.clear());
    }

    /// All tokens die now.
    pub fn kill_tokens(&self) {
        self.house.with(|world| world.tokens.kill());
    }

    /// All lines of the WebSocket are ended, as by a second login.
    pub fn kick(&self) {
        self.house.with(|world| world.lines.kick_all());
    }

    /// Puts an instrument into the condition of this number (`"0"` is the first), whatever the market says. Searches that go on
    /// push it as an entry.
    ///
    /// # Panics
    /// There is no such condition or instrument.
    pub fn enter(&self, condition: &str, code: &str) {
        self.tell(condition, code, Some(true));
    }

    /// Takes an instrument out of a condition, whatever the market says.
    ///
    /// # Panics
    /// As [`Sim::enter`].
    pub fn leave(&self, condition: &str, code: &str) {
        self.tell(condition, code, Some(false));
    }

    /// Leaves it to the market again whether a condition finds an instrument.
    ///
    /// # Panics
    /// As [`Sim::enter`].
    pub fn follow(&self, condition: &str, code: &str) {
        self.tell(condition, code, None);
    }

    fn tell(&self, condition: &str, code: &str, is_in: Option<bool>) {
        let is_known = self.house.with(|world| world.tell_condition(condition, code, is_in));
        assert!(is_known, "there is no condition {condition:?}, or no instrument {code:?}");
    }

    /// The calls so far, oldest first.
    pub fn log(&self) -> Vec<Logged> {
        self.house.with(|world| world.log.calls())
    }

    /// The frames of clients so far, oldest first.
    pub fn frames(&self) -> Vec<Heard> {
        self.house.with(|world| world.log.frames())
    }

    /// The orders of the account, oldest first: also those that no list shows yet, and those whose replies were lost.
    pub fn orders(&self) -> Vec<Placed> {
        self.house.with(|world| world.orders())
    }

    /// Writes the calls so far as lines for [`Replay::calls`], in place of what the file holds; says how many there are. Calls that a
    /// fault struck are left out. The file is readable by its owner alone.
    ///
    /// # Errors
    /// Nothing is recorded ([`SimBuilder::record`]), or the file cannot be written.
    pub fn save_calls(&self, path: impl AsRef<Path>) -> io::Result<usize> {
        let Some((lines, count)) = self.house.with(|world| world.tape.as_ref().map(Tape::lines)) else {
            return Err(io::Error::other("this simulator records no calls: start it with record()"));
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(lines.as_bytes())?;
        Ok(count)
    }

    /// Recounts cash, positions and orders.
    ///
    /// # Errors
    /// What does not agree.
    pub fn audit(&self) -> Result<(), String> {
        self.house.with(|world| world.audit())
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sim").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Sets a simulator up.
#[must_use = "call start()"]
pub struct SimBuilder {
    setup: Setup,
    port: u16,
    speed: Option<f64>,
    replay: Option<Replay>,
    tape: Option<Tape>,
}

impl SimBuilder {
    /// The same seed gives the same market.
    pub fn seed(mut self, seed: u64) -> SimBuilder {
        self.setup.seed = seed;
        self
    }

    /// When the simulation begins, Korean wall time. The market has traded since the morning of that day.
    pub fn at(mut self, start: DateTime) -> SimBuilder {
        self.setup.start = start;
        self
    }

    /// When the simulation begins: at 10:00 of today in Korea, or of the next Monday on a weekend. For programs that compare
    /// the dates of replies with those of their own machine.
    pub fn today(self) -> SimBuilder {
        let today = Offset::constant(9).to_datetime(Timestamp::now()).date();
        self.at(trading_day_from(today).at(10, 0, 0, 0))
    }

    /// Which of the broker's servers it behaves like.
    pub fn personality(mut self, personality: Personality) -> SimBuilder {
        self.setup.personality = personality;
        self
    }

    /// The cash of the account, in won.
    pub fn cash(mut self, won: i64) -> SimBuilder {
        self.setup.funds.won = won;
        self
    }

    /// The cash for gold, in won: gold has a deposit of its own.
    pub fn gold_cash(mut self, won: i64) -> SimBuilder {
        self.setup.funds.gold = won;
        self
    }

    /// The cash for US stocks, in whole US dollars.
    pub fn dollars(mut self, dollars: i64) -> SimBuilder {
        self.setup.funds.cents = dollars.saturating_mul(100);
        self
    }

    /// What trading costs, instead of what it costs at the server of the personality.
    pub fn fees(mut self, fees: Fees) -> SimBuilder {
        self.setup.fees = Some(fees);
        self
    }

    /// Where orders stand among others of the same price.
    pub fn queue(mut self, queue: impl QueueModel) -> SimBuilder {
        self.setup.queue = Arc::new(queue);
        self
    }

    /// The condition searches of the account, numbered from 0, instead of two usual ones. The US have the same.
    pub fn conditions(mut self, conditions: impl IntoIterator<Item = Condition>) -> SimBuilder {
        self.setup.conditions = conditions.into_iter().collect();
        self
    }

    /// Refuses nobody for asking too often.
    pub fn without_quotas(mut self) -> SimBuilder {
        self.setup.is_limited = false;
        self
    }

    /// What happens to a token that is good when its keys ask for another.
    pub fn reissue(mut self, reissue: Reissue) -> SimBuilder {
        self.setup.reissue = reissue;
        self
    }

    /// A port of your choice instead of one that is free.
    pub fn port(mut self, port: u16) -> SimBuilder {
        self.port = port;
        self
    }

    /// Time passes by itself, `factor` times as fast as on the wall. Without this it stands still until a client would wait,
    /// or [`Sim::advance`] or the page moves it.
    pub fn speed(mut self, factor: f64) -> SimBuilder {
        self.speed = Some(factor);
        self
    }

    /// Serves a recorded session in the place of market and account. The simulation begins when the session did, unless
    /// [`at`](SimBuilder::at) says otherwise afterwards.
    pub fn replay(mut self, session: Replay) -> SimBuilder {
        if let Some(start) = session.start() {
            self.setup.start = start;
        }
        self.replay = Some(session);
        self
    }

    /// Records all calls, for [`Sim::save_calls`].
    pub fn record(mut self) -> SimBuilder {
        self.tape = Some(Tape::default());
        self
    }

    /// Starts it on loopback.
    ///
    /// # Errors
    /// The port cannot be opened, or the start lies outside of what a clock can show.
    pub async fn start(self) -> io::Result<Sim> {
        let SimBuilder { setup, port, speed, replay, tape } = self;
        let wall = Offset::constant(9).to_timestamp(setup.start).map_err(io::Error::other)?;
        let time = ManualClock::at(wall);
        let time = if speed.is_some() { time } else { time.hurried() };
        let (listener, address) = bind(port).await?;
        let (stop, stopped) = watch::channel(());
        let mut world = World::new(setup.clone());
        (world.replay, world.tape) = (replay, tape);
        let pace = Pace::new(speed.unwrap_or(0.0));
        let house = Arc::new(House::new(world, time, pace, stopped));
        let tasks = vec![tokio::spawn(serve(listener, house.clone())), tokio::spawn(pass_time(house.clone()))];
        Ok(Sim { house, address, setup, tasks, _stop: stop })
    }
}

/// Moves the clock with that on the wall, while the pace lets it.
async fn pass_time(house: Arc<House>) {
    loop {
        house.pace.moves().await;
        let mut before = tokio::time::Instant::now();
        while house.pace.get() > 0.0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let passed = before.elapsed();
            before += passed;
            house.time.advance(passed.mul_f64(house.pace.get()));
            house.with(|_| ());
        }
    }
}
