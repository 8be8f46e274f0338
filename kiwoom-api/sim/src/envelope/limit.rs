//! Request quotas: so many requests of one API within a second of simulated time (`BEHAVIOUR.md` R2, R4).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::token::Owner;

const WINDOW: Duration = Duration::from_secs(1);

/// When the last requests of each pair of keys and API came (`BEHAVIOUR.md` R3).
#[derive(Debug, Default)]
pub(crate) struct Rates(BTreeMap<(Owner, &'static str), VecDeque<Duration>>);

impl Rates {
    /// Notes a request; false if it is one too many. A refused request does not count.
    pub fn admit(&mut self, whose: (Owner, &'static str), now: Duration, allowed: usize) -> bool {
        let came = self.0.entry(whose).or_default();
        while came.front().is_some_and(|at| now.saturating_sub(*at) >= WINDOW) {
            came.pop_front();
        }
        let fits = came.len() < allowed;
        if fits {
            came.push_back(now);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::super::ask::Ask;
    use super::super::token::Tokens;
    use super::*;

    #[test]
    fn the_sixth_of_a_second_is_refused_and_other_apis_pass() {
        let mut rates = Rates::default();
        let [one, other] = ["KEY", "OTHER"].map(|key| {
            let mut ask = Ask::default();
            ask.fields.insert("appkey".to_owned(), key.into());
            ask
        });
        let mut tokens = Tokens::default();
        let (one, other) = (tokens.asker(&one), tokens.asker(&other));
        let at = Duration::from_millis;
        assert!((0..5).all(|i| rates.admit((one, "ka10081"), at(i * 10), 5)));
        assert!(!rates.admit((one, "ka10081"), at(999), 5));
        assert!(rates.admit((one, "ka10080"), at(999), 5));
        assert!(rates.admit((other, "ka10081"), at(999), 5), "keys have quotas of their own");
        assert!(rates.admit((one, "ka10081"), at(1_000), 5));
        assert!(!rates.admit((one, "ka10081"), at(1_005), 5));
    }
}
