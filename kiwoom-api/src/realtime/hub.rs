//! What the subscriptions of one client and market share: the engine, their queues, and the task behind them.
//!
//! Whatever happens is told to the engine here, under one lock that is never held while something waits. Data and events go
//! to the queues at once; what concerns the connection goes to the task.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;

use super::condition::Condition;
use super::engine::{
    Action, Answer, Engine, Epoch, Input, Key, Kind as RequestKind, Line, Notice, Now, Rules, SetId, Verdict,
};
use super::event::Event;
use super::frame::Found;
use super::meter::Meter;
use super::notice;
use super::policy::Policy;
use super::push::{Maker, Push};
use super::queue::{Queue, Stored};
use super::snapshots::Question;
#[cfg(feature = "record")]
use super::standing::Stage;
use super::standing::Standing;
use crate::Clock;
use crate::error::Error;

/// All hubs of a client, by the path of their socket.
#[derive(Default)]
pub(super) struct Hubs(Mutex<HashMap<&'static str, Arc<Hub>>>);

impl Hubs {
    pub fn at(&self, path: &'static str, clock: &Clock) -> Arc<Hub> {
        lock(&self.0).entry(path).or_insert_with(|| Arc::new(Hub::new(path, clock.clone(), Rules::default()))).clone()
    }

    pub fn known(&self, path: &str) -> Option<Arc<Hub>> {
        lock(&self.0).get(path).cloned()
    }
}

pub(super) struct Hub {
    pub path: &'static str,
    clock: Clock,
    inner: Mutex<Inner>,
    makers: Mutex<Vec<Maker>>,
    /// Rises with each change of the makers.
    version: AtomicU64,
    pub meter: Arc<Meter>,
    #[cfg(feature = "record")]
    pub taps: super::record::Taps,
}

struct Inner {
    engine: Engine,
    queues: HashMap<SetId, Arc<Mutex<Queue>>>,
    /// The task that performs actions, while there is one.
    errands: Option<Arc<Errands>>,
    next: u64,
    /// What was called unknown on this connection.
    unknown: HashSet<String>,
    conditions: Vec<Condition>,
    actions: Vec<Action>,
}

/// What the task has to do, in order.
#[derive(Default)]
pub(super) struct Errands {
    actions: Mutex<VecDeque<Action>>,
    pub bell: Notify,
    /// Rung once the task is gone; it stays so.
    gone: tokio::sync::watch::Sender<bool>,
}

impl Errands {
    pub fn next(&self) -> Option<Action> {
        lock(&self.actions).pop_front()
    }

    /// There is no task, or none any more.
    pub fn note_gone(&self) {
        self.gone.send_replace(true);
    }

    /// Returns when the task is gone, and its connection closed.
    pub async fn ended(&self) {
        // the sender is ours, so this is no error
        let _ = self.gone.subscribe().wait_for(|gone| *gone).await;
    }
}

/// A subscription as the hub knows it.
pub(super) struct Admitted {
    pub set: SetId,
    pub queue: Arc<Mutex<Queue>>,
    /// There is no task yet: the caller starts one.
    pub errands: Option<Arc<Errands>>,
    /// The order books that it asks for by REST.
    pub questions: Option<UnboundedReceiver<Question>>,
}

/// What a subscription wants.
#[derive(Default)]
pub(super) struct Wanted {
    pub keys: Vec<Key>,
    pub topics: Vec<(Maker, Policy)>,
    pub stale_after: Option<std::time::Duration>,
    pub check_volumes: bool,
    /// The keys whose order books are asked for by REST, too.
    pub books: Vec<Key>,
}

impl Hub {
    pub fn new(path: &'static str, clock: Clock, rules: Rules) -> Hub {
        let engine = Engine::new(rules, fastrand::u64(..));
        let inner = Inner {
            engine,
            queues: HashMap::new(),
            errands: None,
            next: 0,
            unknown: HashSet::new(),
            conditions: Vec::new(),
            actions: Vec::new(),
        };
        let meter = Arc::new(Meter::new(clock.clone()));
        Hub {
            path,
            clock,
            inner: Mutex::new(inner),
            makers: Mutex::default(),
            version: AtomicU64::new(0),
            meter,
            #[cfg(feature = "record")]
            taps: Default::default(),
        }
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

    /// Brings a copy of the makers up to date, if they changed.
    pub fn refresh(&self, (version, makers): &mut (u64, Vec<Maker>)) {
        let newest = self.version.load(Ordering::Acquire);
        if *version != newest {
            makers.clone_from(&lock(&self.makers));
            *version = newest;
        }
    }

    /// Adds a subscription, if there is room for it.
    pub fn subscribe(&self, wanted: Wanted) -> Result<Admitted, Error> {
        let Wanted { keys, topics, stale_after, check_volumes, books } = wanted;
        let mut inner = lock(&self.inner);
        inner.engine.check(&keys).map_err(notice::too_many)?;
        let mut makers = lock(&self.makers);
        for (maker, _) in &topics {
            makers.retain(|known| known.meta.id != maker.meta.id);
            makers.push(*maker);
        }
        drop(makers);
        self.version.fetch_add(1, Ordering::Release);
        let set = SetId(inner.next);
        inner.next += 1;
        let mut queue = Queue::new(topics.iter().map(|(maker, policy)| (maker.meta.id, *policy)));
        queue.meter = self.meter.clone();
        if check_volumes {
            queue.check_volumes();
        }
        let questions = (!books.is_empty()).then(|| queue.awaited.want(books));
        let queue = Arc::new(Mutex::new(queue));
        inner.queues.insert(set, queue.clone());
        let fresh = inner.errands.is_none().then(Arc::<Errands>::default);
        if let Some(errands) = &fresh {
            inner.errands = Some(errands.clone());
        }
        inner.tell(Input::Subscribe { set, keys, stale_after }, self.now(), None);
        inner.ring();
        Ok(Admitted { set, queue, errands: fresh, questions })
    }

    /// Nobody reads this subscription any more. If it was the last one: the task that ends now.
    pub fn leave(&self, set: SetId) -> Option<Arc<Errands>> {
        let mut inner = lock(&self.inner);
        let task = inner.errands.clone();
        inner.queues.remove(&set);
        inner.tell(Input::Drop(set), self.now(), None);
        inner.ring();
        task.filter(|_| inner.errands.is_none())
    }

    pub fn line(&self, epoch: Epoch, line: Line<'_>) {
        self.line_at(epoch, line, self.now());
    }

    /// The same for what came at `now`.
    pub fn line_at(&self, epoch: Epoch, line: Line<'_>, now: Now) {
        lock(&self.inner).tell(Input::Line(epoch, line), now, None);
    }

    /// An answer, and what it brings along: told after what the answer itself brings about.
    pub fn answered(&self, epoch: Epoch, (kind, number): (RequestKind, Option<&str>), answer: Answer, found: Found) {
        let mut inner = lock(&self.inner);
        let fine = answer.verdict == Verdict::Fine;
        let search = inner.engine.search().filter(|key| number.is_none_or(|own| own.trim() == key.number()));
        let search = search.cloned();
        inner.tell(Input::Line(epoch, Line::Answered(kind, number, answer)), self.now(), None);
        match (found, search) {
            (Found::Conditions(list), _) if fine => inner.conditions = list,
            (found, Some(search)) if fine => inner.found(&search, &found),
            _ => {}
        }
    }

    /// What a search found, in an answer that nobody waits for.
    #[cfg(any(feature = "record", feature = "testing"))]
    pub fn found(&self, search: &Key, found: &Found) {
        lock(&self.inner).found(search, found);
    }

    /// Whether a request is on its way.
    #[cfg(any(feature = "record", feature = "testing"))]
    pub fn awaits_answer(&self) -> bool {
        lock(&self.inner).engine.awaits_answer()
    }

    /// The conditions that were listed last.
    pub fn conditions(&self) -> Vec<Condition> {
        lock(&self.inner).conditions.clone()
    }

    /// The pushes of one frame.
    pub fn pushes(&self, epoch: Epoch, pushes: &mut Vec<Push>, now: Now) {
        let mut inner = lock(&self.inner);
        self.meter.pushes(pushes.len());
        for push in pushes.drain(..) {
            let line = Line::Push { topic: push.topic().id, item: push.symbol() };
            inner.tell(Input::Line(epoch, line), now, Some(&push));
        }
    }

    /// Records what comes from now on, and what must be known of a connection that is there already.
    #[cfg(feature = "record")]
    pub fn record(&self, tap: std::sync::Weak<super::record::Tap>) {
        let begun = super::record::begin(self.is_us(), self.now().wall);
        let phase = self.standing().phase;
        let known = match phase {
            Stage::Subscribe | Stage::Live => 2,
            Stage::Login => 1,
            Stage::Idle | Stage::Wait | Stage::Connect => 0,
        };
        self.taps.add(tap, begun.into_iter().take(known));
    }

    /// When the turn of the next step comes, if only that is waited for.
    pub fn turn(&self) -> Option<std::time::Duration> {
        lock(&self.inner).engine.turn()
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
        errands.note_gone();
    }

    pub fn slots_used(&self) -> usize {
        lock(&self.inner).engine.slots()
    }

    pub fn standing(&self) -> Standing {
        Standing::of(&lock(&self.inner).engine)
    }
}

impl Inner {
    /// Tells the engine and does what concerns the queues.
    fn tell(&mut self, input: Input<'_>, now: Now, push: Option<&Push>) {
        // kept between inputs: pushes are many
        let mut actions = std::mem::take(&mut self.actions);
        self.engine.on(input, now, &mut actions);
        for action in actions.drain(..) {
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
        self.actions = actions;
    }

    fn found(&mut self, search: &Key, found: &Found) {
        let Found::Rows(page) = found else { return };
        for set in self.engine.owners(search) {
            if let Some(queue) = self.queues.get(set) {
                let found = match search.is_once() {
                    true => Stored::Page(page.clone()),
                    false => Stored::Hits(page.rows.iter().map(|row| row.raw().to_owned()).collect()),
                };
                wake(queue, |queue| queue.say(found));
            }
        }
    }

    /// Wakes the task: what it waits for may come earlier now.
    fn ring(&self) {
        if let Some(errands) = &self.errands {
            errands.bell.notify_one();
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
        match &notice {
            Notice::Ready => lock(queue).awaited.all(),
            Notice::Gap { keys, .. } => {
                let mut queue = lock(queue);
                queue.meter.gap();
                queue.awaited.again(keys);
            }
            _ => {}
        }
        let Some(event) = notice::event(notice) else {
            return wake(queue, |queue| queue.ready = true);
        };
        notify(queue, event);
        if lock(queue).ended {
            self.queues.remove(&set);
        }
    }
}

fn notify(queue: &Mutex<Queue>, event: Event) {
    wake(queue, |queue| queue.event(event));
}

pub(super) fn wake(queue: &Mutex<Queue>, work: impl FnOnce(&mut Queue)) {
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
