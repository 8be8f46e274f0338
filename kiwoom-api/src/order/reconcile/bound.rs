//! When absence from the lists proves that an order will never appear in them. Pure: told the time.
//!
//! Giving up an order does not take it back: bytes that were handed over may be delivered after the attempt ended, when
//! a dead connection recovers or a server reads late (`BEHAVIOUR.md` O10). So `NotFound` has a bound, and before it
//! there are only "found" and "too early".

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::language::{Both, fixed};
use crate::net::broker_time::{BrokerNow, Source};
use crate::order::Unsettled;

/// How long this machine and the network may still deliver what an attempt left behind.
///
/// The socket is reset when the attempt ends, so that this machine forgets what was not acknowledged; a process that dies
/// does the same. Where that fails (a fork holds the socket, the machine hangs), Linux and Android give up after the
/// `TCP_USER_TIMEOUT` that the client sets.
pub(in crate::order) const SOCKET: Duration =
    if cfg!(any(target_os = "android", target_os = "fuchsia", target_os = "linux")) {
        crate::net::transport::UNACKNOWLEDGED
    } else {
        PACKET
    };

/// Systems without that option have the reset alone. What is left is a packet that is on its way already: RFC 9293 (3.4.1)
/// lets it live for two minutes.
pub(in crate::order) const PACKET: Duration = Duration::from_secs(120);

/// How long an order that reached another machine may wait there before it is taken: in a proxy, in a gateway of the broker,
/// in a server that reads its socket late.
///
/// An assumption: common gateways give up on a request after 60 s (nginx's `proxy_read_timeout` and `proxy_send_timeout`,
/// the idle time of load balancers), and the broker answers orders within a second.
pub(in crate::order) const QUEUE: Duration = Duration::from_secs(60);

/// For clocks that count whole seconds, and for the time between the end of an attempt and its reset.
pub(in crate::order) const MARGIN: Duration = Duration::from_secs(7);

/// What the absence of an order from the lists says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// The order does not exist and will not.
    Proof,
    /// Nothing: it may be on its way until then, by the broker's clock.
    Early(Timestamp),
    /// Nothing, for this reason.
    Doubtful(Both),
}

/// What reading the lists from `began` on says about an intent that is not there. `now` is the time after that;
/// `delay` is the lists' own, and `stated` is said to be the largest difference of the clocks.
pub(super) fn absence(
    left: &Unsettled,
    began: Timestamp,
    now: BrokerNow,
    delay: Duration,
    stated: Option<Duration>,
) -> Absence {
    if now.source == Source::ThisMachine && stated.is_none() {
        return Absence::Doubtful(NO_DATE);
    }
    // give or take what two replies may differ by
    let tolerance = stated.unwrap_or_default().saturating_add(MARGIN);
    if left.since > later(now.latest, tolerance) {
        return Absence::Doubtful(FROM_THE_FUTURE);
    }
    // an attempt does not end before it begins: such an end was told by a wrong clock
    let end = left.until.unwrap_or(now.latest).max(left.since);
    let not_before = later(end, after_end(delay));
    if began >= not_before { Absence::Proof } else { Absence::Early(not_before) }
}

/// How long after the end of its attempt an order that is not listed may still turn up.
pub(super) const fn after_end(delay: Duration) -> Duration {
    SOCKET.saturating_add(QUEUE).saturating_add(delay).saturating_add(MARGIN)
}

/// Saturates: no duration makes a moment that does not exist.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_add(signed(by)).unwrap_or(Timestamp::MAX)
}

/// Saturates.
pub(super) fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_sub(signed(by)).unwrap_or(Timestamp::MIN)
}

fn signed(by: Duration) -> SignedDuration {
    SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX)
}

const NO_DATE: Both = fixed!(
    "no reply of the broker had a Date header, so its clock is not known (state with skew() how far this machine's may be off)",
    "증권사의 응답에 Date 헤더가 없어 증권사의 시계를 알 수 없습니다 (이 컴퓨터의 시계가 얼마나 틀릴 수 있는지 skew()로 알려 주세요)"
);
const FROM_THE_FUTURE: Both = fixed!(
    "it was noted at a time that the broker's clock has not reached: this machine's clock was wrong (look it up, then declare() it)",
    "증권사의 시계로 아직 오지 않은 시각에 기록되었습니다. 이 컴퓨터의 시계가 틀렸습니다 (직접 확인한 뒤 declare()로 정하세요)"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::journal::samples::{at, intent};

    const DELAY: Duration = Duration::from_secs(3);

    fn ended(until: Option<i64>) -> Unsettled {
        Unsettled::new(intent("a"), at(0), until.map(at))
    }

    fn read(at: Timestamp, source: Source) -> BrokerNow {
        BrokerNow { earliest: at, latest: at, source }
    }

    #[test]
    fn absence_proves_something_after_the_bound_and_not_before() {
        let bound = after_end(DELAY).as_secs() as i64;
        assert_eq!(bound, SOCKET.as_secs() as i64 + 70, "the docs of Verdict::NotFound name it");
        for (began, want) in [
            (10, Absence::Early(at(10 + bound))),
            (10 + bound - 1, Absence::Early(at(10 + bound))),
            (10 + bound, Absence::Proof),
            (1_000_000, Absence::Proof),
        ] {
            let now = read(at(began), Source::Replies);
            assert_eq!(absence(&ended(Some(10)), at(began), now, DELAY, None), want, "{began}");
        }
    }

    #[test]
    fn an_attempt_whose_end_nobody_saw_may_have_ended_now() {
        let now = read(at(5_000), Source::Replies);
        let want = Absence::Early(later(at(5_000), after_end(DELAY)));
        assert_eq!(absence(&ended(None), at(5_000), now, DELAY, None), want);
    }

    #[test]
    fn an_end_before_the_beginning_is_none() {
        let mut left = ended(Some(-86_400));
        left.since = at(100);
        let bound = after_end(DELAY).as_secs() as i64;
        let look = |began: i64| absence(&left, at(began), read(at(began), Source::Replies), DELAY, None);
        assert_eq!(look(101), Absence::Early(at(100 + bound)));
        assert_eq!(look(100 + bound), Absence::Proof);
    }

    #[test]
    fn a_clock_that_is_not_known_proves_nothing_unless_it_is_stated() {
        let now = read(at(5_000), Source::ThisMachine);
        assert!(matches!(absence(&ended(Some(1)), at(5_000), now, DELAY, None), Absence::Doubtful(_)));
        assert_eq!(absence(&ended(Some(1)), at(5_000), now, DELAY, Some(Duration::ZERO)), Absence::Proof);
        let past = read(at(-3_600), Source::Replies);
        assert_eq!(absence(&ended(Some(1)), at(-3_600), past, DELAY, None), Absence::Doubtful(FROM_THE_FUTURE));
    }

    #[test]
    fn no_duration_panics() {
        for by in [Duration::MAX, Duration::ZERO, Duration::from_secs(u64::MAX / 2)] {
            let now = read(at(5_000), Source::Replies);
            let _ = absence(&ended(Some(1)), at(5_000), now, by, Some(by));
            let _ = (later(at(0), by), earlier(at(0), by));
        }
        assert_eq!(later(at(0), Duration::MAX), Timestamp::MAX);
    }
}
