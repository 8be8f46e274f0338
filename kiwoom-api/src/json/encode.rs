//! One encoder for all records: the places of a [`Record`] as the JSON that the broker takes or gives.
//!
//! It knows the kinds of [`Slot`], not the APIs. Requests, replies (for simulator and tests) and stored records differ
//! only in their `Style`.

use std::fmt::{self, Write};

use crate::Language;
use crate::json::decode::key_name;
use crate::language::{Both, both, fixed};
use crate::record::{Dir, List, Num, Record, Slot, written};
use crate::redact::redact;
use crate::value::number::write_decimal;
use crate::value::{
    CodeSlot, CodeTable, Directed, Direction, Fault, Misuse, Side, StockCode, bad_count, write_date, write_date_time,
    write_time, write_time_mark, write_year_month,
};

/// A value that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    field: &'static str,
    problem: Unwritable,
}

/// What is wrong with a value, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwritable {
    what: Both,
    cure: Both,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

/// The value is none that the field offers.
impl From<Both> for Unwritable {
    fn from(what: Both) -> Unwritable {
        let cure = fixed!(
            "choose a documented value, or set the text with raw()",
            "문서에 있는 값을 고르거나, raw()로 보낼 글자를 직접 정하세요"
        );
        Unwritable { what, cure }
    }
}

impl EncodeError {
    /// The key on the wire.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What is wrong with its value.
    pub fn problem(&self) -> &str {
        self.problem.what.english()
    }

    /// The field and what is wrong, in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        format!("{}: {}", self.field, self.problem.what.told(language))
    }

    /// The same in both languages, and what to do about it.
    pub(crate) fn into_texts(self) -> (Both, Both) {
        (self.problem.what, self.problem.cure)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem)
    }
}

impl std::error::Error for EncodeError {}

/// Who reads the JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The broker: unset fields are left out, prices and stock codes are bare.
    Request,
    /// A client: unset fields are blank, prices have their signs and codes their prefixes.
    Reply,
    /// The user's storage: as replies, but unset fields and secrets are left out.
    Stored,
}

/// The body of a request. Fields that are unset are left out, or sent as `""` if their position is in `blank`; `raw`
/// sets keys to a text regardless of the record.
///
/// # Errors
/// A code that its field does not offer.
pub fn encode(record: &mut dyn Record, blank: &[usize], raw: &[(String, String)]) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Encoder { out: String::with_capacity(256), scratch: String::new(), style: Style::Request };
    writer.top(record, blank, raw)?;
    Ok(writer.out.into_bytes())
}

/// A reply as the broker would send it, without the envelope: every documented key, blank where unset.
///
/// # Errors
/// A code that its field does not offer.
pub fn encode_reply(record: &mut dyn Record) -> Result<Vec<u8>, EncodeError> {
    reply_text(record).map(String::into_bytes)
}

/// The same as text.
pub(crate) fn reply_text(record: &mut dyn Record) -> Result<String, EncodeError> {
    let mut writer = Encoder { out: String::with_capacity(1024), scratch: String::new(), style: Style::Reply };
    writer.record(record)?;
    Ok(writer.out)
}

/// Whether a field has a value to send.
pub fn is_set(slot: &mut Slot<'_>) -> bool {
    match slot {
        Slot::Const(_) => true,
        Slot::List(list) | Slot::Tuples(list) => !list.is_empty(),
        Slot::Embedded(list) => !list.list_mut().is_empty(),
        Slot::Texts(texts) => !texts.is_empty(),
        Slot::Object(record) => (0..written(*record).len()).any(|index| is_set(&mut record.slot(index))),
        Slot::Code(code, _) => code.is_set(),
        Slot::Text(text) => !text.is_empty(),
        scalar => {
            let mut text = String::new();
            write_scalar(&mut text, scalar, Style::Reply).is_err() || !text.is_empty()
        }
    }
}

/// The JSON of a list that is kept inside a string; blank if there are no rows.
pub(crate) fn embedded_text(list: &mut dyn List, style: Style) -> Result<String, EncodeError> {
    let mut inner = Encoder { out: String::new(), scratch: String::new(), style };
    if !list.is_empty() {
        inner.items(list.len(), |writer, row| list.row(row).map_or(Ok(()), |record| writer.record(record)))?;
    }
    Ok(inner.out)
}

struct Encoder {
    out: String,
    /// One scalar before it is quoted, kept for its memory.
    scratch: String,
    style: Style,
}

impl Encoder {
    fn top(&mut self, record: &mut dyn Record, blank: &[usize], raw: &[(String, String)]) -> Result<(), EncodeError> {
        self.out.push('{');
        for (index, key) in written(record).iter().enumerate() {
            if raw.iter().any(|(name, _)| name == key_name(key)) {
                continue;
            }
            let mut slot = record.slot(index);
            if blank.contains(&index) && !is_set(&mut slot) {
                self.key(key);
                self.out.push_str("\"\"");
            } else {
                self.field(key, &mut slot)?;
            }
        }
        for (name, text) in raw {
            self.comma();
            write_string(&mut self.out, name);
            self.out.push(':');
            write_string(&mut self.out, text);
        }
        self.out.push('}');
        Ok(())
    }

    fn record(&mut self, record: &mut dyn Record) -> Result<(), EncodeError> {
        self.out.push('{');
        for (index, key) in written(record).iter().enumerate() {
            self.field(key, &mut record.slot(index))?;
        }
        self.out.push('}');
        Ok(())
    }

    fn field(&mut self, key: &'static str, slot: &mut Slot<'_>) -> Result<(), EncodeError> {
        if self.style != Style::Reply && !is_structure_set(slot) {
            return Ok(());
        }
        match slot {
            Slot::List(list) => {
                self.key(key);
                self.items(list.len(), |writer, row| list.row(row).map_or(Ok(()), |record| writer.record(record)))
            }
            Slot::Tuples(list) => {
                self.key(key);
                self.items(list.len(), |writer, row| list.row(row).map_or(Ok(()), |record| writer.tuple(record)))
            }
            Slot::Texts(texts) => {
                self.key(key);
                self.items(texts.len(), |writer, row| {
                    write_string(&mut writer.out, &texts[row]);
                    Ok(())
                })
            }
            Slot::Object(record) => {
                self.key(key);
                self.record(*record)
            }
            Slot::Embedded(list) => {
                let text = embedded_text(list.list_mut(), self.style)?;
                self.key(key);
                write_string(&mut self.out, &text);
                Ok(())
            }
            scalar => self.scalar(key, scalar),
        }
    }

    fn scalar(&mut self, key: &'static str, slot: &mut Slot<'_>) -> Result<(), EncodeError> {
        self.scratch.clear();
        write_scalar(&mut self.scratch, slot, self.style)
            .map_err(|problem| EncodeError { field: key_name(key), problem })?;
        if self.scratch.is_empty() && self.style != Style::Reply && !matches!(slot, Slot::Const(_)) {
            return Ok(());
        }
        self.key(key);
        write_string(&mut self.out, &self.scratch);
        Ok(())
    }

    /// A row by position: every place is written, or the ones behind it would move.
    fn tuple(&mut self, record: &mut dyn Record) -> Result<(), EncodeError> {
        let keys = written(record);
        self.items(keys.len(), |writer, index| {
            writer.scratch.clear();
            write_scalar(&mut writer.scratch, &record.slot(index), writer.style)
                .map_err(|problem| EncodeError { field: key_name(keys[index]), problem })?;
            write_string(&mut writer.out, &writer.scratch);
            Ok(())
        })
    }

    fn items(
        &mut self,
        count: usize,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.out.push('[');
        for index in 0..count {
            if index > 0 {
                self.out.push(',');
            }
            item(self, index)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.out.push_str(key);
    }

    fn comma(&mut self) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
    }
}

/// Empty lists and objects count as unset; scalars are told by their text.
fn is_structure_set(slot: &mut Slot<'_>) -> bool {
    match slot {
        Slot::List(_) | Slot::Tuples(_) | Slot::Embedded(_) | Slot::Texts(_) | Slot::Object(_) => is_set(slot),
        _ => true,
    }
}

/// Appends the wire text of a scalar; nothing where unset. The error says what is wrong.
pub(crate) fn write_scalar(out: &mut String, slot: &Slot<'_>, style: Style) -> Result<(), Unwritable> {
    match slot {
        Slot::Text(text) | Slot::Reason(text) => out.push_str(text),
        Slot::Count(Some(count), num) => {
            if let Some(bad) = bad_count(*count).filter(|_| style == Style::Request) {
                let cure = fixed!("give a whole number that an i64 holds", "i64에 들어가는 정수를 쓰세요");
                return Err(Unwritable { what: bad.both(), cure });
            }
            write_number(out, (*count).into(), *num);
        }
        Slot::Decimal(Some(number), num) => write_number(out, *number, *num),
        Slot::Percent(Some(percent), num) => write_number(out, percent.0, *num),
        Slot::Price(Some(price), dir) => write_directed(out, price, *dir, style),
        Slot::Ratio(Some(Directed { amount, direction }), dir) => {
            write_directed(out, &Directed { amount: amount.0, direction: *direction }, *dir, style);
        }
        Slot::Sided(Some(sided)) => {
            out.push_str(match sided.side {
                Some(Side::Buy) => "+",
                Some(Side::Sell) => "-",
                Some(Side::Unlisted(_)) | None => "",
            });
            let _ = write!(out, "{}", sided.qty.unsigned_abs());
        }
        Slot::Unit(unit, num) => {
            if let Some(number) = unit.get() {
                write_number(out, number, *num);
            }
        }
        Slot::Date(Some(date), layout) => write_date(out, *date, *layout),
        Slot::Time(Some(time), layout) => write_time(out, *time, *layout),
        Slot::TimeMark(Some(clock), layout) => write_time_mark(out, *clock, *layout),
        Slot::DateTime(Some(at), layout) => write_date_time(out, *at, *layout),
        Slot::YearMonth(Some(month), layout) => write_year_month(out, *month, *layout),
        Slot::StockCode(Some(code), _) => {
            refuse_bad_code(code, style)?;
            out.extend(code.prefix().filter(|_| style != Style::Request));
            out.push_str(code.as_str());
        }
        Slot::Id(id) => {
            if let Some(misuse) = id.misuse().filter(|_| style == Style::Request) {
                let cure = fixed!("correct it, or send it as it is with raw()", "고치거나, raw()로 그대로 보내세요");
                return Err(Unwritable { what: told_id(&misuse, id.text().unwrap_or_default()), cure });
            }
            out.push_str(id.text().unwrap_or_default());
        }
        // what another field of the set spells was read here, so it is kept; a request sends its own codes only
        Slot::Code(code, table) => match write_code(out, *code, table) {
            Err(_) if style != Style::Request && write_code(out, *code, code.spellings()).is_ok() => {}
            done => done?,
        },
        Slot::Secret(secret) if style != Style::Stored => out.push_str(secret.expose()),
        Slot::Mask(mask) => mask.write(out),
        Slot::Joined(parts, separator) => {
            for index in 0..parts.len() {
                let part = parts.text(index);
                if let Some(code) = parts.stock_code(index) {
                    refuse_bad_code(&code, style)?;
                }
                if part.contains(*separator) {
                    let part = redact(part);
                    return Err(both!(
                        "{part:?} contains the separator {separator:?}",
                        "{part:?} 안에 구분자 {separator:?}가 들어 있습니다"
                    )
                    .into());
                }
                if index > 0 {
                    out.push(*separator);
                }
                out.push_str(part);
            }
        }
        Slot::Const(text) => out.push_str(text),
        // unset, or a structure, which has no text
        _ => {}
    }
    Ok(())
}

/// A text that cannot be a stock code; in a request also one that is none by its form, because the broker would answer it with
/// a blank success (`BEHAVIOUR.md` H8).
fn refuse_bad_code(code: &StockCode, style: Style) -> Result<(), Unwritable> {
    let fault = match style {
        Style::Request => code.fault(),
        Style::Reply | Style::Stored => code.fault().filter(|_| !code.is_valid()),
    };
    let Some(fault) = fault else { return Ok(()) };
    let what = told(&fault, code);
    let cure = fixed!("correct the code, or send it as it is with raw()", "코드를 고치거나, raw()로 그대로 보내세요");
    Err(Unwritable { what, cure })
}

/// What is wrong with a code. An account or a key may stand where a code belongs, so what looks like one is masked.
pub(crate) fn told(fault: &Fault, code: &StockCode) -> Both {
    match fault {
        // a letter and eight digits: as long as an account, but none
        Fault::Gold => fault.about(code.typed()),
        _ => fault.about(&redact(code.typed())),
    }
}

/// The same of an identifier.
pub(crate) fn told_id(misuse: &Misuse, text: &str) -> Both {
    match misuse {
        // what it probably means is said anyway
        Misuse::Nearly(_) => misuse.about(text),
        _ => misuse.about(&redact(text)),
    }
}

fn write_number(out: &mut String, number: rust_decimal::Decimal, num: Num) {
    write_decimal(out, number, num.scale);
}

fn write_directed(out: &mut String, value: &Directed<rust_decimal::Decimal>, dir: Dir, style: Style) {
    if style != Style::Request {
        out.push_str(match value.direction {
            Some(Direction::Up) => "+",
            Some(Direction::Down) => "-",
            // where no document mentions signs, the blank in their place is what says "unchanged"
            Some(Direction::Flat) if !dir.documented => " ",
            Some(Direction::Flat) | None => "",
        });
    }
    write_decimal(out, value.amount.abs(), dir.scale as i8);
}

/// The first code that the table lists for the meaning.
pub(crate) fn write_code(out: &mut String, code: &dyn CodeSlot, table: CodeTable) -> Result<(), Both> {
    if let Some(unlisted) = code.as_unlisted() {
        out.push_str(unlisted);
        return Ok(());
    }
    let Some(index) = code.index() else { return Ok(()) };
    if let Some((wire, _)) = table.iter().find(|(_, listed)| *listed == index) {
        out.push_str(wire);
        return Ok(());
    }
    let name = |index: u8| code.names().get(usize::from(index)).copied().unwrap_or("?");
    let mut offered: Vec<&str> = Vec::new();
    for (_, listed) in table {
        if !offered.contains(&name(*listed)) {
            offered.push(name(*listed));
        }
    }
    let (name, offered) = (name(index), offered.join(", "));
    Err(both!(
        "{name} is not offered here (use one of: {offered})",
        "{name}: 여기에는 없는 값입니다 (가능한 값: {offered})"
    ))
}

/// Appends `text` as a JSON string.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
