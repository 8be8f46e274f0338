//! Removes from the broker's messages what must not reach a log: account numbers and tokens.
//!
//! Error texts end up in logs and chat channels. The message is the broker's free text and may quote what was
//! sent; [`Error::message`](crate::Error::message) has it whole.

/// The most digits a number may have and still be shown: order numbers have 7 to 9, account numbers 8 to 11, so 7.
const DIGITS: usize = 7;
/// The longest run of letters and digits that is shown: keys and tokens are longer, names of fields are not.
const WORD: usize = 24;
/// Longest text that is shown, give or take a word.
const LENGTH: usize = 200;
const MASK: &str = "***";

/// `text` on one line, with long numbers and long words masked.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LENGTH));
    let mut shown = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if shown >= LENGTH {
            out.push('…');
            break;
        }
        let end = word_end(rest);
        if end == 0 {
            out.push(if is_blank(first) { ' ' } else { first });
            shown += 1;
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let word = if is_secret(&rest[..end]) { MASK } else { &rest[..end] };
        for c in word.chars() {
            out.push(if is_blank(c) { ' ' } else { c });
            shown += 1;
        }
        rest = &rest[end..];
    }
    out
}

/// A text of a record. Numbers and accounts have their own kinds, so a number of any length is shown by its kind; any
/// other text may quote anything and is treated like a message. Only a number with a sign or a point, which cannot be
/// an account, is shown.
pub(crate) fn free_text(text: &str) -> String {
    let trimmed = text.trim();
    let number = trimmed.trim_start_matches(['+', '-']);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let marked = number.len() < trimmed.len() || number.contains(['.', ',']);
    if is_number && marked { text.to_owned() } else { redact(text) }
}

/// The end of the word that `text` begins with; digits with one mark or blank between them (`1234 5678 11`) are one.
fn word_end(text: &str) -> usize {
    let mut end = 0;
    let mut last = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = || is_joint(c) && last.is_numeric();
        if is_word(c) {
            end = at + c.len_utf8();
        } else if !joins() || chars.peek().is_none_or(|(_, next)| !next.is_numeric()) {
            break;
        }
        last = c;
    }
    end
}

fn is_secret(word: &str) -> bool {
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    // the broker sometimes masks accounts itself (`6081-2***-11`): the remaining digits are masked too
    digits > DIGITS || word.len() > WORD || word.contains('*')
}

/// What keys, tokens (base64) and account numbers (`1234-5678-11`, `6081-2***-11`) are made of.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '+' | '/') || c.is_numeric()
}

/// What may appear inside a number.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | ',') || is_blank(c)
}

fn is_blank(c: char) -> bool {
    c.is_control() || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn masks_what_looks_like_an_account_or_a_token() {
        for (text, want) in [
            ("[2000](RC4058:장종료)", "[2000](RC4058:장종료)"),
            ("계좌 1234567811 없음", "계좌 *** 없음"),
            ("계좌 1234-5678-11 없음", "계좌 *** 없음"),
            ("계좌 1234 5678 11 없음", "계좌 *** 없음"),
            ("계좌 1234.5678.11 없음", "계좌 *** 없음"),
            ("계좌 １２３４５６７８１１ 없음", "계좌 *** 없음"),
            ("계좌 1234\n5678\n11 없음", "계좌 *** 없음"),
            ("계좌 6081-2***-11 없음", "계좌 *** 없음"),
            ("예수금 12,345,678원", "예수금 ***원"),
            ("Token=WQJCwyqInphKnR3bSRtB9NE1lvAAAA.", "Token=***."),
            ("종목코드=005930_NX", "종목코드=005930_NX"),
            ("가격 70,100, 수량 10", "가격 70,100, 수량 10"),
            ("두\n줄\u{2028}셋", "두 줄 셋"),
        ] {
            assert_eq!(redact(text), want);
        }
        assert!(redact(&"가".repeat(1000)).chars().count() <= LENGTH + 1);
    }

    #[test]
    fn a_number_with_a_mark_is_no_account() {
        assert_eq!(free_text("+14947571"), "+14947571");
        assert_eq!(free_text("1234567890"), "***");
        assert_eq!(free_text("-1,494,757,100.5"), "-1,494,757,100.5");
        assert_eq!(free_text("6081-2***-11 [김키움]"), "*** [김키움]");
        assert_eq!(free_text("계좌 1234567811 없음"), "계좌 *** 없음");
    }

    proptest! {
        #[test]
        fn leaves_neither_long_numbers_nor_long_words(text in "(\\PC|[0-9]|[A-Za-z0-9_-]|[ .,\n\r\t])*") {
            let shown = redact(&text);
            prop_assert!(shown.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() <= DIGITS), "{shown}");
            prop_assert!(shown.split(|c: char| !c.is_ascii_alphanumeric()).all(|word| word.len() <= WORD), "{shown}");
            prop_assert!(!shown.contains(char::is_control), "{shown:?}");
            prop_assert!(shown.chars().count() <= LENGTH + WORD + 1);
            prop_assert_eq!(redact(&shown), shown);
        }

        #[test]
        fn masks_accounts_in_any_spelling(
            groups in proptest::collection::vec("[0-9]{2,5}", 4..6), joint in "[- ./,\n]", before in "[가-힣 =:(\\[]{0,9}",
        ) {
            let shown = redact(&format!("{before}{}입니다", groups.join(&joint)));
            prop_assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
        }
    }
}
