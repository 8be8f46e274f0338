//! Single rules of the engine, each by hand.

use super::super::*;

fn now(ms: u64) -> Now {
    let at = Duration::from_millis(ms);
    Now { at, wall: jiff::Timestamp::from_millisecond(ms as i64).unwrap() }
}

fn keys(topic: &'static str, items: &[&str]) -> Vec<Key> {
    items.iter().map(|item| Key::topic(topic, KeyItem::of(item))).collect()
}

/// An engine that is told things, at times of the test's choice.
struct Told(Engine);

impl Told {
    fn new() -> Told {
        Told(Engine::new(Rules::default(), 7))
    }

    fn on(&mut self, ms: u64, input: Input<'_>) -> Vec<Action> {
        let mut out = Vec::new();
        self.0.on(input, now(ms), &mut out);
        out
    }

    fn line(&mut self, ms: u64, line: Line<'_>) -> Vec<Action> {
        self.on(ms, Input::Line(self.0.epoch, line))
    }

    fn subscribe(&mut self, ms: u64, set: u64, keys: Vec<Key>) -> Vec<Action> {
        self.on(ms, Input::Subscribe { set: SetId(set), keys, stale_after: None })
    }

    /// Logged in at `ms`.
    fn open(&mut self, ms: u64) {
        self.on(ms, Input::Tick);
        self.line(ms, Line::Opened);
        self.line(ms, Line::Login(Answer::fine()));
    }
}

fn requests(actions: &[Action]) -> Vec<&Request> {
    let mut found = Vec::new();
    for action in actions {
        if let Action::Send { request, .. } = action {
            found.push(request);
        }
    }
    found
}

#[test]
fn two_sets_on_one_symbol_take_one_place_and_the_last_one_frees_it() {
    let mut told = Told::new();
    told.subscribe(0, 1, keys("0B", &["005930"]));
    told.subscribe(0, 2, [keys("0B", &["005930"]), keys("0D", &["005930"])].concat());
    assert_eq!(told.0.slots(), 1);
    told.open(1_000);
    let sent = told.on(1_100, Input::Tick);
    assert_eq!(requests(&sent), [&Request::Register(keys("0B", &["005930"]))]);
    told.line(1_200, Line::Answered(Kind::Register, None, Answer::fine()));
    told.on(1_500, Input::Tick);
    told.line(1_600, Line::Answered(Kind::Register, None, Answer::fine()));
    assert!(requests(&told.on(2_000, Input::Drop(SetId(1)))).is_empty(), "the other set still wants it");
    told.subscribe(2_000, 3, keys("0B", &["000660"]));
    let removed = told.on(2_500, Input::Drop(SetId(2)));
    assert_eq!(told.0.slots(), 1);
    let later =
        [removed, told.line(3_000, Line::Answered(Kind::Register, None, Answer::fine())), told.on(3_500, Input::Tick)]
            .concat();
    assert_eq!(requests(&later), [&Request::Remove(keys("0B", &["005930"]))]);
}

#[test]
fn the_201st_symbol_is_refused_here() {
    let items: Vec<String> = (0..201).map(|item| format!("{item:06}")).collect();
    let all: Vec<Key> = items.iter().map(|item| Key::topic("0B", KeyItem::of(item))).collect();
    let engine = Engine::new(Rules::default(), 1);
    assert_eq!(engine.check(&all[..200]), Ok(()));
    assert_eq!(engine.check(&all), Err(TooMany::Symbols { wanted: 201, most: 200 }));
    let searches: Vec<Key> = (0..11).map(|number: u8| Key::search("02", &number.to_string())).collect();
    assert_eq!(engine.check(&searches), Err(TooMany::Searches { wanted: 11, most: 10 }));
}

#[test]
fn places_that_the_broker_does_not_give_back_are_told() {
    let mut told = Told::new();
    let searches =
        |numbers: std::ops::Range<u8>| numbers.map(|n| Key::search("02", &n.to_string())).collect::<Vec<_>>();
    let refused = || Answer { verdict: Verdict::Refused, code: "900".into(), message: String::new() };
    told.subscribe(0, 1, searches(0..10));
    told.subscribe(0, 2, keys("0B", &["005930"]));
    told.open(1_000);
    // a broker that answers so for a minute
    let serve = |told: &mut Told, (from, first): (u64, Input<'_>), answer: &dyn Fn(Kind) -> Answer| {
        let mut seen = Vec::new();
        let mut first = Some(first);
        for at in (from..from + 60_000).step_by(1_000) {
            let mut actions = first.take().map(|first| told.on(at, first)).unwrap_or_default();
            actions.extend(told.line(at, Line::Other));
            actions.extend(told.on(at, Input::Tick));
            if let Some(kind) = requests(&actions).first().map(|request| request.kind()) {
                seen.extend(told.line(at + 100, Line::Answered(kind, None, answer(kind))));
            }
            seen.extend(actions);
        }
        seen
    };
    serve(&mut told, (2_000, Input::Tick), &|_| Answer::fine());
    // all ten go, and the broker keeps them
    serve(&mut told, (70_000, Input::Drop(SetId(1))), &|kind| {
        if kind == Kind::Clear { refused() } else { Answer::fine() }
    });
    let third = Input::Subscribe { set: SetId(3), keys: searches(20..21), stale_after: None };
    let seen = serve(&mut told, (140_000, third), &|_| Answer::fine());
    let of_three = |notice: &Notice| {
        seen.iter().filter(|action| matches!(action, Action::Notify(SetId(3), own) if own == notice)).count()
    };
    assert_eq!(of_three(&Notice::SlotsFull { keys: searches(20..21) }), 1, "{seen:?}");
    assert_eq!(of_three(&Notice::Ready), 1, "whoever waits for it goes on");
}

#[test]
fn a_ping_before_the_answer_to_login_comes_back_after_it() {
    let mut told = Told::new();
    told.subscribe(0, 1, keys("0B", &["005930"]));
    told.on(1_000, Input::Tick);
    told.line(1_010, Line::Opened);
    assert!(told.line(1_020, Line::Ping("{ping}")).is_empty());
    let after = told.line(1_030, Line::Login(Answer::fine()));
    assert!(matches!(&after[0], Action::Echo { text, .. } if text == "{ping}"), "{after:?}");
}

#[test]
fn a_set_that_is_silent_is_told_once() {
    let mut told = Told::new();
    let stale_after = Some(Duration::from_secs(5));
    told.on(0, Input::Subscribe { set: SetId(1), keys: keys("0B", &["005930"]), stale_after });
    told.open(1_000);
    let stale =
        |actions: Vec<Action>| actions.iter().any(|action| matches!(action, Action::Notify(_, Notice::Stale { .. })));
    assert!(!stale(told.on(5_900, Input::Tick)));
    assert!(stale(told.on(6_000, Input::Tick)));
    assert!(!stale(told.on(7_000, Input::Tick)));
    told.line(8_000, Line::Push { topic: "0B", item: "005930" });
    assert!(stale(told.on(13_000, Input::Tick)), "it may fall silent again");
}

#[test]
fn kicks_stop_after_three_in_an_hour() {
    let mut told = Told::new();
    told.subscribe(0, 1, keys("0B", &["005930"]));
    let mut at = 1_000;
    for kick in 1..=4 {
        told.open(at);
        let actions = told.line(at + 10, Line::System { code: "R10001" });
        let over = actions.iter().any(|action| matches!(action, Action::Notify(_, Notice::Closed(Why::Kicked))));
        assert_eq!(over, kick == 4, "{kick}");
        if let Phase::Wait { until } = told.0.phase() {
            assert!(until >= Duration::from_millis(at + 10) + Duration::from_secs(30), "no haste after a kick");
            at = until.as_millis() as u64;
        }
    }
    assert_eq!(told.0.phase(), Phase::Idle);
}

/// The broker closes with the same frame, and nobody took the place: that it happens often ends nothing.
#[test]
fn a_line_that_is_closed_for_another_reason_is_no_kick() {
    for code in ["R10002", "R10004"] {
        let mut told = Told::new();
        told.subscribe(0, 1, keys("0B", &["005930"]));
        let mut at = 1_000;
        for _ in 0..8 {
            told.open(at);
            assert!(told.line(at + 10, Line::System { code }).is_empty());
            let actions = told.line(at + 20, Line::Closed(Farewell::Kicked));
            let is_kick = |action: &Action| matches!(action, Action::Notify(_, Notice::Kicked { .. }));
            assert!(!actions.iter().any(is_kick), "{actions:?}");
            let told_why = |action: &Action| matches!(action, Action::Notify(_, Notice::Disconnected { why, .. }) if why.contains(code));
            assert!(actions.iter().any(told_why), "{actions:?}");
            let Phase::Wait { until } = told.0.phase() else { panic!("{:?}", told.0.phase()) };
            at = until.as_millis() as u64 + 1;
        }
        // a reason belongs to its connection
        told.open(at);
        let actions = told.line(at + 20, Line::Closed(Farewell::Kicked));
        assert!(actions.iter().any(|action| matches!(action, Action::Notify(_, Notice::Kicked { .. }))), "{actions:?}");
    }
}

#[test]
fn a_dead_token_is_renewed_and_three_end_it() {
    let mut told = Told::new();
    let mut dial = told.subscribe(0, 1, keys("0B", &["005930"]));
    let refused = || Answer { verdict: Verdict::NotLoggedIn, code: "805004".into(), message: "token".into() };
    let mut at = 1_000;
    for attempt in 1..=3 {
        dial.extend(told.on(at, Input::Tick));
        assert!(matches!(dial[..], [Action::Dial { renew, .. }] if renew == (attempt > 1)), "{dial:?}");
        dial.clear();
        told.line(at, Line::Opened);
        let actions = told.line(at + 10, Line::Login(refused()));
        let closed =
            actions.iter().any(|action| matches!(action, Action::Notify(_, Notice::Closed(Why::Login { .. }))));
        assert_eq!(closed, attempt == 3);
        at += 100_000;
    }
}

#[test]
fn an_item_with_a_venue_belongs_to_its_code_unless_somebody_named_it() {
    let mut told = Told::new();
    told.subscribe(0, 1, keys("1h", &["005930"]));
    told.subscribe(0, 2, keys("1h", &[""]));
    told.open(1_000);
    let to = |actions: Vec<Action>| -> Vec<u64> {
        actions.iter().filter_map(|action| if let Action::Deliver(set) = action { Some(set.0) } else { None }).collect()
    };
    assert_eq!(to(told.line(1_100, Line::Push { topic: "1h", item: "005930_AL" })), [1, 2]);
    told.subscribe(1_200, 3, keys("1h", &["005930_AL"]));
    assert_eq!(to(told.line(1_300, Line::Push { topic: "1h", item: "005930_AL" })), [3, 2]);
    assert_eq!(to(told.line(1_400, Line::Push { topic: "1h", item: "000660" })), [2]);
}
