//! What several APIs share: the enums of code sets, and the parts of records.
//!
//! Invariant: an enum is defined below `codes` and nowhere else; the module of its menu exports it again. Which paths
//! exist depends on the curated table only, never on other users of the set.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, text};
use crate::doc;
use crate::ident::words;
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
    let shared = model.sets.iter().filter(|s| s.menu.is_none()).map(set);
    let neighbours = std::iter::once(quote!(
        mod neighbours;
    ));
    super::file(&head, neighbours.chain(modules).chain(uses).chain(shared).collect())
}

/// `generated/codes/<market>_<menu>.rs`: the sets of one menu.
pub fn codes_of(sets: &[&Set]) -> String {
    let head = vec!["Sets that belong to one menu, whoever else uses them.".to_owned()];
    super::file(&head, sets.iter().map(|s| set(s)).collect())
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

/// `generated/codes/neighbours.rs`: sets that take the values of another one, because they mean the same.
pub fn neighbours(model: &Model) -> String {
    let head = vec!["Sets that take the values of a neighbour, where these mean the same.".to_owned()];
    let of = |name: &String| model.sets.iter().find(|s| s.name == *name);
    let pairs = model.sets.iter().flat_map(|s| s.filters.iter().filter_map(of).map(move |wide| (s, wide)));
    let items = pairs.map(|(narrow, wide)| {
        let (here, there) = (gate(&narrow.features), gate(&wide.features));
        let (narrow_name, wide) = (ident(&narrow.name), ident(&wide.name));
        let arms: TokenStream = narrow
            .variants
            .iter()
            .map(|(variant, _)| {
                let variant = ident(variant);
                quote!(super::#narrow_name::#variant => Self::#variant,)
            })
            .collect();
        quote! {
            #here
            #there
            impl From<super::#narrow_name> for super::#wide {
                fn from(value: super::#narrow_name) -> Self {
                    match value {
                        #arms
                        super::#narrow_name::Unlisted(code) => Self::Unlisted(code),
                    }
                }
            }
        }
    });
    super::file(&head, items.collect())
}

/// The enum exists only where a category needs it.
fn set(set: &Set) -> TokenStream {
    let gate = gate(&set.features);
    let (name, about) = (ident(&set.name), docs(&[doc::escape(&set.doc), String::new(), fields(set)]));
    let variants = set.variants.iter().map(|(variant, labels)| {
        let about = match labels.first() {
            Some(label) if label.is_ascii() => docs(&[format!("{}.", doc::escape(label))]),
            Some(label) => docs(&[format!("{} ({}).", words(variant), doc::escape(label))]),
            None => docs(&[format!("{}.", words(variant))]),
        };
        let variant = ident(variant);
        quote!(#about #variant,)
    });
    if set.home.is_some() {
        return quote! {
            #gate
            pub use crate::value::#name;
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
    }
}

/// More fields of a set, and more APIs of a field, than this are counted only.
const SHOWN: usize = 4;

/// Which fields have the set: the most used ones by name.
fn fields(set: &Set) -> String {
    let shown = set.fields.iter().take(SHOWN).map(|(key, apis)| {
        let names: Vec<String> = apis.iter().take(SHOWN).map(|id| doc::code(id)).collect();
        let more = match apis.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!("{} of {}{more}", doc::code(key), names.join(", "))
    });
    let shown: Vec<String> = shown.collect();
    let rest: Vec<&str> = set.fields.iter().skip(SHOWN).flat_map(|(_, apis)| apis).map(String::as_str).collect();
    let more = match rest.len() {
        0 => String::new(),
        1 => "; 1 other field".to_owned(),
        n => format!("; {n} other fields"),
    };
    format!("Fields: {}{more}.", shown.join("; "))
}

/// Spellings, labels and signs of a set, for `code_glue!`.
fn more(set: &Set) -> TokenStream {
    let pairs = |word: &str, codes: &[(String, u8)]| {
        let word = ident(word);
        let pairs = codes.iter().map(|(code, variant)| {
            let variant = proc_macro2::Literal::u8_unsuffixed(*variant);
            quote!((#code, #variant))
        });
        (!codes.is_empty()).then(|| quote!(; #word #(#pairs),*))
    };
    let (spelt, disputed) = (pairs("spelt", &set.spellings), pairs("disputed", &set.disputed));
    let labels = set.variants.iter().map(|(_, labels)| quote!([#(#labels),*]));
    let labelled = set.variants.iter().any(|(_, labels)| !labels.is_empty());
    let korean = labelled.then(|| quote!(; korean #(#labels),*));
    let signs = set.signs.iter().map(|sign| match sign {
        Sign::Up => quote!(Greater),
        Sign::Flat => quote!(Equal),
        Sign::Down => quote!(Less),
    });
    let signs = (!set.signs.is_empty()).then(|| quote!(; signs #(#signs),*));
    quote!(#spelt #disputed #korean #signs)
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
    let inner = tokens(&text::inner_type(kind));
    let full = match kind {
        Kind::Coded(set, _) if model.sets.iter().any(|s| s.name == *set && s.home.is_some()) => {
            quote!(crate::value::#inner)
        }
        Kind::Coded(..) => quote!(super::codes::#inner),
        Kind::Text | Kind::Reason | Kind::Count(_) => inner,
        _ => quote!(crate::value::#inner),
    };
    if text::is_bare(kind) { full } else { quote!(Option<#full>) }
}

/// A type that the model made valid.
fn tokens(ty: &str) -> TokenStream {
    ty.parse().unwrap_or_default()
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
            other => tokens(&text::member_type(other)),
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
