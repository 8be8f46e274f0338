//! Records in plain form: flat, one column a key, through the same tables as everything else.
//!
//! A record is written as a struct, because CSV takes no maps, and read as a map.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use rust_decimal::prelude::ToPrimitive;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::decode::{key_name, set_text};
use crate::json::encode::{Style, write_scalar};
use crate::record::{List, Record, Slot, written};
use crate::value::plain::{FromPlain, Plain, amount, clock_of, code_name, read_number, set_code_name, write_number};
use crate::value::{Directed, Direction, Percent, Side, Sided};

/// Behind the key of a price or a ratio.
const DIRECTION: &str = "_direction";
/// Behind the key of a traded quantity.
const SIDE: &str = "_side";

/// Reads a record that is empty so far.
pub fn read<'de, D: Deserializer<'de>>(record: &mut dyn Record, deserializer: D) -> Result<(), D::Error> {
    RecordSeed(record).deserialize(deserializer)
}

/// Writes a record. The columns do not depend on the values: a table has the same ones in every row.
pub fn write<S: Serializer>(record: &mut dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
    let keys = written(record);
    let columns = (0..keys.len()).map(|index| columns(&record.slot(index))).sum();
    let mut out = serializer.serialize_struct("Record", columns)?;
    for (index, key) in keys.iter().enumerate() {
        let key = key_name(key);
        let beside = match record.slot(index) {
            Slot::Secret(_) => continue,
            Slot::Price(price, _) => Some((DIRECTION, price.and_then(|price| price.direction).map(Direction::name))),
            Slot::Ratio(ratio, _) => Some((DIRECTION, ratio.and_then(|ratio| ratio.direction).map(Direction::name))),
            Slot::Sided(sided) => {
                let side = sided.and_then(|sided| sided.side);
                Some((SIDE, side.as_ref().and_then(side_name)))
            }
            _ => None,
        };
        out.serialize_field(key, &Cell(RefCell::new(record.slot(index))))?;
        if let Some((suffix, text)) = beside {
            out.serialize_field(sibling(key, suffix), &text)?;
        }
    }
    out.end()
}

fn columns(slot: &Slot<'_>) -> usize {
    match slot {
        Slot::Secret(_) => 0,
        Slot::Price(..) | Slot::Ratio(..) | Slot::Sided(_) => 2,
        _ => 1,
    }
}

/// Names of columns must live as long as the program. There are a few hundred at most, because keys come from the tables of the
/// specification, and each is made once.
fn sibling(key: &'static str, suffix: &'static str) -> &'static str {
    static NAMES: Mutex<BTreeMap<(&str, &str), &str>> = Mutex::new(BTreeMap::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.entry((key, suffix)).or_insert_with(|| format!("{key}{suffix}").leak())
}

/// The side of a trade is one of two, or none.
fn side_name(side: &Side) -> Option<&'static str> {
    match side {
        Side::Buy => Some("Buy"),
        Side::Sell => Some("Sell"),
        Side::Unlisted(_) => None,
    }
}

/// One value on its way out.
struct Cell<'a>(RefCell<Slot<'a>>);

struct Inner<'a>(RefCell<&'a mut dyn Record>);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&mut **self.0.borrow_mut(), serializer)
    }
}

fn write_rows<S: Serializer>(list: &mut dyn List, serializer: S) -> Result<S::Ok, S::Error> {
    let mut rows = serializer.serialize_seq(Some(list.len()))?;
    for row in 0..list.len() {
        if let Some(record) = list.row(row) {
            rows.serialize_element(&Inner(RefCell::new(record)))?;
        }
    }
    rows.end()
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = match &mut *self.0.borrow_mut() {
            Slot::Count(count, _) => return count.serialize(serializer),
            Slot::Sided(sided) => return sided.map(|sided| sided.qty).serialize(serializer),
            Slot::Decimal(number, _) => **number,
            Slot::Percent(percent, _) => percent.map(|percent| percent.0),
            Slot::Price(price, _) => price.map(|price| price.amount),
            Slot::Ratio(ratio, _) => ratio.map(|ratio| ratio.amount.0),
            Slot::Unit(unit, _) => unit.get(),
            Slot::Text(text) | Slot::Reason(text) => return serializer.serialize_str(text),
            Slot::Date(date, _) => return Plain(&**date).serialize(serializer),
            Slot::Time(time, _) => return Plain(&**time).serialize(serializer),
            Slot::TimeMark(clock, _) => return Plain(&**clock).serialize(serializer),
            Slot::DateTime(at, _) => return Plain(&**at).serialize(serializer),
            Slot::YearMonth(month, _) => return Plain(&**month).serialize(serializer),
            Slot::StockCode(code, _) => return (**code).map(Plain).serialize(serializer),
            Slot::Id(id) => return id.text().serialize(serializer),
            Slot::Code(code, _) => return code_name(&**code).serialize(serializer),
            Slot::List(list) | Slot::Tuples(list) => return write_rows(*list, serializer),
            Slot::Embedded(list) => return write_rows(list.list_mut(), serializer),
            Slot::Texts(texts) => return texts.serialize(serializer),
            Slot::Object(record) => return write(*record, serializer),
            Slot::Const(text) => return serializer.serialize_str(text),
            other @ (Slot::Mask(_) | Slot::Joined(..)) => {
                let mut text = String::new();
                write_scalar(&mut text, other, Style::Stored).map_err(serde::ser::Error::custom)?;
                return Some(text).filter(|text| !text.is_empty()).serialize(serializer);
            }
            Slot::Secret(_) => None,
        };
        match number {
            Some(number) => write_number(number, serializer),
            None => serializer.serialize_none(),
        }
    }
}

/// A record on its way in.
struct RecordSeed<'a>(&'a mut dyn Record);

/// The content of a second column, whose number may come later.
enum Beside {
    Direction(Direction),
    Side(Side),
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let keys = self.0.keys();
        let place = |name: &str| keys.iter().position(|key| key_name(key) == name);
        let mut beside: Vec<(usize, Beside)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let said = |problem| A::Error::custom(format_args!("{name}: {problem}"));
            if let Some(index) = place(&name) {
                map.next_value_seed(CellSeed(self.0.slot(index))).map_err(said)?;
            } else if let Some(index) = name.strip_suffix(DIRECTION).and_then(place) {
                let direction = map.next_value::<Option<Direction>>().map_err(said)?;
                beside.extend(direction.map(|direction| (index, Beside::Direction(direction))));
            } else if let Some(index) = name.strip_suffix(SIDE).and_then(place) {
                let side = map.next_value::<Option<Side>>().map_err(said)?;
                beside.extend(side.map(|side| (index, Beside::Side(side))));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        for (index, beside) in beside {
            match (self.0.slot(index), beside) {
                (Slot::Price(Some(price), _), Beside::Direction(direction)) => price.direction = Some(direction),
                (Slot::Ratio(Some(ratio), _), Beside::Direction(direction)) => ratio.direction = Some(direction),
                (Slot::Sided(Some(sided)), Beside::Side(side)) => sided.side = Some(side),
                // beside a value that is not there, or a column of somebody else
                _ => {}
            }
        }
        Ok(())
    }
}

/// One value on its way in.
struct CellSeed<'a>(Slot<'a>);

impl<'de> DeserializeSeed<'de> for CellSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for CellSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value in plain form")
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0 {
            Slot::Text(to) | Slot::Reason(to) => *to = String::deserialize(deserializer)?,
            Slot::Count(to, _) => *to = Some(whole(deserializer)?),
            Slot::Sided(to) => *to = Some(Sided { qty: whole(deserializer)?, side: None }),
            Slot::Decimal(to, _) => *to = Some(read_number(deserializer)?),
            Slot::Percent(to, _) => *to = Some(Percent(read_number(deserializer)?)),
            Slot::Price(to, _) => {
                let amount = amount(read_number(deserializer)?).map_err(D::Error::custom)?;
                *to = Some(Directed { amount, direction: None });
            }
            Slot::Ratio(to, _) => {
                let amount = amount(read_number(deserializer)?).map_err(D::Error::custom)?;
                *to = Some(Directed { amount: Percent(amount), direction: None });
            }
            Slot::Unit(to, _) => to.set(Some(read_number(deserializer)?)),
            Slot::Date(to, _) => *to = Some(FromPlain::from_plain(deserializer)?),
            Slot::Time(to, _) => *to = Some(FromPlain::from_plain(deserializer)?),
            Slot::DateTime(to, _) => *to = Some(FromPlain::from_plain(deserializer)?),
            Slot::YearMonth(to, _) => *to = Some(FromPlain::from_plain(deserializer)?),
            Slot::StockCode(to, _) => *to = Some(FromPlain::from_plain(deserializer)?),
            Slot::TimeMark(to, _) => {
                let text = String::deserialize(deserializer)?;
                *to = Some(clock_of(&text).ok_or_else(|| D::Error::custom("not a time of day"))?);
            }
            Slot::Id(to) => to.set(&String::deserialize(deserializer)?),
            Slot::Code(to, _) => {
                let text = String::deserialize(deserializer)?;
                set_code_name(to, &text).ok_or_else(|| D::Error::custom("longer than any code"))?;
            }
            slot @ (Slot::Mask(_) | Slot::Joined(..)) => {
                let text = String::deserialize(deserializer)?;
                set_text(slot, &text).map_err(|doubt| D::Error::custom(format_args!("{doubt:?}")))?;
            }
            Slot::List(list) | Slot::Tuples(list) => deserializer.deserialize_seq(ListSeed(list))?,
            Slot::Embedded(list) => deserializer.deserialize_seq(ListSeed(list.list_mut()))?,
            Slot::Texts(texts) => *texts = Vec::deserialize(deserializer)?,
            Slot::Object(record) => RecordSeed(record).deserialize(deserializer)?,
            Slot::Const(_) | Slot::Secret(_) => drop(IgnoredAny::deserialize(deserializer)?),
        }
        Ok(())
    }
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = read_number(deserializer)?;
    number.to_i64().filter(|_| number.fract().is_zero()).ok_or_else(|| D::Error::custom("not a whole number"))
}

struct ListSeed<'a>(&'a mut dyn List);

impl<'de> Visitor<'de> for ListSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.clear();
        loop {
            let length = self.0.len();
            if seq.next_element_seed(RecordSeed(self.0.push()))?.is_none() {
                // the place that was made for a row that did not come
                self.0.truncate(length);
                return Ok(());
            }
        }
    }
}
