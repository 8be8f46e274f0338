//! Which of the broker's servers a client talks to.

use std::net::IpAddr;

use reqwest::Url;

use crate::Error;
use crate::language::{Both, both, fixed};
use crate::redact::redact;

/// The environment of a [`Client`](crate::Client): keys belong to either the real or the mock server.
///
/// ```
/// use kiwoom_api::Server;
///
/// assert_eq!(Server::Mock.http(), "https://mockapi.kiwoom.com");
/// assert_eq!(Server::sandbox("http://127.0.0.1:8080").socket(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Server {
    /// Real money: `api.kiwoom.com`.
    #[doc(alias = "실전투자")]
    Real,
    /// Mock trading: `mockapi.kiwoom.com`. Needs separate keys.
    #[doc(alias = "모의투자")]
    Mock,
    /// A simulator or a test server, declared as such: no money is at stake there, so its trades need no
    /// [arming](crate::Builder::arm). The broker's addresses are not accepted.
    Sandbox {
        /// `http://127.0.0.1:8080`; paths of APIs are appended. `http:` has the same restriction as for `Custom`.
        http: String,
        /// `ws://127.0.0.1:8081`, for realtime data.
        socket: Option<String>,
    },
    /// Another way to the broker: a proxy or a tunnel. It may lead to the real server, even from a loopback address, so
    /// trades need [arming](crate::Builder::arm). `http:` is accepted for loopback addresses only, because keys and
    /// tokens travel in every request.
    Custom {
        /// `http://127.0.0.1:8080`; paths of APIs are appended.
        http: String,
        /// `ws://127.0.0.1:8081`, for realtime data.
        socket: Option<String>,
    },
}

impl Server {
    /// A simulator or a test server, without realtime data. You declare that no money is at stake there.
    pub fn sandbox(http: impl Into<String>) -> Server {
        Server::Sandbox { http: http.into(), socket: None }
    }

    /// Your own proxy or tunnel, without realtime data.
    pub fn custom(http: impl Into<String>) -> Server {
        Server::Custom { http: http.into(), socket: None }
    }

    /// The address of requests, without a path.
    pub fn http(&self) -> &str {
        match self {
            Server::Real => "https://api.kiwoom.com",
            Server::Mock => "https://mockapi.kiwoom.com",
            Server::Sandbox { http, .. } | Server::Custom { http, .. } => http.trim_end_matches('/'),
        }
    }

    /// The address of the WebSocket, without a path.
    pub fn socket(&self) -> Option<&str> {
        match self {
            Server::Real => Some("wss://api.kiwoom.com:10000"),
            Server::Mock => Some("wss://mockapi.kiwoom.com:10000"),
            Server::Sandbox { socket, .. } | Server::Custom { socket, .. } => {
                socket.as_deref().map(|url| url.trim_end_matches('/'))
            }
        }
    }

    /// The address of requests, checked.
    pub(crate) fn base(&self) -> Result<Base, Error> {
        self.checked(self.http())
    }

    /// The address of the WebSocket, checked; written as the HTTP address with which it begins.
    #[cfg(feature = "realtime")]
    pub(crate) fn socket_base(&self) -> Result<Base, Error> {
        let text = self.socket().ok_or_else(|| {
            Error::setup(fixed!(
                "this server has no address for realtime data (give `socket: Some(\"ws://..\")` with it)",
                "이 서버에는 실시간 데이터 주소가 없습니다 (`socket: Some(\"ws://..\")`를 함께 지정하세요)"
            ))
        })?;
        match text.strip_prefix("ws") {
            Some(rest) if rest.starts_with(':') || rest.starts_with("s:") => self.checked(&format!("http{rest}")),
            _ => Err(Error::setup(fixed!(
                "socket address: neither ws nor wss (write it like ws://127.0.0.1:8081)",
                "소켓 주소: ws도 wss도 아닙니다 (ws://127.0.0.1:8081처럼 쓰세요)"
            ))),
        }
    }

    fn checked(&self, text: &str) -> Result<Base, Error> {
        let bad = |why: Both| Error::setup(both!("server address {text:?}: {why}", "서버 주소 {text:?}: {why}", why));
        let url = Url::parse(text).map_err(|_| {
            // text that cannot be parsed may be a key, or contain a password before the host
            let shown = if text.contains('@') { "***".into() } else { redact(text) };
            Error::setup(both!(
                "server address {shown:?}: not a URL (write it like http://127.0.0.1:8080)",
                "서버 주소 {shown:?}: URL이 아닙니다 (http://127.0.0.1:8080처럼 쓰세요)"
            ))
        })?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            // the text is not repeated here: it may hold a password
            return Err(Error::setup(fixed!(
                "server address: query, fragment and user are not allowed (give host and port)",
                "서버 주소: 쿼리, 프래그먼트, 사용자 이름은 쓸 수 없습니다 (호스트와 포트만 쓰세요)"
            )));
        }
        if url.path().contains(['%', ';']) {
            // what leads to trades must be seen to do so
            return Err(bad(fixed!(
                "its path is written in escapes (give it in plain letters)",
                "경로가 이스케이프로 쓰였습니다 (보통 글자로 쓰세요)"
            )));
        }
        if matches!(self, Server::Sandbox { .. }) && is_of_the_broker(url.host_str().unwrap_or_default()) {
            return Err(bad(fixed!(
                "the broker's own server is not a sandbox (use Server::Mock, Server::Real or Server::custom)",
                "증권사의 서버는 샌드박스가 아닙니다 (Server::Mock, Server::Real, Server::custom을 쓰세요)"
            )));
        }
        let loopback = is_loopback(url.host_str().unwrap_or_default());
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(bad(fixed!(
                    "keys would travel in the clear (use https, or http on a loopback address)",
                    "키가 암호화되지 않은 채 전송됩니다 (https를 쓰거나, 루프백 주소에서만 http를 쓰세요)"
                )));
            }
            _ => {
                return Err(bad(fixed!(
                    "neither http nor https (write it like http://127.0.0.1:8080)",
                    "http도 https도 아닙니다 (http://127.0.0.1:8080처럼 쓰세요)"
                )));
            }
        }
        Ok(Base { text: url.as_str().trim_end_matches('/').to_owned(), url, loopback })
    }
}

/// A checked address.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    text: String,
    /// The same, parsed.
    url: Url,
    /// Requests stay on this machine: no proxy may see them.
    pub loopback: bool,
}

impl Base {
    /// Requests are encrypted on their way.
    pub fn is_encrypted(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The address of `path`, which starts with `/`.
    pub fn at(&self, path: &str) -> String {
        let mut url = String::with_capacity(self.text.len() + path.len());
        url.push_str(&self.text);
        url.push_str(path);
        url
    }

    /// The same as a URL. Only the path is parsed, not the host again.
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        match self.url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            base => url.set_path(&[base, path].concat()),
        }
        url
    }
}

fn is_of_the_broker(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "kiwoom.com" || host.ends_with(".kiwoom.com")
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_addresses() {
        for good in ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:80", "https://proxy.example/kiwoom/"]
        {
            assert!(Server::custom(good).base().is_ok(), "{good}");
        }
        for bad in [
            "127.0.0.1:8080",
            "http://10.0.0.1",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "",
            "http://127.0.0.1/?a=b",
            "http://u:p@127.0.0.1/",
        ] {
            let text = Server::custom(bad).base().unwrap_err().to_string();
            assert!(text.contains('('), "{bad}: {text}");
        }
        let key = "WQJCwyqInphKnR3bSRtB9NE1lvAAAA";
        for secret in ["http://u:hunter2@127.0.0.1/", "http://u:hunter2@127.0.0.1:port/", "//u:hunter2@h", key] {
            let text = Server::custom(secret).base().unwrap_err().to_string();
            assert!(!text.contains("hunter2") && !text.contains(key), "{text}");
        }
    }

    #[test]
    fn the_broker_is_no_sandbox() {
        for broker in ["https://api.kiwoom.com", "https://API.Kiwoom.com:443/x", "https://mockapi.kiwoom.com."] {
            let text = Server::sandbox(broker).base().unwrap_err().to_string();
            assert!(text.contains("not a sandbox"), "{text}");
            assert!(Server::custom(broker).base().is_ok(), "{broker}");
        }
        for other in ["http://127.0.0.1:8080", "https://kiwoom.com.example", "https://notkiwoom.com"] {
            assert!(Server::sandbox(other).base().is_ok(), "{other}");
        }
    }

    #[cfg(feature = "realtime")]
    #[test]
    fn socket_addresses() {
        let custom = |socket: &str| Server::Custom { http: "http://127.0.0.1:1".into(), socket: Some(socket.into()) };
        assert_eq!(Server::Real.socket_base().unwrap().at("/x"), "https://api.kiwoom.com:10000/x");
        assert_eq!(custom("ws://127.0.0.1:8081/").socket_base().unwrap().at("/x"), "http://127.0.0.1:8081/x");
        for bad in ["ws://10.0.0.1", "http://127.0.0.1:1", "wsx://127.0.0.1:1", ""] {
            let text = custom(bad).socket_base().unwrap_err().to_string();
            assert!(text.contains('('), "{bad}: {text}");
        }
        assert!(Server::sandbox("http://127.0.0.1:1").socket_base().unwrap_err().to_string().contains("socket"));
    }

    #[test]
    fn paths_are_appended() {
        assert_eq!(Server::Real.base().unwrap().at("/api/x"), "https://api.kiwoom.com/api/x");
        assert_eq!(Server::custom("https://h/p/").base().unwrap().at("/x"), "https://h/p/x");
        for server in ["https://h", "https://h:8443/", "http://[::1]:80/p/q", "https://h/p/", "https://H/./a/../p//"] {
            let base = Server::custom(server).base().unwrap();
            for path in ["/api/dostk/chart", "/", "//x/", "/a/./b/../c", "/../x", "/a-b_c.d"] {
                assert_eq!(base.url(path), base.at(path).parse().unwrap(), "{server} {path}");
            }
        }
    }
}
