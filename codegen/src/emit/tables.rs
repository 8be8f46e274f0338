//! The code tables of fields: which code stands for which meaning.
//!
//! Fields with one set and the same codes share one table, because each item costs compile time. A table belongs to one
//! set: its numbers are positions in that enum.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{api, ident};
use crate::ident::snake;
use crate::model::{Kind, Model};

/// All code tables of the model, by set.
#[derive(Default)]
pub struct Tables<'a> {
    sets: BTreeMap<&'a str, Vec<Table<'a>>>,
}

/// The codes that fields of one set have, under a name.
struct Table<'a> {
    name: String,
    codes: &'a [(String, u8)],
}

impl<'a> Tables<'a> {
    /// All tables of the model.
    pub fn of(model: &'a Model) -> Self {
        let structs = model.menus.iter().flat_map(|menu| &menu.apis).flat_map(api::structs);
        let mut tables = Tables::default();
        let mut taken = HashSet::new();
        for field in structs.flat_map(|s| &s.fields) {
            let Kind::Coded(set, codes) = &field.kind else { continue };
            if tables.name(set, codes).is_none() {
                let name = free(&snake(set).to_ascii_uppercase(), &mut taken);
                tables.sets.entry(set).or_default().push(Table { name, codes });
            }
        }
        tables
    }

    /// The name of the table of a field.
    pub fn name(&self, set: &str, codes: &[(String, u8)]) -> Option<&str> {
        let table = self.sets.get(set)?.iter().find(|table| table.codes == codes)?;
        Some(&table.name)
    }
}

/// The name, or the first one with a number that nothing else has.
fn free(base: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{base}_{n}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    let name = names.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// `generated/tables.rs`
pub fn file(tables: &Tables) -> String {
    let head = vec![
        "The codes of fields. Fields with one set and the same codes share a table; its numbers are positions in the set."
            .to_owned(),
    ];
    let mut items = vec![quote!(
        use crate::value::CodeTable;
    )];
    items.extend(tables.sets.iter().flat_map(|(set, tables)| tables.iter().map(|table| item(set, table))));
    super::file(&head, items)
}

fn item(set: &str, table: &Table) -> TokenStream {
    let (name, doc) = (ident(&table.name), format!(" Codes of `{set}`."));
    let rows = table.codes.iter().map(|(code, variant)| {
        let variant = Literal::u8_unsuffixed(*variant);
        quote!((#code, #variant))
    });
    quote!(#[doc = #doc] pub(crate) static #name: CodeTable = &[#(#rows),*];)
}
