//! One text into one place. The slow and complete way; `walk` has shortcuts for the plain forms.

use crate::record::{Record, Slot};
use crate::value::number::Number;
use crate::value::{
    CodeSlot, CodeTable, Doubt, Reading, StockCode, TimeMark, Unlisted, is_nothing, read_date, read_date_time,
    read_time, read_time_mark, read_year_month,
};

/// Puts `text` into `slot`. Where it does not fit the place is empty afterwards.
///
/// Structures do not come from text (but see `Embedded` in `walk`), so their slots give [`Doubt::Shape`].
#[doc(hidden)]
pub fn set_text(slot: Slot<'_>, text: &str) -> Result<(), Doubt> {
    match slot {
        Slot::Text(to) => set_string(to, text),
        Slot::Reason(to) => set_reason(to, text),
        Slot::Count(to, num) => return number(text, to, |n, to| n.count(to, num)),
        Slot::Decimal(to, num) => return number(text, to, |n, to| n.decimal(to, num)),
        Slot::Percent(to, num) => return number(text, to, |n, to| n.percent(to, num)),
        Slot::Price(to, dir) => return number(text, to, |n, to| n.price(to, dir)),
        Slot::Ratio(to, dir) => return number(text, to, |n, to| n.ratio(to, dir)),
        Slot::Sided(to) => return number(text, to, |n, to| n.sided(to)),
        Slot::Unit(to, num) => {
            to.set(None);
            return match Number::read(text)? {
                Some(number) => number.unit(to, num),
                None => Ok(()),
            };
        }
        Slot::Date(to, _) => return fill(to, read_date(text)),
        Slot::Time(to, layout) => {
            return fill(to, read_time(text).map(|time| time.filter(|time| !is_nothing(*time, layout))));
        }
        Slot::TimeMark(to, layout) => {
            let happened = |clock: &TimeMark| !matches!(clock, TimeMark::Time(time) if is_nothing(*time, layout));
            return fill(to, read_time_mark(text).map(|clock| clock.filter(happened)));
        }
        Slot::DateTime(to, _) => return fill(to, read_date_time(text)),
        Slot::YearMonth(to, _) => return fill(to, read_year_month(text)),
        Slot::StockCode(to, prefixed) => return fill(to, stock_code(text, prefixed)),
        Slot::Id(to) => to.set(text),
        Slot::Code(to, table) => return set_code(to, table, text),
        Slot::Secret(to) => *to = text.into(),
        Slot::Mask(to) => return to.read(text),
        Slot::Joined(to, separator) => {
            to.clear();
            for part in text.split(separator).map(str::trim).filter(|part| !part.is_empty()) {
                if let Err(doubt) = to.push(part) {
                    to.clear();
                    return Err(doubt);
                }
            }
        }
        Slot::Const(_) => {}
        Slot::Embedded(_) | Slot::List(_) | Slot::Tuples(_) | Slot::Texts(_) | Slot::Object(_) => {
            return Err(Doubt::Shape);
        }
    }
    Ok(())
}

/// Empties the place.
pub(super) fn clear_slot(slot: Slot<'_>) {
    match slot {
        Slot::Object(record) => clear(record),
        Slot::List(list) | Slot::Tuples(list) => list.clear(),
        Slot::Embedded(list) => list.list_mut().clear(),
        Slot::Texts(texts) => texts.clear(),
        // blank text is nothing everywhere else
        slot => drop(set_text(slot, "")),
    }
}

/// Empties every place of `record`, so that it can be decoded into again without a new allocation.
pub fn clear(record: &mut dyn Record) {
    for index in 0..record.keys().len() {
        clear_slot(record.slot(index));
    }
}

/// Text is kept as it is; only blank text is the same as none.
#[inline]
pub(super) fn set_string(to: &mut String, text: &str) {
    to.clear();
    if text.bytes().any(|byte| byte != b' ') {
        to.push_str(text);
    }
}

/// A code of zeros is not a reason.
fn set_reason(to: &mut String, text: &str) {
    let none = text.trim().bytes().all(|byte| byte == b'0');
    set_string(to, if none { "" } else { text });
}

/// The field's own codes first, then those of other fields of the set. Signs before a text code (`+매수`) are colours: the
/// table may list it without.
#[inline]
pub(super) fn set_code(to: &mut dyn CodeSlot, table: CodeTable, text: &str) -> Result<(), Doubt> {
    match position(table, text) {
        Some(index) => to.set_index(index),
        None => return set_odd_code(to, table, text.trim()),
    }
    Ok(())
}

#[inline]
fn position(table: CodeTable, text: &str) -> Option<u8> {
    table.iter().find(|(code, _)| *code == text).map(|(_, index)| *index)
}

/// The position of a code of one byte; no table lists a code that JSON would have to escape.
#[inline(always)]
pub(super) fn position_of_byte(table: CodeTable, byte: u8) -> Option<u8> {
    table.iter().find(|(code, _)| matches!(code.as_bytes(), [one] if *one == byte)).map(|(_, index)| *index)
}

#[inline(never)]
fn set_odd_code(to: &mut dyn CodeSlot, table: CodeTable, text: &str) -> Result<(), Doubt> {
    to.clear();
    if text.is_empty() {
        return Ok(());
    }
    let spellings = to.spellings();
    let bare = text.trim_start_matches(['+', '-']);
    let known = position(table, text)
        .or_else(|| position(spellings, text))
        .or_else(|| position(table, bare))
        .or_else(|| position(spellings, bare));
    match known {
        Some(index) => to.set_index(index),
        None => to.set_unlisted(Unlisted::new(text).ok_or(Doubt::Misfit)?),
    }
    Ok(())
}

fn stock_code(text: &str, prefixed: bool) -> Reading<StockCode> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let code = if prefixed { StockCode::with_prefix(text) } else { text.parse() };
    code.map(Some).map_err(|_| Doubt::Misfit)
}

fn number<T>(
    text: &str,
    to: &mut Option<T>,
    put: impl FnOnce(Number, &mut Option<T>) -> Result<(), Doubt>,
) -> Result<(), Doubt> {
    *to = None;
    match Number::read(text)? {
        Some(number) => put(number, to),
        None => Ok(()),
    }
}

fn fill<T>(to: &mut Option<T>, reading: Reading<T>) -> Result<(), Doubt> {
    match reading {
        Ok(value) => {
            *to = value;
            Ok(())
        }
        Err(doubt) => {
            *to = None;
            Err(doubt)
        }
    }
}

/// What a place takes, for anomalies.
pub(super) fn expected(slot: &Slot<'_>) -> &'static str {
    match slot {
        Slot::Text(_) | Slot::Reason(_) => "a text",
        Slot::Count(..) => "a whole number",
        Slot::Decimal(..) | Slot::Unit(..) => "a number",
        Slot::Percent(..) => "a percentage",
        Slot::Price(..) => "a price",
        Slot::Ratio(..) => "a ratio",
        Slot::Sided(_) => "a signed quantity",
        Slot::Date(..) => "a date",
        Slot::Time(..) => "a time",
        Slot::TimeMark(..) => "a time or a closing mark",
        Slot::DateTime(..) => "a date with time",
        Slot::YearMonth(..) => "a month",
        Slot::StockCode(..) => "a stock code",
        Slot::Id(_) => "an identifier",
        Slot::Code(..) => "a code",
        Slot::Secret(_) => "a secret text",
        Slot::Mask(_) => "digits 0 and 1",
        Slot::Joined(..) => "joined values",
        Slot::Embedded(_) => "a JSON list inside a text",
        Slot::Const(_) => "a constant",
        Slot::List(_) => "a list of objects",
        Slot::Tuples(_) => "a list of lists",
        Slot::Texts(_) => "a list of texts",
        Slot::Object(_) => "an object",
    }
}

/// The text of this place must not appear in an anomaly.
pub(super) fn is_private(slot: &Slot<'_>) -> bool {
    match slot {
        Slot::Secret(_) => true,
        Slot::Id(id) => id.is_private(),
        _ => false,
    }
}
