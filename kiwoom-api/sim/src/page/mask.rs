//! Hides what may be an account number, a key or a token in a free text, as the client does in its logs.

/// The most digits in a row that are shown: an order number has seven, an account number eight or more.
const DIGITS: usize = 7;
/// The longest word of ASCII that is shown: keys and tokens are longer.
const WORD: usize = 24;

/// The text with `***` in the place of long numbers and long words, and not longer than what a page shows.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(if first.is_control() { ' ' } else { first });
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let word = &rest[..end];
        let digits = word.chars().filter(|c| c.is_numeric()).count();
        out.push_str(if digits > DIGITS || word.len() > WORD || word.contains('*') { "***" } else { word });
        rest = &rest[end..];
    }
    super::cell::cut(&out)
}

/// What keys, tokens and account numbers are made of.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_numeric() || matches!(c, '-' | '_' | '*' | '+' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_tokens_are_hidden_and_names_are_not() {
        for (text, want) in [
            ("계좌 1234567811 없음", "계좌 *** 없음"),
            ("6081-2***-11", "***"),
            ("SIM-TOKEN-0000000000000001-1", "***"),
            ("TIGER 차이나전기차SOLACTIVE", "TIGER 차이나전기차SOLACTIVE"),
            ("0000139", "0000139"),
            ("[2000](RC4058:장종료)", "[2000](RC4058:장종료)"),
        ] {
            assert_eq!(masked(text), want);
        }
        assert!(masked(&"가".repeat(1_000)).chars().count() < 130);
    }
}
