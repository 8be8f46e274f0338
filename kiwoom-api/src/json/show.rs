//! How a record shows itself in `Debug` and logs: the fields that are set, accounts and secrets masked.

use std::cell::RefCell;
use std::fmt;

use super::decode::key_name;
use super::encode::{Style, is_set, write_code, write_scalar};
use crate::record::{List, Record, Slot, written};
use crate::redact::free_text;
use crate::value::id::REDACTED;
use crate::value::{CodeSlot, CodeTable};

/// `Debug` of every record: the fields that are set, by their wire names, with their wire texts.
///
/// Accounts and secrets are redacted, unset fields left out.
#[doc(hidden)]
pub fn debug(record: &mut dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = record.keys().record;
    debug_as(record, name, f)
}

fn debug_as(record: &mut dyn Record, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(name);
    for (index, key) in written(record).iter().enumerate() {
        let mut slot = record.slot(index);
        if is_set(&mut slot) {
            out.field(key_name(key), &Shown::new(slot));
        }
    }
    out.finish_non_exhaustive()
}

/// One value for `Debug` and logs, which have it by `&` only.
pub(crate) struct Shown<'a>(RefCell<Slot<'a>>);

impl<'a> Shown<'a> {
    fn new(slot: Slot<'a>) -> Self {
        Shown(RefCell::new(slot))
    }

    /// A record: [`debug`] without a name.
    pub fn record(record: &'a mut dyn Record) -> Self {
        Shown::new(Slot::Object(record))
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &mut *self.0.borrow_mut() {
            Slot::Secret(secret) => secret.fmt(f),
            Slot::Id(id) if id.is_private() => f.write_str(REDACTED),
            Slot::List(list) | Slot::Tuples(list) => show_list(*list, f),
            Slot::Embedded(list) => show_list(list.list_mut(), f),
            Slot::Texts(texts) => f.debug_list().entries(texts.iter().map(|text| free_text(text))).finish(),
            Slot::Object(record) => debug_as(*record, "", f),
            Slot::Code(code, table) => show_code(*code, table, f),
            slot => {
                let mut text = String::new();
                let _ = write_scalar(&mut text, slot, Style::Stored);
                match slot {
                    Slot::Text(_) | Slot::Reason(_) | Slot::Joined(..) => free_text(&text).fmt(f),
                    Slot::Id(_) => text.fmt(f),
                    _ => f.write_str(&text),
                }
            }
        }
    }
}

fn show_list(list: &mut dyn List, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_list();
    for row in 0..list.len() {
        if let Some(record) = list.row(row) {
            out.entry(&Shown::record(record));
        }
    }
    out.finish()
}

/// The name of the meaning, and the code that stands for it in this field.
fn show_code(code: &mut dyn CodeSlot, table: CodeTable, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut wire = String::new();
    let listed = write_code(&mut wire, code, table);
    match code.index().and_then(|index| code.names().get(usize::from(index))) {
        Some(name) if listed.is_ok() => write!(f, "{name}({wire:?})"),
        Some(name) => f.write_str(name),
        // a code that no list has may be anything
        None => write!(f, "Unlisted({:?})", free_text(&wire)),
    }
}
