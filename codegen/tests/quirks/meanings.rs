//! Codes by meaning, numbered fields by name: what the curated tables add to the facts.

use crate::show;
use crate::support::{Draft, generate, items};

const EXCHANGE: &str = r#"
[[set]]
name = "Exchange"
doc = "Sample exchanges."
variants = [
    { name = "Large", ko = ["큰시장"] },
    { name = "Small", ko = ["작은시장"] },
    { name = "Old", ko = ["옛시장"] },
]
"#;

/// One meaning, opposite codes: the enum is shared, the table belongs to the field. A list that no set fits stays text
/// with its codes in the docs.
#[test]
fn trap_16_the_code_table_belongs_to_the_field() {
    let named = |name| format!("name = \"{name}\"\neffect = \"read\"\nctor = [\"stex_tp\"]");
    let made = generate(&[
        Draft::new("zz00501")
            .named(&named("SampleList"))
            .request(&[["stex_tp", "구분", "String", "Y", "1:큰시장, 2:작은시장, 3:옛시장"]])
            .response(&[["stex_tp", "구분", "String", "N", "ND:큰시장, NY:작은시장, NA:옛시장"]])
            .codes(EXCHANGE),
        Draft::new("zz00502")
            .named(&named("SampleOther"))
            .request(&[["stex_tp", "구분", "String", "Y", "1:옛시장, 2:큰시장, 3:작은시장"]])
            .response(&[["stex_tp", "구분", "String", "N", "1:새벽, 2:저녁"]]),
    ]);
    let wanted = ["pub struct", "impl Record for", "impl SampleList {"];
    show!("quirk_one_meaning", items(made.file("sample_list.rs"), &wanted));
    let wanted = ["pub struct", "impl Record for"];
    show!("quirk_opposite_codes", items(made.file("sample_other.rs"), &wanted));
    show!("quirk_shared_set", made.file("generated/codes/mod.rs"));
    show!("quirk_code_tables", made.file("generated/tables.rs"));
}

/// Fields of several APIs that have one set and the same codes refer to one table.
#[test]
fn same_codes_share_a_table() {
    let listed = [["stex_tp", "구분", "String", "Y", "1:큰시장, 2:작은시장, 3:옛시장"]];
    let draft =
        |id, name: &str| Draft::new(id).named(&format!("name = \"{name}\"\neffect = \"read\"")).request(&listed);
    let made = generate(&[draft("zz00503", "SampleList").codes(EXCHANGE), draft("zz00504", "SampleOther")]);
    let tables = made.file("generated/tables.rs");
    assert_eq!(tables.matches("static ").count(), 1, "{tables}");
    for file in ["sample_list.rs", "sample_other.rs"] {
        assert!(made.file(file).contains("Slot::Code(&mut self.stex_tp, tables::EXCHANGE)"), "{}", made.file(file));
    }
}

/// Numbered fields get their names from a table, and levels that the wire spells one by one become an array of rows.
#[test]
fn numbered_fields_and_levels() {
    let fids = r#"
[doc]
Level = "One level of the book."

[topic.0y]
20 = { name = "time", role = "clock" }
10 = { name = "price", role = "price" }

[[group]]
topic = "0y"
field = "asks"
row = "Level"
count = 2
columns = [{ name = "price", role = "price", first = 41 }, { name = "qty", role = "count", first = 61 }]
"#;
    let made = generate(&[Draft::new("0y")
        .socket()
        .named("name = \"SampleBook\"\neffect = \"read\"")
        .fids(fids)
        .request(&[["trnm", "서비스명", "String", "Y", ""], ["grp_no", "구분", "String", "Y", ""]])
        .response(&[
            ["data", "목록", "LIST", "N", ""],
            ["- values", "값", "LIST", "N", ""],
            ["- - 20", "시각", "String", "N", "HHmmss"],
            ["- - 41", "시세", "String", "N", ""],
            ["- - 61", "물량", "String", "N", ""],
            ["- - 42", "시세", "String", "N", ""],
            ["- - 62", "물량", "String", "N", ""],
            ["- - 10", "시세", "String", "N", ""],
            ["- - 999", "이름", "String", "N", ""],
        ])]);
    let wanted = ["pub struct SampleBook {", "impl Record for SampleBook {"];
    show!("quirk_numbered_fields_and_levels", items(made.file("sample_book.rs"), &wanted));
    show!("quirk_levels", made.file("generated/parts.rs"));
}
