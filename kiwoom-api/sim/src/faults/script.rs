//! Faults in a fixed order.

use super::rule::{Scene, is_about};
use super::{Event, Fault};

/// What happens to one call after the other, in a fixed order. After its last step nothing happens any more.
///
/// ```
/// use kiwoom_sim::{Fault, Script};
/// let script = Script::on("kt10000").pass(1).then(Fault::Quota).then(Fault::DropAfter);
/// ```
#[derive(Clone, Debug)]
pub struct Script {
    of: Option<String>,
    connection: Option<u64>,
    steps: Vec<Option<Fault>>,
    at: usize,
    again: bool,
}

impl Script {
    /// A step for each call of an API id or a path, each frame of a kind or with a topic, or each push of a topic: for what its
    /// faults can strike.
    pub fn on(name: &str) -> Script {
        Script { of: Some(name.to_owned()), ..Script::new() }
    }

    /// A step for each call, whatever it asks for.
    pub fn of_calls() -> Script {
        Script::new()
    }

    fn new() -> Script {
        Script { of: None, connection: None, steps: Vec::new(), at: 0, again: false }
    }

    /// Only on this connection, counted from 1.
    #[must_use]
    pub fn on_connection(mut self, number: u64) -> Script {
        self.connection = Some(number);
        self
    }

    /// Nothing happens to the next ones.
    #[must_use]
    pub fn pass(mut self, count: usize) -> Script {
        self.steps.extend(std::iter::repeat_n(None, count));
        self
    }

    /// A fault strikes the next one.
    #[must_use]
    pub fn then(mut self, fault: Fault) -> Script {
        self.steps.push(Some(fault));
        self
    }

    /// After the last step it begins again.
    #[must_use]
    pub fn again(mut self) -> Script {
        self.again = true;
        self
    }

    /// The fault of the next step.
    pub(super) fn next(&mut self, scene: &Scene<'_>) -> Option<Fault> {
        let is_other = self.connection.is_some_and(|number| number != scene.connection);
        let is_named = match &self.of {
            None => scene.event == Event::Call,
            of => is_about(of.as_deref(), scene),
        };
        // a registration names a topic, too, and is no push of it
        let is_of_its_kind = self.steps.iter().flatten().any(|fault| fault.is_of(scene.event));
        if is_other || !is_named || !is_of_its_kind {
            return None;
        }
        if self.again {
            self.at %= self.steps.len();
        }
        let fault = *self.steps.get(self.at)?;
        self.at += 1;
        fault.filter(|fault| fault.is_of(scene.event))
    }
}
