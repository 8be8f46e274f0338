//! Checks the zip archive before the workbook reader sees it.
//!
//! Invariant: after [`check`] every part inflates to a known, bounded size. The sizes written in the
//! archive are claims; only the inflated bytes count.

use std::io::{Cursor, Read, Write};

use zip::result::{ZipError, ZipResult};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{broken, encrypted, large};
use crate::problem::Problem;

/// The most entries of an archive; the book of 2026-07-04 has 694.
const ENTRIES: usize = 20_000;
/// The most bytes a sheet, or the shared strings, inflates to; the largest real part has 0.95 MB.
const PART: u64 = 16 << 20;
/// The same for every other part: styles and lists of parts grow a hundredfold in memory.
const SMALL_PART: u64 = 4 << 20;
/// The most bytes all parts inflate to; the book of 2026-07-04 has 6.8 MB.
const TOTAL: u64 = 128 << 20;
/// How much larger than the archive its parts are; those of the book of 2026-07-04 are 7 times as large.
const USUAL_RATIO: usize = 12;
/// Room for the two headers of an entry.
const ENTRY_ROOM: usize = 256;

/// Inflates every entry through a counter; gives the same archive with its parts as they are, so that nothing is
/// inflated twice, or none where it cannot be written like that.
///
/// # Errors
/// Archives that are cut off, oversized, encrypted or no workbook.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| broken(name.to_owned(), &format!("a zip archive that is cut off or damaged: {e}")))?;
    if archive.len() > ENTRIES {
        return Err(large(name.to_owned(), format!("{} parts; at most {ENTRIES} are read", archive.len())));
    }
    // The sizes are claims: room for what a workbook usually inflates to is no more than a hint.
    let claimed = archive.decompressed_size().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    let room = claimed.min(bytes.len().saturating_mul(USUAL_RATIO)) + archive.len() * ENTRY_ROOM;
    let mut flat = Some(ZipWriter::new(Cursor::new(Vec::with_capacity(room))));
    let mut kept = Vec::new();
    let mut total = 0;
    let mut parts = Parts::default();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => encrypted(name),
            e => broken(name.to_owned(), &format!("part {index} of the archive: {e}")),
        })?;
        let stored = entry.name().map(|n| n.into_owned()).unwrap_or_default();
        let part = stored.replace('\\', "/").to_ascii_lowercase();
        let place = format!("{name} ({part})");
        let strings = part.ends_with("sharedstrings.xml");
        let cap = if strings || part.contains("/worksheets/") { PART } else { SMALL_PART };
        let cap = cap.min(TOTAL - total);
        let claimed = entry.size();
        let mut limited = entry.take(cap + 1);
        kept.clear();
        let size = limited.read_to_end(&mut kept).map_err(|e| broken(place.clone(), &e.to_string()))? as u64;
        if size > cap {
            return Err(large(place, format!("inflates to more than {} KiB: a zip bomb?", cap >> 10)));
        }
        if size != claimed {
            return Err(broken(place, &format!("holds {size} bytes and claims {claimed}")));
        }
        if strings {
            check_strings(&place, &kept)?;
        }
        total += size;
        parts.see(&part);
        flat = flat.and_then(|mut flat| store(&mut flat, &stored, &kept).ok().map(|()| flat));
    }
    parts.check(name)?;
    Ok(flat.and_then(|flat| flat.finish().ok()).map(Cursor::into_inner))
}

fn store(flat: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> ZipResult<()> {
    flat.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
    flat.write_all(bytes)?;
    Ok(())
}

/// What kind of package it is, by the parts it has.
#[derive(Default)]
struct Parts {
    relations: bool,
    book: bool,
    binary: bool,
}

impl Parts {
    fn see(&mut self, part: &str) {
        self.relations |= part == "_rels/.rels";
        self.book |= part.contains("workbook") || part.contains("worksheets/");
        self.binary |= part.ends_with("workbook.bin");
    }

    fn check(&self, name: &str) -> Result<(), Problem> {
        let what = if self.binary {
            "a binary workbook (.xlsb)"
        } else if !(self.relations && self.book) {
            "a zip archive that holds no workbook"
        } else {
            return Ok(());
        };
        Err(Problem::error("not-a-workbook", name, what, "give the .xlsx file itself, saved as Excel workbook"))
    }
}

/// The count that the shared strings claim: calamine reserves that many strings before it reads the first.
fn check_strings(place: &str, xml: &[u8]) -> Result<(), Problem> {
    const KEY: &[u8] = b"uniqueCount";
    // In UTF-16 the claim could not be found below.
    if xml.iter().take(4).any(|b| matches!(b, 0 | 0xFE | 0xFF)) {
        return Err(broken(place.to_owned(), "not UTF-8"));
    }
    for at in xml.windows(KEY.len()).enumerate().filter(|(_, w)| *w == KEY).map(|(at, _)| at) {
        let digits = xml[at + KEY.len()..]
            .iter()
            .skip_while(|b| matches!(b, b'=' | b'"' | b'\'' | b'+') || b.is_ascii_whitespace())
            .take_while(|b| b.is_ascii_digit())
            .fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
        // The shortest string is `<si/>`: five bytes.
        if digits > xml.len() as u64 / 5 {
            return Err(broken(place.to_owned(), &format!("claims {digits} strings and holds fewer")));
        }
    }
    Ok(())
}
