//! What a field holds: the one place where evidence becomes a type.
//!
//! Order of evidence: nesting, errata, code lists and fixed values, the Korean label (with what the description adds:
//! unit, scale, sign, layout), the description alone, the example. Without any evidence it is text, and the docs say
//! so.

use kiwoom_spec::describe::{Facts, Format, Symbol, Unit as Word};
use kiwoom_spec::errata::mended::Field;
use kiwoom_spec::ir::Shape;
use kiwoom_spec::names::Names;
use kiwoom_spec::names::codes::{Found, Table};
use kiwoom_spec::names::fids::What;
use kiwoom_spec::names::labels::{Label, Question, Role};

use crate::model::{Dir, Evidence, Id, Kind, Layout, Num, Unit};

/// The surroundings of a field.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The curated tables.
    pub names: &'a Names,
    /// API id.
    pub api: &'a str,
    /// `domestic`, `us`, `oauth`.
    pub market: &'a str,
    /// It is sent, not received.
    pub request: bool,
}

impl<'a> Context<'a> {
    /// The instrument class of the API.
    pub fn class(&self) -> &'a str {
        self.names.labels.class(self.api, self.market)
    }

    /// The row of the label table about a field.
    pub fn row(&self, field: &Field) -> Option<&'a Label> {
        self.names.labels.find(self.question(field))
    }

    /// What is known of the zone of its times.
    pub fn zone(&self, field: &Field) -> Option<&'a str> {
        self.names.labels.zone(self.question(field))
    }

    fn question<'q>(&self, field: &'q Field) -> Question<'q>
    where
        'a: 'q,
    {
        let side = if self.request { "request" } else { "response" };
        Question { api: self.api, market: self.market, side, key: &field.key, label: &field.name }
    }
}

/// The kind of a field without deeper rows, named `ka10016.request.stex_tp`; `what` is its row in the FID table.
pub fn scalar(field: &Field, at: Context<'_>, path: &str, what: Option<&What>) -> (Kind, Evidence) {
    if let Some(kind) = field.ruled.kind.as_deref().and_then(|k| ruled(k, field)) {
        return (kind, Evidence::Curated);
    }
    if let Some(role) = field.ruled.sign.as_deref().and_then(sign_role) {
        return (by_role(role, field, field.says.unit, at.class()), Evidence::Curated);
    }
    let mut plain = false;
    match at.names.codes.find(path, &field.says.codes) {
        Found::Table(table) => {
            return (coded(table, what), if field.says.codes.is_empty() { Evidence::Curated } else { Evidence::Words });
        }
        Found::Plain => plain = true,
        Found::Nothing | Found::Several(_) => {}
    }
    if let (true, false, Some(text)) = (at.request, plain, constant(field)) {
        return (Kind::Const(text), Evidence::Words);
    }
    if field.seen.contains(&Shape::Strings) {
        return (Kind::Texts, Evidence::Nesting);
    }
    if let Some(what) = what {
        let role =
            if what.role == Role::Points && what.sign.as_deref() == Some("true") { Role::Change } else { what.role };
        let scaled = Facts { scale: what.scale.or(field.says.scale), ..field.says.clone() };
        let field = Field { says: scaled, ..field.clone() };
        return (by_role(role, &field, field.says.unit, at.class()), Evidence::Curated);
    }
    let row = at.row(field);
    // A list without a set is a code all the same, unless the label knows better (ranks, years, tickers).
    if has_list(field)
        && !plain
        && row.is_none_or(|r| matches!(r.role, Role::Code | Role::Flag | Role::Text | Role::Id))
    {
        return (Kind::Id(Id::Code), Evidence::Words);
    }
    if let Some(row) = row {
        return (by_role(row.role, field, field.says.unit, at.class()), Evidence::Label);
    }
    by_words(field, at.class())
        .map(|kind| (kind, Evidence::Words))
        .or_else(|| by_shape(&field.seen).map(|kind| (kind, Evidence::Example)))
        .unwrap_or((Kind::Text, Evidence::None))
}

/// What an erratum says of a sign; `code` (the sign stands in another field) changes no kind.
fn sign_role(word: &str) -> Option<Role> {
    match word {
        "true" => Some(Role::Change),
        "direction" => Some(Role::Price),
        "side" => Some(Role::Sided),
        "decoration" => Some(Role::Gross),
        _ => None,
    }
}

/// The table of a field; characters that may stand before a code are further spellings.
fn coded(table: Table, what: Option<&What>) -> Kind {
    let mut codes = table.codes.clone();
    for mark in what.and_then(|w| w.strip.as_deref()).unwrap_or_default().chars() {
        codes.extend(table.codes.iter().map(|(code, variant)| (format!("{mark}{code}"), *variant)));
    }
    Kind::Coded(table.set, codes)
}

fn ruled(kind: &str, field: &Field) -> Option<Kind> {
    let role: Role = kiwoom_spec::names::labels::role(kind)?;
    Some(by_role(role, field, field.says.unit, ""))
}

/// A field with one legal value is not a parameter.
fn constant(field: &Field) -> Option<String> {
    let says = &field.says;
    if let Some(fixed) = &says.fixed {
        return Some(fixed.clone());
    }
    match (says.codes.as_slice(), says.values.as_slice()) {
        // A lone code for 'all' says how to leave an identifier open; it is not the only value.
        ([(code, label)], []) if says.threshold.is_none() && !super::means_all(label) => Some(code.clone()),
        ([], [value]) => Some(value.clone()),
        _ => None,
    }
}

fn has_list(field: &Field) -> bool {
    let only_all = matches!(field.says.codes.as_slice(), [(_, label)] if super::means_all(label));
    !(field.says.codes.is_empty() || only_all) || !field.says.values.is_empty() || field.says.threshold.is_some()
}

fn by_role(role: Role, field: &Field, unit: Option<Word>, class: &str) -> Kind {
    let says = &field.says;
    let num = Num { scale: scale(field), magnitude: false };
    // A sign that only fills a padded width is a number format: no sign says nothing about the day before.
    let dir = Dir { scale: u8::try_from(num.scale).unwrap_or(0), documented: says.signed && says.pad.is_none() };
    let layout = layout(field);
    match role {
        // Index points quote like prices: their sign is a direction.
        Role::Price | Role::Points => Kind::Price(dir),
        Role::Average | Role::Change | Role::Number | Role::Quantity => Kind::Decimal(num),
        Role::Percent => Kind::Percent(num),
        Role::Ratio => Kind::Ratio(dir),
        Role::Sided => Kind::Sided,
        Role::Gross => {
            measured(field, unit, Num { magnitude: true, ..num }).unwrap_or(Kind::Count(Num { magnitude: true, ..num }))
        }
        Role::Count => measured(field, unit, num).unwrap_or(Kind::Count(num)),
        Role::Rank | Role::Year => Kind::Count(Num::default()),
        Role::Amount => measured(field, unit, num).unwrap_or(Kind::Decimal(num)),
        Role::Date => Kind::Date(layout),
        Role::Time => Kind::Time(layout),
        Role::EventTime => Kind::Time(Layout::Happened),
        Role::Clock => Kind::TimeMark(layout),
        Role::Datetime => Kind::DateTime(layout),
        Role::Month => Kind::YearMonth(layout),
        Role::StockCode => symbol(field, class),
        Role::IndexCode => Kind::Id(Id::IndexCode),
        Role::GoldCode => Kind::Id(Id::GoldCode),
        Role::UsTicker => Kind::Id(Id::UsTicker),
        Role::OrderNo => Kind::Id(Id::OrderNo),
        Role::AccountNo => Kind::Id(Id::AccountNo),
        Role::Id | Role::Code | Role::Flag => Kind::Id(Id::Code),
        Role::Text => Kind::Text,
        Role::Reason => Kind::Reason,
        Role::Secret => Kind::Secret,
        Role::Mask => Kind::FilterMask,
    }
}

fn symbol(field: &Field, class: &str) -> Kind {
    if let Some(separator) = field.says.joined.as_ref().and_then(|j| j.chars().next()) {
        return Kind::Joined(separator);
    }
    match class {
        "us" => Kind::Id(Id::UsTicker),
        "gold" => Kind::Id(Id::GoldCode),
        _ => Kind::StockCode(field.says.symbol.contains(&Symbol::TypePrefix)),
    }
}

/// A number in a unit off base, or one whose unit is chosen by the request.
fn measured(field: &Field, unit: Option<Word>, num: Num) -> Option<Kind> {
    if !field.says.units.is_empty() || field.says.unit_by.is_some() {
        return Some(Kind::Unit(Unit::ByRequest, num));
    }
    match unit? {
        Word::ThousandWon => Some(Unit::ThousandWon),
        Word::TenThousandWon => Some(Unit::TenThousandWon),
        Word::MillionWon => Some(Unit::MillionWon),
        Word::TenMillionWon => Some(Unit::TenMillionWon),
        Word::HundredMillionWon => Some(Unit::HundredMillionWon),
        Word::HundredShare => Some(Unit::HundredShares),
        Word::ThousandShare => Some(Unit::ThousandShares),
        Word::TenThousandShare => Some(Unit::TenThousandShares),
        Word::MillionShare => Some(Unit::MillionShares),
        Word::ThousandUsd => Some(Unit::ThousandUsd),
        Word::TenThousandUsd => Some(Unit::TenThousandUsd),
        Word::ThousandGram => Some(Unit::ThousandGrams),
        Word::Won | Word::Usd | Word::WonPerGram | Word::UsdPerOunce => return Some(Kind::Decimal(num)),
        _ => None,
    }
    .map(|unit| Kind::Unit(unit, num))
}

fn scale(field: &Field) -> i8 {
    field.says.scale.and_then(|s| i8::try_from(s).ok()).unwrap_or(0)
}

fn layout(field: &Field) -> Layout {
    // the loader of the errata takes no other sentinel than the midnight of times
    if field.ruled.sentinel.is_some() {
        return Layout::Happened;
    }
    match field.says.formats.first() {
        Some(Format::DateDashed | Format::TimeColons | Format::DateTimeDashed) => Layout::Marked,
        Some(Format::MinuteColons) => Layout::MinuteMarked,
        Some(Format::Minute) => Layout::Minute,
        _ => Layout::Plain,
    }
}

fn by_words(field: &Field, class: &str) -> Option<Kind> {
    let says = &field.says;
    let num = Num { scale: scale(field), magnitude: false };
    if says.joined.is_some() || !says.symbol.is_empty() {
        return Some(symbol(field, class));
    }
    if let [format] = says.formats[..] {
        let layout = layout(field);
        return match format {
            Format::Date | Format::DateDashed => Some(Kind::Date(layout)),
            Format::Month => Some(Kind::YearMonth(layout)),
            Format::Time | Format::TimeColons | Format::MinuteColons | Format::Minute => Some(Kind::TimeMark(layout)),
            Format::DateTime | Format::DateTimeDashed => Some(Kind::DateTime(layout)),
            Format::Year | Format::MonthDay => Some(Kind::Text),
        };
    }
    if let Some(kind) = measured(field, says.unit, num) {
        return Some(kind);
    }
    match says.unit {
        Some(Word::Percent | Word::PercentPoint) => return Some(Kind::Percent(num)),
        Some(Word::Share | Word::Gram | Word::Issue | Word::Case | Word::Person | Word::Day | Word::Contract) => {
            return Some(Kind::Count(num));
        }
        Some(_) => return Some(Kind::Decimal(num)),
        None => {}
    }
    (says.signed || says.decimals.is_some() || says.scale.is_some()).then_some(Kind::Decimal(num))
}

/// Not "an integer because the example was one": a new example must not change a type.
fn by_shape(seen: &[Shape]) -> Option<Kind> {
    let all = |allowed: &[Shape]| {
        let filled: Vec<&Shape> = seen.iter().filter(|s| **s != Shape::Blank).collect();
        !filled.is_empty() && filled.iter().all(|s| allowed.contains(s))
    };
    if all(&[Shape::Date]) {
        return Some(Kind::Date(Layout::Plain));
    }
    if all(&[Shape::DateTime]) {
        return Some(Kind::DateTime(Layout::Plain));
    }
    // Padded digits may be an identifier; a sign or a point makes a number.
    if all(&[
        Shape::Int,
        Shape::SignedInt,
        Shape::Decimal,
        Shape::SignedDecimal,
        Shape::DoubleSign,
        Shape::PaddedDecimal,
    ]) && seen.iter().any(|s| !matches!(s, Shape::Int | Shape::Blank))
    {
        return Some(Kind::Decimal(Num::default()));
    }
    all(&[Shape::Text, Shape::Code, Shape::Int, Shape::Padded, Shape::Zeros, Shape::Marked, Shape::BlankPadded])
        .then_some(Kind::Text)
}
