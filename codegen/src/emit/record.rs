//! A struct and its `Record`: keys, slots, values.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{docs, ident};
use crate::model::{Dir, Field, Id, Kind, Layout, MemberType, Num, Struct, Unit};

/// The code tables of one file: each is written once, under a name.
#[derive(Default)]
pub struct Tables {
    /// Name, set, codes.
    rows: Vec<(String, String, Codes)>,
}

type Codes = Vec<(String, u8)>;

impl Tables {
    /// All tables of these structs.
    pub fn of<'a>(structs: impl Iterator<Item = &'a Struct>) -> Self {
        let mut tables = Tables::default();
        for field in structs.flat_map(|s| &s.fields) {
            let Kind::Coded(set, codes) = &field.kind else { continue };
            if tables.rows.iter().any(|(_, s, c)| s == set && c == codes) {
                continue;
            }
            let base = crate::ident::snake(set).to_ascii_uppercase();
            let same = tables.rows.iter().filter(|(_, s, _)| s == set).count();
            let name = if same == 0 { base } else { format!("{base}_{}", same + 1) };
            tables.rows.push((name, set.clone(), codes.clone()));
        }
        tables
    }

    /// The items that define them.
    pub fn items(&self) -> impl Iterator<Item = TokenStream> {
        self.rows.iter().map(|(name, set, codes)| {
            let (name, doc) = (ident(name), format!(" Codes of [`{set}`]."));
            let rows = codes.iter().map(|(code, variant)| {
                let variant = proc_macro2::Literal::u8_unsuffixed(*variant);
                quote!((#code, #variant))
            });
            quote!(#[doc = #doc] static #name: CodeTable = &[#(#rows),*];)
        })
    }

    fn name(&self, set: &str, codes: &[(String, u8)]) -> Option<proc_macro2::Ident> {
        self.rows.iter().find(|(_, s, c)| s == set && c == codes).map(|(name, _, _)| ident(name))
    }
}

/// The struct, its `Record`, and the glue of the runtime; without `default` the caller writes `Default`.
pub fn record(s: &Struct, tables: &Tables, default: bool) -> TokenStream {
    with_docs(s, tables, default, |docs| docs)
}

/// The struct of a request: its setters carry the whole text, so the fields say no more than their label.
pub fn request(s: &Struct, tables: &Tables, default: bool) -> TokenStream {
    with_docs(s, tables, default, |docs| &docs[..docs.len().min(1)])
}

fn with_docs(s: &Struct, tables: &Tables, default: bool, shown: fn(&[String]) -> &[String]) -> TokenStream {
    let name = ident(&s.name);
    let doc = docs(&s.docs);
    let members = s.members.iter().map(|m| {
        let (id, ty, doc) = (ident(&m.ident), member_type(&m.ty), docs(shown(&m.docs)));
        quote!(#doc pub #id: #ty,)
    });
    let derive = if default { quote!(#[derive(Clone, Default)]) } else { quote!(#[derive(Clone)]) };
    let record = implement(s, tables);
    quote! {
        #doc
        #derive
        pub struct #name {
            #(#members)*
            #[doc(hidden)]
            pub _more: (),
        }
        #record
        crate::record::glue!(#name);
    }
}

/// The type of a member.
pub fn member_type(ty: &MemberType) -> TokenStream {
    match ty {
        MemberType::One(kind) => field_type(kind),
        MemberType::Many(kind, n) => {
            let (ty, n) = (field_type(kind), proc_macro2::Literal::usize_unsuffixed(*n));
            quote!([#ty; #n])
        }
        MemberType::Part(name) => ident(name).into_token_stream(),
        MemberType::Parts(name, n) => {
            let (name, n) = (ident(name), proc_macro2::Literal::usize_unsuffixed(*n));
            quote!([#name; #n])
        }
    }
}

fn implement(s: &Struct, tables: &Tables) -> TokenStream {
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
        let slot = access(f, tables, true);
        let alternatives = keys.iter().enumerate().filter(|(at, (field, _))| *field == i && *at != i).map(|(at, _)| at);
        let patterns = std::iter::once(i).chain(alternatives).map(proc_macro2::Literal::usize_unsuffixed);
        if i == last { quote!(_ => #slot,) } else { quote!(#(#patterns)|* => #slot,) }
    });
    let values = s.fields.iter().enumerate().map(|(i, f)| {
        let value = access(f, tables, false);
        let i = proc_macro2::Literal::usize_unsuffixed(i);
        quote!(#i => #value,)
    });
    let settled = s.settled();
    let settle = (!settled.is_empty()).then(|| {
        let each = settled.iter().map(|(change, sign)| {
            let (change, sign) = (ident(&change.ident), ident(&sign.ident));
            quote! {
                if matches!(self.#sign, Some(ChangeSign::LowerLimit | ChangeSign::Down)) {
                    self.#change = self.#change.map(|change| -change.abs());
                }
            }
        });
        quote!(fn settle(&mut self) { #(#each)* })
    });
    let place = match &s.fields[..] {
        [only] => {
            let slot = access(only, tables, true);
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
            #settle
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
        Kind::Coded(set, _) => ident(set).into_token_stream(),
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
        Unit::MillionShares => "MillionShares",
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

/// The slot (`place` for decoding) or the value (for encoding) of one key. The two enums of the runtime have the same
/// variants; they differ in how the field is borrowed and in what only one side needs.
fn access(f: &Field, tables: &Tables, place: bool) -> TokenStream {
    let path: TokenStream = format!("self.{}", f.place).parse().unwrap_or_default();
    let (which, borrowed) = if place { (quote!(Slot), quote!(&mut #path)) } else { (quote!(Value), quote!(&#path)) };
    // Small copyable values are handed to the encoder as they are.
    let copied = if place { borrowed.clone() } else { path };
    match &f.kind {
        Kind::Text => quote!(#which::Text(#borrowed)),
        Kind::Count(n) => with(&which, "Count", &copied, num(*n)),
        Kind::Decimal(n) => with(&which, "Decimal", &copied, num(*n)),
        Kind::Percent(n) => with(&which, "Percent", &copied, num(*n)),
        Kind::Price(d) => with(&which, "Price", &borrowed, dir(*d)),
        Kind::Ratio(d) => with(&which, "Ratio", &borrowed, dir(*d)),
        Kind::Sided => quote!(#which::Sided(#borrowed)),
        Kind::Unit(_, n) => with(&which, "Unit", &borrowed, num(*n)),
        Kind::Date(l) => with(&which, "Date", &copied, layout(*l)),
        Kind::Time(l) => with(&which, "Time", &copied, layout(*l)),
        Kind::Clock(l) => with(&which, "Clock", &copied, layout(*l)),
        Kind::DateTime(l) => with(&which, "DateTime", &copied, layout(*l)),
        Kind::YearMonth(l) => with(&which, "YearMonth", &copied, layout(*l)),
        Kind::StockCode(prefixed) if place => with(&which, "StockCode", &borrowed, quote!(#prefixed)),
        Kind::StockCode(_) => quote!(#which::StockCode(#borrowed)),
        Kind::Id(_) => quote!(#which::Id(#borrowed)),
        Kind::Coded(set, codes) => {
            let table = tables.name(set, codes);
            quote!(#which::Code(#borrowed, #table))
        }
        Kind::Secret => quote!(#which::Secret(#borrowed)),
        Kind::FilterMask => quote!(#which::Mask(#borrowed)),
        Kind::Joined(c) => with(&which, "Joined", &borrowed, quote!(#c)),
        Kind::Embedded(_) => quote!(#which::Embedded(#borrowed)),
        Kind::Const(text) => quote!(#which::Const(#text)),
        Kind::List(_) => quote!(#which::List(#borrowed)),
        Kind::Tuples(_) => quote!(#which::Tuples(#borrowed)),
        Kind::Texts => quote!(#which::Texts(#borrowed)),
        Kind::Object(_) => quote!(#which::Object(#borrowed)),
    }
}

fn with(which: &TokenStream, variant: &str, value: &TokenStream, extra: TokenStream) -> TokenStream {
    let variant = ident(variant);
    quote!(#which::#variant(#value, #extra))
}
