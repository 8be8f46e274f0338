//! Mutated documents: whatever the bytes, the readers answer and never panic.
#![cfg(feature = "workbook")]

use crate::support::{
    Random, minimal_parts, raw_xlsx, sample_sheet, sample_sheets, write_style1, write_style2, write_xlsx,
};
use kiwoom_spec::dump;

/// Cuts, repeats, overwrites and inserts a few pieces.
fn mutate(bytes: &[u8], random: &mut Random, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(out.len() + 1);
        let to = at + random.below((out.len() - at).min(40) + 1);
        match random.below(5) {
            0 => drop(out.drain(at..to)),
            1 => out.truncate(at.max(1)),
            2 => {
                let copy = out[at..to].to_vec();
                let place = random.below(out.len() + 1);
                out.splice(place..place, copy);
            }
            3 => out.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << random.below(8)),
            _ => drop(out.splice(at..at, pieces[random.below(pieces.len())].iter().copied())),
        }
    }
    out
}

fn read(bytes: &[u8]) {
    match dump::read_bytes("m", bytes) {
        Ok(document) => {
            for sheet in &document.sheets {
                let rising = sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number);
                assert!(
                    rising
                        && sheet.rows.iter().all(|row| row.number > 0 && row.cells.last().is_some_and(Option::is_some))
                );
            }
        }
        Err(problem) => assert!(problem.place.starts_with('m') && !problem.fix.is_empty(), "{problem}"),
    }
}

#[test]
fn dump_mutated_markdown_never_panics() {
    let pieces: [&[u8]; 12] = [
        b"|",
        b"\n",
        b"# ",
        b"## Raw Sheet Table\n",
        b"|---|---|\n",
        b"\r",
        b"\\",
        b"<br>",
        b"```\n",
        "개요".as_bytes(),
        b"\n\n",
        b"| 1 ",
    ];
    let mut random = Random::new(3);
    let texts = [write_style1(&sample_sheet()), write_style2(&sample_sheet())];
    for round in 0..4_000 {
        read(&mutate(texts[round % 2].as_bytes(), &mut random, &pieces));
    }
}

#[test]
fn dump_mutated_archives_never_panic() {
    let book = write_xlsx(&sample_sheets());
    let pieces: [&[u8]; 4] = [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", &[0xFF; 8]];
    let mut random = Random::new(4);
    for _ in 0..1_500 {
        read(&mutate(&book, &mut random, &pieces));
    }
}

/// The checksums of the archive are right here, so the mutations reach the XML.
#[test]
fn dump_mutated_workbook_parts_never_panic() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"0\"><v>1.5</v></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>b &amp; c</t></is></c></row>";
    let parts = minimal_parts(rows, "<si><t>a</t></si><si><r><t>b</t></r></si>");
    let pieces: [&[u8]; 12] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"999999999999",
        b"<!--",
        b"<![CDATA[",
        b"&#0;",
        b"ZZZZZZZZ",
        b"/",
        b" uniqueCount=\"99999999999\"",
        b"\xFF\xFE",
    ];
    let mut random = Random::new(5);
    for _ in 0..3_000 {
        let mut parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(n, c)| (*n, c.clone().into_bytes())).collect();
        let part = random.below(parts.len());
        parts[part].1 = mutate(&parts[part].1, &mut random, &pieces);
        read(&raw_xlsx(&parts));
    }
}
