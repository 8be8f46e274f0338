//! Tables without pipes at their outer edges, which Markdown allows.
//!
//! Their rows are single lines, so they get the pipes and are read like all others.

use super::layout::TextLines;
use super::record::escaped_pipes;

/// The text with outer pipes around the rows of its tables; none where no table lacks them.
pub(super) fn piped(text: &str) -> Option<String> {
    let lines = TextLines::new(text);
    // Beside tables with outer pipes, what looks like one without is a line of a cell.
    if (0..lines.all.len()).any(|at| lines.table_at(at).is_some()) {
        return None;
    }
    let mut out: Vec<String> = Vec::new();
    let (mut at, mut found) = (0, false);
    while at < lines.all.len() {
        if let Some(end) = lines.fence_end(at) {
            out.extend(lines.all[at..=end].iter().map(|line| (*line).to_owned()));
            at = end + 1;
        } else if is_table(&lines.all[at..]) {
            found = true;
            let rows = lines.all[at..].iter().take_while(|line| !escaped_pipes(line).is_empty());
            out.extend(rows.map(|line| format!("| {line} |")));
            at = out.len();
        } else {
            out.push(lines.all[at].to_owned());
            at += 1;
        }
    }
    found.then(|| out.join("\n"))
}

/// Whether a header and its separator stand here, both without outer pipes.
fn is_table(lines: &[&str]) -> bool {
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
