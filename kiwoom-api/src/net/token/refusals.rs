//! The broker's refusals of the keys, and how long the client waits before it asks again.
//!
//! Refused keys will be refused again, and a client that keeps asking may be blocked. Pauses grow, but a program
//! recovers on its own within [`LONGEST`] once the cause is fixed. A person who has fixed something calls `sign_in()`,
//! which asks at once.

use std::sync::Arc;
use std::time::Duration;

use crate::Error;

/// The pause after the first refusal; each further refusal doubles it.
pub(crate) const FIRST: Duration = Duration::from_secs(2);
pub(crate) const LONGEST: Duration = Duration::from_secs(300);

/// Refusals in a row.
#[derive(Default)]
pub(super) struct Refusals {
    count: u32,
    last: Option<(Arc<Error>, Duration)>,
}

impl Refusals {
    /// The broker refused at `now`, or something other than the broker answered. A transient fault is not remembered:
    /// the limiter spaces those.
    pub fn note(&mut self, error: &Error, now: Duration) {
        if error.is_transient() {
            return;
        }
        let pause = FIRST.saturating_mul(1 << self.count.min(16)).min(LONGEST);
        self.count = self.count.saturating_add(1);
        self.last = Some((Arc::new(error.duplicate()), now.saturating_add(pause)));
    }

    /// What to answer at `now` instead of asking.
    pub fn recall(&self, now: Duration) -> Option<Error> {
        let (error, until) = self.last.as_ref()?;
        let left = until.saturating_sub(now);
        (!left.is_zero()).then(|| error.duplicate().asked_again_in(left))
    }

    /// The next call asks, and if it is refused as well, the pauses go on growing.
    pub fn permit(&mut self) {
        self.last = None;
    }

    /// A request succeeded.
    pub fn clear(&mut self) {
        *self = Refusals::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::error::refusal::Refusal;

    #[test]
    fn pauses_grow_to_their_end() {
        let refused = Error::new(Kind::Refused(Refusal::new(Some(3), "[8001:x]")));
        let mut refusals = Refusals::default();
        let mut now = Duration::ZERO;
        for seconds in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            refusals.note(&refused, now);
            let pause = Duration::from_secs(seconds);
            assert!(refusals.recall(now + pause - Duration::from_nanos(1)).is_some(), "{seconds}");
            now += pause;
            assert!(refusals.recall(now).is_none(), "{seconds}");
        }
        refusals.note(&refused, Duration::MAX);
        refusals.permit();
        assert!(refusals.recall(now).is_none());
        refusals.note(&Error::new(Kind::Timeout(FIRST)), now);
        assert!(refusals.recall(now).is_none(), "a fault that passes");
    }
}
