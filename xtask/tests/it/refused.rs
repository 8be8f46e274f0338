//! Documents and targets that are refused: exit code 1, the place, the way out, and a tree that is byte for byte as before.

use crate::support;
use crate::workspace;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{Workspace, assert_state, sample};
use tempfile::TempDir;

/// A workspace, and a folder for documents beside it.
struct Refused {
    tree: Workspace,
    documents: TempDir,
    before: workspace::State,
}

impl Refused {
    fn new() -> Self {
        let tree = Workspace::of_samples();
        let before = tree.state();
        Self { tree, documents: tempfile::tempdir().expect("a folder"), before }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.documents.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// `parts` must stand in one line of stderr that begins with `error`, the place first.
    #[track_caller]
    fn refuses(&self, path: &Path, place: &str, parts: &[&str]) {
        let place = format!("{}{place}", path.display());
        for options in [&["regen"][..], &["regen", "--check"], &["regen", "--from-empty"]] {
            let words = options.iter().map(OsString::from).chain([path.into()]);
            let run = self.tree.run(words).failed(&["nothing was written"]);
            let line = run.err.lines().find(|l| l.starts_with("error[") && l.contains(&format!("]: {place}")));
            let line = line.unwrap_or_else(|| panic!("no error at {place}:\n{}", run.err));
            for part in parts {
                assert!(line.contains(part), "should say {part:?}: {line}");
            }
            assert!(line.ends_with(')'), "says no way out: {line}");
            assert_eq!(run.out, "");
            assert_state(place.as_str(), &self.tree.state(), &self.before);
        }
    }
}

/// `style1/ka10024.md` with one text instead of another.
fn changed(from: &str, to: &str) -> String {
    let text = fs::read_to_string(sample("style1/ka10024.md")).expect("a sample");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

const SHEET: &str = ":거래량갱신요청(ka10024)!";

#[test]
fn files_that_are_no_documents() {
    let t = Refused::new();
    t.refuses(&t.file("words.md", "only words\n"), ": ", &["without a table of a sheet", "give the broker's .xlsx"]);
    t.refuses(&t.file("page.xlsx", "<!DOCTYPE html><html></html>"), ": ", &["HTML", "give the broker's .xlsx"]);
    t.refuses(&t.file("archive.xlsx", support::raw_xlsx(&[("a.txt", "a")])), ": ", &["holds no workbook"]);
    t.refuses(&t.file("empty.xlsx", ""), ": ", &["an empty file", "download or export it again"]);
    t.refuses(&t.file("cp949.md", b"# t\n\xB0\xA1\n"), ": ", &["not UTF-8 (line 2)", "save it as UTF-8"]);
    let book = fs::read(sample("samples.xlsx")).expect("the sample");
    t.refuses(&t.file("cut.xlsx", &book[..book.len() / 2]), ": ", &["cut off or damaged"]);
    t.refuses(&t.documents.path().join("missing.xlsx"), ": ", &["cannot be read", "check the path"]);
}

#[test]
fn folders_that_hold_workbooks_or_nothing() {
    let t = Refused::new();
    t.refuses(
        Path::new(&sample("")),
        ": ",
        &["a folder that holds workbooks", "samples.xlsx", "the older document first"],
    );
    let nothing = t.file("folder/README.txt", "nothing").parent().expect("a folder").to_owned();
    t.refuses(&nothing, ": ", &["a folder without any Markdown dump", "name a folder of .md dumps"]);
}

#[test]
fn sheets_with_a_broken_structure() {
    let t = Refused::new();
    for (name, text, cell, parts) in [
        (
            "id",
            changed("| API ID |  | ka10024 |", "| API ID |  |  |"),
            "A1",
            &["no API ID", "fill the cell next to"][..],
        ),
        (
            "path",
            changed("| API ID |  | ka10024 |", "| API ID |  | ../../x |"),
            "C6",
            &["is no API id", "such as ka10081"],
        ),
        (
            "head",
            changed(
                "| Response |  |  |  |  |  |  |\n| 구분 | Element |",
                "| Response |  |  |  |  |  |  |\n| 구분 | Name |",
            ),
            "B27",
            &["names no Element column", "구분 | Element | 한글명"],
        ),
        (
            "label",
            changed("|  | cycle_tp", "| Trailer | cycle_tp"),
            "A23",
            &["\"Trailer\" is not a known section label", "Header, Body, or nothing"],
        ),
        (
            "korean",
            changed("|  | cycle_tp", "| 꼬리 | cycle_tp"),
            "A23",
            &["\"꼬리\" is not a known section label", "Header, Body, or nothing"],
        ),
        (
            "no-head",
            changed(
                "| Response |  |  |  |  |  |  |\n| 구분 | Element | 한글명 | Type | Required | Length | Description |\n",
                "| Response |  |  |  |  |  |  |\n",
            ),
            "A27",
            &["the table has no head row", "구분 | Element | 한글명"],
        ),
        ("jump", changed("|  | - stk_cd", "|  | - - stk_cd"), "B32", &["nothing at depth 1", "one `- ` deeper"]),
        ("twice", changed("|  | - stk_nm", "|  | - stk_cd"), "B33", &["stands twice", "delete one of the rows"]),
        (
            "section",
            changed("| Response |  |  |  |  |  |  |\n", "| Resp |  |  |  |  |  |  |\n"),
            "A1",
            &["no section Response", "add the section"],
        ),
    ] {
        t.refuses(&t.file(&format!("{name}.md"), text), &format!("{SHEET}{cell}"), parts);
    }
}

#[test]
fn a_head_row_that_is_missing() {
    let t = Refused::new();
    let mut sheet = support::sample_sheet();
    let response = sheet.rows.iter().position(|r| r.cell(0) == Some("Response")).expect("the section");
    let cell = format!("A{}", sheet.rows[response + 2].number);
    sheet.rows.remove(response + 1);
    let path = t.file("book.xlsx", support::write_xlsx(&[sheet]));
    t.refuses(&path, &format!(":견본 조회(zz00001)!{cell}"), &["the table has no head row", "구분 | Element | 한글명"]);
}

#[test]
fn two_sheets_with_one_id() {
    let t = Refused::new();
    let text = fs::read_to_string(sample("style1/ka10024.md")).expect("a sample");
    let first = t.file("both/1.md", &text);
    let second = t.file("both/2.md", text.replacen("거래량갱신요청(ka10024)", "사본", 1));
    let words = ["regen".into(), first.parent().expect("a folder").as_os_str().to_owned()];
    let run = t.tree.run(words).failed(&["keep one of the two sheets", "nothing was written"]);
    let want =
        format!("{}:사본!C6: ka10024 is described twice, first at {}{SHEET}C6", second.display(), first.display());
    assert!(run.err.contains(&want), "{}", run.err);
    assert_state("two sheets", &t.tree.state(), &t.before);
}

#[test]
fn workbooks_that_want_too_much() {
    let t = Refused::new();
    let one = |cell: &str| format!("<row r=\"3\"><c r=\"{cell}\" t=\"s\"><v>0</v></c></row>");
    let huge = format!("<si><t>{}</t></si>", "가".repeat(350_000));
    t.refuses(&t.file("huge.xlsx", support::minimal_xlsx(&one("B3"), &huge)), ":견본!B3", &["KiB of text in one cell"]);
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"s\"><v>0</v></c></row>";
    let far = support::minimal_xlsx(far, "<si><t>a</t></si>");
    t.refuses(&t.file("far.xlsx", far), ":견본!XFD1048576", &["beyond", "delete this cell"]);
    let index = support::minimal_xlsx(&one("B3").replace("<v>0", "<v>7"), "<si><t>a</t></si>");
    t.refuses(&t.file("index.xlsx", index), ":견본", &["shared strings"]);
    let mut bomb = support::minimal_parts(&one("B3"), "<si><t>a</t></si>");
    bomb.push(("xl/styles.xml", " ".repeat(5 << 20)));
    let bomb = support::raw_xlsx(&bomb);
    assert!(bomb.len() < 20 << 10);
    t.refuses(
        &t.file("bomb.xlsx", bomb),
        " (xl/styles.xml): ",
        &["inflates to more than", "give the broker's own workbook"],
    );
}

#[test]
fn tables_and_json_that_are_damaged_or_hostile() {
    let t = Refused::new();
    let sheets = support::sample_sheets();
    let form = support::Csv { separator: ',', end: "\n", header: support::Header::RowOneIndex, blank: "" };
    let sheet = sheets.last().expect("a sheet");
    let (csv, html) = (support::write_csv(sheet, form), support::write_html(&sheets, support::Html::Page));
    let json = support::write_json(&sheets, support::Keys::Columns);
    let cut = |text: &str| {
        let mut end = text.len() * 2 / 3;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    };
    // Cut inside of a quoted cell.
    let open = csv.rfind("\"{").or(csv.rfind('"')).expect("a quoted cell") + 1;
    t.refuses(&t.file("cut.csv", &csv[..open]), ":cut (line ", &["never ends", "export the sheet again"]);
    let wide = format!("API ID,,x\n구분,Element,a\n{}1\n", ",a".repeat(80));
    t.refuses(&t.file("wide.csv", wide), ":wide (line 3)", &["more columns than any sheet"]);
    let huge = format!("API ID,,x\n구분,Element,{}\n", "가".repeat(400_000));
    t.refuses(&t.file("huge.csv", huge), ":huge (line 2)", &["KiB of text"]);
    t.refuses(&t.file("cut.html", cut(&html)), ":", &["never ends", "save the page again"]);
    let deep = format!("<p>{}", "<table><tr><td>".repeat(40));
    t.refuses(&t.file("deep.html", deep), ":deep", &["deep inside each other"]);
    t.refuses(&t.file("cut.json", cut(&json)), ":line ", &["JSON"]);
    let nested = format!("{{\"apis\": {}", "[".repeat(100_000));
    t.refuses(&t.file("nested.json", nested), ":line 1", &["recursion"]);
    let list = "{\"apis\": {\"a(zz1)\": {\"meta\": {\"API ID\": []}}}}";
    t.refuses(&t.file("list.json", list), ":a(zz1): ", &["API ID"]);
    let none = "{\"apis\": {}}";
    t.refuses(&t.file("none.json", none), ": ", &["no sheet of this document describes an API"]);
    // The same tables, whole, are taken.
    let words = ["regen".into(), t.file("good.csv", csv).into_os_string()];
    t.tree.run(words).succeeded();
}

#[test]
fn one_bad_document_spoils_the_run_and_all_are_named() {
    let t = Refused::new();
    let good = t.file("good.md", changed("거래량갱신 | LIST | N", "거래량갱신 | LIST | Y"));
    let jump = t.file("jump.md", changed("|  | - stk_cd", "|  | - - stk_cd"));
    let (empty, missing) = (t.file("empty.md", ""), t.documents.path().join("missing.md"));
    let words = |paths: &[&PathBuf]| {
        ["regen".into()].into_iter().chain(paths.iter().map(|p| p.as_os_str().to_owned())).collect::<Vec<_>>()
    };
    let run = t.tree.run(words(&[&good, &jump])).failed(&["jump.md", "depth-jump"]);
    assert!(!run.err.contains("good.md"), "{}", run.err);
    assert_state("the good one first", &t.tree.state(), &t.before);
    t.tree.run(words(&[&good, &empty, &missing])).failed(&["empty.md: an empty file", "missing.md: cannot be read"]);
    assert_state("two of three", &t.tree.state(), &t.before);
    t.tree.run(words(&[&good])).succeeded();
    assert_ne!(t.tree.state(), t.before);
}

#[test]
fn targets_that_are_read_only() {
    let t = Refused::new();
    let document = t.file("new.md", changed("거래량갱신 | LIST | N", "거래량갱신 | LIST | Y"));
    for target in ["spec/apis/ka10024.json", "spec/apis", "."] {
        let path = t.tree.path(target);
        set_read_only(&path, true);
        let run = t.tree.run(["regen".as_ref(), document.as_os_str()]);
        set_read_only(&path, false);
        run.failed(&["is read-only; make it writable and run again (nothing was changed)"]);
        assert_state(target, &t.tree.state(), &t.before);
    }
    // What is up to date may be read-only.
    set_read_only(&t.tree.path("spec/apis/au10001.json"), true);
    t.tree.run(["regen".as_ref(), document.as_os_str()]).succeeded();
}

fn set_read_only(path: &Path, read_only: bool) {
    let mut rights = fs::metadata(path).expect("a target").permissions();
    rights.set_readonly(read_only);
    fs::set_permissions(path, rights).expect("rights");
}

#[test]
fn a_folder_where_a_file_is_needed() {
    let t = Refused::new();
    fs::remove_file(t.tree.path("kiwoom-api/APIS.md")).expect("the index");
    t.tree.write("kiwoom-api/APIS.md/keep", "a file of somebody");
    let before = t.tree.state();
    t.tree.run(["regen"]).failed(&["kiwoom-api/APIS.md: "]);
    assert_state("regen", &t.tree.state(), &before);
}

#[test]
fn the_journal_of_a_killed_run_is_finished_first() {
    let t = Refused::new();
    let document = t.file("jump.md", changed("|  | - stk_cd", "|  | - - stk_cd"));
    for words in [vec!["regen".into()], vec!["regen".into(), document.as_os_str().to_owned()]] {
        let finishes = words.len() == 1;
        t.tree.write("kiwoom-api/APIS.md", "the text before\n");
        t.tree.write("kiwoom-api/APIS.md.regen-new", &t.before["kiwoom-api/APIS.md"]);
        t.tree.write("kiwoom-api/src/generated/old/gone.rs", "// going");
        t.tree.write(
            ".regen-journal",
            "rename kiwoom-api/APIS.md\nrename spec/errors.json\nremove kiwoom-api/src/generated/old/gone.rs\n",
        );
        // A check changes nothing, not even this.
        let half = t.tree.state();
        t.tree.run(["regen", "--check"]).failed(&[]);
        assert_state("--check", &t.tree.state(), &half);
        let run = t.tree.run(&words);
        assert!(
            run.err.contains("note: an earlier run was stopped half-way; finished its 3 file changes first"),
            "{}",
            run.err
        );
        assert_eq!(run.code, Some(i32::from(!finishes)));
        assert_state("finished", &t.tree.state(), &t.before);
        assert!(!t.tree.path("kiwoom-api/src/generated/old").exists());
    }
    // Killed before the journal stood: staged files go, nothing else happens.
    t.tree.write("spec/apis/ka10024.json.regen-new", "{\"half\": ");
    t.tree.write(".regen-journal.regen-new", "rename spec/ap");
    let run = t.tree.run(["regen"]).succeeded();
    assert!(run.err.contains("stopped before it changed anything; removed its 2 staged files"), "{}", run.err);
    assert_state("swept", &t.tree.state(), &t.before);
}

#[test]
fn a_journal_that_no_run_wrote_is_not_played() {
    let t = Refused::new();
    for journal in [
        &b"explode kiwoom-api/APIS.md\n"[..],
        b"remove kiwoom-api/APIS.md\nremove ../outside.txt\n",
        b"rename /etc/hostname\n",
        b"remove\n",
        b"\xFF\xFE\n",
    ] {
        t.tree.write(".regen-journal", journal);
        let before = t.tree.state();
        t.tree.run(["regen"]).failed(&[".regen-journal: holds a line that no run writes; delete the file"]);
        assert_state("untouched", &t.tree.state(), &before);
    }
}
