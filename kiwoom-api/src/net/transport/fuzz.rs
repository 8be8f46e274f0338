//! Whole replies, most of them refusals and many of them broken, through the verdict and every method of the error.
//!
//! Inputs are deterministic. `KIWOOM_FUZZ=10000000 cargo test --release -p kiwoom-api --no-default-features --lib
//! fuzz` runs as many as wanted. Properties of the parser alone are below.

use proptest::prelude::*;

use super::refusal::Refusal;
use super::{Error, Language};
use crate::json::decode::Decoded;
use crate::record::Nothing;
use crate::net::transport::Arrived;
use crate::net::transport::verdict::judge;

const ACCOUNT: &str = "1234567811";
const SPACED: &str = "6081 2345 11";
const TOKEN: &str = "WQJCwyqInphKnR3bSRtB9NE1lvAAAA";

/// What messages are made of, and what tempts the parser.
const PIECES: &[&str] = &[
    "[1511:",
    "[1700:",
    "[1701:",
    "[1702:",
    "[1634:",
    "[1687:",
    "[1902:",
    "[8005:",
    "[8030:",
    "[2000]",
    "[2000:",
    "1999:",
    "[",
    "]",
    "(",
    ")",
    ":",
    "=",
    ".",
    ",",
    " ",
    "  ",
    "\n",
    "\u{3000}",
    "{?}",
    "RC4058",
    "(RC4003:",
    "RC9000",
    "RC",
    "RC12",
    "RC1234567",
    "파라미터=",
    "필수입력 파라미터 = ",
    "stk_cd",
    "ord_qty",
    "20stk_ord_alow_amt",
    "유량=",
    "총유량=",
    "유량 : ",
    "5",
    "50",
    "0",
    "-1",
    "1,000",
    "0.5",
    "4294967296",
    "99999999999999999999",
    "API ID=",
    "API_ID=",
    "API ID = ",
    "ka10081",
    "usa10099",
    "실패사유=",
    "모의투자에서는 ",
    "종목코드=",
    "005930_AL",
    "모의투자 장종료",
    "초과하였습니다",
    "가",
    "１５１１",
    "🚀",
    "\u{0}",
    "\u{202e}",
    "<html>",
    "\"",
    "\\",
    ACCOUNT,
    SPACED,
    TOKEN,
];
const CODES: &[&str] = &[
    "0",
    "\"0\"",
    "\"0000\"",
    "\" 0 \"",
    "1",
    "2",
    "3",
    "5",
    "20",
    "7",
    "-1",
    "\"3\"",
    "null",
    "true",
    "0.0",
    "\"\"",
    "\"S\"",
    "{}",
    "[]",
    "9223372036854775807",
    "9223372036854775808",
    "1e3",
];
const STATUSES: &[u16] = &[200, 200, 200, 200, 201, 302, 400, 401, 403, 404, 429, 429, 500, 502, 503];

struct Random(fastrand::Rng);

impl Random {
    fn seeded(seed: u64) -> Random {
        Random(fastrand::Rng::with_seed(seed))
    }

    fn byte(&mut self) -> u8 {
        self.0.u8(..)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0.usize(..limit)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

struct Input {
    status: u16,
    body: Vec<u8>,
    message: String,
    broken: bool,
}

fn input(seed: u64) -> Input {
    let mut random = Random::seeded(seed);
    let message: String = (0..random.below(9)).map(|_| random.pick(PIECES)).collect();
    let mut members = vec![
        format!("\"return_code\":{}", random.pick(CODES)),
        format!("\"return_msg\":{}", serde_json::to_string(&message).unwrap()),
    ];
    match random.below(8) {
        0 => members.swap(0, 1),
        1 => drop(members.remove(random.below(2))),
        2 => members.push(format!("\"return_code\":{}", random.pick(CODES))),
        3 => members.insert(random.below(3), format!("\"acnt\":[{{\"return_code\":7,\"no\":\"{ACCOUNT}\"}}]")),
        4 => members[0] = members[0].replace("return_code", "returnCode"),
        _ => {}
    }
    let gap = random.pick(&["", "", " ", "\r\n"]);
    let mut body = format!("{gap}{{{gap}{}{gap}}}{gap}", members.join(&format!("{gap},"))).into_bytes();
    let broken = random.below(3) == 0;
    for _ in 0..if broken { 1 + random.below(3) } else { 0 } {
        let at = random.below(body.len().max(1));
        match random.below(5) {
            0 => body.truncate(at),
            1 if at < body.len() => body[at] = random.byte(),
            2 if at < body.len() => drop(body.remove(at)),
            3 => body.splice(at.min(body.len())..at.min(body.len()), *b"<!").for_each(drop),
            _ => body.insert(at.min(body.len()), random.pick(b"{}[]\",:0\\<\xff ")),
        }
    }
    Input { status: random.pick(STATUSES), body, message, broken }
}

/// The slow and independent reading of the same reply: success, and the class.
fn reference(input: &Input) -> (bool, Option<i64>) {
    let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(&input.body) else { return (false, None) };
    let code = match object.get("return_code").or_else(|| object.get("returnCode")) {
        Some(serde_json::Value::String(text)) => text.trim().parse().ok(),
        Some(serde_json::Value::Number(number)) => number.as_i64(),
        _ => None,
    };
    (code == Some(0) && (200..300).contains(&input.status), code)
}

fn verdict(input: &Input) -> Result<Decoded, Error> {
    let arrived = Arrived {
        status: input.status,
        headers: Default::default(),
        body: input.body.clone().into(),
        room: usize::MAX,
    };
    judge(&arrived, &mut Nothing)
}

/// 1 if the input was a refusal that could be read.
fn try_seed(seed: u64) -> u64 {
    let input = input(seed);
    let (success, class) = reference(&input);
    let error = match verdict(&input) {
        Ok(decoded) => {
            assert!(success || input.broken, "seed {seed}: {input}");
            assert_eq!(decoded.return_code(), Some(0), "seed {seed}");
            return 0;
        }
        Err(error) => error,
    };
    let shown = format!("{error} {error:?}");
    assert!(!success || input.broken, "seed {seed}: {shown}\n{input}");
    assert!(!shown.contains('\n') && shown.len() < 4000, "seed {seed}: {shown}");
    for secret in [ACCOUNT, SPACED, TOKEN] {
        assert!(!shown.contains(secret), "seed {seed}: {shown}");
    }
    for language in [Language::English, Language::Korean] {
        let why = error.explain(language);
        assert!(!why.cause().is_empty() && !why.cure().is_empty(), "seed {seed}");
    }
    assert!(
        !error.is_transient() || !(error.is_decode() || error.is_html() || error.is_auth()),
        "seed {seed}: {shown}"
    );
    assert!(!matches!(error.code(), Some(1634 | 1687)) || !error.is_transient(), "seed {seed}: {shown}");
    assert_eq!(error.retry_after().is_some(), error.quota().is_some(), "seed {seed}: {shown}");
    assert!(!error.is_rate_limited() || error.may_have_been_sent(), "seed {seed}: {shown}");
    assert!(error.http_status().is_some_and(|status| status < 500) || error.may_have_been_sent(), "seed {seed}");
    let Some(refusal) = error.refusal() else { return 0 };
    assert!(input.broken || refusal.rc == class, "seed {seed}: {shown}");
    assert!(refusal.rate.is_none_or(|rate| (1..=10_000).contains(&rate)), "seed {seed}: {shown}");
    assert!(
        input.broken || refusal.message.is_empty() || refusal.message == input.message.trim(),
        "seed {seed}: {shown}"
    );
    1
}

impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.status, String::from_utf8_lossy(&self.body))
    }
}

#[test]
fn fuzz_whole_replies() {
    let count: u64 = std::env::var("KIWOOM_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let start = std::time::Instant::now();
    let refused: u64 = std::thread::scope(|scope| {
        let work = |first: u64| move || (first..count).step_by(threads as usize).map(try_seed).sum::<u64>();
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(work(first))).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).sum()
    });
    println!("{count} replies, {refused} of them refusals, {:?}", start.elapsed());
    assert!(refused > count / 4, "the inputs are too broken to say much");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "(\\PC|[\\[\\]:=0-9RC]|파라미터|유량|API ID)*") {
        let refusal = Refusal::new(None, &text);
        prop_assert_eq!(refusal.message.as_str(), text.trim());
        prop_assert!(refusal.inner.is_none_or(|inner| text.contains(&inner)));
        prop_assert!(refusal.parameter.is_none_or(|name| text.contains(&name)));
    }

    /// A message in the broker's formats yields the parts it was built from.
    #[test]
    fn built_messages_are_read_back(
        code in 1000u16..10_000, inner in "RC[0-9]{4}", field in "[a-z]{2,5}(_[a-z]{1,4}[0-9]?){0,4}",
        api in "(ka|kt|au|usa|ust)[0-9]{5}", rate in 1u32..=10_000, blank in " {0,2}", text in "[가-힣 .]{0,12}",
    ) {
        let refusal = Refusal::new(Some(2), &format!("{text}[{code}:{text} 필수입력 파라미터{blank}={blank}{field}]({inner}:{text})"));
        prop_assert_eq!(refusal.code, Some(code));
        prop_assert_eq!(refusal.inner, Some(inner));
        prop_assert_eq!(refusal.parameter, Some(field));
        for (code, name) in [(1700, "API ID"), (1702, "API_ID")] {
            let quota = Refusal::new(Some(5), &format!("{text}[{code}:{text} 유량{blank}={blank}{rate}, {name}{blank}={blank}{api}]"));
            prop_assert_eq!((quota.code, quota.rate, quota.named_api.as_ref()), (Some(code), Some(rate), Some(&api)));
        }
    }

    #[test]
    fn any_bytes_are_judged_without_a_panic(status in 100u16..1000, body in proptest::collection::vec(any::<u8>(), 0..64)) {
        let judged = verdict(&Input { status, body, message: String::new(), broken: true });
        prop_assert!(judged.is_err_and(|error| error.may_have_been_sent()), "random bytes settle nothing");
    }
}
