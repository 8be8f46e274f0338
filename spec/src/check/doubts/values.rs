//! Compares the values of an example with the cells of their field.

use serde_json::Value;

use super::page::{Page, Place, texts};
use super::{Doubt, Kind};
use crate::check::identities::number;
use crate::describe::Format;
use crate::example;
use crate::ir::Shape;
use crate::names::Names;
use crate::names::labels::{Role, bare};

/// Doubts about one API.
pub fn doubts(page: &Page, fields: &[Place], names: &Names, out: &mut Vec<Doubt>) {
    let api = page.api.id.as_str();
    let market = names.menu(&page.api.menu).and_then(|m| m.module.split("::").next()).unwrap_or("domestic");
    for place in fields {
        if place.field.is_container() {
            continue;
        }
        let mut say = |kind: Kind, seen: String| out.push(Doubt::new(kind, api, &place.path, seen));
        cells(place, &mut say);
        numbers(place, &|| place.role(names, api, market), &mut say);
        forms(place, &mut say);
        // Each form of a body has its own constants.
        let same = |p: &&Place| p.path == place.path;
        let fixed: Vec<&String> = fields.iter().filter(same).filter_map(|p| p.field.says.fixed.as_ref()).collect();
        let other = |v: &&str| *v != PUSH && !fixed.iter().any(|f| f == v);
        if let (Some(own), Some(other)) = (&place.field.says.fixed, texts(place.values).find(other)) {
            say(Kind::FixedDiffers, format!("{own}, {other}"));
        }
    }
}

/// The name of the service of every push.
const PUSH: &str = "REAL";

type Say<'s> = &'s mut dyn FnMut(Kind, String);

/// Length, Required, codes, fixed value.
fn cells(place: &Place, say: Say) {
    let says = &place.field.says;
    let length: Option<usize> = place.field.length.as_deref().and_then(|l| l.parse().ok());
    if let Some(length) = length
        && let Some(long) = texts(place.values).find(|v| v.chars().count() > length && !v.starts_with('['))
    {
        say(Kind::LongerThanLength, format!("Length {length}, {} characters", long.chars().count()));
    }
    // A sign may stand before a listed value.
    let bare =
        |v: &'_ str| if says.signed { v.trim().trim_start_matches(['+', '-']).to_owned() } else { v.trim().to_owned() };
    let blank = |v: &Value| v.as_str().is_some_and(|t| t.trim().is_empty());
    if place.request && place.field.required.as_deref() == Some("Y") && place.values.iter().any(|v| blank(v)) {
        say(Kind::RequiredBlank, String::new());
    }
    let several = says.codes.len() + says.values.len() > 1;
    if (several || !says.codes.is_empty()) && says.threshold.is_none() {
        let listed = |v: &str| says.codes.iter().any(|(c, _)| c == v) || says.values.iter().any(|c| c == v);
        let filled = |v: &&str| !v.trim().is_empty();
        let mut odd: Vec<&str> = texts(place.values)
            .filter(filled)
            .filter(|v| !listed(v) && !listed(v.trim()) && !listed(&bare(v)))
            .collect();
        odd.sort_unstable();
        odd.dedup();
        // One code for 'all' says how to leave an identifier open; the list is not all there is.
        if !odd.is_empty() && several {
            say(Kind::UnlistedCode, odd.join(" "));
        } else if !listed("") && says.blank.is_none() && place.values.iter().any(|v| blank(v)) {
            say(Kind::BlankCode, String::new());
        }
    }
}

/// Padding, decimals, signs, layouts.
fn numbers(place: &Place, role: &dyn Fn() -> Option<Role>, say: Say) {
    let says = &place.field.says;
    let filled: Vec<&str> = texts(place.values).filter(|v| !v.trim().is_empty()).collect();
    if filled.is_empty() {
        return;
    }
    if let Some(pad) = says.pad
        && let Some(other) = filled.iter().find(|v| v.chars().count() != pad as usize)
    {
        say(Kind::PaddingWrong, format!("{pad}, {} characters", other.chars().count()));
    }
    if let Some(decimals) = says.decimals {
        let shown =
            |v: &&&str| number(v).is_some() && v.rsplit_once('.').map_or(0, |(_, d)| d.len()) != decimals as usize;
        if let Some(other) = filled.iter().find(shown) {
            let digits = other.rsplit_once('.').map_or(0, |(_, d)| d.len());
            say(Kind::DecimalsWrong, format!("{decimals} said, {digits} shown"));
        }
    }
    if let [format] = says.formats[..]
        && filled.iter().any(|v| !fits(format, v))
    {
        say(Kind::FormatWrong, format!("{format:?}"));
    }
    let signed = |v: &&&str| v.starts_with(['+', '-']) && number(v).is_some();
    let told = says.codes.is_empty() && (says.unit.is_some() || says.decimals.is_some() || says.pad.is_some());
    if told && !says.signed && filled.iter().any(|v| signed(&v)) {
        say(Kind::SignUndocumented, String::new());
    }
    let plain = |v: &&&str| number(v).is_some_and(|n| n != 0.0) && !v.trim().starts_with(['+', '-']);
    // A padded number shows its sign only below zero.
    if says.signed && says.codes.is_empty() && says.pad.is_none() && filled.iter().any(|v| plain(&v)) {
        say(Kind::SignNotShown, String::new());
    }
    let label = bare(&place.field.name);
    let name = label.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('명');
    if name && filled.iter().any(|v| v.contains('.') && number(v).is_some()) {
        say(Kind::NotAName, String::new());
    }
    use Role::*;
    let odd = filled.iter().any(|v| number(v).is_none());
    let undated = says.formats.is_empty() && filled.iter().any(|v| !like_a_date(v));
    if !odd && !undated {
        return;
    }
    match role() {
        Some(
            Price | Points | Average | Change | Number | Quantity | Percent | Ratio | Sided | Gross | Count | Amount,
        ) if odd => {
            say(Kind::NotANumber, String::new());
        }
        Some(Date | Time | Clock) if undated => say(Kind::NotADate, String::new()),
        // A row of the table may say otherwise just because the example is wrong.
        _ if undated && !place.request && DATED.iter().any(|word| label.ends_with(word)) => {
            say(Kind::NotADate, String::new());
        }
        _ => {}
    }
}

/// How the label of a date or a time of day ends.
const DATED: [&str; 3] = ["일자", "시간", "시각"];

fn fits(format: Format, value: &str) -> bool {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    let (length, plain) = match format {
        Format::Date => (8, true),
        Format::Month => (6, true),
        Format::Year | Format::MonthDay | Format::Minute => (4, true),
        Format::Time => (6, true),
        Format::DateTime => (14, true),
        Format::DateDashed => (10, false),
        Format::TimeColons => (8, false),
        Format::MinuteColons => (5, false),
        Format::DateTimeDashed => (19, false),
    };
    let month = value.get(4..6).and_then(|m| m.parse::<u32>().ok()).is_none_or(|m| m <= 12);
    value.trim().len() == length && digits == plain && (format != Format::Date || month)
}

fn like_a_date(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (4..=14).contains(&digits)
        && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | ':' | ' ' | '.'))
        && !value.contains('.') | (digits >= 8)
}

/// Forms that a plain parser trips over.
fn forms(place: &Place, say: Say) {
    let shapes: Vec<Shape> = place.values.iter().map(|v| example::shape(v)).collect();
    let has = |shape: Shape| shapes.contains(&shape);
    for (shape, kind) in [
        (Shape::DoubleSign, Kind::DoubleSign),
        (Shape::PercentSign, Kind::PercentSign),
        (Shape::Grouped, Kind::Grouped),
        (Shape::BlankPadded, Kind::BlankPadded),
    ] {
        if has(shape) {
            say(kind, String::new());
        }
    }
    let blanks = |v: &str| !v.is_empty() && v.trim().is_empty();
    if texts(place.values).any(blanks) {
        say(Kind::BlankPadded, "blanks only".to_owned());
    }
    let zero = |v: &str| v.starts_with(['+', '-']) && number(v) == Some(0.0) && !v.contains('.');
    if texts(place.values).any(zero) {
        say(Kind::SignedZero, String::new());
    }
    let signed_text =
        |v: &str| v.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().next().is_some_and(char::is_alphabetic));
    if texts(place.values).any(signed_text) {
        say(Kind::SignedText, String::new());
    }
    // The smallest 32-bit integer, and the largest unsigned one: no number was there.
    let sentinel = |v: &str| {
        let digits: String = v.chars().filter(char::is_ascii_digit).collect();
        digits.starts_with("2147483648") || digits.starts_with("21474836") && v.contains('.') || digits == "4294967295"
    };
    if texts(place.values).any(sentinel) {
        say(Kind::Sentinel, String::new());
    }
    let hours = |v: &str| v.split_once(':').and_then(|(h, _)| h.parse::<u32>().ok()).is_some_and(|h| h > 24);
    let marked = |v: &str| v.contains('-') && example::shape(&Value::from(v)) == Shape::Marked;
    if texts(place.values).any(|v| hours(v) || has(Shape::Marked) && marked(v)) {
        say(Kind::MarkedDate, String::new());
    }
}
