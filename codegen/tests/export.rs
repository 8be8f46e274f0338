//! The exports for other languages: a few APIs as snapshots, and what must hold of the whole documents.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kiwoom_codegen::export::{Source, asyncapi, openapi};
use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::{Api, Kind, Model, Protocol, Request, Struct};
use kiwoom_spec::names::Effect;
use serde_json::Value;

use support::Committed;

static COMMITTED: LazyLock<Committed> = LazyLock::new(support::committed);
static MODEL: LazyLock<Model> = LazyLock::new(|| lower(&COMMITTED.spec, &COMMITTED.names));
static OPENAPI: LazyLock<Value> = LazyLock::new(|| parse(openapi));
static ASYNCAPI: LazyLock<Value> = LazyLock::new(|| parse(asyncapi));

fn parse(export: fn(&Source<'_>) -> String) -> Value {
    let text = export(&Source::new(&COMMITTED.spec, &COMMITTED.names));
    serde_json::from_str(&text).expect("an export is JSON")
}

fn apis(protocol: impl Fn(Protocol) -> bool) -> Vec<&'static Api> {
    MODEL.menus.iter().flat_map(|m| &m.apis).filter(|a| protocol(a.protocol)).collect()
}

fn rest() -> Vec<&'static Api> {
    apis(|p| p == Protocol::Rest)
}

/// Every operation of the OpenAPI document by API id.
fn operations() -> BTreeMap<&'static str, &'static Value> {
    let paths = OPENAPI["paths"].as_object().expect("paths");
    paths.iter().map(|(path, item)| (path.split_once('#').expect("an id behind each path").1, &item["post"])).collect()
}

/// What a reference points to.
fn at<'a>(document: &'a Value, reference: &Value) -> &'a Value {
    let reference = reference["$ref"].as_str().expect("a reference");
    document.pointer(reference.strip_prefix('#').expect("a local one")).unwrap_or_else(|| panic!("{reference}"))
}

fn request_of(operation: &'static Value) -> &'static Value {
    at(&OPENAPI, &operation["requestBody"]["content"]["application/json"]["schema"])
}

fn reply_of(operation: &'static Value) -> &'static Value {
    at(&OPENAPI, &operation["responses"]["200"]["content"]["application/json"]["schema"])
}

/// An operation and the schemas that it uses itself.
fn excerpt(id: &str) -> String {
    let path = OPENAPI["paths"].as_object().expect("paths").keys().find(|p| p.ends_with(&format!("#{id}")));
    let path = path.expect("an operation");
    let mut out = serde_json::json!({ path: OPENAPI["paths"][path] });
    let mut wanted: Vec<String> = references(&out);
    while let Some(reference) = wanted.pop() {
        let name = reference.rsplit('/').next().expect("a name").to_owned();
        if reference.starts_with("#/components/schemas/") && out.get(&name).is_none() && !name.starts_with("Return") {
            let schema = at(&OPENAPI, &serde_json::json!({ "$ref": reference })).clone();
            wanted.extend(references(&schema));
            out[&name] = schema;
        }
    }
    serde_json::to_string_pretty(&out).expect("JSON")
}

fn references(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    visit(value, &mut |v| out.extend(v.get("$ref").and_then(Value::as_str).map(str::to_owned)));
    out
}

fn visit<'a>(value: &'a Value, see: &mut dyn FnMut(&'a Value)) {
    see(value);
    match value {
        Value::Object(map) => map.values().for_each(|v| visit(v, see)),
        Value::Array(list) => list.iter().for_each(|v| visit(v, see)),
        _ => {}
    }
}

#[test]
fn a_paged_read() {
    show!("export_read", excerpt("ka10081"));
}

#[test]
fn an_order() {
    show!("export_trade", excerpt("kt10000"));
}

#[test]
fn the_token() {
    show!("export_token", excerpt("au10001"));
}

#[test]
fn a_topic_and_a_question() {
    let operation = |id: &str| ASYNCAPI["operations"][id].clone();
    let schema = |name: &str| ASYNCAPI["components"]["schemas"][name].clone();
    let message = |name: &str| ASYNCAPI["components"]["messages"][name].clone();
    let out = serde_json::json!({
        "servers": ASYNCAPI["servers"],
        "operations": [operation("domestic_register"), operation("domestic_condition_list"), operation("domestic_etf_nav")],
        "messages": [message("DomesticRegister"), message("UsRegister"), message("DomesticEtfNavPush")],
        "schemas": [schema("DomesticConditionList"), schema("DomesticConditionListReply"), schema("DomesticEtfNav")],
    });
    show!("export_socket", serde_json::to_string_pretty(&out).expect("JSON"));
}

#[test]
fn every_rest_api_is_one_operation() {
    let operations = operations();
    assert_eq!(operations.len(), rest().len());
    assert!(rest().len() >= 306, "{}", rest().len());
    let mut ids = BTreeSet::new();
    for menu in &MODEL.menus {
        for api in menu.apis.iter().filter(|a| a.protocol == Protocol::Rest) {
            let operation = operations[api.id.as_str()];
            assert_eq!(operation["operationId"], format!("{}_{}", menu.market, api.method), "{}", api.id);
            assert!(ids.insert(operation["operationId"].as_str()), "{}", api.id);
            assert_eq!(operation["tags"], serde_json::json!([menu.feature()]), "{}", api.id);
            let korean = operation["description"].as_str().is_some_and(|d| d.starts_with(api.korean.trim()));
            assert!(
                korean && operation["summary"].as_str().is_some_and(|s| s.is_ascii() && !s.is_empty()),
                "{}",
                api.id
            );
            assert_eq!(operation["parameters"][0]["schema"]["default"], api.id.as_str());
            let continues = operation["parameters"].as_array().map(Vec::len) == Some(3);
            assert_eq!(continues, api.effect == Effect::Read, "{}", api.id);
            let open = operation.get("security").is_some_and(|s| s == &serde_json::json!([]));
            assert_eq!(open, api.effect == Effect::Auth, "{}: only tokens are asked for without one", api.id);
            let headers = operation["responses"]["200"].get("headers").is_some();
            assert_eq!(headers, api.effect != Effect::Auth, "{}", api.id);
            for status in ["200", "429", "default"] {
                assert!(operation["responses"].get(status).is_some(), "{} {status}", api.id);
            }
        }
    }
    let tags: BTreeSet<&str> = OPENAPI["tags"].as_array().unwrap().iter().filter_map(|t| t["name"].as_str()).collect();
    let used: BTreeSet<&str> = operations.values().filter_map(|o| o["tags"][0].as_str()).collect();
    assert_eq!(tags, used);
    let hosts: Vec<&str> = OPENAPI["servers"].as_array().unwrap().iter().filter_map(|s| s["url"].as_str()).collect();
    assert_eq!(hosts, ["https://api.kiwoom.com", "https://mockapi.kiwoom.com"]);
}

/// Each field of a struct, its key on the wire, and the schema that stands for it.
fn check_fields(
    id: &str,
    record: &Struct,
    api: &Api,
    schema: &'static Value,
    document: &'static Value,
    request: Option<&Request>,
) {
    let properties = schema["properties"].as_object().unwrap_or_else(|| panic!("{id} {}", record.name));
    for (index, field) in record.fields.iter().enumerate() {
        let place = format!("{id} {}.{}", record.name, field.key);
        let property = properties.get(&field.key).unwrap_or_else(|| panic!("{place} is not there"));
        for alias in &field.aliases {
            assert_eq!(properties[alias]["x-alias-of"], field.key.as_str(), "{place}");
        }
        if !field.korean.trim().is_empty() {
            assert_eq!(property["x-korean-name"], field.korean.trim(), "{place}");
        }
        let inner = |name: &str| api.nested.iter().find(|s| s.name == name).expect("a nested record");
        match &field.kind {
            Kind::List(row) => check_fields(id, inner(row), api, at(document, &property["items"]), document, None),
            Kind::Object(row) => check_fields(id, inner(row), api, at(document, &property["allOf"][0]), document, None),
            Kind::Tuples(row) => {
                let positions = property["items"].get("prefixItems").unwrap_or(&property["items"]["items"]);
                assert_eq!(positions.as_array().map(Vec::len), Some(inner(row).fields.len()), "{place}");
            }
            Kind::Embedded(_) => assert_eq!(property["contentMediaType"], "application/json", "{place}"),
            Kind::Texts => assert_eq!(property["type"], "array", "{place}"),
            scalar => {
                assert_eq!(property["type"], "string", "{place}: every value is a string");
                assert!(property["x-kind"].is_string(), "{place}");
                check_codes(&place, scalar, property, request.is_some());
                check_number(&place, scalar, property, request.is_some());
            }
        }
        let Some(request) = request else { continue };
        let needed = request.required.contains(&index) || matches!(field.kind, Kind::Const(_));
        let says = schema["required"].as_array().is_some_and(|r| r.iter().any(|k| *k == *field.key));
        assert_eq!(says, needed, "{place}: what the constructor or the encoder needs is required");
    }
}

fn check_codes(place: &str, kind: &Kind, property: &Value, request: bool) {
    let Kind::Coded(set, table) = kind else { return };
    assert_eq!(property["x-code-set"], set.as_str(), "{place}");
    let list = if request { property } else { &property["anyOf"][0] };
    let codes: Vec<&str> =
        list["enum"].as_array().unwrap_or_else(|| panic!("{place}")).iter().filter_map(Value::as_str).collect();
    for key in ["x-enum-varnames", "x-enum-descriptions", "x-enum-descriptions-ko"] {
        assert_eq!(list[key].as_array().map(Vec::len), Some(codes.len()), "{place} {key}");
    }
    let names: BTreeSet<_> = list["x-enum-varnames"].as_array().unwrap().iter().map(Value::as_str).collect();
    assert_eq!(names.len(), codes.len(), "{place}: a generator makes a constant of each");
    let variants: BTreeSet<u8> = table.iter().map(|(_, variant)| *variant).collect();
    if request {
        let meanings = codes.iter().filter(|c| !c.is_empty() || table.iter().any(|(w, _)| w.is_empty())).count();
        assert_eq!(meanings, variants.len(), "{place}: one code a meaning");
        assert!(property.get("anyOf").is_none(), "{place}: requests are closed");
    } else {
        assert!(table.iter().all(|(code, _)| codes.contains(&code.as_str())), "{place}: every spelling is read");
        assert_eq!(property["anyOf"][1]["type"], "string", "{place}: replies are open");
    }
}

fn check_number(place: &str, kind: &Kind, property: &Value, request: bool) {
    let (scale, sign) = match kind {
        Kind::Price(d) | Kind::Ratio(d) => (d.scale.cast_signed(), "direction"),
        Kind::Sided => (0, "side"),
        Kind::Count(n) | Kind::Decimal(n) | Kind::Percent(n) | Kind::Unit(_, n) if n.magnitude => {
            (n.scale, "decoration")
        }
        Kind::Count(n) | Kind::Decimal(n) | Kind::Percent(n) | Kind::Unit(_, n) => (n.scale, "value"),
        _ => return,
    };
    assert_eq!(property["x-scale"].as_i64().unwrap_or(0), i64::from(scale), "{place}");
    assert!(property.get("pattern").is_some() || property.get("anyOf").is_some(), "{place}");
    if !request {
        let says = property["x-sign"].as_str();
        assert!(says == Some(sign) || (says == Some("code") && sign == "value"), "{place} {says:?}");
    }
    if matches!(kind, Kind::Unit(..)) {
        let unit = ["x-unit", "x-units", "x-unit-by"].iter().any(|key| property.get(*key).is_some());
        assert!(unit, "{place}: a unit off base says which");
    }
}

#[test]
fn every_field_of_every_rest_api_is_there() {
    let mut fields = 0;
    for api in rest() {
        let operation = operations()[api.id.as_str()];
        let request = api.request.as_ref().expect("an HTTP API has a request");
        check_fields(&api.id, &request.body, api, request_of(operation), &OPENAPI, Some(request));
        assert_eq!(request_of(operation)["additionalProperties"], false, "{}", api.id);
        let reply = reply_of(operation);
        check_fields(&api.id, &api.reply, api, reply, &OPENAPI, None);
        for key in ["return_code", "return_msg"] {
            assert!(reply["properties"].get(key).is_some(), "{}: {key}", api.id);
        }
        fields += request.body.fields.len()
            + api.reply.fields.len()
            + api.nested.iter().map(|s| s.fields.len()).sum::<usize>();
    }
    assert!(fields > 6_000, "{fields} fields");
}

#[test]
fn every_websocket_api_is_there() {
    let sockets = apis(|p| p != Protocol::Rest);
    assert!(sockets.len() >= 31, "{}", sockets.len());
    let operations = ASYNCAPI["operations"].as_object().expect("operations");
    let of = |api: &Api| operations.iter().filter(|(_, o)| o["x-api-id"] == api.id.as_str()).collect::<Vec<_>>();
    let schema = |market: &str, record: &Struct| &ASYNCAPI["components"]["schemas"][format!("{market}{}", record.name)];
    for api in sockets {
        let found = of(api);
        assert_eq!(found.len(), 1 + usize::from(api.push.is_some()), "{}", api.id);
        let market = if found[0].0.starts_with("us_") { "Us" } else { "Domestic" };
        if let Some(request) = &api.request {
            check_fields(&api.id, &request.body, api, schema(market, &request.body), &ASYNCAPI, Some(request));
        }
        for record in std::iter::once(&api.reply).chain(&api.push) {
            check_fields(&api.id, record, api, schema(market, record), &ASYNCAPI, None);
        }
        for (name, operation) in found {
            assert!(matches!(operation["action"].as_str(), Some("send" | "receive")), "{name}");
            let message = at(&ASYNCAPI, at(&ASYNCAPI, &operation["messages"][0]));
            assert!(message["payload"].is_object(), "{name}");
        }
    }
    for market in ["domestic", "us"] {
        for name in ["login", "register", "ping", "pong", "system"] {
            assert!(operations.contains_key(&format!("{market}_{name}")), "{market} {name}");
        }
    }
    let topics = apis(|p| p == Protocol::Realtime).len();
    let listed = |name: &str| {
        let data = &ASYNCAPI["components"]["messages"][name]["payload"]["properties"]["data"];
        data["items"]["properties"]["type"]["items"]["enum"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(listed("DomesticRegister") + listed("UsRegister"), topics, "each topic can be registered");
}

#[test]
fn references_lead_somewhere_and_nothing_is_unused() {
    for document in [&*OPENAPI, &*ASYNCAPI] {
        let references: BTreeSet<String> = references(document).into_iter().collect();
        assert!(references.len() > 60);
        for reference in &references {
            at(document, &serde_json::json!({ "$ref": reference }));
        }
        for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
            assert!(references.contains(&format!("#/components/schemas/{name}")), "{name} is used by nothing");
        }
    }
}

#[test]
fn two_exports_are_the_same_bytes() {
    for export in [openapi, asyncapi] {
        let one = export(&Source::new(&COMMITTED.spec, &COMMITTED.names));
        assert_eq!(one, export(&Source::new(&COMMITTED.spec, &COMMITTED.names)));
        assert!(one.ends_with("}\n"));
    }
}
