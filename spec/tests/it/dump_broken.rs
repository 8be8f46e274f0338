//! Broken and oversized workbooks: each message names the place and what to do, and nothing large is allocated.
#![cfg(feature = "workbook")]

use std::io::{Cursor, Write};

use crate::support::{minimal_parts, minimal_xlsx, raw_xlsx, refused};
use kiwoom_spec::dump;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CELL: &str = "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c></row>";

#[test]
fn dump_missing_parts_are_named() {
    for (missing, parts) in [
        ("_rels/.rels", &["holds no workbook"][..]),
        ("xl/_rels/workbook.xml.rels", &["broken workbook", "workbook.xml.rels"]),
        ("xl/workbook.xml", &["without any sheet"]),
        ("xl/sharedStrings.xml", &["책.bin:견본", "shared strings"]),
        ("xl/worksheets/sheet1.xml", &["책.bin:견본", "does not hold it"]),
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
    assert_eq!(dump::read_bytes("a", &minimal_xlsx(CELL, strings)).expect("a book").sheets[0].rows[0].number, 3);
    let second = |cell: &str| format!("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c>{cell}</row>");
    for (cell, parts) in [
        ("<c r=\"C3\" t=\"s\"><v>1</v></c>", &["shared strings", "after cell B3"][..]),
        ("<c r=\"C3\" t=\"s\"><v>99999999999999999999</v></c><c r=\"B3\" t=\"s\"><v>0</v></c>", &["책.bin:견본"]),
        ("<c r=\"B3\" t=\"s\"><v>0</v></c>", &["책.bin:견본!B3", "twice or out of order"]),
        ("<c r=\"A2\" t=\"s\"><v>0</v></c>", &["책.bin:견본!A2", "twice or out of order"]),
        ("<c r=\"BM3\" t=\"s\"><v>0</v></c>", &["책.bin:견본!BM3", "beyond", "delete"]),
        ("<c r=\"A100001\" t=\"s\"><v>0</v></c>", &["책.bin:견본!A100001", "beyond", "delete"]),
        ("<c r=\"ZZZZZZZZZZZ1\" t=\"s\"><v>0</v></c>", &["책.bin"]),
        ("<c r=\"A99999999999\" t=\"s\"><v>0</v></c>", &["책.bin"]),
        ("<c r=\"3\" t=\"s\"><v>0</v></c>", &["after cell B3"]),
        ("<c r=\"C3\" t=\"odd\"><v>0</v></c>", &["odd", "after cell B3"]),
        ("<c r=\"C3\"><x/></c>", &["after cell B3"]),
        ("<c r=\"C3\" t=\"s\"><v>0", &["after cell B3"]),
        ("<c r=\"C3\" t=\"s\" t=\"s\"", &["책.bin:견본"]),
    ] {
        refused(&minimal_xlsx(&second(cell), strings), parts);
    }
    let mut parts = minimal_parts(CELL, strings);
    parts[2].1 = parts[2].1.replace("</sheets>", "<sheet name=\"견본\" sheetId=\"2\" r:id=\"rId1\"/></sheets>");
    refused(&raw_xlsx(&parts), &["책.bin:견본", "two sheets"]);
}

/// Anything that reads this as a dense range asks for 275 GB and is killed.
#[test]
fn dump_cell_in_the_last_corner_is_refused_at_once() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" t=\"s\"><v>0</v></c></row>";
    let book = minimal_xlsx(rows, "<si><t>a</t></si>");
    assert!(book.len() < 4_800);
    refused(&book, &["책.bin:견본!XFD1048576", "beyond", "delete this cell"]);
    let empty = rows
        .replace(" t=\"s\"><v>0</v></c></row><row", "><v></v></c></row><row")
        .replace("XFD1048576\" t=\"s\"><v>0</v>", "XFD1048576\"><v></v>");
    let sheets = dump::read_bytes("a", &minimal_xlsx(&empty, "")).expect("formatting alone is no cell").sheets;
    assert_eq!(sheets[0].rows, []);
}

#[test]
fn dump_huge_cells_are_refused_by_name() {
    let text = "가".repeat(350_000);
    let strings = format!("<si><t>{text}</t></si>");
    refused(&minimal_xlsx(CELL, &strings), &["책.bin:견본!B3", "KiB of text in one cell"]);
    let inline = format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>");
    refused(&minimal_xlsx(&inline, ""), &["책.bin:견본!A1", "KiB of text in one cell"]);
    // One string, many cells: the archive is small, the rows would not be.
    let strings = format!("<si><t>{}</t></si>", "a".repeat(200_000));
    let rows: String = (1..=400).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>0</v></c></row>")).collect();
    refused(&minimal_xlsx(&rows, &strings), &["책.bin:견본!A", "more text"]);
}

#[test]
fn dump_zip_bombs_are_stopped_by_the_counter() {
    // 5 MiB of blanks in a small part, 17 MiB in a sheet: kilobytes in the archive.
    let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
    parts.push(("xl/styles.xml", " ".repeat(5 << 20)));
    refused(&raw_xlsx(&parts), &["xl/styles.xml", "inflates to more than 4096 KiB"]);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("a part");
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
    let places: Vec<usize> = lying.windows(4).enumerate().filter(|(_, w)| *w == claim).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        lying[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    refused(&lying, &["xl/styles.xml"]);
    // calamine reserves memory for as many strings as the part says it has.
    for claim in ["4611686018427387904", "99999999999", "1000000"] {
        let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
        parts[3].1 = parts[3].1.replace("<sst ", &format!("<sst uniqueCount = '{claim}' "));
        refused(&raw_xlsx(&parts), &["xl/sharedstrings.xml", "claims"]);
    }
    let mut parts = minimal_parts(CELL, "<si><t>a</t></si>");
    parts[3].1 = parts[3].1.replace("<sst ", "<sst count=\"9\" uniqueCount=\"1\" ");
    dump::read_bytes("a", &raw_xlsx(&parts)).expect("an honest count");
}

#[test]
fn dump_cell_types_other_than_text_are_what_a_person_sees() {
    let cells = [
        ("A", "<v>20</v>", ""),
        ("B", "<v>20.50</v>", " t=\"n\""),
        ("C", "<v>1</v>", " t=\"b\""),
        ("D", "<v>#REF!</v>", " t=\"e\""),
        ("E", "<f>A1&amp;\"x\"</f><v> 20x\r\n</v>", " t=\"str\""),
        ("F", "<is><r><t>굵은 </t></r><r><t xml:space=\"preserve\"> 글 </t></r></is>", " t=\"inlineStr\""),
        ("G", "<v>2026-07-04</v>", " t=\"d\""),
    ];
    let row: String = cells.iter().map(|(c, v, t)| format!("<c r=\"{c}1\"{t}>{v}</c>")).collect();
    let book = minimal_xlsx(&format!("<row r=\"1\">{row}</row>"), "");
    let sheets = dump::read_bytes("a", &book).expect("a book").sheets;
    let got: Vec<&str> = (0..7).map(|c| sheets[0].rows[0].cell(c).expect("filled")).collect();
    assert_eq!(got, ["20", "20.5", "TRUE", "#REF!", "20x", "굵은 글", "2026-07-04"]);
}
