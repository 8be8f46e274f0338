//! Objects and lists: which key comes, which place it has, and the short cuts for plain values.

use super::cursor::{Cursor, Token};
use super::outcome::{Anomaly, DecodeError, Decoded, Place, Why, key_name};
use super::scalar::{clear, clear_slot, expected, is_private, set_code, set_string, set_text};
use super::{decode_list, scan};
use crate::record::{List, Record, Slot};
use crate::value::id::REDACTED;
use crate::value::number::Number;
use crate::value::{Doubt, Embedded, Reading};

/// Rows reserved at once after the first one, so that a hostile text cannot make a small page ask for much memory.
const RESERVE: usize = 1024;

/// The order in which keys really come: which key followed which. Empty is the documented order.
///
/// A key is guessed from the one before it and compared whole; only a wrong guess reads and searches it. The documented
/// order is right unless the broker changes it, and then the first row teaches the rest.
#[derive(Clone, Default)]
pub(super) struct Order {
    /// At `i`, the key that followed key `i - 1`.
    after: Vec<u16>,
}

impl Order {
    #[inline(always)]
    fn guess(&self, next: usize) -> usize {
        self.after.get(next).map_or(next, |guess| usize::from(*guess))
    }

    #[cold]
    fn learn(&mut self, next: usize, index: usize, keys: usize) {
        if self.after.is_empty() {
            self.after = (0..=keys as u16).collect();
        }
        if let Some(after) = self.after.get_mut(next) {
            *after = index as u16;
        }
    }
}

/// A decoder at work on one text.
pub(super) struct Walk<'a> {
    pub cursor: Cursor<'a>,
    pub done: Decoded,
}

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(Walk { cursor: Cursor::new(bytes)?, done: Decoded::default() })
    }

    pub fn finish(self) -> Decoded {
        self.done
    }

    /// The whole text is one object.
    pub fn document(&mut self, record: &mut dyn Record) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.peek() != b'{' {
            return Err(self.cursor.error(Why::NotAnObject));
        }
        self.object(record, &mut Order::default(), Place::Top)?;
        self.end()
    }

    /// The whole text is one list.
    pub fn array_document(&mut self, list: &mut dyn List) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.peek() != b'[' {
            return Err(self.cursor.error(Why::NotAnArray));
        }
        self.rows(list, "", Place::Top)?;
        self.end()
    }

    pub fn end(&mut self) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.at < self.cursor.bytes().len() { Err(self.cursor.error(Why::Trailing)) } else { Ok(()) }
    }

    /// One object into one record; the cursor stands on `{`.
    pub fn object(&mut self, record: &mut dyn Record, order: &mut Order, place: Place<'_>) -> Result<(), DecodeError> {
        let keys = record.keys();
        let mut next = 0;
        // objects that were filled already: a key that comes twice counts the last time only
        let mut filled = 0u64;
        self.cursor.enter()?;
        if self.cursor.peek() != b'}' {
            loop {
                match self.index_of_key(keys, next, order, place)? {
                    Some(index) => {
                        self.cursor.blanks();
                        self.value(record.slot(index), keys[index], place, (&mut filled, index))?;
                        next = index + 1;
                    }
                    None => {
                        self.cursor.blanks();
                        self.cursor.pass()?;
                    }
                }
                if self.cursor.ends(b'}')? {
                    break;
                }
            }
        }
        self.cursor.leave();
        Ok(())
    }

    /// The position of the key here, which is passed over with its colon; `None` if the record does not have it.
    #[inline(always)]
    fn index_of_key(
        &mut self,
        keys: &'static [&'static str],
        next: usize,
        order: &mut Order,
        place: Place<'_>,
    ) -> Result<Option<usize>, DecodeError> {
        let guess = order.guess(next);
        if let Some(key) = keys.get(guess)
            && self.cursor.bytes()[self.cursor.at..].starts_with(key.as_bytes())
        {
            self.cursor.at += key.len();
            return Ok(Some(guess));
        }
        self.search_key(keys, next, order, place)
    }

    #[inline(never)]
    fn search_key(
        &mut self,
        keys: &'static [&'static str],
        next: usize,
        order: &mut Order,
        place: Place<'_>,
    ) -> Result<Option<usize>, DecodeError> {
        let name = self.cursor.key()?;
        // what follows in the document is likelier than what is past
        let (past, coming) = keys.split_at(next.min(keys.len()));
        let is_it = |key: &&'static str| key_name(key) == name;
        let found = coming.iter().position(is_it).map(|i| i + next).or_else(|| past.iter().position(is_it));
        if let Some(index) = found {
            if order.guess(next) != index {
                order.learn(next, index, keys.len());
            }
            return Ok(Some(index));
        }
        if !(matches!(place, Place::Top) && self.envelope(&name)?) {
            self.done.note_unknown(&name);
        }
        Ok(None)
    }

    /// Notes a value of the envelope, without passing over it.
    pub fn envelope(&mut self, name: &str) -> Result<bool, DecodeError> {
        if !matches!(name, "return_code" | "returnCode" | "return_msg" | "returnMsg" | "trnm") {
            return Ok(false);
        }
        self.cursor.blanks();
        let start = self.cursor.at;
        let token = self.cursor.token()?;
        self.cursor.at = start;
        let text = match &token {
            Token::Text(text) => text.as_ref(),
            Token::Number(text) => text,
            _ => "",
        };
        match name {
            "trnm" => self.done.trnm = Some(crate::value::Word::new(text)),
            "return_msg" | "returnMsg" => self.done.return_msg = Some(text.to_owned()),
            // 0, "0" and "0000" are all success
            _ => match text.trim().parse() {
                Ok(code) => self.done.return_code = Some(code),
                Err(_) => {
                    self.done.return_code = None;
                    let place = Place::Key(&Place::Top, "\"return_code\":");
                    self.done.anomalies.push(Anomaly::new(place, text, "a whole number", Doubt::Misfit));
                }
            },
        }
        Ok(true)
    }

    /// The value here into its place: plain forms at once, everything else by [`Walk::odd_value`].
    #[inline(always)]
    fn value(
        &mut self,
        mut slot: Slot<'_>,
        key: &'static str,
        place: Place<'_>,
        (filled, index): (&mut u64, usize),
    ) -> Result<(), DecodeError> {
        let done = match &mut slot {
            Slot::Text(to) => self.text(|text| set_string(to, text)),
            Slot::Count(to, num) => self.number(to, |n| n.count(*num)),
            Slot::Decimal(to, num) => self.number(to, |n| n.decimal(*num)),
            Slot::Percent(to, num) => self.number(to, |n| n.percent(*num)),
            Slot::Price(to, dir) => self.number(to, |n| n.price(*dir)),
            Slot::Ratio(to, dir) => self.number(to, |n| n.ratio(*dir)),
            Slot::Sided(to) => self.number(to, Number::sided),
            Slot::Unit(to, num) => {
                let mut number = None;
                let done = self.number(&mut number, |n| n.decimal(*num));
                if done {
                    to.set(number);
                }
                done
            }
            Slot::Date(to, _) => match scan::date(self.cursor.bytes(), self.cursor.at) {
                Some((date, at)) => {
                    **to = Some(date);
                    self.cursor.at = at;
                    true
                }
                None => false,
            },
            Slot::Time(to, _) => match scan::time(self.cursor.bytes(), self.cursor.at) {
                Some((time, at)) => {
                    **to = Some(time);
                    self.cursor.at = at;
                    true
                }
                None => false,
            },
            Slot::Id(to) => self.text(|text| to.set(text)),
            Slot::Code(to, table) => {
                let start = self.cursor.at;
                let mut fits = false;
                let done = self.text(|text| fits = set_code(*to, table, text).is_ok());
                if !fits {
                    self.cursor.at = start;
                }
                done && fits
            }
            Slot::List(list) if self.cursor.peek() == b'[' => {
                list.clear();
                return self.rows(*list, key, place);
            }
            Slot::Object(record) if self.cursor.peek() == b'{' => {
                let bit = 1u64.checked_shl(index as u32).unwrap_or(0);
                if *filled & bit != 0 || bit == 0 {
                    clear(*record);
                }
                *filled |= bit;
                return self.object(*record, &mut Order::default(), Place::Key(&place, key));
            }
            _ => false,
        };
        if done { Ok(()) } else { self.odd_value(slot, key, place) }
    }

    /// A plain number; `false`, and nothing moved, if it is not plain or does not fit.
    #[inline(always)]
    fn number<T>(&mut self, to: &mut Option<T>, make: impl FnOnce(Number) -> Reading<T>) -> bool {
        if let Some((number, at)) = scan::number(self.cursor.bytes(), self.cursor.at)
            && let Ok(value) = make(number)
        {
            *to = value;
            self.cursor.at = at;
            return true;
        }
        false
    }

    /// A string without escapes.
    #[inline(always)]
    fn text(&mut self, put: impl FnOnce(&str)) -> bool {
        if self.cursor.peek() != b'"' {
            return false;
        }
        match self.cursor.plain_string() {
            Some(text) => {
                put(text);
                true
            }
            None => false,
        }
    }

    /// The complete way for one value.
    #[inline(never)]
    fn odd_value(&mut self, slot: Slot<'_>, key: &'static str, place: Place<'_>) -> Result<(), DecodeError> {
        // the commonest oddity: nothing
        if self.cursor.bytes()[self.cursor.at..].starts_with(b"\"\"") {
            self.cursor.at += 2;
            clear_slot(slot);
            return Ok(());
        }
        match (self.cursor.peek(), slot) {
            (b'[' | b'{', Slot::Tuples(list)) => {
                list.clear();
                self.tuples(list, key, place)
            }
            (b'[', Slot::Texts(texts)) => {
                texts.clear();
                self.texts(texts, key, place)
            }
            (b'{', Slot::List(list)) => self.lone_row(list, key, place),
            (_, Slot::Const(_)) => self.cursor.pass(),
            (_, slot) => {
                let token = self.cursor.token()?;
                self.put(token, slot, key, place);
                Ok(())
            }
        }
    }

    /// A token that is no documented structure into its place.
    fn put(&mut self, token: Token<'_>, slot: Slot<'_>, key: &'static str, place: Place<'_>) {
        let (takes, private) = (expected(&slot), is_private(&slot));
        let (raw, fits) = match &token {
            Token::Null => return clear_slot(slot),
            Token::Text(text) => (text.as_ref(), self.put_text(text, slot)),
            Token::Number(text) => (*text, self.put_text(text, slot)),
            Token::Bool(text) => (*text, Err(clear_and(slot, Doubt::Shape))),
            Token::Object => ("{..}", Err(clear_and(slot, Doubt::Shape))),
            Token::Array => ("[..]", Err(clear_and(slot, Doubt::Shape))),
        };
        if let Err(doubt) = fits {
            let raw = if private { REDACTED } else { raw };
            self.done.anomalies.push(Anomaly::new(Place::Key(&place, key), raw, takes, doubt));
        }
    }

    fn put_text(&mut self, text: &str, slot: Slot<'_>) -> Result<(), Doubt> {
        match slot {
            Slot::Embedded(list) => self.embedded(text, list),
            Slot::Texts(texts) => {
                texts.clear();
                if text.trim().is_empty() {
                    return Ok(());
                }
                texts.push(text.to_owned());
                Err(Doubt::Shape)
            }
            slot @ (Slot::List(_) | Slot::Tuples(_) | Slot::Object(_)) => {
                clear_slot(slot);
                if text.trim().is_empty() { Ok(()) } else { Err(Doubt::Shape) }
            }
            slot => set_text(slot, text),
        }
    }

    /// JSON inside a string.
    fn embedded(&mut self, text: &str, list: &mut dyn Embedded) -> Result<(), Doubt> {
        let list = list.list_mut();
        list.clear();
        if text.trim().is_empty() {
            return Ok(());
        }
        match decode_list(text, list) {
            Ok(inner) => {
                self.done.unknown += inner.unknown;
                self.done.anomalies.extend(inner.anomalies);
                Ok(())
            }
            Err(_) => {
                list.clear();
                Err(Doubt::Misfit)
            }
        }
    }

    /// A list of objects; the cursor stands on `[`.
    #[inline(never)]
    fn rows(&mut self, list: &mut dyn List, key: &'static str, place: Place<'_>) -> Result<(), DecodeError> {
        let mut order = Order::default();
        let mut row = 0;
        let place = Place::Key(&place, key);
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                let start = self.cursor.at;
                if self.cursor.peek() == b'{' {
                    self.object(list.push(), &mut order, Place::Row(&place, row))?;
                    if row == 0 {
                        let left = self.cursor.bytes().len() - self.cursor.at;
                        list.reserve((left / (self.cursor.at - start)).min(RESERVE));
                    }
                } else {
                    self.no_row(Place::Row(&place, row), "an object")?;
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
    fn no_row(&mut self, place: Place<'_>, expected: &'static str) -> Result<(), DecodeError> {
        let raw = match self.cursor.token()? {
            Token::Null => return Ok(()),
            Token::Text(text) => text,
            Token::Number(text) | Token::Bool(text) => text.into(),
            Token::Object => "{..}".into(),
            Token::Array => "[..]".into(),
        };
        self.done.anomalies.push(Anomaly::new(place, &raw, expected, Doubt::Shape));
        Ok(())
    }

    /// One object where a list is documented: one row, and worth a note.
    #[cold]
    fn lone_row(&mut self, list: &mut dyn List, key: &'static str, place: Place<'_>) -> Result<(), DecodeError> {
        list.clear();
        let place = Place::Key(&place, key);
        self.done.anomalies.push(Anomaly::new(place, "{..}", "a list of objects", Doubt::Shape));
        self.done.rows += 1;
        self.object(list.push(), &mut Order::default(), Place::Row(&place, 0))
    }

    /// A list of lists by position; an object in it goes by its keys (census trap 5).
    #[inline(never)]
    fn tuples(&mut self, list: &mut dyn List, key: &'static str, place: Place<'_>) -> Result<(), DecodeError> {
        if self.cursor.peek() == b'{' {
            return self.lone_row(list, key, place);
        }
        let mut order = Order::default();
        let mut row = 0;
        let place = Place::Key(&place, key);
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                let here = Place::Row(&place, row);
                match self.cursor.peek() {
                    b'{' => self.object(list.push(), &mut order, here)?,
                    b'[' => self.tuple(list.push(), here)?,
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

    fn tuple(&mut self, record: &mut dyn Record, place: Place<'_>) -> Result<(), DecodeError> {
        let keys = record.keys();
        let mut index = 0;
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                match keys.get(index) {
                    Some(key) => self.value(record.slot(index), key, place, (&mut 0, index))?,
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
        Ok(())
    }

    fn texts(&mut self, texts: &mut Vec<String>, key: &'static str, place: Place<'_>) -> Result<(), DecodeError> {
        let place = Place::Key(&place, key);
        let mut row = 0;
        self.cursor.enter()?;
        if self.cursor.peek() != b']' {
            loop {
                match self.cursor.peek() {
                    b'"' => texts.push(self.cursor.string()?.into_owned()),
                    b'-' | b'0'..=b'9' => {
                        if let Token::Number(text) = self.cursor.token()? {
                            texts.push(text.to_owned());
                        }
                    }
                    _ => self.no_row(Place::Row(&place, row), "a text")?,
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

fn clear_and(slot: Slot<'_>, doubt: Doubt) -> Doubt {
    clear_slot(slot);
    doubt
}
