//! The simulator as a house of the scenarios: behind a line that breaks, with faults of its own, and an account that knows.

use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::id::ka10004;
use kiwoom_api::jiff::tz::Offset;
use kiwoom_api::order::Order;
use kiwoom_api::{Credentials, Limits, ManualClock, Server};
use kiwoom_sim::{Fault, Rule, Sim};

use super::scenarios::{Fate, House, Opening, Placed};
use super::wire::{Break, Wire};

/// What goes wrong between a client and the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// On the line.
    Line(Break),
    /// In the simulator.
    Server(Fault),
    /// Refused for the quota; half of the orders were placed all the same.
    Quota,
    /// Everything that the simulator can do wrong.
    Chaos,
}

pub const TROUBLES: [Trouble; 19] = [
    Trouble::Line(Break::Refused),
    Trouble::Line(Break::ResetBefore),
    Trouble::Line(Break::ResetAfter),
    Trouble::Line(Break::TimeoutBefore),
    Trouble::Line(Break::TimeoutAfter),
    Trouble::Line(Break::Drip),
    Trouble::Line(Break::Twice),
    Trouble::Line(Break::DeadLine),
    Trouble::Line(Break::LateRead),
    Trouble::Server(Fault::DropBefore),
    Trouble::Server(Fault::DropAfter),
    Trouble::Server(Fault::Html),
    Trouble::Server(Fault::Status500),
    Trouble::Server(Fault::Truncated),
    Trouble::Server(Fault::TokenDeath),
    Trouble::Server(Fault::UnknownField),
    Trouble::Server(Fault::Latency(Duration::from_millis(300))),
    Trouble::Quota,
    Trouble::Chaos,
];

const KEYS: [&str; 2] = ["AN-APP-KEY-OF-A-TEST-0123456789", "A-SECRET-KEY-OF-A-TEST-9876543210"];

/// A simulator behind a line.
pub struct Simulated {
    pub sim: Sim,
    pub wire: Wire,
    /// Orders and calls of the beginning, which no program under test sent.
    before: (usize, usize),
    limit: i64,
}

impl Simulated {
    /// Keys that must never show.
    pub fn keys() -> Credentials {
        Credentials::new(KEYS[0], KEYS[1])
    }
}

impl House for Simulated {
    type Trouble = Trouble;

    async fn open(at: Opening) -> Simulated {
        let opened = Duration::from_secs(3000);
        let start = Offset::constant(9).to_datetime(at.at - opened);
        let sim =
            Sim::builder().seed(at.seed).at(start).cash(1_000_000_000_000).without_quotas().start().await.unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        // something to sell, bought so early that no lookup has to ask whose it is
        let bought = client.orders().submit(Order::buy("005930").market().qty(1_000).venue(OrderVenue::Krx)).await;
        assert!(bought.accepted().is_some(), "{bought:?}");
        sim.advance(opened).await;
        let book = client.call(&ka10004::Request::new("005930")).await.unwrap();
        let bid = book.bids[0].price.unwrap().won().unwrap();
        let wire = Wire::to(&sim, at.seed).await;
        let before = (sim.orders().len(), sim.log().len());
        // ticks of 100 won, or of 50: most of the limits wait in the book, the others trade at once
        Simulated { sim, wire, before, limit: (bid / 100 - 35) * 100 }
    }

    fn server(&self) -> Server {
        self.wire.server()
    }

    fn credentials(&self) -> Credentials {
        Simulated::keys()
    }

    fn time(&self) -> &ManualClock {
        self.sim.clock()
    }

    fn misbehave(&self, trouble: Trouble, chance: f64) {
        match trouble {
            Trouble::Line(trouble) => self.wire.trouble(trouble, chance),
            Trouble::Server(fault) => self.sim.fault(Rule::new(fault).chance(chance)),
            Trouble::Quota => {
                self.sim.fault(Rule::new(Fault::GhostQuota).chance(chance));
                self.sim.fault(Rule::new(Fault::Quota).chance(chance / 2.0));
            }
            Trouble::Chaos => {
                for trouble in TROUBLES {
                    if let Trouble::Server(fault) = trouble {
                        self.sim.fault(Rule::new(fault).chance(chance / 5.0));
                    }
                }
                self.wire.trouble(Break::LateRead, chance / 5.0);
            }
        }
    }

    fn heal(&self) {
        self.sim.heal();
        self.wire.heal();
    }

    fn is_behind(&self) -> bool {
        self.wire.is_behind()
    }

    fn placed(&self) -> Vec<Placed> {
        let as_scenarios_know_it = |order: kiwoom_sim::Placed| Placed {
            number: order.number,
            api: order.api.to_owned(),
            original: order.original.unwrap_or_default(),
            qty: order.qty,
        };
        self.sim.orders().into_iter().skip(self.before.0).map(as_scenarios_know_it).collect()
    }

    fn requests(&self, api: &str) -> usize {
        let acted = |call: &&kiwoom_sim::Logged| call.api == api && !call.faults.contains(&Fault::DropBefore);
        self.sim.log().iter().skip(self.before.1).filter(acted).count()
    }

    fn limit(&self, number: u8) -> i64 {
        self.limit + 100 * i64::from(number)
    }

    fn audit(&self) {
        self.sim.audit().unwrap();
    }

    fn look_at(&self, text: &str) {
        assert!(KEYS.iter().all(|secret| !text.contains(secret)), "{text}");
    }

    fn lost(fate: Fate) -> Trouble {
        match fate {
            Fate::Nothing => Trouble::Line(Break::TimeoutBefore),
            Fate::Placed => Trouble::Line(Break::TimeoutAfter),
            Fate::Late => Trouble::Line(Break::DeadLine),
            Fate::Quota => Trouble::Quota,
        }
    }
}
