//! Documents that are no dumps, or broken ones: each message names the place and what to do.
#![cfg(feature = "workbook")]

mod support;

use std::fs;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use kiwoom_spec::dump;
use kiwoom_spec::problem::Level;
use support::{
    Random, minimal_parts, minimal_xlsx, raw_xlsx, sample_sheets, write_style1, write_xlsx,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Asserts that the bytes are refused, and that the message has all of `parts`.
fn refused(bytes: &[u8], parts: &[&str]) {
    let problem = dump::read_bytes("책.bin", bytes).expect_err("a document that must be refused");
    let text = problem.to_string();
    assert_eq!(problem.level, Level::Error);
    assert!(text.starts_with("책.bin"), "{text}");
    assert!(!problem.fix.is_empty(), "{text}");
    for part in parts {
        assert!(text.contains(part), "{text:?} should say {part:?}");
    }
}

fn refused_path(path: &std::path::Path, parts: &[&str]) {
    let problems = dump::read_path(path).expect_err("a path that must be refused");
    let text = problems
        .iter()
        .map(|p| p.to_string() + "\n")
        .collect::<String>();
    assert!(
        problems
            .iter()
            .all(|p| p.level == Level::Error && !p.fix.is_empty()),
        "{text}"
    );
    for part in parts {
        assert!(text.contains(part), "{text:?} should say {part:?}");
    }
}

const CELL: &str = "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c></row>";

#[test]
fn dump_other_kinds_of_files_are_named() {
    refused(b"", &["empty file", "again"]);
    refused("\u{feff}\r\n ".as_bytes(), &["empty file"]);
    refused(b"%PDF-1.7 ...", &["a PDF", ".xlsx"]);
    refused(b"  <!DOCTYPE html><html></html>", &["HTML", ".xlsx"]);
    refused(
        "\u{feff}<?xml version=\"1.0\"?>".as_bytes(),
        &["XML", ".xlsx"],
    );
    refused(&[0xFF, 0xFE, b'#', 0], &["UTF-16", "save it as UTF-8"]);
    refused(&[0xFE, 0xFF, 0, b'#'], &["UTF-16", "save it as UTF-8"]);
    refused(
        b"# t\n\xB0\xA1\n",
        &["not UTF-8 (line 2)", "save it as UTF-8"],
    );
    refused(b"\x7FELF\0\0", &["binary", ".xlsx"]);
    refused(
        "# 제목\n\n글\n".as_bytes(),
        &["without a table of a sheet", ".xlsx"],
    );
    refused(b"{\"a\": 1}", &["without a table of a sheet"]);
    refused(
        &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0],
        &["old .xls", "save it as .xlsx"],
    );
    let mut encrypted = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused(&encrypted, &["password", "remove"]);
}

#[test]
fn dump_archives_without_a_workbook_are_refused() {
    refused(
        &raw_xlsx(&[("a.txt", "a")]),
        &["holds no workbook", ".xlsx"],
    );
    refused(&raw_xlsx::<&str, &str>(&[]), &["holds no workbook"]);
    let document = [
        ("_rels/.rels", "<Relationships/>"),
        ("word/document.xml", "<document/>"),
    ];
    refused(&raw_xlsx(&document), &["holds no workbook"]);
    refused(&raw_xlsx(&[("xl/workbook.bin", "a")]), &[".xlsb"]);
}

#[test]
fn dump_missing_parts_are_named() {
    for (missing, parts) in [
        ("_rels/.rels", &["holds no workbook"][..]),
        (
            "xl/_rels/workbook.xml.rels",
            &["broken workbook", "workbook.xml.rels"],
        ),
        ("xl/workbook.xml", &["without any sheet"]),
        ("xl/sharedStrings.xml", &["책.bin:견본", "shared strings"]),
        (
            "xl/worksheets/sheet1.xml",
            &["책.bin:견본", "does not hold it"],
        ),
    ] {
        let mut kept = minimal_parts(CELL, "<si><t>a</t></si>");
        kept.retain(|(name, _)| *name != missing);
        assert_eq!(kept.len(), 4, "{missing}");
        refused(&raw_xlsx(&kept), parts);
    }
}

#[test]
fn dump_broken_sheets_name_sheet_and_cell() {
    let strings = "<si><t>a</t></si>";
    assert_eq!(
        dump::read_bytes("a", &minimal_xlsx(CELL, strings))
            .expect("a book")
            .sheets[0]
            .rows[0]
            .number,
        3
    );
    let second = |cell: &str| format!("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c>{cell}</row>");
    for (cell, parts) in [
        (
            "<c r=\"C3\" t=\"s\"><v>1</v></c>",
            &["shared strings", "after cell B3"][..],
        ),
        (
            "<c r=\"C3\" t=\"s\"><v>99999999999999999999</v></c><c r=\"B3\" t=\"s\"><v>0</v></c>",
            &["책.bin:견본"],
        ),
        (
            "<c r=\"B3\" t=\"s\"><v>0</v></c>",
            &["책.bin:견본!B3", "twice or out of order"],
        ),
        (
            "<c r=\"A2\" t=\"s\"><v>0</v></c>",
            &["책.bin:견본!A2", "twice or out of order"],
        ),
        (
            "<c r=\"BM3\" t=\"s\"><v>0</v></c>",
            &["책.bin:견본!BM3", "beyond", "delete"],
        ),
        (
            "<c r=\"A100001\" t=\"s\"><v>0</v></c>",
            &["책.bin:견본!A100001", "beyond", "delete"],
        ),
        ("<c r=\"ZZZZZZZZZZZ1\" t=\"s\"><v>0</v></c>", &["책.bin"]),
        ("<c r=\"A99999999999\" t=\"s\"><v>0</v></c>", &["책.bin"]),
        ("<c r=\"3\" t=\"s\"><v>0</v></c>", &["after cell B3"]),
        (
            "<c r=\"C3\" t=\"odd\"><v>0</v></c>",
            &["odd", "after cell B3"],
        ),
        ("<c r=\"C3\"><x/></c>", &["after cell B3"]),
        ("<c r=\"C3\" t=\"s\"><v>0", &["after cell B3"]),
        ("<c r=\"C3\" t=\"s\" t=\"s\"", &["책.bin:견본"]),
    ] {
        refused(&minimal_xlsx(&second(cell), strings), parts);
    }
    let mut parts = minimal_parts(CELL, strings);
    parts[2].1 = parts[2].1.replace(
        "</sheets>",
        "<sheet name=\"견본\" sheetId=\"2\" r:id=\"rId1\"/></sheets>",
    );
    refused(&raw_xlsx(&parts), &["책.bin:견본", "two sheets"]);
}

/// Anything that reads this as a dense range asks for 275 GB and is killed.
#[test]
fn dump_cell_in_the_last_corner_is_refused_at_once() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" t=\"s\"><v>0</v></c></row>";
    let book = minimal_xlsx(rows, "<si><t>a</t></si>");
    assert!(book.len() < 4_800);
    let start = Instant::now();
    refused(
        &book,
        &["책.bin:견본!XFD1048576", "beyond", "delete this cell"],
    );
    assert!(start.elapsed() < Duration::from_secs(2));
    let empty = rows
        .replace(" t=\"s\"><v>0</v></c></row><row", "><v></v></c></row><row")
        .replace("XFD1048576\" t=\"s\"><v>0</v>", "XFD1048576\"><v></v>");
    let sheets = dump::read_bytes("a", &minimal_xlsx(&empty, ""))
        .expect("formatting alone is no cell")
        .sheets;
    assert_eq!(sheets[0].rows, []);
}

#[test]
fn dump_huge_cells_are_refused_by_name() {
    let text = "가".repeat(350_000);
    let strings = format!("<si><t>{text}</t></si>");
    refused(
        &minimal_xlsx(CELL, &strings),
        &["책.bin:견본!B3", "KiB of text in one cell"],
    );
    let inline =
        format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>");
    refused(
        &minimal_xlsx(&inline, ""),
        &["책.bin:견본!A1", "KiB of text in one cell"],
    );
    // One string, many cells: the archive is small, the rows would not be.
    let strings = format!("<si><t>{}</t></si>", "a".repeat(200_000));
    let rows: String = (1..=400)
        .map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>0</v></c></row>"))
        .collect();
    refused(
        &minimal_xlsx(&rows, &strings),
        &["책.bin:견본!A", "more text"],
    );
}

#[test]
fn dump_zip_bombs_are_stopped_by_the_counter() {
    // 5 MiB of blanks in a small part, 17 MiB in a sheet: kilobytes in the archive.
    let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
    parts.push(("xl/styles.xml", " ".repeat(5 << 20)));
    refused(
        &raw_xlsx(&parts),
        &["xl/styles.xml", "inflates to more than 4096 KiB"],
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
        .expect("a part");
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..17 {
        zip.write_all(&megabyte).expect("its content");
    }
    let bomb = zip.finish().expect("an archive").into_inner();
    assert!(bomb.len() < 50 << 10);
    refused(&bomb, &["xl/worksheets/sheet1.xml", "a zip bomb?"]);
    let many: Vec<_> = (0..20_001).map(|n| (n.to_string(), "")).collect();
    refused(&raw_xlsx(&many), &["20001 parts"]);
}

#[test]
fn dump_sizes_written_in_an_archive_are_only_claims() {
    let part = " ".repeat(5_000);
    let honest = raw_xlsx(&[("xl/styles.xml", part.as_str())]);
    // The size of an entry stands in its local header and in the central directory.
    let mut lying = honest;
    let claim = 5_000u32.to_le_bytes();
    let places: Vec<usize> = lying
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == claim)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(places.len(), 2);
    for at in places {
        lying[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    refused(&lying, &["xl/styles.xml"]);
    // calamine reserves memory for as many strings as the part says it has.
    for claim in ["4611686018427387904", "99999999999", "1000000"] {
        let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
        parts[3].1 = parts[3]
            .1
            .replace("<sst ", &format!("<sst uniqueCount = '{claim}' "));
        refused(&raw_xlsx(&parts), &["xl/sharedstrings.xml", "claims"]);
    }
    let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
    parts[3].1 = parts[3]
        .1
        .replace("<sst ", "<sst count=\"9\" uniqueCount=\"1\" ");
    dump::read_bytes("a", &raw_xlsx(&parts)).expect("an honest count");
}

#[test]
fn dump_truncated_workbooks_are_refused_wherever_they_end() {
    let book = write_xlsx(&sample_sheets());
    let mut random = Random::new(1);
    let tenths = (0..10).map(|n| book.len() * n / 10);
    let cuts: Vec<usize> = tenths
        .chain((0..200).map(|_| random.below(book.len())))
        .chain(book.len() - 30..book.len())
        .collect();
    for cut in cuts {
        let problem = dump::read_bytes("책.xlsx", &book[..cut]).expect_err("a truncated book");
        assert!(!problem.fix.is_empty(), "{problem}");
        if cut > 4 {
            assert!(
                problem.what.contains("cut off or damaged"),
                "cut at {cut}: {problem}"
            );
        }
    }
}

#[test]
fn dump_cell_types_other_than_text_are_what_a_person_sees() {
    let cells = [
        ("A", "<v>20</v>", ""),
        ("B", "<v>20.50</v>", " t=\"n\""),
        ("C", "<v>1</v>", " t=\"b\""),
        ("D", "<v>#REF!</v>", " t=\"e\""),
        ("E", "<f>A1&amp;\"x\"</f><v> 20x\r\n</v>", " t=\"str\""),
        (
            "F",
            "<is><r><t>굵은 </t></r><r><t xml:space=\"preserve\"> 글 </t></r></is>",
            " t=\"inlineStr\"",
        ),
        ("G", "<v>2026-07-04</v>", " t=\"d\""),
    ];
    let row: String = cells
        .iter()
        .map(|(c, v, t)| format!("<c r=\"{c}1\"{t}>{v}</c>"))
        .collect();
    let book = minimal_xlsx(&format!("<row r=\"1\">{row}</row>"), "");
    let sheets = dump::read_bytes("a", &book).expect("a book").sheets;
    let got: Vec<&str> = (0..7)
        .map(|c| sheets[0].rows[0].cell(c).expect("filled"))
        .collect();
    assert_eq!(
        got,
        [
            "20",
            "20.5",
            "TRUE",
            "#REF!",
            "20x",
            "굵은 글",
            "2026-07-04"
        ]
    );
}

#[test]
fn dump_paths_that_cannot_be_read_are_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name);
    refused_path(
        &path("missing.xlsx"),
        &["missing.xlsx", "cannot be read", "check the path"],
    );
    refused_path(dir.path(), &["without any Markdown dump", "name a folder"]);
    fs::write(path("README.md"), "# only words\n").expect("a file");
    refused_path(dir.path(), &["without any Markdown dump"]);
    fs::write(path("1.md"), write_style1(&sample_sheets()[2])).expect("a file");
    assert_eq!(dump::read_path(dir.path()).expect("a dump").len(), 1);
    fs::write(path("2.md"), b"# t\n\xFF").expect("a file");
    fs::write(path("3.md"), "").expect("a file");
    refused_path(
        dir.path(),
        &[
            "2.md: text that is not UTF-8 (line 2)",
            "3.md: an empty file",
        ],
    );
    // By content: the name does not matter.
    fs::create_dir(path("sub")).expect("a folder");
    fs::write(path("sub/book.bin"), write_xlsx(&sample_sheets())).expect("a file");
    refused_path(
        dir.path(),
        &["holds workbooks: ", "book.bin", "the older document first"],
    );
    assert_eq!(
        dump::read_path(&path("sub/book.bin")).expect("a book")[0]
            .sheets
            .len(),
        3
    );
}
