//! Small things: page keys that are not ASCII, and TLS with either provider.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{self, APP_KEY, Bars, Order, Received, SECRET_KEY, Step, TestServer, token_body};
use kiwoom_api::{Client, Credentials, Limits, Outcome, Retry, Server};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const BARS: &str = r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"1"}],"return_code":0}"#;

/// Latin-1, EUC-KR, UTF-8: what the broker sends as a key is what it gets back.
#[tokio::test]
async fn small_17_a_next_key_is_echoed_byte_by_byte() {
    for key in [&b"K\xe9\xff\x80"[..], "다음\u{f7ff}".as_bytes(), b"\xb4\xd9\xc0\xbd", b"plain"] {
        let (listener, address) = support::bind().await;
        let (seen, mut heads) = tokio::sync::mpsc::unbounded_channel::<Vec<u8>>();
        let (sent, pages) = (key.to_vec(), Arc::new(AtomicUsize::new(0)));
        support::listen(listener, move |mut stream, _| {
            let (seen, sent, pages) = (seen.clone(), sent.clone(), pages.clone());
            async move {
                while let Some((head, _)) = support::request(&mut stream).await {
                    let token = head.starts_with(b"POST /oauth2");
                    let page = pages.fetch_add(usize::from(!token), Ordering::Relaxed);
                    seen.send(head).unwrap();
                    let body = if token { token_body("T") } else { BARS.to_owned() };
                    let mut reply = b"HTTP/1.1 200 OK\r\n".to_vec();
                    if !token && page == 0 {
                        reply.extend(b"cont-yn: Y\r\nnext-key: ");
                        reply.extend(&sent);
                        reply.extend(b"\r\n");
                    }
                    reply.extend(format!("Content-Length: {}\r\n\r\n{body}", body.len()).bytes());
                    stream.write_all(&reply).await.unwrap();
                }
            }
        });
        let server = Server::sandbox(format!("http://{address}"));
        let client = Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY))
            .limits(Limits::unlimited())
            .retry(Retry::none())
            .build()
            .unwrap();
        let request = Bars::new("005930");
        let first = client.call(&request).await.unwrap();
        // stored as text, as by a program that resumes tomorrow
        let text = first.continuation().unwrap().next_key().to_owned();
        client.call(&request).continue_from(kiwoom_api::Continuation::new(text)).await.unwrap();
        let mut echoed = false;
        while let Ok(head) = heads.try_recv() {
            echoed |= head.windows(key.len()).any(|part| part == key);
        }
        assert!(echoed, "{key:?}");
    }
}

/// Of `localhost`, signed by itself, made for these tests alone.
const CERTIFICATE: &str = include_str!("../../support/tls/localhost.pem");
const KEY: &str = include_str!("../../support/tls/localhost.key");

/// A server with that certificate, which is put into a file.
async fn encrypted(certificate: &Path) -> std::net::SocketAddr {
    std::fs::write(certificate, CERTIFICATE).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()));
    let (listener, address) = support::bind().await;
    support::listen(listener, move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while let Some(received) = Received::read(&mut stream, 0).await {
                let order = r#"{"ord_no":"0000138","return_code":0}"#.to_owned();
                let body = if received.is_about_tokens() { token_body("T") } else { order };
                let _ = stream.write_all(&support::reply("200 OK", &[], &body)).await;
            }
        }
    });
    address
}

#[tokio::test]
async fn small_17_a_certificate_that_nobody_signed_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let address = encrypted(&directory.path().join("ca.pem")).await;
    let server = Server::sandbox(format!("https://localhost:{}", address.port()));
    let client = Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY)).retry(Retry::none()).build().unwrap();
    let outcome = client.call(&Order::buy("005930", 1)).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

/// The system's certificates are those of `SSL_CERT_FILE`, which only a process of its own can set.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn small_17_a_call_over_tls() {
    let directory = tempfile::tempdir().unwrap();
    let certificate = directory.path().join("ca.pem");
    let address = encrypted(&certificate).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["client::small_17::child_over_tls", "--exact", "--ignored", "--nocapture"]);
    child.env("SSL_CERT_FILE", &certificate).env("KIWOOM_TEST_TLS", format!("https://localhost:{}", address.port()));
    let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("accepted over TLS"), "{text}");
}

#[tokio::test]
#[ignore = "run by small_17_a_call_over_tls"]
async fn child_over_tls() {
    let server = Server::sandbox(std::env::var("KIWOOM_TEST_TLS").unwrap());
    let client = Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY)).retry(Retry::none()).build().unwrap();
    let outcome = client.call(&Order::buy("005930", 1)).await;
    assert!(outcome.accepted().is_some(), "{outcome:?}");
    println!("accepted over TLS");
}

/// A process died between writing the token beside its file and moving it there.
#[tokio::test]
async fn small_17_what_a_killed_process_left_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::answering(|_| Step::Write(support::reply("200 OK", &[], &token_body("T")))).await;
    let client = || support::builder(&server).token_cache(directory.path()).build().unwrap();
    client().sign_in().await.unwrap();
    let names = || {
        let entries = std::fs::read_dir(directory.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let file = names().into_iter().find(|name| name.ends_with(".json")).unwrap();
    std::fs::write(directory.path().join(format!("{file}.4711-0.tmp")), "a token").unwrap();
    client().sign_in().await.unwrap();
    assert!(names().iter().all(|name| !name.ends_with(".tmp")), "{:?}", names());
}
