//! Documents that are parts, have surprises, or look older: nothing is removed silently, nothing is reverted unasked.
#![cfg(feature = "workbook")]

use crate::import_support::{self, api, field, findings, fold, imported, keys, list, markdown, set, workbook};
use crate::support;
use kiwoom_spec::age;
use kiwoom_spec::dump::{self, Document, Sheet};
use kiwoom_spec::import::{Import, import};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::Level;

const ROWS: [&str; 2] = ["a | 첫째 | String | N | 10 | 단위: 원", "b | 둘째 | String | N | 10 | 1:가, 2:나"];

fn sample(id: &str) -> Sheet {
    api(id, &["q | 질문 | String | Y | 3 | 1:가, 2:나"], &ROWS, ["", r#"{"a":"1","b":"2"}"#])
}

fn text(text: &str) -> Document {
    dump::read_bytes("견본.md", text.as_bytes()).unwrap_or_else(|p| panic!("{p}"))
}

#[test]
fn a_lone_carriage_return_is_a_line_break_of_its_cell() {
    let mut sheet = sample("zz1");
    let at = sheet.rows.iter().position(|r| r.cell(1) == Some("b")).expect("the row");
    sheet.rows[at].cells[6] = Some("1:가@@2:나".to_owned());
    for (line_end, write) in [("\n", support::write_style2 as fn(&Sheet) -> String), ("\r\n", support::write_style2)] {
        let dump = write(&sheet).replace('\n', line_end).replace("@@", "<br>\r<br>");
        let spec = fold(&Spec::default(), [&text(&dump)]);
        let codes = &field(&spec.apis["zz1"], "response.b").says.codes;
        assert_eq!(codes.len(), 2, "{codes:?}");
    }
}

#[test]
fn every_sheet_of_a_file_is_imported_whatever_its_heading() {
    for mark in ["##", "###"] {
        let one = |id: &str| support::write_style1(&sample(id)).replacen("# ", &format!("{mark} "), 1);
        let file = text(&format!("# 모두\n\n글\n\n{}\n{}\n{}", one("zz1"), one("zz2"), one("zz3")));
        let names: Vec<&str> = file.sheets.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["견본(zz1)", "견본(zz2)", "견본(zz3)"]);
        assert_eq!(fold(&Spec::default(), [&file]).apis.len(), 3);
    }
    // The same below raw headings.
    let raw = |id: &str| support::write_style2(&sample(id)).replace("\n## ", "\n### ").replacen("# ", "## ", 1);
    let file = text(&format!("# 모두\n\n{}\n{}", raw("zz1"), raw("zz2")));
    assert_eq!(fold(&Spec::default(), [&file]).apis.len(), 2);
}

#[test]
fn a_part_never_removes() {
    let codes = |rows: &[&str]| {
        let rows: Vec<Vec<&str>> = rows.iter().map(|code| vec![*code, "말"]).collect();
        let rows: Vec<&[&str]> =
            [&["오류코드", "오류메시지"][..]].into_iter().chain(rows.iter().map(Vec::as_slice)).collect();
        support::sheet("오류", &rows)
    };
    let book = [sample("zz1"), sample("zz2")];
    let whole = workbook([list(&book), book[0].clone(), book[1].clone(), codes(&["1", "2", "3"])]);
    let old = fold(&Spec::default(), [&whole]);
    assert_eq!((old.apis.len(), old.errors.len()), (2, 3));
    for part in [
        markdown([codes(&["2"])]),
        workbook([codes(&["2"])]),
        workbook([list(&book[..1])]),
        markdown([sample("zz1"), codes(&["9"])]),
    ] {
        let spec = imported(&old, &part).spec;
        assert_eq!(spec.apis, old.apis);
        assert!(old.errors.keys().all(|code| spec.errors.contains_key(code)));
    }
}

#[test]
fn a_note_rewrites_no_error_code() {
    let codes = |rows: &[(&str, &str)]| {
        let rows: Vec<[&str; 2]> =
            [("오류코드", "오류메시지")].iter().chain(rows).map(|(code, text)| [*code, *text]).collect();
        support::sheet("오류", &rows.iter().map(<[&str; 2]>::as_slice).collect::<Vec<_>>())
    };
    let whole = codes(&[("1", "하나"), ("2", "둘"), ("3", "셋")]);
    let note = codes(&[("2", "지어낸 말"), ("9", "새 코드")]);
    let old = fold(&Spec::default(), [&markdown([sample("zz1"), whole.clone()])]);
    // Beside the whole table, in any order; alone; in a whole workbook.
    for document in [
        markdown([sample("zz1"), whole.clone(), note.clone()]),
        markdown([note.clone(), whole.clone(), sample("zz1")]),
        markdown([note.clone()]),
        workbook([note.clone(), list(&[sample("zz1")]), sample("zz1"), whole.clone()]),
    ] {
        let import = imported(&old, &document);
        assert!(old.errors.iter().all(|(code, known)| import.spec.errors.get(code) == Some(known)));
        assert_eq!(import.spec.errors.len(), 4, "the new code is added");
        let warned: Vec<&str> =
            import.problems.iter().filter(|p| p.id == "errors-differ").map(|p| p.what.as_str()).collect();
        assert_eq!(warned, ["a part of the error codes has another text for 2"]);
    }
    // A whole table that says something new is right.
    let new = codes(&[("1", "하나"), ("2", "둘째"), ("3", "셋"), ("4", "넷")]);
    let import = imported(&old, &markdown([new]));
    assert_ne!(import.spec.errors["2"], old.errors["2"]);
    assert_eq!((import.spec.errors.len(), import.problems.len()), (4, 0));
}

#[test]
fn labels_and_columns_that_nobody_knows_are_warned_about() {
    let mut sheet = sample("zz1");
    set(&mut sheet, "Format", "JSON");
    let at = sheet.rows.iter().position(|r| r.cell(0) == Some("Format")).expect("the row");
    sheet.rows[at].cells[0] = Some("호출 제한".to_owned());
    let head = sheet.rows.iter().position(|r| r.cell(0) == Some("구분")).expect("the head");
    sheet.rows[head].cells.push(Some("비고".to_owned()));
    let import = imported(&Spec::default(), &workbook([sheet.clone()]));
    let place = |row: usize, column: &str| format!("sample:견본(zz1)!{column}{}", sheet.rows[row].number);
    let (label, column) = (place(at, "A"), place(head, "H"));
    assert_eq!(findings(&import), [("unknown-label", label.as_str()), ("unknown-label", column.as_str())]);
    assert!(import.problems.iter().all(|p| p.level == Level::Warning && p.what.contains("not a known")));
    let odd = support::sheet("목록", &[&["No.", "API ID", "API 명", "상태"], &["1", "zz1", "견본 조회", "신규"]]);
    let import = import_support::imported(&Spec::default(), &workbook([odd, sample("zz1")]));
    assert!(findings(&import).contains(&("unknown-label", "sample:목록!D1")), "{:?}", findings(&import));
}

#[test]
fn an_element_takes_its_place_when_an_example_shows_it() {
    let rows = ["a | 첫째", "b | 둘째", "c | 셋째"];
    let book = |rows: &[&str], example: &str| workbook([api("zz1", &[], rows, ["", example])]);
    let books = [
        book(&rows[..2], ""),
        book(&rows, ""),
        book(&rows, r#"{"c":"3","a":"1"}"#),
        book(&rows, r#"{"b":"2","c":"3","a":"1"}"#),
    ];
    let all = fold(&Spec::default(), &books);
    assert_eq!(keys(&all.apis["zz1"].response.blocks[0].fields), ["b", "c", "a"]);
    for fewer in [&books[3..], &books[2..], &books[1..]] {
        assert_eq!(fold(&Spec::default(), fewer), all);
    }
}

/// The question that a run raises.
fn question(before: &Spec, documents: &[Document]) -> Option<String> {
    let mut spec = before.clone();
    let imports: Vec<Import> = documents
        .iter()
        .map(|d| {
            let out = import(&spec, d);
            spec = out.spec.clone();
            out
        })
        .collect();
    let steps: Vec<_> = documents.iter().zip(&imports).map(|(d, import)| import.step(&d.name)).collect();
    age::question(before, &steps).map(|p| p.to_string())
}

#[test]
fn an_older_document_is_a_question() {
    let book = |ids: &[&str]| {
        let sheets: Vec<Sheet> = ids.iter().map(|id| sample(id)).collect();
        workbook([vec![list(&sheets)], sheets].concat())
    };
    let (old, new) = (book(&["zz1", "zz2"]), book(&["zz1", "zz2", "zz3"]));
    let facts = fold(&Spec::default(), [&new]);
    let asked = question(&facts, std::slice::from_ref(&old)).expect("fewer APIs");
    assert!(asked.contains("1 APIs would go (zz3)") && asked.contains("--accept-older"), "{asked}");
    // In their order, from nothing or onto the facts, nobody need be asked.
    for run in [&[old.clone(), new.clone()][..], std::slice::from_ref(&new)] {
        assert_eq!(question(&facts, run), None);
        assert_eq!(question(&Spec::default(), run), None);
    }
    assert!(question(&Spec::default(), &[new.clone(), old]).is_some(), "the wrong order");

    // A blank cell that was filled, of one sheet.
    let mut blank = sample("zz1");
    let at = blank.rows.iter().position(|r| r.cell(1) == Some("a")).expect("the row");
    blank.rows[at].cells.truncate(6);
    let asked = question(&facts, &[markdown([blank.clone()])]).expect("a blank cell");
    assert!(asked.contains("Description 1"), "{asked}");
    // Not where the document knows more than it leaves out.
    let more = api(
        "zz1",
        &["q | 질문 | String | Y | 3 | 1:가, 2:나"],
        &["a | 첫째 | String | N | 10 |", ROWS[1], "c | 셋째", "d | 넷째"],
        ["", r#"{"a":"1"}"#],
    );
    assert_eq!(question(&facts, &[markdown([more])]), None);
    // A column that is empty in the whole document is a loss of its own.
    let mut untyped = sample("zz1");
    untyped.rows.iter_mut().filter(|r| r.cells.len() > 4 && r.cell(0) != Some("구분")).for_each(|r| r.cells[3] = None);
    assert_eq!(question(&facts, &[markdown([untyped])]), None);
}

#[test]
fn the_real_books_are_older_and_newer() {
    let Some([june, july]) = import_support::books() else { return };
    assert_eq!(question(&Spec::default(), &[june.clone(), july.clone()]), None);
    let facts = import_support::both_imported().expect("the books");
    assert_eq!(question(facts, &[june.clone(), july.clone()]), None);
    assert_eq!(question(facts, std::slice::from_ref(july)), None);
    let asked = question(facts, std::slice::from_ref(june)).expect("an older book");
    assert!(asked.contains("APIs would go"), "{asked}");
    assert_eq!(question(&import_support::fold(&Spec::default(), [june]), std::slice::from_ref(july)), None);
}
