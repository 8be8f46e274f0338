//! What the docs of fields and structs say: derived from facts, never copied from the sheets.

use std::collections::BTreeSet;

use kiwoom_spec::describe::{Format, Unit as Word};
use kiwoom_spec::errata::mended;
use kiwoom_spec::ir::Source;
use kiwoom_spec::names::Glossary;
use kiwoom_spec::names::labels::bare;

use crate::doc::{code, escape};
use crate::model::{Api, Field, Kind, Layout, MemberType, Mock, Protocol, Set, Struct};

/// More codes than this are listed one a line.
const SHORT_LIST: usize = 6;

/// Whose price a price is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The market's.
    Market,
    /// One's own order or fill has it.
    Own,
}

/// Labels of prices of one's own orders and fills.
const OWN: [&str; 10] = [
    "주문가격",
    "주문단가",
    "정정단가",
    "체결단가",
    "단위체결가",
    "스톱가",
    "STOP가격",
    "주문STOP가격",
    "조건단가",
    "정정조건단가",
];

impl Whose {
    /// A fill (체결가) is one's own beside the number of an order or what one paid.
    pub fn of(label: &str, labels: &BTreeSet<String>) -> Self {
        let label = bare(label);
        let fill = || label == "체결가" && ["주문번호", "매입단가"].iter().any(|beside| labels.contains(*beside));
        let own = OWN.contains(&label.as_str()) || fill();
        if own { Self::Own } else { Self::Market }
    }
}

/// The lines of a field.
pub fn field(facts: &mended::Field, kind: &Kind, whose: Whose, glossary: &Glossary) -> Vec<String> {
    let label = if facts.name.is_empty() { code(&facts.key) } else { named(&facts.name, glossary) };
    let mut lines = vec![format!("{label}."), String::new()];
    lines.extend(meaning(facts, kind, whose));
    let says = &facts.says;
    // Fields with a set say their codes in terms of its variants, once the sets are known.
    if !says.codes.is_empty() && !matches!(kind, Kind::Coded(..)) {
        list(&mut lines, "Codes", says.codes.iter().map(|(c, l)| format!("{} {}", code(c), escape(l))).collect());
    }
    if !says.values.is_empty() && !matches!(kind, Kind::Coded(..)) {
        list(&mut lines, "Values", says.values.iter().map(|v| code(v)).collect());
    }
    if let Some(threshold) = &says.threshold {
        let unit = threshold.unit.map_or("", unit_word);
        let bounds = threshold.bounds.iter().map(|b| code(b)).collect();
        let scale = if threshold.multiplier == 1 { String::new() } else { format!(" × {}", threshold.multiplier) };
        list(
            &mut lines,
            &format!("Lower bounds (the code{scale}{}{unit})", if unit.is_empty() { "" } else { " " }),
            bounds,
        );
        if let Some((all, label)) = &threshold.all {
            lines.push(format!("No bound: {} {}.", code(all), escape(label)));
        }
    }
    if let Some(blank) = &says.blank {
        lines.push(format!("Unset: {}.", escape(blank)));
    }
    // Where codes stand beside it, it binds only what is none of them; the note of the field says so.
    if let Some(max) = says.max.filter(|_| says.codes.is_empty()) {
        lines.push(format!("At most {max}."));
    }
    if !says.see.is_empty() {
        lines.push(format!("See {}.", says.see.iter().map(|s| code(s)).collect::<Vec<_>>().join(", ")));
    }
    if facts.ruled.sign.as_deref() == Some("code") {
        lines.push("The wire leaves its sign out; it is taken from the change sign.".to_owned());
    }
    if matches!(kind, Kind::Time(Layout::Happened) | Kind::TimeMark(Layout::Happened)) {
        lines.push("`000000` on the wire says that it has not happened: `None`.".to_owned());
    }
    if !facts.ruled.aliases.is_empty() {
        lines.push(format!(
            "Also read as {}.",
            facts.ruled.aliases.iter().map(|a| code(a)).collect::<Vec<_>>().join(", ")
        ));
    }
    if facts.source == Source::Example && !facts.name.is_empty() {
        lines.push("Only the document's example shows it.".to_owned());
    }
    tidy(&mut lines);
    lines
}

/// A Korean label with its English before it, where the glossary covers it.
fn named(korean: &str, glossary: &Glossary) -> String {
    match glossary.gloss(korean) {
        Some(english) => format!("{} ({})", escape(&english), escape(korean.trim())),
        None => escape(korean),
    }
}

/// A label in English: its gloss, or itself where it has nothing to translate.
pub fn english(korean: &str, glossary: &Glossary) -> String {
    let korean = korean.trim();
    glossary.gloss(korean).or_else(|| korean.is_ascii().then(|| korean.to_owned())).unwrap_or_default()
}

/// The line among the docs of a field that says what it counts.
pub fn counts(docs: &[String]) -> &str {
    let says = |line: &&String| {
        ["Unit: ", "Market price", "Price of an", "Percent", "Ratio in", "Traded"].iter().any(|w| line.starts_with(w))
    };
    docs.iter().find(says).map_or("", String::as_str)
}

/// Puts what binds all values of a request or reply behind its first line.
pub fn note_struct(s: &mut Struct, note: Option<&str>) {
    if let Some(note) = note {
        s.docs.splice(1..1, [String::new(), note.to_owned()]);
    }
}

/// Puts the curated note of a field before everything else: the first line is what lists and completions show.
pub fn warn_first(lines: &mut Vec<String>, note: Option<&str>) {
    if let Some(note) = note {
        lines.splice(0..0, [note.to_owned(), String::new()]);
    }
}

/// Puts the unit that a curated note gives where the documents give none.
pub fn unit_of_note(lines: &mut [String], unit: Option<&str>) {
    let Some(unit) = unit else { return };
    for line in lines.iter_mut().filter(|line| line.starts_with("Unit: not documented")) {
        *line = format!("Unit: {unit}.");
    }
}

/// Says which parameter picks the size of a quantity, where another one chooses between money and quantities.
pub fn size(lines: &mut Vec<String>, facts: &mended::Field, request: &[mended::Field]) {
    let measured = facts.says.unit_by.as_deref() == Some("amt_qty_tp");
    if let Some(size) = request.iter().find(|f| f.key == "unit_tp").filter(|_| measured) {
        lines.push(format!("Of quantities, {} picks thousand or single shares.", code(&size.key)));
    }
}

/// Says whose wall time a time is.
pub fn zone(lines: &mut Vec<String>, kind: &Kind, says: Option<&str>) {
    let (Kind::Time(_) | Kind::TimeMark(_) | Kind::DateTime(_), Some(says)) = (kind, says) else { return };
    if lines.len() == 1 {
        lines.push(String::new());
    }
    lines.push(format!("Time zone: {says}."));
}

/// No blank line at the end and never two in a row.
pub fn tidy(lines: &mut Vec<String>) {
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
}

fn list(lines: &mut Vec<String>, head: &str, items: Vec<String>) {
    if items.len() <= SHORT_LIST {
        lines.push(format!("{head}: {}.", items.join(", ")));
    } else {
        lines.push(String::new());
        lines.push(format!("{head}:"));
        lines.extend(items.into_iter().map(|i| format!("* {i}")));
        // A line right after a list would belong to its last item.
        lines.push(String::new());
    }
}

/// One line on unit, sign, scale and layout.
fn meaning(facts: &mended::Field, kind: &Kind, whose: Whose) -> Option<String> {
    let unit = facts.says.unit.map_or("", unit_word);
    let or_silent =
        |words: &str| if words.is_empty() { "Unit: not documented".to_owned() } else { format!("Unit: {words}") };
    let by = facts
        .says
        .unit_by
        .as_ref()
        .map_or_else(String::new, |by| format!(" unless {} asks for {}", code(by), other(by)));
    let scaled = |scale: i8| match scale {
        0 => String::new(),
        1.. => format!("; the wire leaves {scale} decimal places out"),
        _ => format!("; the wire has the point {} places too far left", scale.unsigned_abs()),
    };
    let text = match kind {
        Kind::Price(d) if whose == Whose::Own => {
            let place = if unit.is_empty() {
                "Price of an order or fill".to_owned()
            } else {
                format!("Price of an order or fill, {unit}")
            };
            format!("{place}{by}; 0 on the wire says that there is none{}", scaled(d.scale as i8))
        }
        Kind::Price(d) => {
            let place = if unit.is_empty() { "Market price".to_owned() } else { format!("Market price, {unit}") };
            format!("{place}{by}; the sign on the wire is a direction{}", scaled(d.scale as i8))
        }
        Kind::Ratio(d) => format!("Ratio in percent; the sign on the wire is a direction{}", scaled(d.scale as i8)),
        Kind::Sided => {
            let unit = if unit.is_empty() { String::new() } else { format!(", {unit}") };
            format!("Traded quantity{unit}; the sign on the wire is the side")
        }
        Kind::Reason => "`0` on the wire says that there is none".to_owned(),
        Kind::Percent(n) => format!("Percent{}", scaled(n.scale)),
        Kind::Count(n) if n.magnitude => format!("{}; a sign on the wire is decoration", or_silent(unit)),
        Kind::Decimal(n) if n.magnitude => format!("{}; a sign on the wire is decoration", or_silent(unit)),
        Kind::Count(n) | Kind::Decimal(n) if unit.is_empty() && facts.says.unit_by.is_some() => {
            format!("Unit: chosen in the request{}{}", chooser(facts), scaled(n.scale))
        }
        Kind::Count(n) | Kind::Decimal(n) => format!("{}{by}{}", or_silent(unit), scaled(n.scale)),
        Kind::Unit(crate::model::Unit::ByRequest, n) => {
            let units: Vec<&str> = facts.says.units.iter().map(|u| unit_word(*u)).collect();
            let units = match (units.is_empty(), unit.is_empty()) {
                (false, _) => format!(" ({})", units.join(" or ")),
                (true, false) => format!(" ({unit} or {})", facts.says.unit_by.as_deref().map_or("another", other)),
                (true, true) => match facts.says.unit_by.as_deref().map(other) {
                    Some("won") => " (the foreign currency or won)".to_owned(),
                    _ => String::new(),
                },
            };
            format!("Unit: chosen in the request{}{units}{}", chooser(facts), scaled(n.scale))
        }
        Kind::Unit(_, n) => format!("{}{}", or_silent(unit), scaled(n.scale)),
        Kind::Date(_) | Kind::Time(_) | Kind::TimeMark(_) | Kind::DateTime(_) | Kind::YearMonth(_) => {
            // ka10004 says YYYYMMDD of a time
            let fits = |f: &&Format| of_kind(**f, kind);
            let formats: Vec<&str> = facts.says.formats.iter().filter(fits).map(|f| format_word(*f)).collect();
            return (!formats.is_empty()).then(|| {
                format!("On the wire: {}.", formats.iter().map(|f| code(f)).collect::<Vec<_>>().join(" or "))
            });
        }
        Kind::StockCode(true) => "The prefix letter of the wire (A stock, J ELW, Q ETN) is taken off".to_owned(),
        Kind::Joined(c) => format!("Several codes; {} joins them on the wire", code(&c.to_string())),
        Kind::Embedded(_) => "A list; on the wire it is JSON inside a string".to_owned(),
        _ => return None,
    };
    Some(format!("{text}."))
}

/// What the parameter that chooses a unit can ask for beside the documented one.
fn other(by: &str) -> &'static str {
    match by {
        "fc_krw_tp" | "exrt_appl_tp" => "won",
        "amt_qty_tp" | "indc_tp" => "a quantity",
        _ => "another",
    }
}

/// ` by` and the parameter of the request that chooses the unit.
fn chooser(facts: &mended::Field) -> String {
    facts.says.unit_by.as_ref().map_or_else(String::new, |by| format!(" by {}", code(by)))
}

/// Says the codes of each field with a set: variant, wire code, Korean label.
pub fn codes(api: &mut Api, sets: &[Set]) {
    let bodies = api.request.iter_mut().map(|r| &mut r.body);
    for record in bodies.chain([&mut api.reply]).chain(&mut api.push).chain(&mut api.nested) {
        for field in &mut record.fields {
            let Kind::Coded(name, table) = &field.kind else { continue };
            let Some(set) = sets.iter().find(|s| s.name == *name) else { continue };
            let mut seen = Vec::new();
            let mut lines = Vec::new();
            let items = table.iter().filter_map(|(wire, variant)| {
                let (variant, labels) = set.variants.get(usize::from(*variant))?;
                let first = !seen.contains(variant);
                seen.push(variant.clone());
                let label = labels.first().map_or_else(String::new, |l| format!(" {}", escape(l)));
                first.then(|| format!("`{variant}` = {}{label}", code(wire)))
            });
            let items = items.collect();
            list(&mut lines, "Codes", items);
            if field.docs.len() == 1 {
                field.docs.push(String::new());
            }
            field.docs.extend(lines);
            if let Some(default) = &field.default {
                let variant =
                    table.iter().find(|(c, _)| c == default).and_then(|(_, v)| set.variants.get(usize::from(*v)));
                let variant = variant.map_or_else(|| code(default), |(name, _)| format!("`{name}`"));
                field.docs.push(String::new());
                field.docs.push(format!("Default: {variant}."));
            }
            tidy(&mut field.docs);
            let (ident, docs) = (field.ident.clone(), field.docs.clone());
            if let Some(member) =
                record.members.iter_mut().find(|m| m.ident == ident && matches!(m.ty, MemberType::One(_)))
            {
                member.docs = docs;
            }
        }
    }
}

/// `1` 금액
pub fn choice(facts: &mended::Field, value: &str) -> String {
    let all = facts.says.codes.iter().chain(facts.says.threshold.iter().flat_map(|t| &t.all));
    let label = all.into_iter().find(|(c, _)| c == value).map(|(_, l)| format!(" {}", escape(l)));
    format!("{}{}", code(value), label.unwrap_or_default())
}

/// The docs of an API's structs.
pub fn structs(api: &mut Api, glossary: &Glossary) {
    let (korean, title) = (escape(&api.korean), api.title());
    let source = format!("Source: {} {korean}, {}.", code(&api.id), escape(&api.menu));
    let name = api.name.clone();
    if let Some(request) = &mut api.request {
        request.body.docs = vec![format!("{title}: the request of {}.", code(&api.id)), String::new(), source.clone()];
        if api.mock == Mock::No {
            request.body.docs.push("The mock server does not offer it.".to_owned());
        }
    }
    let reply = match api.protocol {
        Protocol::Realtime => format!("{title}: one push of the realtime topic {}.", code(&api.id)),
        _ => format!("{title}: the reply to [`{name}`]."),
    };
    api.reply.docs = vec![reply, String::new(), source.clone()];
    // the struct that a reader finds first: a topic is its record, a question its request
    let first = api.request.as_mut().map_or(&mut api.reply, |request| &mut request.body);
    if !api.via.is_empty() {
        first.docs.insert(2, format!("In code: {}.", code(&api.via)));
        first.docs.insert(3, String::new());
    }
    if let Some(push) = &mut api.push {
        push.docs = vec![format!("{title}: one push after [`{name}`]."), String::new(), source.clone()];
    }
    let owners: Vec<(String, Field)> = std::iter::once(&api.reply)
        .chain(api.request.as_ref().map(|r| &r.body))
        .chain(&api.push)
        .chain(&api.nested)
        .flat_map(|s: &Struct| s.fields.iter().map(|f| (s.name.clone(), f.clone())))
        .collect();
    for inner in &mut api.nested {
        let owner = owners.iter().find(|(_, f)| match &f.kind {
            Kind::List(n) | Kind::Tuples(n) | Kind::Object(n) | Kind::Embedded(n) => *n == inner.name,
            _ => false,
        });
        if let Some((owner, field)) = owner {
            let label = if field.korean.is_empty() { code(&field.key) } else { named(&field.korean, glossary) };
            inner.docs =
                vec![format!("{label}: one element of [`{owner}::{}`].", field.ident), String::new(), source.clone()];
        }
    }
}

/// A unit in English.
pub fn unit_word(unit: Word) -> &'static str {
    match unit {
        Word::Won => "won",
        Word::ThousandWon => "thousand won",
        Word::MillionWon => "million won",
        Word::TenMillionWon => "ten million won",
        Word::HundredMillionWon => "hundred million won",
        Word::Share => "shares",
        Word::HundredShare => "hundred shares",
        Word::ThousandShare => "thousand shares",
        Word::TenThousandShare => "ten thousand shares",
        Word::MillionShare => "million shares",
        Word::Issue => "issues",
        Word::Case => "cases",
        Word::Person => "persons",
        Word::Percent => "percent",
        Word::PercentPoint => "percentage points",
        Word::Point => "index points",
        Word::Usd => "USD",
        Word::ThousandUsd => "thousand USD",
        Word::Gram => "grams",
        Word::WonPerGram => "won per gram",
        Word::UsdPerOunce => "USD per ounce",
        Word::Times => "times",
        Word::Day => "days",
        Word::Contract => "contracts",
        Word::TenThousandWon => "ten thousand won",
        Word::Underlying => "won, or points where the underlying is an index",
        Word::TenThousandUsd => "ten thousand USD",
        Word::ThousandGram => "thousand grams",
        Word::Foreign => "the foreign currency of the account or row",
        Word::WonOrShare => "won or shares, by the row",
        Word::WonOrGram => "won or grams, by the row",
        Word::WonPerForeign => "won for one unit of the foreign currency",
        Word::WonPerQuote => {
            "won for one unit of the currency beside it; for 100 of JPY, VND and IDR, as they are quoted"
        }
        Word::Place => "places in a ranking",
        Word::Occasion => "how many times",
        Word::Tick => "ticks",
        Word::Minute => "minutes",
        Word::Month => "a month of the year",
        Word::Year => "a calendar year",
        Word::Plain => "none, a plain number",
        _ => "",
    }
}

/// Whether a layout can be one of a kind.
fn of_kind(format: Format, kind: &Kind) -> bool {
    let date = matches!(format, Format::Date | Format::DateDashed);
    let time = matches!(format, Format::Time | Format::TimeColons | Format::MinuteColons | Format::Minute);
    match kind {
        Kind::Time(_) | Kind::TimeMark(_) => time,
        Kind::Date(_) => date || matches!(format, Format::DateTime | Format::DateTimeDashed),
        Kind::YearMonth(_) => matches!(format, Format::Month),
        Kind::DateTime(_) => !time,
        _ => true,
    }
}

/// A layout as the documents write it.
pub fn format_word(format: Format) -> &'static str {
    match format {
        Format::Date => "YYYYMMDD",
        Format::DateDashed => "YYYY-MM-DD",
        Format::Month => "YYYYMM",
        Format::Year => "YYYY",
        Format::MonthDay => "MMDD",
        Format::Time => "HHmmss",
        Format::TimeColons => "HH:mm:ss",
        Format::MinuteColons => "HH:mm",
        Format::Minute => "HHmm",
        Format::DateTime => "YYYYMMDDHHmmss",
        Format::DateTimeDashed => "YYYY-MM-DD HH:mm:ss",
    }
}
