//! The traps of `spec/TRAPS.md`: each has a test named after it, and those that only the whole tree shows stand here.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_codegen::ident;
use kiwoom_codegen::model::{Evidence, Field, Kind};
use kiwoom_spec::ir::{Shape, is_envelope};
use kiwoom_spec::store;

use crate::support::{Draft, generate, hand_written};
use crate::{COMMITTED, OUTPUT, apis, none, structs};

#[test]
fn every_trap_has_a_test() {
    let sources = hand_written();
    let traps = crate::evidence::ids("spec/TRAPS.md");
    assert!(traps.len() >= 25, "{traps:?}");
    let without = traps.iter().filter(|id| !sources.iter().any(|(_, text)| text.contains(&format!("fn {id}_"))));
    none(without.map(|id| format!("no test is named {id}_..")).collect());
}

/// Every field of the committed model with its API.
fn fields() -> impl Iterator<Item = (&'static str, &'static Field)> {
    apis().flat_map(|api| structs(api).flat_map(|s| &s.fields).map(|f| (api.id.as_str(), f)))
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Count(_) | Kind::Decimal(_) | Kind::Percent(_) | Kind::Price(_) | Kind::Unit(..))
}

/// Six examples have their values under other keys: no type rests on them.
#[test]
fn trap_06_shifted_examples_decide_no_type() {
    // four that looked shifted are true: their labels lie, or a code means nothing
    for id in ["ka10018", "ka10053", "ka20004", "ka30001", "ka30005"] {
        let api = apis().find(|a| a.id == id).expect("a committed API");
        none(by_example(api));
    }
    for id in ["ka10001"] {
        let mut believed = Vec::new();
        for block in &COMMITTED.spec.apis[id].response.blocks {
            for field in &block.fields {
                field.walk("response", &mut |path, f| {
                    believed.extend(
                        f.seen
                            .iter()
                            .filter(|s| !matches!(s, Shape::Objects | Shape::Object))
                            .map(|s| format!("{id} {path} {s:?}")),
                    );
                });
            }
        }
        none(believed);
        let api = apis().find(|a| a.id == id).expect("a committed API");
        none(by_example(api));
    }
}

/// Fields whose kind rests on nothing but an example.
fn by_example(api: &kiwoom_codegen::model::Api) -> Vec<String> {
    let fields = structs(api).flat_map(|s| &s.fields);
    fields.filter(|f| f.evidence == Evidence::Example).map(|f| format!("{} {}", api.id, f.key)).collect()
}

/// `return_code` and `return_msg`, however they are spelt, are the envelope's: no struct has them.
#[test]
fn trap_09_the_envelope_is_no_field() {
    let requests: BTreeSet<&str> = apis().filter_map(|a| a.request.as_ref()).map(|r| r.body.name.as_str()).collect();
    let replies =
        apis().flat_map(|api| structs(api).map(move |s| (api, s))).filter(|(_, s)| !requests.contains(s.name.as_str()));
    none(
        replies
            .flat_map(|(api, s)| {
                s.fields.iter().filter(|f| is_envelope(&f.key)).map(move |f| format!("{} {}.{}", api.id, s.name, f.key))
            })
            .collect(),
    );
}

/// One element name is a whole number here and a decimal there: no name of a price or change is `i64` anywhere.
#[test]
fn trap_11_no_integer_by_name() {
    let counts: BTreeMap<&str, &str> =
        fields().filter(|(_, f)| matches!(f.kind, Kind::Count(_))).map(|(id, f)| (f.key.as_str(), id)).collect();
    for name in ["cur_prc", "open_pric", "high_pric", "low_pric", "pred_pre", "flu_rt", "base_pric"] {
        assert_eq!(counts.get(name), None, "{name} is a count");
        assert!(fields().filter(|(_, f)| f.key == name).count() > 1, "{name} stands in several APIs");
    }
}

/// What looks like a number and names something stays text: leading zeros are part of it.
#[test]
fn trap_13_identifiers_are_no_numbers() {
    let names = ["stk_cd", "ord_no", "orig_ord_no", "acctNo", "acnt_no", "inds_cd", "mmcm_cd", "stk_nm"];
    let wrong = fields().filter(|(_, f)| names.contains(&f.key.as_str()) && is_number(&f.kind));
    none(wrong.map(|(id, f)| format!("{id} {} is {}", f.key, f.kind.word())).collect());
}

/// `0g` and `0G`, `0u` and `0U`: apart as modules, as files, and where a file system ignores case.
#[test]
fn trap_14_ids_by_case_stay_apart() {
    let ids: Vec<&String> = COMMITTED.facts.apis.keys().collect();
    let folded: BTreeSet<String> = ids.iter().map(|id| id.to_lowercase()).collect();
    assert!(folded.len() < ids.len(), "the documents have ids that differ by case only");
    for (what, names) in [
        ("modules", ids.iter().map(|id| ident::id_module(id)).collect::<Vec<_>>()),
        ("fact files", ids.iter().map(|id| store::api_path(id)).collect()),
        ("generated files", OUTPUT.files.keys().cloned().collect()),
    ] {
        let mut seen = BTreeSet::new();
        none(names.iter().filter(|n| !seen.insert(n.to_lowercase())).map(|n| format!("{what}: {n} twice")).collect());
    }
}

/// Every generated name is one that Rust takes.
#[test]
fn trap_15_every_name_is_rust() {
    let mut wrong = Vec::new();
    for api in apis() {
        for name in structs(api).map(|s| s.name.as_str()).chain([api.method.as_str()]) {
            wrong.extend(syn::parse_str::<syn::Ident>(name).is_err().then(|| format!("{} {name:?}", api.id)));
        }
        for field in structs(api).flat_map(|s| &s.fields).filter(|f| !matches!(f.kind, Kind::Const(_))) {
            let bad = syn::parse_str::<syn::Ident>(&field.ident).is_err() || field.ident.to_lowercase() != field.ident;
            wrong.extend(bad.then(|| format!("{} {:?} for {:?}", api.id, field.ident, field.key)));
        }
    }
    none(wrong);
    let firsts = |test: fn(&str) -> bool| fields().filter(|(_, f)| test(&f.key)).count();
    assert!(firsts(|k| k.starts_with(|c: char| c.is_ascii_digit())) > 50, "keys that begin with a digit");
    assert!(firsts(|k| k.contains(|c: char| c.is_ascii_uppercase())) > 0, "camelCase keys");
    assert_eq!(ident::field("type"), "type_", "a keyword; only requests of topics have it, which are no structs")
}

/// Length is what the sheets get wrong most: it decides nothing, and it may change without a trace in the code.
#[test]
fn trap_19_length_decides_nothing() {
    let draft = |length| {
        Draft::new("zz00401")
            .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\"]")
            .request(&[["stk_cd", "종목", "String", "Y", ""], ["qry_tp", "구분", "String", "Y", "1:가, 22:나"]])
            .response(&[["cur_prc", "시세", "String", "N", ""], ["ord_no", "주문번호", "String", "N", ""]])
            .lengths(length)
    };
    let (short, long) = (generate(&[draft("1")]), generate(&[draft("20")]));
    assert_ne!(short.facts, long.facts, "the facts keep what the document says");
    assert!(short.output.files == long.output.files, "the code does not");
}

/// The order of sheets and rows, the names of sheets and the Required column are no identity: the same code comes out.
/// A body field may be called like a header.
#[test]
fn trap_25_identity_is_the_api_id() {
    let draft = |id| {
        Draft::new(id)
            .request(&[["stk_cd", "종목", "String", "N", ""], ["cont-yn", "구분", "String", "N", ""]])
            .response(&[
                ["cont_yn", "구분", "String", "N", ""],
                ["next_key", "이름", "String", "N", ""],
                ["cur_prc", "시세", "String", "N", ""],
            ])
            .shows(r#"{"cur_prc": "1", "next_key": "", "cont_yn": "N"}"#)
            .named(if id == "zz00402" {
                "name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\"]"
            } else {
                "name = \"SampleOther\"\neffect = \"read\""
            })
    };
    let straight = generate(&[draft("zz00402"), draft("zz00403")]);
    let turned = generate(&[
        draft("zz00403").called("다른 이름(0|1)"),
        draft("zz00402").called("견본/조회(zz00403)").shuffled(),
    ]);
    assert_eq!(straight.facts, turned.facts);
    assert!(straight.output.files == turned.output.files);
    let reply = straight.file("sample_list.rs");
    for field in ["pub cont_yn: Option<Code>", "pub next_key: String", "pub cur_prc: Option<Price>"] {
        assert!(reply.contains(field), "{field} in\n{reply}");
    }
    let request = straight.model.menus[0].apis[0].request.as_ref().expect("a request");
    assert_eq!(request.required, request.ctor, "only the constructor requires, not a column that says N everywhere");
}
