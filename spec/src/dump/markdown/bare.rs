//! Tables without pipes at their outer edges, which Markdown allows.
//!
//! Their rows are single lines, so they get the pipes and are read like all others.

use super::record::escaped_pipes;

/// The text with outer pipes around the rows of the tables that begin at these lines.
pub(super) fn piped(text: &str, tables: &[usize]) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out: Vec<String> = Vec::new();
    while let Some(line) = lines.get(out.len()) {
        if tables.contains(&out.len()) {
            let rows = lines[out.len()..].iter().take_while(|line| !escaped_pipes(line).is_empty());
            let rows: Vec<String> = rows.map(|line| format!("| {line} |")).collect();
            out.extend(rows);
        } else {
            out.push((*line).to_owned());
        }
    }
    out.join("\n")
}

/// Whether a header and its separator stand here, both without outer pipes.
pub(super) fn is_table(lines: &[&str]) -> bool {
    let [header, separator, ..] = lines else { return false };
    let bare = |line: &str| !line.trim().starts_with('|') && !line.trim().ends_with('|');
    let columns = escaped_pipes(header).len();
    let is_mark = |cell: &str| {
        let dashes = cell.trim().trim_start_matches(':').trim_end_matches(':');
        dashes.len() >= 3 && dashes.bytes().all(|b| b == b'-')
    };
    columns > 0 && bare(separator) && separator.split('|').all(is_mark) && escaped_pipes(separator).len() == columns
        // A header whose first or last cell is blank begins or ends with a pipe all the same.
        && !(header.trim().starts_with('|') && header.trim().ends_with('|'))
}
