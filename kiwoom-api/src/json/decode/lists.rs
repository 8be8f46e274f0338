//! Lists: of objects, of lists by position, of texts, and what stands in their place.

use super::cursor::Lexeme;
use super::outcome::{Anomaly, DecodeError, Spot, Why};
use super::walk::{Decoder, KeyOrder};
use crate::record::{List, Record};
use crate::value::Doubt;

/// Rows reserved at once after the first one, so that a hostile text cannot make a small page ask for much memory.
const RESERVE: usize = 1024;

/// The memory a text in a list takes besides its characters: its slot, which may have been doubled, and its own
/// allocation.
const TEXT: usize = 2 * size_of::<String>() + 16;

impl Decoder<'_> {
    /// A list of objects; the cursor stands on `[`.
    #[inline(never)]
    pub(super) fn rows(&mut self, list: &mut dyn List, key: &'static str, place: Spot<'_>) -> Result<(), DecodeError> {
        let mut order = KeyOrder::default();
        let mut row = 0;
        // a list in each of many rows is short, as a rule
        let outermost = matches!(place, Spot::Top);
        let place = Spot::Key(&place, key);
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                let start = self.cursor.at;
                if self.cursor.peek() == b'{' {
                    self.make_room(list)?;
                    self.object(list.push(), &mut order, Spot::Row(&place, row))?;
                    if row == 0 && outermost {
                        let left = self.cursor.bytes().len() - self.cursor.at;
                        let held = list.held();
                        list.reserve((left / (self.cursor.at - start)).min(RESERVE));
                        self.take(list.held().saturating_sub(held))?;
                    }
                } else {
                    self.no_row(Spot::Row(&place, row), "an object")?;
                }
                row += 1;
                if self.cursor.ends(b']')? {
                    break;
                }
            }
        }
        self.cursor.leave();
        self.done.rows += list.len();
        Ok(())
    }

    /// An element of a list that is none of its rows. `null` is as good as nothing.
    #[cold]
    fn no_row(&mut self, place: Spot<'_>, expected: &'static str) -> Result<(), DecodeError> {
        let raw = match self.cursor.token()? {
            Lexeme::Null => return Ok(()),
            Lexeme::Text(text) => text,
            Lexeme::Number(text) | Lexeme::Bool(text) => text.into(),
            Lexeme::Object => "{..}".into(),
            Lexeme::Array => "[..]".into(),
        };
        self.done.doubt(|| Anomaly::new(place, &raw, expected, Doubt::Shape));
        Ok(())
    }

    /// One object where a list is documented: one row, and worth a note.
    #[cold]
    pub(super) fn lone_row(
        &mut self,
        list: &mut dyn List,
        key: &'static str,
        place: Spot<'_>,
    ) -> Result<(), DecodeError> {
        list.clear();
        let place = Spot::Key(&place, key);
        self.done.doubt(|| Anomaly::new(place, "{..}", "a list of objects", Doubt::Shape));
        self.done.rows += 1;
        self.make_room(list)?;
        self.object(list.push(), &mut KeyOrder::default(), Spot::Row(&place, 0))
    }

    /// Makes room for the next row of `list`, if there may be one.
    #[inline]
    fn make_room(&mut self, list: &mut dyn List) -> Result<(), DecodeError> {
        match list.grow() {
            0 => Ok(()),
            grown => self.take(grown),
        }
    }

    /// Uses up memory that a hostile text could ask for many times over: capacities of lists, and what small texts take
    /// beside themselves.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), DecodeError> {
        match self.room.checked_sub(bytes) {
            Some(left) => {
                self.room = left;
                Ok(())
            }
            None => Err(self.cursor.error(Why::Room)),
        }
    }

    /// A list of lists by position; an object in it goes by its keys (`TRAPS.md` trap_05).
    #[inline(never)]
    pub(super) fn tuples(
        &mut self,
        list: &mut dyn List,
        key: &'static str,
        place: Spot<'_>,
    ) -> Result<(), DecodeError> {
        if self.cursor.peek() == b'{' {
            return self.lone_row(list, key, place);
        }
        let mut order = KeyOrder::default();
        let mut row = 0;
        let place = Spot::Key(&place, key);
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                let here = Spot::Row(&place, row);
                match self.cursor.peek() {
                    b'{' => {
                        self.make_room(list)?;
                        self.object(list.push(), &mut order, here)?;
                    }
                    b'[' => {
                        self.make_room(list)?;
                        self.tuple(list.push(), here)?;
                    }
                    _ => self.no_row(here, "a list")?,
                }
                row += 1;
                if self.cursor.ends(b']')? {
                    break;
                }
            }
        }
        self.cursor.leave();
        self.done.rows += list.len();
        Ok(())
    }

    fn tuple(&mut self, record: &mut dyn Record, place: Spot<'_>) -> Result<(), DecodeError> {
        let keys = record.keys();
        let mut index = 0;
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                match keys.get(index) {
                    Some(key) => self.odd_value(record.slot(index), key, place, (&mut 0, index))?,
                    None => {
                        self.done.note_unknown("(more values than documented)");
                        self.cursor.pass()?;
                    }
                }
                index += 1;
                if self.cursor.ends(b']')? {
                    break;
                }
            }
        }
        self.cursor.leave();
        self.agree(record, place);
        Ok(())
    }

    pub(super) fn texts(
        &mut self,
        texts: &mut Vec<String>,
        key: &'static str,
        place: Spot<'_>,
    ) -> Result<(), DecodeError> {
        let place = Spot::Key(&place, key);
        let mut row = 0;
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                match self.cursor.peek() {
                    b'"' => {
                        self.take(TEXT)?;
                        texts.push(self.cursor.string()?.into_owned());
                    }
                    b'-' | b'0'..=b'9' => {
                        self.take(TEXT)?;
                        if let Lexeme::Number(text) = self.cursor.token()? {
                            texts.push(text.to_owned());
                        }
                    }
                    _ => self.no_row(Spot::Row(&place, row), "a text")?,
                }
                row += 1;
                if self.cursor.ends(b']')? {
                    break;
                }
            }
        }
        self.cursor.leave();
        Ok(())
    }
}
