//! Reads the three nested codes of a business refusal out of `return_code` and `return_msg`.
//!
//! The message is free text with codes inside, in the formats of `api-behaviour.md` H2. Whatever is not
//! recognised stays text: this parser has no failure.

/// What the broker said when it refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The class: `return_code`.
    pub rc: Option<i64>,
    /// The documented code: `NNNN` of `[NNNN: ...]`.
    pub code: Option<u16>,
    /// The code of the system behind: `RC4058`.
    pub inner: Option<String>,
    /// The request field that 1511 and 1517 name.
    pub parameter: Option<String>,
    /// The whole message.
    pub message: String,
}

impl Refusal {
    /// Reads the codes of `message`.
    pub fn new(rc: Option<i64>, message: &str) -> Refusal {
        let message = message.trim();
        Refusal {
            rc,
            code: bracketed_code(message).or_else(|| leading_code(message)),
            inner: inner_code(message),
            parameter: parameter(message),
            message: message.to_owned(),
        }
    }
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

/// `파라미터=stk_cd`
fn parameter(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("파라미터")?;
    let rest = rest.trim_start().strip_prefix(['=', ':'])?.trim_start();
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len());
    (end > 0 && end <= 64).then(|| rest[..end].to_owned())
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

    #[test]
    fn second_bracket_counts_when_the_first_holds_no_code() {
        assert_eq!(Refusal::new(None, "[모의투자] 오류[1902:종목 정보가 없습니다]").code, Some(1902));
    }
}
