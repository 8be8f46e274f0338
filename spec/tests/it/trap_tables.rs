//! The traps of the documents' tables (`TRAPS.md`): each on a sheet of our own, and on the real
//! books where they are.
#![cfg(feature = "workbook")]

use std::collections::BTreeSet;

use crate::import_support::fixes::{committed_errata, doubts, doubts_left, fix, fixed, seen};
use crate::import_support::{api, books, both_imported, facts, field, fold, imported, keys, workbook};
use kiwoom_spec::errata;
use kiwoom_spec::ir::{Api, Field, Shape, Source, Spec};

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
    assert_eq!(doubts_left(&mended), []);

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
        (list.ruled.aliases.as_slice(), list.seen.as_slice()),
        (&["result_lsit".to_owned()][..], &[Shape::Objects][..])
    );
    assert_eq!(seen(&mended, "response.result_list.b"), [Shape::SignedInt]);
    assert_eq!(keys(&list.fields), ["a", "b", "c"]);
    assert_eq!(doubts_left(&mended), []);

    let Some(both) = both_imported() else { return };
    fn misspelt<R>(spec: &Spec<R>) -> Vec<String> {
        let has = |a: &&Api<R>| a.response.blocks.iter().any(|b| b.fields.iter().any(|f| f.key == "result_lsit"));
        spec.apis.values().filter(has).map(|a| a.id.clone()).collect()
    }
    let want = "usa20972 usa23402 usa24162 ust21131 ust21150 ust21180 ust21510 ust21610 ust21620 ust21660 ust21661";
    assert_eq!(misspelt(both).join(" "), want);
    let (mended, _) = errata::apply(both, &committed_errata());
    assert_eq!(misspelt(&mended), <[String; 0]>::default());
    for id in want.split(' ') {
        assert_eq!(field(&mended.apis[id], "response.result_list").ruled.aliases, ["result_lsit"], "{id}");
    }
}
