//! The slots of a record: which member a key fills, and how it is decoded.
//!
//! Written as text: there are thousands of them, and a syntax tree of each cost more than all the rest.

use std::borrow::Cow;

use super::tables::Tables;
use super::text::{self, indent};
use crate::model::{Dir, Field, Kind, Layout, Num};

/// The branch of a `match` over positions; the last one takes every other number.
pub struct Arm<'a> {
    pub numbers: Vec<usize>,
    pub slot: &'a Slot,
}

/// `Slot::Price(&mut self.cur_prc, Dir { scale: 0, documented: true })`
pub struct Slot {
    variant: &'static str,
    arguments: Vec<Cow<'static, str>>,
}

impl Slot {
    /// The slot of one key.
    pub fn of(f: &Field, tables: &Tables) -> Self {
        let (variant, extra) = match &f.kind {
            Kind::Text => ("Text", None),
            Kind::Reason => ("Reason", None),
            Kind::Count(n) => ("Count", Some(num(*n))),
            Kind::Decimal(n) => ("Decimal", Some(num(*n))),
            Kind::Percent(n) => ("Percent", Some(num(*n))),
            Kind::Price(d) => ("Price", Some(dir(*d))),
            Kind::Ratio(d) => ("Ratio", Some(dir(*d))),
            Kind::Sided => ("Sided", None),
            Kind::Unit(_, n) => ("Unit", Some(num(*n))),
            Kind::Date(l) => ("Date", Some(layout(*l))),
            Kind::Time(l) => ("Time", Some(layout(*l))),
            Kind::TimeMark(l) => ("TimeMark", Some(layout(*l))),
            Kind::DateTime(l) => ("DateTime", Some(layout(*l))),
            Kind::YearMonth(l) => ("YearMonth", Some(layout(*l))),
            Kind::StockCode(prefixed) => ("StockCode", Some(prefixed.to_string().into())),
            Kind::Id(_) => ("Id", None),
            Kind::Coded(set, codes) => ("Code", tables.name(set, codes).map(|t| format!("tables::{t}").into())),
            Kind::Secret => ("Secret", None),
            Kind::FilterMask => ("Mask", None),
            Kind::Joined(c) => ("Joined", Some(text::character(*c).into())),
            Kind::Embedded(_) => ("Embedded", None),
            Kind::Const(value) => return Self { variant: "Const", arguments: vec![text::quoted(value).into()] },
            Kind::List(_) => ("List", None),
            Kind::Tuples(_) => ("Tuples", None),
            Kind::Texts => ("Texts", None),
            Kind::Object(_) => ("Object", None),
        };
        let place = Cow::Owned(format!("&mut self.{}", f.place));
        Self { variant, arguments: [Some(place), extra].into_iter().flatten().collect() }
    }

    /// It alone in a block.
    pub fn write(&self, out: &mut String, depth: usize) {
        indent(out, depth);
        text::call(out, depth, (&format!("Slot::{}(", self.variant), &self.arguments, ")\n"));
    }

    fn line(&self) -> String {
        format!("Slot::{}({})", self.variant, self.arguments.join(", "))
    }
}

/// `match index { 0 => .., _ => .. }`
pub fn choose(out: &mut String, depth: usize, arms: &[Arm]) {
    indent(out, depth);
    out.push_str("match index {\n");
    for arm in arms {
        let numbers: Vec<String> = arm.numbers.iter().map(usize::to_string).collect();
        let pattern = if numbers.is_empty() { "_".to_owned() } else { numbers.join(" | ") };
        let line = format!("{pattern} => {}", arm.slot.line());
        indent(out, depth + 1);
        // The comma after it may stand beyond the room.
        if line.len() <= text::room(depth + 1) {
            out.push_str(&line);
            out.push_str(",\n");
        } else {
            out.push_str(&pattern);
            out.push_str(" => {\n");
            arm.slot.write(out, depth + 2);
            indent(out, depth + 1);
            out.push_str("}\n");
        }
    }
    indent(out, depth);
    out.push_str("}\n");
}

/// Chooses among many by halves, and among the last four by a `match`; `from` is the position of the first.
///
/// One `match` over many keys is a jump table, and its jump is mispredicted for nearly every field, because the decoder
/// asks for one place after the other; halves are branches that the processor learns. Worth a third of the time of a push.
pub fn halves(out: &mut String, depth: usize, (slots, from): (&[&Slot], usize)) {
    if let [only] = slots {
        only.write(out, depth);
        return;
    }
    if slots.len() <= 4 {
        let last = slots.len() - 1;
        let numbers = |i| if i == last { Vec::new() } else { vec![from + i] };
        let arms: Vec<Arm> = slots.iter().enumerate().map(|(i, slot)| Arm { numbers: numbers(i), slot }).collect();
        return choose(out, depth, &arms);
    }
    let (low, high) = slots.split_at(slots.len() / 2);
    let middle = from + low.len();
    indent(out, depth);
    out.push_str(&format!("if index < {middle} {{\n"));
    halves(out, depth + 1, (low, from));
    indent(out, depth);
    out.push_str("} else {\n");
    halves(out, depth + 1, (high, middle));
    indent(out, depth);
    out.push_str("}\n");
}

fn num(n: Num) -> Cow<'static, str> {
    match (n.scale, n.magnitude) {
        (0, false) => "Num::PLAIN".into(),
        (0, true) => "Num::MAGNITUDE".into(),
        (scale, false) => format!("Num::scaled({scale})").into(),
        (scale, true) => format!("Num {{ scale: {scale}, ..Num::MAGNITUDE }}").into(),
    }
}

fn dir(d: Dir) -> Cow<'static, str> {
    format!("Dir {{ scale: {}, documented: {} }}", d.scale, d.documented).into()
}

fn layout(l: Layout) -> Cow<'static, str> {
    let name = match l {
        Layout::Plain => "Layout::Plain",
        Layout::Marked => "Layout::Marked",
        Layout::Minute => "Layout::Minute",
        Layout::MinuteMarked => "Layout::MinuteMarked",
        Layout::Happened => "Layout::Happened",
    };
    name.into()
}
