//! The envelope of realtime messages, in one pass: `{"trnm":"REAL","data":[{"type":..,"item":..,"values":{..}}]}`.
//!
//! The record for the values is known only after type and item are read, so a sink is asked then.

use std::borrow::Cow;

use super::cursor::{Lexeme, plain_text};
use super::envelope::{self, Heads};
use super::outcome::{Anomaly, DecodeError, Decoded, Spot, Why};
use super::walk::{Decoder, KeyOrder};
use crate::record::{Keys, Record};
use crate::value::{Doubt, Word};

/// Takes the parts of a realtime message as they are read.
pub trait PushSink {
    /// The record for the values of `topic` (`0B`) and `item` (`005930`); `None` skips them.
    /// It must be new or [`clear`](super::clear)ed.
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record>;
    /// The record of the last `open` is filled. `anomalies` are those of its values.
    fn close(&mut self, anomalies: &mut Vec<Anomaly>);
}

/// The key sequences actually seen in messages, one for each kind of record. Keep it as long as the connection.
#[derive(Clone, Default)]
pub struct Memory {
    message: KeyOrder,
    element: KeyOrder,
    heads: Heads,
    values: Vec<(&'static Keys, KeyOrder)>,
}

impl Memory {
    /// By what the record says of itself: its keys may stand in several places of a program.
    fn of_values(&mut self, keys: &'static Keys) -> &mut KeyOrder {
        let is_it = |known: &Keys| std::ptr::eq(known, keys) || (known.api == keys.api && known.record == keys.record);
        let at = match self.values.iter().position(|(known, _)| is_it(known)) {
            Some(at) => at,
            None => {
                self.values.push((keys, KeyOrder::default()));
                self.values.len() - 1
            }
        };
        &mut self.values[at].1
    }
}

// The envelope is read like a record, key after expected key: as generic JSON it would take a quarter of the decode
// time of a push.
const MESSAGE: &[&str] = &["\"trnm\":", "\"data\":"];
// `stexTp`, the exchange of a US item, stands in no table of most topics.
const ELEMENT: &[&str] = &["\"type\":", "\"name\":", "\"item\":", "\"values\":", "\"stexTp\":"];

/// Decodes one WebSocket message; elements of `data` that have values go to `sink`, the envelope into the result.
///
/// # Errors
/// Bytes that are not a JSON object. Elements before the broken place may already have gone to the sink.
pub fn decode_push(bytes: &[u8], memory: &mut Memory, sink: &mut dyn PushSink) -> Result<Decoded, DecodeError> {
    message(Decoder::new(bytes, usize::MAX)?, memory, sink)
}

/// The same for a text frame, which is known to be text.
///
/// # Errors
/// As [`decode_push`].
pub fn decode_push_text(text: &str, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<Decoded, DecodeError> {
    message(Decoder::of(text, usize::MAX), memory, sink)
}

fn message(mut walk: Decoder<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<Decoded, DecodeError> {
    let mut next = 0;
    let mut more;
    if envelope::message(&mut walk.cursor) {
        walk.done.trnm = Some(Word::new("REAL"));
        elements(&mut walk, memory, sink)?;
        more = !walk.cursor.ends(b'}')?;
    } else {
        walk.cursor.blanks();
        if walk.cursor.peek() != b'{' {
            return Err(walk.cursor.error(Why::NotAnObject));
        }
        walk.cursor.enter()?;
        more = walk.cursor.peek() != b'}';
    }
    while more {
        let found = walk.key(MESSAGE, next, &mut memory.message, Spot::Top)?;
        match found {
            Some(0) => walk.done.trnm = text(&mut walk)?.map(|text| Word::new(&text)),
            Some(_) if walk.cursor.peek() == b'[' => data(&mut walk, memory, sink)?,
            _ => walk.cursor.pass()?,
        }
        next = found.map_or(next, |index| index + 1);
        more = !walk.cursor.ends(b'}')?;
    }
    walk.cursor.leave();
    walk.end()?;
    Ok(walk.finish())
}

fn data(walk: &mut Decoder<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<(), DecodeError> {
    walk.cursor.enter()?;
    elements(walk, memory, sink)
}

/// The elements of a list that is entered.
fn elements(walk: &mut Decoder<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<(), DecodeError> {
    let mut more = walk.cursor.peek() != b']';
    while more {
        if walk.cursor.peek() == b'{' {
            element(walk, memory, sink)?;
        } else {
            walk.cursor.pass()?;
        }
        more = !walk.cursor.ends(b']')?;
    }
    walk.cursor.leave();
    Ok(())
}

/// One element of `data`. Values that come before type and item are skipped first and read at the end.
fn element(walk: &mut Decoder<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<(), DecodeError> {
    let place = Spot::Key(&Spot::Top, "\"data\":");
    let (mut topic, mut item, mut waiting) = (None, None, None);
    let mut next = 0;
    let (start, known) = (walk.cursor.at, noted(&walk.done));
    // where the item begins, if nothing but plain keys came before it
    let mut head = None;
    let mut more;
    if let Some((of, about)) = memory.heads.element(&mut walk.cursor) {
        values(walk, memory, sink, (of, about))?;
        (topic, item) = (Some(Cow::Borrowed(of)), Some(Cow::Borrowed(about)));
        more = !walk.cursor.ends(b'}')?;
    } else {
        walk.cursor.enter()?;
        more = walk.cursor.peek() != b'}';
    }
    while more {
        let found = walk.key(ELEMENT, next, &mut memory.element, place)?;
        match (found, walk.cursor.peek(), &topic, &item) {
            (Some(0), ..) => topic = text(walk)?,
            (Some(2), b'"', Some(_), None) => {
                head = Some(walk.cursor.at);
                item = text(walk)?;
            }
            (Some(2), ..) => item = text(walk)?,
            (Some(3), b'{', Some(topic), Some(item)) => {
                if let Some(end) = head.take().filter(|_| next == 3 && waiting.is_none() && noted(&walk.done) == known)
                {
                    memory.heads.learn(walk.cursor.text().get(start..=end).unwrap_or_default(), topic);
                }
                values(walk, memory, sink, (topic, item))?;
            }
            (Some(3), b'{', ..) => {
                waiting = Some(walk.cursor.at);
                walk.cursor.pass()?;
            }
            (Some(3), ..) => {
                if !matches!(walk.cursor.token()?, Lexeme::Null) {
                    let anomaly = Anomaly::new(Spot::Key(&place, ELEMENT[3]), "..", "an object", Doubt::Shape);
                    walk.done.doubt(|| anomaly);
                }
            }
            _ => walk.cursor.pass()?,
        }
        next = found.map_or(next, |index| index + 1);
        more = !walk.cursor.ends(b'}')?;
    }
    if let Some(start) = waiting {
        let end = std::mem::replace(&mut walk.cursor.at, start);
        values(walk, memory, sink, (&topic.unwrap_or_default(), &item.unwrap_or_default()))?;
        walk.cursor.at = end;
    }
    walk.cursor.leave();
    Ok(())
}

/// What was noted so far: an envelope that adds to it is not passed over the next time.
fn noted(done: &Decoded) -> (usize, usize, usize) {
    (done.unknown, done.anomalies.len(), done.omitted)
}

fn values(
    walk: &mut Decoder<'_>,
    memory: &mut Memory,
    sink: &mut dyn PushSink,
    (topic, item): (&str, &str),
) -> Result<(), DecodeError> {
    let before = walk.done.anomalies.len();
    let Some(record) = sink.open(topic, item) else { return walk.cursor.pass() };
    let order = memory.of_values(record.keys());
    walk.object(record, order, Spot::Key(&Spot::Top, ELEMENT[3]))?;
    if walk.done.anomalies.len() == before {
        sink.close(&mut Vec::new());
    } else {
        let mut found = walk.done.anomalies.split_off(before);
        sink.close(&mut found);
        walk.done.anomalies.append(&mut found);
    }
    Ok(())
}

/// The text here; a number counts as its digits, anything else as nothing.
fn text<'a>(walk: &mut Decoder<'a>) -> Result<Option<Cow<'a, str>>, DecodeError> {
    if let Some((text, end)) = plain_text(walk.cursor.text(), walk.cursor.at) {
        walk.cursor.at = end;
        return Ok(Some(Cow::Borrowed(text)));
    }
    Ok(match walk.cursor.token()? {
        Lexeme::Text(text) => Some(text),
        Lexeme::Number(text) => Some(Cow::Borrowed(text)),
        _ => None,
    })
}
