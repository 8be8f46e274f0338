//! What the door and the page share: the world, its clock, and the lines to its clients.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kiwoom_api::ManualClock;
use tokio::sync::{Notify, mpsc, watch};

use crate::pace::Pace;
use crate::socket::Out;
use crate::world::World;

/// The world, its clock, and the lines to its clients.
pub(crate) struct House {
    world: Mutex<World>,
    pub time: ManualClock,
    /// How fast it passes by itself.
    pub pace: Pace,
    pub lines: Mutex<HashMap<u64, mpsc::UnboundedSender<Out>>>,
    /// A frame came, or a line ended.
    pub heard: Notify,
    /// Its end is the end of all lines.
    pub stop: watch::Receiver<()>,
}

impl House {
    pub fn new(world: World, time: ManualClock, pace: Pace, stop: watch::Receiver<()>) -> House {
        House { world: Mutex::new(world), time, pace, lines: Mutex::default(), heard: Notify::new(), stop }
    }

    /// Looks at the world as it is now, and sends what came of it.
    pub fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        let mut world = lock(&self.world);
        world.run_to(self.time.elapsed());
        let seen = look(&mut world);
        // under the same lock, so that pushes leave in their order
        let lines = lock(&self.lines);
        for (line, out) in world.outbox() {
            if let Some(line) = lines.get(&line) {
                let _ = line.send(out);
            }
        }
        seen
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
