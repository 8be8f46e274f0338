//! How generated Rust is laid out where it is written as text: lists that do not fit on a line have a line for each part.
//!
//! The forms of which there are thousands are written so; to parse them from tokens cost more than all the rest.
//! Items of which there are few go through prettyplease, whose layout this is.

use std::borrow::Cow;

use proc_macro2::Literal;

use crate::model::{Id, Kind, MemberType, Unit};

/// Lines end before this column where they can be broken.
const MARGIN: usize = 89;
/// Deeply indented lines have as many columns all the same.
const LEAST: usize = 60;

/// The columns that a line has at a depth.
pub fn room(depth: usize) -> usize {
    MARGIN.saturating_sub(depth * 4).max(LEAST)
}

/// The blanks of a depth.
pub fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("    ", depth));
}

/// Doc comments, each line after its indentation. A line break inside of a text would end the comment.
pub fn docs<S: AsRef<str>>(out: &mut String, depth: usize, lines: &[S]) {
    for line in lines.iter().flat_map(|text| text.as_ref().split(['\n', '\r'])) {
        indent(out, depth);
        out.push_str(if line.is_empty() { "///" } else { "/// " });
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// `head a, b tail`: on the line that has begun at `depth`, or each part on a line of its own. The head may hold what
/// stands before the list on this line.
pub fn call<S: AsRef<str>>(out: &mut String, depth: usize, (head, parts, tail): (&str, &[S], &str)) {
    let inside: usize = parts.iter().map(|p| p.as_ref().len() + 2).sum::<usize>().saturating_sub(2);
    let after = tail.find('\n').unwrap_or(tail.len());
    out.push_str(head);
    if head.len() + inside + after <= room(depth) {
        for (i, part) in parts.iter().enumerate() {
            out.push_str(if i == 0 { "" } else { ", " });
            out.push_str(part.as_ref());
        }
    } else {
        out.push('\n');
        for part in parts {
            indent(out, depth + 1);
            out.push_str(part.as_ref());
            out.push_str(",\n");
        }
        indent(out, depth);
    }
    out.push_str(tail);
}

/// `use path::{A, B};`; names that do not fit fill lines.
pub fn import(out: &mut String, path: &str, mut names: Vec<Cow<'_, str>>) {
    names.sort_unstable();
    names.dedup();
    let line = match names.as_slice() {
        [] => return,
        [one] => format!("use {path}::{one}"),
        many => format!("use {path}::{{{}}}", many.join(", ")),
    };
    if names.len() == 1 || line.len() < MARGIN {
        out.push_str(&line);
        out.push_str(";\n");
        return;
    }
    out.push_str(&format!("use {path}::{{\n"));
    let mut column = 0;
    for (i, name) in names.iter().enumerate() {
        let width = name.len() + usize::from(i + 1 < names.len());
        if column > 0 && column + 1 + width <= MARGIN {
            out.push(' ');
            column += 1 + width;
        } else {
            out.push_str(if column > 0 { "\n    " } else { "    " });
            column = 4 + width;
        }
        out.push_str(name);
        out.push(',');
    }
    out.push_str("\n};\n");
}

/// A string literal.
pub fn quoted(text: &str) -> String {
    Literal::string(text).to_string()
}

/// A literal of a character.
pub fn character(c: char) -> String {
    Literal::character(c).to_string()
}

/// The type of a member.
pub fn member_type(ty: &MemberType) -> String {
    match ty {
        MemberType::One(kind) => field_type(kind).into_owned(),
        MemberType::Many(kind, n) => format!("[{}; {n}]", field_type(kind)),
        MemberType::Part(name) => name.clone(),
        MemberType::Parts(name, n) => format!("[{name}; {n}]"),
    }
}

fn field_type(kind: &Kind) -> Cow<'_, str> {
    let inner = inner_type(kind);
    if is_bare(kind) { inner } else { format!("Option<{inner}>").into() }
}

/// The type inside the `Option`, or the whole type where there is none.
pub fn inner_type(kind: &Kind) -> Cow<'_, str> {
    match kind {
        Kind::Text | Kind::Reason | Kind::Const(_) => "String".into(),
        Kind::Count(_) => "i64".into(),
        Kind::Decimal(_) => "Decimal".into(),
        Kind::Percent(_) => "Percent".into(),
        Kind::Price(_) => "Price".into(),
        Kind::Ratio(_) => "Directed<Percent>".into(),
        Kind::Sided => "Sided".into(),
        Kind::Unit(unit, _) => unit_type(*unit).into(),
        Kind::Date(_) => "Date".into(),
        Kind::Time(_) => "Time".into(),
        Kind::TimeMark(_) => "TimeMark".into(),
        Kind::DateTime(_) => "DateTime".into(),
        Kind::YearMonth(_) => "YearMonth".into(),
        Kind::StockCode(_) => "StockCode".into(),
        Kind::Id(id) => id_type(*id).into(),
        Kind::Secret => "Secret".into(),
        Kind::FilterMask => "FilterMask".into(),
        Kind::Joined(_) => "Vec<StockCode>".into(),
        Kind::Embedded(name) | Kind::List(name) | Kind::Tuples(name) => format!("Vec<{name}>").into(),
        Kind::Texts => "Vec<String>".into(),
        Kind::Coded(name, _) | Kind::Object(name) => name.into(),
    }
}

/// The field has no `Option` around its type.
pub fn is_bare(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::Reason
            | Kind::Const(_)
            | Kind::Secret
            | Kind::Joined(_)
            | Kind::Embedded(_)
            | Kind::List(_)
            | Kind::Tuples(_)
            | Kind::Texts
            | Kind::Object(_)
    )
}

fn unit_type(unit: Unit) -> &'static str {
    match unit {
        Unit::ThousandWon => "ThousandWon",
        Unit::TenThousandWon => "TenThousandWon",
        Unit::MillionWon => "MillionWon",
        Unit::TenMillionWon => "TenMillionWon",
        Unit::HundredMillionWon => "HundredMillionWon",
        Unit::HundredShares => "HundredShares",
        Unit::MillionShares => "MillionShares",
        Unit::ThousandShares => "ThousandShares",
        Unit::TenThousandShares => "TenThousandShares",
        Unit::ThousandUsd => "ThousandUsd",
        Unit::TenThousandUsd => "TenThousandUsd",
        Unit::ThousandGrams => "ThousandGrams",
        Unit::ByRequest => "ByRequest",
    }
}

fn id_type(id: Id) -> &'static str {
    match id {
        Id::OrderNo => "OrderNo",
        Id::AccountNo => "AccountNo",
        Id::IndexCode => "IndexCode",
        Id::GoldCode => "GoldCode",
        Id::UsTicker => "UsTicker",
        Id::Code => "Code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One layout, whether an item is written as text or through prettyplease.
    #[test]
    fn text_is_laid_out_as_prettyplease_does() {
        for n in 1..40 {
            let names: Vec<Cow<str>> = (0..n).map(|i| format!("Name{}", "x".repeat(i % 9)).into()).collect();
            let mut text = String::new();
            import(&mut text, "crate::value", names);
            assert_eq!(text, pretty(&text));
        }
        for long in 1..90 {
            let parts = ["&mut self.a".to_owned(), format!("tables::{}", "T".repeat(long))];
            let mut text = "fn f() {\n    ".to_owned();
            call(&mut text, 1, ("Slot::Code(", &parts, ")\n}\n"));
            assert_eq!(text, pretty(&text), "{long}");
        }
    }

    fn pretty(text: &str) -> String {
        prettyplease::unparse(&syn::parse_file(text).unwrap())
    }
}
