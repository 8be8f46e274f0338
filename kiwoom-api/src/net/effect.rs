//! What a call does at the broker, regardless of what its caller declares: by the API's id and by the path.
//!
//! Invariant: no known trade, and nothing sent to a path of trades, passes as a read or as a token request. Its table
//! is compiled with any set of categories.

use std::sync::LazyLock;

use crate::Error;
use crate::error::Kind;
use crate::generated::effects::EFFECTS;
use crate::language::fixed;
use crate::meta::Effect;

/// Whether `declared` is what the API does. `base` is the server's address, whose path may hold the first part.
pub(crate) fn check(api: &str, base: &str, path: &str, declared: Effect) -> Result<(), Error> {
    if api.is_empty() || !api.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Error::request(
            "api-id",
            fixed!("not an API id", "API ID가 아닙니다"),
            fixed!("write it like ka10081", "ka10081처럼 쓰세요"),
        ));
    }
    if !path.starts_with('/') || !path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b)) {
        return Err(Error::request(
            "path",
            fixed!("not a path", "경로가 아닙니다"),
            fixed!("write it like /api/dostk/stkinfo", "/api/dostk/stkinfo처럼 쓰세요"),
        ));
    }
    let known = find(api);
    let segments = segments(base, path);
    let here = || GUARDED.iter().filter(|guarded| guarded.is_within(&segments));
    let by_path = match known {
        _ if here().next().is_none() => None,
        Some((_, path, Effect::Read)) if here().any(|guarded| guarded.path == *path) => None,
        _ if here().any(|guarded| guarded.tokens) => Some(Effect::Auth),
        _ => Some(Effect::Trade),
    };
    let by_id = known.map(|(_, _, effect)| *effect).filter(|effect| *effect != Effect::Read);
    for (what, does) in [("api-id", by_id), ("path", by_path)] {
        match does {
            Some(Effect::Trade) if declared != Effect::Trade => {
                return Err(Error::new(Kind::TradeAsRead(what)));
            }
            Some(Effect::Auth) if declared != Effect::Auth => {
                return Err(Error::request(
                    what,
                    fixed!("tokens are the client's own business", "토큰은 클라이언트가 직접 다룹니다"),
                    fixed!(
                        "use sign_in() and sign_out(), or the methods of oauth_token()",
                        "sign_in()과 sign_out(), 또는 oauth_token()의 메서드를 쓰세요"
                    ),
                ));
            }
            _ => {}
        }
    }
    if declared == Effect::Auth && by_id != Some(Effect::Auth) {
        return Err(Error::request(
            "api-id",
            fixed!("this API issues or revokes no token", "토큰을 발급하거나 폐기하는 API가 아닙니다"),
            fixed!("declare it as a read or a trade", "조회나 주문으로 선언하세요"),
        ));
    }
    Ok(())
}

/// The id as the broker writes it, if it is that of a trade or of a token in another letter case.
pub(crate) fn canonical(api: &str) -> Option<&'static str> {
    find(api).map(|(id, _, _)| *id)
}

fn find(api: &str) -> Option<&'static (&'static str, &'static str, Effect)> {
    EFFECTS.iter().find(|(id, _, _)| id.eq_ignore_ascii_case(api))
}

/// The segments of the whole path, resolved as a URL resolves them.
fn segments<'a>(base: &'a str, path: &'a str) -> Vec<&'a [u8]> {
    let host_and_path = base.split_once("://").map_or(base, |(_, rest)| rest);
    let of_base = host_and_path.split_once('/').map_or("", |(_, rest)| rest);
    let mut segments = Vec::with_capacity(8);
    let slash = |byte: &u8| *byte == b'/';
    for segment in of_base.as_bytes().split(slash).chain(path.as_bytes().split(slash)) {
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    segments
}

/// The paths of [`EFFECTS`], each once and split once: every call is compared with them.
static GUARDED: LazyLock<Vec<Guarded>> = LazyLock::new(|| {
    let mut all: Vec<Guarded> = Vec::new();
    for (_, path, effect) in EFFECTS {
        let tokens = *effect == Effect::Auth;
        match all.iter_mut().find(|guarded| guarded.path == *path) {
            Some(guarded) => guarded.tokens |= tokens,
            None => all.push(Guarded { path, segments: segments("", path), tokens }),
        }
    }
    all
});

/// A path that can do more than read.
struct Guarded {
    path: &'static str,
    segments: Vec<&'static [u8]>,
    /// It issues or revokes tokens.
    tokens: bool,
}

impl Guarded {
    /// Whether it occurs in a path: a proxy may add something in front, and the broker may accept something after it.
    fn is_within(&self, segments: &[&[u8]]) -> bool {
        let same = |window: &[&[u8]]| window.iter().zip(&self.segments).all(|(a, b)| a.eq_ignore_ascii_case(b));
        segments.windows(self.segments.len()).any(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "https://api.kiwoom.com";

    fn passes(api: &str, base: &str, path: &str) -> [bool; 3] {
        [Effect::Read, Effect::Trade, Effect::Auth].map(|declared| check(api, base, path, declared).is_ok())
    }

    #[test]
    fn each_api_is_what_it_is() {
        for (id, path, effect) in EFFECTS {
            let want = [Effect::Read, Effect::Trade, Effect::Auth].map(|declared| {
                // to take a read for a trade is safe
                declared == *effect || (*effect, declared) == (Effect::Read, Effect::Trade)
            });
            assert_eq!(passes(id, REAL, path), want, "{id}");
            assert_eq!(passes(&id.to_uppercase(), REAL, path), want, "{id}");
        }
        assert!(EFFECTS.iter().filter(|(_, _, effect)| *effect == Effect::Trade).count() >= 17);
    }

    #[test]
    fn a_path_of_trades_by_any_spelling() {
        const TRADE: [bool; 3] = [false, true, false];
        for path in [
            "/api/dostk/ordr",
            "/api/dostk/ordr/",
            "/API/Dostk/ORDR",
            "//api//dostk//ordr",
            "/api/dostk/./ordr",
            "/api/dostk/stkinfo/../ordr",
            "/api/dostk/ordr/v2",
            "/api/dostk/crdordr",
            "/api/us/ordr",
            "/api/us/exchange",
        ] {
            // unknown, a known read of another path
            for api in ["kt10999", "zz1", "ka10081", "ka99999"] {
                assert_eq!(passes(api, REAL, path), TRADE, "{api} {path}");
            }
        }
        for (base, path) in [("https://h/api/dostk", "/ordr"), ("https://h/p/api/", "/dostk/ordr")] {
            assert_eq!(passes("zz1", base, path), TRADE, "{base} {path}");
        }
        assert_eq!(passes("ust31490", REAL, "/api/us/exchange"), TRADE, "a read of another path of trades");
        assert_eq!(passes("kt10000", REAL, "/api/dostk/stkinfo"), TRADE, "a trade, wherever it is sent");
        assert_eq!(passes("zz1", REAL, "/oauth2/revoke"), [false; 3]);
        assert_eq!(passes("au10001", REAL, "/api/dostk/ordr"), [false; 3]);
    }

    #[test]
    fn what_is_not_known_is_as_declared() {
        for (api, path) in [("ka10081", "/api/dostk/chart"), ("zz1", "/api/new"), ("zz1", "/ordr"), ("zz1", "/")] {
            assert_eq!(passes(api, REAL, path), [true, true, false], "{api} {path}");
        }
        for (api, path) in
            [("", "/"), (" kt10000", "/"), ("kt10000\t", "/"), ("ｋt10000", "/"), ("zz1", "x"), ("zz1", "/%6Frdr")]
        {
            assert_eq!(passes(api, REAL, path), [false; 3], "{api:?} {path}");
        }
    }
}
