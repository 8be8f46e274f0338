//! Text-level traps of Markdown dumps (trap 24), shown on sample sheets.

use crate::support::{Random, sample_sheet, sample_sheets, sheet, write_style1, write_style2};
use kiwoom_spec::dump::{self, Row, Sheet};
use kiwoom_spec::sheet::{self, Kind};

fn read(text: &str) -> Vec<Sheet> {
    dump::read_bytes("견본.md", text.as_bytes()).unwrap_or_else(|problem| panic!("{problem}\n{text}")).sheets
}

fn rows(text: &str) -> Vec<Row> {
    let mut sheets = read(text);
    assert_eq!(sheets.len(), 1, "{text}");
    sheets.remove(0).rows
}

fn problem(text: &str) -> String {
    let problem = dump::read_bytes("견본.md", text.as_bytes()).expect_err(text);
    assert!(!problem.fix.is_empty(), "{problem}");
    problem.to_string()
}

#[test]
fn trap_24_dump_line_ends_marks_and_padding_do_not_matter() {
    let want = sample_sheet().rows;
    for text in [write_style1(&sample_sheet()), write_style2(&sample_sheet())] {
        assert_eq!(rows(&text.replace('\n', "\r\n")), want);
        assert_eq!(rows(&format!("\u{feff}{text}")), want);
        assert_eq!(rows(text.trim_end()), want);
        assert_eq!(rows(&text.replace("|  |\n", "|  |  \t\n")), want);
    }
}

#[test]
fn trap_24_dump_formatted_tables_are_read() {
    let want = sample_sheet().rows;
    let text = write_style2(&sample_sheet());
    let wide = text.replace(" | ", "      |   ").replace("| --- |", "|:-----:|").replace("   ---   ", " :--- ");
    assert_eq!(rows(&wide), want);
    assert_eq!(rows(&text.replace("\\|", "&#124;")), want);
    assert_eq!(rows(&text.replace("<br>", "<br />")), want);
    assert_eq!(rows(&text.replace("<br>", "<BR>")), want);
}

#[test]
fn trap_24_dump_blank_cells_at_the_end_may_be_dropped() {
    let text = "# t\n\n## Raw Sheet Table\n\n| A | B | C |\n|---|---|---|\n| API ID |\n| 구분 | b |\n|  |  | c |\n";
    let want = sheet("t", &[&["API ID"], &["구분", "b"], &["", "", "c"]]).rows;
    assert_eq!(rows(text), want);
}

#[test]
fn trap_24_dump_plain_table_with_labels_is_a_sheet() {
    let raw = write_style2(&sample_sheet());
    let (_, table) = raw.split_once("## Raw Sheet Table\n\n").expect("a raw table");
    assert_eq!(rows(table), sample_sheet().rows);
    assert_eq!(rows(&format!("# 제목\n\n설명 한 줄.\n\n{table}\n끝.\n")), sample_sheet().rows);
}

#[test]
fn trap_24_dump_title_names_the_sheet() {
    assert_eq!(read(&write_style1(&sample_sheet()))[0].name, "견본 조회(zz00001)");
    assert_eq!(read(&write_style2(&sample_sheet()))[0].name, "zz00001 - 견본 조회(가/나)");
    let untitled = write_style1(&sample_sheet()).lines().skip(2).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&untitled)[0].name, "견본");
}

#[test]
fn trap_24_dump_several_sheets_in_one_file_keep_apart() {
    let sheets = sample_sheets();
    let want: Vec<_> = sheets.iter().map(|s| s.rows.clone()).collect();
    for write in [write_style1, write_style2] {
        let text: String = sheets.iter().map(|s| write(s) + "\n---\n\n").collect();
        let got: Vec<_> = read(&format!("# 목차\n\n- 하나\n\n{text}")).into_iter().map(|s| s.rows).collect();
        assert_eq!(got, want);
    }
}

#[test]
fn trap_24_dump_list_without_a_raw_table_is_read() {
    let text =
        "# 001 - 목록\n\n## Filtered API List\n\n| No. | API ID | API 명 |\n|---|---|---|\n| 1 | zz00001 | 견본 |\n";
    let want = sheet("", &[&["No.", "API ID", "API 명"], &["1", "zz00001", "견본"]]).rows;
    assert_eq!(rows(text), want);
}

#[test]
fn trap_24_dump_a_part_never_passes_for_the_sheet() {
    let raw = write_style2(&sample_sheet());
    let (tables, _) = raw.split_once("## Raw Sheet Table").expect("a raw table");
    // A heading for each section, a table below: together they are the sheet.
    let whole = read(tables).remove(0);
    assert!(matches!(sheet::read(&whole), Ok(Kind::Api(_))), "{:?}", sheet::read(&whole));
    let cut = tables.split_once("## Response").expect("a section").0;
    let part = read(cut).remove(0);
    assert!(sheet::read(&part).expect_err("a part")[0].what.contains("no section Response"));
    let nameless = tables.replace("| API ID |", "| Id |");
    assert!(problem(&nameless).contains("without its API ID"), "{}", problem(&nameless));
    let no_table = format!("{tables}## Raw Sheet Table\n\n");
    assert!(problem(&no_table).contains("견본.md:zz00001 - 견본 조회(가/나) (line "), "{}", problem(&no_table));
    let lost_header = write_style1(&sample_sheet()).replace("| --- | --- |", "");
    assert!(problem(&lost_header).contains("without the header and separator"), "{}", problem(&lost_header));
}

#[test]
fn trap_24_dump_broken_tables_name_their_line() {
    let head = "# t\n\n## Raw Sheet Table\n\n| Row | A | B |\n|---|---|---|\n| 1 | API ID | x |\n";
    for (tail, want) in [
        ("| 2 | never", "(line 8): a row of the table that never ends"),
        ("| 2 | a | b \\|\n", "(line 8): a row of the table that never ends"),
        ("| 2 | a | b |\nlost\n", "(line 9): a line that belongs to no row"),
        ("| 1 | a | b |\n", "(line 8): row number 1 does not rise"),
        ("| x | a | b |\n", "(line 8): `x` is no row number"),
        ("| 4000000000 | a | b |\n", "(line 8): a row beyond row 100000"),
    ] {
        let problem = problem(&format!("{head}{tail}"));
        assert!(problem.contains("견본.md:t ") && problem.contains(want), "{problem}");
    }
    let open = write_style1(&sample_sheet()).trim_end().trim_end_matches(['|', ' ']).to_owned();
    assert!(problem(&open).contains("never ends"), "{}", problem(&open));
}

#[cfg(not(feature = "workbook"))]
#[test]
fn dump_workbooks_need_their_feature() {
    let problem = dump::read_bytes("a.xlsx", b"PK\x03\x04").expect_err("no reader");
    assert!(problem.to_string().contains("build with the feature `workbook`"), "{problem}");
}

/// Cells made of everything that could be mistaken for the table around them.
#[test]
fn trap_24_dump_records_are_reassembled_whatever_a_cell_holds() {
    const PIECES: [&str; 18] = [
        "|",
        "\n",
        "# ",
        "# 제목\n",
        "\n\n## Request\n\n",
        "| a |",
        " ",
        "값",
        "\\",
        "{",
        "}\n",
        "---",
        "\n\n",
        "| - | - |\n",
        "```",
        "\n```\n",
        "<b>",
        "a|b",
    ];
    let mut random = Random::new(24);
    let mut cell = |length: usize| loop {
        let text: String = (0..1 + random.below(length)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        match dump::clean(&text) {
            Some(text) if !text.lines().any(is_ambiguous) => return Some(text),
            _ => {}
        }
    };
    for round in 0..1_000 {
        let mut sheet = sample_sheet();
        sheet.name = "t".into();
        for row in &mut sheet.rows {
            match row.number {
                // values of labels stand in C, overview and examples in A, Description last
                4 | 9..=13 => row.cells[2] = cell(6),
                15 | 30 | 32 => row.cells[0] = cell(30),
                18..=22 | 28 => {
                    row.cells.resize(7, None);
                    row.cells[6] = cell(12);
                }
                _ => {}
            }
        }
        let text = write_style1(&sheet);
        assert!(rows(&text) == sheet.rows, "round {round}, style 1:\n{text}\n{:#?}", rows(&text));
        let (_, raw) = write_style2(&sheet)
            .split_once("## Raw")
            .map(|(_, raw)| format!("# t\n\n## Raw{raw}"))
            .map(|t| ((), t))
            .expect("a raw table");
        assert!(rows(&raw) == sheet.rows, "round {round}, style 2:\n{raw}");
    }
}

/// A sheet without any known label: lines are joined until the pipes suffice.
#[test]
fn trap_24_dump_line_breaks_may_stand_in_any_column() {
    const PIECES: [&str; 6] = ["\n", "# ", "\n\n", "값", "```", "- "];
    let mut random = Random::new(25);
    for round in 0..300 {
        let columns = 2 + random.below(5);
        let cells: Vec<Vec<String>> = (0..6)
            .map(|_| {
                let cell = |_| (0..random.below(6)).map(|_| PIECES[random.below(PIECES.len())]).collect::<String>();
                (0..columns).map(cell).map(|text| dump::clean(&text).unwrap_or_default()).collect()
            })
            .collect();
        let mut all: Vec<Vec<&str>> = vec![vec!["처음"; columns]];
        all.extend(cells.iter().map(|row| row.iter().map(String::as_str).collect()));
        all[0][columns - 1] = "";
        all.push(vec!["끝"; columns]);
        let sheet = sheet("t", &all.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for text in [write_style1(&sheet), write_style2(&sheet)] {
            assert!(rows(&text) == sheet.rows, "round {round}:\n{text}\n{:#?}", rows(&text));
        }
    }
}

/// A line inside a cell that nothing tells from a row of a field, or from the end of a row.
fn is_ambiguous(line: &str) -> bool {
    let pipes = |text: &str| text.matches('|').count();
    let blanks = line.trim_end_matches(|c: char| c == '|' || c.is_whitespace());
    let first = line.split('|').nth(1).unwrap_or_default().trim();
    (line.starts_with('|') && first.is_empty() && pipes(line) >= 6) || pipes(&line[blanks.len()..]) >= 4
}

#[test]
fn tables_without_outer_pipes_are_read() {
    let want = sample_sheet().rows;
    let bare = |line: &str| match line.strip_prefix('|').and_then(|l| l.strip_suffix('|')) {
        Some(inner) => inner.trim().to_owned(),
        None => line.to_owned(),
    };
    let text = write_style2(&sample_sheet());
    let stripped: Vec<String> = text.lines().map(bare).collect();
    assert!(stripped.iter().all(|line| !line.starts_with("| ---")));
    assert_eq!(rows(&stripped.join("\n")), want);
    // A code block that shows such a table is no table.
    assert!(problem("```\nAPI ID | b\n--- | ---\nzz1 | 2\n```\n").contains("without a table"));
}

#[test]
fn bold_and_code_cells_are_their_text() {
    let want = sample_sheet().rows;
    for mark in ["**", "__", "`"] {
        let mut text = write_style2(&sample_sheet());
        for name in ["API ID", "stk_cd", "tp", "rows", "Body"] {
            text = text.replace(&format!("| {name} |"), &format!("| {mark}{name}{mark} |"));
        }
        text = text.replace("| - v |", &format!("| - {mark}v{mark} |"));
        assert!(text.matches(mark).count() >= 12, "{text}");
        assert_eq!(rows(&text), want, "{mark}");
    }
}
