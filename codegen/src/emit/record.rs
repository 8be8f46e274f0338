//! A struct and its `Record`: keys and slots.

use super::slots::{self, Arm, Slot};
use super::tables::Tables;
use super::text::indent;
use super::{Piece, text};
use crate::model::{Change, Struct};

/// What a record belongs to.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    /// The id of its API.
    pub api: &'a str,
    /// The tables of codes.
    pub tables: &'a Tables<'a>,
}

/// The struct, its `Record`, and the glue of the runtime; without `default` the caller writes `Default`.
pub fn record(s: &Struct, of: Of<'_>, default: bool) -> Vec<Piece> {
    with_docs(s, of, default, |docs| docs)
}

/// The struct of a request: its setters carry the whole text, so the fields say no more than their label.
pub fn request(s: &Struct, of: Of<'_>, default: bool) -> Vec<Piece> {
    with_docs(s, of, default, |docs| &docs[..docs.len().min(1)])
}

/// Which lines of a field's docs are shown at the field.
type FieldDocs = fn(&[String]) -> &[String];

fn with_docs(s: &Struct, of: Of<'_>, default: bool, shown: FieldDocs) -> Vec<Piece> {
    let glue = format!("crate::glue!({});\n", s.name);
    [structure(s, default, shown), implement(s, of), glue].map(Piece::Text).into()
}

fn structure(s: &Struct, default: bool, shown: FieldDocs) -> String {
    let mut out = String::new();
    text::docs(&mut out, 0, &s.docs);
    out.push_str(if default { "#[derive(Clone, Default)]\n" } else { "#[derive(Clone)]\n" });
    out.push_str(&format!("pub struct {} {{\n", s.name));
    for member in &s.members {
        text::docs(&mut out, 1, shown(&member.docs));
        out.push_str(&format!("    pub {}: {},\n", member.ident, text::member_type(&member.ty)));
    }
    out.push_str("    #[doc(hidden)]\n    pub _more: (),\n}\n");
    out
}

/// Records with more keys than this choose their places by halves.
const MANY: usize = 16;

/// `inline`: compiled where a record is used, not for each of a thousand records in this crate.
fn implement(s: &Struct, Of { api, tables }: Of<'_>) -> String {
    let mut out = format!(
        "impl Record for {} {{\n    #[inline]\n    fn keys(&self) -> &'static Keys {{\n        &Keys {{\n",
        s.name
    );
    out.push_str(&format!("            api: {},\n            record: {},\n", text::quoted(api), text::quoted(&s.name)));
    indent(&mut out, 3);
    let main = s.fields.iter().enumerate().map(|(i, f)| (i, f.key.as_str()));
    let other = s.fields.iter().enumerate().flat_map(|(i, f)| f.aliases.iter().map(move |a| (i, a.as_str())));
    let keys: Vec<(usize, &str)> = main.chain(other).collect();
    let quoted: Vec<String> = keys.iter().map(|(_, key)| text::quoted(&format!("\"{key}\":"))).collect();
    text::call(&mut out, 3, ("names: &[", &quoted, "],\n        }\n    }\n"));
    let index = if s.fields.len() < 2 { "_" } else { "index" };
    out.push_str(&format!("    #[inline]\n    fn slot(&mut self, {index}: usize) -> Slot<'_> {{\n"));
    let slots: Vec<Slot> = s.fields.iter().map(|f| Slot::of(f, tables)).collect();
    match slots.as_slice() {
        [] => out.push_str("        Slot::Const(\"\")\n"),
        _ if keys.len() > MANY => {
            let places: Vec<&Slot> = keys.iter().map(|(field, _)| &slots[*field]).collect();
            slots::halves(&mut out, 2, (&places, 0));
        }
        [one] => one.write(&mut out, 2),
        many => {
            // Other spellings share the slot of their field.
            let same = |i: usize| keys.iter().enumerate().filter(move |(_, (field, _))| *field == i).map(|(at, _)| at);
            let numbers = |i: usize| if i + 1 == many.len() { Vec::new() } else { same(i).collect() };
            let arms: Vec<Arm> = many.iter().enumerate().map(|(i, slot)| Arm { numbers: numbers(i), slot }).collect();
            slots::choose(&mut out, 2, &arms);
        }
    }
    out.push_str("    }\n");
    if keys.len() > s.fields.len() {
        out.push_str(&format!(
            "    #[inline]\n    fn spellings(&self) -> usize {{\n        {}\n    }}\n",
            keys.len() - s.fields.len()
        ));
    }
    if !s.changes.is_empty() {
        changes(&mut out, s);
    }
    out.push_str("}\n");
    out
}

fn changes(out: &mut String, s: &Struct) {
    out.push_str("    #[inline]\n    fn changes(&self) -> &'static [Change] {\n        &[\n");
    for Change { number, sign, bare } in &s.changes {
        let lines = [format!("number: {number}"), format!("sign: {sign}"), format!("bare: {bare}")];
        out.push_str("            Change {\n");
        out.extend(lines.map(|line| format!("                {line},\n")));
        out.push_str("            },\n");
    }
    out.push_str("        ]\n    }\n");
    // The check of every row works on the fields themselves: through places it costs a twentieth of a chart page.
    let place = |at: usize| s.fields[at].place.as_str();
    let pairs: Vec<[String; 2]> =
        s.changes.iter().map(|c| [c.number, c.sign].map(|at| format!("&self.{}", place(at)))).collect();
    let checks: Vec<String> = pairs.iter().map(|p| format!("crate::record::agree({})", p.join(", "))).collect();
    let line = checks.join(" && ");
    out.push_str("    #[inline]\n    fn agrees(&self) -> bool {\n        ");
    if line.len() <= text::room(2) {
        out.push_str(&line);
    } else {
        for (i, pair) in pairs.iter().enumerate() {
            let (depth, and) = if i == 0 { (2, "") } else { (3, "&& ") };
            if i > 0 {
                out.push('\n');
                indent(out, depth);
            }
            text::call(out, depth, (&format!("{and}crate::record::agree("), pair, ")"));
        }
    }
    out.push_str("\n    }\n");
}
