//! The scenarios of orders against the scripted broker: no fault makes a second order or an untrue outcome, and what is lost is
//! settled.
//!
//! `KIWOOM_FAULTS` says how many seeds each fault gets; 1,000 is the full measure, the tests run a few.
#![cfg(all(feature = "domestic-order", feature = "domestic-account"))]

use std::path::Path;

use super::scenarios::{self, Fate, House, Opening};
use crate::support::{self, APP_KEY, Broker, FAULTS, Fault, SECRET_KEY};
use kiwoom_api::order::Journal;
use kiwoom_api::{Client, Credentials, ManualClock, Server};

struct Scripted {
    broker: Broker,
    time: ManualClock,
}

impl House for Scripted {
    type Trouble = Fault;

    async fn open(at: Opening) -> Scripted {
        support::log::capture();
        let time = ManualClock::at(at.at);
        Scripted { broker: Broker::start(time.clone(), at.seed).await, time }
    }

    fn server(&self) -> Server {
        self.broker.server()
    }

    fn credentials(&self) -> Credentials {
        Credentials::new(APP_KEY, SECRET_KEY)
    }

    fn time(&self) -> &ManualClock {
        &self.time
    }

    fn misbehave(&self, trouble: Fault, chance: f64) {
        self.broker.misbehave(trouble, chance);
    }

    fn heal(&self) {
        self.broker.heal();
    }

    fn is_behind(&self) -> bool {
        self.broker.is_behind()
    }

    fn placed(&self) -> Vec<scenarios::Placed> {
        let as_scenarios_know_it = |order: support::Placed| scenarios::Placed {
            number: order.number,
            api: order.api,
            original: order.original,
            qty: order.quantity,
        };
        self.broker.orders().into_iter().map(as_scenarios_know_it).collect()
    }

    fn requests(&self, api: &str) -> usize {
        self.broker.requests(api)
    }

    fn limit(&self, number: u8) -> i64 {
        70_000 + 100 * i64::from(number)
    }

    fn audit(&self) {
        let orders = self.broker.orders();
        let none_twice: std::collections::BTreeSet<&String> = orders.iter().map(|order| &order.number).collect();
        assert_eq!(none_twice.len(), orders.len());
    }

    fn look_at(&self, text: &str) {
        support::assert_clean(text);
    }

    async fn second_process(&self, journal: &Path) {
        assert_eq!(second_process(journal, &self.broker).await, "refused", "one process at a time");
    }

    fn lost(fate: Fate) -> Fault {
        match fate {
            Fate::Nothing => Fault::TimeoutBefore,
            Fate::Placed => Fault::TimeoutAfter,
            Fate::Late => Fault::DeadLine,
            Fate::Quota => Fault::Quota,
        }
    }
}

scenarios::settling::settling!(Scripted);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_a_second_order_or_an_untrue_outcome() {
    let seeds: u64 = std::env::var("KIWOOM_FAULTS").map_or(24, |text| text.parse().expect("a number of seeds"));
    for fault in FAULTS {
        let tally = scenarios::script::all_seeds::<Scripted>(fault, 0..seeds).await;
        assert!(tally.accepted > 0 && tally.unknown + tally.not_sent > 0, "{fault:?} had no effect: {tally:?}");
        let late = matches!(fault, Fault::DeadLine | Fault::LateRead);
        assert!(!late || tally.found > 0, "some arrive after they were given up: {tally:?}");
    }
}

const SECOND: &str = "KIWOOM_SECOND_PROCESS";

/// What another process is told that opens the journal of this one.
async fn second_process(path: &Path, broker: &Broker) -> String {
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "orders::faults::a_second_process", "--nocapture"]).env(SECOND, path);
    let output = command.env("KIWOOM_SECOND_SERVER", broker.server().http()).output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = text.lines().find_map(|line| line.split_once("second process: "));
    told.map_or(text.clone(), |(_, told)| told.trim().to_owned())
}

/// The other process of [`second_process`]; nothing where no other process asked for it.
#[tokio::test]
async fn a_second_process() {
    let (Ok(path), Ok(server)) = (std::env::var(SECOND), std::env::var("KIWOOM_SECOND_SERVER")) else { return };
    let client = Client::new(Server::sandbox(server), Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    let told = match Journal::open(path, &client).await {
        Ok(_) => "opened".to_owned(),
        Err(error) if error.to_string().contains("in use") => "refused".to_owned(),
        Err(error) => error.to_string(),
    };
    println!("second process: {told}");
}
