//! Frames without accounts and tokens: digits and letters of private values become zeros, their lengths stay.

use std::borrow::Cow;

/// Keys whose values are accounts or secrets: FID 9201 is the account of orders and balances.
const PRIVATE: [&str; 7] = ["9201", "token", "acnt_no", "account_no", "acctNo", "acct_no", "acnt_print"];
/// Keys whose values are the broker's free words, which may quote anything.
const WORDS: [&str; 4] = ["return_msg", "message", "msg", "919"];

/// `text` as it may be kept.
pub(super) fn redacted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut changed: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some((start, end)) = string(bytes, at) {
        at = end;
        let colon = blanks(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            continue;
        }
        let key = &text[start..end - 1];
        let (private, words) = (is(key, &PRIVATE), is(key, &WORDS));
        if !private && !words {
            continue;
        }
        let value = blanks(bytes, colon + 1);
        let (from, to) = match bytes.get(value) {
            Some(b'"') => match string(bytes, value) {
                Some((from, end)) => (from, end - 1),
                None => (value, bytes.len()),
            },
            _ => (value, value + run(&bytes[value..], |byte| !matches!(byte, b',' | b'}' | b']' | b'{' | b'['))),
        };
        at = at.max(value);
        let out = changed.get_or_insert_with(|| bytes.to_vec());
        if private { zero(&mut out[from..to]) } else { zero_long(&mut out[from..to]) }
    }
    match changed.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        // zeros take the place of ASCII alone, so it stays text
        Some(Err(_)) => Cow::Borrowed(""),
        None => Cow::Borrowed(text),
    }
}

/// The key as it is written, or with escapes: those are taken for private at once, because nobody escapes a key.
fn is(key: &str, known: &[&str]) -> bool {
    known.contains(&key) || key.contains('\\')
}

/// The next string from `at` on: where its text begins, and the place behind its closing quote.
fn string(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = at + bytes.get(at..)?.iter().position(|byte| *byte == b'"')? + 1;
    let mut end = start;
    loop {
        match bytes.get(end)? {
            b'"' => return Some((start, end + 1)),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    at + run(bytes.get(at..).unwrap_or_default(), |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn run(bytes: &[u8], which: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| which(**byte)).count()
}

/// An escape loses its meaning with its letters, so it goes as a whole.
fn zero(bytes: &mut [u8]) {
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || *byte == b'\\' {
            *byte = b'0';
        }
    }
}

/// Zeros in the place of long numbers and long words.
fn zero_long(bytes: &mut [u8]) {
    let mut at = 0;
    while at < bytes.len() {
        let length =
            run(&bytes[at..], |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'+' | b'/' | b'_'));
        let word = &mut bytes[at..at + length];
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        if digits > 7 || length > 24 {
            zero(word);
        }
        at += length.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_tokens_become_zeros_and_nothing_else_changes() {
        for (text, want) in [
            (
                r#"{"values":{"9201":"1234567811","9203":"0000018","10":"+70100"}}"#,
                r#"{"values":{"9201":"0000000000","9203":"0000018","10":"+70100"}}"#,
            ),
            (r#"{"9201" : "12-34","x":1}"#, r#"{"9201" : "00-00","x":1}"#),
            (r#"{"9201":1234567811}"#, r#"{"9201":0000000000}"#),
            (r#"{"a":"9201","b":"1234567811"}"#, r#"{"a":"9201","b":"1234567811"}"#),
            (r#"{"a\"9201":"1","9201":"5\u0039"}"#, r#"{"a\"9201":"0","9201":"0000000"}"#),
            (
                r#"{"return_msg":"no [105110] 1234-5678-11 x","return_code":0}"#,
                r#"{"return_msg":"no [105110] 0000-0000-00 x","return_code":0}"#,
            ),
            (r#"{"token":"aB3+/=","9201":"12"#, r#"{"token":"000+/=","9201":"00"#),
            (r#"{"12":"+1.50","919":"0"}"#, r#"{"12":"+1.50","919":"0"}"#),
        ] {
            assert_eq!(redacted(text), want, "{text}");
        }
    }
}
