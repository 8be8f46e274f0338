//! The committed form of the facts: file names and text. The caller reads and writes the files.
//!
//! One field per line, so that a changed cell of the document is a changed line in a review.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::ir::{Api, ErrorCode, Field, Side, Spec};
use crate::problem::Problem;

/// The file that holds an API, below `spec/`. Upper-case letters are marked, so that `0g` and `0G` never meet on a
/// file system that ignores case.
pub fn api_path(id: &str) -> String {
    let mut name = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c);
    }
    format!("apis/{name}.json")
}

/// The file that holds the error codes, below `spec/`.
pub const ERRORS: &str = "errors.json";

/// All committed files of the facts with their text.
pub fn render(spec: &Spec) -> BTreeMap<String, String> {
    let apis: Vec<&Api> = spec.apis.values().collect();
    let texts: Vec<(String, String)> = apis.par_iter().map(|api| (api_path(&api.id), render_api(api))).collect();
    let mut files: BTreeMap<String, String> = texts.into_iter().collect();
    let lines: Vec<String> = spec.errors.values().map(|e| format!("  {}", compact(e))).collect();
    files.insert(ERRORS.to_owned(), format!("[\n{}\n]\n", lines.join(",\n")).replace("[\n\n]", "[]"));
    files
}

/// Reads the committed files: path below `spec/` and text.
///
/// # Errors
/// Each file that cannot be read, with the reason.
pub fn parse(files: &BTreeMap<String, String>) -> Result<Spec, Vec<Problem>> {
    let mut spec = Spec::default();
    let mut problems = Vec::new();
    for (path, text) in files {
        let place = format!("spec/{path}");
        let bad = |e: serde_json::Error| {
            Problem::error(
                "bad-facts",
                format!("{place}:{}", e.line()),
                e.to_string(),
                "restore the file with git, or import again with --from-empty",
            )
        };
        if path == ERRORS {
            match serde_json::from_str::<Vec<ErrorCode>>(text) {
                Ok(errors) => spec.errors = errors.into_iter().map(|e| (e.code.clone(), e)).collect(),
                Err(e) => problems.push(bad(e)),
            }
            continue;
        }
        match serde_json::from_str::<Api>(text) {
            Ok(api) if api_path(&api.id) == *path => {
                spec.apis.insert(api.id.clone(), api);
            }
            Ok(api) => problems.push(Problem::error(
                "bad-facts",
                &place,
                format!("the file holds {}", api.id),
                format!("its name must be spec/{}", api_path(&api.id)),
            )),
            Err(e) => problems.push(bad(e)),
        }
    }
    if problems.is_empty() { Ok(spec) } else { Err(problems) }
}

fn render_api(api: &Api) -> String {
    let head = serde_json::to_value(api).unwrap_or_default();
    let mut out = String::from("{\n");
    for (key, value) in head.as_object().into_iter().flatten() {
        out.push_str(&format!("  {}: {},\n", Value::from(key.as_str()), compact(value)));
    }
    render_side(&mut out, "request", &api.request);
    out.push_str(",\n");
    render_side(&mut out, "response", &api.response);
    out.push_str("\n}\n");
    out
}

fn render_side(out: &mut String, name: &str, side: &Side) {
    out.push_str(&format!("  \"{name}\": {{\n"));
    if !side.headers.is_empty() {
        out.push_str(&format!("    \"headers\": {},\n", compact(&side.headers)));
    }
    if let Some(example) = &side.example {
        out.push_str(&format!("    \"example\": {},\n", compact(example)));
    }
    out.push_str("    \"blocks\": [");
    for (i, block) in side.blocks.iter().enumerate() {
        out.push_str(if i == 0 { "{" } else { ", {" });
        let head = serde_json::to_value(block).unwrap_or_default();
        for (key, value) in head.as_object().into_iter().flatten() {
            out.push_str(&format!("{}: {}, ", Value::from(key.as_str()), compact(value)));
        }
        out.push_str("\"fields\": [");
        render_fields(out, &block.fields, 6);
        out.push_str("]}");
    }
    out.push_str("]\n  }");
}

fn render_fields(out: &mut String, fields: &[Field], indent: usize) {
    for (i, field) in fields.iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        out.push_str(&" ".repeat(indent));
        let head = compact(field);
        if field.fields.is_empty() {
            out.push_str(&head);
            continue;
        }
        out.push_str(head.strip_suffix('}').unwrap_or(&head));
        out.push_str(",\"fields\":[");
        render_fields(out, &field.fields, indent + 2);
        out.push_str("]}");
    }
    if !fields.is_empty() {
        out.push('\n');
        out.push_str(&" ".repeat(indent.saturating_sub(2)));
    }
}

fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
