//! Spells a reply: every key of a record, as text of its kind.
//!
//! It knows kinds and how the broker writes them: signs, padding, blanks, prefixes. What is not given is made up, from the
//! seed, so that it is the same each time.

use std::cmp::Ordering;
use std::fmt::Write as _;

use kiwoom_api::endpoint::Meta;
use kiwoom_api::jiff::civil::{Date, DateTime};
use kiwoom_api::record::{Change, Dir, Layout, List, Num, Record, Slot};
use kiwoom_api::value::Decimal;
use serde_json::Value;

use super::given::{Given, Page, Told};
use super::quote::Quote;
use super::relations::{Texts, relate};
use super::{ROWS, pads, words};
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
    /// Places of padded numbers.
    places: usize,
    doubled: bool,
}

/// One record of a reply.
struct Row<'a> {
    given: &'a Given,
    quote: Quote,
    number: usize,
    day: Date,
    /// Nothing is made up.
    is_all: bool,
}

impl<'a> Writer<'a> {
    pub fn new(view: &'a View<'a>, meta: &'static Meta, quote: Quote) -> Writer<'a> {
        let (places, doubled) = (pads::places(meta.id), pads::is_doubled(meta.id));
        Writer { view, meta, quote, page: 0, places, doubled }
    }

    /// The body of a reply, without its envelope.
    pub fn reply(&self, record: &mut dyn Record, page: &Page) -> String {
        let (quote, day) = (self.quote.clone(), self.view.session.today());
        self.object(
            record,
            &Row { given: &page.head, quote, number: 0, day, is_all: page.is_all },
            page.rows.as_deref(),
        )
    }

    /// The values of a push, as an object.
    pub fn values(&self, record: &mut dyn Record, given: &Given) -> String {
        let (quote, day) = (self.quote.clone(), self.view.session.today());
        self.object(record, &Row { given, quote, number: 0, day, is_all: false }, None)
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
        let mut texts: Vec<Option<String>> = Vec::with_capacity(count);
        let mut structures = Vec::with_capacity(count);
        for (index, key) in keys[..count].iter().enumerate() {
            let key = key.trim_matches(['"', ':']);
            let structure = self.structure(&mut record.slot(index), key, row, rows);
            texts.push(structure.is_none().then(|| self.scalar(key, &mut record.slot(index), row)));
            structures.push(structure);
        }
        if !row.is_all {
            let is_made_up = |key: &str| row.given.get(key).is_none();
            relate(self, &mut Texts { record, texts: &mut texts, is_made_up: &is_made_up }, row.quote.last);
        }
        for change in record.changes() {
            self.agree(record, *change, row, &mut texts);
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
            // rows that are given need no other instrument
            let quote = if rows.is_some() { self.quote.clone() } else { self.quote_of(number) };
            let row = Row { given, quote, number, day, is_all: rows.is_some() };
            out.push_str(&one(self, list.push(), &row));
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

    /// The instrument of a row: that of the request, or the next of its kind.
    fn quote_of(&self, number: usize) -> Quote {
        let all: Vec<Quote> = self.view.market.of(self.quote.kind).map(Quote::of).collect();
        let first = all.iter().position(|quote| quote.code == self.quote.code).unwrap_or(0);
        all.get((first + self.page * ROWS + number) % all.len().max(1)).cloned().unwrap_or_else(|| self.quote.clone())
    }

    fn scalar(&self, key: &str, slot: &mut Slot<'_>, row: &Row<'_>) -> String {
        match row.given.get(key) {
            Some(Told::Text(text)) => text.clone(),
            Some(Told::Number(number)) => self.number(*number, slot),
            Some(Told::Price(price, previous)) => match slot {
                Slot::Price(_, dir) => self.price(*price, *previous, *dir),
                other => self.number(*price, other),
            },
            None if row.is_all => self.nothing(slot),
            None => self.made_up(key, slot, row),
        }
    }

    /// A field without a value: zero or blank.
    fn nothing(&self, slot: &Slot<'_>) -> String {
        match slot {
            Slot::Count(..) | Slot::Decimal(..) | Slot::Unit(..) => self.padded(Decimal::ZERO),
            Slot::Price(..) => self.padded(Decimal::ZERO),
            Slot::Percent(..) | Slot::Ratio(..) => "0.00".to_owned(),
            Slot::Reason(_) | Slot::Sided(_) => "0".to_owned(),
            Slot::Const(text) => (*text).to_owned(),
            _ => String::new(),
        }
    }

    fn made_up(&self, key: &str, slot: &mut Slot<'_>, row: &Row<'_>) -> String {
        let quote = &row.quote;
        let mut dice = self.dice(key, row);
        let now = row.day.to_datetime(self.view.session.now().time());
        match slot {
            Slot::Price(_, dir) => self.price(words::price(key, quote), quote.previous, *dir),
            Slot::Count(_, num) => {
                let number = words::count(key, quote).unwrap_or_else(|| dice.i64(0..100_000));
                self.scaled(number.into(), *num)
            }
            Slot::Decimal(_, num) => self.scaled(Decimal::from(dice.i64(0..100_000)), *num),
            Slot::Unit(_, num) => self.scaled(Decimal::from(dice.i64(1..10_000)), *num),
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

    /// A number in the unit of its field.
    pub(super) fn number(&self, number: Decimal, slot: &Slot<'_>) -> String {
        match slot {
            Slot::Count(_, num) | Slot::Decimal(_, num) | Slot::Unit(_, num) => self.scaled(number, *num),
            Slot::Percent(_, num) => shifted(number, num.scale),
            Slot::Price(_, dir) => self.padded(moved(number, dir.scale as i8)),
            _ => number.to_string(),
        }
    }

    fn scaled(&self, number: Decimal, num: Num) -> String {
        let text = self.padded(moved(number, num.scale));
        match text.strip_prefix('-') {
            Some(rest) if self.doubled => format!("--{rest}"),
            _ => text,
        }
    }

    /// Padded with zeros behind the sign, where the API does that.
    fn padded(&self, number: Decimal) -> String {
        let digits = number.abs().normalize().to_string();
        let sign = if number.is_sign_negative() && !number.is_zero() { "-" } else { "" };
        let places = self.places.saturating_sub(sign.len());
        format!("{sign}{digits:0>places$}")
    }

    /// A price with its direction; padded prices have none.
    fn price(&self, price: Decimal, previous: Decimal, dir: Dir) -> String {
        if self.places > 0 || price.is_zero() {
            return self.padded(moved(price, dir.scale as i8));
        }
        let sign = match price.cmp(&previous) {
            Ordering::Greater => "+",
            Ordering::Less => "-",
            Ordering::Equal if dir.documented => "",
            Ordering::Equal => " ",
        };
        format!("{sign}{}", shifted(price, dir.scale as i8))
    }

    /// Makes a change and its sign code agree.
    fn agree(&self, record: &mut dyn Record, change: Change, row: &Row<'_>, texts: &mut [Option<String>]) {
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
                texts[number] = Some(self.padded(amount));
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

/// The number with the point moved `scale` places to the right, as the wire leaves it out.
fn moved(number: Decimal, scale: i8) -> Decimal {
    let factor = Decimal::from(10_i64.pow(u32::from(scale.unsigned_abs())));
    if scale >= 0 {
        (number * factor).trunc_with_scale(if scale > 0 { 0 } else { number.scale() })
    } else {
        number / factor
    }
}

fn shifted(number: Decimal, scale: i8) -> String {
    moved(number, scale).to_string()
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
