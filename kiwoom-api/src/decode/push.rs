//! The envelope of realtime messages, in one pass: `{"trnm":"REAL","data":[{"type":..,"item":..,"values":{..}}]}`.
//!
//! Which record takes the values is known only when type and item are read, so a sink is asked then.

use std::borrow::Cow;

use super::cursor::Token;
use super::outcome::{Anomaly, DecodeError, Decoded, Place, Why};
use super::walk::{Order, Walk};
use crate::record::Record;
use crate::value::Doubt;

/// Takes the parts of a realtime message as they are read.
pub trait PushSink {
    /// The record for the values of `topic` (`0B`) and `item` (`005930`); `None` passes over them.
    /// It must be new or [`clear`](super::clear)ed.
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record>;
    /// The record of the last `open` is filled. `anomalies` are those of its values.
    fn close(&mut self, anomalies: &mut Vec<Anomaly>);
}

/// The orders of keys that messages really had, one for each kind of record. Keep it as long as the connection.
#[derive(Clone, Default)]
pub struct Memory {
    orders: Vec<(&'static [&'static str], Order)>,
}

impl Memory {
    fn order(&mut self, keys: &'static [&'static str]) -> &mut Order {
        let at = match self.orders.iter().position(|(known, _)| std::ptr::eq(*known, keys)) {
            Some(at) => at,
            None => {
                self.orders.push((keys, Order::default()));
                self.orders.len() - 1
            }
        };
        &mut self.orders[at].1
    }
}

/// Decodes one WebSocket message; elements of `data` that have values go to `sink`, the envelope into the result.
///
/// # Errors
/// Bytes that are no JSON object. Elements before the broken place may have gone to the sink already.
pub fn decode_push(bytes: &[u8], memory: &mut Memory, sink: &mut dyn PushSink) -> Result<Decoded, DecodeError> {
    let mut walk = Walk::new(bytes)?;
    walk.cursor.blanks();
    if walk.cursor.peek() != b'{' {
        return Err(walk.cursor.error(Why::NotAnObject));
    }
    walk.cursor.enter()?;
    if walk.cursor.peek() != b'}' {
        loop {
            let key = walk.cursor.key()?;
            walk.cursor.blanks();
            if key == "data" && walk.cursor.peek() == b'[' {
                data(&mut walk, memory, sink)?;
            } else {
                if key != "data" && !walk.envelope(&key)? {
                    walk.done.note_unknown(&key);
                }
                walk.cursor.pass()?;
            }
            if walk.cursor.ends(b'}')? {
                break;
            }
        }
    }
    walk.cursor.leave();
    walk.end()?;
    Ok(walk.finish())
}

fn data(walk: &mut Walk<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<(), DecodeError> {
    walk.cursor.enter()?;
    if walk.cursor.peek() != b']' {
        loop {
            if walk.cursor.peek() == b'{' {
                element(walk, memory, sink)?;
            } else {
                walk.cursor.pass()?;
            }
            if walk.cursor.ends(b']')? {
                break;
            }
        }
    }
    walk.cursor.leave();
    Ok(())
}

/// One element of `data`. Values that come before type and item are passed over first and read at the end.
fn element(walk: &mut Walk<'_>, memory: &mut Memory, sink: &mut dyn PushSink) -> Result<(), DecodeError> {
    let (mut topic, mut item, mut waiting) = (None, None, None);
    walk.cursor.enter()?;
    if walk.cursor.peek() != b'}' {
        loop {
            let key = walk.cursor.key()?;
            walk.cursor.blanks();
            match key.as_ref() {
                "type" => topic = text(walk)?,
                "item" => item = text(walk)?,
                "values" if walk.cursor.peek() == b'{' => match (&topic, &item) {
                    (Some(topic), Some(item)) if waiting.is_none() => values(walk, memory, sink, (topic, item))?,
                    _ => {
                        waiting = Some(walk.cursor.at);
                        walk.cursor.pass()?;
                    }
                },
                "values" => {
                    if !matches!(walk.cursor.token()?, Token::Null) {
                        let place = Place::Key(&Place::Top, "\"values\":");
                        walk.done.anomalies.push(Anomaly::new(place, "..", "an object", Doubt::Shape));
                    }
                }
                "name" => walk.cursor.pass()?,
                name => {
                    walk.done.note_unknown(name);
                    walk.cursor.pass()?;
                }
            }
            if walk.cursor.ends(b'}')? {
                break;
            }
        }
    }
    if let Some(start) = waiting {
        let end = std::mem::replace(&mut walk.cursor.at, start);
        values(walk, memory, sink, (&topic.unwrap_or_default(), &item.unwrap_or_default()))?;
        walk.cursor.at = end;
    }
    walk.cursor.leave();
    Ok(())
}

fn values(
    walk: &mut Walk<'_>,
    memory: &mut Memory,
    sink: &mut dyn PushSink,
    (topic, item): (&str, &str),
) -> Result<(), DecodeError> {
    let before = walk.done.anomalies.len();
    let Some(record) = sink.open(topic, item) else { return walk.cursor.pass() };
    let order = memory.order(record.keys());
    walk.object(record, order, Place::Key(&Place::Top, "\"values\":"))?;
    let mut found = walk.done.anomalies.split_off(before);
    sink.close(&mut found);
    walk.done.anomalies.append(&mut found);
    Ok(())
}

/// The text here; a number counts as its digits, anything else as nothing.
fn text<'a>(walk: &mut Walk<'a>) -> Result<Option<Cow<'a, str>>, DecodeError> {
    Ok(match walk.cursor.token()? {
        Token::Text(text) => Some(text),
        Token::Number(text) => Some(Cow::Borrowed(text)),
        _ => None,
    })
}
