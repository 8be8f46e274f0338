//! Which structs there are: lists, objects, arrays of arrays, message forms, misspelt and foreign examples.

use crate::show;
use crate::support::{Draft, generate, items};

/// What a reply with one list is made of.
const REPLY_AND_ROW: [&str; 4] = [
    "pub struct SampleListReply",
    "impl Record for SampleListReply",
    "pub struct SampleListRow",
    "impl Record for SampleListRow",
];

const ROW: [&str; 5] = ["- cur_prc", "시세", "String", "N", ""];

/// The July 2026 book lost nearly every Type cell: a deeper row makes a list, everything else a value.
#[test]
fn trap_01_empty_type_column() {
    let made = generate(&[Draft::new("zz00001")
        .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"stk_cd\"]")
        .request(&[["stk_cd", "종목", "", "", ""]])
        .response(&[
            ["stk_nm", "이름", "", "", ""],
            ["rows", "목록", "", "", ""],
            ["- cur_prc", "시세", "", "", "단위: 원"],
            ["- trde_qty", "물량", "", "", "단위: 1주"],
        ])]);
    let file = made.file("sample_list.rs");
    show!(
        "quirk_empty_type_column",
        items(file, &["pub struct SampleListReply", "pub struct SampleListRow", "impl Listing for"])
    );
    assert_eq!(made.findings(), [""; 0]);
}

/// ka10173: two titled forms of one reply; the children of the push stand below `trnm`.
#[test]
fn trap_02_two_body_blocks_with_children_under_trnm() {
    let made = generate(&[Draft::new("zz00002")
        .socket()
        .named("name = \"SampleWatch\"\neffect = \"read\"\nctor = [\"seq\"]")
        .request(&[["trnm", "서비스명", "String", "Y", "ZZREQ 고정값"], ["seq", "구분", "String", "Y", ""]])
        .response_block(
            "답",
            &[
                ["return_code", "결과", "String", "N", ""],
                ["trnm", "서비스명", "String", "N", ""],
                ["seq", "구분", "String", "N", ""],
                ["data", "목록", "LIST", "N", ""],
                ["- jmcode", "종목", "String", "N", ""],
            ],
        )
        .response_block(
            "밀어주기",
            &[
                ["data", "목록", "List<Map>", "N", ""],
                ["trnm", "서비스명", "String", "N", ""],
                ["- type", "구분", "String", "N", ""],
                ["- values", "값", "Object", "N", ""],
                ["- - 841", "구분", "String", "N", ""],
                ["- - 9001", "종목", "String", "N", ""],
            ],
        )]);
    show!("quirk_two_body_blocks", items(made.file("sample_watch.rs"), &["pub struct", "impl Topic for"]));
}

/// Realtime tables call `values` a list; it is an object of numbered fields.
#[test]
fn trap_04_values_is_an_object_of_numbered_fields() {
    let made = generate(&[Draft::new("0z")
        .socket()
        .named("name = \"SampleTick\"\neffect = \"read\"")
        .request(&[
            ["trnm", "서비스명", "String", "Y", ""],
            ["grp_no", "구분", "String", "Y", ""],
            ["data", "목록", "LIST", "N", ""],
            ["- item", "종목", "String", "N", ""],
        ])
        .response(&[
            ["trnm", "서비스명", "String", "N", ""],
            ["data", "목록", "LIST", "N", ""],
            ["- item", "종목", "String", "N", ""],
            ["- values", "값", "LIST", "N", ""],
            ["- - 20", "시각", "String", "N", "HHmmss"],
            ["- - 10", "시세", "String", "N", ""],
        ])
        .shows(
            r##"#실시간
{"trnm": "REAL", "data": [{"item": "005930", "values": {"20": "090000", "10": "-700"}}]}"##,
        )]);
    let file = made.file("sample_tick.rs");
    show!("quirk_values_object", items(file, &["pub struct", "impl Record for", "impl Topic for"]));
}

/// Rows that are arrays: the erratum names the positions, whatever order the table has.
#[test]
fn trap_05_rows_that_are_arrays() {
    let made = generate(&[Draft::new("zz00003")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .response(&[
            ["data", "목록", "LIST", "N", ""],
            ["- label", "이름", "String", "N", ""],
            ["- seq", "구분", "String", "N", ""],
        ])
        .shows(r#"{"data": [["0", "하나"], ["1", "둘"]]}"#)
        .erratum(["response.data", "order", "", "seq,label"])]);
    show!("quirk_rows_that_are_arrays", items(made.file("sample_list.rs"), &REPLY_AND_ROW));
}

/// The example spells the list otherwise: both spellings fill one field, and a key of its rows that no table row has
/// becomes a field.
#[test]
fn trap_08_misspelt_list_is_an_alias() {
    let made = generate(&[Draft::new("zz00004")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .response(&[["result_list", "목록", "LIST", "N", ""], ROW])
        .shows(r#"{"result_lsit": [{"cur_prc": "-700", "trde_qty": "12"}], "return_code": 0}"#)
        .erratum(["response.result_list", "alias", "", "result_lsit"])]);
    show!("quirk_misspelt_list", items(made.file("sample_list.rs"), &REPLY_AND_ROW));
}

/// The example belongs to another API: its keys are nothing of ours.
#[test]
fn trap_07_foreign_example_is_distrusted() {
    let draft = Draft::new("zz00005")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .response(&[["own_rows", "목록", "LIST", "N", ""], ROW])
        .shows(r#"{"other_rows": [{"price": "1.5"}], "return_code": 0}"#);
    let fixed = generate(&[draft.clone().erratum(["response", "distrust-example", "", ""])]);
    let believed = generate(&[draft]);
    show!(
        "quirk_foreign_example",
        items(fixed.file("sample_list.rs"), &["pub struct SampleListReply", "pub struct SampleListRow"])
    );
    assert!(believed.file("sample_list.rs").contains("pub other_rows:"));
    let doubts: Vec<&str> = kiwoom_spec::check::lint::lint(&believed.mended, &kiwoom_spec::names::Names::default())
        .iter()
        .map(|p| p.id)
        .collect();
    assert_eq!(doubts, ["example-list"], "lint asks for the erratum");
}

/// Two lists in one reply: rows carry the name of their list, and nothing is *the* list.
#[test]
fn two_lists_in_one_reply() {
    let made = generate(&[Draft::new("zz00006").named("name = \"SampleList\"\neffect = \"read\"").response(&[
        ["buy_side", "목록", "LIST", "N", ""],
        ROW,
        ["sell_side", "목록", "LIST", "N", ""],
        ROW,
    ])]);
    let file = made.file("sample_list.rs");
    show!(
        "quirk_two_lists",
        items(
            file,
            &[
                "impl Endpoint for",
                "pub struct SampleListReply",
                "pub struct SampleListBuy",
                "pub struct SampleListSell"
            ]
        )
    );
    assert!(!file.contains("Listing"), "with two lists there is no list to walk");
    assert!(!made.api().paged);
}

/// Nothing to ask for.
#[test]
fn empty_request() {
    let made = generate(&[Draft::new("zz00007")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .response(&[["stk_nm", "이름", "String", "N", ""]])]);
    let file = made.file("sample_list.rs");
    show!(
        "quirk_empty_request",
        items(file, &["pub struct SampleList {", "impl Record for SampleList {", "impl SampleList {"])
    );
}

/// The table knows the answer only; the push stands in the example.
#[test]
fn push_that_only_the_example_shows() {
    let made = generate(&[Draft::new("zz00008")
        .socket()
        .named("name = \"SampleWatch\"\neffect = \"read\"")
        .request(&[["trnm", "서비스명", "String", "Y", "ZZREQ 고정값"]])
        .response(&[
            ["trnm", "서비스명", "String", "N", ""],
            ["data", "목록", "LIST", "N", ""],
            ["- jmcode", "종목", "String", "N", ""],
        ])
        .shows(
            r##"#답
{"trnm": "ZZREQ", "data": [{"jmcode": "A005930"}]}
#실시간
{"trnm": "REAL", "data": [{"type": "02", "values": {"841": "1", "20": "0930"}}]}"##,
        )]);
    show!("quirk_push_of_the_example", items(made.file("sample_watch.rs"), &["pub struct", "impl Topic for"]));
}
