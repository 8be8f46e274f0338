//! Doubts about the facts themselves: what table and example say against each other.

use crate::ir::{Api, Field, Shape, Source, Spec, is_envelope};
use crate::problem::Problem;

/// Everything there is to doubt about facts to which the errata have been applied.
pub fn lint(spec: &Spec) -> Vec<Problem> {
    let mut out = Vec::new();
    for api in spec.apis.values() {
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
    }
    out
}

/// A list of the table that the example does not have, beside a list that only the example has.
fn misspelt_lists(api: &Api, place: &dyn Fn(&str) -> String, out: &mut Vec<Problem>) {
    for block in &api.response.blocks {
        let shown = block.fields.iter().any(|f| !f.seen.is_empty() && !is_envelope(&f.key));
        let missing =
            |f: &&Field| f.source == Source::Table && f.is_container() && f.seen.is_empty() && f.aliases.is_empty();
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
