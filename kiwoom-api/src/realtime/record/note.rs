//! One thing that happened on a connection, as it stands in a recording.

use jiff::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::realtime) enum What {
    Opened,
    Frame,
    Ended,
    Kicked,
    /// So many frames are missing here.
    Missing,
}

const KINDS: [What; 5] = [What::Opened, What::Frame, What::Ended, What::Kicked, What::Missing];
const US: u8 = 128;
/// Time, kind and length.
const HEAD: usize = 13;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::realtime) struct Note {
    pub at: Timestamp,
    pub what: What,
    pub us: bool,
    pub text: String,
}

impl Note {
    pub fn write(&self, to: &mut Vec<u8>) {
        // jiff's range lies within that of the number
        let nanos = i64::try_from(self.at.as_nanosecond()).unwrap_or(i64::MAX);
        to.extend_from_slice(&nanos.to_le_bytes());
        let kind = KINDS.iter().position(|kind| *kind == self.what).unwrap_or_default() as u8;
        to.push(kind | if self.us { US } else { 0 });
        to.extend_from_slice(&(self.text.len() as u32).to_le_bytes());
        to.extend_from_slice(self.text.as_bytes());
    }

    /// The entry at the front of `bytes`, and what follows it; `None` if it is none.
    pub fn read(bytes: &[u8]) -> Option<(Note, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let nanos = i64::from_le_bytes(head[..8].try_into().ok()?);
        let length = u32::from_le_bytes(head[9..].try_into().ok()?);
        let what = *KINDS.get(usize::from(head[8] & !US))?;
        let (text, rest) = rest.split_at_checked(length as usize)?;
        let at = Timestamp::from_nanosecond(i128::from(nanos)).ok()?;
        let text = std::str::from_utf8(text).ok()?.to_owned();
        Some((Note { at, what, us: head[8] & US != 0, text }, rest))
    }
}
