//! One value as a JSON schema: its text form, its codes, and what the text means.
//!
//! Patterns of requests match what the broker accepts; those of replies match every form that it was seen to send.

use kiwoom_spec::describe::Format;
use kiwoom_spec::errata::mended;
use serde_json::{Map, Value, json};

use super::words;
use crate::model::{Field, Id, Kind, Layout, Num, Set, Unit};

/// A number with anything the broker writes around it: blanks, doubled signs, groups, a percent sign.
const NUMBER: &str = r"^\s*[+-]{0,2}\s*([0-9,]*(\.[0-9]+)?%?)?\s*$";

/// A date or time in any layout; closing marks and empty ones (`:  :`) are digits and marks too.
const MOMENT: &str = r"^[0-9\s:./-]*$";

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the broker.
    Request,
    /// From the broker.
    Reply,
}

/// What is known around a field.
pub struct Around<'a> {
    /// Which way it goes.
    pub way: Way,
    /// It may be sent as `""`.
    pub blank: bool,
    /// The code sets of the model.
    pub sets: &'a [Set],
    /// The key of the code that has the sign of this number.
    pub sign_code: Option<&'a str>,
    /// The curated warning.
    pub note: Option<&'a str>,
}

/// The schema of a value that contains no others.
pub fn scalar(field: &Field, facts: &mended::Field, around: &Around<'_>) -> Value {
    let mut out = head(field, facts, around);
    out.insert("x-kind".to_owned(), json!(kind_word(&field.kind)));
    measures(&mut out, field, facts, around);
    let text = text(&field.kind, facts, around);
    match &field.kind {
        Kind::Const(value) => {
            out.insert("const".to_owned(), json!(value));
            out.insert("default".to_owned(), json!(value));
        }
        Kind::Secret => {
            out.insert("format".to_owned(), json!("password"));
        }
        Kind::Coded(set, table) => {
            let codes = Codes::of_set(set, table, facts, around);
            out.insert("x-code-set".to_owned(), json!(set));
            codes.add(&mut out, around.way == Way::Request, text);
        }
        _ => {
            let codes = Codes::of_text(facts, around);
            if codes.is_empty() {
                out.extend(text);
            } else {
                codes.add(&mut out, false, text);
            }
        }
    }
    if let (Way::Request, Some(default)) = (around.way, &field.default) {
        out.insert("default".to_owned(), json!(default));
    } else if around.blank && !out.contains_key("default") {
        out.insert("default".to_owned(), json!(""));
    }
    Value::Object(out)
}

/// Type, Korean label, English description.
pub fn head(field: &Field, facts: &mended::Field, around: &Around<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("string"));
    if !field.korean.trim().is_empty() {
        out.insert("x-korean-name".to_owned(), json!(field.korean.trim()));
    }
    let description = words::field(field, facts, around.note);
    if !description.is_empty() {
        out.insert("description".to_owned(), json!(description));
    }
    if field.key.bytes().all(|b| b.is_ascii_digit()) {
        out.insert("x-name".to_owned(), json!(field.place));
    }
    if let Some(length) = facts.length.as_ref().and_then(|l| l.parse::<u32>().ok()) {
        out.insert("x-length".to_owned(), json!(length));
    }
    out
}

/// Unit, sign, scale, width, layout.
fn measures(out: &mut Map<String, Value>, field: &Field, facts: &mended::Field, around: &Around<'_>) {
    let says = &facts.says;
    let mut add = |key: &str, value: Value| out.insert(key.to_owned(), value);
    if let Some((num, sign)) = number(&field.kind) {
        let unit = match &field.kind {
            Kind::Unit(unit, _) if *unit != Unit::ByRequest => words::own_unit(*unit).map(|u| json!(u)),
            _ => says.unit.map(|u| json!(u)),
        };
        let percent = matches!(field.kind, Kind::Percent(_) | Kind::Ratio(_));
        if let Some(unit) = unit.or_else(|| percent.then(|| json!("percent"))) {
            add("x-unit", unit);
        }
        if !says.units.is_empty() {
            add("x-units", json!(says.units));
        }
        if let Some(by) = &says.unit_by {
            add("x-unit-by", json!(by));
        }
        if around.way == Way::Reply {
            let sign = if facts.ruled.sign.as_deref() == Some("code") { "code" } else { sign };
            add("x-sign", json!(sign));
            if let Some(code) = around.sign_code {
                add("x-sign-code", json!(code));
            }
        }
        if num.scale != 0 {
            add("x-scale", json!(num.scale));
        }
        if let Some(decimals) = says.decimals {
            add("x-decimals", json!(decimals));
        }
    }
    if let Some(pad) = says.pad {
        add("x-pad", json!(pad));
    }
    if !says.formats.is_empty() {
        add("x-layout", json!(says.formats));
    }
    if let Some(threshold) = &says.threshold {
        add("x-lower-bound", json!(threshold));
    }
}

/// Scale and meaning of the sign of a number.
fn number(kind: &Kind) -> Option<(Num, &'static str)> {
    let plain = |n: &Num| (*n, if n.magnitude { "decoration" } else { "value" });
    match kind {
        Kind::Count(n) | Kind::Decimal(n) | Kind::Percent(n) | Kind::Unit(_, n) => Some(plain(n)),
        Kind::Price(d) | Kind::Ratio(d) => Some((Num { scale: d.scale.cast_signed(), magnitude: false }, "direction")),
        Kind::Sided => Some((Num::default(), "side")),
        _ => None,
    }
}

/// The plain text: type and pattern.
fn text(kind: &Kind, facts: &mended::Field, around: &Around<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("string"));
    let pattern = match around.way {
        Way::Reply if number(kind).is_some() => Some(NUMBER.to_owned()),
        Way::Reply => is_moment(kind).then(|| MOMENT.to_owned()),
        Way::Request => sent(kind, facts).map(|body| match around.blank {
            true => format!("^({body})?$"),
            false => format!("^({body})$"),
        }),
    };
    if let Some(pattern) = pattern {
        out.insert("pattern".to_owned(), json!(pattern));
    }
    out
}

fn is_moment(kind: &Kind) -> bool {
    matches!(kind, Kind::Date(_) | Kind::Time(_) | Kind::TimeMark(_) | Kind::DateTime(_) | Kind::YearMonth(_))
}

/// The form of a value in a request.
fn sent(kind: &Kind, facts: &mended::Field) -> Option<String> {
    let code = "[0-9A-Za-z][0-9A-Za-z_]{0,11}";
    if let Some((num, _)) = number(kind) {
        return Some(if num.scale > 0 { "-?[0-9]+".to_owned() } else { r"-?[0-9]+(\.[0-9]+)?".to_owned() });
    }
    let dated = |own: &str| {
        let documented: Vec<&str> = facts.says.formats.iter().map(|f| digits(*f)).collect();
        if documented.is_empty() { own.to_owned() } else { documented.join("|") }
    };
    match kind {
        Kind::Date(Layout::Marked) => Some(dated(digits(Format::DateDashed))),
        Kind::Date(_) => Some(dated(digits(Format::Date))),
        Kind::YearMonth(_) => Some(dated(digits(Format::Month))),
        Kind::Time(l) | Kind::TimeMark(l) => Some(dated(match l {
            Layout::Marked => digits(Format::TimeColons),
            Layout::Minute => digits(Format::Minute),
            Layout::MinuteMarked => digits(Format::MinuteColons),
            Layout::Plain | Layout::Happened => digits(Format::Time),
        })),
        Kind::DateTime(Layout::Marked) => Some(dated(digits(Format::DateTimeDashed))),
        Kind::DateTime(_) => Some(dated(digits(Format::DateTime))),
        Kind::StockCode(_) => Some(code.to_owned()),
        Kind::Joined(c) => {
            let joint = if c.is_ascii_alphanumeric() { c.to_string() } else { format!("[{c}]") };
            Some(format!("{code}({joint}{code})*"))
        }
        Kind::FilterMask => Some("[01]{9}".to_owned()),
        _ => None,
    }
}

/// The digits of a layout.
fn digits(format: Format) -> &'static str {
    match format {
        Format::Date => "[0-9]{8}",
        Format::DateDashed => "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        Format::Month => "[0-9]{6}",
        Format::Year | Format::MonthDay | Format::Minute => "[0-9]{4}",
        Format::Time => "[0-9]{6}",
        Format::TimeColons => "[0-9]{2}:[0-9]{2}:[0-9]{2}",
        Format::MinuteColons => "[0-9]{2}:[0-9]{2}",
        Format::DateTime => "[0-9]{14}",
        Format::DateTimeDashed => r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?",
    }
}

fn kind_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Reason => "text",
        Kind::Count(_) => "count",
        Kind::Decimal(_) => "decimal",
        Kind::Percent(_) => "percent",
        Kind::Price(_) => "price",
        Kind::Ratio(_) => "ratio",
        Kind::Sided => "sided-quantity",
        Kind::Unit(..) => "amount",
        Kind::Date(_) => "date",
        Kind::Time(_) => "time",
        Kind::TimeMark(_) => "clock",
        Kind::DateTime(_) => "date-time",
        Kind::YearMonth(_) => "month",
        Kind::StockCode(_) => "stock-code",
        Kind::Id(Id::OrderNo) => "order-number",
        Kind::Id(Id::AccountNo) => "account-number",
        Kind::Id(Id::IndexCode) => "index-code",
        Kind::Id(Id::GoldCode) => "gold-code",
        Kind::Id(Id::UsTicker) => "us-ticker",
        Kind::Id(Id::Code) | Kind::Coded(..) => "code",
        Kind::Secret => "secret",
        Kind::FilterMask => "mask",
        Kind::Joined(_) => "stock-codes",
        Kind::Const(_) => "constant",
        Kind::Embedded(_) | Kind::List(_) | Kind::Tuples(_) | Kind::Texts | Kind::Object(_) => "structure",
    }
}

/// The codes of a field with what they mean.
#[derive(Default)]
struct Codes(Vec<Code>);

struct Code {
    wire: String,
    name: String,
    english: String,
    korean: String,
}

impl Codes {
    fn of_set(name: &str, table: &[(String, u8)], facts: &mended::Field, around: &Around<'_>) -> Codes {
        let mut out = Codes::default();
        let set = around.sets.iter().find(|set| set.name == name);
        let variant = |at: u8| set.and_then(|set| set.variants.get(usize::from(at)));
        let mut written: Vec<u8> = Vec::new();
        for (wire, at) in table {
            let Some((name, labels)) = variant(*at) else { continue };
            // further spellings are read, never written
            if around.way == Way::Request && written.contains(at) {
                continue;
            }
            let nth = written.iter().filter(|seen| *seen == at).count();
            written.push(*at);
            let own = documented(facts, wire).or(labels.first().map(String::as_str)).unwrap_or_default();
            let name = if nth == 0 { name.clone() } else { format!("{name}{}", nth + 1) };
            let same = own.trim().eq_ignore_ascii_case(&name);
            let english = if same { own.trim().to_owned() } else { words::sentence(&name) };
            out.push(Code { wire: wire.clone(), name, english, korean: own.trim().to_owned() });
        }
        out.blank(around);
        out
    }

    /// Codes and values that no set takes: their labels are Korean only.
    fn of_text(facts: &mended::Field, around: &Around<'_>) -> Codes {
        let mut out = Codes::default();
        let says = &facts.says;
        let bounds = says
            .threshold
            .iter()
            .flat_map(|t| t.all.iter().cloned().chain(t.bounds.iter().map(|b| (b.clone(), b.clone()))));
        let values = says.values.iter().map(|v| (v.clone(), v.clone()));
        for (wire, label) in says.codes.iter().cloned().chain(bounds).chain(values) {
            let name = varname(&wire);
            out.push(Code { english: String::new(), korean: label.trim().to_owned(), wire, name });
        }
        if !out.is_empty() {
            out.blank(around);
        }
        out
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, code: Code) {
        if !self.0.iter().any(|known| known.wire == code.wire) {
            self.0.push(code);
        }
    }

    /// A request may leave the field blank.
    fn blank(&mut self, around: &Around<'_>) {
        if around.way == Way::Request && around.blank {
            let (name, english) = ("Unset".to_owned(), "Unset".to_owned());
            self.push(Code { wire: String::new(), name, english, korean: String::new() });
        }
    }

    /// Adds the list, closed or open; `text` is what else an open one takes.
    fn add(self, out: &mut Map<String, Value>, closed: bool, text: Map<String, Value>) {
        let lines: Vec<String> = self.0.iter().filter(|c| !c.wire.is_empty()).map(Code::line).collect();
        let before = out.get("description").and_then(Value::as_str).map_or_else(String::new, |d| format!("{d} "));
        out.insert("description".to_owned(), json!(format!("{before}Codes: {}.", lines.join(", "))));
        let all = |part: fn(&Code) -> &String| self.0.iter().map(part).collect::<Vec<_>>();
        let mut list = Map::new();
        list.insert("type".to_owned(), json!("string"));
        list.insert("enum".to_owned(), json!(all(|c| &c.wire)));
        list.insert("x-enum-varnames".to_owned(), json!(all(|c| &c.name)));
        if self.0.iter().any(|c| !c.english.is_empty()) {
            list.insert("x-enum-descriptions".to_owned(), json!(all(|c| &c.english)));
        }
        list.insert("x-enum-descriptions-ko".to_owned(), json!(all(|c| &c.korean)));
        if closed {
            out.extend(list);
        } else {
            out.insert("anyOf".to_owned(), json!([list, text]));
        }
    }
}

impl Code {
    fn line(&self) -> String {
        let wire = crate::doc::code(&self.wire);
        let korean = if self.korean == self.wire { "" } else { &self.korean };
        match (self.english.as_str(), korean) {
            ("", "") => wire,
            ("", korean) => format!("{wire} {korean}"),
            (english, "") => format!("{wire} {english}"),
            (english, korean) if english == korean => format!("{wire} {english}"),
            (english, korean) => format!("{wire} {english} ({korean})"),
        }
    }
}

/// The label that the field's own text gives a code.
fn documented<'a>(facts: &'a mended::Field, wire: &str) -> Option<&'a str> {
    facts.says.codes.iter().find(|(code, _)| code == wire).map(|(_, label)| label.as_str())
}

/// A name for a code that has none: `Code001`.
fn varname(wire: &str) -> String {
    let plain: String = wire.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("Code{plain}")
}
