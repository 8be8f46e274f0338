//! What the subscriptions of one client and market share: the engine, their queues, and the task behind them.
//!
//! Whatever happens is told to the engine here, under one lock that is never held while something waits. Data and events go
//! to the queues at once; what concerns the connection goes to the task.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::engine::{Action, Engine, Epoch, Input, Key, Line, Notice, Now, Phase, Rules, SetId, State, TooMany, Why};
use super::event::{Closed, Event};
use super::policy::Policy;
use super::push::{Maker, Push};
use super::queue::Queue;
use crate::Clock;
use crate::error::{Error, Kind};

/// All hubs of a client, by the path of their socket.
#[derive(Default)]
pub(super) struct Hubs(Mutex<HashMap<&'static str, Arc<Hub>>>);

impl Hubs {
    pub fn at(&self, path: &'static str, clock: &Clock) -> Arc<Hub> {
        lock(&self.0).entry(path).or_insert_with(|| Arc::new(Hub::new(path, clock.clone()))).clone()
    }

    pub fn known(&self, path: &str) -> Option<Arc<Hub>> {
        lock(&self.0).get(path).cloned()
    }
}

pub(super) struct Hub {
    pub path: &'static str,
    clock: Clock,
    inner: Mutex<Inner>,
    makers: Mutex<HashMap<&'static str, Maker>>,
}

struct Inner {
    engine: Engine,
    queues: HashMap<SetId, Arc<Mutex<Queue>>>,
    /// The task that performs actions, while there is one.
    errands: Option<Arc<Errands>>,
    next: u64,
    /// What was called unknown on this connection.
    unknown: HashSet<String>,
}

/// What the task has to do, in order.
#[derive(Default)]
pub(super) struct Errands {
    actions: Mutex<VecDeque<Action>>,
    pub bell: Notify,
}

impl Errands {
    pub fn next(&self) -> Option<Action> {
        lock(&self.actions).pop_front()
    }
}

/// A subscription as the hub knows it.
pub(super) struct Admitted {
    pub set: SetId,
    pub queue: Arc<Mutex<Queue>>,
    /// There is no task yet: the caller starts one.
    pub errands: Option<Arc<Errands>>,
}

/// How many registrations are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The phase of the connection.
    pub phase: Stage,
    /// Wanted, and not yet asked for on this connection.
    pub wanted: usize,
    /// Asked for, and not yet answered.
    pub on_its_way: usize,
    /// The broker said yes.
    pub confirmed: usize,
    /// The broker said no, or has no room.
    pub refused: usize,
}

/// The phase of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Nobody wants anything.
    #[default]
    Idle,
    /// A pause before the next attempt.
    Wait,
    /// A token and a connection are on their way.
    Connect,
    /// LOGIN is not yet answered.
    Login,
    /// Registrations are on their way.
    Subscribe,
    /// Everything is registered.
    Live,
}

impl Hub {
    fn new(path: &'static str, clock: Clock) -> Hub {
        let engine = Engine::new(Rules::default(), fastrand::u64(..));
        let inner = Inner { engine, queues: HashMap::new(), errands: None, next: 0, unknown: HashSet::new() };
        Hub { path, clock, inner: Mutex::new(inner), makers: Mutex::default() }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn is_us(&self) -> bool {
        self.path.contains("/us/")
    }

    pub fn now(&self) -> Now {
        Now { at: self.clock.now(), wall: self.clock.wall() }
    }

    pub fn maker(&self, topic: &str) -> Option<Maker> {
        lock(&self.makers).get(topic).copied()
    }

    /// Adds a subscription, if there is room for it.
    pub fn subscribe(
        &self,
        keys: Vec<Key>,
        topics: &[(Maker, Policy)],
        stale_after: Option<std::time::Duration>,
    ) -> Result<Admitted, Error> {
        let mut inner = lock(&self.inner);
        inner.engine.check(&keys).map_err(too_many)?;
        let mut makers = lock(&self.makers);
        makers.extend(topics.iter().map(|(maker, _)| (maker.meta.id, *maker)));
        drop(makers);
        let set = SetId(inner.next);
        inner.next += 1;
        let queue = Queue::new(topics.iter().map(|(maker, policy)| (maker.meta.id, *policy)));
        let queue = Arc::new(Mutex::new(queue));
        inner.queues.insert(set, queue.clone());
        let fresh = inner.errands.is_none().then(Arc::<Errands>::default);
        if let Some(errands) = &fresh {
            inner.errands = Some(errands.clone());
        }
        inner.tell(Input::Subscribe { set, keys, stale_after }, self.now(), None);
        Ok(Admitted { set, queue, errands: fresh })
    }

    /// Nobody reads this subscription any more.
    pub fn leave(&self, set: SetId) {
        let mut inner = lock(&self.inner);
        inner.queues.remove(&set);
        inner.tell(Input::Drop(set), self.now(), None);
    }

    pub fn line(&self, epoch: Epoch, line: Line<'_>) {
        lock(&self.inner).tell(Input::Line(epoch, line), self.now(), None);
    }

    /// The pushes of one frame.
    pub fn pushes(&self, epoch: Epoch, pushes: &mut Vec<Push>, now: Now) {
        let mut inner = lock(&self.inner);
        for push in pushes.drain(..) {
            let line = Line::Push { topic: push.topic().id, item: push.symbol() };
            inner.tell(Input::Line(epoch, line), now, Some(&push));
        }
    }

    /// Time has passed; says when to come again.
    pub fn tick(&self) {
        lock(&self.inner).tell(Input::Tick, self.now(), None);
    }

    pub fn wake(&self) -> Option<std::time::Duration> {
        lock(&self.inner).engine.wake()
    }

    /// A word for every subscription.
    pub fn broadcast(&self, event: Event) {
        let inner = lock(&self.inner);
        inner.queues.values().for_each(|queue| notify(queue, event.clone()));
    }

    /// Something unknown came: said once on a connection.
    pub fn unknown(&self, what: String) {
        const MOST: usize = 100;
        let mut inner = lock(&self.inner);
        if inner.unknown.len() < MOST && inner.unknown.insert(what.clone()) {
            inner.queues.values().for_each(|queue| notify(queue, Event::Unknown { what: what.clone() }));
        }
    }

    /// The task is gone before it was told to go.
    pub fn stopped(&self, errands: &Arc<Errands>) {
        let mut inner = lock(&self.inner);
        if inner.errands.as_ref().is_some_and(|current| Arc::ptr_eq(current, errands)) {
            inner.tell(Input::Stopped, self.now(), None);
            inner.errands = None;
        }
    }

    pub fn slots_used(&self) -> usize {
        lock(&self.inner).engine.slots()
    }

    pub fn standing(&self) -> Standing {
        let inner = lock(&self.inner);
        let mut standing = Standing::default();
        for (_, state) in inner.engine.states() {
            match state {
                State::Wanted => standing.wanted += 1,
                State::Coming => standing.on_its_way += 1,
                State::Confirmed => standing.confirmed += 1,
                State::Full | State::Rejected => standing.refused += 1,
                State::Leaving | State::Stuck => {}
            }
        }
        standing.phase = match inner.engine.phase() {
            Phase::Idle => Stage::Idle,
            Phase::Wait { .. } => Stage::Wait,
            Phase::Connect { .. } => Stage::Connect,
            Phase::Login { .. } => Stage::Login,
            Phase::Open { .. } if standing.wanted + standing.on_its_way > 0 => Stage::Subscribe,
            Phase::Open { .. } => Stage::Live,
        };
        standing
    }
}

impl Inner {
    /// Tells the engine and does what concerns the queues.
    fn tell(&mut self, input: Input<'_>, now: Now, push: Option<&Push>) {
        let mut actions = Vec::new();
        self.engine.on(input, now, &mut actions);
        for action in actions {
            match action {
                Action::Deliver(set) => {
                    if let (Some(push), Some(queue)) = (push, self.queues.get(&set)) {
                        wake(queue, |queue| queue.push(push.clone()));
                    }
                }
                Action::Notify(set, notice) => self.notice(set, notice),
                Action::Unwanted => {}
                other => self.errand(other),
            }
        }
    }

    fn errand(&mut self, action: Action) {
        if matches!(action, Action::Dial { .. }) {
            self.unknown.clear();
        }
        let over = matches!(action, Action::End);
        if let Some(errands) = &self.errands {
            lock(&errands.actions).push_back(action);
            errands.bell.notify_one();
        }
        if over {
            // the next subscription starts a task of its own
            self.errands = None;
        }
    }

    fn notice(&mut self, set: SetId, notice: Notice) {
        let Some(queue) = self.queues.get(&set) else { return };
        let event = match notice {
            Notice::Ready => return wake(queue, |queue| queue.ready = true),
            Notice::Connected => Event::Connected,
            Notice::Disconnected { why, retry_in } => Event::Disconnected { why, retry_in },
            Notice::Gap { keys, from, to } => {
                Event::Gap { topic: topic(&keys), symbols: symbols(&keys), from: from.wall, to: to.wall }
            }
            Notice::Kicked { retry_in } => Event::Kicked { retry_in },
            Notice::Stale { since } => Event::Stale { since: since.wall },
            Notice::SlotsFull { keys } => Event::SlotsFull { topic: topic(&keys), symbols: symbols(&keys) },
            Notice::Rejected { key, code, message } => {
                let symbol = key.item.code.as_str().to_owned();
                Event::Rejected { topic: key.topic, symbol, code, message }
            }
            Notice::Closed(why) => Event::Closed { why: closed(why) },
        };
        notify(queue, event);
        if lock(queue).ended {
            self.queues.remove(&set);
        }
    }
}

fn topic(keys: &[Key]) -> &'static str {
    keys.first().map_or("", |key| key.topic)
}

fn symbols(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|key| key.item.code.as_str().to_owned()).collect()
}

fn closed(why: Why) -> Closed {
    match why {
        Why::Kicked => Closed::Kicked,
        Why::Login { code, message } => Closed::LoginRefused { code, message },
        Why::Keys(message) => Closed::KeysRefused { message },
        Why::Stopped => Closed::RuntimeEnded,
    }
}

fn too_many(too_many: TooMany) -> Error {
    Error::new(Kind::Realtime(match too_many {
        TooMany::Symbols { wanted, most } => format!(
            "{wanted} symbols with those of other subscriptions, but a connection has room for {most} (drop some, or use \
             another key for the rest)"
        ),
        TooMany::Searches { wanted, most } => {
            format!("{wanted} condition searches, but a login may hold {most} (drop some)")
        }
    }))
}

fn notify(queue: &Mutex<Queue>, event: Event) {
    wake(queue, |queue| queue.event(event));
}

fn wake(queue: &Mutex<Queue>, work: impl FnOnce(&mut Queue)) {
    let waker = {
        let mut queue = lock(queue);
        work(&mut queue);
        queue.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
