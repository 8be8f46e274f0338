//! Two states of one field: what each of its cells says now.

use serde::Serialize;

use super::codes;
use super::likeness::same_label;
use super::rules::Rule;
use crate::describe::{Facts, Threshold};
use crate::ir::{Field, Rulings, Shape, Source};

/// Which way a field travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is sent.
    Request,
    /// It comes back.
    Response,
}

/// What is different: rule, old words, new words.
pub type Found = Vec<(Rule, String, String)>;

/// Compares the cells and, where both sides have an example (`shown`), the forms of values.
pub fn compare<R: Rulings>(old: &Field<R>, new: &Field<R>, way: Way, shown: bool, out: &mut Found) {
    label(old, new, out);
    cell(old.ty.as_deref(), new.ty.as_deref(), "Type", out, |was, now, out| {
        out.push((Rule::TypeChanged, was.to_owned(), now.to_owned()));
    });
    cell(old.required.as_deref(), new.required.as_deref(), "Required", out, |was, now, out| {
        let rule = match (way, now) {
            (Way::Response, _) => Rule::ResponseRequired,
            (Way::Request, "Y") => Rule::RequiredNow,
            (Way::Request, _) => Rule::RequiredDropped,
        };
        out.push((rule, was.to_owned(), now.to_owned()));
    });
    cell(old.length.as_deref(), new.length.as_deref(), "Length", out, |was, now, out| {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let rule = match way {
            Way::Response => Rule::LengthChanged,
            Way::Request if number(now) < number(was) => Rule::LengthShorter,
            Way::Request => Rule::LengthLonger,
        };
        out.push((rule, was.to_owned(), now.to_owned()));
    });
    description(old, new, out);
    match (old.source, new.source) {
        (Source::Table, Source::Example) => out.push((Rule::FieldUndocumented, String::new(), String::new())),
        (Source::Example, Source::Table) => out.push((Rule::FieldDocumented, String::new(), String::new())),
        _ => {}
    }
    structure(old, new, shown, out);
}

/// The columns of a table, as losses name them.
pub const COLUMNS: [&str; 5] = ["한글명", "Type", "Required", "Length", "Description"];

fn cell(old: Option<&str>, new: Option<&str>, column: &str, out: &mut Found, both: impl Fn(&str, &str, &mut Found)) {
    match (old, new) {
        (Some(was), Some(now)) if was != now => both(was, now, out),
        (Some(was), None) => out.push((Rule::CellLost, format!("{column} {was}"), String::new())),
        (None, Some(now)) => out.push((Rule::CellFilled, String::new(), format!("{column} {now}"))),
        _ => {}
    }
}

fn label<R: Rulings>(old: &Field<R>, new: &Field<R>, out: &mut Found) {
    let filled = |f: &'_ str| (!f.is_empty()).then(|| f.to_owned());
    // A field of an example has no label to lose.
    if old.source != new.source && (old.name.is_empty() || new.name.is_empty()) {
        return;
    }
    cell(filled(&old.name).as_deref(), filled(&new.name).as_deref(), "한글명", out, |was, now, out| {
        let rule = if same_label(was, now) { Rule::LabelChanged } else { Rule::LabelRedefined };
        out.push((rule, was.to_owned(), now.to_owned()));
    });
}

fn description<R: Rulings>(old: &Field<R>, new: &Field<R>, out: &mut Found) {
    let blank = |f: &Field<R>| f.text.is_none() && f.says.is_empty();
    match (blank(old), blank(new)) {
        (true, true) => return,
        (false, true) => {
            // An element that only the example shows has no cell.
            if new.source == Source::Table {
                out.push((Rule::DescriptionLost, brief(&old.says), String::new()));
            }
            return;
        }
        (true, false) => {
            out.push((Rule::DescriptionFilled, String::new(), brief(&new.says)));
            // A removed point changes every number for every reader.
            said(Rule::ScaleChanged, &old.says.scale, &new.says.scale, out);
            said(Rule::FixedChanged, &old.says.fixed, &new.says.fixed, out);
            return;
        }
        (false, false) => {}
    }
    let before = out.len();
    facts(&old.says, &new.says, out);
    if out.len() == before && old.text != new.text {
        out.push((Rule::Reworded, String::new(), String::new()));
    }
}

/// What a description says, each kind of fact by itself.
fn facts(old: &Facts, new: &Facts, out: &mut Found) {
    match (old.unit, new.unit) {
        (None, Some(_)) if old.units.is_empty() => said(Rule::UnitAdded, &old.unit, &new.unit, out),
        (Some(_), None) if new.units.is_empty() => said(Rule::UnitDropped, &old.unit, &new.unit, out),
        (Some(_), Some(_)) => said(Rule::UnitChanged, &old.unit, &new.unit, out),
        _ => {}
    }
    if (&old.units, &old.unit_by) != (&new.units, &new.unit_by) {
        let choice = |f: &Facts| {
            let mut units: Vec<String> = f.units.iter().map(word).collect();
            units.extend(f.unit.map(|u| word(&u)));
            let by = f.unit_by.as_ref().map_or(String::new(), |b| format!(" by {b}"));
            format!("{}{by}", units.join(", "))
        };
        out.push((Rule::UnitChoice, choice(old), choice(new)));
    }
    said(Rule::ScaleChanged, &old.scale, &new.scale, out);
    match (old.signed, new.signed) {
        (false, true) => out.push((Rule::SignAdded, String::new(), String::new())),
        (true, false) => out.push((Rule::SignDropped, String::new(), String::new())),
        _ => {}
    }
    said(Rule::PaddingChanged, &old.pad, &new.pad, out);
    said(Rule::WidthChanged, &old.width, &new.width, out);
    said(Rule::DecimalsChanged, &old.decimals, &new.decimals, out);
    listed(Rule::FormatChanged, &old.formats, &new.formats, out);
    listed(Rule::SymbolChanged, &old.symbol, &new.symbol, out);
    said(Rule::FixedChanged, &old.fixed, &new.fixed, out);
    said(Rule::DefaultChanged, &old.default, &new.default, out);
    said(Rule::BlankChanged, &old.blank, &new.blank, out);
    said(Rule::AbsentChanged, &old.absent, &new.absent, out);
    listed(Rule::KeysChanged, &old.keys, &new.keys, out);
    said(Rule::SeparatorChanged, &old.joined, &new.joined, out);
    said(Rule::LimitChanged, &old.max, &new.max, out);
    if old.conditional != new.conditional {
        let word = |c: bool| if c { "conditional" } else { "always" }.to_owned();
        out.push((Rule::ConditionChanged, word(old.conditional), word(new.conditional)));
    }
    listed(Rule::ReferenceChanged, &old.see, &new.see, out);
    out.extend(codes::compare(&all_codes(old), &all_codes(new)));
    values(&old.values, &new.values, out);
    bounds(old.threshold.as_ref(), new.threshold.as_ref(), out);
    if old.unparsed != new.unparsed && new.unparsed.is_some() {
        out.push((Rule::Unparsed, String::new(), new.unparsed.clone().unwrap_or_default()));
    }
}

/// The code for 'no bound' is a code like others.
fn all_codes(facts: &Facts) -> Vec<(String, String)> {
    facts.codes.iter().chain(facts.threshold.iter().flat_map(|t| &t.all)).cloned().collect()
}

fn values(old: &[String], new: &[String], out: &mut Found) {
    for gone in old.iter().filter(|v| !new.contains(v)) {
        out.push((Rule::ValueRemoved, gone.clone(), String::new()));
    }
    for come in new.iter().filter(|v| !old.contains(v)) {
        out.push((Rule::ValueAdded, String::new(), come.clone()));
    }
}

fn bounds(old: Option<&Threshold>, new: Option<&Threshold>, out: &mut Found) {
    let list = |t: Option<&Threshold>| t.map_or(String::new(), |t| t.bounds.join(","));
    if list(old) != list(new) {
        out.push((Rule::BoundsChanged, list(old), list(new)));
    }
    if let (Some(old), Some(new)) = (old, new)
        && (old.multiplier, old.unit) != (new.multiplier, new.unit)
    {
        let amount = |t: &Threshold| format!("{} {}", t.multiplier, t.unit.map_or(String::new(), |u| word(&u)));
        out.push((Rule::BoundsScaled, amount(old).trim().to_owned(), amount(new).trim().to_owned()));
    }
}

fn said<T: Serialize + PartialEq>(rule: Rule, old: &Option<T>, new: &Option<T>, out: &mut Found) {
    if old != new {
        out.push((rule, old.as_ref().map_or("none".into(), word), new.as_ref().map_or("none".into(), word)));
    }
}

fn listed<T: Serialize + PartialEq>(rule: Rule, old: &[T], new: &[T], out: &mut Found) {
    if old.iter().any(|v| !new.contains(v)) || new.iter().any(|v| !old.contains(v)) {
        let words = |l: &[T]| l.iter().map(word).collect::<Vec<_>>().join(", ");
        let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
        out.push((rule, or_none(words(old)), or_none(words(new))));
    }
}

fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// What a filled description says, in a few words; none of its own.
pub fn brief(says: &Facts) -> String {
    let mut parts = Vec::new();
    parts.extend(says.unit.map(|u| format!("unit {}", word(&u))));
    parts.extend(says.scale.map(|s| format!("scale {s}")));
    if says.signed {
        parts.push("signed".to_owned());
    }
    parts.extend((!says.formats.is_empty()).then(|| says.formats.iter().map(word).collect::<Vec<_>>().join(" ")));
    let codes: Vec<String> = all_codes(says).iter().map(|(c, l)| format!("{c}={l}")).collect();
    parts.extend((!codes.is_empty()).then(|| format!("codes {}", codes.join(" "))));
    parts.extend((!says.values.is_empty()).then(|| format!("values {}", says.values.join(" "))));
    parts.join(", ")
}

/// The form of a container, where the facts show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    List,
    Arrays,
    Object,
    Embedded,
    Value,
}

fn form<R: Rulings>(field: &Field<R>) -> Option<Form> {
    let shown = |shape| field.seen.contains(&shape);
    if !field.is_container() {
        let plain = [Shape::Objects, Shape::Arrays, Shape::Object, Shape::Empty, Shape::Null];
        let scalar = field.seen.iter().any(|s| !plain.contains(s) && *s != Shape::Blank && *s != Shape::Strings);
        return scalar.then_some(Form::Value);
    }
    let numeric = field.key == "values" && field.fields.iter().all(|f| f.key.bytes().all(|b| b.is_ascii_digit()));
    if shown(Shape::Embedded) {
        Some(Form::Embedded)
    } else if field.ruled.positional() || shown(Shape::Arrays) {
        Some(Form::Arrays)
    } else if shown(Shape::Object) || field.ty.as_deref() == Some("Object") || numeric {
        Some(Form::Object)
    } else if shown(Shape::Objects) || field.ty.is_some() {
        Some(Form::List)
    } else {
        None
    }
}

fn named(form: Option<Form>) -> String {
    match form {
        Some(Form::Value) => "value",
        Some(Form::List) => "list",
        Some(Form::Object) => "object",
        Some(Form::Arrays) => "arrays",
        Some(Form::Embedded) => "text that holds JSON",
        None => "unknown",
    }
    .to_owned()
}

fn structure<R: Rulings>(old: &Field<R>, new: &Field<R>, shown: bool, out: &mut Found) {
    let words = |f: &Field<R>| f.seen.iter().map(word).collect::<Vec<_>>().join(" ");
    let rule = match (form(old), form(new)) {
        (Some(a), Some(b)) if a == b => None,
        (Some(Form::List | Form::Arrays), Some(Form::Object)) => Some(Rule::BecameObject),
        (Some(Form::Object), Some(Form::List | Form::Arrays)) => Some(Rule::BecameList),
        (Some(Form::Value), Some(_)) => Some(Rule::BecameContainer),
        (Some(_), Some(Form::Value)) => Some(Rule::BecameText),
        (Some(Form::List), Some(Form::Arrays)) | (Some(Form::Arrays), Some(Form::List)) => Some(Rule::BecameArrays),
        (Some(Form::Embedded), Some(_)) | (Some(_), Some(Form::Embedded)) => Some(Rule::JsonType),
        _ => None,
    };
    if let Some(rule) = rule {
        let (mut before, mut after) = (words(old), words(new));
        if before == after {
            // the example is the old one: only the table tells
            (before, after) = (named(form(old)), named(form(new)));
        }
        out.push((rule, before, after));
        return;
    }
    if !shown || old.seen == new.seen || old.seen.is_empty() || new.seen.is_empty() {
        return;
    }
    let json = |f: &Field<R>| {
        let mut kinds: Vec<&str> = f.seen.iter().map(json_type).collect();
        kinds.sort_unstable();
        kinds.dedup();
        // A blank or `null` next to another value says nothing about the type.
        kinds.retain(|k| *k != "null");
        kinds
    };
    let (was, now) = (json(old), json(new));
    let rule = if !was.is_empty() && !now.is_empty() && was != now { Rule::JsonType } else { Rule::ShapesChanged };
    out.push((rule, words(old), words(new)));
}

fn json_type(shape: &Shape) -> &'static str {
    match shape {
        Shape::Number => "number",
        Shape::Null => "null",
        Shape::Objects | Shape::Arrays | Shape::Strings | Shape::Empty => "array",
        Shape::Object => "object",
        _ => "string",
    }
}
