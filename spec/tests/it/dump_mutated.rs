//! Mutated documents: for any bytes, the readers return a result and never panic.
#![cfg(feature = "workbook")]

use crate::support::{
    self, Csv, Header, Html, Keys, Random, minimal_parts, raw_xlsx, sample_sheet, sample_sheets, write_style1,
    write_style2, write_xlsx,
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

/// How many mutations: as many as `KIWOOM_FUZZ` says.
fn rounds(usual: usize) -> usize {
    std::env::var("KIWOOM_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
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
    for round in 0..rounds(4_000) {
        read(&mutate(texts[round % 2].as_bytes(), &mut random, &pieces));
    }
}

#[test]
fn dump_mutated_archives_never_panic() {
    let book = write_xlsx(&sample_sheets());
    let pieces: [&[u8]; 4] = [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", &[0xFF; 8]];
    let mut random = Random::new(4);
    for _ in 0..rounds(1_500) {
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
    for _ in 0..rounds(3_000) {
        let mut parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(n, c)| (*n, c.clone().into_bytes())).collect();
        let part = random.below(parts.len());
        parts[part].1 = mutate(&parts[part].1, &mut random, &pieces);
        read(&raw_xlsx(&parts));
    }
}

#[cfg(feature = "tables")]
#[test]
fn dump_mutated_tables_never_panic() {
    let pieces: [&[u8]; 16] = [
        b"\"",
        b",",
        b";",
        b"\r\n",
        b"<td colspan=\"99999999999\">",
        b"<td rowspan=4000000000>",
        b"<table>",
        b"</table>",
        b"<tr>",
        b"<!--",
        b"<script>",
        b"&#0;",
        b"[[[[[[",
        b"{\"depth\": 1e99}",
        b"null",
        b"\xB0\xA1",
    ];
    let csv = Csv { separator: ',', end: "\n", header: Header::RowOneIndex, blank: "" };
    let texts = [
        support::write_csv(&sample_sheet(), csv),
        support::write_html(&sample_sheets(), Html::Page),
        support::write_html(&sample_sheets(), Html::Frame),
        support::write_json(&sample_sheets(), Keys::Lower),
        support::write_aligned(&sample_sheet(), Header::RowOneIndex, "nan"),
        support::write_split(&sample_sheet()),
        support::write_converted(&sample_sheet()),
        support::write_replaced(&sample_sheet(), Header::RowOne, "<br>"),
    ];
    let mut random = Random::new(6);
    for round in 0..rounds(3_000) {
        read(&mutate(texts[round % texts.len()].as_bytes(), &mut random, &pieces));
    }
}

/// What would take long or much memory is refused, or read in no time.
#[cfg(feature = "tables")]
#[test]
fn dump_hostile_tables_are_refused() {
    let row = "<tr><td>API ID</td><td>구분</td></tr>";
    let refused = |text: String, want: &str| {
        let problem = dump::read_bytes("m", text.as_bytes()).expect_err(want);
        assert!(problem.to_string().contains(want) && !problem.fix.is_empty(), "{problem}");
    };
    refused(format!("<p>{}", "<table><tr><td>".repeat(40)), "deep inside each other");
    refused(
        format!("<table>{row}<tr>{}<td>x</td></tr></table>", "<td>a</td>".repeat(80)),
        "more columns than any sheet",
    );
    refused(format!("<table>{row}{}", "<tr><td>a".repeat(400_001)), "more than");
    refused(format!("<table>{row}<tr><td>cut"), "never ends");
    refused(format!("<table>{row}<tr><td>cut<script>"), "never ends");
    let cut = format!("<table class=\"dataframe\">{row}<tr><td>{}...</td></tr></table>", "a".repeat(47));
    refused(cut, "display.max_colwidth");
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    refused(format!("<div{attributes}></div>"), "HTML");
    refused(format!("API ID,,x\n구분,Element,\"{}", "a".repeat(50)), "never ends");
    refused(format!("API ID,,x\n구분,Element,{}\n", "가".repeat(400_000)), "KiB of text");
    refused(format!("{{\"apis\": {}", "[".repeat(100_000)), "recursion");
    refused("{\"apis\": {\"a\": {\"meta\": {\"API ID\": []}}}}".to_owned(), "m:a: meta \"API ID\"");
    refused("{\"apis\": {\"a\": {\"meta\": {}, \"request\": {\"body\": [1]}}}}".to_owned(), "request: body 0");
    refused("{\"apis\": {\"a\"".to_owned(), "m:line 1");
}
