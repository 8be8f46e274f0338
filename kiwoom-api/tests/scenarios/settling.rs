//! Orders whose replies were lost: what the journal and the broker's lists say about them. Nothing is sent twice.

use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::jiff::SignedDuration;
use kiwoom_api::order::{Declared, Desk, Order, OrderId, OrderRef, Orders, Reconcile, Settlement, Verdict};
use kiwoom_api::value::Side;
use kiwoom_api::{Client, ManualClock, Outcome};

use super::{Fate, House, Opening, Placed, caught_up, client};

/// A test for each scenario of this file, against one house.
macro_rules! settling {
    ($house:ty) => {
        super::scenarios::settling::settling! { $house:
            a_ghost_order_is_found_and_not_sent_again
            a_ghost_that_no_list_shows_yet_is_not_missing
            what_never_arrived_can_be_sent_again_under_its_id
            an_order_refused_for_the_quota_may_be_there
            two_equal_orders_are_ambiguous
            a_lost_cancellation_is_settled_by_its_own_row
            a_lost_change_is_settled_by_its_own_row
            after_a_crash_what_is_left_comes_first
            a_submission_that_was_dropped_is_unsettled
            not_found_needs_more_than_absence_while_the_order_may_still_arrive
            what_never_arrived_is_certain_after_the_bound_and_not_before
            waiting_ends_with_certainty
            a_jump_of_the_wall_clock_does_not_shorten_the_bound
            after_a_crash_the_bound_begins_with_the_first_look
        }
    };
    ($house:ty: $($name:ident)+) => {
        $(#[tokio::test]
        async fn $name() {
            super::scenarios::settling::$name::<$house>().await;
        })+
    };
}
pub(crate) use settling;

/// How far two readings of the broker's clock may differ.
const DOUBT: Duration = Duration::from_secs(2);

/// A house, a machine, and its journal.
struct Bench<H> {
    house: H,
    time: ManualClock,
    client: Client,
    directory: tempfile::TempDir,
}

impl<H: House> Bench<H> {
    async fn new() -> Bench<H> {
        Bench::with_seed(1).await
    }

    async fn with_seed(seed: u64) -> Bench<H> {
        let opening = Opening::seed(seed);
        let house = H::open(opening).await;
        let time = ManualClock::at(opening.at);
        let client = client(&house, &time);
        client.sign_in().await.unwrap();
        Bench { house, time, client, directory: tempfile::tempdir().unwrap() }
    }

    /// A run of the program. The journal can be opened by one at a time.
    async fn run(&self) -> Orders {
        let path = self.directory.path().join("orders.log");
        self.client.orders().timeout(Duration::from_millis(400)).journal(path).await.unwrap()
    }

    async fn buy(&self, orders: &Orders, name: &str) -> Outcome<OrderRef> {
        let order = Order::buy("005930").limit(self.house.limit(0)).qty(10);
        orders.submit(order.venue(OrderVenue::Krx).id(name)).await
    }

    fn advance(&self, by: Duration) {
        self.house.time().advance(by);
        self.time.advance(by);
    }

    /// An order whose fate nobody knows.
    async fn lose(&self, orders: &Orders, name: &str, fate: Fate) {
        self.house.misbehave(H::lost(fate), 1.0);
        let outcome = self.buy(orders, name).await;
        self.house.heal();
        let Outcome::Unknown(unknown) = outcome else { panic!("{fate:?}: {outcome:?}") };
        assert_eq!(unknown.order_id().map(OrderId::as_str), Some(name));
    }

    /// From now on absence is proof.
    async fn wait(&self) {
        self.advance(Reconcile::TRAVEL + DOUBT);
        caught_up(&self.house).await;
    }

    /// So many orders were placed, each once.
    #[track_caller]
    fn count(&self, orders: usize) -> Vec<Placed> {
        let placed = self.house.placed();
        assert_eq!(placed.len(), orders, "{placed:#?}");
        self.house.audit();
        placed
    }
}

/// Reconciles without waiting.
async fn look_at_all(orders: &Orders) -> Vec<Settlement> {
    orders.reconcile().delay(Duration::ZERO).await.unwrap()
}

/// The only verdict.
async fn look(orders: &Orders) -> Verdict {
    let [settled] = <[_; 1]>::try_from(look_at_all(orders).await).unwrap();
    settled.verdict
}

fn is_early(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::TooEarly { .. })
}

fn unsettled(orders: &Orders) -> usize {
    orders.as_journal().unwrap().unsettled().len()
}

fn id(text: &str) -> OrderId {
    text.parse().unwrap()
}

pub async fn a_ghost_order_is_found_and_not_sent_again<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "ghost", Fate::Placed).await;
    bench.wait().await;
    assert_eq!(unsettled(&orders), 1);
    let refused = bench.buy(&orders, "ghost").await;
    assert!(matches!(refused, Outcome::NotSent(_)), "the id may stand for an order: {:?}", refused.error());

    let Verdict::Found(listed) = look(&orders).await else { panic!("not found") };
    assert_eq!(listed.order.number.as_str(), bench.count(1)[0].number);
    assert!(listed.is_open());
    assert_eq!(orders.as_journal().unwrap().placed(&id("ghost")), Some(listed.order.clone()));
    assert_eq!((unsettled(&orders), bench.house.requests("kt10000")), (0, 1));
    assert!(orders.cancel(&listed.order).await.accepted().is_some(), "what is found can be cancelled");

    // noted: another run knows it without asking
    drop(orders);
    assert_eq!(bench.run().await.as_journal().unwrap().placed(&id("ghost")), Some(listed.order));
}

pub async fn a_ghost_that_no_list_shows_yet_is_not_missing<H: House>() {
    for seed in 0..4 {
        let bench = Bench::<H>::with_seed(seed).await;
        let orders = bench.run().await;
        bench.lose(&orders, "ghost", Fate::Placed).await;
        bench.count(1);
        // each second is too early, or shows it
        let mut looks = 0;
        let found = loop {
            looks += 1;
            match look(&orders).await {
                Verdict::Found(listed) => break listed,
                verdict => assert!(is_early(&verdict), "{verdict:?}"),
            }
            assert!(looks < 5, "lists show it within 2 seconds");
            bench.advance(Duration::from_secs(1));
        };
        assert_eq!(found.order.number.as_str(), bench.count(1)[0].number);
    }
}

pub async fn what_never_arrived_can_be_sent_again_under_its_id<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "lost", Fate::Nothing).await;
    bench.wait().await;
    assert_eq!(look(&orders).await, Verdict::NotFound);
    assert_eq!(bench.house.requests("ka10075"), 1, "the second witness is asked as well");
    assert!(bench.buy(&orders, "lost").await.accepted().is_some());
    bench.count(1);
}

pub async fn an_order_refused_for_the_quota_may_be_there<H: House>() {
    let mut fates = [0, 0];
    for seed in 0..8 {
        let bench = Bench::<H>::with_seed(seed).await;
        let orders = bench.run().await;
        bench.lose(&orders, "quota", Fate::Quota).await;
        bench.wait().await;
        let found = matches!(look(&orders).await, Verdict::Found(_));
        assert_eq!(found, bench.house.placed().len() == 1, "seed {seed}");
        fates[usize::from(found)] += 1;
    }
    assert!(fates.iter().all(|count| *count > 0), "both happen: {fates:?}");
}

pub async fn two_equal_orders_are_ambiguous<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "a", Fate::Placed).await;
    bench.lose(&orders, "b", Fate::Placed).await;
    bench.wait().await;
    for settled in look_at_all(&orders).await {
        let Verdict::Ambiguous(candidates) = &settled.verdict else { panic!("{settled:?}") };
        assert_eq!(candidates.len(), 2, "{settled:?}");
    }
    // a look at one of them alone knows of the other all the same
    let journal = orders.as_journal().unwrap();
    let settlements = journal.reconcile(&bench.client).only(&id("a")).delay(Duration::ZERO).await.unwrap();
    assert_eq!(settlements.len(), 1);
    assert!(matches!(&settlements[0].verdict, Verdict::Ambiguous(both) if both.len() == 2));
    // one is told, so the other is known
    let placed = bench.count(2);
    let number = placed[0].number.clone();
    let first = OrderRef::new(Desk::Stock, settlements[0].intent.date, number).of(Side::Buy, "005930").at("KRX");
    journal.declare(&id("a"), Declared::Placed(first)).await.unwrap();
    let Verdict::Found(listed) = look(&orders).await else { panic!("one is left for b") };
    assert_eq!(listed.order.number.as_str(), placed[1].number);
}

pub async fn a_lost_cancellation_is_settled_by_its_own_row<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    let order = bench.buy(&orders, "order").await.accepted().unwrap().clone();
    for (fate, want) in [(Fate::Nothing, false), (Fate::Placed, true)] {
        bench.house.misbehave(H::lost(fate), 1.0);
        assert!(orders.cancel(&order).await.is_unknown());
        bench.house.heal();
        bench.wait().await;
        match look(&orders).await {
            Verdict::Found(listed) if want => {
                assert_eq!(listed.order.original.as_ref(), Some(&order.number));
                assert_eq!(listed.order.number.as_str(), bench.count(2)[1].number);
            }
            Verdict::NotFound if !want => {}
            verdict => panic!("{fate:?}: {verdict:?}"),
        }
    }
}

pub async fn a_lost_change_is_settled_by_its_own_row<H: House>() {
    use kiwoom_api::order::Modification;
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    let order = bench.buy(&orders, "order").await.accepted().unwrap().clone();
    for (fate, want) in [(Fate::Nothing, false), (Fate::Placed, true)] {
        bench.house.misbehave(H::lost(fate), 1.0);
        assert!(orders.modify(&order, Modification::price(bench.house.limit(1)).qty(4)).await.is_unknown());
        bench.house.heal();
        bench.wait().await;
        match look(&orders).await {
            Verdict::Found(listed) if want => {
                assert_eq!(listed.order.original.as_ref(), Some(&order.number));
                let placed = &bench.count(2)[1];
                assert_eq!((listed.order.number.as_str(), placed.qty), (placed.number.as_str(), 4));
            }
            Verdict::NotFound if !want => {}
            verdict => panic!("{fate:?}: {verdict:?}"),
        }
    }
}

pub async fn after_a_crash_what_is_left_comes_first<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "ghost", Fate::Placed).await;
    bench.wait().await;
    drop(orders);

    let orders = bench.run().await;
    let refused = bench.buy(&orders, "next").await;
    let error = refused.error().expect("not accepted").to_string();
    assert!(matches!(refused, Outcome::NotSent(_)) && error.contains("reconcile() first"), "{error}");
    assert!(matches!(look(&orders).await, Verdict::Found(_)));
    assert!(bench.buy(&orders, "next").await.accepted().is_some());
    bench.count(2);
}

pub async fn a_submission_that_was_dropped_is_unsettled<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.house.misbehave(H::lost(Fate::Placed), 1.0);
    let arrived = async {
        while bench.house.placed().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        outcome = bench.buy(&orders, "dropped") => panic!("it was not dropped before its outcome: {outcome:?}"),
        () = arrived => {}
    }
    bench.house.heal();
    assert_eq!(unsettled(&orders), 1);
    bench.advance(DOUBT + DOUBT);
    assert!(matches!(look(&orders).await, Verdict::Found(_)));
    bench.count(1);
}

pub async fn not_found_needs_more_than_absence_while_the_order_may_still_arrive<H: House>() {
    for seed in 0..4 {
        let bench = Bench::<H>::with_seed(seed).await;
        let orders = bench.run().await;
        bench.lose(&orders, "lost", Fate::Late).await;
        let verdict = look(&orders).await;
        assert!(is_early(&verdict), "it may still arrive, and not {verdict:?}");
        assert!(!verdict.is_settled());
        let again = bench.buy(&orders, "lost").await;
        assert!(matches!(again, Outcome::NotSent(_)), "the id is taken: {again:?}");
        // the line lives again, the server reads
        bench.advance(Duration::from_secs(60));
        caught_up(&bench.house).await;
        bench.advance(DOUBT);
        let Verdict::Found(listed) = look(&orders).await else { panic!("it arrived") };
        assert_eq!(listed.order.number.as_str(), bench.count(1)[0].number);
    }
}

pub async fn what_never_arrived_is_certain_after_the_bound_and_not_before<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "lost", Fate::Nothing).await;
    let Verdict::TooEarly { not_before } = look(&orders).await else { panic!("it is too early") };
    let delay = Duration::from_secs(3);
    let travel = SignedDuration::try_from(Reconcile::TRAVEL - delay).unwrap();
    let bound = not_before.duration_since(Opening::seed(1).at);
    assert!(bound >= travel && bound <= travel + SignedDuration::from_secs(2), "{bound:#}");
    bench.advance(Reconcile::TRAVEL - delay - DOUBT);
    assert!(is_early(&look(&orders).await));
    bench.advance(DOUBT + DOUBT);
    assert_eq!(look(&orders).await, Verdict::NotFound);
    assert!(bench.buy(&orders, "lost").await.accepted().is_some(), "the id is free");
    bench.count(1);
}

pub async fn waiting_ends_with_certainty<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "lost", Fate::Nothing).await;
    let waiting = tokio::spawn({
        let orders = orders.clone();
        async move { orders.reconcile().delay(Duration::ZERO).wait_until_certain().await.unwrap() }
    });
    let mut waited = Duration::ZERO;
    while !waiting.is_finished() {
        if bench.time.next_alarm().is_some() {
            bench.advance(Duration::from_secs(1));
            waited += Duration::from_secs(1);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(waiting.await.unwrap()[0].verdict, Verdict::NotFound);
    assert!(waited >= Reconcile::TRAVEL - Duration::from_secs(5), "{waited:?}");
}

pub async fn a_jump_of_the_wall_clock_does_not_shorten_the_bound<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.lose(&orders, "lost", Fate::Nothing).await;
    let now = Opening::seed(1).at;
    for hours in [5, -5] {
        bench.time.jump_to(now + SignedDuration::from_hours(hours));
        assert!(is_early(&look(&orders).await));
    }
    bench.advance(Reconcile::TRAVEL);
    assert_eq!(look(&orders).await, Verdict::NotFound);
}

/// Nobody knows when the attempt ended: it was over when the next run looked, and that is noted.
pub async fn after_a_crash_the_bound_begins_with_the_first_look<H: House>() {
    let bench = Bench::<H>::new().await;
    let orders = bench.run().await;
    bench.house.misbehave(H::lost(Fate::Nothing), 1.0);
    let path = bench.directory.path().join("orders.log");
    let (_, left) = tokio::join!(bench.buy(&orders, "lost"), async {
        while std::fs::read_to_string(&path).unwrap().lines().count() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // what a process that is killed now leaves behind
        std::fs::read(&path).unwrap()
    });
    bench.house.heal();
    drop(orders);
    std::fs::write(&path, left).unwrap();
    // the machine was off for an hour, and all that time it may have been on its way for all the journal knows
    bench.advance(Duration::from_secs(3600));
    let orders = bench.run().await;
    let first = look(&orders).await;
    assert!(is_early(&first), "{first:?}");
    drop(orders);
    bench.advance(Duration::from_secs(30));
    let orders = bench.run().await;
    assert_eq!(look(&orders).await, first, "the first look was noted");
    bench.advance(Reconcile::TRAVEL);
    assert_eq!(look(&orders).await, Verdict::NotFound);
}
