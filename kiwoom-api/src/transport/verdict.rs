//! What a whole reply means: success, refusal, or no reply of this API at all.
//!
//! Business refusals come with HTTP 200 and `return_code` other than 0; web pages may come with any status
//! (`api-behaviour.md` H1, H5). "Unsettled" marks what leaves an order in doubt.

use super::Arrived;
use crate::decode::{Decoded, decode};
use crate::error::refusal::Refusal;
use crate::error::{Error, Kind};
use crate::record::Record;

/// Decodes `arrived` into `body`, or says why it is no success.
pub(crate) fn judge(arrived: &Arrived, body: &mut dyn Record) -> Result<Decoded, Error> {
    let Arrived { status, body: bytes, .. } = arrived;
    let fault = |kind: Kind| Error::new(kind).status(*status).with_body(bytes.clone());
    let success = (200..300).contains(status);
    if is_markup(bytes) {
        return Err(fault(Kind::Html).unsettled(true));
    }
    let decoded = match decode(bytes, body) {
        Ok(decoded) => decoded,
        Err(cause) if success => return Err(fault(Kind::Decode(cause)).unsettled(true)),
        Err(_) => return Err(fault(Kind::Status).unsettled(true)),
    };
    match decoded.return_code() {
        Some(0) if success => Ok(decoded),
        Some(0) => Err(fault(Kind::Status).unsettled(true)),
        Some(rc) => {
            let refusal = Refusal::new(Some(rc), decoded.return_msg().unwrap_or_default());
            let doubtful = *status >= 500;
            let error = fault(Kind::Refused(refusal));
            // an order refused for its quota may have been placed all the same (`api-behaviour.md` R9)
            let doubtful = doubtful || error.is_rate_limited();
            Err(error.unsettled(doubtful))
        }
        None if success => Err(fault(Kind::NoEnvelope).unsettled(true)),
        None => Err(fault(Kind::Status).unsettled(true)),
    }
}

fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
}
