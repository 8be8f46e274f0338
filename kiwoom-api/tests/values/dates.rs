//! Dates from what users have, today where the market is, and the moment of a row.

use std::borrow::Cow;

use kiwoom_api::value::{BadDate, Date, DateTime, Zone, date};
use kiwoom_api::{Client, Credentials, ManualClock, Server};

fn client_at(moment: &str) -> Client {
    let clock = ManualClock::at(moment.parse().unwrap());
    Client::builder(Server::Mock, Credentials::new("key", "secret")).clock(clock.clock()).build().unwrap()
}

#[test]
fn dates_from_text() {
    let day = Date::constant(2026, 7, 3);
    for text in ["20260703", "2026-07-03", "2026/07/03", "2026.07.03", " 20260703 "] {
        assert_eq!(date(text), Ok(day), "{text:?}");
        let owned = text.to_owned();
        assert_eq!((date(&owned), date(owned), date(Cow::Borrowed(text))), (Ok(day), Ok(day), Ok(day)));
    }
    for text in ["", "00000000", "20260230", "2026-7-3", "today", "260703", "20260703153000"] {
        assert_eq!(date(text), Err(BadDate), "{text:?}");
    }
    // the parser of jiff itself
    assert_eq!(("20260703".parse::<Date>().ok(), "2026-07-03".parse::<Date>().ok()), (Some(day), Some(day)));
    assert_eq!((date(day), date(day.at(1, 2, 3, 0))), (Ok(day), Ok(day)));
}

#[test]
fn today_is_the_day_of_the_market() {
    for (moment, korea, new_york) in [
        // in summer New York is 13 hours behind, in winter 14
        ("2026-07-05T14:59:59Z", (2026, 7, 5), (2026, 7, 5)),
        ("2026-07-05T15:00:00Z", (2026, 7, 6), (2026, 7, 5)),
        ("2026-07-06T03:59:59Z", (2026, 7, 6), (2026, 7, 5)),
        ("2026-07-06T04:00:00Z", (2026, 7, 6), (2026, 7, 6)),
        ("2026-01-06T04:59:59Z", (2026, 1, 6), (2026, 1, 5)),
        ("2026-01-06T05:00:00Z", (2026, 1, 6), (2026, 1, 6)),
    ] {
        let client = client_at(moment);
        let day = |(year, month, day): (i16, i8, i8)| Date::constant(year, month, day);
        assert_eq!((client.today(), client.today_in(Zone::NewYork)), (day(korea), day(new_york)), "{moment}");
        assert_eq!(client.now().to_string(), moment);
    }
}

#[test]
fn summer_time_in_new_york() {
    for (day, utc) in [
        ((2026, 3, 7), "2026-03-07T14:30:00Z"),
        ((2026, 3, 9), "2026-03-09T13:30:00Z"),
        ((2026, 10, 30), "2026-10-30T13:30:00Z"),
        ((2026, 11, 2), "2026-11-02T14:30:00Z"),
    ] {
        let open = Date::constant(day.0, day.1, day.2).at(9, 30, 0, 0);
        let at = Zone::NewYork.instant(open).unwrap();
        assert_eq!((at.to_string(), Zone::NewYork.wall(at)), (utc.to_owned(), open));
    }
    // the last evening of all has no moment west of Greenwich, the first morning none in the east
    assert_eq!(Zone::NewYork.instant(DateTime::MAX), None);
    assert_eq!(Zone::Korea.instant(DateTime::MIN), None);
}

#[cfg(feature = "domestic-chart")]
#[test]
fn the_moment_of_a_row() {
    use kiwoom_api::at;
    use kiwoom_api::id::{ka10080, ka10081};

    let wall = Date::constant(2026, 7, 3).at(9, 30, 0, 0);
    let minute = ka10080::Row { cntr_tm: Some(wall), ..Default::default() };
    assert_eq!(at(&minute, Zone::Korea).unwrap().to_string(), "2026-07-03T00:30:00Z");
    assert_eq!(at(&minute, Zone::NewYork).unwrap().to_string(), "2026-07-03T13:30:00Z");
    let day = ka10081::Row { dt: Some(wall.date()), ..Default::default() };
    assert_eq!(at(&day, Zone::Korea), None, "a day is no moment");
}

#[cfg(feature = "chrono")]
#[test]
fn dates_from_and_for_chrono() {
    use chrono::{NaiveDate, TimeZone, Utc};
    use kiwoom_api::value::{Time, ToChrono};

    let (day, naive) = (Date::constant(2026, 7, 3), NaiveDate::from_ymd_opt(2026, 7, 3).unwrap());
    assert_eq!((date(naive), date(naive.and_hms_opt(9, 30, 0).unwrap())), (Ok(day), Ok(day)));
    assert_eq!(date(Utc.with_ymd_and_hms(2026, 7, 3, 23, 0, 0).unwrap()), Ok(day));
    assert_eq!(date(NaiveDate::MAX), Err(BadDate));
    assert_eq!(day.to_chrono(), naive);
    assert_eq!(Time::constant(9, 30, 1, 5).to_chrono(), chrono::NaiveTime::from_hms_nano_opt(9, 30, 1, 5).unwrap());
    for end in [DateTime::MIN, DateTime::MAX] {
        assert_eq!(date(end.to_chrono()), Ok(end.date()));
    }
    let now = "2026-07-03T00:30:00.5Z".parse::<jiff::Timestamp>().unwrap();
    assert_eq!(now.to_chrono().to_rfc3339(), "2026-07-03T00:30:00.500+00:00");
}
