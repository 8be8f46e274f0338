//! Objects: which key comes, which place it has, and the complete way for every value.

use super::cursor::{Cursor, Lexeme};
use super::decode_list;
use super::outcome::{Anomaly, DecodeError, Decoded, Spot, Why, key_name};
use super::plain::{begins_with, plain_value};
use super::scalar::{clear, clear_slot, expected, is_private, set_text};
use crate::record::{Embedded, List, Record, Slot};
use crate::value::Doubt;
use crate::value::id::REDACTED;

/// The order in which keys really come: which key followed which. Empty is the documented order.
///
/// A key is guessed from the one before it and compared whole; only a wrong guess reads and searches it. The documented
/// order is right unless the broker changes it, and then the first row teaches the rest.
#[derive(Clone, Default)]
pub(super) struct KeyOrder {
    /// At `i`, the key that followed key `i - 1`.
    after: Vec<u16>,
}

impl KeyOrder {
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
pub(super) struct Decoder<'a> {
    pub cursor: Cursor<'a>,
    pub done: Decoded,
    /// How many bytes lists may still take.
    pub room: usize,
    /// A text within a text took more than that.
    full: bool,
    /// Blanks stood before a key or a value: in the objects that follow they are looked for at once.
    spaced: bool,
}

impl<'a> Decoder<'a> {
    #[inline(always)]
    pub fn new(bytes: &'a [u8], room: usize) -> Result<Self, DecodeError> {
        Ok(Decoder { cursor: Cursor::new(bytes)?, done: Decoded::default(), room, full: false, spaced: false })
    }

    /// Over what is text already.
    pub fn of(text: &'a str, room: usize) -> Self {
        Decoder { cursor: Cursor::of(text), done: Decoded::default(), room, full: false, spaced: false }
    }

    #[inline(always)]
    pub fn finish(self) -> Decoded {
        self.done
    }

    /// The whole text is one object.
    pub fn document(&mut self, record: &mut dyn Record) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.peek() != b'{' {
            return Err(self.cursor.error(Why::NotAnObject));
        }
        self.object(record, &mut KeyOrder::default(), Spot::Top)?;
        self.end()
    }

    /// The whole text is one list.
    pub fn array_document(&mut self, list: &mut dyn List) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.peek() != b'[' {
            return Err(self.cursor.error(Why::NotAnArray));
        }
        self.rows(list, "", Spot::Top)?;
        self.end()
    }

    pub fn end(&mut self) -> Result<(), DecodeError> {
        self.cursor.blanks();
        if self.cursor.at < self.cursor.bytes().len() { Err(self.cursor.error(Why::Trailing)) } else { Ok(()) }
    }

    /// One object into one record; the cursor stands on `{`.
    #[inline]
    pub fn object(
        &mut self,
        record: &mut dyn Record,
        order: &mut KeyOrder,
        place: Spot<'_>,
    ) -> Result<(), DecodeError> {
        match self.spaced {
            false => self.fields::<false>(record, order, place),
            true => self.fields::<true>(record, order, place),
        }
    }

    #[inline(never)]
    fn fields<const SPACED: bool>(
        &mut self,
        record: &mut dyn Record,
        order: &mut KeyOrder,
        place: Spot<'_>,
    ) -> Result<(), DecodeError> {
        let keys = record.keys().names;
        let text = self.cursor.text();
        let bytes = text.as_bytes();
        let mut next = 0;
        // objects that were filled already: a key that comes twice counts the last time only
        let mut filled = 0u64;
        self.cursor.enter()?;
        // a copy of the cursor's place that can stay in a register; written back for everything that is not plain
        let mut at = self.cursor.at;
        let mut more = self.cursor.peek() != b'}';
        while more {
            if SPACED {
                at = self.past_blanks(at);
            }
            let mut index = order.guess(next);
            match keys.get(index) {
                Some(key) if begins_with(bytes, at, key.as_bytes()) => at += key.len(),
                _ => {
                    self.cursor.at = at;
                    let found = self.search_key(keys, next, order, place)?;
                    let Some(found) = found else {
                        self.cursor.blanks();
                        self.cursor.pass()?;
                        more = !self.cursor.ends(b'}')?;
                        at = self.cursor.at;
                        continue;
                    };
                    index = found;
                    at = self.cursor.at;
                }
            }
            next = index + 1;
            if SPACED {
                at = self.past_blanks(at);
            }
            let end = plain_value(text, at, record.slot(index));
            if end != 0 {
                at = end;
            } else {
                self.cursor.at = self.past_blanks(at);
                self.odd_value(record.slot(index), keys[index], place, (&mut filled, index))?;
                at = self.cursor.at;
            }
            if bytes.get(at) == Some(&b',') {
                // blanks behind it are passed over where the next key is not found at once
                at += 1;
            } else {
                self.cursor.at = at;
                more = !self.cursor.ends(b'}')?;
                at = self.cursor.at;
            }
        }
        self.cursor.leave();
        self.agree(record, place);
        Ok(())
    }

    /// The place behind the blanks at `at`.
    #[cold]
    fn past_blanks(&mut self, at: usize) -> usize {
        self.cursor.at = at;
        self.cursor.blanks();
        self.spaced |= self.cursor.at > at;
        self.cursor.at
    }

    /// Reads the key here, its colon and the blanks behind it, for objects that are not records.
    #[inline]
    pub fn key(
        &mut self,
        keys: &'static [&'static str],
        next: usize,
        order: &mut KeyOrder,
        place: Spot<'_>,
    ) -> Result<Option<usize>, DecodeError> {
        let guess = order.guess(next);
        let found = match keys.get(guess) {
            Some(key) if begins_with(self.cursor.bytes(), self.cursor.at, key.as_bytes()) => {
                self.cursor.at += key.len();
                Some(guess)
            }
            _ => self.search_key(keys, next, order, place)?,
        };
        self.cursor.blanks();
        Ok(found)
    }

    /// Reads the key here and its colon; gives its position, or `None` if the record does not have it.
    #[inline(never)]
    fn search_key(
        &mut self,
        keys: &'static [&'static str],
        next: usize,
        order: &mut KeyOrder,
        place: Spot<'_>,
    ) -> Result<Option<usize>, DecodeError> {
        self.past_blanks(self.cursor.at);
        let guess = order.guess(next);
        if let Some(key) = keys.get(guess)
            && begins_with(self.cursor.bytes(), self.cursor.at, key.as_bytes())
        {
            self.cursor.at += key.len();
            return Ok(Some(guess));
        }
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
        if !(matches!(place, Spot::Top) && self.envelope(&name)?) {
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
            Lexeme::Text(text) => text.as_ref(),
            Lexeme::Number(text) => text,
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
                    let place = Spot::Key(&Spot::Top, "\"return_code\":");
                    self.done.doubt(|| Anomaly::new(place, text, "a whole number", Doubt::Misfit));
                }
            },
        }
        Ok(true)
    }

    /// The complete way for one value.
    #[inline(never)]
    pub(super) fn odd_value(
        &mut self,
        slot: Slot<'_>,
        key: &'static str,
        place: Spot<'_>,
        (filled, index): (&mut u64, usize),
    ) -> Result<(), DecodeError> {
        // the commonest oddity: nothing
        if self.cursor.bytes()[self.cursor.at..].starts_with(b"\"\"") {
            self.cursor.at += 2;
            clear_slot(slot);
            return Ok(());
        }
        match (self.cursor.peek(), slot) {
            (b'[', Slot::List(list)) => {
                list.clear();
                self.rows(list, key, place)
            }
            (b'{', Slot::Object(record)) => {
                let bit = 1u64.checked_shl(index as u32).unwrap_or(0);
                if *filled & bit != 0 || bit == 0 {
                    clear(record);
                }
                *filled |= bit;
                self.object(record, &mut KeyOrder::default(), Spot::Key(&place, key))
            }
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
                if let (Slot::Joined(values, separator), Lexeme::Text(text)) = (&slot, &token) {
                    let parts = text.matches(*separator).count() + 1;
                    self.take(parts.saturating_mul(values.part_bytes()).saturating_mul(2))?;
                }
                self.put(token, slot, key, place);
                if self.full { Err(self.cursor.error(Why::Room)) } else { Ok(()) }
            }
        }
    }

    /// Puts a token that is not a documented structure into its place.
    fn put(&mut self, token: Lexeme<'_>, slot: Slot<'_>, key: &'static str, place: Spot<'_>) {
        let (takes, private) = (expected(&slot), is_private(&slot));
        let (raw, fits) = match &token {
            Lexeme::Null => return clear_slot(slot),
            Lexeme::Text(text) => (text.as_ref(), self.put_text(text, slot)),
            Lexeme::Number(text) => (*text, self.put_text(text, slot)),
            Lexeme::Bool(text) => (*text, Err(clear_and(slot, Doubt::Shape))),
            Lexeme::Object => ("{..}", Err(clear_and(slot, Doubt::Shape))),
            Lexeme::Array => ("[..]", Err(clear_and(slot, Doubt::Shape))),
        };
        if let Err(doubt) = fits {
            let raw = if private { REDACTED } else { raw };
            self.done.doubt(|| Anomaly::new(Spot::Key(&place, key), raw, takes, doubt));
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
        match decode_list(text, list, self.room) {
            Ok((inner, room)) => {
                self.room = room;
                self.done.doubts(inner);
                Ok(())
            }
            Err(why) => {
                self.full |= why.is_too_large();
                list.clear();
                Err(Doubt::Misfit)
            }
        }
    }
}

fn clear_and(slot: Slot<'_>, doubt: Doubt) -> Doubt {
    clear_slot(slot);
    doubt
}
