//! When a fault strikes.

use std::time::Duration;

use super::{Event, Fault};

/// A fault, and when it strikes. Without conditions it strikes always.
#[derive(Clone, Debug)]
pub struct Rule {
    pub(super) fault: Fault,
    /// What it is about; anything if `None`.
    pub(super) of: Option<String>,
    connection: Option<u64>,
    pub(super) left: Option<u32>,
    pub(super) spared: u32,
    pub(super) chance: f64,
    lasts: Option<Duration>,
    /// When it ends.
    pub(super) until: Option<Duration>,
}

/// What happens, as rules and scripts see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub event: Event,
    /// API id and path of a call; kind and text of a frame; topic of a push.
    pub names: [&'a str; 2],
    pub connection: u64,
    pub now: Duration,
}

impl Rule {
    /// A fault that strikes always.
    pub fn new(fault: Fault) -> Rule {
        Rule { fault, of: None, connection: None, left: None, spared: 0, chance: 1.0, lasts: None, until: None }
    }

    /// Only for this: an API id or a path of calls; a path of a WebSocket's handshake; a kind of frame (`REG`), or a topic in it;
    /// a topic of pushes. A handshake is struck only by rules that name its path.
    #[must_use]
    pub fn on(mut self, name: &str) -> Rule {
        self.of = Some(name.to_owned());
        self
    }

    /// Only on this connection. They are counted from 1, as they are opened; [`Logged`](crate::Logged) has the number of each
    /// call. The WebSocket's are counted among them.
    #[must_use]
    pub fn on_connection(mut self, number: u64) -> Rule {
        self.connection = Some(number);
        self
    }

    /// So many times, then never again.
    #[must_use]
    pub fn times(mut self, count: u32) -> Rule {
        self.left = Some(count);
        self
    }

    /// Not the first so many times.
    #[must_use]
    pub fn after(mut self, count: u32) -> Rule {
        self.spared = count;
        self
    }

    /// With this chance each time, from the seed of the simulator.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Rule {
        self.chance = chance;
        self
    }

    /// For so long, in simulated time.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Rule {
        self.lasts = Some(time);
        self
    }

    /// The rule is in force from now on.
    pub(super) fn begin(&mut self, now: Duration) {
        self.until = self.lasts.map(|time| now + time);
    }

    /// Whether it is about this.
    pub(super) fn fits(&self, scene: &Scene<'_>) -> bool {
        let is_named = match self.of.as_deref() {
            // a missed acknowledgement is one of a registration, unless something else is named
            None if self.fault == Fault::MissedAck => names(&["REG", "REMOVE"], scene),
            of => is_about(of, scene),
        };
        self.fault.is_of(scene.event)
            && is_named
            && self.connection.is_none_or(|number| number == scene.connection)
            && self.until.is_none_or(|until| scene.now < until)
    }
}

/// Whether a scene is what a rule or a script names.
pub(super) fn is_about(of: Option<&str>, scene: &Scene<'_>) -> bool {
    let Some(of) = of else { return scene.event != Event::Handshake };
    names(&[of], scene)
        // topics stand somewhere in the text of a frame
        || (scene.event == Event::Frame && scene.names[1].contains(&format!("\"{of}\"")))
}

fn names(any: &[&str], scene: &Scene<'_>) -> bool {
    any.iter().any(|of| *of == scene.names[0] || *of == scene.names[1])
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Rule {
        Rule::new(fault)
    }
}
