//! Reads the three nested codes of a business refusal out of `return_code` and `return_msg`.
//!
//! The message is free text with codes inside, in the formats of `BEHAVIOUR.md` H2. Anything it does not recognise
//! stays text: this parser cannot fail.

use super::explain;

/// What the broker said when it refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The class: `return_code`.
    pub rc: Option<i64>,
    /// The documented code: `NNNN` of `[NNNN: ...]`.
    pub code: Option<u16>,
    /// The code of the system behind the API: `RC4058`.
    pub inner: Option<String>,
    /// The request field that 1511 and 1517 name.
    pub parameter: Option<String>,
    /// The request quota that was used up: `유량=5`, `총유량=50`.
    pub rate: Option<u32>,
    /// The API that the message names: `API ID=ka10081`. This is not always the one that was called (`BEHAVIOUR.md`
    /// R2).
    pub named_api: Option<String>,
    /// The whole message.
    pub message: String,
}

/// A larger figure, in any unit of time, is not a quota of this broker (the largest known is 50 a second).
const MAX_RATE: u32 = 10_000;
/// Longest name of a field, and longest piece of one between `_`, `-` and `.`; the documents' are 30 and 9 long.
const NAME: (usize, usize) = (48, 16);
/// Most digits in the name of a field; account numbers have 8 or more.
const NAME_DIGITS: usize = 7;

impl Refusal {
    /// Reads the codes of `message`.
    pub fn new(rc: Option<i64>, message: &str) -> Refusal {
        let message = message.trim();
        let code = bracketed_code(message).or_else(|| leading_code(message));
        Refusal {
            rc,
            code,
            inner: inner_code(message),
            parameter: values(message, "파라미터").find_map(field_name),
            // the word may appear in a reason that quotes something else
            rate: values(message, "유량").find_map(rate).filter(|_| code.is_none_or(is_quota)),
            named_api: values(message, "API ID").chain(values(message, "API_ID")).find_map(api_id),
            message: message.to_owned(),
        }
    }

    /// The request quota is used up: of one API (1700), of all (1701), of a group (1702). Not 1634 (R10).
    pub fn is_quota(&self) -> bool {
        self.code.is_some_and(is_quota)
    }

    /// The mock server does not offer this; 1999 says so in its reason (H2).
    pub fn is_not_in_mock(&self) -> bool {
        match (self.code, self.inner.as_deref()) {
            (Some(8104), _) | (_, Some("RC7006" | "RC9000")) => true,
            (Some(1999), _) => values(&self.message, "실패사유").any(|reason| reason.starts_with("모의투자에서는")),
            _ => false,
        }
    }

    /// There is nothing to show. Class 20 stands for much else, and no code is known for this (`BEHAVIOUR.md` O11): the message
    /// has to say that what was asked for is not there.
    pub fn is_no_data(&self) -> bool {
        const ASKED: [&str; 3] = ["조회", "데이터", "자료"];
        const ABSENT: [&str; 3] = ["없습니다", "없음", "존재하지 않"];
        let says = |words: [&str; 3]| words.iter().any(|word| self.message.contains(word));
        self.rc == Some(20)
            && matches!(self.code, None | Some(2000))
            && self.inner.is_none()
            && says(ASKED)
            && says(ABSENT)
    }

    /// The broker took a decision, and it was no: nothing happened.
    ///
    /// These are refusals before acceptance, by evidence (`BEHAVIOUR.md` H2 to H4):
    ///
    /// - a code of the system behind that is known to refuse orders (`RC4003`, ...);
    /// - a documented code, which the gateway returns before it passes anything on;
    /// - class 2 (wrong input) and class 3 (keys and tokens), which are the gateway's too.
    ///
    /// These are not: a quota, since such orders were seen to be placed (R9); 1999, a fault at any stage inside the
    /// broker, unless it says why it refused; an unknown code of the system behind, in any class, because the order had
    /// reached that system; class 20 without a code that says more, which was seen with texts of many kinds (O11); any
    /// other class.
    pub fn is_final(&self) -> bool {
        match (self.inner.as_deref(), self.code) {
            (Some(inner), _) => explain::is_order_refusal(inner) && !self.is_quota(),
            (None, Some(1999)) => self.is_not_in_mock(),
            (None, Some(code)) if explain::is_known(code) => !is_quota(code),
            (None, _) => matches!(self.rc, Some(2 | 3)),
        }
    }
}

/// A refusal as an error, for the tests of what errors are asked.
#[cfg(test)]
pub(super) fn refused(status: u16, rc: i64, text: &str) -> super::Error {
    super::Error::new(super::Kind::Refused(Refusal::new(Some(rc), text))).status(status)
}

fn is_quota(code: u16) -> bool {
    matches!(code, 1700..=1702)
}

/// `[1511: ...` or `[2000]`.
fn bracketed_code(text: &str) -> Option<u16> {
    text.match_indices('[').find_map(|(at, _)| four_digits(&text[at + 1..], b":]"))
}

/// `1999: ...`
fn leading_code(text: &str) -> Option<u16> {
    four_digits(text, b":")
}

fn four_digits(text: &str, end: &[u8]) -> Option<u16> {
    let bytes = text.as_bytes();
    let digits = bytes.get(..4)?;
    if !digits.iter().all(u8::is_ascii_digit) || !end.contains(bytes.get(4)?) {
        return None;
    }
    text[..4].parse().ok()
}

/// `RC4058`, standing alone.
fn inner_code(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    text.match_indices("RC").find_map(|(at, _)| {
        let starts = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let digits = bytes[at + 2..].iter().take_while(|b| b.is_ascii_digit()).count();
        let end = at + 2 + digits;
        let ends = bytes.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
        (starts && ends && (3..=6).contains(&digits)).then(|| text[at..end].to_owned())
    })
}

/// What follows each `name=` or `name: `, up to the end of the text.
fn values<'a>(text: &'a str, name: &'static str) -> impl Iterator<Item = &'a str> {
    text.match_indices(name).filter_map(move |(at, _)| {
        let rest = text[at + name.len()..].trim_start();
        Some(rest.strip_prefix(['=', ':'])?.trim_start())
    })
}

/// The name of a request field. A value in its place, such as an account number or a key, is not a name.
fn field_name(text: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '_' | '-' | '.');
    let name = leading(text, |c| c.is_ascii_alphanumeric() || is_mark(c)).trim_end_matches(is_mark);
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let fits = name.len() <= NAME.0 && name.split(is_mark).all(|piece| piece.len() <= NAME.1) && digits <= NAME_DIGITS;
    (fits && name.bytes().any(|b| b.is_ascii_alphabetic())).then(|| name.to_owned())
}

/// `5` of `5, API ID=..`; neither 1,000 nor 0.5 nor 5th.
fn rate(text: &str) -> Option<u32> {
    let digits = leading(text, |c| c.is_ascii_digit());
    let mut after = text[digits.len()..].bytes();
    match (after.next(), after.next()) {
        (Some(b',' | b'.'), Some(b'0'..=b'9')) => return None,
        (Some(next), _) if next.is_ascii_alphanumeric() => return None,
        _ => {}
    }
    digits.parse().ok().filter(|rate| (1..=MAX_RATE).contains(rate))
}

/// `ka10081`, `usa10099`, `0B`.
fn api_id(text: &str) -> Option<String> {
    let id = leading(text, |c| c.is_ascii_alphanumeric());
    let is_id = id.len() <= 12 && id.bytes().any(|b| b.is_ascii_alphabetic());
    is_id.then(|| id.to_owned())
}

/// The longest beginning of `text` made of such characters.
fn leading(text: &str, of: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !of(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_the_broker() {
        for (text, code, inner, parameter) in [
            ("인증에 실패했습니다[8005:Token이 유효하지 않습니다]", Some(8005), None, None),
            (
                "입력 값 오류입니다[1511:필수 입력 값에 값이 존재하지 않습니다. 필수입력 파라미터=stk_cd]",
                Some(1511),
                None,
                Some("stk_cd"),
            ),
            (
                "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=ord_uv 실패사유= 소수점]",
                Some(1517),
                None,
                Some("ord_uv"),
            ),
            (
                "허용된 요청 개수를 초과하였습니다[1700:허용된 요청 개수를 초과하였습니다. 유량=5, API ID=ka10081]",
                Some(1700),
                None,
                None,
            ),
            ("[2000](RC4058:모의투자 장종료)", Some(2000), Some("RC4058"), None),
            ("[2000:입력값 오류]", Some(2000), None, None),
            ("1999:예기치 못한 에러가 발생했습니다. 실패사유=모의투자에서는 지원하지 않습니다", Some(1999), None, None),
            (" 조회가 완료되었습니다.", None, None, None),
            ("RC9000", None, Some("RC9000"), None),
        ] {
            let refusal = Refusal::new(Some(2), text);
            assert_eq!(refusal.code, code, "{text}");
            assert_eq!(refusal.inner.as_deref(), inner, "{text}");
            assert_eq!(refusal.parameter.as_deref(), parameter, "{text}");
        }
    }

    #[test]
    fn garbage_stays_text() {
        for text in [
            "",
            "[",
            "[]",
            "[1:",
            "[151",
            "[15111:x]",
            "[abcd:x]",
            "[１５１１:x]",
            "99999:x",
            "(RC)",
            "XRC4058",
            "RC4058X",
            "RC12",
            "파라미터",
            "파라미터=",
            "파라미터=한글",
            "한[글",
            "[\u{0}\u{0}\u{0}\u{0}:",
            "1999",
            "[[[[[[",
            "]1511:[",
        ] {
            let refusal = Refusal::new(None, text);
            assert_eq!((refusal.code, refusal.inner, refusal.parameter), (None, None, None), "{text}");
        }
    }

    /// The wording of 1700, 1701 and 1702, with and without their values.
    #[test]
    fn quotas_of_the_broker() {
        for (text, rate, api) in [
            ("[1700:초과. 유량=5, API ID=ka10081]", Some(5), Some("ka10081")),
            ("초과[1700:초과. 유량=1,API_ID=ust20000]", Some(1), Some("ust20000")),
            ("[1700: 유량 = 5 , API ID = ka10081 ]", Some(5), Some("ka10081")),
            ("[1701:전체 요청. 총유량=50]", Some(50), None),
            ("[1702:그룹 요청. 총유량=20, API_ID=usa20001]", Some(20), Some("usa20001")),
            ("유량=5", Some(5), None),
            ("[1700:유량=5.]", Some(5), None),
            ("[1700:유량=5/s]", Some(5), None),
            ("[1700:초과. 유량={?}, API ID={?}]", None, None),
            ("[1700:유량=, API ID=]", None, None),
            ("[1700:유량={?} 유량=3]", Some(3), None),
            ("[1700]", None, None),
            ("[1700:유량=0]", None, None),
            ("[1700:유량=-5]", None, None),
            ("[1700:유량=0.5]", None, None),
            ("[1700:유량=1,000]", None, None),
            ("[1700:유량=5th]", None, None),
            ("[1700:유량=99999]", None, None),
            ("[1700:유량=99999999999999999999999999999999]", None, None),
            ("[1700:유량=５]", None, None),
            ("[1700:API ID=1234567811]", None, None),
            ("[1700:API ID=WQJCwyqInphKnR3bSRtB9NE1lvAAAA]", None, None),
            ("[1504:지원하지 않음. API ID=ka10081, URI=/api/dostk/chart]", None, Some("ka10081")),
            ("[1999:실패사유=유량=5]", None, None),
        ] {
            let refusal = Refusal::new(Some(5), text);
            assert_eq!((refusal.rate, refusal.named_api.as_deref()), (rate, api), "{text}");
        }
    }

    #[test]
    fn names_of_fields_are_no_values() {
        for (text, parameter) in [
            ("파라미터=20stk_ord_alow_amt", Some("20stk_ord_alow_amt")),
            ("파라미터=xraymont_cntr_qty_arng_trde_tp", Some("xraymont_cntr_qty_arng_trde_tp")),
            ("파라미터=cont-yn. 확인", Some("cont-yn")),
            ("파라미터={?} 필수입력 파라미터 = dt", Some("dt")),
            ("파라미터=1234567811", None),
            ("파라미터=1234-5678-11", None),
            ("파라미터=a12345678", None),
            ("파라미터=WQJCwyqInphKnR3bSRtB9NE1lvAAAA", None),
            ("파라미터=___", None),
        ] {
            assert_eq!(Refusal::new(Some(2), text).parameter.as_deref(), parameter, "{text}");
        }
    }

    #[test]
    fn class_20_is_no_data_where_its_message_says_so() {
        for (rc, text, no_data) in [
            (20, "조회된 데이터가 없습니다", true),
            (20, "모의투자 해당조회내역이 없습니다.", true),
            (20, "[2000:해당 자료가 존재하지 않습니다]", true),
            (20, "", false),
            (20, "[2000](RC4058:모의투자 장종료)", false),
            (20, "[2000](RC9000:해당 조회를 제공하지 않습니다. 데이터가 없습니다)", false),
            (20, "[2000:입력값 오류]", false),
            (20, "보유 수량이 없습니다", false),
            (20, "조회 건수를 초과하였습니다", false),
            (2, "조회된 데이터가 없습니다", false),
            (2, "[1902:종목 정보가 없습니다]", false),
            (20, "[1902:조회된 종목 정보가 없습니다]", false),
        ] {
            assert_eq!(Refusal::new(Some(rc), text).is_no_data(), no_data, "{rc} {text}");
        }
    }

    #[test]
    fn second_bracket_counts_when_the_first_holds_no_code() {
        assert_eq!(Refusal::new(None, "[모의투자] 오류[1902:종목 정보가 없습니다]").code, Some(1902));
    }
}
