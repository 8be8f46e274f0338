//! Drift: differences between live replies and the specification, counted without values.
//!
//! Off unless a client is built with a [`Drift`]. `tally` holds the bounded counts and writes the report; the decoder
//! (`decode::presence`) does the second scan of the bytes. No part of a value, an account or a token gets here, and
//! names of unknown keys only if they look like names.

mod tally;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files::beside;
use crate::json::decode::{Decoded, Sighting, look};
use crate::record::Record;
use tally::{Counts, Seen, Tally, is_name};

/// Counts where live replies differ from the specification, by API: undocumented keys, missing fields, values that do
/// not fit, unlisted codes. Maintainers read the report with `cargo xtask lint --drift FILE`.
///
/// Clones count together, and several clients may share one. Each reply is scanned twice, so do without it if
/// microseconds matter. Refusals, raw calls and tokens are not counted.
///
/// ```no_run
/// use kiwoom_api::{Client, Credentials, Drift, Server};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let drift = Drift::new();
/// let client = Client::builder(Server::Mock, Credentials::from_env()?).drift(&drift).build()?;
/// // .. calls ..
/// drift.write("drift.json")?;
/// # Ok(())
/// # }
/// ```
///
/// # The report
///
/// JSON, in the same order every time, without a clock:
///
/// ```json
/// {
///   "format": "kiwoom-drift-1",
///   "version": "0.1.0",
///   "apis": [
///     {
///       "id": "ka10081", "replies": 2, "rows": 1200,
///       "unknown": [{"field": "stk_dt_pole_chart_qry.new_key", "count": 1200}], "unnamed": 0,
///       "missing": [{"field": "stk_dt_pole_chart_qry.trde_tern_rt", "count": 600}],
///       "misfits": [{"field": "stk_dt_pole_chart_qry.cur_prc", "doubt": "saturated", "count": 1}],
///       "unlisted": [{"field": "stk_dt_pole_chart_qry.pred_pre_sig", "count": 3}],
///       "left_out": 0
///     }
///   ],
///   "left_out": 0
/// }
/// ```
///
/// | member | says |
/// |---|---|
/// | `version` | of this crate: which specification the replies were compared with |
/// | `replies`, `rows` | successful replies of the API, and the rows of all their lists |
/// | `unknown` | keys that the record does not have; `field` is the path without row numbers |
/// | `unnamed` | unknown keys that do not look like a name (an account number may be a key), or were one too many |
/// | `missing` | documented fields that are missing: in a row, or in a reply that has rows or no list |
/// | `misfits` | [anomalies](crate::Anomaly); `doubt` is `misfit`, `saturated`, `shape` or `contradicts` |
/// | `unlisted` | codes that the field's list does not have |
/// | `left_out` | what was not counted by field, or by API, because there were too many |
#[derive(Clone, Default)]
pub struct Drift(Arc<Mutex<Tally>>);

impl Drift {
    /// Creates an empty count.
    pub fn new() -> Drift {
        Drift::default()
    }

    /// The number of different findings: 0 as long as every reply is as documented.
    pub fn findings(&self) -> usize {
        self.lock().findings()
    }

    /// The [report](Drift#the-report) as JSON text.
    pub fn report(&self) -> String {
        self.lock().report()
    }

    /// Writes the [report](Drift#the-report) to a file. The file is complete at any time.
    ///
    /// # Errors
    /// The file, or the temporary one next to it (`.new`), cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let beside = beside(path, ".new");
        std::fs::write(&beside, self.report())?;
        std::fs::rename(&beside, path)
    }

    /// Counts a successful reply. A record without fields is that of a raw call, about which nothing is known.
    pub(crate) fn reply(&self, api: &str, bytes: &[u8], body: &mut dyn Record, decoded: &Decoded) {
        if body.keys().is_empty() {
            return;
        }
        let mut seen = Seen::of_reply(decoded.rows());
        for anomaly in decoded.anomalies() {
            seen.misfits.add(&tally::without_rows(&anomaly.path), tally::doubt(anomaly.kind));
        }
        // the bytes were decoded before: they are JSON
        let _ = look(bytes, body, &mut seen);
        self.lock().add(api, seen);
    }

    fn lock(&self) -> MutexGuard<'_, Tally> {
        // counts are right after each step, so a panic leaves them right
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drift").field("findings", &self.findings()).finish_non_exhaustive()
    }
}

impl Sighting for Seen {
    fn unknown(&mut self, path: &str, key: &str) {
        if is_name(key) && self.unknown.add(&Counts::field(path, key), "") {
            return;
        }
        self.unnamed = self.unnamed.saturating_add(1);
    }

    fn missing(&mut self, path: &str, key: &'static str) {
        self.missing.add(&Counts::field(path, key), "");
    }

    fn unlisted(&mut self, path: &str, key: &'static str) {
        self.unlisted.add(&Counts::field(path, key), "");
    }
}
