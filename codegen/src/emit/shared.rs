//! What several APIs share: the enums of code sets, and the parts of records.
//!
//! Invariant: an enum is defined below `codes` and nowhere else; the module of its menu exports it again. Which paths
//! exist depends on the curated table only, never on other users of the set.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, record};
use crate::doc;
use crate::model::{Kind, MemberType, Menu, Model, Part, Set, Sign};

/// `generated/codes/mod.rs`: the sets of several menus, and the way to all others.
pub fn codes(model: &Model) -> String {
    let head = vec![
        "What codes mean, one enum a meaning; which code is sent belongs to the field.".to_owned(),
        String::new(),
        "A code that the document does not list arrives as `Unlisted` and goes back as it came.".to_owned(),
        String::new(),
        "All sets are here; those that belong to one menu are exported from its own `codes` too.".to_owned(),
    ];
    let menus = model.menus.iter().filter_map(|menu| {
        let sets = menu_sets(model, menu);
        let mut features: Vec<String> = sets.iter().flat_map(|s| s.features.iter().cloned()).collect();
        features.sort();
        features.dedup();
        (!sets.is_empty()).then(|| (ident(&menu.handle()), gate(&features)))
    });
    let menus: Vec<_> = menus.collect();
    let modules = menus.iter().map(|(module, gate)| quote!(#gate mod #module;));
    let uses = menus.iter().map(|(module, gate)| quote!(#gate pub use #module::*;));
    let shared = model.sets.iter().filter(|s| s.menu.is_none()).map(|s| set(s, model));
    super::file(&head, modules.chain(uses).chain(shared).collect())
}

/// `generated/codes/<market>_<menu>.rs`: the sets of one menu.
pub fn codes_of(sets: &[&Set], model: &Model) -> String {
    let head = vec!["Sets that belong to one menu, whoever else uses them.".to_owned()];
    super::file(&head, sets.iter().map(|s| set(s, model)).collect())
}

/// The sets that belong to a menu.
pub fn menu_sets<'a>(model: &'a Model, menu: &Menu) -> Vec<&'a Set> {
    let here = |s: &&Set| s.menu.as_ref().is_some_and(|(m, n)| *m == menu.market && *n == menu.module);
    model.sets.iter().filter(here).collect()
}

/// `generated/<market>/<menu>/codes.rs`: the same sets again.
pub fn menu_codes(sets: &[&Set]) -> String {
    let head = vec!["What codes of this menu mean; the enums stand in [`codes`](crate::codes).".to_owned()];
    let names = sets.iter().map(|s| ident(&s.name));
    super::file(&head, vec![quote!(pub use crate::generated::codes::{#(#names),*};)])
}

/// The enum exists only where a category needs it.
fn set(set: &Set, model: &Model) -> TokenStream {
    let gate = gate(&set.features);
    let (name, about) = (ident(&set.name), docs(&[doc::escape(&set.doc)]));
    let variants = set.variants.iter().map(|(variant, labels)| {
        let about = match labels.first() {
            Some(label) => docs(&[format!("{}.", doc::escape(label))]),
            None => docs(&[format!("{}.", spaced(variant))]),
        };
        let variant = ident(variant);
        quote!(#about #variant,)
    });
    let filters = set.filters.iter().map(|wide| {
        let other = model.sets.iter().find(|s| s.name == *wide).map(|s| self::gate(&s.features));
        let wide = ident(wide);
        let arms = set.variants.iter().map(|(variant, _)| {
            let variant = ident(variant);
            quote!(#name::#variant => #wide::#variant,)
        });
        quote! {
            #gate
            #other
            impl From<#name> for #wide {
                fn from(value: #name) -> #wide {
                    match value {
                        #(#arms)*
                        #name::Unlisted(code) => #wide::Unlisted(code),
                    }
                }
            }
        }
    });
    if set.home.is_some() {
        return quote! {
            #gate
            pub use crate::value::#name;
            #(#filters)*
        };
    }
    let names = set.variants.iter().map(|(variant, _)| ident(variant));
    let more = more(set);
    quote! {
        #about
        #gate
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A code that the document does not list, kept as it came."]
            Unlisted(crate::value::Unlisted),
        }
        #gate
        crate::code_glue!(#name: #(#names),* #more);
        #(#filters)*
    }
}

/// Spellings and signs of a set, for `code_glue!`.
fn more(set: &Set) -> TokenStream {
    let spellings = set.spellings.iter().map(|(code, variant)| {
        let variant = proc_macro2::Literal::u8_unsuffixed(*variant);
        quote!((#code, #variant))
    });
    let spelt = (!set.spellings.is_empty()).then(|| quote!(; spelt #(#spellings),*));
    let signs = set.signs.iter().map(|sign| match sign {
        Sign::Up => quote!(Greater),
        Sign::Flat => quote!(Equal),
        Sign::Down => quote!(Less),
    });
    let signs = (!set.signs.is_empty()).then(|| quote!(; signs #(#signs),*));
    quote!(#spelt #signs)
}

/// `AtLeast5K` is `At least 5K`, `qty_change` is `Qty change`.
fn spaced(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let word = c.is_ascii_uppercase() && chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let number = c.is_ascii_digit() && before.is_some_and(|b| b.is_ascii_alphabetic());
        if i > 0 && (word || number || c == '_') {
            out.push(' ');
        }
        match c {
            '_' => {}
            c if word && i > 0 => out.push(c.to_ascii_lowercase()),
            c if i == 0 => out.push(c.to_ascii_uppercase()),
            c => out.push(c),
        }
    }
    out
}

/// `#[cfg(any(feature = ..))]` of the features that need an item.
fn gate(features: &[String]) -> TokenStream {
    match features {
        [one] => quote!(#[cfg(feature = #one)]),
        _ => quote!(#[cfg(any(#(feature = #features),*))]),
    }
}

/// `generated/parts.rs`: the structs inside records.
pub fn parts(model: &Model) -> String {
    let head = vec!["Structs inside records: levels of an order book and other groups of keys.".to_owned()];
    super::file(&head, model.parts.iter().map(|p| structure(p, model)).collect())
}

/// Types are written with their paths: each part has its own gate, and imports would need the same ones.
fn path_of(kind: &Kind, model: &Model) -> TokenStream {
    let inner = record::inner_type(kind);
    let full = match kind {
        Kind::Coded(set, _) if model.sets.iter().any(|s| s.name == *set && s.home.is_some()) => {
            quote!(crate::value::#inner)
        }
        Kind::Coded(..) => quote!(super::codes::#inner),
        Kind::Text | Kind::Reason | Kind::Count(_) => inner,
        _ => quote!(crate::value::#inner),
    };
    if record::is_bare(kind) { full } else { quote!(Option<#full>) }
}

fn structure(part: &Part, model: &Model) -> TokenStream {
    let (name, gate) = (ident(&part.name), gate(&part.features));
    let about = docs(std::slice::from_ref(&part.doc));
    let members = part.members.iter().map(|m| {
        let ty = match &m.ty {
            MemberType::One(kind) => path_of(kind, model),
            MemberType::Many(kind, n) => {
                let (ty, n) = (path_of(kind, model), proc_macro2::Literal::usize_unsuffixed(*n));
                quote!([#ty; #n])
            }
            other => record::member_type(other),
        };
        let (id, doc) = (ident(&m.ident), docs(&m.docs));
        quote!(#doc pub #id: #ty,)
    });
    quote! {
        #about
        #gate
        #[derive(Clone, Debug, Default)]
        pub struct #name {
            #(#members)*
            #[doc(hidden)]
            pub _more: (),
        }
    }
}
