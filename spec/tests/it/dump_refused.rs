//! Files and folders that are not dumps: each message says what they are and what to do.
#![cfg(feature = "workbook")]

use std::fs;

use crate::support::{Random, raw_xlsx, refused, sample_sheets, write_style1, write_xlsx};
use kiwoom_spec::dump;
use kiwoom_spec::problem::Level;

fn refused_path(path: &std::path::Path, parts: &[&str]) {
    let problems = dump::read_path(path).expect_err("a path that must be refused");
    let text = problems.iter().map(|p| p.to_string() + "\n").collect::<String>();
    assert!(problems.iter().all(|p| p.level == Level::Error && !p.fix.is_empty()), "{text}");
    for part in parts {
        assert!(text.contains(part), "{text:?} should say {part:?}");
    }
}

#[test]
fn dump_other_kinds_of_files_are_named() {
    refused(b"", &["empty file", "again"]);
    refused("\u{feff}\r\n ".as_bytes(), &["empty file"]);
    refused(b"%PDF-1.7 ...", &["a PDF", ".xlsx"]);
    refused(b"  <!DOCTYPE html><html></html>", &["HTML", ".xlsx"]);
    refused("\u{feff}<?xml version=\"1.0\"?>".as_bytes(), &["XML", ".xlsx"]);
    refused(&[0xFF, 0xFE, b'#', 0], &["UTF-16", "save it as UTF-8"]);
    refused(&[0xFE, 0xFF, 0, b'#'], &["UTF-16", "save it as UTF-8"]);
    refused(b"# t\n\xB0\xA1\n", &["not UTF-8 (line 2)", "save it as UTF-8"]);
    refused(b"\x7FELF\0\0", &["binary", ".xlsx"]);
    refused("# 제목\n\n글\n".as_bytes(), &["without a table of a sheet", ".xlsx"]);
    refused(b"{\"a\": 1}", &["without a table of a sheet"]);
    refused(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], &["old .xls", "save it as .xlsx"]);
    let mut encrypted = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused(&encrypted, &["password", "remove"]);
}

#[test]
fn dump_archives_without_a_workbook_are_refused() {
    refused(&raw_xlsx(&[("a.txt", "a")]), &["holds no workbook", ".xlsx"]);
    refused(&raw_xlsx::<&str, &str>(&[]), &["holds no workbook"]);
    let document = [("_rels/.rels", "<Relationships/>"), ("word/document.xml", "<document/>")];
    refused(&raw_xlsx(&document), &["holds no workbook"]);
    refused(&raw_xlsx(&[("xl/workbook.bin", "a")]), &[".xlsb"]);
}

#[test]
fn dump_truncated_workbooks_are_refused_wherever_they_end() {
    let book = write_xlsx(&sample_sheets());
    let mut random = Random::new(1);
    let tenths = (0..10).map(|n| book.len() * n / 10);
    let cuts: Vec<usize> =
        tenths.chain((0..200).map(|_| random.below(book.len()))).chain(book.len() - 30..book.len()).collect();
    for cut in cuts {
        let problem = dump::read_bytes("책.xlsx", &book[..cut]).expect_err("a truncated book");
        assert!(!problem.fix.is_empty(), "{problem}");
        if cut > 4 {
            assert!(problem.what.contains("cut off or damaged"), "cut at {cut}: {problem}");
        }
    }
}

#[test]
fn dump_paths_that_cannot_be_read_are_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name);
    refused_path(&path("missing.xlsx"), &["missing.xlsx", "cannot be read", "check the path"]);
    refused_path(dir.path(), &["without any Markdown dump", "name a folder"]);
    fs::write(path("README.md"), "# only words\n").expect("a file");
    refused_path(dir.path(), &["without any Markdown dump"]);
    fs::write(path("1.md"), write_style1(&sample_sheets()[2])).expect("a file");
    assert_eq!(dump::read_path(dir.path()).expect("a dump").len(), 1);
    fs::write(path("2.md"), b"# t\n\xFF").expect("a file");
    fs::write(path("3.md"), "").expect("a file");
    refused_path(dir.path(), &["2.md: text that is not UTF-8 (line 2)"]);
    fs::remove_file(path("2.md")).expect("a file");
    // What is no dump is left out with a note: an empty file, the lock file of a spreadsheet, a note with a heading.
    fs::write(path("~$book.xlsx"), b"\x05Admin\0\0\0").expect("a file");
    fs::write(path("notes.md"), "# Notes\n\n## Request\n\nAsk the broker.\n").expect("a file");
    fs::write(path("photo.bin"), b"\xFF\xFE\xFD").expect("a file");
    fs::write(path("bundle.zip"), raw_xlsx(&[("a.txt", "a")])).expect("a file");
    let opened = dump::open(dir.path()).expect("a folder with one dump");
    assert_eq!(opened.documents.len(), 1);
    let skipped: Vec<&str> = opened.notes.iter().map(|n| n.what.as_str()).collect();
    let want = ["an empty file", "no table of a sheet", "an archive", "no table of a sheet", "UTF-16", "binary file"];
    assert_eq!(skipped.len(), want.len(), "{skipped:?}");
    for (what, want) in skipped.iter().zip(want) {
        assert!(what.contains(want) && what.ends_with(": skipped"), "{what}");
    }
    // By content: the name does not matter.
    fs::create_dir(path("sub")).expect("a folder");
    fs::write(path("sub/book.bin"), write_xlsx(&sample_sheets())).expect("a file");
    refused_path(dir.path(), &["holds workbooks: ", "book.bin", "the older document first"]);
    assert_eq!(dump::read_path(&path("sub/book.bin")).expect("a book")[0].sheets.len(), 3);
}
