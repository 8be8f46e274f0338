//! Where the next page begins, and how WebSocket messages say so: condition search has `cont_yn` and `next_key` in the
//! body, both ways.
//!
//! HTTP replies say it in headers only (`BEHAVIOUR.md` P1), and their records have no such keys.

use std::borrow::Cow;

use crate::error::Error;
use crate::json::decode::{key_name, set_text};
use crate::json::encode::{Style, write_scalar};
use crate::language::fixed;
use crate::record::Record;

const CONT_YN: &str = "cont_yn";
const NEXT_KEY: &str = "next_key";

/// Where the next page begins: the broker's opaque `next-key`.
///
/// It can be stored as text and used later with an equal request.
///
/// ```
/// use kiwoom_api::Continuation;
///
/// let saved = Continuation::new("A00593020250908");
/// assert_eq!(saved.next_key(), "A00593020250908");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Continuation {
    next_key: Box<str>,
}

impl Continuation {
    /// A continuation from a stored key.
    pub fn new(next_key: impl Into<String>) -> Continuation {
        Continuation { next_key: next_key.into().into_boxed_str() }
    }

    /// The key, as text to store.
    ///
    /// The key is sent back unchanged, byte by byte. This text shows bytes that are not UTF-8 as characters from U+F780
    /// to U+F7FF.
    pub fn next_key(&self) -> &str {
        &self.next_key
    }

    /// From a header.
    pub(crate) fn from_bytes(key: &[u8]) -> Continuation {
        match std::str::from_utf8(key) {
            Ok(text) if !text.chars().any(is_stand_in) => Continuation::new(text),
            // one coding for the whole key, so that decoding is unambiguous
            _ => Continuation::new(key.iter().map(|byte| stand_in(*byte)).collect::<String>()),
        }
    }

    /// For a header.
    pub(crate) fn to_bytes(&self) -> Cow<'_, [u8]> {
        if !self.next_key.chars().any(is_stand_in) {
            return Cow::Borrowed(self.next_key.as_bytes());
        }
        let mut bytes = Vec::with_capacity(self.next_key.len());
        for char in self.next_key.chars() {
            if is_stand_in(char) {
                bytes.push((u32::from(char) & 0xff) as u8);
            } else {
                bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Cow::Owned(bytes)
    }
}

/// A byte that is not ASCII as a character of the private use area; all others unchanged.
fn stand_in(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { char::from_u32(0xf700 + u32::from(byte)).unwrap_or_default() }
}

fn is_stand_in(char: char) -> bool {
    ('\u{f780}'..='\u{f7ff}').contains(&char)
}

impl Continuation {
    /// Where the next page begins, according to the body of a WebSocket message. As in headers, `Y` without a key still
    /// says that there is more.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-condition")] {
    /// use kiwoom_api::Continuation;
    /// use kiwoom_api::id::ka10172;
    ///
    /// let page = ka10172::Reply::from_json(r#"{"seq":"2","cont_yn":"Y","next_key":"K1","data":[]}"#).unwrap();
    /// let next = Continuation::in_body(&*page).unwrap();
    /// assert_eq!(next.next_key(), "K1");
    ///
    /// let mut request = ka10172::Request::new("2");
    /// next.write_to(&mut request).unwrap();
    /// assert_eq!(request.next_key.as_ref().map(|key| key.as_str()), Some("K1"));
    /// # }
    /// ```
    pub fn in_body<R: Record + Clone>(reply: &R) -> Option<Continuation> {
        Continuation::in_places(&mut reply.clone())
    }

    /// The same for a record at hand.
    pub(crate) fn in_places(reply: &mut dyn Record) -> Option<Continuation> {
        let more = text(reply, CONT_YN)?;
        if !more.trim().eq_ignore_ascii_case("Y") {
            return None;
        }
        Some(Continuation::new(text(reply, NEXT_KEY).unwrap_or_default()))
    }

    /// Makes `request`, a WebSocket message, request the page that begins here.
    ///
    /// # Errors
    /// The request has no keys for it, because it is an HTTP request (see
    /// [`Call::continue_from`](crate::Call::continue_from)), or the continuation is empty.
    pub fn write_to(&self, request: &mut dyn Record) -> Result<(), Error> {
        if self.next_key().trim().is_empty() {
            return Err(Error::request(
                NEXT_KEY,
                fixed!("the continuation is empty", "이어 읽을 곳이 비어 있습니다"),
                fixed!("start from the first page", "첫 쪽부터 읽으세요"),
            ));
        }
        for (key, value) in [(CONT_YN, "Y"), (NEXT_KEY, self.next_key())] {
            let unfit = || {
                Error::request(
                    key,
                    fixed!("no such place in the request", "요청에 그런 자리가 없습니다"),
                    fixed!("use continue_from() of its call", "그 호출의 continue_from()을 쓰세요"),
                )
            };
            let index = position(request, key).ok_or_else(unfit)?;
            set_text(request.slot(index), value).map_err(|_| unfit())?;
        }
        Ok(())
    }
}

fn position(record: &dyn Record, name: &str) -> Option<usize> {
    record.keys().iter().position(|key| key_name(key) == name)
}

fn text(record: &mut dyn Record, name: &str) -> Option<String> {
    let index = position(record, name)?;
    let mut text = String::new();
    write_scalar(&mut text, &record.slot(index), Style::Stored).ok()?;
    Some(text)
}

#[cfg(all(test, feature = "domestic-condition", feature = "us-condition"))]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::endpoint::Endpoint;
    use crate::id::{ka10172, usa20281};
    use crate::json::encode::encode;
    use crate::page::{Collected, End, Pages, Rows, Truncated};
    use crate::record::Record;

    /// The keys on the WebSocket, both ways.
    struct Exchange {
        asked: &'static str,
        answered: &'static str,
    }

    /// Walks over the pages of a message: each request is written to text, each reply read from text.
    async fn walk(exchanges: Vec<Exchange>) -> Result<Collected<ka10172::Reply>, Truncated<ka10172::Reply>> {
        let request = ka10172::Request::new("2");
        let mut exchanges = VecDeque::from(exchanges);
        let pages = Pages::over(
            "ka10172",
            None,
            Box::new(move |from| {
                let mut request = request.clone();
                if let Some(from) = from {
                    from.write_to(&mut request).unwrap();
                }
                let body = encode(&mut request, ka10172::Request::BLANK, &[]).unwrap();
                let Exchange { asked, answered } = exchanges.pop_front().unwrap();
                assert_eq!(std::str::from_utf8(&body).unwrap(), asked);
                Box::pin(std::future::ready(ka10172::Reply::from_json(answered)))
            }),
        );
        Rows::over(pages).collect().await
    }

    const FIRST: &str = r#"{"trnm":"CNSRREQ","seq":"2","search_type":"0","stex_tp":"K","cont_yn":"N","next_key":""}"#;
    const SECOND: &str =
        r#"{"trnm":"CNSRREQ","seq":"2","search_type":"0","stex_tp":"K","cont_yn":"Y","next_key":"K1"}"#;

    #[tokio::test]
    async fn condition_search_is_paged_in_the_body() {
        let got = walk(vec![
            Exchange {
                asked: FIRST,
                answered: r#"{"seq":"2","cont_yn":"Y","next_key":"K1","data":[{"9001":"A005930"},{"9001":""}]}"#,
            },
            Exchange {
                asked: SECOND,
                answered: r#"{"seq":"2","cont_yn":"N","next_key":"","data":[{"9001":"A000660"}]}"#,
            },
        ])
        .await
        .unwrap();
        let codes: Vec<_> = got.rows.iter().map(|row| row.symbol.unwrap()).collect();
        assert_eq!(codes, ["005930", "000660"]);
        assert_eq!((got.end, got.pages, got.blank_rows), (End::Complete, 2, 1));
    }

    #[tokio::test]
    async fn the_guards_hold_in_the_body_too() {
        for (answered, twice) in [
            (r#"{"cont_yn":"Y","next_key":"","data":[{"9001":"A005930"}]}"#, false),
            (r#"{"cont_yn":"Y","next_key":"K1","data":[{"9001":"A005930"}]}"#, true),
        ] {
            let exchanges = [FIRST, SECOND].map(|asked| Exchange { asked, answered });
            let cut = walk(exchanges.into()).await.unwrap_err();
            assert!(cut.error().is_truncated() && cut.continuation().is_none(), "{cut}");
            assert_eq!(cut.rows().len(), if twice { 2 } else { 1 });
        }
    }

    #[test]
    fn both_markets_say_it_alike() {
        let reply = usa20281::Reply::from_json(r#"{"cont_yn":"y","next_key":"K1"}"#).unwrap();
        let next = reply.continuation().cloned();
        assert_eq!(next, Some(Continuation::new("K1")));
        let mut request = <usa20281::Request as crate::record::Empty>::empty();
        next.unwrap().write_to(&mut request).unwrap();
        assert!(Continuation::in_body(&request).is_some_and(|written| written.next_key() == "K1"));
        for done in [r#"{"cont_yn":"N","next_key":"K1"}"#, "{}"] {
            assert!(usa20281::Reply::from_json(done).unwrap().continuation().is_none(), "{done}");
        }
    }

    #[test]
    fn a_request_without_a_place_is_refused() {
        let mut list = crate::id::ka10171::Request::default();
        let error = Continuation::new("K1").write_to(&mut list as &mut dyn Record).unwrap_err();
        assert_eq!(error.parameter(), Some("cont_yn"));
        let mut search = ka10172::Request::new("2");
        assert!(Continuation::new("").write_to(&mut search).is_err());
    }
}

#[cfg(test)]
mod key_tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_go_back_as_they_came(bytes in any::<Vec<u8>>(), text in any::<String>()) {
            for key in [bytes.as_slice(), text.as_bytes(), "가나\u{f780}".as_bytes(), b"\xff\x80A"] {
                let stored = Continuation::from_bytes(key).next_key().to_owned();
                let again = Continuation::new(stored);
                let bytes = again.to_bytes();
                prop_assert_eq!(bytes.as_ref(), key);
            }
        }
    }
}
