//! A struct and its `Record`: keys, slots, values.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{docs, ident};
use crate::model::{Dir, Field, Id, Kind, Layout, Num, Struct, Unit};

/// The struct, its `Record`, and the glue of the runtime; without `default` the caller writes `Default`.
pub fn record(s: &Struct, default: bool) -> TokenStream {
    with_docs(s, default, |f| docs(&f.docs))
}

/// The struct of a request: its setters carry the whole text, so the fields say no more than their label.
pub fn request(s: &Struct, default: bool) -> TokenStream {
    with_docs(s, default, |f| docs(&f.docs[..f.docs.len().min(1)]))
}

fn with_docs(s: &Struct, default: bool, field_docs: fn(&Field) -> TokenStream) -> TokenStream {
    let name = ident(&s.name);
    let doc = docs(&s.docs);
    let fields = s.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_))).map(|f| {
        let (id, ty, doc) = (ident(&f.ident), field_type(&f.kind), field_docs(f));
        quote!(#doc pub #id: #ty,)
    });
    let derive = if default { quote!(#[derive(Clone, Default)]) } else { quote!(#[derive(Clone)]) };
    let record = implement(s);
    quote! {
        #doc
        #derive
        pub struct #name {
            #(#fields)*
            #[doc(hidden)]
            pub _more: (),
        }
        #record
        crate::record::glue!(#name);
    }
}

fn implement(s: &Struct) -> TokenStream {
    let name = ident(&s.name);
    if s.fields.is_empty() {
        return quote! {
            impl Record for #name {
                fn keys(&self) -> &'static [&'static str] { &[] }
                fn slot(&mut self, _: usize) -> Slot<'_> { Slot::Const("") }
                fn value(&self, _: usize) -> Value<'_> { Value::Skip }
            }
        };
    }
    let main = s.fields.iter().enumerate().map(|(i, f)| (i, f.key.as_str()));
    let other = s.fields.iter().enumerate().flat_map(|(i, f)| f.aliases.iter().map(move |a| (i, a.as_str())));
    let keys: Vec<(usize, &str)> = main.chain(other).collect();
    let literals = keys.iter().map(|(_, k)| format!("\"{k}\":"));
    let last = s.fields.len() - 1;
    // Other spellings share the slot of their field and are skipped when writing.
    let slots = s.fields.iter().enumerate().map(|(i, f)| {
        let slot = slot(f);
        let alternatives = keys.iter().enumerate().filter(|(at, (field, _))| *field == i && *at != i).map(|(at, _)| at);
        let patterns = std::iter::once(i).chain(alternatives).map(proc_macro2::Literal::usize_unsuffixed);
        if i == last { quote!(_ => #slot,) } else { quote!(#(#patterns)|* => #slot,) }
    });
    let values = s.fields.iter().enumerate().map(|(i, f)| {
        let value = value(f);
        let i = proc_macro2::Literal::usize_unsuffixed(i);
        quote!(#i => #value,)
    });
    let place = match &s.fields[..] {
        [only] => {
            let slot = slot(only);
            quote!(fn slot(&mut self, _: usize) -> Slot<'_> { #slot })
        }
        _ => quote!(fn slot(&mut self, index: usize) -> Slot<'_> { match index { #(#slots)* } }),
    };
    quote! {
        impl Record for #name {
            fn keys(&self) -> &'static [&'static str] {
                &[#(#literals),*]
            }
            #place
            fn value(&self, index: usize) -> Value<'_> {
                match index { #(#values)* _ => Value::Skip }
            }
        }
    }
}

/// The type inside the `Option`, or the whole type where there is none.
pub fn inner_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Text | Kind::Const(_) => quote!(String),
        Kind::Count(_) => quote!(i64),
        Kind::Decimal(_) => quote!(Decimal),
        Kind::Percent(_) => quote!(Percent),
        Kind::Price(_) => quote!(Price),
        Kind::Ratio(_) => quote!(Directed<Percent>),
        Kind::Sided => quote!(Sided),
        Kind::Unit(unit, _) => ident(unit_type(*unit)).into_token_stream(),
        Kind::Date(_) => quote!(Date),
        Kind::Time(_) => quote!(Time),
        Kind::Clock(_) => quote!(Clock),
        Kind::DateTime(_) => quote!(DateTime),
        Kind::YearMonth(_) => quote!(YearMonth),
        Kind::StockCode(_) => quote!(StockCode),
        Kind::Id(id) => ident(id_type(*id)).into_token_stream(),
        Kind::Secret => quote!(Secret),
        Kind::FilterMask => quote!(FilterMask),
        Kind::Joined(_) => quote!(Vec<StockCode>),
        Kind::Embedded(name) | Kind::List(name) | Kind::Tuples(name) => {
            let name = ident(name);
            quote!(Vec<#name>)
        }
        Kind::Texts => quote!(Vec<String>),
        Kind::Object(name) => ident(name).into_token_stream(),
    }
}

/// The field has no `Option` around its type.
pub fn is_bare(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::Const(_)
            | Kind::Secret
            | Kind::Joined(_)
            | Kind::Embedded(_)
            | Kind::List(_)
            | Kind::Tuples(_)
            | Kind::Texts
            | Kind::Object(_)
    )
}

fn field_type(kind: &Kind) -> TokenStream {
    let inner = inner_type(kind);
    if is_bare(kind) { inner } else { quote!(Option<#inner>) }
}

fn unit_type(unit: Unit) -> &'static str {
    match unit {
        Unit::ThousandWon => "ThousandWon",
        Unit::MillionWon => "MillionWon",
        Unit::TenMillionWon => "TenMillionWon",
        Unit::HundredMillionWon => "HundredMillionWon",
        Unit::HundredShares => "HundredShares",
        Unit::ThousandShares => "ThousandShares",
        Unit::TenThousandShares => "TenThousandShares",
        Unit::ThousandUsd => "ThousandUsd",
        Unit::ByRequest => "ByRequest",
    }
}

fn id_type(id: Id) -> &'static str {
    match id {
        Id::OrderNo => "OrderNo",
        Id::AccountNo => "AccountNo",
        Id::IndexCode => "IndexCode",
        Id::GoldCode => "GoldCode",
        Id::UsTicker => "UsTicker",
        Id::Code => "Code",
    }
}

fn num(n: Num) -> TokenStream {
    let scale = proc_macro2::Literal::u8_unsuffixed(n.scale);
    match (n.scale, n.magnitude) {
        (0, false) => quote!(Num::PLAIN),
        (0, true) => quote!(Num::MAGNITUDE),
        (_, false) => quote!(Num::scaled(#scale)),
        (_, true) => quote!(Num { scale: #scale, ..Num::MAGNITUDE }),
    }
}

fn dir(d: Dir) -> TokenStream {
    let (scale, documented) = (proc_macro2::Literal::u8_unsuffixed(d.scale), d.documented);
    quote!(Dir { scale: #scale, documented: #documented })
}

fn layout(l: Layout) -> TokenStream {
    match l {
        Layout::Plain => quote!(Layout::Plain),
        Layout::Marked => quote!(Layout::Marked),
        Layout::Minute => quote!(Layout::Minute),
        Layout::MinuteMarked => quote!(Layout::MinuteMarked),
    }
}

fn slot(f: &Field) -> TokenStream {
    let id = ident(&f.ident);
    match &f.kind {
        Kind::Text => quote!(Slot::Text(&mut self.#id)),
        Kind::Count(n) => with(quote!(Slot::Count), &id, num(*n)),
        Kind::Decimal(n) => with(quote!(Slot::Decimal), &id, num(*n)),
        Kind::Percent(n) => with(quote!(Slot::Percent), &id, num(*n)),
        Kind::Price(d) => with(quote!(Slot::Price), &id, dir(*d)),
        Kind::Ratio(d) => with(quote!(Slot::Ratio), &id, dir(*d)),
        Kind::Sided => quote!(Slot::Sided(&mut self.#id)),
        Kind::Unit(_, n) => with(quote!(Slot::Unit), &id, num(*n)),
        Kind::Date(l) => with(quote!(Slot::Date), &id, layout(*l)),
        Kind::Time(l) => with(quote!(Slot::Time), &id, layout(*l)),
        Kind::Clock(l) => with(quote!(Slot::Clock), &id, layout(*l)),
        Kind::DateTime(l) => with(quote!(Slot::DateTime), &id, layout(*l)),
        Kind::YearMonth(l) => with(quote!(Slot::YearMonth), &id, layout(*l)),
        Kind::StockCode(prefixed) => with(quote!(Slot::StockCode), &id, quote!(#prefixed)),
        Kind::Id(_) => quote!(Slot::Id(&mut self.#id)),
        Kind::Secret => quote!(Slot::Secret(&mut self.#id)),
        Kind::FilterMask => quote!(Slot::Mask(&mut self.#id)),
        Kind::Joined(c) => with(quote!(Slot::Joined), &id, quote!(#c)),
        Kind::Embedded(_) => quote!(Slot::Embedded(&mut self.#id)),
        Kind::Const(text) => quote!(Slot::Const(#text)),
        Kind::List(_) => quote!(Slot::List(&mut self.#id)),
        Kind::Tuples(_) => quote!(Slot::Tuples(&mut self.#id)),
        Kind::Texts => quote!(Slot::Texts(&mut self.#id)),
        Kind::Object(_) => quote!(Slot::Object(&mut self.#id)),
    }
}

fn with(variant: TokenStream, id: &proc_macro2::Ident, extra: TokenStream) -> TokenStream {
    quote!(#variant(&mut self.#id, #extra))
}

fn value(f: &Field) -> TokenStream {
    let id = ident(&f.ident);
    match &f.kind {
        Kind::Text => quote!(Value::Text(&self.#id)),
        Kind::Count(n) => {
            let n = num(*n);
            quote!(Value::Count(self.#id, #n))
        }
        Kind::Decimal(n) => {
            let n = num(*n);
            quote!(Value::Decimal(self.#id, #n))
        }
        Kind::Percent(n) => {
            let n = num(*n);
            quote!(Value::Percent(self.#id, #n))
        }
        Kind::Price(d) => {
            let d = dir(*d);
            quote!(Value::Price(&self.#id, #d))
        }
        Kind::Ratio(d) => {
            let d = dir(*d);
            quote!(Value::Ratio(&self.#id, #d))
        }
        Kind::Sided => quote!(Value::Sided(&self.#id)),
        Kind::Unit(_, n) => {
            let n = num(*n);
            quote!(Value::Unit(&self.#id, #n))
        }
        Kind::Date(l) => {
            let l = layout(*l);
            quote!(Value::Date(self.#id, #l))
        }
        Kind::Time(l) => {
            let l = layout(*l);
            quote!(Value::Time(self.#id, #l))
        }
        Kind::Clock(l) => {
            let l = layout(*l);
            quote!(Value::Clock(self.#id, #l))
        }
        Kind::DateTime(l) => {
            let l = layout(*l);
            quote!(Value::DateTime(self.#id, #l))
        }
        Kind::YearMonth(l) => {
            let l = layout(*l);
            quote!(Value::YearMonth(self.#id, #l))
        }
        Kind::StockCode(_) => quote!(Value::StockCode(&self.#id)),
        Kind::Id(_) => quote!(Value::Id(&self.#id)),
        Kind::Secret => quote!(Value::Secret(&self.#id)),
        Kind::FilterMask => quote!(Value::Mask(&self.#id)),
        Kind::Joined(c) => quote!(Value::Joined(&self.#id, #c)),
        Kind::Embedded(_) => quote!(Value::Embedded(&self.#id)),
        Kind::Const(text) => quote!(Value::Const(#text)),
        Kind::List(_) => quote!(Value::List(&self.#id)),
        Kind::Tuples(_) => quote!(Value::Tuples(&self.#id)),
        Kind::Texts => quote!(Value::Texts(&self.#id)),
        Kind::Object(_) => quote!(Value::Object(&self.#id)),
    }
}
