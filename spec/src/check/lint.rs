//! Finds contradictions in the facts: between a table and its example, and between a code list and the sets.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::errata::Mended;
use crate::errata::mended::{Api, Field};
use crate::ir::{Shape, Source, Spec, is_envelope};
use crate::names::Names;
use crate::names::codes::Found;
use crate::problem::Problem;

/// Checks the facts after errata.
pub fn lint(spec: &Mended, names: &Names) -> Vec<Problem> {
    let of = |api: &Api| {
        let mut out = Vec::new();
        let place = |path: &str| format!("spec/{} {path}", crate::store::api_path(&api.id));
        api.walk(&mut |path, field| {
            if let Some(why) = &field.says.unparsed {
                let fix = "teach `describe` this form, or add an erratum `codes`";
                out.push(Problem::warning(
                    "unparsed",
                    place(path),
                    format!("the description looks like a list of codes, but {why}"),
                    fix,
                ));
            }
            if field.seen.contains(&Shape::Arrays) && !field.ruled.positional {
                let fix = "add an erratum `order` that names the positions";
                out.push(Problem::warning(
                    "positions",
                    place(path),
                    "its rows are arrays and nothing says which position is which element",
                    fix,
                ));
            }
        });
        misspelt_lists(api, &place, &mut out);
        lists_without_set(api, names, &place, &mut out);
        out
    };
    let each: Vec<Vec<Problem>> = spec.apis.par_iter().map(|(_, api)| of(api)).collect();
    let mut out: Vec<Problem> = each.into_iter().flatten().collect();
    out.extend(rows_without_field(spec, names));
    out.extend(unsupported(spec));
    out
}

/// APIs that the client cannot call: it sends JSON by POST to a fixed path.
pub fn unsupported<R>(spec: &Spec<R>) -> Vec<Problem> {
    let fixed = |path: &str| path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
    let mut out = Vec::new();
    for (id, api) in &spec.apis {
        let other = |said: &Option<String>, ours: &str| said.clone().filter(|said| !said.eq_ignore_ascii_case(ours));
        let method = other(&api.method, "POST").map(|method| format!("the method {method}"));
        let format = other(&api.format, "JSON").map(|format| format!("the format {format}"));
        let path = (!fixed(&api.path)).then(|| format!("the path {}", api.path));
        let asks: Vec<String> = [method, format, path].into_iter().flatten().collect();
        if !asks.is_empty() {
            out.push(Problem::warning(
                "unsupported-call",
                format!("spec/{}", crate::store::api_path(id)),
                format!("{id} asks for {}, but the client sends JSON by POST to a fixed path", asks.join(", ")),
                "teach it to `net::transport` of kiwoom-api before a release; if the document is wrong, correct its sheet",
            ));
        }
    }
    out
}

/// The table has a list that the example lacks, and the example has one that the table lacks.
fn misspelt_lists(api: &Api, place: &dyn Fn(&str) -> String, out: &mut Vec<Problem>) {
    for block in &api.response.blocks {
        let shown = block.fields.iter().any(|f| !f.seen.is_empty() && !is_envelope(&f.key));
        let missing = |f: &&Field| {
            f.source == Source::Table && f.is_container() && f.seen.is_empty() && f.ruled.aliases.is_empty()
        };
        let extra = |f: &&Field| f.source == Source::Example && f.is_container();
        let (Some(table), Some(example)) = (block.fields.iter().find(missing), block.fields.iter().find(extra)) else {
            continue;
        };
        if !shown {
            continue;
        }
        let same = example.fields.iter().filter(|c| table.fields.iter().any(|t| t.key == c.key)).count();
        let (what, fix) = if same * 2 > table.fields.len() {
            (format!("the example spells the list {:?} as {:?}", table.key, example.key), "add an erratum `alias`")
        } else {
            (
                format!("the example shows the list {:?}, not {:?}: it belongs to another API", example.key, table.key),
                "add an erratum `distrust-example`",
            )
        };
        out.push(Problem::warning("example-list", place(&format!("response.{}", table.key)), what, fix));
    }
}

/// A list of codes that fits no set, or several.
fn lists_without_set(api: &Api, names: &Names, place: &dyn Fn(&str) -> String, out: &mut Vec<Problem>) {
    api.walk(&mut |path, field| {
        let envelope = path.matches('.').count() == 1 && path.starts_with("response") && is_envelope(&field.key);
        if field.says.codes.len() < 2 || envelope || field.is_container() {
            return;
        }
        let full = format!("{}.{path}", api.id);
        let what = match names.codes.find(&full, &field.says.codes) {
            Found::Table(_) | Found::Plain => return,
            Found::Several(sets) => format!("its codes fit several sets: {}", sets.join(", ")),
            Found::Nothing => format!("its {} codes fit no set", field.says.codes.len()),
        };
        let fix = "add a set, a `codes` table or a `plain` row to spec/names/codes.toml; until then it is `Code`";
        out.push(Problem::warning("no-set", place(path), what, fix));
    });
}

/// Rows of the code table that name an unknown field.
fn rows_without_field(spec: &Mended, names: &Names) -> Vec<Problem> {
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in names.codes.paths() {
        named.entry(path.split('.').next().unwrap_or_default()).or_default().push(path);
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (id, paths) in &named {
        let Some(api) = spec.apis.get(*id) else { continue };
        api.walk(&mut |path, _| {
            known.extend(paths.iter().filter(|p| p[id.len()..].strip_prefix('.') == Some(path)));
        });
    }
    let gone = names.codes.paths().filter(|p| {
        let api = p.split('.').next().unwrap_or_default();
        spec.apis.contains_key(api) && !known.contains(*p)
    });
    let note = |path| {
        Problem::warning(
            "set-without-field",
            "spec/names/codes.toml",
            format!("{path} is no field"),
            "mend the path, or delete it",
        )
    };
    gone.map(note).collect()
}
