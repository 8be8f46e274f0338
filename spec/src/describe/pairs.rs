//! Where the pairs of a code list are, and which side of the colon is the code.
//!
//! A separator in parentheses counts only where the parentheses hold a list of their own
//! (`기간(1:1일전,2:5일전)`): `장시작(09:00)` is part of a label.

use std::collections::HashSet;

use super::text::{Text, is_hangul};
use super::tokens;

/// More pairs than any list has; what follows is not read.
pub const MOST: usize = 512;

/// One code with its place. `start..label` is code and separator; for a reversed pair `start` is the
/// separator and `label` the end of the code.
pub struct Pair {
    pub start: usize,
    pub label: usize,
    pub code: String,
}

pub struct Pairs {
    pub list: Vec<Pair>,
    pub reversed: bool,
    /// Colons that could separate a pair, for the warning where none was found.
    pub colons: usize,
    /// Parentheses around lists, sorted: labels end there.
    edges: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Colon,
    /// `10;10일`, `10=10일`
    Other,
    /// `3.통합`
    Dot,
    /// `03시장가`: the place of the first digit.
    Glued,
}

struct PairGroup {
    open: usize,
    close: usize,
    parent: Option<usize>,
    colons: usize,
}

struct PairsFound {
    at: usize,
    mark: Mark,
    group: Option<usize>,
    code: Option<(usize, String)>,
    behind: Option<(usize, String)>,
}

impl Pairs {
    pub fn find(text: &Text) -> Self {
        let (mut found, mut groups) = scan(text);
        for f in found.iter().filter(|f| f.mark == Mark::Colon && (f.code.is_some() || f.behind.is_some())) {
            if let Some(group) = f.group {
                groups[group].colons += 1;
            }
        }
        let opened = opened(&groups);
        let mut edges: Vec<usize> =
            groups.iter().zip(&opened).filter(|(_, o)| **o).flat_map(|(g, _)| [g.open, g.close]).collect();
        edges.sort_unstable();
        let colons = found.iter().filter(|f| f.mark == Mark::Colon && !tokens::is_ratio(text, f.at)).count();
        found.retain(|f| f.group.is_none_or(|g| opened[g]));
        let reversed = is_reversed(text, &found);
        let mut list = if reversed { behind(found) } else { before(found) };
        list.sort_by_key(|pair| pair.start);
        list.truncate(MOST);
        Self { list, reversed, colons, edges }
    }

    pub fn is_edge(&self, i: usize) -> bool {
        self.edges.binary_search(&i).is_ok()
    }

    /// The place after the last edge before `i`, but not before `from`.
    pub fn edge_before(&self, i: usize, from: usize) -> usize {
        let n = self.edges.partition_point(|&e| e < i);
        n.checked_sub(1).map_or(from, |n| from.max(self.edges[n] + 1))
    }
}

/// One pass: separators with the group they stand in.
fn scan(text: &Text) -> (Vec<PairsFound>, Vec<PairGroup>) {
    let mut groups: Vec<PairGroup> = Vec::new();
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let chars = text.chars();
    let width = tokens::said_width(text);
    for (i, &c) in chars.iter().enumerate() {
        let group = stack.last().copied();
        let (mark, code, behind) = match c {
            '(' => {
                stack.push(groups.len());
                groups.push(PairGroup { open: i, close: chars.len(), parent: group, colons: 0 });
                continue;
            }
            ')' => {
                if let Some(group) = stack.pop() {
                    groups[group].close = i;
                }
                continue;
            }
            ':' if (group.is_some() && tokens::is_clock(text, i)) || text.starts(i + 1, "//") => {
                continue;
            }
            ':' => (Mark::Colon, tokens::code_before(text, i), tokens::code_behind(text, i + 1, width)),
            ';' | '=' => (Mark::Other, tokens::digits_before(text, i), None),
            '.' if tokens::speaks(text, i + 1) => {
                (Mark::Dot, tokens::digits_before(text, i).filter(|(_, code)| code.len() <= 3), None)
            }
            '0' => (Mark::Glued, tokens::glued(text, i), None),
            _ => continue,
        };
        if mark == Mark::Colon || code.is_some() {
            found.push(PairsFound { at: i, mark, group, code, behind });
        }
    }
    (found, groups)
}

/// A group is read where it and every group around it holds two pairs or more.
fn opened(groups: &[PairGroup]) -> Vec<bool> {
    let mut opened = Vec::with_capacity(groups.len());
    for group in groups {
        let open = group.colons >= 2 && group.parent.is_none_or(|p| opened[p]);
        opened.push(open);
    }
    opened
}

/// `코스피:0, 코스닥:1`: Hangul before the colon and a code behind it, more often than the other way round.
fn is_reversed(text: &Text, found: &[PairsFound]) -> bool {
    let (mut forward, mut reversed, mut perhaps) = (0, 0, 0);
    for f in found.iter().filter(|f| f.mark == Mark::Colon) {
        match (&f.code, &f.behind) {
            (Some(_), None) => forward += 1,
            (None, Some(_)) => {
                let end = text.skip_blanks_back(f.at);
                reversed += i32::from(is_hangul(text.before(end)) || text.before(end) == ')');
            }
            (Some((_, before)), Some((_, behind))) => {
                let word = before.len() >= 3 && before.chars().any(|c| c.is_ascii_alphabetic());
                perhaps += if word && behind.chars().all(|c| c.is_ascii_digit()) { 1 } else { -1 };
            }
            (None, None) => {}
        }
    }
    reversed > forward || (reversed == forward && perhaps > 0)
}

fn behind(found: Vec<PairsFound>) -> Vec<Pair> {
    found.into_iter().filter_map(|f| f.behind.map(|(end, code)| Pair { start: f.at, label: end, code })).collect()
}

/// Colons first; the rarer separators only in the company of others, so that `ex. 50` or `03시` in a
/// sentence is not a pair.
fn before(found: Vec<PairsFound>) -> Vec<Pair> {
    let sure: HashSet<String> = found
        .iter()
        .filter(|f| matches!(f.mark, Mark::Colon | Mark::Other))
        .filter_map(|f| Some(f.code.as_ref()?.1.clone()))
        .collect();
    let count = |mark| found.iter().filter(|f| f.mark == mark).count();
    let dots = !sure.is_empty() || count(Mark::Dot) >= 2;
    let width = sure.iter().next().map(String::len);
    let glued = sure.len() + count(Mark::Glued) >= 3 && sure.iter().all(|c| Some(c.len()) == width);
    let keep = |mark, code: &String| match mark {
        Mark::Colon | Mark::Other => true,
        Mark::Dot => dots && !sure.contains(code),
        Mark::Glued => glued && Some(code.len()) == width && !sure.contains(code),
    };
    let pair = |f: PairsFound| {
        let (start, code) = f.code?;
        let label = match f.mark {
            Mark::Glued => start + code.len(),
            _ => f.at + 1,
        };
        keep(f.mark, &code).then_some(Pair { start, label, code })
    };
    found.into_iter().filter_map(pair).collect()
}
