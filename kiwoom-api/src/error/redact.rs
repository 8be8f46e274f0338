//! Takes out of a broker's message what must not reach a log: account numbers and tokens.
//!
//! Error texts end up in logs and chat channels. The message is the broker's free text and may quote what was
//! sent; [`Error::message`](crate::Error::message) has it whole.

/// Longest run of digits that stays: order numbers have 7 to 9, account numbers 8 to 11, so 7.
const DIGITS: usize = 7;
/// Longest run of letters and digits that stays: keys and tokens are longer, names of fields are not.
const WORD: usize = 24;
/// Longest text that is shown.
const LENGTH: usize = 200;

/// `text` on one line, with long numbers and long words masked.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LENGTH));
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if out.chars().count() >= LENGTH {
            out.push('…');
            break;
        }
        let run = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if run == 0 {
            out.push(if first.is_control() { ' ' } else { first });
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let word = &rest[..run];
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        // the broker masks accounts itself at times (`6081-2***-11`): what is left of them goes too
        let long = digits > DIGITS || run > WORD || word.contains('*');
        out.push_str(if long { "***" } else { word });
        rest = &rest[run..];
    }
    out
}

/// What keys, tokens (base64) and account numbers (`1234-5678-11`, `6081-2***-11`) are made of.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '+' | '/')
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn masks_what_looks_like_an_account_or_a_token() {
        for (text, want) in [
            ("[2000](RC4058:장종료)", "[2000](RC4058:장종료)"),
            ("계좌 1234567811 없음", "계좌 *** 없음"),
            ("계좌 1234-5678-11 없음", "계좌 *** 없음"),
            ("계좌 6081-2***-11 없음", "계좌 *** 없음"),
            ("Token=WQJCwyqInphKnR3bSRtB9NE1lvAAAA.", "Token=***."),
            ("종목코드=005930_NX", "종목코드=005930_NX"),
            ("두\n줄", "두 줄"),
        ] {
            assert_eq!(redact(text), want);
        }
        assert!(redact(&"가".repeat(1000)).chars().count() <= 201);
    }
}
