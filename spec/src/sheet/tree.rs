//! The tree of a table: depth marks hang each row below the one it belongs to.

use super::RowField;
use crate::ir::MAX_DEPTH;

/// Could be the key of an element; a title (`조회 데이터`) could not.
pub(super) fn is_element(text: &str) -> bool {
    depth(text).1.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Splits the depth marks off: `- - 9201` is (2, `9201`).
pub(super) fn depth(element: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = element;
    while let Some(next) = rest.strip_prefix(['-', '–']) {
        depth += 1;
        rest = next.trim_start();
    }
    (depth, rest)
}

/// Hangs a field into the tree by its depth.
pub(super) fn place(
    fields: &mut Vec<RowField>,
    depth: usize,
    field: RowField,
) -> Result<(), (&'static str, String, &'static str)> {
    if field.key.is_empty() {
        return Err(("no-element", "the element has no name".to_owned(), "write it after the depth marks"));
    }
    if depth >= MAX_DEPTH {
        let what = format!("{:?} is {depth} deep", field.key);
        return Err(("too-deep", what, "no row of the broker is more than a few deep: look at the depth marks"));
    }
    let mut level = fields;
    for at in 0..depth {
        let Some(parent) = level.len().checked_sub(1) else {
            let what = format!("{:?} is {depth} deep, but nothing at depth {at} stands above it", field.key);
            return Err(("depth-jump", what, "a row may be one `- ` deeper than the row above it"));
        };
        level = &mut level[parent].fields;
    }
    if level.iter().any(|f| f.key == field.key) {
        let what = format!("{:?} stands twice in one object", field.key);
        return Err((
            "duplicate-element",
            what,
            "delete one of the rows; forms of a message need a titled Body row each",
        ));
    }
    level.push(field);
    Ok(())
}

/// Gives the children of an envelope element to the container they belong to: the push table of ka10173 lists `trnm`
/// between `data` and its children, and a word of the envelope never contains anything.
pub(super) fn adopt(fields: &mut [RowField]) -> Result<(), ((u32, usize), String)> {
    let Some(holder) = fields.iter().position(|f| crate::ir::is_envelope(&f.key) && !f.fields.is_empty()) else {
        return Ok(());
    };
    let childless = |f: &RowField| !crate::ir::is_envelope(&f.key) && f.fields.is_empty();
    let word = |f: &RowField| f.ty.as_deref().is_some_and(is_container_word);
    let mut candidates: Vec<usize> = (0..fields.len()).filter(|&i| childless(&fields[i]) && word(&fields[i])).collect();
    if candidates.is_empty() {
        candidates = (0..fields.len()).filter(|&i| childless(&fields[i])).collect();
    }
    let [parent] = candidates[..] else {
        return Err((fields[holder].at, fields[holder].key.clone()));
    };
    fields[parent].fields = std::mem::take(&mut fields[holder].fields);
    Ok(())
}

/// A Type word that says list or object.
fn is_container_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.starts_with("list") || word.starts_with("object") || word.starts_with("map") || word.starts_with("array")
}
