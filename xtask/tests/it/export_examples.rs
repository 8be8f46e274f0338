//! Every documented example against the exported schemas: what the broker shows must be valid, or explained.
//!
//! Needs the broker's workbooks (`KIWOOM_DUMPS`); says that it is skipped where they are absent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{Draft, Validator};
use kiwoom_codegen::export::{Source, asyncapi, openapi};
use kiwoom_spec::check::accepted::{self, Accepted};
use kiwoom_spec::errata::{self, Fix, Mended, Op};
use kiwoom_spec::names::{self, Names};
use kiwoom_spec::sheet::{self, Kind};
use kiwoom_spec::{dump, example, store};
use serde_json::{Value, json};

/// Values of examples that are outside of what their own fields document: API, key, reason.
const OUTSIDE: [(&str, &str, &str); 7] = [
    ("ka10017", "trde_qty_tp", FOUR),
    ("ka10018", "trde_qty_tp", FOUR),
    ("ka10019", "trde_qty_tp", FOUR),
    ("usa24140", "sort_tp", ZERO),
    ("usa24140", "updown_tp", ZERO),
    ("usa24141", "sort_tp", ZERO),
    ("usa24141", "updown_tp", ZERO),
];
const FOUR: &str = "the example sends four zeros, the list has five";
const ZERO: &str = "the example sends 0, the list has 1 and 2";

struct Committed {
    spec: Mended,
    names: Names,
    errata: Vec<Fix>,
    accepted: Vec<Accepted>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace").to_owned()
}

fn committed() -> Committed {
    let spec = root().join("spec");
    let read = |path: &Path| fs::read_to_string(path).expect("a committed file");
    let folder = |name: &str, prefix: &str| -> BTreeMap<String, String> {
        let files = fs::read_dir(spec.join(name)).expect("a folder").flatten().map(|e| e.path());
        files.map(|p| (format!("{prefix}{}", p.file_name().unwrap_or_default().to_string_lossy()), read(&p))).collect()
    };
    let facts = store::parse(&folder("apis", "apis/")).expect("facts");
    let errata = errata::parse(&read(&spec.join("errata.toml"))).expect("errata");
    Committed {
        spec: errata::apply(&facts, &errata).0,
        names: names::parse(&folder("names", "")).expect("names"),
        accepted: accepted::parse(&read(&spec.join("accepted.toml"))).expect("accepted"),
        errata,
    }
}

/// The newest workbook.
fn workbook() -> Option<PathBuf> {
    let dumps = std::env::var_os("KIWOOM_DUMPS").map_or_else(|| root().join("../shared/dumps"), PathBuf::from);
    let files = fs::read_dir(dumps).ok()?.flatten().map(|e| e.path());
    files.filter(|p| p.extension().is_some_and(|e| e == "xlsx")).max()
}

/// The schemas of a document, each with the ones that it refers to.
struct Schemas {
    document: Value,
    draft: Draft,
}

impl Schemas {
    fn validator(&self, schema: &Value) -> Validator {
        let mut parts = serde_json::Map::new();
        let mut wanted = references(schema);
        while let Some(name) = wanted.pop() {
            if !parts.contains_key(&name) {
                let part = self.document["components"]["schemas"][&name].clone();
                wanted.extend(references(&part));
                parts.insert(name, part);
            }
        }
        let whole = json!({ "allOf": [schema], "components": { "schemas": parts } });
        jsonschema::options().with_draft(self.draft).build(&whole).expect("a valid schema")
    }

    fn named(&self, name: &str) -> Option<&Value> {
        self.document["components"]["schemas"].get(name)
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The schemas of an API: request, reply, push.
fn schemas_of<'a>(id: &str, http: &'a Schemas, socket: &'a Schemas) -> (&'a Schemas, [Option<Value>; 3]) {
    let paths = http.document["paths"].as_object().expect("paths");
    if let Some((_, path)) = paths.iter().find(|(path, _)| path.ends_with(&format!("#{id}"))) {
        let content = |value: &Value| value["content"]["application/json"]["schema"].clone();
        let (request, reply) = (&path["post"]["requestBody"], &path["post"]["responses"]["200"]);
        return (http, [Some(content(request)), Some(content(reply)), None]);
    }
    let payload = |reference: &Value| {
        let message = reference["$ref"].as_str().and_then(|r| r.rsplit('/').next()).expect("a message");
        socket.document["components"]["messages"][message]["payload"].clone()
    };
    let operations = socket.document["operations"].as_object().expect("operations").values();
    let mut out = [None, None, None];
    for operation in operations.filter(|o| o["x-api-id"] == id) {
        if operation["action"] == "send" {
            out[0] = Some(payload(&operation["messages"][0]));
            out[1] = Some(payload(&operation["reply"]["messages"][0]));
        } else {
            out[2] = Some(payload(&operation["messages"][0]));
        }
    }
    (socket, out)
}

/// Bodies of our own, so that a schema that takes everything is found out.
#[test]
fn what_is_wrong_is_refused() {
    let Committed { spec, names, .. } = committed();
    let text = openapi(&Source::new(&spec, &names));
    let http = Schemas { document: serde_json::from_str(&text).expect("JSON"), draft: Draft::Draft202012 };
    let valid = |name: &str, body: Value| http.validator(http.named(name).expect("a schema")).is_valid(&body);
    let chart = |change: fn(&mut Value)| {
        let mut body = json!({ "stk_cd": "005930_AL", "base_dt": "20260703", "upd_stkpc_tp": "1" });
        change(&mut body);
        valid("DomesticStockDailyChart", body)
    };
    assert!(chart(|_| {}));
    assert!(!chart(|b| b["stk_cd"] = json!("KRX:005930")), "no stock code");
    assert!(!chart(|b| b["base_dt"] = json!("2026-07-03")), "another layout");
    assert!(!chart(|b| b["upd_stkpc_tp"] = json!("2")), "lists of requests are closed");
    assert!(!chart(|b| b["upd_stkpc_tp"] = json!(1)), "no text");
    assert!(!chart(|b| b["more"] = json!("1")), "nothing else is documented");
    assert!(!chart(|b| _ = b.as_object_mut().and_then(|b| b.remove("stk_cd"))), "the constructor takes it");
    let row = |value: Value| valid("DomesticStockDailyChartRow", value);
    for price in ["-42900", "+74800", " 67300", "000000012550", "--335", "20,190", ""] {
        assert!(row(json!({ "cur_prc": price })), "{price:?}");
    }
    assert!(!row(json!({ "cur_prc": "a word" })) && !row(json!({ "cur_prc": 42900 })));
    assert!(row(json!({ "pred_pre_sig": "9", "new": "x" })), "replies are open");
    let reply = |code: Value| valid("DomesticStockDailyChartReply", json!({ "return_code": code, "return_msg": "" }));
    assert!(reply(json!(0)) && reply(json!("0000")) && !reply(json!("S")));
}

#[test]
fn every_documented_example_is_valid_or_explained() {
    let Some(book) = workbook() else {
        println!("skipped: no workbook");
        return;
    };
    let Committed { spec, names, errata, accepted } = committed();
    let source = Source::new(&spec, &names);
    let parse = |text: String, draft| Schemas { document: serde_json::from_str(&text).expect("JSON"), draft };
    let (http, socket) = (parse(openapi(&source), Draft::Draft202012), parse(asyncapi(&source), Draft::Draft7));
    assert!(http.named("Refusal").is_some() && socket.named("ReturnCode").is_some());
    let opened = dump::open(&book).unwrap_or_else(|e| panic!("{e:?}"));
    let (mut counts, mut found, mut used) = ([0; 3], Vec::new(), BTreeSet::new());
    for sheet in opened.documents.iter().flat_map(|d| &d.sheets) {
        let Ok(Kind::Api(api)) = sheet::read(sheet) else { continue };
        let (schemas, [request, reply, push]) = schemas_of(&api.id, &http, &socket);
        let distrusted =
            errata.iter().any(|f| f.api == api.id && f.op == Op::DistrustExample && f.at.starts_with("response"));
        for (side, is_request) in [(&api.request, true), (&api.response, false)] {
            let examples = side.example.iter().flat_map(|(text, _)| example::read(text).unwrap_or_default());
            for shown in examples.filter(|_| is_request || !distrusted) {
                let way = if is_request { 0 } else { 1 + usize::from(shown.is_push()) };
                // the registration of a topic is the channel's, in lists where the sheets show texts
                let Some(schema) = [&request, &reply, &push][way].as_ref() else { continue };
                counts[way] += 1;
                for error in schemas.validator(schema).iter_errors(&shown.value) {
                    let at: Vec<String> = error.instance_path().to_string().split('/').map(str::to_owned).collect();
                    let at: Vec<&str> =
                        at.iter().map(String::as_str).filter(|p| !p.is_empty() && p.parse::<u32>().is_err()).collect();
                    let key = at.last().copied().unwrap_or_default();
                    let known = accepted.iter().any(|a| a.api == api.id && a.at == at.join("."));
                    if let Some(i) = OUTSIDE.iter().position(|(id, k, _)| *id == api.id && *k == key) {
                        used.insert(i);
                    } else if !known {
                        found.push(format!(
                            "{} {} {}: {error}",
                            api.id,
                            ["request", "reply", "push"][way],
                            at.join(".")
                        ));
                    }
                }
            }
        }
    }
    println!("{} requests, {} replies, {} pushes", counts[0], counts[1], counts[2]);
    assert!(counts[0] >= 306 && counts[1] >= 306 && counts[2] >= 20, "{counts:?}");
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    let stale: Vec<_> = OUTSIDE.iter().enumerate().filter(|(i, _)| !used.contains(i)).collect();
    assert!(stale.is_empty(), "explains nothing any more: {stale:?}");
}
