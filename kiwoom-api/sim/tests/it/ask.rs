//! Requests of any API, made from its facts; and HTTP without a client.

use kiwoom_api::decode::{clear, set_text};
use kiwoom_api::encode::{encode, is_set};
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::registry::Entry;
use kiwoom_sim::Sim;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request with every field that the API requires, and with `own` fields as they are given.
pub fn request(entry: &Entry, own: &[(&str, &str)]) -> String {
    let mut record = entry.request.expect("a request")();
    clear(&mut *record);
    for index in entry.required {
        fill(&mut *record, *index);
    }
    let own: Vec<(String, String)> = own.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    String::from_utf8(encode(&mut *record, entry.blank, &own).unwrap()).unwrap()
}

fn fill(record: &mut dyn Record, index: usize) {
    let key = record.keys()[index].trim_matches(['"', ':']).to_owned();
    match record.slot(index) {
        Slot::Code(code, table) => {
            code.set_index(table[0].1);
            return;
        }
        Slot::Embedded(list) => {
            let row = list.list_mut().push();
            (0..row.keys().len() - row.spellings()).for_each(|index| fill(row, index));
            return;
        }
        _ => {}
    }
    let texts: Vec<&str> = match key.as_str() {
        "stk_cd" => vec!["005930", "NVDA", "M04020000"],
        key if key.contains("ord_no") => vec!["0000139"],
        key if key.contains("inds") => vec!["001"],
        _ => vec!["1", "20260706", "090000", "005930", "000000000", "202607", "2026"],
    };
    let mut takes = |text: &str| {
        let set = set_text(record.slot(index), text).is_ok() && is_set(&mut record.slot(index));
        // a text of another kind of code is no request
        set && !matches!(record.slot(index), Slot::Id(id) if id.misuse().is_some())
    };
    let fits = texts.iter().any(|text| takes(text));
    assert!(fits, "{key}: no text fits");
}

/// One HTTP exchange: status, headers in lower case, body.
pub async fn post(sim: &Sim, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
    let address = sim.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let mut text = format!("POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let reply = String::from_utf8(bytes).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_owned(), body.to_owned())
}

pub const KEYS: &str = r#"{"grant_type":"client_credentials","appkey":"KEY","secretkey":"SECRET"}"#;

/// A token, over HTTP.
pub async fn token(sim: &Sim) -> String {
    let (_, _, body) = post(sim, "/oauth2/token", &[], KEYS).await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}
