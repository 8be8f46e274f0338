//! When it is over: rules against loops that no pause mends.

use std::collections::VecDeque;
use std::time::Duration;

/// Counts kicks within a span, and refused logins in a row (`BEHAVIOUR.md` W6, W8).
#[derive(Clone, Debug, Default)]
pub(crate) struct Strikes {
    kicks: VecDeque<Duration>,
    logins: usize,
}

impl Strikes {
    /// Another session took the place of this one. `true`: once too often.
    pub fn kick(&mut self, now: Duration, (most, span): (usize, Duration)) -> bool {
        self.kicks.push_back(now);
        while self.kicks.front().is_some_and(|first| now.saturating_sub(*first) >= span) {
            self.kicks.pop_front();
        }
        self.kicks.len() > most
    }

    /// A login was refused. `true`: once too often.
    pub fn refused(&mut self, most: usize) -> bool {
        self.logins += 1;
        self.logins >= most
    }

    pub fn logged_in(&mut self) {
        self.logins = 0;
    }
}
