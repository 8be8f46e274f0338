//! The traps of the documents that the importer meets (`facts/spec-census.md`, section 10): each on a sheet of our own,
//! and on the real books where they are.
#![cfg(feature = "workbook")]

mod import_support;
mod support;

use std::collections::BTreeSet;

use import_support::{
    api, books, both_imported, facts, field, findings, fold, imported, keys, list, set, value, workbook,
};
use kiwoom_spec::errata::{self, Fix};
use kiwoom_spec::ir::{Api, Field, Shape, Source, Spec};
use kiwoom_spec::lint::lint;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Level;
use kiwoom_spec::sheet::{self, Kind};
use kiwoom_spec::{example, store};

/// Facts of one API with fixes applied; none of them may fail.
fn fixed(api: &Api, fixes: &str) -> Api {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    let (mut spec, problems) = errata::apply(&spec, &errata::parse(fixes).expect("errata"));
    assert_eq!(problems, []);
    spec.apis.remove(&api.id).expect("the API")
}

/// What lint says about facts of one API: id of the finding and its words.
fn doubts(api: &Api) -> Vec<(&'static str, String)> {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    lint(&spec, &Names::default()).into_iter().map(|p| (p.id, p.what)).collect()
}

fn fix(api: &str, at: &str, op: &str, now: &str) -> String {
    format!("[[fix]]\napi = {api:?}\nat = {at:?}\nop = {op:?}\nnow = {now:?}\nwhy = \"seen\"\nseen = \"here\"\n")
}

/// The fixes that are committed.
fn committed_errata() -> Vec<Fix> {
    errata::parse(include_str!("../errata.toml")).expect("spec/errata.toml")
}

fn seen(api: &Api, path: &str) -> Vec<Shape> {
    field(api, path).seen.clone()
}

fn all_fields(spec: &Spec) -> usize {
    spec.apis.values().map(Api::field_count).sum()
}

#[test]
fn trap_01_an_empty_type_column_loses_nothing() {
    let rows = ["list | 목록 | | N", "- prc | 가격 | | N | 20 | 단위: 원", "- sub | 하위 | | N", "- - x | 값 | | N"];
    let blank = api("zz1", &[], &rows, ["", ""]);
    let alone = facts(&blank);
    assert!(field(&alone, "response.list").is_container(), "the deeper rows say it");
    assert!(field(&alone, "response.list.sub").is_container());
    let mut types = BTreeSet::new();
    alone.walk(&mut |_, f| _ = types.insert(f.ty.clone()));
    assert_eq!(types.into_iter().collect::<Vec<_>>(), [None], "a word that nobody wrote is not made up");
    // An older document had the words: they stay.
    let words = [
        "list | 목록 | LIST | N",
        "- prc | 가격 | String | N | 20 | 단위: 원",
        "- sub | 하위 | Object | N",
        "- - x | 값 | String | N",
    ];
    let old = fold(&Spec::default(), [&workbook([api("zz1", &[], &words, ["", ""])])]);
    let import = imported(&old, &workbook([blank]));
    assert_eq!((import.changes.len(), import.kept["Type"]), (0, 4));

    let (Some([_, july]), Some(both)) = (books(), both_imported()) else { return };
    let alone = imported(&Spec::default(), july);
    assert_eq!(alone.problems, []);
    let mut typed = [0; 2];
    for (n, spec) in [&alone.spec, both].into_iter().enumerate() {
        spec.apis.values().for_each(|a| a.walk(&mut |_, f| typed[n] += usize::from(f.ty.is_some())));
    }
    assert_eq!(typed, [10, 4475], "the words of the July book, and those that June adds");
    assert_eq!(all_fields(&alone.spec), all_fields(both));
    for (id, path) in [("ka10001", "response.stk_cd"), ("ka00198", "response.item_inq_rank")] {
        assert_eq!(field(&alone.spec.apis[id], path).ty, None);
        assert!(field(&both.apis[id], path).ty.is_some());
    }
}

#[test]
fn trap_02_two_forms_in_one_table_with_children_under_the_wrong_element() {
    let rows = [
        "= 조회 데이터",
        "trnm | 서비스명 | String",
        "data | 목록 | LIST",
        "- jmcode | 종목코드 | String",
        "= 실시간 데이터",
        "data | 목록 | List<Map>",
        "trnm | 서비스명 | String",
        "- type | 항목 | String",
        "- values | 값 | Object",
        "- - 9001 | 종목코드 | String",
    ];
    let answer = "#조회\n{'trnm':'CNSRREQ','data':[{'jmcode':'A000001'}]}\n#실시간\n{'trnm':'REAL','data':[{'type':'02','item':'000001','values':{'9001':'000001'}}]}";
    let made = facts(&api("zz1", &[], &rows, ["", answer]));
    let titles: Vec<_> = made.response.blocks.iter().map(|b| b.title.as_deref()).collect();
    assert_eq!(titles, [Some("조회 데이터"), Some("실시간 데이터")]);
    let [ask, push] = &made.response.blocks[..] else { panic!("two forms") };
    assert_eq!(keys(&ask.fields), ["trnm", "data"]);
    assert_eq!(keys(&ask.fields[1].fields), ["jmcode"]);
    let of = |fields: &'static str| move |f: &&Field| f.key == fields;
    let data = push.fields.iter().find(of("data")).expect("data");
    assert_eq!(keys(&data.fields), ["type", "item", "values"], "the rows below trnm belong to data");
    assert_eq!(data.fields[1].source, Source::Example, "item stands in no row");
    assert_eq!(keys(&data.fields[2].fields), ["9001"]);
    assert!(push.fields.iter().find(of("trnm")).expect("trnm").fields.is_empty());
    // Typeless, as in July: the one element that could contain them still can.
    let blank: Vec<String> = rows.iter().map(|r| r.split(" | ").take(2).collect::<Vec<_>>().join(" | ")).collect();
    let blank: Vec<&str> = blank.iter().map(String::as_str).collect();
    let again = facts(&api("zz1", &[], &blank, ["", answer]));
    assert_eq!(keys(&again.response.blocks[1].fields), keys(&push.fields));

    let Some(both) = both_imported() else { return };
    let real = &both.apis["ka10173"].response.blocks;
    assert_eq!(
        real.iter().map(|b| b.title.as_deref()).collect::<Vec<_>>(),
        [Some("조회 데이터"), Some("실시간 데이터")]
    );
    let data = real[1].fields.iter().find(of("data")).expect("data");
    let mut of_data = keys(&data.fields);
    of_data.sort_unstable();
    assert_eq!(of_data, ["item", "name", "type", "values"]);
    let values = data.fields.iter().find(of("values")).expect("values");
    assert_eq!(keys(&values.fields), ["841", "9001", "843", "20", "907"]);
}

#[test]
fn trap_03_a_flattened_realtime_request_is_put_together_again() {
    let rows = ["trnm | 서비스명", "data | 목록", "- item | 요소", "- type | 항목"];
    let flat = r#"{"trnm":"REG","data":null,"- item":"000001","- type":"0B"}"#;
    let whole = r#"{"trnm":"REG","data":[{"item":["000001"],"type":["0B"]}]}"#;
    let made = facts(&api("zz1", &rows, &[], [flat, ""]));
    assert_eq!(keys(&made.request.blocks[0].fields), ["trnm", "data"]);
    assert_eq!(seen(&made, "request.data"), [Shape::Objects]);
    assert_eq!(seen(&made, "request.data.item"), [Shape::Padded]);
    assert_eq!(seen(&facts(&api("zz1", &rows, &[], [whole, ""])), "request.data.item"), [Shape::Strings]);
    let us = r#"{"trnm":"REG","data":"","- item":"[{\"jmcode\":\"AB\",\"stex_tp\":\"ND\"}]","- type":"FE"}"#;
    let made = facts(&api("zz1", &rows, &[], [us, ""]));
    assert_eq!(seen(&made, "request.data.item"), [Shape::Embedded]);
    assert_eq!(keys(&field(&made, "request.data.item").fields), ["jmcode", "stex_tp"]);

    let Some(both) = both_imported() else { return };
    let topics: Vec<&Api> = both.apis.values().filter(|a| a.menu[1] == "실시간시세").collect();
    assert_eq!(topics.len(), 23);
    for api in topics {
        let mut top = keys(&api.request.blocks[0].fields);
        top.sort_unstable();
        assert_eq!(top, ["data", "grp_no", "refresh", "trnm"], "{}", api.id);
        let mut rows = keys(&field(api, "request.data").fields);
        rows.sort_unstable();
        assert_eq!(rows, ["item", "type"], "{}", api.id);
        assert_eq!(seen(api, "request.data"), [Shape::Objects], "{}", api.id);
    }
}

#[test]
fn trap_04_values_is_an_object_whatever_its_type_says() {
    let rows = ["data | 목록 | LIST", "- values | 값 | LIST", "- - 20 | 시각", "- - 214 | 없는 값"];
    let answer = "{'trnm':'REAL','data':[{'values':{'20':'101500','8046':'x y'}}]}";
    let made = facts(&api("zz1", &[], &rows, ["", answer]));
    assert_eq!(seen(&made, "response.data.values"), [Shape::Object]);
    let values = field(&made, "response.data.values");
    assert_eq!(keys(&values.fields), ["20", "8046", "214"], "what only the example or only the table has, stays");
    let sources: Vec<_> = values.fields.iter().map(|f| f.source).collect();
    assert_eq!(sources, [Source::Table, Source::Example, Source::Table]);

    let Some(both) = both_imported() else { return };
    let mut objects = 0;
    for api in both.apis.values() {
        api.walk(&mut |path, f| {
            if path.ends_with(".values") && f.source == Source::Table {
                assert_eq!(f.seen, [Shape::Object], "{} {path}", api.id);
                objects += 1;
            }
        });
    }
    assert_eq!(objects, 24, "23 topics and the condition search");
    assert_eq!(field(&both.apis["F4"], "response.data.values.8046").source, Source::Example);
    for (id, key) in [("0G", "667"), ("0G", "669"), ("0w", "214"), ("0w", "216")] {
        assert_eq!(seen(&both.apis[id], &format!("response.data.values.{key}")), [], "{id} {key}");
    }
}

#[test]
fn trap_05_rows_that_are_arrays_get_their_order_from_an_erratum() {
    let rows = ["data | 목록 | LIST", "- name | 이름", "- seq | 번호"];
    let made = facts(&api("zz1", &[], &rows, ["", "{'data':[['0','하나'],['1','둘']]}"]));
    assert_eq!(seen(&made, "response.data"), [Shape::Arrays]);
    assert_eq!(seen(&made, "response.data.seq"), [], "a position has no key");
    assert_eq!(doubts(&made).len(), 1);
    assert_eq!(doubts(&made)[0].0, "positions");
    let mended = fixed(&made, &fix("zz1", "response.data", "order", "seq,name"));
    let data = field(&mended, "response.data");
    assert_eq!((keys(&data.fields), data.ruled.positional), (vec!["seq", "name"], true));
    assert_eq!(doubts(&mended), []);

    let Some(both) = both_imported() else { return };
    let (mended, _) = errata::apply(both, &committed_errata());
    let mut arrays = Vec::new();
    for api in mended.apis.values() {
        api.walk(&mut |path, f| {
            if f.seen.contains(&Shape::Arrays) {
                assert!(f.ruled.positional, "{} {path}", api.id);
                arrays.push((api.id.clone(), keys(&f.fields).join(",")));
            }
        });
    }
    let want = ["ka10171", "usa20280"].map(|id| (id.to_owned(), "seq,name".to_owned()));
    assert_eq!(arrays, want);
}

#[test]
fn trap_06_a_shifted_example_can_be_distrusted_as_a_whole() {
    let rows = ["prc | 가격 | String | N | 20 | 단위: 원, 부호 포함", "dt | 일자 | String | N | 8 | YYYYMMDD"];
    let made = facts(&api("zz1", &[], &rows, ["", r#"{"prc":"20260105","dt":"-100","more":"1"}"#]));
    assert_eq!(seen(&made, "response.prc"), [Shape::Date]);
    assert_eq!(field(&made, "response.prc").ty.as_deref(), Some("String"), "a value never changes what a cell said");
    let mended = fixed(&made, &fix("zz1", "response", "distrust-example", ""));
    assert_eq!(keys(&mended.response.blocks[0].fields), ["prc", "dt"]);
    assert_eq!((seen(&mended, "response.prc"), seen(&mended, "response.dt")), (vec![], vec![]));
    assert_eq!(field(&mended, "response.prc").says, field(&made, "response.prc").says);

    let Some(both) = both_imported() else { return };
    let (mended, _) = errata::apply(both, &committed_errata());
    let mut left = BTreeSet::new();
    mended.apis["ka10001"].walk(&mut |path, f| {
        if path.starts_with("response") {
            left.extend(f.seen.iter().copied());
            assert_eq!(f.source, Source::Table);
        }
    });
    assert_eq!(left, BTreeSet::new());
}

#[test]
fn trap_07_the_example_of_another_api_never_replaces_the_table() {
    let rows = ["upper | 상위 | LIST", "- stk_cd | 종목코드", "- rank | 순위"];
    let made = facts(&api("zz1", &[], &rows, ["", r#"{"other":[{"cntr_tm":"101500","basis":"0.10"}]}"#]));
    assert_eq!(keys(&field(&made, "response.upper").fields), ["rank", "stk_cd"]);
    assert_eq!(field(&made, "response.other").source, Source::Example);
    let [(id, what)] = &doubts(&made)[..] else { panic!("{:?}", doubts(&made)) };
    assert_eq!(*id, "example-list");
    assert!(what.contains("belongs to another API"), "{what}");
    let mended = fixed(&made, &fix("zz1", "response", "distrust-example", ""));
    assert_eq!(keys(&mended.response.blocks[0].fields), ["upper"]);
    assert_eq!(doubts(&mended), []);

    let Some(both) = both_imported() else { return };
    let (mended, _) = errata::apply(both, &committed_errata());
    for (id, own, foreign) in
        [("ka90003", "prm_netprps_upper_50", "prm_trde_trnsn"), ("ka20005", "inds_min_pole_qry", "inds_dt_pole_qry")]
    {
        let before = keys(&both.apis[id].response.blocks[0].fields);
        assert!(before.contains(&own) && before.contains(&foreign), "{id}: {before:?}");
        let after = keys(&mended.apis[id].response.blocks[0].fields);
        assert!(after.contains(&own) && !after.contains(&foreign), "{id}: {after:?}");
    }
}

#[test]
fn trap_08_a_misspelt_list_becomes_one_field_with_both_spellings() {
    let rows = ["result_list | 결과 | LIST", "- a | 값 | String", "- b | 값 | String"];
    let made = facts(&api("zz1", &[], &rows, ["", r#"{"result_lsit":[{"a":"1","b":"-2","c":"3"}]}"#]));
    assert_eq!(field(&made, "response.result_lsit").source, Source::Example);
    let [(id, what)] = &doubts(&made)[..] else { panic!("{:?}", doubts(&made)) };
    assert_eq!(*id, "example-list");
    assert!(what.contains(r#"spells the list "result_list" as "result_lsit""#), "{what}");
    let mended = fixed(&made, &fix("zz1", "response.result_list", "alias", "result_lsit"));
    assert_eq!(keys(&mended.response.blocks[0].fields), ["result_list"]);
    let list = field(&mended, "response.result_list");
    assert_eq!(
        (list.aliases.as_slice(), list.seen.as_slice()),
        (&["result_lsit".to_owned()][..], &[Shape::Objects][..])
    );
    assert_eq!(seen(&mended, "response.result_list.b"), [Shape::SignedInt]);
    assert_eq!(keys(&list.fields), ["a", "b", "c"]);
    assert_eq!(doubts(&mended), []);

    let Some(both) = both_imported() else { return };
    let misspelt = |spec: &Spec| {
        let has = |a: &&Api| a.response.blocks.iter().any(|b| b.fields.iter().any(|f| f.key == "result_lsit"));
        spec.apis.values().filter(has).map(|a| a.id.clone()).collect::<Vec<_>>()
    };
    let want = "usa20972 usa23402 usa24162 ust21131 ust21150 ust21180 ust21510 ust21610 ust21620 ust21660 ust21661";
    assert_eq!(misspelt(both).join(" "), want);
    let (mended, _) = errata::apply(both, &committed_errata());
    assert_eq!(misspelt(&mended), <[String; 0]>::default());
    for id in want.split(' ') {
        assert_eq!(field(&mended.apis[id], "response.result_list").aliases, ["result_lsit"], "{id}");
    }
}

#[test]
fn trap_09_result_code_and_message_are_never_taken_from_an_example() {
    for answer in [
        r#"{"a":"1","return_code":0,"return_msg":"ok"}"#,
        r#"{"a":"1","returnCode":0,"returnMsg":"ok"}"#,
        r#"{"trnm":"REAL","a":"1"}"#,
    ] {
        let made = facts(&api("zz1", &[], &["a | 값"], ["", answer]));
        assert_eq!(keys(&made.response.blocks[0].fields), ["a"], "{answer}");
        let alone = facts(&api("zz1", &[], &[], ["", r#"{"return_code":0,"return_msg":"ok"}"#]));
        assert_eq!(alone.response.blocks, [], "nothing but an envelope is no message form");
    }
    // Where a table has them they are facts like any other; deeper they are no envelope.
    let rows = ["return_code | 코드 | String", "a | 값"];
    let made = facts(&api("zz1", &[], &rows, ["", r#"{"return_code":0,"a":"1"}"#]));
    assert_eq!(field(&made, "response.return_code").ty.as_deref(), Some("String"));
    assert_eq!(seen(&made, "response.return_code"), [Shape::Number]);
    let made = facts(&api("zz1", &[], &["list | 목록"], ["", r#"{"list":[{"return_code":"1"}]}"#]));
    assert_eq!(keys(&field(&made, "response.list").fields), ["return_code"]);

    let Some(both) = both_imported() else { return };
    let top = |api: &Api| -> Vec<String> {
        let fields = api.response.blocks.iter().flat_map(|b| &b.fields);
        fields.map(|f| f.key.clone()).filter(|k| k.to_lowercase().starts_with("return")).collect()
    };
    let (socket, rest): (Vec<&Api>, Vec<&Api>) = both.apis.values().partition(|a| a.real.starts_with("wss"));
    assert_eq!((socket.len(), rest.len()), (31, 306));
    assert!(rest.iter().all(|a| top(a).is_empty()));
    let coded: Vec<&str> =
        socket.iter().filter(|a| !top(a).contains(&"return_code".to_owned())).map(|a| a.id.as_str()).collect();
    assert_eq!(coded, ["0I"], "its table begins with the message");
}

#[test]
fn trap_14_ids_that_differ_only_by_case_never_meet() {
    let ids = ["0g", "0G", "0u", "0U", "00", "1h"];
    let spec = fold(&Spec::default(), [&workbook(ids.map(|id| api(id, &[], &["a | 값"], ["", ""])))]);
    assert_eq!(spec.apis.len(), ids.len());
    let files = store::render(&spec);
    let folded: BTreeSet<String> = files.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), ids.len() + 1, "{folded:?}");
    assert_eq!(store::parse(&files).expect("readable"), spec);
    // A file whose name belongs to the other one is refused, not taken.
    let mut swapped = files.clone();
    let lower = swapped.remove(&store::api_path("0g")).expect("0g");
    swapped.insert(store::api_path("0G"), lower);
    let problems = store::parse(&swapped).expect_err("a file under a foreign name");
    assert_eq!(
        problems.iter().map(|p| (p.id, p.place.as_str())).collect::<Vec<_>>(),
        [("bad-facts", "spec/apis/0_G.json")]
    );

    let Some(both) = both_imported() else { return };
    let paths: BTreeSet<String> = both.apis.keys().map(|id| store::api_path(id).to_lowercase()).collect();
    assert_eq!(paths.len(), 337);
    assert_ne!(both.apis["0g"].name, both.apis["0G"].name);
    assert_ne!(both.apis["0u"].name, both.apis["0U"].name);
}

#[test]
fn trap_19_values_that_violate_the_document_are_evidence_and_no_error() {
    let rows = [
        "sig | 기호 | String | N | 1 | 1:상한가, 2:상승, 3:보합",
        "code | 코드 | String | N | 2 |",
        "nm | 이름 | String | N | 많음 |",
    ];
    let import = imported(
        &Spec::default(),
        &workbook([api("zz1", &[], &rows, ["", r#"{"sig":"60","code":"000660","nm":""}"#])]),
    );
    assert_eq!(import.problems, []);
    let made = &import.spec.apis["zz1"];
    let sig = field(made, "response.sig");
    let codes: Vec<&str> = sig.says.codes.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(
        (codes, sig.seen.as_slice()),
        (vec!["1", "2", "3"], &[Shape::Int][..]),
        "an unlisted value adds no code"
    );
    assert_eq!(field(made, "response.code").length.as_deref(), Some("2"), "the word of the cell, however wrong");
    assert_eq!(field(made, "response.nm").length.as_deref(), Some("많음"));
    let mended = fixed(made, &(fix("zz1", "response.code", "length", "6") + "was = \"2\"\n"));
    assert_eq!(field(&mended, "response.code").length.as_deref(), Some("6"));

    let Some(both) = both_imported() else { return };
    let sig = field(&both.apis["ka10018"], "response.high_low_pric_alacc.pred_pre_sig");
    assert_eq!(sig.says.codes.len(), 5);
}

#[test]
fn trap_20_examples_that_are_no_json_lose_no_evidence() {
    let rows = ["a | 값", "list | 목록", "- b | 값"];
    let want = facts(&api("zz1", &[], &rows, ["", r#"{"a":"x\ny","list":[{"b":"-1"},{"b":"0.5"}]}"#]));
    for answer in [
        r#"{"a":"x\ny","list":[{"b":"-1"},{"b":"0.5"},],}"#,
        r#"{"a":"x\ny" "list":[{"b":"-1"} {"b":"0.5"}]}"#,
        r#"{'a':'x\ny','list':[{'b':'-1'},{'b':'0.5'}]}"#,
        r#"{"a":"x\ny", list: [{"b":"-1"},{"b":"0.5"}]}"#,
        "{\"a\":\"x\ny\",\"list\":[{\"b\":\"-1\"},{\"b\":\"0.5\"}]}",
        "#응답\n{'a':'x y','list':[{'b':'-1'}]}\n\n# 둘째\n{'a':'y x','list':[{'b':'0.5'}]}",
    ] {
        let mut got = facts(&api("zz1", &[], &rows, ["", answer]));
        assert_ne!(got.response.example, None);
        got.response.example.clone_from(&want.response.example);
        assert_eq!(got, want, "{answer}");
    }

    let Some([_, july]) = books() else { return };
    let mut strict = [0; 2];
    let mut lenient = [0; 2];
    for sheet in &july.sheets {
        let Ok(Kind::Api(api)) = sheet::read(sheet) else { continue };
        for (way, side) in [&api.request, &api.response].into_iter().enumerate() {
            let (text, place) = side.example.as_ref().expect("an example");
            strict[way] += usize::from(serde_json::from_str::<serde_json::Value>(text).is_ok());
            assert!(!example::read(text).unwrap_or_else(|e| panic!("{place}: {e}")).is_empty());
            lenient[way] += 1;
        }
    }
    assert_eq!((strict, lenient), ([337, 272], [337, 337]));
}

#[test]
fn trap_21_strings_that_carry_structure_keep_it_as_evidence() {
    let rows = [
        r#"stocks | 종목 | String | Y | | [{"stex_tp":"NY","stk_cd":"AA"}]"#,
        "joined | 종목 | String | Y | 20 | 여러개의 종목코드 입력시 | 로 구분",
    ];
    let asked = r#"{"stocks":"[{\"stex_tp\":\"NY\",\"stk_cd\":\"AA\"},{\"stex_tp\":\"ND\",\"stk_cd\":\"BB\"}]","joined":"000001|000002"}"#;
    let made = facts(&api("zz1", &rows, &[], [asked, ""]));
    let stocks = field(&made, "request.stocks");
    assert_eq!((stocks.ty.as_deref(), stocks.seen.as_slice()), (Some("String"), &[Shape::Embedded][..]));
    let inner: Vec<_> = stocks.fields.iter().map(|f| (f.key.as_str(), f.source, f.seen.as_slice())).collect();
    let code = &[Shape::Code][..];
    assert_eq!(inner, [("stex_tp", Source::Example, code), ("stk_cd", Source::Example, code)]);
    assert_eq!(field(&made, "request.joined").says.joined.as_deref(), Some("|"));

    let Some(both) = both_imported() else { return };
    let mut embedded = BTreeSet::new();
    for api in both.apis.values() {
        api.walk(&mut |path, f| {
            if f.seen.contains(&Shape::Embedded) {
                assert!(f.is_container(), "{} {path}", api.id);
                embedded.insert((path.to_owned(), keys(&f.fields).join(",")));
            }
        });
    }
    let want = [("request.data.item", "jmcode,stex_tp"), ("request.stk_cd", "stex_tp,stk_cd")];
    assert_eq!(embedded, want.map(|(path, inner)| (path.to_owned(), inner.to_owned())).into());
    assert_eq!(field(&both.apis["ka10095"], "request.stk_cd").says.joined.as_deref(), Some("|"));
}

#[test]
fn trap_24_text_in_cells_is_never_taken_for_structure() {
    let mut sheet =
        api("zz1", &["a | 값 | String | N | 20 | 첫 줄\n- 둘째 줄\nBody"], &["b | 값"], ["{\"a\":\"Response\"}", ""]);
    let at = sheet.rows.iter().position(|r| r.cell(0) == Some("개요")).expect("the label");
    let mut overview = sheet.rows[at].clone();
    overview.number += 1;
    overview.cells = vec![Some("- 한 줄 &#39;따옴표&#39;\n- child | 같은 줄".to_owned())];
    sheet.rows.insert(at + 1, overview);
    set(&mut sheet, "모의투자 도메인", "https://mock.example.com(KRX만 지원가능)");
    let made = facts(&sheet);
    assert_eq!(keys(&made.request.blocks[0].fields), ["a"]);
    assert_eq!(keys(&made.response.blocks[0].fields), ["b"]);
    assert!(made.overview.is_some());
    assert_eq!(
        (made.mock.as_deref(), made.mock_note.as_deref()),
        (Some("https://mock.example.com"), Some("KRX만 지원가능"))
    );
    // Line ends, padding and the way a dump writes them are no change.
    for text in [support::write_style1(&sheet), support::write_style2(&sheet)] {
        let read = kiwoom_spec::dump::read_bytes("dump.md", text.as_bytes()).expect("a dump");
        assert_eq!(facts(&read.sheets[0]), made);
    }
    let mut padded = sheet.clone();
    for cell in padded.rows.iter_mut().flat_map(|r| &mut r.cells).flatten() {
        *cell = format!(" {}\t", cell.replace('\n', "\r\n"));
    }
    let read = kiwoom_spec::dump::read_bytes("book.xlsx", &support::write_xlsx(&[padded])).expect("a book");
    assert_eq!(facts(&read.sheets[0]), made);

    let (Some([june, july]), Some(both)) = (books(), both_imported()) else { return };
    for (book, notes) in [(june, 208), (july, 0)] {
        let spec = imported(&Spec::default(), book).spec;
        assert_eq!(spec.apis.values().filter(|a| a.mock_note.is_some()).count(), notes);
    }
    let hosts: BTreeSet<&str> = both.apis.values().filter_map(|a| a.mock.as_deref()).collect();
    assert!(hosts.iter().all(|h| !h.contains(['(', ' '])), "{hosts:?}");
}

#[test]
fn trap_25_the_id_cell_is_the_only_identity() {
    let mut first = api("zz1", &["cont_yn | 연속 | String", "next_key | 키 | String"], &["a | 값", "b | 값"], ["", ""]);
    set(&mut first, "API 명", "견본(가/나) 조회(다)");
    set(&mut first, "메뉴 위치", "국내주식 > 견본 > 견본(가/나) > 조회(다)(zz1)");
    let want = facts(&first);
    assert_eq!((want.id.as_str(), want.name.as_str()), ("zz1", "견본(가/나) 조회(다)"));
    assert_eq!(want.menu, ["국내주식", "견본"]);
    // Elements of the body stay apart from the headers of nearly the same name.
    assert_eq!(keys(&want.request.blocks[0].fields), ["cont_yn", "next_key"]);
    for name in ["zz9", "다른 이름(zz9)", "VI발동|해제(1h)", "API 리스트", ""] {
        let mut renamed = first.clone();
        renamed.name = name.to_owned();
        assert_eq!(facts(&renamed), want, "{name}");
    }
    // The list has a last row that is no API, and says the same as the sheet.
    let import = imported(&Spec::default(), &workbook([first.clone(), list(&[first.clone()])]));
    assert_eq!((findings(&import), import.complete), (vec![], true));
    // Required is a word like any other: nothing follows from it here.
    let mut flipped = first.clone();
    flipped
        .rows
        .iter_mut()
        .filter(|r| r.cell(1) == Some("cont_yn"))
        .for_each(|r| r.cells.resize(5, Some("N".to_owned())));
    assert_eq!(field(&facts(&flipped), "request.cont_yn").required.as_deref(), Some("N"));

    let Some([june, july]) = books() else { return };
    let bare = |book: &kiwoom_spec::dump::Document| {
        book.sheets.iter().filter(|s| value(s, "API ID").as_deref() == Some(s.name.as_str())).count()
    };
    assert_eq!((bare(june), bare(july)), (0, 314));
    let problems = [june, july].map(|book| imported(&Spec::default(), book).problems);
    assert!(problems.iter().flatten().all(|p| p.level < Level::Warning), "{problems:?}");
}
