//! The broker's figures: which requests may go how often.
//!
//! The tables are the only place that knows an API id or a path. Sources: `BEHAVIOUR.md` R1, R2, and its table of
//! conflicts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Time;

use super::{Lane, Rate};
use crate::Server;
use crate::meta::Effect;

/// How often a [`Client`](crate::Client) sends requests: figures for each API, and for some APIs together.
///
/// | official figures | a second |
/// |---|---|
/// | domestic: each API | 5 |
/// | US: each order API; each other API | 10; 5 |
/// | US from 09:00 to 10:00 in Korea: each API | 3 |
/// | US charts, all together | 20 |
/// | US exchange: each API | 1 |
/// | US stock list (`usa10099`) | 5 a *minute* |
/// | US, all together | 50 |
/// | mock server: each API | 1 |
///
/// There is no separate figure for each US chart API: the figure of the category is the more specific one. Requests are
/// spaced 4 % wider than a figure requires. A figure in a refusal of the broker (`유량=5`) corrects these for the
/// lifetime of the client.
///
/// Figures apply to one pair of keys. Programs that share a pair must divide the figures among them:
///
/// ```
/// use kiwoom_api::{Client, Credentials, Limits, Rate, Server};
///
/// let limits = Limits::for_server(&Server::Real).api("ka10081", Rate::per_second(2));
/// let client = Client::builder(Server::Real, Credentials::new("key", "secret")).limits(limits).build()?;
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    figures: Figures,
    own: BTreeMap<String, Rate>,
    burst: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figures {
    Official,
    Mock,
    None,
}

impl Limits {
    /// The official figures of the real server.
    pub fn official() -> Limits {
        Limits::of(Figures::Official)
    }

    /// The figures of the mock server: 1 a second for each API, at any time of day.
    pub fn mock() -> Limits {
        Limits::of(Figures::Mock)
    }

    /// The figures for a server. Nothing is known about an address of your own, so it gets the official figures.
    pub fn for_server(server: &Server) -> Limits {
        match server {
            Server::Mock => Limits::mock(),
            Server::Real | Server::Sandbox { .. } | Server::Custom { .. } => Limits::official(),
        }
    }

    /// No limits, and nothing is learned from refusals: for simulators and tests. [`api`](Limits::api) still applies.
    pub fn unlimited() -> Limits {
        Limits::of(Figures::None)
    }

    /// Your own figure for one API. It replaces the official one at all times of day, and the broker's messages can
    /// only lower it.
    #[must_use]
    pub fn api(mut self, api_id: impl Into<String>, rate: Rate) -> Limits {
        self.own.insert(api_id.into(), rate);
        self
    }

    /// How many requests of one API may be sent at once after a pause; 1 by default, and never more than its rate.
    ///
    /// Even so, no more than the rate are sent in any second (minute).
    #[must_use]
    pub fn burst(mut self, requests: u32) -> Limits {
        self.burst = requests.max(1);
        self
    }

    fn of(figures: Figures) -> Limits {
        Limits { figures, own: BTreeMap::new(), burst: 1 }
    }

    /// Whether refusals change anything.
    pub(super) fn learns(&self) -> bool {
        self.figures != Figures::None
    }

    /// The figure for `lane` within `scope`.
    pub(super) fn tariff(&self, scope: &Scope, lane: &Lane) -> Tariff {
        let seasonal = self.figures == Figures::Official && market(&lane.path) == Country::Us && *scope != Scope::All;
        let mut tariff = Tariff { seasonal, ..Tariff::default() };
        if *scope != Scope::Api(lane.api.clone()) {
            let together = if self.figures == Figures::Official { TOGETHER } else { &[] };
            tariff.normal = together.iter().find(|(whose, _)| whose == scope).map(|(_, rate)| *rate);
            return tariff;
        }
        tariff.burst = self.burst;
        if let Some(rate) = self.own.get(lane.api.as_ref()) {
            return Tariff { normal: Some(*rate), ceiling: Some(*rate), ..tariff };
        }
        let rules = match self.figures {
            Figures::Official => OFFICIAL,
            Figures::Mock => MOCK,
            Figures::None => &[],
        };
        match rules.iter().find(|rule| rule.who.is(lane)) {
            Some(rule) => Tariff { normal: rule.normal, peak: rule.peak, ..tariff },
            None => tariff,
        }
    }
}

/// Whose requests a bucket counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// One API.
    Api(Cow<'static, str>),
    /// The APIs of one path, which 1702 concerns.
    Group(Cow<'static, str>),
    /// Orders, or reads, of one market: counted only if a refusal names another API than the one that was called.
    Class(Country, Effect),
    /// One market.
    Country(Country),
    /// All: 1701.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Country {
    Domestic,
    Us,
    Other,
}

/// The figures of one bucket, before anything is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tariff {
    pub normal: Option<Rate>,
    /// The figure from 09:00 to 10:00 in Korea, if that differs.
    pub peak: Option<Rate>,
    /// The broker's figures may differ from 09:00 to 10:00.
    pub seasonal: bool,
    /// The user's own figure: a learned one never exceeds it.
    pub ceiling: Option<Rate>,
    pub burst: u32,
}

impl Default for Tariff {
    /// A figure for many APIs together has no burst: an order that arrives waits for one slot, not for a second.
    fn default() -> Tariff {
        Tariff { normal: None, peak: None, seasonal: false, ceiling: None, burst: 1 }
    }
}

struct Rule {
    who: Who,
    normal: Option<Rate>,
    peak: Option<Rate>,
}

enum Who {
    Api(&'static str),
    Path(&'static str),
    Orders(&'static str),
}

impl Who {
    fn is(&self, lane: &Lane) -> bool {
        match self {
            Who::Api(id) => lane.api == *id,
            Who::Path(path) => lane.path.starts_with(path),
            Who::Orders(path) => lane.path.starts_with(path) && lane.effect == Effect::Trade,
        }
    }
}

const fn rule(who: Who, normal: Option<Rate>, peak: Option<Rate>) -> Rule {
    Rule { who, normal, peak }
}

const PEAK: Option<Rate> = Some(Rate::per_second(3));

/// The figures for each API; the first row that fits applies.
const OFFICIAL: &[Rule] = &[
    rule(Who::Api("usa10099"), Some(Rate::per_minute(5)), None),
    rule(Who::Path("/api/us/chart"), None, None),
    rule(Who::Path("/api/us/exchange"), Some(Rate::per_second(1)), None),
    rule(Who::Orders("/api/us/"), Some(Rate::per_second(10)), PEAK),
    rule(Who::Path("/api/us/"), Some(Rate::per_second(5)), PEAK),
    // both orders and other calls
    rule(Who::Path("/api/dostk/"), Some(Rate::per_second(5)), None),
    // there is a figure, but nobody knows it (R7)
    rule(Who::Path("/oauth2/"), Some(Rate::per_second(1)), None),
    // a raw call of an undocumented path
    rule(Who::Path("/"), Some(Rate::per_second(5)), None),
];

const MOCK: &[Rule] = &[rule(Who::Path("/"), Some(Rate::per_second(1)), None)];

/// The figures for all APIs of a scope together.
const TOGETHER: &[(Scope, Rate)] = &[
    (Scope::Group(Cow::Borrowed("/api/us/chart")), Rate::per_second(20)),
    (Scope::Country(Country::Us), Rate::per_second(50)),
];

/// The buckets that a request of `lane` takes a place from, its own first.
pub(super) fn scopes(lane: &Lane) -> [Scope; 5] {
    let market = market(&lane.path);
    [
        Scope::Api(lane.api.clone()),
        Scope::Group(lane.path.clone()),
        Scope::Class(market, lane.effect),
        Scope::Country(market),
        Scope::All,
    ]
}

fn market(path: &str) -> Country {
    match path {
        _ if path.starts_with("/api/dostk/") => Country::Domestic,
        _ if path.starts_with("/api/us/") => Country::Us,
        _ => Country::Other,
    }
}

/// The hour in which the broker accepts fewer requests for the US market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Normal,
    Peak,
}

/// The season at a time of the day in Korea, and whether the broker's clock may see another one: a figure learned so
/// close to a change may belong to the other season.
pub(super) fn season(at: Time) -> (Season, bool) {
    const EDGE: i64 = 5;
    let second = i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    let season = if (9 * 3600..10 * 3600).contains(&second) { Season::Peak } else { Season::Normal };
    let near = [9, 10].iter().any(|hour| (hour * 3600 - EDGE..hour * 3600 + EDGE).contains(&second));
    (season, near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::limit::Standing;

    fn own(limits: &Limits, api: &'static str, path: &'static str, effect: Effect) -> (String, String) {
        let lane = Lane { api: api.into(), path: path.into(), effect, standing: Standing::First };
        let Tariff { normal, peak, .. } = limits.tariff(&scopes(&lane)[0], &lane);
        let text = |rate: Option<Rate>| rate.map_or_else(|| "-".to_owned(), |rate| rate.to_string());
        (text(normal), text(peak))
    }

    #[test]
    fn figures() {
        use Effect::{Read, Trade};
        for (api, path, effect, official) in [
            ("ka10081", "/api/dostk/chart", Read, ("5/s", "-")),
            ("kt10000", "/api/dostk/ordr", Trade, ("5/s", "-")),
            ("usa20100", "/api/us/mrkcond", Read, ("5/s", "3/s")),
            ("ust20000", "/api/us/ordr", Trade, ("10/s", "3/s")),
            ("ust31490", "/api/us/ordr", Read, ("5/s", "3/s")),
            ("usa06010", "/api/us/chart", Read, ("-", "-")),
            ("ust31301", "/api/us/exchange", Trade, ("1/s", "-")),
            ("usa10099", "/api/us/stkinfo", Read, ("5/min", "-")),
            ("au10002", "/oauth2/revoke", Effect::Auth, ("1/s", "-")),
            ("zz00001", "/api/new", Trade, ("5/s", "-")),
        ] {
            let want = (official.0.to_owned(), official.1.to_owned());
            assert_eq!(own(&Limits::official(), api, path, effect), want, "{api}");
            assert_eq!(own(&Limits::mock(), api, path, effect), ("1/s".into(), "-".into()), "{api}");
            assert_eq!(own(&Limits::unlimited(), api, path, effect), ("-".into(), "-".into()), "{api}");
        }
        let mine = Limits::official().api("usa20100", Rate::per_second(4));
        assert_eq!(own(&mine, "usa20100", "/api/us/mrkcond", Read), ("4/s".into(), "-".into()));
    }

    #[test]
    fn seasons_of_the_day() {
        for (time, want) in [
            ("08:59:54", (Season::Normal, false)),
            ("08:59:55", (Season::Normal, true)),
            ("09:00:00", (Season::Peak, true)),
            ("09:00:05", (Season::Peak, false)),
            ("09:59:59", (Season::Peak, true)),
            ("10:00:00", (Season::Normal, true)),
            ("10:00:05", (Season::Normal, false)),
            ("21:30:00", (Season::Normal, false)),
        ] {
            assert_eq!(season(time.parse().unwrap()), want, "{time}");
        }
    }

    #[test]
    fn servers() {
        for (server, want) in [
            (Server::Real, Figures::Official),
            (Server::Mock, Figures::Mock),
            (Server::custom("http://127.0.0.1"), Figures::Official),
        ] {
            assert_eq!(Limits::for_server(&server).figures, want);
        }
    }
}
