//! A second scan of a reply, for drift reports: which keys arrived, which are missing, which codes are unlisted.
//!
//! The decoder does not collect this, because every caller would pay for it. This scan reads the bytes again together
//! with the record decoded from them, and only on request.

use super::cursor::Cursor;
use super::outcome::{DecodeError, Spot, key_name};
use crate::json::encode::is_set;
use crate::record::{List, Record, Slot, written};

/// What is seen. Paths are keys joined by dots, without row numbers.
pub(crate) trait Sighting {
    /// A key that the record at `path` does not have.
    fn unknown(&mut self, path: &str, key: &str);
    /// A documented key that did not come.
    fn missing(&mut self, path: &str, key: &'static str);
    /// A value that no list has.
    fn unlisted(&mut self, path: &str, key: &'static str);
}

/// Looks at `bytes`, from which `record` was decoded.
///
/// A field is missing where an object came without it: a row, or the reply itself if it has rows or no list at all.
///
/// # Errors
/// Those of decoding; the bytes were decoded before, so none.
pub(crate) fn look(bytes: &[u8], record: &mut dyn Record, sighting: &mut dyn Sighting) -> Result<(), DecodeError> {
    let mut look = Look { cursor: Cursor::new(bytes)?, sighting, path: String::new(), rows: 0 };
    look.cursor.blanks();
    look.object(record, Spot::Top)
}

struct Look<'a> {
    cursor: Cursor<'a>,
    sighting: &'a mut dyn Sighting,
    /// The path of the object at hand.
    path: String,
    /// Rows so far.
    rows: usize,
}

impl Look<'_> {
    /// One object; the cursor stands on `{`.
    fn object(&mut self, record: &mut dyn Record, place: Spot<'_>) -> Result<(), DecodeError> {
        let keys = record.keys();
        let mut came = vec![false; keys.len()];
        let top = matches!(place, Spot::Top);
        self.cursor.enter()?;
        let mut more = self.cursor.peek() != b'}';
        while more {
            let name = self.cursor.key()?;
            self.cursor.blanks();
            match keys.iter().position(|key| key_name(key) == name) {
                Some(index) => {
                    came[index] = true;
                    self.value(record.slot(index), keys[index], place)?;
                }
                None => {
                    if !(top && is_envelope(&name)) {
                        self.sighting.unknown(&self.path, &name);
                    }
                    self.cursor.pass()?;
                }
            }
            more = !self.cursor.ends(b'}')?;
        }
        self.cursor.leave();
        let count = written(record).len();
        let lists = (0..count).any(|at| matches!(record.slot(at), Slot::List(_) | Slot::Tuples(_)));
        let whole = came.contains(&true) && (!top || self.rows > 0 || !lists);
        for (index, came) in came.into_iter().take(count).enumerate() {
            // what came under another spelling is set
            if whole && !came && !is_set(&mut record.slot(index)) {
                self.sighting.missing(&self.path, key_name(keys[index]));
            }
        }
        self.codes(record);
        Ok(())
    }

    fn value(&mut self, slot: Slot<'_>, key: &'static str, place: Spot<'_>) -> Result<(), DecodeError> {
        let inside = Spot::Key(&place, key);
        match (self.cursor.peek(), slot) {
            (b'[', Slot::List(list) | Slot::Tuples(list)) => self.below(inside, |look| look.rows(list, inside)),
            (b'{', Slot::List(list) | Slot::Tuples(list)) => match list.row(0) {
                Some(row) => {
                    self.rows += 1;
                    self.below(inside, |look| look.object(row, inside))
                }
                None => self.cursor.pass(),
            },
            (b'{', Slot::Object(record)) => self.below(inside, |look| look.object(record, inside)),
            (b'"', Slot::Embedded(list)) => {
                let text = self.cursor.string()?;
                if let Ok(cursor) = Cursor::new(text.as_bytes()) {
                    let mut inner = Look { cursor, sighting: &mut *self.sighting, path: inside.path(), rows: 0 };
                    inner.cursor.blanks();
                    // text that is not a list was already a misfit
                    if inner.cursor.peek() == b'[' {
                        inner.rows(list.list_mut(), inside)?;
                    }
                }
                Ok(())
            }
            _ => self.cursor.pass(),
        }
    }

    /// Does something at another path.
    fn below<T>(&mut self, place: Spot<'_>, what: impl FnOnce(&mut Self) -> T) -> T {
        let above = std::mem::replace(&mut self.path, place.path());
        let done = what(self);
        self.path = above;
        done
    }

    /// A list; the cursor stands on `[`.
    fn rows(&mut self, list: &mut dyn List, place: Spot<'_>) -> Result<(), DecodeError> {
        let mut row = 0;
        self.cursor.enter()?;
        let mut more = self.cursor.peek() != b']';
        while more {
            let byte = self.cursor.peek();
            match list.row(row).filter(|_| matches!(byte, b'{' | b'[')) {
                Some(record) => {
                    row += 1;
                    self.rows += 1;
                    if byte == b'{' {
                        self.object(record, place)?;
                    } else {
                        self.tuple(record)?;
                    }
                }
                None => self.cursor.pass()?,
            }
            more = !self.cursor.ends(b']')?;
        }
        self.cursor.leave();
        Ok(())
    }

    /// A row by position; the cursor stands on `[`.
    fn tuple(&mut self, record: &mut dyn Record) -> Result<(), DecodeError> {
        let keys = written(record);
        let mut count = 0;
        self.cursor.enter()?;
        let mut more = self.cursor.peek() != b']';
        while more {
            if count >= keys.len() {
                self.sighting.unknown(&self.path, "(more values than documented)");
            }
            count += 1;
            self.cursor.pass()?;
            more = !self.cursor.ends(b']')?;
        }
        self.cursor.leave();
        // an empty row says nothing
        for key in keys.iter().skip(count).filter(|_| count > 0) {
            self.sighting.missing(&self.path, key_name(key));
        }
        self.codes(record);
        Ok(())
    }

    fn codes(&mut self, record: &mut dyn Record) {
        let keys = written(record);
        for (index, key) in keys.iter().enumerate() {
            if let Slot::Code(code, _) = record.slot(index)
                && code.as_unlisted().is_some()
            {
                self.sighting.unlisted(&self.path, key_name(key));
            }
        }
    }
}

fn is_envelope(name: &str) -> bool {
    matches!(name, "return_code" | "returnCode" | "return_msg" | "returnMsg" | "trnm")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::decode::{clear, decode};
    use crate::record::Keys;
    use crate::value::Venue;

    /// A code and a text, which has another spelling.
    #[derive(Clone, Default)]
    struct Row {
        venue: Option<Venue>,
        name: String,
    }

    impl Record for Row {
        fn keys(&self) -> &'static Keys {
            &Keys { api: "", record: "Row", names: &["\"venue\":", "\"name\":", "\"nmae\":"] }
        }
        fn slot(&mut self, index: usize) -> Slot<'_> {
            match index {
                0 => Slot::Code(&mut self.venue, &[("1", 0), ("2", 1)]),
                _ => Slot::Text(&mut self.name),
            }
        }
        fn spellings(&self) -> usize {
            1
        }
    }

    /// Rows in every form.
    #[derive(Clone, Default)]
    struct Page {
        list: Vec<Row>,
        tuples: Vec<Row>,
        object: Row,
        text: Vec<Row>,
    }

    impl Record for Page {
        fn keys(&self) -> &'static Keys {
            &Keys { api: "", record: "Page", names: &["\"list\":", "\"tuples\":", "\"object\":", "\"text\":"] }
        }
        fn slot(&mut self, index: usize) -> Slot<'_> {
            match index {
                0 => Slot::List(&mut self.list),
                1 => Slot::Tuples(&mut self.tuples),
                2 => Slot::Object(&mut self.object),
                _ => Slot::Embedded(&mut self.text),
            }
        }
    }

    #[derive(Default)]
    struct Notes(Vec<String>);

    impl Sighting for Notes {
        fn unknown(&mut self, path: &str, key: &str) {
            self.0.push(format!("unknown {path}/{key}"));
        }
        fn missing(&mut self, path: &str, key: &'static str) {
            self.0.push(format!("missing {path}/{key}"));
        }
        fn unlisted(&mut self, path: &str, key: &'static str) {
            self.0.push(format!("unlisted {path}/{key}"));
        }
    }

    fn notes(text: &str) -> Vec<String> {
        let mut page = Page::default();
        let decoded = decode(text.as_bytes(), &mut page).unwrap();
        let mut notes = Notes::default();
        look(text.as_bytes(), &mut page, &mut notes).unwrap();
        let unknown = notes.0.iter().filter(|note| note.starts_with("unknown")).count();
        assert_eq!(unknown, decoded.unknown(), "both ways see the same keys: {text}");
        clear(&mut page);
        notes.0
    }

    #[test]
    fn every_form_of_rows_is_looked_at() {
        const WHOLE: &str = r#""tuples":[],"object":{},"text":"""#;
        for (text, want) in [
            ("{}", vec![]),
            (r#" { "return_code" : 0 , "trnm" : "x" , "new" : [ { "a" : 1 } ] } "#, vec!["unknown /new"]),
            (&format!(r#"{{"list":[{{"venue":"1","name":"a"}}],{WHOLE}}}"#), vec![]),
            (&format!(r#"{{"list":[{{"venue":"1","nmae":"a"}}],{WHOLE}}}"#), vec![]),
            (
                &format!(r#"{{"list":[{{"venue":"9","more":{{}}}}],{WHOLE}}}"#),
                vec!["unknown list/more", "missing list/name", "unlisted list/venue"],
            ),
            // no row, and so nothing is missing
            (r#"{"list":[]}"#, vec![]),
            (r#"{"list":[{}],"tuples":[]}"#, vec!["missing /object", "missing /text"]),
            (r#"{"list":{"venue":"1"},"tuples":[],"object":{},"text":""}"#, vec!["missing list/name"]),
            (
                r#"{"list":[null,"x",{"venue":"8","name":""}],"tuples":[],"object":{},"text":""}"#,
                vec!["unlisted list/venue"],
            ),
            (
                r#"{"list":[],"tuples":[["7","a"],{"venue":"1"}],"object":{},"text":""}"#,
                vec!["unlisted tuples/venue", "missing tuples/name"],
            ),
            (
                r#"{"object":{"venue":"6","new":1}}"#,
                vec!["unknown object/new", "missing object/name", "unlisted object/venue"],
            ),
            (
                r#"{"text":"[{\"venue\":\"5\",\"new\":1}]"}"#,
                vec!["unknown text/new", "missing text/name", "unlisted text/venue"],
            ),
            (r#"{"text":"no list"}"#, vec![]),
            (
                r#"{"list":[{"venue":"1","name":"a"}],"list":[{"venue":"2"}],"tuples":[],"object":{},"text":""}"#,
                vec!["missing list/name"],
            ),
        ] {
            assert_eq!(notes(text), want, "{text}");
        }
    }
}
