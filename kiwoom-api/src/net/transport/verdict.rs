//! What a complete reply means: success, refusal, or not a reply of this API at all.
//!
//! Business refusals come with HTTP 200 and `return_code` other than 0; web pages may come with any status
//! (`BEHAVIOUR.md` H1, H5). "Unsettled" marks what leaves an order in doubt.

use super::Arrived;
use crate::error::refusal::Refusal;
use crate::error::{Error, Kind};
use crate::json::decode::{Decoded, decode_within};
use crate::record::Record;

/// Decodes `arrived` into `body`, or says why it is not a success.
pub(crate) fn judge(arrived: &Arrived, body: &mut dyn Record) -> Result<Decoded, Error> {
    let Arrived { status, body: bytes, .. } = arrived;
    let fault = |kind: Kind| Error::new(kind).status(*status).with_body(bytes.clone());
    let success = (200..300).contains(status);
    if is_markup(bytes) {
        return Err(fault(Kind::Html).unsettled(true));
    }
    let decoded = match decode_within(bytes, body, arrived.room) {
        Ok(decoded) => decoded,
        Err(cause) if success && cause.is_too_large() => {
            return Err(fault(Kind::TooManyRows(arrived.room)).unsettled(true));
        }
        Err(cause) if success => return Err(fault(Kind::Decode(cause)).unsettled(true)),
        Err(_) => return Err(fault(Kind::Status).unsettled(true)),
    };
    match decoded.return_code() {
        Some(0) if success => Ok(decoded),
        Some(0) => Err(fault(Kind::Status).unsettled(true)),
        Some(rc) => {
            let refused = Error::refused(Refusal::new(Some(rc), decoded.return_msg().unwrap_or_default()), *status);
            Err(refused.with_body(bytes.clone()))
        }
        None if success => Err(fault(Kind::NoEnvelope).unsettled(true)),
        None => Err(fault(Kind::Status).unsettled(true)),
    }
}

fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Nothing;

    fn verdict(status: u16, body: &str) -> Result<Decoded, Error> {
        let arrived = Arrived { status, headers: Default::default(), body: body.to_owned().into(), room: usize::MAX };
        judge(&arrived, &mut Nothing)
    }

    /// A refusal settles an order only if it says that nothing happened.
    #[test]
    fn which_refusals_leave_an_order_in_doubt() {
        for (status, rc, text, doubtful) in [
            (200, "2", "[1902:종목 정보 없음]", false),
            (200, "3", "[8005:Token]", false),
            (200, "3", "", false),
            (200, "20", "[2000](RC4058:장종료)", false),
            (200, "20", "[2000](RC1234:x)", true),
            (200, "20", "[2000:x]", true),
            (200, "20", "", true),
            (200, "20", "조회된 데이터가 없습니다", true),
            (200, "20", "[1902:x]", false),
            (200, "2", "[2000](RC1234:x)", true),
            (200, "2", "[1902:x](RC1234)", true),
            (200, "2", "", false),
            (200, "5", "[1634:종목수]", false),
            (400, "1", "[1504:x]", false),
            (200, "5", "[1700:유량=5]", true),
            (429, "5", "", true),
            (429, "2", "[1902:x]", false),
            (200, "1", "1999:예기치 못한 에러. 실패사유=timeout", true),
            (200, "20", "[1999:예기치 못한 에러. 실패사유=]", true),
            (200, "2", "1999:x", true),
            (200, "1", "1999:x. 실패사유=모의투자에서는 지원하지 않습니다", false),
            (200, "1", "1999:x. 실패사유=RC4025 증거금", false),
            (200, "1", "1999:x. 실패사유=RC0001", true),
            (200, "5", "[1700:유량=5](RC4003:x)", true),
            (200, "7", "", true),
            (200, "-1", "", true),
            (200, "7", "[2000](RC1234:x)", true),
            (200, "7", "[2000](RC4003:x)", false),
            (200, "7", "[1902:x]", false),
            (200, "1", "오류", true),
            (500, "2", "[1902:x]", true),
            (500, "20", "[2000](RC4058:장종료)", true),
        ] {
            let error = verdict(status, &format!(r#"{{"return_code":{rc},"return_msg":"{text}"}}"#)).unwrap_err();
            assert_eq!(error.may_have_been_sent(), doubtful, "{status} {rc} {text}");
        }
    }

    /// H6: numbers and numeric strings.
    #[test]
    fn return_codes_in_every_spelling() {
        for success in ["0", r#""0""#, r#""0000""#, r#"" 0 ""#] {
            assert_eq!(verdict(200, &format!(r#"{{"return_code":{success}}}"#)).unwrap().return_code(), Some(0));
        }
        for refusal in ["3", r#""3""#, r#""0003""#, r#"" 3""#] {
            let error = verdict(200, &format!(r#"{{"return_code":{refusal},"return_msg":"[8005:x]"}}"#)).unwrap_err();
            assert_eq!((error.rc(), error.code()), (Some(3), Some(8005)), "{refusal}");
        }
        for broken in ["null", "true", "0.5", r#""""#, r#""S""#, "{}", "[0]", "99999999999999999999"] {
            let error = verdict(200, &format!(r#"{{"return_code":{broken}}}"#)).unwrap_err();
            assert!(error.is_decode() && error.may_have_been_sent(), "{broken}: {error}");
        }
    }
}
