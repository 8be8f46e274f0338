//! One decoder for all records: JSON bytes into the typed places of a [`Record`].
//!
//! It accepts and rejects what `serde_json` does, and returns equal values. It knows the kinds of
//! [`Slot`](crate::record::Slot), not the APIs; what a text means is decided in `value`. Layers: `cursor` (bytes and
//! JSON grammar), `scan` (fast digits), `plain` (short cuts), `scalar` (one text into one place), `walk` and
//! `lists` (objects and lists), `agree` (what one value of a record says about another), `push` (realtime), `presence`
//! (a second scan, for drift reports).

mod agree;
mod cursor;
mod envelope;
mod lists;
mod outcome;
mod plain;
mod presence;
mod push;
mod scalar;
mod scan;
mod walk;

pub(crate) use outcome::key_name;
pub use outcome::{Anomaly, DecodeError, Decoded};
pub(crate) use presence::{Sighting, look};
pub use push::{Memory, PushSink, decode_push, decode_push_text};
pub use scalar::{clear, set_text};

use crate::record::{List, Record};

/// Decodes one JSON object into `record`, which must be new (or [`clear`]ed): keys that are not sent keep their place.
///
/// # Errors
/// Bytes that are not a JSON object. A value that does not fit its place is not an error but an [`Anomaly`].
pub fn decode(bytes: &[u8], record: &mut dyn Record) -> Result<Decoded, DecodeError> {
    decode_within(bytes, record, usize::MAX)
}

/// The same, but its lists take no more than `room` bytes: a text of two bytes can ask for a row of hundreds.
pub(crate) fn decode_within(bytes: &[u8], record: &mut dyn Record, room: usize) -> Result<Decoded, DecodeError> {
    let mut walk = walk::Decoder::new(bytes, room)?;
    walk.document(record)?;
    Ok(walk.finish())
}

/// Decodes a JSON array of objects; for text that is kept inside a string. Gives what is left of the room, too.
pub(crate) fn decode_list(text: &str, list: &mut dyn List, room: usize) -> Result<(Decoded, usize), DecodeError> {
    let mut walk = walk::Decoder::new(text.as_bytes(), room)?;
    walk.array_document(list)?;
    let left = walk.room;
    Ok((walk.finish(), left))
}
