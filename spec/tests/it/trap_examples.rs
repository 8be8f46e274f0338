//! The traps of the documents' examples (`TRAPS.md`): each on a sheet of our own, and on the real
//! books where they are.
#![cfg(feature = "workbook")]

use std::collections::BTreeSet;

use crate::import_support::fixes::{committed_errata, doubts, doubts_left, fix, fixed, seen};
use crate::import_support::{api, books, both_imported, facts, field, imported, keys, workbook};
use kiwoom_spec::errata;
use kiwoom_spec::example;
use kiwoom_spec::ir::{Api, Shape, Source, Spec};
use kiwoom_spec::sheet::{self, Kind};

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
    assert_eq!(doubts_left(&mended), []);

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
