//! Every API of the registry, called over the network: each reply decodes without doubts and has every documented field.

use kiwoom_api::decode::decode;
use kiwoom_api::endpoint::{Effect, Protocol};
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::registry::{ENTRIES, Entry};
use kiwoom_sim::{Personality, Sim};
use serde_json::Value;

use crate::ask::request;
use crate::calls::{Open, call, every_reply, own};

/// The keys of a record that its JSON lacks. Lists show what they have in their first row; empty ones of `may_be_empty` do not.
fn missing(record: &mut dyn Record, json: &Value, path: &str, may_be_empty: bool, out: &mut Vec<String>) {
    let keys = record.keys();
    for (index, key) in keys[..keys.len() - record.spellings()].iter().enumerate() {
        let name = key.trim_matches(['"', ':']);
        let Some(value) = json.get(name) else {
            out.push(format!("{path}.{name}"));
            continue;
        };
        match record.slot(index) {
            Slot::List(list) => match value.get(0) {
                Some(first) => missing(list.push(), first, &format!("{path}.{name}[0]"), may_be_empty, out),
                None if may_be_empty => {}
                None => out.push(format!("{path}.{name} is empty")),
            },
            Slot::Object(inner) => missing(inner, value, &format!("{path}.{name}"), may_be_empty, out),
            _ => {}
        }
    }
}

/// What is wrong with the body of a reply.
fn faults_of(entry: &Entry, body: &str) -> Vec<String> {
    let id = entry.meta.id;
    let mut record = (entry.reply)();
    let decoded = match decode(body.as_bytes(), &mut *record) {
        Ok(decoded) => decoded,
        Err(error) => return vec![format!("{id}: {error}: {body}")],
    };
    let mut found: Vec<String> = decoded.anomalies().iter().map(|anomaly| format!("{id}: {anomaly}")).collect();
    found.extend(decoded.unknown_keys().map(|key| format!("{id}: unknown {key}")));
    if decoded.return_code() != Some(0) {
        found.push(format!("{id}: {:?} {:?}", decoded.return_code(), decoded.return_msg()));
    }
    let json: Value = serde_json::from_str(body).unwrap();
    missing(&mut *(entry.reply)(), &json, id, id == "kt00001", &mut found);
    found
}

#[tokio::test]
async fn each_rest_api_answers_with_every_field_and_without_doubts() {
    let sim = Sim::builder().cash(10_000_000_000).start().await.unwrap();
    let replies = every_reply(&sim).await;
    assert_eq!(replies.len(), 306);
    let found: Vec<String> = replies.iter().flat_map(|(entry, body)| faults_of(entry, body)).collect();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    sim.audit().unwrap();
    let log = sim.log();
    assert!(replies.iter().all(|(entry, _)| log.iter().any(|call| call.api == entry.meta.id)));
}

#[tokio::test]
async fn made_up_replies_keep_the_identities_of_quotes() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let open = Open { stock: "0000139".to_owned(), ..Open::default() };
    let mut compared = 0;
    for entry in ENTRIES.iter().filter(|e| e.meta.protocol == Protocol::Rest && e.meta.effect == Effect::Read) {
        let body = call(&sim, &client, entry, &own(entry.meta.id, &open)).await;
        let json: Value = serde_json::from_str(&body).unwrap();
        let lists = json.as_object().unwrap().values().filter_map(Value::as_array).flatten();
        for row in std::iter::once(&json).chain(lists) {
            let number = |key: &str| row.get(key)?.as_str()?.trim().trim_start_matches(['+', '-']).parse::<f64>().ok();
            if let (Some(open), Some(high), Some(low)) = (number("open_pric"), number("high_pric"), number("low_pric"))
            {
                assert!(low <= open && open <= high, "{}: {row}", entry.meta.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "{compared} rows have open, high and low");
}

#[tokio::test]
async fn paged_lists_go_on_once_and_end() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let request = kiwoom_api::id::ka10024::Request::new(kiwoom_api::codes::LookbackDays::Days20);
    let all = client.rows(request).collect().await.unwrap().complete().unwrap();
    assert!(all.rows.len() > 3, "{} rows on two pages", all.rows.len());
}

#[tokio::test]
async fn the_mock_server_refuses_what_it_does_not_offer() {
    let sim = Sim::builder().personality(Personality::Mock).start().await.unwrap();
    let client = sim.client().unwrap();
    let mut refused = 0;
    for entry in ENTRIES.iter().filter(|e| e.meta.mock == kiwoom_api::endpoint::Mock::No) {
        if entry.meta.protocol != Protocol::Rest || entry.meta.effect != Effect::Read {
            continue;
        }
        let error = client.call_raw(entry.meta.id, entry.meta.path, request(entry, &[])).read().await.unwrap_err();
        assert!(error.is_not_offered_in_mock(), "{}: {error}", entry.meta.id);
        let told = match entry.meta.id {
            "ka01690" => "8104",
            "kt00010" => "RC7006",
            id if id.starts_with("ust") => "1999",
            _ => "RC9000",
        };
        assert!(sim.log().last().unwrap().message.contains(told), "{}: {error}", entry.meta.id);
        refused += 1;
    }
    assert!(refused >= 12, "{refused}");
}
