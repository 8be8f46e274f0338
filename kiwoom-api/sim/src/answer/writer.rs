//! Spells a reply: every key of a record, as text of its kind.
//!
//! It knows kinds and how the broker writes them: signs, padding, blanks, prefixes. What is not given is made up, from the
//! seed, so that it is the same each time.

use std::cmp::Ordering;
use std::fmt::Write as _;

use kiwoom_api::endpoint::Meta;
use kiwoom_api::jiff::civil::{Date, DateTime};
use kiwoom_api::record::{Change, Layout, List, Record, Slot};
use kiwoom_api::value::Decimal;
use serde_json::Value;

use super::form::{Form, forms, moved, nothing, number_text, padded, price_text, scaled, shifted};
use super::given::{Given, Page, Told};
use super::quote::Quote;
use super::relations::{Texts, relate};
use super::{ROWS, words};
use crate::market::{Kind, LISTED};
use crate::session::trading_day_before;
use crate::view::View;

/// Spells the replies of one API.
pub(crate) struct Writer<'a> {
    view: &'a View<'a>,
    meta: &'static Meta,
    quote: Quote,
    /// Which page of a made-up list this is.
    pub page: usize,
}

/// One record of a reply.
struct Row<'a> {
    given: &'a Given,
    quote: Quote,
    number: usize,
    day: Date,
    /// Nothing is made up.
    is_all: bool,
    /// No field has a value.
    is_blank: bool,
}

impl<'a> Writer<'a> {
    pub fn new(view: &'a View<'a>, meta: &'static Meta, quote: Quote) -> Writer<'a> {
        Writer { view, meta, quote, page: 0 }
    }

    /// The body of a reply, without its envelope.
    pub fn reply(&self, record: &mut dyn Record, page: &Page) -> String {
        let (quote, day) = (self.quote.clone(), self.view.session.today());
        self.object(
            record,
            &Row { given: &page.head, quote, number: 0, day, is_all: page.is_all, is_blank: page.is_blank },
            page.rows.as_deref(),
        )
    }

    /// The values of a push, as an object.
    pub fn values(&self, record: &mut dyn Record, given: &Given) -> String {
        let (quote, day) = (self.quote.clone(), self.view.session.today());
        self.object(record, &Row { given, quote, number: 0, day, is_all: false, is_blank: false }, None)
    }

    fn object(&self, record: &mut dyn Record, row: &Row<'_>, rows: Option<&[Given]>) -> String {
        let mut out = String::from("{");
        for (key, json) in self.fields(record, row, rows) {
            if out.len() > 1 {
                out.push(',');
            }
            let _ = write!(out, "{}:{json}", Value::from(key));
        }
        out.push('}');
        out
    }

    /// Keys and values as JSON.
    fn fields(&self, record: &mut dyn Record, row: &Row<'_>, rows: Option<&[Given]>) -> Vec<(&'static str, String)> {
        let keys = record.keys();
        let count = keys.len() - record.spellings();
        let forms = forms(keys);
        let mut texts: Vec<Option<String>> = Vec::with_capacity(count);
        let mut structures = Vec::with_capacity(count);
        for (index, key) in keys[..count].iter().enumerate() {
            let key = key.trim_matches(['"', ':']);
            let structure = self.structure(&mut record.slot(index), key, row, rows);
            texts.push(structure.is_none().then(|| self.scalar((key, forms[index]), &mut record.slot(index), row)));
            structures.push(structure);
        }
        if !row.is_all {
            let is_made_up = |key: &str| row.given.get(key).is_none();
            let mut texts = Texts { record, texts: &mut texts, forms: &forms, is_made_up: &is_made_up };
            relate(self, &mut texts, &row.quote);
        }
        for change in record.changes() {
            self.agree(record, *change, row, (&mut texts, &forms));
        }
        let all = keys[..count].iter().zip(texts).zip(structures);
        all.map(|((key, text), structure)| {
            let json = structure.unwrap_or_else(|| Value::from(text.unwrap_or_default()).to_string());
            (key.trim_matches(['"', ':']), json)
        })
        .collect()
    }

    /// The JSON of a list or an object; `None` for scalars.
    fn structure(&self, slot: &mut Slot<'_>, key: &str, row: &Row<'_>, rows: Option<&[Given]>) -> Option<String> {
        Some(match slot {
            Slot::List(list) => self.list(*list, row, rows, Self::one),
            Slot::Tuples(list) => self.list(*list, row, rows, Self::tuple),
            Slot::Embedded(list) => Value::from(self.list(list.list_mut(), row, rows, Self::one)).to_string(),
            Slot::Texts(_) => Value::from(vec![Value::from(words::text(key, &row.quote))]).to_string(),
            Slot::Object(record) => self.object(*record, &Row { quote: row.quote.clone(), ..*row }, None),
            _ => return None,
        })
    }

    fn list(
        &self,
        list: &mut dyn List,
        row: &Row<'_>,
        rows: Option<&[Given]>,
        one: fn(&Self, &mut dyn Record, &Row<'_>) -> String,
    ) -> String {
        let none = Given::default();
        let count = rows.map_or(if row.is_all { 0 } else { ROWS }, <[Given]>::len);
        let mut day = row.day;
        let mut out = String::from("[");
        for number in 0..count {
            if number > 0 {
                out.push(',');
                day = trading_day_before(day);
            }
            let given = rows.map_or(&none, |rows| &rows[number]);
            let record = list.push();
            let quote = match rows {
                // rows that are given need no other instrument
                Some(_) => self.quote.clone(),
                None => {
                    let about = About::of(record);
                    let (of_day, quote) = self.quote_of(number, about, day);
                    day = of_day;
                    quote
                }
            };
            let row = Row { given, quote, number, day, is_all: rows.is_some(), is_blank: row.is_blank };
            out.push_str(&one(self, record, &row));
        }
        out.push(']');
        out
    }

    fn one(&self, record: &mut dyn Record, row: &Row<'_>) -> String {
        self.object(record, row, None)
    }

    /// A row by position.
    fn tuple(&self, record: &mut dyn Record, row: &Row<'_>) -> String {
        let values: Vec<String> = self.fields(record, row, None).into_iter().map(|(_, json)| json).collect();
        format!("[{}]", values.join(","))
    }

    /// The day and the instrument of a row: that of the request as it is or as it was on a day, or the next of its kind.
    fn quote_of(&self, number: usize, about: About, day: Date) -> (Date, Quote) {
        let place = self.page * ROWS + number;
        match about {
            About::Instrument => (day, self.next_of_kind(number)),
            About::Moment => (day, self.quote.clone()),
            About::Day => {
                let stock = self.view.market.find(&self.quote.code);
                let found = stock.and_then(|stock| Quote::of_day(stock, place));
                let (day, quote) = found.unwrap_or_else(|| (day, self.quote.clone()));
                (day, Quote { code: self.quote.code.clone(), ..quote })
            }
        }
    }

    fn next_of_kind(&self, number: usize) -> Quote {
        let all: Vec<Quote> = self.view.market.of(self.quote.kind).map(Quote::with_book).collect();
        let first = all.iter().position(|quote| quote.code == self.quote.code).unwrap_or(0);
        all.get((first + self.page * ROWS + number) % all.len().max(1)).cloned().unwrap_or_else(|| self.quote.clone())
    }

    fn scalar(&self, (key, form): (&str, Form), slot: &mut Slot<'_>, row: &Row<'_>) -> String {
        match row.given.get(key) {
            Some(Told::Text(text)) => text.clone(),
            Some(Told::Number(number)) => number_text(*number, slot, form),
            Some(Told::Price(price, previous)) => match slot {
                Slot::Price(_, dir) => price_text([*price, *previous], *dir, form),
                other => number_text(*price, other, form),
            },
            None if row.is_blank => String::new(),
            None if row.is_all => nothing(slot, form),
            None => self.made_up((key, form), slot, row),
        }
    }

    fn made_up(&self, (key, form): (&str, Form), slot: &mut Slot<'_>, row: &Row<'_>) -> String {
        let quote = &row.quote;
        let mut dice = self.dice(key, row);
        let now = row.day.to_datetime(self.view.session.now().time());
        match slot {
            Slot::Price(_, dir) => price_text([words::price(key, quote), quote.previous], *dir, form),
            Slot::Count(_, num) => {
                let number = words::count(key, quote).unwrap_or_else(|| dice.i64(0..100_000));
                scaled(number.into(), *num, form)
            }
            Slot::Decimal(_, num) => scaled(Decimal::from(dice.i64(0..100_000)), *num, form),
            Slot::Unit(_, num) => scaled(in_units(key, quote, &mut dice), *num, form),
            Slot::Percent(_, num) => {
                let rate = words::rate(key, quote).unwrap_or_else(|| Decimal::new(dice.i64(-900..900), 2));
                let text = shifted(rate, num.scale);
                if rate > Decimal::ZERO { format!("+{text}") } else { text }
            }
            Slot::Ratio(_, dir) => {
                let sign = if dice.bool() { "+" } else { "-" };
                format!("{sign}{}", shifted(Decimal::new(dice.i64(5_000..20_000), 2), dir.scale as i8))
            }
            Slot::Sided(_) => format!("{}{}", if dice.bool() { "+" } else { "-" }, dice.i64(1..500)),
            Slot::Text(_) => words::text(key, quote),
            Slot::Reason(_) => "0".to_owned(),
            Slot::Date(_, layout) => row.day.strftime(date_form(*layout)).to_string(),
            Slot::Time(_, layout) | Slot::TimeMark(_, layout) => now.strftime(time_form(*layout)).to_string(),
            Slot::DateTime(_, layout) => moment(now, *layout),
            Slot::YearMonth(_, layout) => {
                row.day.strftime(if *layout == Layout::Marked { "%Y-%m" } else { "%Y%m" }).to_string()
            }
            Slot::StockCode(_, prefix) => {
                let code = if matches!(quote.kind, Kind::Stock | Kind::Etf) { &quote.code } else { LISTED[0].code };
                format!("{}{code}", if *prefix { "A" } else { "" })
            }
            Slot::Id(id) if id.is_private() => self.view.account_no.to_owned(),
            Slot::Id(_) => self.id(key, quote, &mut dice),
            Slot::Code(..) if key == "stex_tp" && !quote.venue.is_empty() => quote.venue.to_owned(),
            Slot::Code(_, table) => {
                let codes: Vec<&str> = table.iter().map(|(code, _)| *code).filter(|code| !code.is_empty()).collect();
                if codes.is_empty() { String::new() } else { codes[dice.usize(..codes.len())].to_owned() }
            }
            Slot::Secret(_) => "SIM".to_owned(),
            Slot::Mask(_) => "000000000".to_owned(),
            Slot::Joined(parts, _) => {
                let code = quote.code.clone();
                if parts.push(&code).is_ok() { code } else { LISTED[0].code.to_owned() }
            }
            Slot::Const(text) => (*text).to_owned(),
            _ => String::new(),
        }
    }

    fn id(&self, key: &str, quote: &Quote, dice: &mut fastrand::Rng) -> String {
        let us = self.meta.menu.starts_with("미국");
        match key {
            _ if key.contains("ord_no") || key == "9203" || key == "904" => {
                let number = dice.u32(139..9_999);
                if us { format!("{number:09}") } else { format!("{number:07}") }
            }
            _ if key.contains("inds") || key.contains("sect") => "001".to_owned(),
            _ if key.contains("cd") || key.contains("code") || key == "9001" => quote.code.clone(),
            _ => "0".to_owned(),
        }
    }

    /// What the value of trades is counted in where it has a unit: millions of won, thousands of dollars.
    pub(super) fn value_unit(&self) -> i64 {
        if self.meta.menu.starts_with("미국") { 1_000 } else { 1_000_000 }
    }

    /// Makes a change and its sign code agree.
    fn agree(
        &self,
        record: &mut dyn Record,
        change: Change,
        row: &Row<'_>,
        (texts, forms): (&mut [Option<String>], &[Form]),
    ) {
        let (number, sign) = (usize::from(change.number), usize::from(change.sign));
        let key = |index: usize| record.keys()[index].trim_matches(['"', ':']);
        let told = [number, sign].map(|index| row.given.get(key(index)).is_some());
        if !told[0] && !row.is_all {
            let amount = match record.slot(number) {
                Slot::Decimal(_, num) => Some(moved(row.quote.change(), num.scale)),
                Slot::Percent(_, num) => Some(moved(row.quote.rate(), num.scale)),
                _ => None,
            };
            if let Some(amount) = amount {
                texts[number] = Some(padded(amount, forms[number]));
            }
        }
        let Some(text) = texts[number].clone() else { return };
        let amount: Decimal = text.trim_start_matches(['+', '-']).parse().unwrap_or_default();
        let side = match (amount.is_zero(), text.starts_with('-')) {
            (true, _) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Greater,
        };
        if !told[1]
            && !row.is_all
            && let Slot::Code(code, table) = record.slot(sign)
        {
            // the last code of a direction is the plain one; the first may be that of a price limit
            let found = table.iter().rev().find(|(_, index)| {
                code.set_index(*index);
                code.sign() == Some(side)
            });
            texts[sign] = found.map(|(wire, _)| (*wire).to_owned()).or(texts[sign].take());
        }
        if change.bare {
            texts[number] = Some(text.trim_start_matches(['+', '-']).to_owned());
        }
    }

    /// The same for the same seed, API, field and row.
    fn dice(&self, key: &str, row: &Row<'_>) -> fastrand::Rng {
        let text = [self.meta.id, key, &row.quote.code];
        let start = self.view.seed ^ ((row.number + self.page * ROWS) as u64);
        let seed = text
            .iter()
            .flat_map(|part| part.bytes())
            .fold(start, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        fastrand::Rng::with_seed(seed)
    }
}

/// A number that is counted in thousands or more.
fn in_units(key: &str, quote: &Quote, dice: &mut fastrand::Rng) -> Decimal {
    if key == "mac" {
        // hundreds of millions
        return (quote.last * Decimal::from(quote.listed) / Decimal::from(100_000_000)).trunc();
    }
    match words::count(key, quote) {
        // the volume of an index is counted in thousands already
        Some(number) if quote.kind == Kind::Index => number.into(),
        Some(number) => (number / 1_000).into(),
        None => dice.i64(1..10_000).into(),
    }
}

/// What the rows of a made-up list differ by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Each row names its instrument.
    Instrument,
    /// Each row is a day of one instrument.
    Day,
    /// Each row is another moment or another part of one instrument.
    Moment,
}

impl About {
    fn of(record: &mut dyn Record) -> About {
        let names = |key: &str| {
            let words = ["stk_cd", "stk_nm", "inds_cd", "inds_nm", "code", "name", "jmcode", "stk_infr", "9001", "302"];
            words.iter().any(|word| key.contains(word))
        };
        let keys = record.keys();
        let count = keys.len() - record.spellings();
        if keys[..count].iter().any(|key| names(key.trim_matches(['"', ':']))) {
            return About::Instrument;
        }
        let is_day = |slot: Slot<'_>| matches!(slot, Slot::Date(..));
        if (0..count).any(|index| is_day(record.slot(index))) { About::Day } else { About::Moment }
    }
}

fn date_form(layout: Layout) -> &'static str {
    if layout == Layout::Marked { "%Y-%m-%d" } else { "%Y%m%d" }
}

fn time_form(layout: Layout) -> &'static str {
    match layout {
        Layout::Marked => "%H:%M:%S",
        Layout::Minute => "%H%M",
        Layout::MinuteMarked => "%H:%M",
        _ => "%H%M%S",
    }
}

fn moment(at: DateTime, layout: Layout) -> String {
    at.strftime(if layout == Layout::Marked { "%Y-%m-%d %H:%M:%S" } else { "%Y%m%d%H%M%S" }).to_string()
}
