//! A sheet that was split: a heading for each section, a table, a text or an example below it.
//!
//! Owns the words of such headings. Returns the rows that the sheet has in a workbook, so that later steps need not
//! know.

use super::frame::cell;
use super::{Row, frame};

/// A part of a page, in its order.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A heading of any level.
    Heading(String),
    /// The cells of a table.
    Table(Vec<Vec<String>>),
    /// Text in a code block.
    Code(String),
    /// A line or paragraph.
    Text(String),
}

/// The title and the rows of a sheet.
pub(super) type Titled = (String, Vec<Row>);

/// The columns of a table of fields.
const HEAD: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
/// Labels of the head of a sheet.
pub(super) const LABELS: [&str; 9] =
    ["메뉴 위치", "API 명", "API ID", "Method", "운영 도메인", "모의투자 도메인", "URL", "Format", "Content-Type"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Info,
    Overview,
    Request,
    Response,
    RequestExample,
    ResponseExample,
}

/// What a heading announces: a section, and which part of its table.
fn section(heading: &str) -> Option<(Option<Section>, Option<&'static str>)> {
    let text = heading.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if text.chars().count() > 24 {
        return None;
    }
    let (request, response) = (has(&["request", "요청"]), has(&["response", "응답"]));
    if has(&["example", "예시", "예제"]) {
        return match (request, response) {
            (true, false) => Some((Some(Section::RequestExample), None)),
            (false, true) => Some((Some(Section::ResponseExample), None)),
            _ => None,
        };
    }
    let part =
        if has(&["header", "헤더"]) { Some("Header") } else { has(&["body", "바디", "본문"]).then_some("Body") };
    // `지어낸요청` is the name of an API; a section is the word alone, or with its part.
    let rest: String = ["request", "response", "요청", "응답", "header", "body", "헤더", "바디", "본문", "parameters"]
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ""));
    let alone = rest.chars().all(|c| !c.is_alphanumeric());
    match (request, response) {
        _ if matches!(text, "개요" | "overview" | "설명") => Some((Some(Section::Overview), None)),
        _ if matches!(text, "api 정보" | "기본정보" | "기본 정보" | "api info" | "quick reference") => {
            Some((Some(Section::Info), None))
        }
        (true, false) if alone => Some((Some(Section::Request), part)),
        (false, true) if alone => Some((Some(Section::Response), part)),
        (false, false) if alone && part.is_some() => Some((None, part)),
        _ => None,
    }
}

/// Whether a heading announces a section of a sheet.
pub(super) fn is_section(heading: &str) -> bool {
    section(heading).is_some()
}

/// The sheets of a page without a table that is a whole sheet, each with its title.
pub(super) fn sheets(title: &str, pieces: &[Piece]) -> Vec<Titled> {
    // A second id begins a second sheet, at the last heading that announces no section.
    let mut begins: Vec<usize> = Vec::new();
    let mut heading = 0;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Heading(text) if section(text).is_none() => heading = at,
            Piece::Table(cells) if names_api(cells) => begins.push(if begins.is_empty() { 0 } else { heading }),
            _ => {}
        }
    }
    begins.dedup();
    let ends = begins.iter().skip(1).copied().chain([pieces.len()]);
    let parts = begins.iter().zip(ends).map(|(from, to)| &pieces[*from..to.max(*from)]);
    parts
        .map(|part| {
            let own = part.iter().find_map(|p| match p {
                Piece::Heading(text) if section(text).is_none() => Some(text.clone()),
                _ => None,
            });
            (own.unwrap_or_else(|| title.to_owned()), assemble(part))
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

/// Whether a table is a part of a sheet: it says an id, or describes fields.
pub(super) fn is_part(cells: &[Vec<String>]) -> bool {
    names_api(cells) || head(cells).is_some()
}

fn names_api(cells: &[Vec<String>]) -> bool {
    // The labels stand below each other, with their values next to them; in a list of APIs they stand side by side.
    cells.iter().any(|row| row.iter().any(|c| c.trim() == "API ID") && !row.iter().any(|c| c.trim() == "No."))
        && !cells.iter().any(|row| row.iter().filter(|c| LABELS.contains(&c.trim())).count() > row.len() / 2 + 1)
}

/// The row that names the columns of fields.
fn head(cells: &[Vec<String>]) -> Option<usize> {
    cells.iter().position(|row| row.iter().any(|c| c.trim() == "Element"))
}

fn assemble(pieces: &[Piece]) -> Vec<Row> {
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    let mut state: (Option<Section>, Option<&'static str>) = (None, None);
    let mut columns: Vec<String> = HEAD.map(str::to_owned).to_vec();
    let label = |text: &str| vec![Some(text.to_owned())];
    let mut overview = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Heading(text) => match section(text) {
                Some((Some(next), part)) => {
                    if state.0 != Some(next) {
                        match next {
                            Section::Request => rows.push(label("Request")),
                            Section::Response => rows.push(label("Response")),
                            Section::RequestExample => rows.push(label("Request Example")),
                            Section::ResponseExample => rows.push(label("Response Example")),
                            Section::Info | Section::Overview => {}
                        }
                        columns.clear();
                    }
                    state = (Some(next), part);
                }
                Some((None, part)) => state.1 = part,
                None => {}
            },
            Piece::Table(cells) => {
                if let (Some(at), Some(Section::Request | Section::Response)) = (head(cells), state.0) {
                    fields(&mut rows, &mut columns, &cells[at..], state.1);
                } else if matches!(state.0, Some(Section::RequestExample | Section::ResponseExample)) {
                    rows.extend(cells.iter().flatten().filter_map(|c| cell(c)).map(|text| vec![Some(text)]));
                } else {
                    info(&mut rows, cells);
                }
            }
            Piece::Code(text) | Piece::Text(text) => match state.0 {
                Some(Section::Overview) => overview.extend(cell(text)),
                Some(Section::RequestExample | Section::ResponseExample) => {
                    rows.extend(cell(text).map(|text| vec![Some(text)]));
                }
                _ => {}
            },
        }
    }
    // The overview stands before the tables, wherever the page has it.
    let at = rows.iter().position(|r| matches!(r[0].as_deref(), Some("Request" | "Response"))).unwrap_or(rows.len());
    if !overview.is_empty() {
        rows.splice(at..at, [label("개요"), vec![Some(overview.join("\n"))]]);
    }
    rows.into_iter().zip(1..).filter_map(|(cells, number)| Row::of(number, cells)).collect()
}

/// Labels and values, one pair per row or several side by side.
fn info(rows: &mut Vec<Vec<Option<String>>>, cells: &[Vec<String>]) {
    for (at, row) in cells.iter().enumerate() {
        let mut filled = row.iter().filter_map(|c| cell(c)).peekable();
        let known = filled.peek().is_some_and(|first| LABELS.contains(&first.as_str()));
        // The header of such a table says `항목` and `내용`: it is not a label.
        if at == 0 && !known {
            continue;
        }
        while let Some(label) = filled.next() {
            let is_label = |text: &String| LABELS.contains(&text.as_str());
            let value = filled.next_if(|next| !is_label(next));
            rows.push(vec![Some(label), None, value]);
        }
    }
}

/// A table of fields, its columns in the order of the first one of its section.
fn fields(
    rows: &mut Vec<Vec<Option<String>>>,
    columns: &mut Vec<String>,
    cells: &[Vec<String>],
    part: Option<&'static str>,
) {
    let names: Vec<String> = cells[0].iter().map(|c| c.trim().to_owned()).collect();
    let first = columns.is_empty();
    if first {
        columns.extend(HEAD.map(str::to_owned));
    }
    let more: Vec<String> = names.iter().filter(|n| !n.is_empty() && !columns.contains(n)).cloned().collect();
    if first {
        columns.extend(more);
        rows.push(columns.iter().map(|c| Some(c.clone())).collect());
    }
    let has_part = names.iter().any(|n| n == "구분");
    for (n, row) in cells[1..].iter().enumerate() {
        let mut out: Vec<Option<String>> = columns
            .iter()
            .map(|column| names.iter().position(|n| n == column).and_then(|i| cell(row.get(i)?)))
            .collect();
        if !has_part && n == 0 {
            out[0] = Some(part.unwrap_or("Body").to_owned());
        }
        if out.len() > frame::COLUMNS {
            out.truncate(frame::COLUMNS);
        }
        rows.push(out);
    }
}

/// Whether a table is a whole sheet: an API with its tables of fields, the list, or the error codes.
#[cfg(feature = "tables")]
pub(super) fn is_sheet(cells: &[Vec<String>]) -> bool {
    let Some(header) = cells.first() else { return false };
    let first = cells.get(1).and_then(|row| row.first()).map_or("", String::as_str);
    let labels = frame::number_columns(header, first);
    let has = |row: &[String], want: &str| row.iter().any(|c| c.trim() == want);
    let lists = |row: &Vec<String>| {
        has(row, "API ID") && has(row, "API 명") && has(row, "No.") || has(row, "오류코드") && has(row, "오류메시지")
    };
    let label = |want: &str| cells.iter().any(|row| row.get(labels).is_some_and(|c| c.trim() == want));
    cells.iter().any(lists) || label("API ID") && label("구분")
}

/// The id that the rows of a sheet say.
#[cfg(feature = "tables")]
pub(super) fn id(rows: &[Row]) -> Option<String> {
    let row = rows.iter().find(|r| r.cell(0) == Some("API ID"))?;
    row.cells.iter().skip(1).flatten().next().cloned()
}
