//! The generated types against the odd values of the wire: each reply here is ours, in the forms that the broker sends.
#![cfg(feature = "full")]

use kiwoom_api::domestic::chart::{StockDailyChartReply, StockDailyChartRow, StockMinuteChartReply};
use kiwoom_api::domestic::quote::StockOrderBookSnapshotReply;
use kiwoom_api::domestic::ranking::BidAskRatioSurgeReply;
use kiwoom_api::us::sector::SectorChangeRateTopBottomReply;
use kiwoom_api::value::{Date, Decimal, Direction, Percent, Price, Time, TimeMark};

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

/// One row of the daily chart, and how many of its values did not fit.
fn row(fields: &str) -> (StockDailyChartRow, usize) {
    let text = format!(r#"{{"stk_dt_pole_chart_qry": [{{{fields}}}], "return_code": 0, "return_msg": ""}}"#);
    let reply = StockDailyChartReply::from_json(&text).expect("JSON");
    let doubts = reply.anomalies().len();
    (reply.into_inner().stk_dt_pole_chart_qry.remove(0), doubts)
}

/// `-42900` is a price of 42,900; of two signs before a change the last one counts.
#[test]
fn trap_10_signs() {
    for (wire, want) in [
        ("-42900", Some(Price::down(42_900))),
        ("+74800", Some(Price::up(74_800))),
        ("67300", Some(Price::plain(67_300))),
        ("0", None),
        ("-0", None),
        ("", None),
    ] {
        let (row, doubts) = row(&format!(r#""cur_prc": "{wire}""#));
        assert_eq!((row.cur_prc, doubts), (want, 0), "{wire:?}");
        assert_eq!(row.cur_prc.map(|price| price.direction), want.map(|price| price.direction), "{wire:?}");
    }
    for (wire, want) in
        [("--1100", "-1100"), ("++0.34", "0.34"), ("+-121", "-121"), ("-0", "0"), ("-150", "-150"), ("+150", "150")]
    {
        let (row, doubts) = row(&format!(r#""pred_pre": "{wire}""#));
        assert_eq!((row.pred_pre, doubts), (Some(decimal(want)), 0), "{wire:?}");
    }
}

/// One name, several layouts: the API says which, zeros and blanks are none, and what is no date is reported.
#[test]
fn trap_22_dates_and_times() {
    for (wire, want, doubts) in [
        ("20250908", Some(Date::constant(2025, 9, 8)), 0),
        ("00000000", None, 0),
        ("", None, 0),
        ("162000", None, 1),
        ("20251332", None, 1),
    ] {
        let (row, found) = row(&format!(r#""dt": "{wire}""#));
        assert_eq!((row.dt, found), (want, doubts), "{wire:?}");
    }
    let minute = r#"{"stk_min_pole_chart_qry": [{"cntr_tm": "20250917132000"}]}"#;
    let minute = StockMinuteChartReply::from_json(minute).expect("JSON").exact().expect("every value fits");
    let at = minute.stk_min_pole_chart_qry[0].cntr_tm;
    assert_eq!(at, Some(Date::constant(2025, 9, 17).at(13, 20, 0, 0)));

    // The label of this time says date; its values are times.
    let book = StockOrderBookSnapshotReply::from_json(r#"{"bid_req_base_tm": "162000"}"#).expect("JSON");
    assert_eq!(book.bid_req_base_tm, Some(Time::constant(16, 20, 0, 0)));
    assert_eq!(book.anomalies(), []);

    for (wire, want) in [
        ("09:30", TimeMark::Time(Time::constant(9, 30, 0, 0))),
        ("27:44", TimeMark::Late { hour: 27, minute: 44, second: 0 }),
    ] {
        let text = format!(r#"{{"result_list": [{{"cntr_tm": "{wire}"}}]}}"#);
        let sectors = SectorChangeRateTopBottomReply::from_json(&text).expect("JSON");
        assert_eq!((sectors.result_list[0].cntr_tm, sectors.anomalies().len()), (Some(want), 0), "{wire:?}");
    }
}

/// Blanks, commas, percent signs and padding are dressing; a sentinel is no number, and is said to be none.
#[test]
fn trap_23_decorated_numbers() {
    for (wire, want) in [
        (" 67300", "67300"),
        ("56,900", "56900"),
        ("1,507.70", "1507.70"),
        ("0000198.4200", "198.4200"),
        ("-00000163958", "-163958"),
    ] {
        let (row, doubts) = row(&format!(r#""pred_pre": "{wire}""#));
        assert_eq!((row.pred_pre, doubts), (Some(decimal(want)), 0), "{wire:?}");
    }
    for (wire, want) in [("20%", "20"), ("+0.35", "0.35"), ("-1.20%", "-1.20")] {
        let (row, doubts) = row(&format!(r#""trde_tern_rt": "{wire}""#));
        assert_eq!((row.trde_tern_rt, doubts), (Some(Percent(decimal(want))), 0), "{wire:?}");
    }
    let (blank, doubts) = row(r#""cur_prc": " 67300""#);
    assert_eq!(blank.cur_prc.map(|p| (p.amount, p.direction == Some(Direction::Up))), Some((decimal("67300"), false)));
    assert_eq!(doubts, 0);

    let odd = r#"{"req_rt_sdnin": [{"now_rt": "-21474836.00", "sdnin_rt": "1.5"}]}"#;
    let odd = BidAskRatioSurgeReply::from_json(odd).expect("JSON");
    assert_eq!(odd.req_rt_sdnin[0].now_rt, None);
    assert_eq!(odd.req_rt_sdnin[0].sdnin_rt, Some(Percent(decimal("1.5"))));
    let paths: Vec<&str> = odd.anomalies().iter().map(|a| a.path.as_str()).collect();
    assert_eq!(paths, ["req_rt_sdnin[0].now_rt"]);
    let (none, doubts) = row(r#""trde_qty": "many""#);
    assert_eq!((none.trde_qty, doubts), (None, 1));
}
