//! Which of the broker's servers a client talks to.

use std::net::IpAddr;

use reqwest::Url;

use crate::Error;
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
    Real,
    /// Mock trading: `mockapi.kiwoom.com`. Needs separate keys.
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
        let text = self.http();
        let bad = |why: &str| Error::setup(format!("server address {text:?}: {why}"));
        let url = Url::parse(text).map_err(|_| {
            // text that cannot be parsed may be a key, or contain a password before the host
            let shown = if text.contains('@') { "***".into() } else { redact(text) };
            Error::setup(format!("server address {shown:?}: not a URL (write it like http://127.0.0.1:8080)"))
        })?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            // the text is not repeated here: it may hold a password
            return Err(Error::setup("server address: query, fragment and user are not allowed (give host and port)"));
        }
        if url.path().contains(['%', ';']) {
            // a path that leads to trades must be recognisable
            return Err(bad("its path is written in escapes (give it in plain letters)"));
        }
        if matches!(self, Server::Sandbox { .. }) && is_of_the_broker(url.host_str().unwrap_or_default()) {
            return Err(bad(
                "the broker's own server is not a sandbox (use Server::Mock, Server::Real or Server::custom)",
            ));
        }
        let loopback = is_loopback(url.host_str().unwrap_or_default());
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(bad("keys would travel in the clear (use https, or http on a loopback address)")),
            _ => return Err(bad("neither http nor https (write it like http://127.0.0.1:8080)")),
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
