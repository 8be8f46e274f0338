//! Condition searches: which instruments a condition finds now.

use std::collections::BTreeMap;

use super::listing::Kind;
use super::stock::Stock;

/// A condition of the account, as one would make it in the broker's own program.
///
/// ```
/// use kiwoom_sim::{Condition, Sim};
///
/// # async fn example() -> std::io::Result<()> {
/// let sim = Sim::builder()
///     .conditions([Condition::new("3% 상승").change_from(300), Condition::new("거래량").volume_from(1_000_000)])
///     .start()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub(crate) name: String,
    change_from: Option<i64>,
    change_to: Option<i64>,
    volume_from: Option<i64>,
    is_at_high: bool,
}

impl Condition {
    /// A condition that finds everything, until it is told more.
    pub fn new(name: impl Into<String>) -> Condition {
        Condition { name: name.into(), change_from: None, change_to: None, volume_from: None, is_at_high: false }
    }

    /// Only what has risen by at least this much since the close of the day before, in hundredths of a percent.
    #[must_use]
    pub fn change_from(mut self, hundredths: i64) -> Condition {
        self.change_from = Some(hundredths);
        self
    }

    /// Only what has risen by at most this much, or has fallen by at least this much if it is negative.
    #[must_use]
    pub fn change_to(mut self, hundredths: i64) -> Condition {
        self.change_to = Some(hundredths);
        self
    }

    /// Only what has traded at least so many shares today.
    #[must_use]
    pub fn volume_from(mut self, shares: i64) -> Condition {
        self.volume_from = Some(shares);
        self
    }

    /// Only what stands at the highest price of the day.
    #[must_use]
    pub fn at_high(mut self) -> Condition {
        self.is_at_high = true;
        self
    }

    /// What an account has that was told nothing else.
    pub(crate) fn usual() -> Vec<Condition> {
        vec![Condition::new("거래량 급증").volume_from(100_000), Condition::new("신고가").at_high()]
    }

    fn finds(&self, stock: &Stock) -> bool {
        let Some(today) = stock.today() else { return false };
        let change = (stock.last() - stock.previous) * 10_000;
        let risen = |hundredths: i64| hundredths * stock.previous;
        self.change_from.is_none_or(|from| change >= risen(from))
            && self.change_to.is_none_or(|to| change <= risen(to))
            && self.volume_from.is_none_or(|from| today.volume >= from)
            && (!self.is_at_high || stock.last() == today.high)
    }
}

/// All conditions, and what a test says of them.
pub(crate) struct Conditions {
    all: Vec<Condition>,
    /// Instruments that are in or out whatever the market says, by condition and code.
    told: BTreeMap<(usize, String), bool>,
}

impl Conditions {
    pub fn new(all: Vec<Condition>) -> Conditions {
        Conditions { all, told: BTreeMap::new() }
    }

    /// Their numbers and names.
    pub fn list(&self) -> impl Iterator<Item = (String, &str)> {
        self.all.iter().enumerate().map(|(place, condition)| (place.to_string(), condition.name.as_str()))
    }

    /// Puts an instrument in or out, or leaves it to the market again; whether there is such a condition.
    pub fn tell(&mut self, number: &str, code: &str, is_in: Option<bool>) -> bool {
        let Some(place) = self.place(number) else { return false };
        let key = (place, code.to_owned());
        match is_in {
            Some(is_in) => self.told.insert(key, is_in),
            None => self.told.remove(&key),
        };
        true
    }

    fn place(&self, number: &str) -> Option<usize> {
        number.trim().parse().ok().filter(|place| *place < self.all.len())
    }

    /// Whether a condition finds an instrument; `None` if there is no such condition.
    pub fn finds(&self, number: &str, stock: &Stock) -> Option<bool> {
        let place = self.place(number)?;
        let told = self.told.get(&(place, stock.listing.code.to_owned())).copied();
        Some(told.unwrap_or_else(|| self.all[place].finds(stock)))
    }
}

/// Whether searches of a market are about instruments of this kind.
pub(crate) fn is_searched(kind: Kind, is_us: bool) -> bool {
    if is_us { kind == Kind::Us } else { matches!(kind, Kind::Stock | Kind::Etf) }
}
