//! Every shape of a value that the documents' examples and the live service show, kind by kind.

use std::str::FromStr;

use crate::decode_records::{BARE, SIGNED};
use kiwoom_api::decode::set_text;
use kiwoom_api::record::{Dir, Layout, Num, Slot};
use kiwoom_api::value::*;

/// What a kind makes of a text.
type Read<T> = Result<Option<T>, Doubt>;

fn count(text: &str, num: Num) -> Read<i64> {
    let mut to = Some(-77);
    set_text(Slot::Count(&mut to, num), text).map(|()| to).inspect_err(|_| assert_eq!(to, None))
}

fn decimal(text: &str, num: Num) -> Read<Decimal> {
    let mut to = Some(Decimal::ONE);
    set_text(Slot::Decimal(&mut to, num), text).map(|()| to).inspect_err(|_| assert_eq!(to, None))
}

/// Amount and direction, both of which count here.
fn price(text: &str, dir: Dir) -> Read<(Decimal, Option<Direction>)> {
    let mut to = Some(Price::up(1));
    let read = set_text(Slot::Price(&mut to, dir), text);
    read.map(|()| to.map(|price| price.parts())).inspect_err(|_| assert_eq!(to, None))
}

fn exact(text: &str) -> Decimal {
    Decimal::from_str(text).expect("a number")
}

#[test]
fn trap_10_signs() {
    for (text, want) in [
        ("-150", -150),
        ("--335", -335),
        ("++5", 5),
        ("+-121", -121),
        ("-+5", -5),
        ("-0", 0),
        ("+0", 0),
        ("-20373", -20373),
    ] {
        assert_eq!(count(text, Num::PLAIN), Ok(Some(want)), "{text}");
        assert_eq!(count(text, Num::MAGNITUDE), Ok(Some(want.abs())), "{text}");
    }
    for (text, amount, direction) in [
        ("-42900", 42_900, Direction::Down),
        ("+74800", 74_800, Direction::Up),
        (" 67300", 67_300, Direction::Flat),
        ("67300", 67_300, Direction::Flat),
        ("--335", 335, Direction::Down),
        ("+-121", 121, Direction::Down),
    ] {
        let want = Price { amount: amount.into(), direction: Some(direction) };
        assert_eq!(price(text, SIGNED), Ok(Some(want.parts())), "{text}");
    }
    // where no document mentions signs, a bare number says nothing, and a blank in the sign's place says "unchanged"
    assert_eq!(price("67300", BARE), Ok(Some(Price::plain(67_300).parts())));
    assert_eq!(price(" 67300", BARE), Ok(Some(Price::flat(67_300).parts())));
    assert_eq!(price("   67300", BARE), Ok(Some(Price::plain(67_300).parts())));
    for zero in ["0", "-0", "+0", "0.0000", "000000000000", ""] {
        assert_eq!(price(zero, SIGNED), Ok(None), "{zero:?}: a price of 0 is no price");
    }

    let mut ratio = None;
    set_text(Slot::Ratio(&mut ratio, SIGNED), "-96.64").expect("a ratio");
    assert_eq!(ratio.map(|ratio| ratio.parts()), Some(Directed::<Percent>::down(exact("96.64")).parts()));

    for (text, qty, side) in [("+82", 82, Some(Side::Buy)), ("-1793", 1793, Some(Side::Sell)), ("7", 7, None)] {
        let mut sided = None;
        set_text(Slot::Sided(&mut sided), text).expect("a quantity");
        assert_eq!(sided, Some(Sided { qty, side }), "{text}");
    }
}

#[test]
fn trap_11_int_and_decimal() {
    assert_eq!(count("159290.00", Num::PLAIN), Ok(Some(159_290)), "a fraction of zeros is none");
    assert_eq!(count("159290.50", Num::PLAIN), Err(Doubt::Misfit));
    assert_eq!(count("9223372036854775806", Num::PLAIN), Ok(Some(i64::MAX - 1)));
    assert_eq!(count("9223372036854775807", Num::PLAIN), Err(Doubt::Saturated));
    assert_eq!(count("9223372036854775809", Num::PLAIN), Err(Doubt::Misfit));
    assert_eq!(decimal("97602.9573459", Num::PLAIN), Ok(Some(exact("97602.9573459"))));
    assert_eq!(decimal("70100", Num::PLAIN), Ok(Some(exact("70100"))));
    let largest = "79228162514264337593543950335";
    assert_eq!(decimal(largest, Num::PLAIN), Ok(Some(Decimal::MAX)));
    assert_eq!(decimal("79228162514264337593543950336", Num::PLAIN), Err(Doubt::Misfit));
    assert_eq!(decimal("0.00000000000000000000000000001", Num::PLAIN), Err(Doubt::Misfit));
}

#[test]
fn trap_12_scaled() {
    assert_eq!(decimal("352", Num::scaled(2)), Ok(Some(exact("3.52"))));
    assert_eq!(decimal("000001500", Num::scaled(3)), Ok(Some(exact("1.500"))));
    assert_eq!(decimal("-523810", Num::scaled(6)), Ok(Some(exact("-0.523810"))));
    assert_eq!(price("-265381", Dir { scale: 2, documented: true }), Ok(Some(Price::down(exact("2653.81")).parts())));
    assert_eq!(count("12000", Num::scaled(3)), Ok(Some(12)));
    assert_eq!(count("12500", Num::scaled(3)), Err(Doubt::Misfit));
}

#[test]
fn trap_23_decorated_numbers() {
    for (text, want) in [
        ("20%", "20"),
        ("-1.5%", "-1.5"),
        ("56,900", "56900"),
        ("1,507.70", "1507.70"),
        (" 67300", "67300"),
        ("2  ", "2"),
        ("0000198.4200", "198.4200"),
        ("-00000163958", "-163958"),
        ("000000.1602", "0.1602"),
        ("-0014.19", "-14.19"),
        ("00000000000000000001", "1"),
        ("5312819.000000", "5312819.000000"),
        (".5", "0.5"),
        ("-0.00", "0.00"),
    ] {
        let number = decimal(text, Num::PLAIN);
        assert_eq!(number, Ok(Some(exact(want))), "{text}");
        let number = number.ok().flatten().expect("a number");
        assert_eq!(number.to_string(), want, "{text}: the digits after the point are kept");
    }
    for blank in ["", " ", "   ", "+", "-", "--", "+-", "\t"] {
        assert_eq!(decimal(blank, Num::PLAIN), Ok(None), "{blank:?}");
        assert_eq!(count(blank, Num::PLAIN), Ok(None), "{blank:?}");
    }
    for misfit in [
        ". 950",
        ".-203",
        "5.",
        ".",
        "---1",
        "5,6",
        "1,,000",
        ",100",
        "1,0000",
        "%",
        "12 34",
        "1e5",
        "0x10",
        "NaN",
        "1.2.3",
        "- 5",
        "abc",
        "١٢",
        "20250908 10",
    ] {
        assert_eq!(decimal(misfit, Num::PLAIN), Err(Doubt::Misfit), "{misfit:?}");
        assert_eq!(count(misfit, Num::PLAIN), Err(Doubt::Misfit), "{misfit:?}");
        assert_eq!(price(misfit, SIGNED), Err(Doubt::Misfit), "{misfit:?}");
    }
    for sentinel in [
        "-21474836.00",
        "4294967295",
        "2147483647",
        "0002147483647",
        "-2147483648",
        "21474836.47",
        "-21474836",
        "-2147483",
    ] {
        assert_eq!(decimal(sentinel, Num::PLAIN), Err(Doubt::Saturated), "{sentinel}");
        assert_eq!(price(sentinel, SIGNED), Err(Doubt::Saturated), "{sentinel}");
    }
    for honest in ["2147483", "21474836.00", "4294967296", "2147483646", "2147483648"] {
        assert_eq!(decimal(honest, Num::PLAIN), Ok(Some(exact(honest))), "{honest}");
    }
    assert_eq!(count("20%", Num::PLAIN), Err(Doubt::Misfit), "a count has no percent sign");
}

#[test]
fn units_convert_and_keep_their_number() {
    let mut won: Option<MillionWon> = None;
    set_text(Slot::Unit(&mut won, Num::PLAIN), "648525").expect("a number");
    assert_eq!(won.map(MillionWon::won), Some(exact("648525000000")));
    set_text(Slot::Unit(&mut won, Num::PLAIN), "-12.5").expect("a number");
    assert_eq!(won, Some(MillionWon(exact("-12.5"))));
    assert_eq!(set_text(Slot::Unit(&mut won, Num::PLAIN), "x"), Err(Doubt::Misfit));
    assert_eq!(won, None);
    assert_eq!(ThousandWon::from(5).won(), exact("5000"));
    assert_eq!(TenMillionWon::from(5).won(), exact("50000000"));
    assert_eq!(HundredMillionWon::from(5).won(), exact("500000000"));
    assert_eq!(ThousandUsd::from(5).usd(), exact("5000"));
    assert_eq!(HundredShares::from(5).shares(), exact("500"));
    assert_eq!(ThousandShares::from(5).shares(), exact("5000"));
    assert_eq!(TenThousandShares::from(5).shares(), exact("50000"));
    assert_eq!(ByRequest::from(7).as_shares(), Some(7));
    assert_eq!(ByRequest(exact("7.5")).as_shares(), None);
    assert_eq!(Percent(exact("0.35")).fraction(), exact("0.0035"));
    assert_eq!(MillionWon(Decimal::MAX).won(), Decimal::MAX, "no panic");
    assert!(Percent::from(2) < Percent::from(3));
    assert_eq!(Price::up(exact("1.5")).won(), None);
    assert_eq!(Price::up(-5).amount, exact("5"), "an amount is never negative");
    assert_eq!(f64_of(exact("-3.52")), -3.52);
    assert_eq!(Price::down(42_900).to_f64(), 42_900.0);
}

#[test]
fn trap_22_dates() {
    let day = |y, m, d| Date::constant(y, m, d);
    let date = |text: &str| {
        let mut to = Some(day(1999, 9, 9));
        set_text(Slot::Date(&mut to, Layout::Plain), text).map(|()| to).inspect_err(|_| assert_eq!(to, None))
    };
    for text in
        ["20250908", "2025-09-08", "2025/09/08", "2025.09.08", "20250908000000", "2025-09-08 00:00:00.0", " 20250908 "]
    {
        assert_eq!(date(text), Ok(Some(day(2025, 9, 8))), "{text}");
    }
    for text in ["", "00000000", "0000-00-00", "00000000000000", "000000", " "] {
        assert_eq!(date(text), Ok(None), "{text}");
    }
    for text in ["162000", "20250230", "20251301", "2025-09/08", "20250908153000", "2025090", "오늘"] {
        assert_eq!(date(text), Err(Doubt::Misfit), "{text}");
    }

    let time = |text: &str| {
        let mut to = None;
        set_text(Slot::Time(&mut to, Layout::Plain), text).map(|()| to)
    };
    let at = |h, m, s| Time::constant(h, m, s, 0);
    for (text, want) in [
        ("170500", at(17, 5, 0)),
        ("1705", at(17, 5, 0)),
        ("17:05", at(17, 5, 0)),
        ("13:07:47", at(13, 7, 47)),
        ("000000", at(0, 0, 0)),
        ("09:30", at(9, 30, 0)),
    ] {
        assert_eq!(time(text), Ok(Some(want)), "{text}");
    }
    for text in ["", ":  :", "00000000"] {
        assert_eq!(time(text), Ok(None), "{text}");
    }
    for text in ["888888", "999999", "27:44", "240000", "20250908", "90000", "09;30"] {
        assert_eq!(time(text), Err(Doubt::Misfit), "{text}");
    }

    let clock = |text: &str| {
        let mut to = None;
        set_text(Slot::TimeMark(&mut to, Layout::Plain), text).map(|()| to)
    };
    assert_eq!(clock("170500"), Ok(Some(TimeMark::Time(at(17, 5, 0)))));
    assert_eq!(clock("888888"), Ok(Some(TimeMark::Close)));
    assert_eq!(clock("999999"), Ok(Some(TimeMark::AfterHoursClose)));
    assert_eq!(clock("27:44"), Ok(Some(TimeMark::Late { hour: 27, minute: 44, second: 0 })));
    assert_eq!(TimeMark::Late { hour: 27, minute: 44, second: 0 }.time(), Some(at(3, 44, 0)));
    assert_eq!(clock("480000"), Err(Doubt::Misfit));

    let moment = |text: &str| {
        let mut to = None;
        set_text(Slot::DateTime(&mut to, Layout::Plain), text).map(|()| to)
    };
    assert_eq!(moment("20250908170500"), Ok(Some(day(2025, 9, 8).to_datetime(at(17, 5, 0)))));
    assert_eq!(moment("2026-06-03 00:00:00.0"), Ok(Some(day(2026, 6, 3).to_datetime(at(0, 0, 0)))));
    assert_eq!(moment("20250908"), Ok(Some(day(2025, 9, 8).to_datetime(at(0, 0, 0)))));
    assert_eq!(moment("00000000000000"), Ok(None));
    assert_eq!(moment("170500"), Err(Doubt::Misfit));

    let month = |text: &str| {
        let mut to = None;
        set_text(Slot::YearMonth(&mut to, Layout::Plain), text).map(|()| to)
    };
    assert_eq!(month("202509"), Ok(YearMonth::new(2025, 9)));
    assert_eq!(month("2025-09"), Ok(YearMonth::new(2025, 9)));
    assert_eq!(month("000000"), Ok(None));
    assert_eq!(month("202513"), Err(Doubt::Misfit));
}

#[test]
fn trap_13_identifiers() {
    let code = |text: &str, prefixed| {
        let mut to = None;
        set_text(Slot::StockCode(&mut to, prefixed), text).map(|()| to)
    };
    let stock = |text: &str| text.parse::<StockCode>().expect("a code");
    assert_eq!(code("005930", false), Ok(Some(stock("005930"))));
    assert_eq!(code("A005930", true), Ok(Some(stock("005930"))), "a holding meets its quote");
    assert_eq!(code("A005930", true).ok().flatten().and_then(|c| c.prefix()), Some('A'));
    assert_eq!(code("A005930", false), Ok(Some(stock("A005930"))), "only where the prefix is documented");
    assert_eq!(code("Q57JBHH", true), Ok(Some(stock("57JBHH"))));
    assert_eq!(code("J0036221D", true), Ok(Some(stock("0036221D"))));
    assert_eq!(code("A005930_NX", true), Ok(Some(stock("005930_NX"))));
    assert_eq!(code("A00593", true), Ok(Some(stock("A00593"))), "five digits are no code");
    assert_eq!(code("00680K", false), Ok(Some(stock("00680K"))));
    assert_eq!(code(" 005930 ", false), Ok(Some(stock("005930"))));
    assert_eq!(code("", true), Ok(None));
    assert_eq!(code("  ", true), Ok(None));
    for bad in ["0123456789ABC", "005930|000660", "삼성전자", "_NX", "00 5930"] {
        assert_eq!(code(bad, true), Err(Doubt::Misfit), "{bad}");
    }
    let nxt = stock("005930_NX");
    assert_eq!((nxt.base(), nxt.venue()), (stock("005930"), Venue::Nxt));
    assert_eq!((stock("219550_AL").venue(), stock("219550").venue()), (Venue::Unified, Venue::Krx));
    assert_ne!(nxt, nxt.base(), "the suffix belongs to the code");
    assert_eq!(std::mem::size_of::<Option<StockCode>>(), 31, "a wrong code is kept for the error that shows it");

    let mut order: Option<OrderNo> = None;
    set_text(Slot::Id(&mut order), "0000069").expect("text");
    assert_eq!(order.as_ref().map(OrderNo::as_str), Some("0000069"));
    set_text(Slot::Id(&mut order), "2  ").expect("text");
    assert_eq!(order, Some(OrderNo::from("2")), "padding is no part of an identifier");
    set_text(Slot::Id(&mut order), "  ").expect("text");
    assert_eq!(order, None);
    let long = "an identifier that is longer than twenty-three bytes";
    set_text(Slot::Id(&mut order), long).expect("text");
    assert_eq!(order.as_ref().map(OrderNo::as_str), Some(long), "nothing is lost");
    let account = AccountNo::from("1234567890");
    assert!(!format!("{account:?}").contains("123"));
    assert_eq!(account.to_string(), "1234567890");
}

#[test]
fn trap_19_unlisted_codes() {
    use crate::decode_records::{US_BY_LETTERS, US_BY_NUMBER, UsExchange};
    let code = |text: &str, table| {
        let mut to: Option<UsExchange> = None;
        set_text(Slot::Code(&mut to, table), text).map(|()| to)
    };
    assert_eq!(code("2", US_BY_NUMBER), Ok(Some(UsExchange::Nasdaq)));
    assert_eq!(code("ND", US_BY_LETTERS), Ok(Some(UsExchange::Nasdaq)), "one meaning, another code");
    assert_eq!(code(" ND ", US_BY_LETTERS), Ok(Some(UsExchange::Nasdaq)));
    assert_eq!(code("", US_BY_LETTERS), Ok(None));
    let unlisted = code("ATS2", US_BY_LETTERS).ok().flatten().expect("a code");
    assert_eq!(format!("{unlisted:?}"), "Unlisted(\"ATS2\")");
    assert_eq!(Some(unlisted), UsExchange::from_wire("ATS2"));
    assert_eq!(code("60", US_BY_NUMBER).ok().flatten(), UsExchange::from_wire("60"));
    assert_eq!(code("a code of more than 23 bytes", US_BY_NUMBER), Err(Doubt::Misfit));
    // a sign before a text code is a colour
    const ACTION: CodeTable = &[("매수", 0), ("매도", 1)];
    assert_eq!(code("+매수", ACTION), Ok(UsExchange::from_index(0)));
    assert_eq!(code("-매도", ACTION), Ok(UsExchange::from_index(1)));
}

#[test]
fn text_is_kept_unless_it_is_blank() {
    let mut text = "before".to_owned();
    set_text(Slot::Text(&mut text), "키움 증권 ").expect("text");
    assert_eq!(text, "키움 증권 ");
    set_text(Slot::Text(&mut text), "   ").expect("text");
    assert_eq!(text, "");
}

#[test]
fn secrets_do_not_print() {
    let mut secret = Secret::default();
    assert!(secret.is_empty());
    set_text(Slot::Secret(&mut secret), "abcdef").expect("text");
    assert_eq!(secret.expose(), "abcdef");
    assert!(!format!("{secret:?}{secret}").contains("abc"));
}
