//! Names: fields that cannot be Rust names, ids that differ by case, text that is not markup.

use crate::show;
use crate::support::{Draft, generate, items};

/// Digits first, keywords, camelCase beside snake_case, and two wire names that would be one Rust name.
#[test]
fn trap_15_odd_field_names() {
    let made = generate(&[Draft::new("zz00101")
        .named("name = \"SampleList\"\neffect = \"read\"\nctor = [\"type\"]")
        .request(&[["type", "구분", "String", "Y", ""], ["250hgst", "시세", "String", "N", ""]])
        .response(&[
            ["52wk_hgst_pric", "시세", "String", "N", ""],
            ["stexTp", "구분", "String", "N", ""],
            ["stex_tp", "구분", "String", "N", ""],
            ["type", "구분", "String", "N", ""],
            ["self", "이름", "String", "N", ""],
        ])]);
    let file = made.file("sample_list.rs");
    show!("quirk_odd_field_names", items(file, &["pub struct", "impl Record for", "impl SampleList {"]));
}

/// `0z` and `0Z` are two APIs, also where a file system or a module ignores case.
#[test]
fn trap_14_ids_that_differ_only_by_case() {
    let made = generate(&[
        Draft::new("0z")
            .named("name = \"SampleSmall\"\neffect = \"read\"")
            .response(&[["stk_nm", "이름", "String", "N", ""]]),
        Draft::new("0Z")
            .named("name = \"SampleLarge\"\neffect = \"read\"")
            .response(&[["cur_prc", "시세", "String", "N", ""]]),
    ]);
    show!("quirk_ids_that_differ_by_case", made.file("id/domestic.rs"));
    let folded: std::collections::BTreeSet<String> = made.output.files.keys().map(|p| p.to_lowercase()).collect();
    assert_eq!(folded.len(), made.output.files.len(), "two generated paths differ only by case");
    let facts = kiwoom_spec::store::render(&made.facts);
    let folded: std::collections::BTreeSet<String> = facts.keys().map(|p| p.to_lowercase()).collect();
    assert_eq!(folded.len(), facts.len(), "two committed paths differ only by case");
}

/// Brackets, angle signs, backquotes, stars and pipes are punctuation in the sheets and markup in rustdoc.
#[test]
fn punctuation_is_escaped_in_docs() {
    let made = generate(&[Draft::new("zz00102")
        .info("API 명", "견본[가]_<나>")
        .named("name = \"SampleList\"\neffect = \"read\"")
        .request(&[["stk_nm", "이름(*필수) `a|b`", "String", "Y", "1:[가]_A, 2:<나>*, 3:`다`"]])
        .response(&[["rows", "목록 [0..n]", "LIST", "N", ""], ["- stk_nm", "이름<b>", "String", "N", ""]])]);
    let file = made.file("sample_list.rs");
    show!("quirk_punctuation_in_docs", items(file, &["//!", "pub struct", "impl SampleList {"]));
}

/// No row in `apis.toml`: the id is the name, the menu is `unsorted`, and a call counts as a trade.
#[test]
fn api_without_a_name() {
    let made = generate(&[Draft::new("zz00103")
        .request(&[["stk_cd", "종목", "String", "Y", ""]])
        .response(&[["rows", "목록", "LIST", "N", ""], ["- cur_prc", "시세", "String", "N", ""]])]);
    let file = made.file("unsorted/other/zz00103.rs");
    show!("quirk_api_without_a_name", items(file, &["pub struct", "impl Endpoint for"]));
    show!("quirk_api_without_a_name_features", &made.output.features);
    assert_eq!(made.findings(), ["no-name"]);
}
