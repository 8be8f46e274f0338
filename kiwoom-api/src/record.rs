//! The one contract between generated code and the runtime: a record is a list of keys and a typed place for each.
//!
//! Invariant: nothing below this module knows how many APIs there are, and nothing in `generated/`
//! knows how JSON is read or written, or that there is an HTTP client.

mod blank;

use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt;

use jiff::civil;
use rust_decimal::Decimal;

use crate::decode::{Decoded, decode, key_name};
use crate::encode::{Style, is_set, reply_text, write_code, write_scalar};
use crate::error::Kind;
use crate::error::redact::free_text;
use crate::value::id::REDACTED;
use crate::value::{
    Clock, CodeSet, CodeSlot, CodeTable, Directed, Embedded, Id, Joined, Mask, Percent, Price, Secret, Sided,
    StockCode, UnitSlot, YearMonth,
};

pub(crate) use self::blank::all_blank;
pub use self::blank::is_blank;

/// A struct whose fields can be reached by the position of their key.
///
/// Implemented by generated code only; requests, replies, rows and pushes are all records.
pub trait Record {
    /// The keys in documented order, each as it stands in JSON: `"stk_cd":`. Other spellings of a key follow at the end.
    fn keys(&self) -> &'static [&'static str];
    /// The place of key `index`, for decoding and encoding. There is no table of values beside it: a second one would
    /// double the code of a thousand records, so whoever has a record by `&` reads the places of a clone.
    fn slot(&mut self, index: usize) -> Slot<'_>;
    /// How many keys at the end of [`keys`](Record::keys) are other spellings: they are read, never written.
    #[doc(hidden)]
    fn spellings(&self) -> usize {
        0
    }
    /// The changes of the record that have a sign code beside them: decoding holds the two together.
    fn changes(&self) -> &'static [Change] {
        &[]
    }
    /// Whether all [`changes`](Self::changes) agree with their codes: asked after every row, so it must be quick.
    fn agrees(&self) -> bool {
        self.changes().is_empty()
    }
}

/// A change and the code that says its sign, by the positions of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number. Its sign must be the one that the code says.
    pub number: u16,
    /// The code.
    pub sign: u16,
    /// The wire leaves the sign of the number out: the code has it.
    pub bare: bool,
}

/// A number that may have a sign code beside it.
pub trait Signed {
    /// How it compares with zero.
    fn side(&self) -> Ordering;
}

impl Signed for Decimal {
    fn side(&self) -> Ordering {
        match (self.is_zero(), self.is_sign_negative()) {
            (true, _) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Greater,
        }
    }
}

impl Signed for Percent {
    fn side(&self) -> Ordering {
        self.0.side()
    }
}

impl Signed for i64 {
    fn side(&self) -> Ordering {
        self.cmp(&0)
    }
}

/// Whether a change has the sign that its code says. None, zero (small changes are rounded away) and unlisted codes do.
#[inline]
pub fn agree<N: Signed, S: CodeSet>(change: &Option<N>, sign: &Option<S>) -> bool {
    let (Some(change), Some(sign)) = (change, sign) else { return true };
    let side = change.side();
    let said = sign.index().and_then(|index| S::SIGNS.get(usize::from(index)));
    side == Ordering::Equal || said.is_none_or(|said| *said == side)
}

/// How a number stands on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Num {
    /// Digits after a decimal point that the wire leaves out (2: `352` is 3.52); below zero, places that the wire has moved
    /// the point to the left (-2: `0.5413` is 54.13).
    pub scale: i8,
    /// What a leading sign means.
    pub sign: Sign,
}

impl Num {
    /// The plain form: the point is where it stands, the sign is true.
    pub const PLAIN: Num = Num { scale: 0, sign: Sign::True };
    /// A value times 10^`scale`.
    pub const fn scaled(scale: i8) -> Num {
        Num { scale, sign: Sign::True }
    }
    /// The sign is decoration.
    pub const MAGNITUDE: Num = Num { scale: 0, sign: Sign::Decoration };
}

/// What the sign of a plain number means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// The number's own.
    #[default]
    True,
    /// Decoration: the magnitude counts.
    Decoration,
}

/// Where the digits of a directed value stand and what a missing sign says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dir {
    /// As in [`Num::scale`].
    pub scale: u8,
    /// The document says that a sign is part of the value: a bare one is then [`Direction::Flat`](crate::value::Direction).
    pub documented: bool,
}

/// Layout of a date or time in requests (replies are read in any of them).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// `20250908`, `170500`, `20250908170500`, `202509`
    #[default]
    Plain,
    /// `2025-09-08`, `17:05:00`, `2025-09-08 17:05:00`, `2025-09`
    Marked,
    /// `1705` for times
    Minute,
    /// `17:05` for times
    MinuteMarked,
    /// `170500` for times of something that may not happen: `000000` is no midnight but nothing, `None`
    Happened,
}

/// A typed place for one value.
#[non_exhaustive]
pub enum Slot<'a> {
    /// Text; blank is empty.
    Text(&'a mut String),
    /// The reason of something that may not have happened: `0` is none.
    Reason(&'a mut String),
    /// A whole number.
    Count(&'a mut Option<i64>, Num),
    /// An exact number.
    Decimal(&'a mut Option<Decimal>, Num),
    /// A percentage.
    Percent(&'a mut Option<Percent>, Num),
    /// A market price; 0 is no price.
    Price(&'a mut Option<Price>, Dir),
    /// A ratio whose sign is a direction.
    Ratio(&'a mut Option<Directed<Percent>>, Dir),
    /// A traded quantity whose sign is the side.
    Sided(&'a mut Option<Sided>),
    /// A number in a unit off base.
    Unit(&'a mut dyn UnitSlot, Num),
    /// A date.
    Date(&'a mut Option<civil::Date>, Layout),
    /// A time of day.
    Time(&'a mut Option<civil::Time>, Layout),
    /// A time of day, a closing mark, or an hour past 24.
    Clock(&'a mut Option<Clock>, Layout),
    /// Date and time.
    DateTime(&'a mut Option<civil::DateTime>, Layout),
    /// A month.
    YearMonth(&'a mut Option<YearMonth>, Layout),
    /// A domestic stock code; `true` where the A/J/Q prefix is documented.
    StockCode(&'a mut Option<StockCode>, bool),
    /// An identifier or code kept as text: order number, index code, ticker, code without a curated set.
    Id(&'a mut dyn Id),
    /// A code with a table of this field.
    Code(&'a mut dyn CodeSlot, CodeTable),
    /// A key or token.
    Secret(&'a mut Secret),
    /// Nine on/off digits and the like.
    Mask(&'a mut dyn Mask),
    /// Values joined by a separator in one string.
    Joined(&'a mut dyn Joined, char),
    /// A JSON array of objects inside one string.
    Embedded(&'a mut dyn Embedded),
    /// Always this text.
    Const(&'static str),
    /// An array of objects.
    List(&'a mut dyn List),
    /// An array of arrays of strings, by position.
    Tuples(&'a mut dyn List),
    /// An array of strings.
    Texts(&'a mut Vec<String>),
    /// An object.
    Object(&'a mut dyn Record),
}

/// A growing list of records.
pub trait List {
    /// Appends a default row and hands it out.
    fn push(&mut self) -> &mut dyn Record;
    /// Makes room for `more` rows.
    fn reserve(&mut self, more: usize);
    /// How many rows there are.
    fn len(&self) -> usize;
    /// No rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Row `index`.
    fn row(&mut self, index: usize) -> Option<&mut dyn Record>;
    /// Drops all rows (a key that is sent twice: the last one counts).
    fn clear(&mut self);
    /// Drops the rows from `length` on.
    fn truncate(&mut self, length: usize);
}

impl<R: Record + Default> List for Vec<R> {
    fn push(&mut self) -> &mut dyn Record {
        self.push(R::default());
        let last = self.len() - 1;
        &mut self[last]
    }
    fn reserve(&mut self, more: usize) {
        self.reserve(more);
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn row(&mut self, index: usize) -> Option<&mut dyn Record> {
        self.get_mut(index).map(|r| r as &mut dyn Record)
    }
    fn clear(&mut self) {
        self.clear();
    }
    fn truncate(&mut self, length: usize) {
        self.truncate(length);
    }
}

/// What every generated record has beside its data: `Debug`, `from_json`, and the wire form under the feature `serde`.
///
/// A derive on a thousand types costs seconds of compile time; this is one call each.
#[doc(hidden)]
#[macro_export]
macro_rules! glue {
    ($record:ident) => {
        // `inline`: compiled where it is used, not a thousand times in this crate (half of its release build).
        impl ::std::fmt::Debug for $record {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::record::debug(&mut self.clone(), stringify!($record), f)
            }
        }

        impl $record {
            /// Reads it from JSON, as for tests and stored replies. Values that do not fit are anomalies of the result.
            ///
            /// # Errors
            /// Text that is no JSON object.
            #[inline]
            pub fn from_json(text: &str) -> ::std::result::Result<$crate::Reply<Self>, $crate::Error> {
                $crate::record::from_json(text)
            }
        }

        $crate::__glue_serde!($record);
    };
}

/// The part of [`glue!`] that exists under the feature `serde` only. A macro of its own, because a `cfg` inside `glue!`
/// would be looked up in the crate that uses it.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __glue_serde {
    ($record:ident) => {
        impl $crate::stored::serde::Serialize for $record {
            fn serialize<S: $crate::stored::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::stored::serde::Serialize::serialize(&$crate::stored::Stored::new(&mut self.clone()), serializer)
            }
        }

        impl<'de> $crate::stored::serde::Deserialize<'de> for $record {
            fn deserialize<D: $crate::stored::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut record = Self::default();
                $crate::stored::restore(&mut record, deserializer)?;
                ::std::result::Result::Ok(record)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __glue_serde {
    ($record:ident) => {};
}

#[allow(unused_imports, reason = "used by generated code only")]
pub(crate) use crate::glue;

/// `from_json` of every record. Their own bodies are one call, because each is checked a thousand times.
#[doc(hidden)]
pub fn from_json<R: Record + Default>(text: &str) -> Result<crate::Reply<R>, crate::Error> {
    let mut record = R::default();
    let decoded = decode_into(&mut record, text)?;
    Ok(crate::Reply::from_decoded(record, decoded))
}

/// The broker's JSON of a record, the counterpart of its `from_json`: every documented key, `""` where unset.
///
/// For tests and canned replies; a whole reply body has the envelope (`"return_code":0`) beside these keys.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::id::ka10081::{Reply, Row};
/// use kiwoom_api::record::to_json;
/// use kiwoom_api::value::Price;
///
/// let row = Row { cur_prc: Some(Price::down(70_100)), ..Row::default() };
/// let reply = Reply { stk_dt_pole_chart_qry: vec![row], ..Reply::default() };
/// let again = Reply::from_json(&to_json(&reply).unwrap()).unwrap();
/// assert_eq!(again.stk_dt_pole_chart_qry[0].cur_prc, Some(Price::down(70_100)));
/// # }
/// ```
///
/// # Errors
/// A value that its field cannot have, such as a code that it does not offer.
pub fn to_json<R: Record + Clone>(record: &R) -> Result<String, crate::Error> {
    reply_text(&mut record.clone()).map_err(crate::Error::unencodable)
}

fn decode_into(record: &mut dyn Record, text: &str) -> Result<Decoded, crate::Error> {
    decode(text.as_bytes(), record).map_err(|cause| crate::Error::new(Kind::Decode(cause)))
}

/// `Debug` of every record: the fields that are set, by their wire names, with their wire texts.
///
/// Accounts and secrets are redacted, unset fields left out.
#[doc(hidden)]
pub fn debug(record: &mut dyn Record, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(name);
    for (index, key) in written(record).iter().enumerate() {
        let mut slot = record.slot(index);
        if is_set(&mut slot) {
            out.field(key_name(key), &Shown::new(slot));
        }
    }
    out.finish_non_exhaustive()
}

/// The keys that are written: all but other spellings.
pub(crate) fn written(record: &dyn Record) -> &'static [&'static str] {
    let keys = record.keys();
    &keys[..keys.len() - record.spellings()]
}

/// One value for `Debug` and logs, which have it by `&` only.
pub(crate) struct Shown<'a>(RefCell<Slot<'a>>);

impl<'a> Shown<'a> {
    fn new(slot: Slot<'a>) -> Self {
        Shown(RefCell::new(slot))
    }

    /// A record: [`debug`] without a name.
    pub fn record(record: &'a mut dyn Record) -> Self {
        Shown::new(Slot::Object(record))
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &mut *self.0.borrow_mut() {
            Slot::Secret(secret) => secret.fmt(f),
            Slot::Id(id) if id.is_private() => f.write_str(REDACTED),
            Slot::List(list) | Slot::Tuples(list) => show_list(*list, f),
            Slot::Embedded(list) => show_list(list.list_mut(), f),
            Slot::Texts(texts) => f.debug_list().entries(texts.iter().map(|text| free_text(text))).finish(),
            Slot::Object(record) => debug(*record, "", f),
            Slot::Code(code, table) => show_code(*code, table, f),
            slot => {
                let mut text = String::new();
                let _ = write_scalar(&mut text, slot, Style::Stored);
                match slot {
                    Slot::Text(_) | Slot::Reason(_) | Slot::Joined(..) => free_text(&text).fmt(f),
                    Slot::Id(_) => text.fmt(f),
                    _ => f.write_str(&text),
                }
            }
        }
    }
}

fn show_list(list: &mut dyn List, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_list();
    for row in 0..list.len() {
        if let Some(record) = list.row(row) {
            out.entry(&Shown::record(record));
        }
    }
    out.finish()
}

/// The name of the meaning, and the code that stands for it in this field.
fn show_code(code: &mut dyn CodeSlot, table: CodeTable, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut wire = String::new();
    let listed = write_code(&mut wire, code, table);
    match code.index().and_then(|index| code.names().get(usize::from(index))) {
        Some(name) if listed.is_ok() => write!(f, "{name}({wire:?})"),
        Some(name) => f.write_str(name),
        None => write!(f, "Unlisted({wire:?})"),
    }
}
