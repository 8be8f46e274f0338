//! One test for each thing that can happen to a line.

use std::time::Duration;

use kiwoom_api::domestic::realtime::{OrderBook, StockTrade};
use kiwoom_api::realtime::{Event, Feed, Hit, Stage};
use kiwoom_sim::{Fault, Rule};

use super::super::wire::{Cut, Flow};
use super::{Air, Trades};

const SECOND: Duration = Duration::from_secs(1);
const BOTH: [&str; 2] = ["005930", "000660"];

/// Trades of two symbols, on a line that is up.
async fn opened(air: &Air) -> (Feed, Trades) {
    let feed = air.client.realtime().topic::<StockTrade>(BOTH).start().unwrap();
    air.until_live(&feed).await;
    air.pass(10 * SECOND).await;
    let mut trades = Trades::of(BOTH);
    let mut feed = feed;
    trades.take_all(&mut feed);
    assert!(trades.pushes > 0);
    (feed, trades)
}

/// Everything is as it was, and what was missing in between was announced.
async fn recovered(air: &Air, feed: &mut Feed, trades: &mut Trades) {
    air.wire.heal();
    air.until_live(feed).await;
    air.catch_up(feed, trades).await;
    assert_eq!(feed.standing().confirmed, 2);
}

#[tokio::test]
async fn a_line_that_is_cut_anywhere_comes_back_and_says_what_may_be_missing() {
    let air = Air::new(2).await;
    let (mut feed, mut trades) = opened(&air).await;
    let mut cuts = 0;
    // in the handshake, before and in the answer to the login, in those of registrations, in and between pushes
    for after in (0..1_200).step_by(100) {
        let how = if after % 200 == 0 { Cut::Closed } else { Cut::Reset };
        let sockets = air.wire.sockets();
        air.wire.cut_next(after, how);
        air.wire.cut(how);
        air.until(|| air.wire.sockets() >= sockets + 2).await;
        air.until_live(&feed).await;
        air.pass(2 * SECOND).await;
        trades.take_all(&mut feed);
        cuts += 2;
    }
    recovered(&air, &mut feed, &mut trades).await;
    assert!(trades.losses() >= cuts, "{} of {cuts} were told", trades.losses());
    assert!(trades.gaps >= cuts / 4 && trades.missed > 0, "{trades:?}");
}

#[tokio::test]
async fn a_kick_is_waited_out_and_the_fourth_within_an_hour_ends_it() {
    let air = Air::new(3).await;
    let (mut feed, mut trades) = opened(&air).await;
    for kick in 1..=3 {
        air.sim.kick();
        air.until(|| feed.standing().phase == Stage::Wait).await;
        let sockets = air.wire.sockets();
        air.pass(20 * SECOND).await;
        assert_eq!(air.wire.sockets(), sockets, "nobody fights");
        recovered(&air, &mut feed, &mut trades).await;
        assert_eq!(trades.count(|event| matches!(event, Event::Kicked { .. })), kick);
        assert_eq!(trades.gaps, kick);
    }
    air.sim.kick();
    let mut last = None;
    while let Some(item) = tokio::time::timeout(super::SOON, feed.next()).await.expect("an end in time") {
        last = Some(item);
    }
    assert!(format!("{last:?}").contains("Closed"), "{last:?}");
}

#[tokio::test]
async fn a_registration_without_an_answer_costs_the_connection_and_nothing_else() {
    let air = Air::new(4).await;
    air.sim.fault(Rule::new(Fault::MissedAck).times(2));
    let mut feed = air.client.realtime().topic::<StockTrade>(BOTH).start().unwrap();
    let mut trades = Trades::of(BOTH);
    air.until(|| air.wire.sockets() >= 3).await;
    recovered(&air, &mut feed, &mut trades).await;
    assert!(trades.losses() >= 2, "{trades:?}");
}

#[tokio::test]
async fn pushes_that_come_twice_are_all_delivered() {
    let air = Air::new(5).await;
    let (mut feed, mut trades) = opened(&air).await;
    air.sim.fault(Rule::new(Fault::Duplicate).on("0B").chance(0.5));
    trades.may_repeat = true;
    air.pass(60 * SECOND).await;
    air.sim.heal();
    recovered(&air, &mut feed, &mut trades).await;
    assert!(trades.repeated > 5 && trades.losses() == 0, "{trades:?}");
}

#[tokio::test]
async fn pushes_that_come_late_are_neither_lost_nor_a_gap() {
    let air = Air::new(6).await;
    let (mut feed, mut trades) = opened(&air).await;
    let before = trades.pushes;
    air.wire.flow(Flow::Late);
    air.pass(25 * SECOND).await;
    trades.take_all(&mut feed);
    assert_eq!(trades.pushes, before, "nothing gets through");
    recovered(&air, &mut feed, &mut trades).await;
    assert!(trades.pushes > before && trades.gaps == 0 && trades.losses() == 0, "{trades:?}");
}

#[tokio::test]
async fn a_half_open_line_is_noticed() {
    let air = Air::new(7).await;
    let (mut feed, mut trades) = opened(&air).await;
    air.wire.flow(Flow::Dead);
    air.until(|| feed.standing().phase != Stage::Live).await;
    air.pass(5 * SECOND).await;
    recovered(&air, &mut feed, &mut trades).await;
    let silent = |event: &Event| matches!(event, Event::Disconnected { why, .. } if why.contains("not even a ping"));
    assert_eq!(trades.count(silent), 1, "{trades:?}");
    assert!(trades.gaps >= 1 && trades.missed > 0, "{trades:?}");
}

/// The simulator ends the line of somebody who does not echo its pings, and says why.
#[tokio::test]
async fn a_line_on_which_no_echo_arrives_is_ended_and_comes_back() {
    let air = Air::new(8).await;
    let (mut feed, mut trades) = opened(&air).await;
    air.wire.flow(Flow::Deaf);
    air.until(|| feed.standing().phase != Stage::Live).await;
    recovered(&air, &mut feed, &mut trades).await;
    let told = |event: &Event| matches!(event, Event::System { code, .. } if code == "R10002");
    assert_eq!(trades.count(told), 1, "{trades:?}");
    assert_eq!(trades.count(|event| matches!(event, Event::Kicked { .. })), 0, "nobody took its place");
    assert!(trades.gaps >= 1, "{trades:?}");
}

#[tokio::test]
async fn a_token_that_died_is_renewed_for_the_next_login() {
    let air = Air::new(9).await;
    let (mut feed, mut trades) = opened(&air).await;
    let asked = || air.sim.log().iter().filter(|call| call.api == "au10001").count();
    let before = asked();
    air.sim.kill_tokens();
    air.wire.cut(Cut::Reset);
    air.until(|| feed.standing().phase != Stage::Live).await;
    air.until_live(&feed).await;
    assert_eq!(asked(), before + 1, "one token more");
    recovered(&air, &mut feed, &mut trades).await;
    assert_eq!(trades.gaps, 1);
}

#[tokio::test]
async fn a_server_that_is_gone_for_a_while_is_awaited_patiently() {
    let air = Air::new(10).await;
    let (mut feed, mut trades) = opened(&air).await;
    air.wire.go_down();
    air.pass(120 * SECOND).await;
    trades.take_all(&mut feed);
    let pauses: Vec<Duration> = trades
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Disconnected { retry_in, .. } => Some(*retry_in),
            _ => None,
        })
        .collect();
    assert!((3..30).contains(&pauses.len()), "{pauses:?}");
    assert!(pauses.iter().max().unwrap() > &(10 * SECOND), "pauses grow: {pauses:?}");
    recovered(&air, &mut feed, &mut trades).await;
    assert_eq!(trades.gaps, 1, "one gap, however many attempts");
    let longest = trades.events.iter().find_map(|event| match event {
        Event::Gap { from, to, .. } => Some(to.duration_since(*from).as_secs()),
        _ => None,
    });
    assert!(longest.unwrap() >= 118, "{longest:?}");
}

#[tokio::test]
async fn a_search_is_asked_again_on_the_next_connection() {
    let air = Air::new(11).await;
    let conditions = air.client.conditions();
    let list = air.during(conditions.list()).await.unwrap();
    let mut watch = air.during(conditions.watch(&list[0])).await.unwrap();
    let (mut snapshots, mut connected, mut found) = (0, 0, 0);
    let number = "0";
    for cut in 0..3 {
        let (mut is_found, mut is_new) = (false, cut == 0);
        while !is_found {
            match tokio::time::timeout(Duration::from_millis(20), watch.next()).await {
                Ok(hit) => match hit.expect("no end") {
                    Hit::Snapshot { .. } => snapshots += 1,
                    Hit::Entered { .. } => is_found = is_new,
                    Hit::Event(Event::Connected) => {
                        connected += 1;
                        is_new = true;
                    }
                    _ => {}
                },
                Err(_) => {
                    // the market would take minutes to find another one
                    air.sim.leave(number, "005380");
                    air.pass(SECOND).await;
                    air.sim.enter(number, "005380");
                }
            }
        }
        found += 1;
        air.wire.cut(if cut % 2 == 0 { Cut::Reset } else { Cut::Closed });
    }
    // found on each connection: the search was registered there
    assert!(snapshots == 1 && connected >= 2 && found == 3, "{snapshots} {connected} {found}");
}

#[tokio::test]
async fn two_sets_on_one_line_live_and_end_apart() {
    let air = Air::new(12).await;
    let (mut feed, mut trades) = opened(&air).await;
    for _ in 0..3 {
        let mut other = air
            .client
            .realtime()
            .topic::<StockTrade>(["000660", "035720"])
            .topic::<OrderBook>(["035720"])
            .start()
            .unwrap();
        air.until_live(&other).await;
        assert_eq!(air.client.slots_used::<StockTrade>(), 3);
        air.wire.cut(Cut::Reset);
        air.pass(3 * SECOND).await;
        air.until_live(&other).await;
        let mut others = Trades::of(["000660", "035720"]);
        others.take_all(&mut other);
        air.catch_up(&mut other, &mut others).await;
        assert!(others.gaps >= 1, "{others:?}");
        drop(other);
        air.catch_up(&mut feed, &mut trades).await;
        assert_eq!(air.client.slots_used::<StockTrade>(), 2);
    }
    recovered(&air, &mut feed, &mut trades).await;
    assert_eq!(trades.gaps, 3, "{trades:?}");
}

#[tokio::test]
async fn two_hundred_places_are_filled_and_filled_again() {
    let air = Air::new(13).await;
    let rest: Vec<String> = (0..198).map(|number| format!("9{number:05}")).collect();
    let (mut feed, mut trades) = opened(&air).await;
    let full = air.client.realtime().topic::<StockTrade>(&rest).start().unwrap();
    air.until_live(&full).await;
    assert_eq!(air.client.slots_used::<StockTrade>(), 200);
    let error = air.client.realtime().topic::<StockTrade>(["035720"]).start().unwrap_err();
    assert!(error.to_string().contains("200"), "{error}");
    air.wire.cut(Cut::Closed);
    air.until(|| feed.standing().phase != Stage::Live).await;
    air.until_live(&full).await;
    assert_eq!(full.standing().confirmed, 200, "all of them are registered again");
    drop(full);
    air.pass(3 * SECOND).await;
    let one = air.client.realtime().topic::<StockTrade>(["035720"]).start().unwrap();
    air.until(|| one.standing().confirmed == 3).await;
    drop(one);
    recovered(&air, &mut feed, &mut trades).await;
    assert_eq!(trades.gaps, 1);
}
