//! The one contract between generated code and the runtime: a record is a list of keys and a typed place for each.
//!
//! Invariant: nothing below this module knows how many APIs there are, and nothing in `generated/`
//! knows how JSON is read or written, or that there is an HTTP client.

mod keys;
mod list;
mod same;

use std::cmp::Ordering;

use jiff::civil;
use rust_decimal::Decimal;

pub use self::keys::Keys;
pub use self::list::{List, Space};
#[doc(hidden)]
pub use self::same::same;
use crate::value::{
    CodeSet, CodeSlot, CodeTable, Directed, Id, Joined, Mask, Percent, Price, Secret, Sided, StockCode, TimeMark,
    UnitSlot, YearMonth,
};
pub use crate::value::{Dir, Layout, Num, Sign};

/// A struct whose fields are accessible by the position of their key.
///
/// Implemented by generated code only; requests, replies, rows and pushes are all records.
pub trait Record {
    /// Its keys in documented order, and what it belongs to.
    fn keys(&self) -> &'static Keys;
    /// The place of key `index`, for decoding and encoding. There is no second, read-only table: it would double the
    /// code of a thousand records. To read a record behind `&`, clone it and read the places of the clone.
    fn slot(&mut self, index: usize) -> Slot<'_>;
    /// How many keys at the end of [`keys`](Record::keys) are other spellings: they are read, never written.
    #[doc(hidden)]
    fn spellings(&self) -> usize {
        0
    }
    /// The changes of the record that have a sign code: decoding compares the two.
    fn changes(&self) -> &'static [Change] {
        &[]
    }
    /// Whether all [`changes`](Self::changes) agree with their codes. Called after every row, so it must be quick.
    fn agrees(&self) -> bool {
        self.changes().is_empty()
    }
}

/// A change and the code that says its sign, by the positions of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number. Its sign must match the code.
    pub number: u16,
    /// The code.
    pub sign: u16,
    /// The wire omits the sign of the number: the code holds it.
    pub bare: bool,
}

/// A number that may have a sign code.
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

/// Whether a change has the sign of its code. None, zero (small changes are rounded away) and unlisted codes pass.
#[inline]
pub fn agree<N: Signed, S: CodeSet>(change: &Option<N>, sign: &Option<S>) -> bool {
    let (Some(change), Some(sign)) = (change, sign) else { return true };
    let side = change.side();
    let said = sign.index().and_then(|index| S::SIGNS.get(usize::from(index)));
    side == Ordering::Equal || said.is_none_or(|said| *said == side)
}

/// A typed place for one value.
#[non_exhaustive]
pub enum Slot<'a> {
    /// Text; a blank value is empty.
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
    /// A number in a unit other than the base unit.
    Unit(&'a mut dyn UnitSlot, Num),
    /// A date.
    Date(&'a mut Option<civil::Date>, Layout),
    /// A time of day.
    Time(&'a mut Option<civil::Time>, Layout),
    /// A time of day, a closing mark, or an hour past 24.
    TimeMark(&'a mut Option<TimeMark>, Layout),
    /// Date and time.
    DateTime(&'a mut Option<civil::DateTime>, Layout),
    /// A month.
    YearMonth(&'a mut Option<YearMonth>, Layout),
    /// A domestic stock code; `true` if the A/J/Q prefix is documented.
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
    /// A constant text.
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

/// A list of records that is JSON inside a string on the wire (usa20512 `stk_cd`).
pub trait Embedded {
    /// The list.
    fn list_mut(&mut self) -> &mut dyn List;
}

impl<R: Record + Default> Embedded for Vec<R> {
    fn list_mut(&mut self) -> &mut dyn List {
        self
    }
}

/// A reply that holds one list.
pub trait Listing: Record + Default {
    /// A row of it.
    type Row: Record + Default + Send + 'static;
    /// The rows.
    fn rows(&self) -> &[Self::Row];
    /// The rows, for taking them out: what remains is the head of the reply.
    fn rows_mut(&mut self) -> &mut Vec<Self::Row>;
    /// The rows, by value.
    fn into_rows(mut self) -> Vec<Self::Row> {
        std::mem::take(self.rows_mut())
    }
}

/// The meaning of a code in one field, for codes that mean different things in different fields.
///
/// ```
/// # #[cfg(feature = "us-chart")] {
/// use kiwoom_api::codes::UsExchange;
/// use kiwoom_api::record::{code_in, meaning_in};
/// use kiwoom_api::us::chart::DailyChart;
///
/// assert_eq!(meaning_in::<DailyChart, UsExchange>("stex_tp", "ND"), Some(UsExchange::Nasdaq));
/// assert_eq!(code_in::<DailyChart, UsExchange>("stex_tp", UsExchange::Nasdaq), Some("ND"));
/// assert_eq!(meaning_in::<DailyChart, UsExchange>("stex_tp", "XX"), None);
/// # }
/// ```
///
/// `None` if the record has no such field of this set, or the field no such code.
pub fn meaning_in<R: Empty, C: CodeSet>(field: &str, code: &str) -> Option<C> {
    let table = table_of(&mut R::empty(), field, C::NAMES)?;
    let (_, index) = table.iter().chain(C::SPELLINGS).find(|(known, _)| *known == code)?;
    C::from_index(*index)
}

/// The code that a field sends for a meaning: what [`meaning_in`] reads. `None` if it has no code for it.
pub fn code_in<R: Empty, C: CodeSet>(field: &str, meaning: C) -> Option<&'static str> {
    let table = table_of(&mut R::empty(), field, C::NAMES)?;
    let index = meaning.index()?;
    table.iter().find(|(_, known)| *known == index).map(|(code, _)| *code)
}

/// The codes of a field, if it is one of a set with these meanings.
fn table_of(record: &mut dyn Record, field: &str, names: &[&str]) -> Option<CodeTable> {
    let at = record.keys().iter().position(|key| key.trim_matches(['"', ':']) == field)?;
    match record.slot(at) {
        Slot::Code(slot, table) if slot.names() == names => Some(table),
        _ => None,
    }
}

/// A record before anybody has set a field. Every record has one; only what is complete like that has a public `Default`.
#[doc(hidden)]
pub trait Empty: Record {
    /// Filters at their neutral codes, everything else unset.
    fn empty() -> Self;
}

impl<R: Record + Default> Empty for R {
    fn empty() -> R {
        R::default()
    }
}

/// The keys that are written: all but other spellings.
pub(crate) fn written(record: &dyn Record) -> &'static [&'static str] {
    let keys = record.keys().names;
    &keys[..keys.len() - record.spellings()]
}

/// A record without keys: only the envelope matters.
pub(crate) struct Nothing;

impl Record for Nothing {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Nothing", names: &[] }
    }

    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Const("")
    }
}
