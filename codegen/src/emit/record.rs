//! A struct and its `Record`: keys and slots.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use super::tables::Tables;
use super::{Piece, ast, docs, ident, text};
use crate::model::{Dir, Field, Id, Kind, Layout, MemberType, Num, Struct, Unit};

/// The struct, its `Record`, and the glue of the runtime; without `default` the caller writes `Default`.
pub fn record(s: &Struct, tables: &Tables, default: bool) -> Vec<Piece> {
    with_docs(s, tables, default, |docs| docs)
}

/// The struct of a request: its setters carry the whole text, so the fields say no more than their label.
pub fn request(s: &Struct, tables: &Tables, default: bool) -> Vec<Piece> {
    with_docs(s, tables, default, |docs| &docs[..docs.len().min(1)])
}

fn with_docs(s: &Struct, tables: &Tables, default: bool, shown: fn(&[String]) -> &[String]) -> Vec<Piece> {
    let name = ident(&s.name);
    let glue = quote!(crate::glue!(#name););
    if let Some(structure) = text::structure(s, default, shown) {
        return vec![Piece::Text(structure), implement(s, tables), glue.into()];
    }
    let doc = docs(&s.docs);
    let members = s.members.iter().map(|m| {
        let (id, ty, doc) = (ident(&m.ident), member_type(&m.ty), docs(shown(&m.docs)));
        quote!(#doc pub #id: #ty,)
    });
    let derive = if default { quote!(#[derive(Clone, Default)]) } else { quote!(#[derive(Clone)]) };
    let structure = quote! {
        #doc
        #derive
        pub struct #name {
            #(#members)*
            #[doc(hidden)]
            pub _more: (),
        }
    };
    vec![structure.into(), implement(s, tables), glue.into()]
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

/// Records with more keys than this choose their places by halves.
const MANY: usize = 16;

fn implement(s: &Struct, tables: &Tables) -> Piece {
    let name = ident(&s.name);
    if s.fields.is_empty() {
        return quote! {
            impl Record for #name {
                fn keys(&self) -> &'static [&'static str] { &[] }
                fn slot(&mut self, _: usize) -> Slot<'_> { Slot::Const("") }
            }
        }
        .into();
    }
    let main = s.fields.iter().enumerate().map(|(i, f)| (i, f.key.as_str()));
    let other = s.fields.iter().enumerate().flat_map(|(i, f)| f.aliases.iter().map(move |a| (i, a.as_str())));
    let keys: Vec<(usize, &str)> = main.chain(other).collect();
    let last = s.fields.len() - 1;
    // Other spellings share the slot of their field.
    let slots = s.fields.iter().enumerate().map(|(i, f)| {
        let same = keys.iter().enumerate().filter(|(at, (field, _))| *field == i && *at != i).map(|(at, _)| at);
        let numbers: Vec<usize> = if i == last { Vec::new() } else { std::iter::once(i).chain(same).collect() };
        ast::arm(numbers, access(f, tables))
    });
    let changes = (!s.changes.is_empty()).then(|| {
        let each = s.changes.iter().map(|change| {
            let (number, sign) = (Literal::usize_unsuffixed(change.number), Literal::usize_unsuffixed(change.sign));
            let bare = change.bare;
            quote!(Change { number: #number, sign: #sign, bare: #bare })
        });
        // The check of every row works on the fields themselves: through places it costs a twentieth of a chart page.
        let place = |at: usize| ast::place(&s.fields[at].place);
        let pairs = s.changes.iter().map(|c| (place(c.number), place(c.sign)));
        let checks = pairs.map(|(number, sign)| quote!(crate::record::agree(&#number, &#sign)));
        quote! {
            fn changes(&self) -> &'static [Change] { &[#(#each),*] }
            fn agrees(&self) -> bool { #(#checks)&&* }
        }
    });
    let spellings = (keys.len() > s.fields.len()).then(|| {
        let count = Literal::usize_unsuffixed(keys.len() - s.fields.len());
        quote!(fn spellings(&self) -> usize { #count })
    });
    let one = s.fields.len() == 1;
    let index = if one { quote!(_) } else { quote!(index) };
    let outline = quote! {
        impl Record for #name {
            fn keys(&self) -> &'static [&'static str] { &[] }
            fn slot(&mut self, #index: usize) -> Slot<'_> { match index {} }
            #spellings
            #changes
        }
    };
    let Ok(mut record) = syn::parse2::<syn::ItemImpl>(outline.clone()) else { return outline.into() };
    let mut bodies = record.items.iter_mut().filter_map(ast::body);
    if let Some(body) = bodies.next() {
        *body = ast::texts(keys.iter().map(|(_, key)| format!("\"{key}\":")));
    }
    if let Some(body) = bodies.next() {
        *body = if keys.len() > MANY {
            let places: Vec<_> = keys.iter().map(|(field, _)| access(&s.fields[*field], tables)).collect();
            ast::halves("index", &places, 0)
        } else if one {
            access(&s.fields[0], tables)
        } else {
            ast::choose("index", slots.collect())
        };
    }
    drop(bodies);
    Piece::Item(Box::new(syn::Item::Impl(record)))
}

/// The type inside the `Option`, or the whole type where there is none.
pub fn inner_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Text | Kind::Reason | Kind::Const(_) => quote!(String),
        Kind::Count(_) => quote!(i64),
        Kind::Decimal(_) => quote!(Decimal),
        Kind::Percent(_) => quote!(Percent),
        Kind::Price(_) => quote!(Price),
        Kind::Ratio(_) => quote!(Directed<Percent>),
        Kind::Sided => quote!(Sided),
        Kind::Unit(unit, _) => ident(unit_type(*unit)).into_token_stream(),
        Kind::Date(_) => quote!(Date),
        Kind::Time(_) => quote!(Time),
        Kind::TimeMark(_) => quote!(TimeMark),
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
            | Kind::Reason
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
        Unit::TenThousandWon => "TenThousandWon",
        Unit::MillionWon => "MillionWon",
        Unit::TenMillionWon => "TenMillionWon",
        Unit::HundredMillionWon => "HundredMillionWon",
        Unit::HundredShares => "HundredShares",
        Unit::MillionShares => "MillionShares",
        Unit::ThousandShares => "ThousandShares",
        Unit::TenThousandShares => "TenThousandShares",
        Unit::ThousandUsd => "ThousandUsd",
        Unit::TenThousandUsd => "TenThousandUsd",
        Unit::ThousandGrams => "ThousandGrams",
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

fn num(n: Num) -> Expr {
    let digits = proc_macro2::Literal::u8_unsuffixed(n.scale.unsigned_abs());
    let scale = if n.scale < 0 { quote!(-#digits) } else { quote!(#digits) };
    match (n.scale, n.magnitude) {
        (0, false) => ast::path(&["Num", "PLAIN"]),
        (0, true) => ast::path(&["Num", "MAGNITUDE"]),
        (_, false) => ast::call(&["Num", "scaled"], [syn::parse_quote!(#scale)]),
        (_, true) => syn::parse_quote!(Num { scale: #scale, ..Num::MAGNITUDE }),
    }
}

fn dir(d: Dir) -> Expr {
    ast::record("Dir", [("scale", ast::number(d.scale.into())), ("documented", ast::boolean(d.documented))])
}

fn layout(l: Layout) -> Expr {
    let name = match l {
        Layout::Plain => "Plain",
        Layout::Marked => "Marked",
        Layout::Minute => "Minute",
        Layout::MinuteMarked => "MinuteMarked",
        Layout::Happened => "Happened",
    };
    ast::path(&["Layout", name])
}

/// The slot of one key.
fn access(f: &Field, tables: &Tables) -> Expr {
    let (variant, extra) = match &f.kind {
        Kind::Text => ("Text", None),
        Kind::Reason => ("Reason", None),
        Kind::Count(n) => ("Count", Some(num(*n))),
        Kind::Decimal(n) => ("Decimal", Some(num(*n))),
        Kind::Percent(n) => ("Percent", Some(num(*n))),
        Kind::Price(d) => ("Price", Some(dir(*d))),
        Kind::Ratio(d) => ("Ratio", Some(dir(*d))),
        Kind::Sided => ("Sided", None),
        Kind::Unit(_, n) => ("Unit", Some(num(*n))),
        Kind::Date(l) => ("Date", Some(layout(*l))),
        Kind::Time(l) => ("Time", Some(layout(*l))),
        Kind::TimeMark(l) => ("TimeMark", Some(layout(*l))),
        Kind::DateTime(l) => ("DateTime", Some(layout(*l))),
        Kind::YearMonth(l) => ("YearMonth", Some(layout(*l))),
        Kind::StockCode(prefixed) => ("StockCode", Some(ast::boolean(*prefixed))),
        Kind::Id(_) => ("Id", None),
        Kind::Coded(set, codes) => ("Code", tables.name(set, codes).map(|t| ast::path(&["tables", t]))),
        Kind::Secret => ("Secret", None),
        Kind::FilterMask => ("Mask", None),
        Kind::Joined(c) => ("Joined", Some(ast::literal(syn::Lit::new(Literal::character(*c))))),
        Kind::Embedded(_) => ("Embedded", None),
        Kind::Const(text) => return ast::call(&["Slot", "Const"], [ast::text(text)]),
        Kind::List(_) => ("List", None),
        Kind::Tuples(_) => ("Tuples", None),
        Kind::Texts => ("Texts", None),
        Kind::Object(_) => ("Object", None),
    };
    ast::call(&["Slot", variant], [Some(ast::borrow(ast::place(&f.place), true)), extra].into_iter().flatten())
}
