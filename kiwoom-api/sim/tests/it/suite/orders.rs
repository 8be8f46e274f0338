//! The scenarios of orders against the simulator.
//!
//! `KIWOOM_FAULTS` says how many seeds each trouble gets; the tests run a few.

use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Desk, Order, OrderRef};
use kiwoom_api::{ManualClock, Outcome};
use kiwoom_sim::{Fault, Rule};

use super::house::{Simulated, TROUBLES, Trouble};
use super::scenarios::script::Tally;
use super::scenarios::{self, House, Opening};
use super::wire::Break;

scenarios::settling::settling!(Simulated);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trouble_makes_a_second_order_or_an_untrue_outcome() {
    let seeds: u64 = std::env::var("KIWOOM_FAULTS").map_or(3, |text| text.parse().expect("a number of seeds"));
    for trouble in TROUBLES {
        under(trouble, seeds).await;
    }
}

async fn under(trouble: Trouble, seeds: u64) {
    let mut tally = Tally::default();
    // on a busy machine most orders of a few seeds may run out of time: then others follow
    for round in 0..5 {
        tally.add(scenarios::script::all_seeds::<Simulated>(trouble, round * seeds..(round + 1) * seeds).await);
        if shows(trouble, &tally) {
            return;
        }
    }
    panic!("{trouble:?} had not its effect: {tally:?}");
}

/// Whether the trouble did to orders what it does, and left some alone.
fn shows(trouble: Trouble, tally: &Tally) -> bool {
    let effect = match trouble {
        // the order was refused, and the next one has another token
        Trouble::Server(Fault::TokenDeath) => tally.rejected > 0,
        // nobody stumbles over a field that nobody knows, and the second reply belongs to nothing; some replies come too
        // late all the same
        Trouble::Server(Fault::UnknownField) | Trouble::Line(Break::Twice) => tally.unknown * 5 <= tally.accepted,
        _ => tally.unknown + tally.not_sent > 0,
    };
    // some arrive after they were given up
    let late = matches!(trouble, Trouble::Line(Break::DeadLine | Break::LateRead));
    effect && tally.accepted > 0 && (!late || tally.found > 0)
}

/// The panic button in a storm: what it says of each cancellation is true, and pressed again it finishes.
#[tokio::test]
async fn everything_open_is_cancelled_once_whatever_the_line_does() {
    let mut doubts = 0;
    for seed in 0..4 {
        let opening = Opening::seed(seed);
        let house = Arc::new(Simulated::open(opening).await);
        let time = ManualClock::at(opening.at);
        let pump = tokio::spawn(scenarios::pump(time.clone(), house.clone()));
        let client = scenarios::client(&*house, &time);
        let orders = client.orders().default_venue(OrderVenue::Krx).timeout(Duration::from_millis(200));
        for qty in 1..=8 {
            let outcome = orders.submit(Order::buy("005930").limit(house.limit(0)).qty(qty)).await;
            assert!(outcome.accepted().is_some(), "{outcome:?}");
        }
        house.time().advance(Duration::from_secs(3));
        for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Html, Fault::GhostQuota, Fault::TokenDeath] {
            house.sim.fault(Rule::new(fault).on("kt10003").chance(0.2));
        }
        client.kill_switch().engage("a storm");
        let all = orders.cancel_all_of(&[Desk::Stock]).await;
        house.heal();
        for cancellation in &all.cancellations {
            let done = cancelled(&house, &cancellation.order);
            match &cancellation.outcome {
                Outcome::Accepted(_) => assert_eq!(done, 1, "{cancellation:?}"),
                Outcome::Unknown(_) => doubts += 1,
                _ => assert_eq!(done, 0, "{cancellation:?}"),
            }
        }
        house.time().advance(Duration::from_secs(200));
        scenarios::caught_up(&*house).await;
        let again = orders.cancel_all_of(&[Desk::Stock]).await;
        assert!(again.is_complete(), "{again:?}");
        assert!(house.sim.orders().iter().all(|order| order.left == 0));
        let cancellations = house.placed().iter().filter(|order| order.api == "kt10003").count();
        assert_eq!(cancellations, 8, "each once");
        house.audit();
        pump.abort();
    }
    assert!(doubts > 0, "a storm leaves doubts");
}

/// How many cancellations of an order the account has.
fn cancelled(house: &Simulated, order: &OrderRef) -> usize {
    let number = order.number.as_str();
    house.placed().iter().filter(|placed| placed.api == "kt10003" && placed.original == number).count()
}
