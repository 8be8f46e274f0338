//! Every kind of error says the same in both languages.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::error::refusal::Refusal;
use crate::error::unfinished::Unfinished;
use crate::error::{Error, Kind, NoValue, Trail};
use crate::json::decode::decode;
use crate::language::Language::{English, Korean};
use crate::language::{both, fixed};
use crate::meta::Effect;
use crate::record::Nothing;

/// One or more of each kind. A new kind does not compile before it stands here.
fn every_kind() -> Vec<Kind> {
    let system = || Arc::new(io::Error::from_raw_os_error(111));
    let bad = || decode(b"{\"a\":}", &mut Nothing).unwrap_err();
    let refused = |rc, text| Kind::Refused(Refusal::new(rc, text));
    let (url, feature) = ("http://127.0.0.1:8080", "tls-ring");
    let kinds = vec![
        Kind::Setup(both!(
            "server address {url:?}: no (enable {feature})",
            "서버 주소 {url:?}: 안 됩니다 ({feature}를 켜세요)"
        )),
        Kind::Request {
            field: "ord_uv".into(),
            problem: fixed!("70101 lies between 70100 and 70105", "70101: 70100, 70105"),
            advice: fixed!("round it with order::Ticks", "order::Ticks로 맞추세요"),
        },
        Kind::TradeAsRead("api-id"),
        Kind::Missing(vec!["stk_cd".into(), "base_dt".into()]),
        Kind::Needed { field: "StockInfoReply.cur_prc".into(), absence: NoValue::Open },
        Kind::Needed { field: "StockInfoReply.cur_prc".into(), absence: NoValue::Blank },
        Kind::Needed { field: "StockInfoReply.cur_prc".into(), absence: NoValue::Misfit("a price") },
        Kind::Unarmed,
        Kind::Halted("loss of 3 %".into()),
        Kind::NotJson(bad()),
        Kind::Connect(system()),
        Kind::Connect(Arc::new(bad())),
        Kind::ConnectTimeout(Duration::from_millis(2500)),
        Kind::NoToken,
        Kind::NoOrderNumber,
        Kind::Timeout(Duration::from_secs(30)),
        Kind::Late(Duration::from_secs(17)),
        Kind::Broken(system()),
        Kind::Broken(Arc::new(bad())),
        Kind::TooLong(33_554_432),
        Kind::TooManyRows(4_194_304),
        Kind::Html,
        Kind::Status,
        refused(Some(2), "[1511:x 파라미터=base_dt]"),
        refused(Some(20), "[2000](RC4003:x)"),
        refused(Some(5), "[1700:유량=5, API ID=ka10081]"),
        refused(Some(20), "[2000](RC1234:x)"),
        refused(Some(7), ""),
        refused(None, "1999:x"),
        Kind::Decode(bad()),
        Kind::NoEnvelope,
        Kind::OtherApi,
        Kind::Inexact(Vec::new(), 5),
        Kind::Unfinished(Unfinished::Cap(200)),
        Kind::Unfinished(Unfinished::Loop),
        Kind::Unfinished(Unfinished::NoKey),
        Kind::Unfinished(Unfinished::Pages(3)),
        Kind::Unfinished(Unfinished::Rows(41)),
        #[cfg(feature = "realtime")]
        Kind::Realtime(fixed!("201 symbols (at most 200)", "종목 201개 (최대 200개)")),
        Kind::Journal(fixed!("orders.log: line 7 (see reconcile())", "orders.log: 7번째 줄 (reconcile())")),
    ];
    let seen: BTreeSet<u8> = kinds.iter().map(number).collect();
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        (0..if cfg!(feature = "realtime") { 27 } else { 26 }).collect::<Vec<_>>(),
        "each kind has an example"
    );
    kinds
}

fn number(kind: &Kind) -> u8 {
    match kind {
        Kind::Setup(_) => 0,
        Kind::Request { .. } => 1,
        Kind::TradeAsRead(_) => 2,
        Kind::Missing(_) => 3,
        Kind::Needed { .. } => 4,
        Kind::Unarmed => 5,
        Kind::Halted(_) => 6,
        Kind::NotJson(_) => 7,
        Kind::Connect(_) => 8,
        Kind::ConnectTimeout(_) => 9,
        Kind::NoToken => 10,
        Kind::Timeout(_) => 11,
        Kind::Late(_) => 12,
        Kind::Broken(_) => 13,
        Kind::TooLong(_) => 14,
        Kind::TooManyRows(_) => 15,
        Kind::Html => 16,
        Kind::Status => 17,
        Kind::Refused(_) => 18,
        Kind::Decode(_) => 19,
        Kind::NoEnvelope => 20,
        Kind::OtherApi => 21,
        Kind::Inexact(..) => 22,
        Kind::Unfinished(_) => 23,
        Kind::Journal(_) => 24,
        Kind::NoOrderNumber => 25,
        #[cfg(feature = "realtime")]
        Kind::Realtime(_) => 26,
    }
}

/// Numbers, and words that are names: of fields, functions, types, codes, features, addresses.
fn facts(text: &str) -> Vec<&str> {
    let marks = |c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '\'' | '?');
    let words = text.split_whitespace().map(|word| word.trim_matches(marks));
    let is_fact = |word: &&str| {
        word.contains(|c: char| c.is_ascii_digit() || matches!(c, '_' | '/'))
            || word.contains("::")
            || word.contains("()")
            || word.ends_with("-id")
            || word.ends_with("-key")
    };
    words.filter(is_fact).collect()
}

#[test]
fn the_korean_text_holds_every_fact_of_the_english_one() {
    let trail = Trail { attempts: 1, ..Trail::default() };
    let mut compared = 0;
    for effect in [None, Some(Effect::Read), Some(Effect::Trade), Some(Effect::Auth)] {
        for unsettled in [false, true] {
            for kind in every_kind() {
                let status = if matches!(kind, Kind::Status | Kind::Html) { 503 } else { 200 };
                let error = Error::new(kind).status(status).unsettled(unsettled);
                let error = match effect {
                    None => error.of("ka10081"),
                    Some(effect) => error.within("ka10081".into(), effect, trail),
                };
                for error in
                    [error.duplicate(), error.duplicate().while_signing_in().asked_again_in(Duration::from_secs(9))]
                {
                    let (english, korean) = (error.display(English).to_string(), error.display(Korean).to_string());
                    assert_eq!(english, error.to_string());
                    assert!(korean.contains(|c: char| ('가'..='힣').contains(&c)), "{korean}");
                    for fact in facts(&english) {
                        assert!(korean.contains(fact), "{fact}\n{english}\n{korean}");
                        compared += 1;
                    }
                    let not_sent = [english.contains("not sent: "), korean.contains("보내지 않음: ")];
                    assert!(not_sent[0] == not_sent[1], "{english}\n{korean}");
                    let orders = [english.contains("order must be looked up"), korean.contains("주문이었다면")];
                    assert!(orders[0] == orders[1], "{english}\n{korean}");
                }
            }
        }
    }
    assert!(compared > 1000, "{compared} facts");
}

/// `explain` says which field and which value as `Display` does; of a refusal the codes stand in methods.
#[test]
fn an_explanation_holds_every_fact_of_the_text() {
    let mut compared = 0;
    for kind in every_kind() {
        let refused = matches!(kind, Kind::Refused(_));
        let error = Error::new(kind).status(503);
        for language in [English, Korean] {
            let (text, why) = (error.display(language).to_string(), error.explain(language));
            assert!(!why.cause().is_empty() && !why.cure().is_empty(), "{why:?}");
            if refused {
                assert!(error.parameter().is_none_or(|field| why.cause().contains(field)), "{why}");
                continue;
            }
            assert!(why.to_string().starts_with(&text), "{text}\n{why}");
            for fact in facts(&text) {
                assert!(why.to_string().contains(fact), "{fact}\n{text}\n{why}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared} facts");
}

#[test]
fn a_text_is_parted_at_its_last_parentheses() {
    use crate::error::Explanation;
    for (text, cause, cure) in [
        ("no TLS (enable tls-ring)", "no TLS", "enable tls-ring"),
        ("line 7 (see reconcile())", "line 7", "see reconcile()"),
        ("it (the file) is gone (restore it)", "it (the file) is gone", "restore it"),
        ("call sign_in()", "call sign_in()", ""),
        ("not noted: no space left (os error 28)", "not noted: no space left (os error 28)", ""),
        ("plain", "plain", ""),
        ("", "", ""),
        (")", ")", ""),
        ("(all)", "(all)", ""),
        ("a)b) (c)", "a)b)", "c"),
        ("한글 문구 (이렇게 하세요)", "한글 문구", "이렇게 하세요"),
    ] {
        let parted = Explanation::parted(text);
        assert_eq!((parted.cause(), parted.cure(), parted.to_string().as_str()), (cause, cure, text));
    }
}

#[test]
fn only_what_may_be_an_order_speaks_of_orders() {
    let trail = Trail::default();
    let mut of_trades = 0;
    for kind in every_kind() {
        let error = Error::new(kind).status(503).unsettled(true);
        for effect in [Effect::Read, Effect::Auth] {
            let error = error.duplicate().within("ka10081".into(), effect, trail);
            for language in [English, Korean] {
                let text = format!("{} {}", error.display(language), error.explain(language));
                let of_orders = text.contains("order must be looked up") || text.contains("주문이었다면");
                assert!(!of_orders, "{text}");
            }
        }
        let trade = error.within("kt10000".into(), Effect::Trade, trail).to_string();
        of_trades += usize::from(trade.contains("order must be looked up"));
    }
    assert!(of_trades >= 6, "{of_trades}");
}

#[test]
fn questions_about_the_line() {
    let connect = |kind: io::ErrorKind| Error::new(Kind::Connect(Arc::new(io::Error::from(kind))));
    let broken = |kind: io::ErrorKind| Error::new(Kind::Broken(Arc::new(io::Error::from(kind))));
    for (error, is_connect, is_timeout) in [
        (connect(io::ErrorKind::ConnectionRefused), true, false),
        (connect(io::ErrorKind::TimedOut), true, true),
        (Error::new(Kind::ConnectTimeout(Duration::from_secs(1))), true, true),
        (broken(io::ErrorKind::ConnectionReset), false, false),
        (broken(io::ErrorKind::TimedOut), false, true),
        (Error::new(Kind::Timeout(Duration::from_secs(1))), false, true),
        (Error::new(Kind::Status).status(504), false, false),
    ] {
        assert_eq!((error.is_connect(), error.is_timeout()), (is_connect, is_timeout), "{error}");
    }
}
