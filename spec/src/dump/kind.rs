//! What a file is, judged by its content: names and extensions are not trusted.
//!
//! Owns the wording of every "this is not a dump" message. Reads no cell.

use std::borrow::Cow;

use crate::problem::Problem;

/// What can be read further.
pub(super) enum FileKind<'a> {
    /// A zip archive, perhaps a workbook.
    Zip,
    /// Text without a byte order mark, decoded.
    Text(Cow<'a, str>),
}

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The kind of a file, or why it cannot be a dump.
pub(super) fn kind<'a>(name: &str, bytes: &'a [u8]) -> Result<FileKind<'a>, Problem> {
    let refuse = |id, what: String, fix: &str| Err(Problem::error(id, name, what, fix));
    const EITHER: &str = "give the broker's .xlsx workbook or a Markdown, CSV, HTML or JSON dump of it";

    if is_zip(bytes) {
        return Ok(FileKind::Zip);
    }
    if bytes.starts_with(OLE) {
        return if holds_utf16(bytes, "EncryptedPackage") {
            refuse(
                "encrypted-workbook",
                "a workbook protected by a password".into(),
                "open it, remove the password and save it again as .xlsx",
            )
        } else {
            refuse(
                "old-workbook",
                "an old .xls workbook or another OLE file".into(),
                "open it in a spreadsheet and save it as .xlsx",
            )
        };
    }
    if bytes.starts_with(b"%PDF") {
        return refuse("not-a-dump", "a PDF".into(), EITHER);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        if let Some(text) = utf16(bytes) {
            return Ok(FileKind::Text(Cow::Owned(text)));
        }
        return refuse("not-utf8", "UTF-16 text".into(), "save it as UTF-8, or give the .xlsx workbook");
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse("empty-file", "an empty file".into(), "download or export it again");
    }
    if bytes.contains(&0) {
        return refuse("not-a-dump", "a binary file of an unknown kind".into(), EITHER);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(at) => {
            if let Some(text) = korean(bytes) {
                return Ok(FileKind::Text(Cow::Owned(text)));
            }
            let line = bytes[..at.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            return refuse(
                "not-utf8",
                format!("text that is not UTF-8 (line {line})"),
                "save it as UTF-8, or give the .xlsx workbook",
            );
        }
    };
    Ok(FileKind::Text(text))
}

/// A sheet in the encoding of a Korean spreadsheet.
#[cfg(feature = "tables")]
fn korean(bytes: &[u8]) -> Option<String> {
    known(encoding_rs::EUC_KR.decode_without_bom_handling(bytes))
}

/// A sheet as a spreadsheet saves "Unicode text": UTF-16 with a byte order mark.
#[cfg(feature = "tables")]
fn utf16(bytes: &[u8]) -> Option<String> {
    let (text, _, broken) = encoding_rs::UTF_16LE.decode(bytes);
    known((text, broken))
}

#[cfg(not(feature = "tables"))]
fn utf16(_: &[u8]) -> Option<String> {
    None
}

/// A decoded text that shows the words of a sheet; any other encoding is not guessed at.
#[cfg(feature = "tables")]
fn known((text, broken): (Cow<'_, str>, bool)) -> Option<String> {
    let has = |word: &str| text.contains(word);
    (!broken && (has("API ID") && has("구분") || has("오류코드") || has("대분류"))).then(|| text.into_owned())
}

#[cfg(not(feature = "tables"))]
fn korean(_: &[u8]) -> Option<String> {
    None
}

/// What a text is that no reader takes.
pub(super) fn no_sheet(name: &str, text: &str) -> Problem {
    let fix = "give the broker's .xlsx workbook or a Markdown, CSV, HTML or JSON dump of it";
    if is_markup(text) {
        return Problem::error("not-a-dump", name, "an HTML or XML page", fix);
    }
    Problem::error("no-sheet", name, "text without a table of a sheet", fix)
}

/// Whether an archive has the parts of a workbook; the names of entries stand plain at its end.
pub(super) fn holds_workbook(bytes: &[u8]) -> bool {
    is_zip(bytes) && bytes.windows(12).any(|w| w == b"xl/workbook.")
}

/// Whether a file begins like a zip archive, an empty one included.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Whether a text is markup: it begins with a tag, a comment or a declaration.
pub(super) fn is_markup(text: &str) -> bool {
    let mut head = text.trim_start().chars();
    head.next() == Some('<') && head.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'))
}

fn holds_utf16(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}
