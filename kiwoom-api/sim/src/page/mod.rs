//! The page at `/`: what it shows as JSON, its switches, its files. It reads the world and changes it through the same
//! doors as a test; nothing else depends on it.
//!
//! Everything is answered for a browser on this machine only: by name of the host, and switches by origin, too.

mod account;
mod cell;
mod control;
mod explain;
mod mask;
mod state;
mod words;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST, ORIGIN};
use hyper::{HeaderMap, Method, Request};
use kiwoom_api::registry::ENTRIES;
use serde_json::{Map, Value, json};

use self::state::Query;
use crate::house::House;

/// The longest order of a switch.
const LONGEST: usize = 64 << 10;

/// The files of the page: path, kind, text.
const FILES: [(&str, &str, &str); 7] = [
    ("/", "text/html", include_str!("assets/index.html")),
    ("/page/style.css", "text/css", include_str!("assets/style.css")),
    ("/page/main.js", "text/javascript", include_str!("assets/main.js")),
    ("/page/chart.js", "text/javascript", include_str!("assets/chart.js")),
    ("/page/log.js", "text/javascript", include_str!("assets/log.js")),
    ("/page/panels.js", "text/javascript", include_str!("assets/panels.js")),
    ("/page/words.js", "text/javascript", include_str!("assets/words.js")),
];

/// Headers of every answer: nothing from elsewhere is loaded, nothing elsewhere shows it, nothing keeps it.
pub(crate) const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// An answer for the browser.
pub(crate) struct Shown {
    pub status: u16,
    pub kind: &'static str,
    pub body: String,
}

impl Shown {
    fn json(status: u16, value: &Value) -> Shown {
        Shown { status, kind: "application/json", body: value.to_string() }
    }

    fn wrong(status: u16, why: &str) -> Shown {
        Shown::json(status, &json!({ "error": why }))
    }
}

/// Whether a request is one for the page.
pub(crate) fn is_of_page(path: &str) -> bool {
    path == "/" || path == "/favicon.ico" || path.starts_with("/page/")
}

/// Answers a request for the page.
pub(crate) async fn answer(request: Request<Incoming>, house: &Arc<House>) -> Shown {
    let path = request.uri().path().to_owned();
    if !is_here(request.headers()) {
        return Shown::wrong(403, "the page is for browsers of this machine: use 127.0.0.1 or localhost");
    }
    if *request.method() == Method::POST {
        return switch(request, house, &path).await;
    }
    if *request.method() != Method::GET {
        return Shown::wrong(405, "GET or POST");
    }
    if let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == path) {
        return Shown { status: 200, kind, body: (*text).to_owned() };
    }
    let query = request.uri().query().unwrap_or_default();
    match path.as_str() {
        "/page/state" => {
            let wanted = Query::read(query);
            let speed = house.pace.get();
            Shown::json(200, &house.with(|world| state::state(world, &wanted, speed)))
        }
        "/page/entry" => {
            let number = query.trim_start_matches("number=").parse().unwrap_or(0);
            match house.with(|world| state::details(world, number)) {
                Some(details) => Shown::json(200, &details),
                None => Shown::wrong(404, "this entry is not kept any more"),
            }
        }
        "/page/known" => Shown::json(200, &known()),
        _ => Shown::wrong(404, "no such part of the page"),
    }
}

/// What the switches can name: faults, APIs and topics.
fn known() -> Value {
    let faults = control::faults(Duration::ZERO).into_iter().map(|fault| {
        let (id, name) = (words::fault_id(fault), words::fault(fault));
        let is_timed = format!("{fault:?}").contains('(');
        json!({ "id": id, "name": [name.ko, name.en], "timed": is_timed })
    });
    let apis = ENTRIES.iter().map(|entry| {
        let meta = entry.meta;
        json!({ "id": meta.id, "name": [meta.korean.trim(), cell::words(meta.name)] })
    });
    json!({ "faults": faults.collect::<Vec<_>>(), "apis": apis.collect::<Vec<_>>() })
}

/// A switch: only from the page itself, so that no other site turns it.
async fn switch(request: Request<Incoming>, house: &Arc<House>, path: &str) -> Shown {
    if path != "/page/do" {
        return Shown::wrong(404, "no such switch");
    }
    if !is_from_page(request.headers()) {
        return Shown::wrong(403, "switches are turned by the page only (Origin, Content-Type: application/json)");
    }
    let Ok(body) = Limited::new(request.into_body(), LONGEST).collect().await else {
        return Shown::wrong(413, "too long");
    };
    let Ok(asked) = serde_json::from_slice::<Map<String, Value>>(&body.to_bytes()) else {
        return Shown::wrong(400, "not a JSON object");
    };
    let house = house.clone();
    // a jump plays hours of the market
    let acted = tokio::task::spawn_blocking(move || control::act(&house, &asked)).await;
    match acted {
        Ok(Ok(done)) => Shown::json(200, &done),
        Ok(Err(why)) => Shown::wrong(400, &why),
        Err(_) => Shown::wrong(500, "the switch broke"),
    }
}

/// The request names this machine: a foreign name that leads here belongs to another site.
fn is_here(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| name.eq_ignore_ascii_case(here))
}

/// The request comes from the page at this address and port.
fn is_from_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(host), Some(origin), Some(kind)) = (text(HOST), text(ORIGIN), text(CONTENT_TYPE)) else { return false };
    origin.strip_prefix("http://").is_some_and(|from| from.eq_ignore_ascii_case(host)) && kind == "application/json"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for (host, want) in [
            ("127.0.0.1:8080", true),
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("localhost:80@evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_here(&headers(&[("host", host)])), want, "{host}");
        }
        assert!(!is_here(&headers(&[])));
    }

    #[test]
    fn switches_want_the_origin_of_the_page() {
        let of = |origin: &str, kind: &str| {
            is_from_page(&headers(&[("host", "127.0.0.1:8080"), ("origin", origin), ("content-type", kind)]))
        };
        assert!(of("http://127.0.0.1:8080", "application/json"));
        for (origin, kind) in [
            ("http://127.0.0.1:3000", "application/json"),
            ("https://127.0.0.1:8080", "application/json"),
            ("http://evil.example", "application/json"),
            ("null", "application/json"),
            ("http://127.0.0.1:8080", "text/plain"),
        ] {
            assert!(!of(origin, kind), "{origin} {kind}");
        }
        assert!(!is_from_page(&headers(&[("host", "127.0.0.1:8080"), ("content-type", "application/json")])));
    }
}
