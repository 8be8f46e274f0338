//! The file of one API: its structs, its metadata, its constructor and setters.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use kiwoom_spec::names::Effect;

use super::tables::Tables;
use super::{Piece, docs, ident, record, text};
use crate::doc;
use crate::model::{Api, Field, Kind, MemberType, Mock, Model, Protocol, Request, Struct, Unit};

/// The text of the file.
pub fn file(api: &Api, model: &Model, tables: &Tables) -> String {
    let head = vec![
        format!("{}, {}: {}.", api.title(), doc::code(&api.id), doc::escape(&api.menu)),
        String::new(),
        match api.protocol {
            Protocol::Rest => format!("`POST {}`", api.path),
            Protocol::Realtime => format!("A topic of the WebSocket `{}`.", api.path),
            Protocol::Socket => format!("A question over the WebSocket `{}`.", api.path),
        },
    ];
    let mut items: Vec<Piece> = vec![imports(api, model).into()];
    if let Some(request) = &api.request {
        let defaults = request.body.fields.iter().any(|f| f.default.is_some());
        let complete = request.is_complete();
        items.extend(record::request(&request.body, tables, complete && !defaults));
        if defaults || !complete {
            items.push(empty(request, model).into());
        }
        items.push(build(request));
        items.push(endpoint(api, request).into());
    }
    items.extend(record::record(&api.reply, tables, true));
    items.extend(listing(&api.reply).map(Piece::from));
    if api.request.is_none() {
        items.push(topic(&api.reply, api).into());
    }
    if let Some(push) = &api.push {
        items.extend(record::record(push, tables, true));
        items.push(topic(push, api).into());
    }
    items.extend(api.nested.iter().flat_map(|s| record::record(s, tables, true)));
    super::file(&head, items)
}

/// All structs of an API.
pub(super) fn structs(api: &Api) -> Vec<&Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested).collect()
}

fn imports(api: &Api, model: &Model) -> TokenStream {
    let mut endpoint = vec!["Effect", "Meta", "Mock", "Protocol"];
    if api.request.is_some() {
        endpoint.push("Endpoint");
    }
    if has_rows(&api.reply) {
        endpoint.push("Listing");
    }
    if api.request.is_none() || api.push.is_some() {
        endpoint.push("Topic");
    }
    let structs = structs(api);
    let fields = || structs.iter().flat_map(|s| &s.fields).map(|f| &f.kind);
    let members = || structs.iter().flat_map(|s| &s.members);
    let mut records = vec!["Record", "Slot"];
    if fields().any(|k| matches!(k, Kind::Price(_) | Kind::Ratio(_))) {
        records.push("Dir");
    }
    if fields().any(is_dated) {
        records.push("Layout");
    }
    if fields().any(|k| matches!(k, Kind::Count(_) | Kind::Decimal(_) | Kind::Percent(_) | Kind::Unit(..))) {
        records.push("Num");
    }
    if structs.iter().any(|s| !s.changes.is_empty()) {
        records.push("Change");
    }
    let mut values: Vec<String> = members().filter_map(|m| single(&m.ty)).flat_map(value_imports).collect();
    let (mut codes, mut parts) = (Vec::new(), Vec::new());
    for member in members() {
        match &member.ty {
            MemberType::One(Kind::Coded(set, _)) => match model.sets.iter().find(|s| s.name == *set) {
                Some(set) if set.home.is_some() => values.push(set.name.clone()),
                _ => codes.push(set.clone()),
            },
            MemberType::Part(name) | MemberType::Parts(name, _) => parts.push(name.clone()),
            _ => {}
        }
    }
    let mut out = import("crate::endpoint", endpoint.into_iter().map(str::to_owned).collect());
    out.extend(import("crate::generated::codes", codes));
    out.extend(import("crate::generated::parts", parts));
    if fields().any(|k| matches!(k, Kind::Coded(..))) {
        out.extend(quote!(
            use crate::generated::tables;
        ));
    }
    out.extend(import("crate::record", records.into_iter().map(str::to_owned).collect()));
    out.extend(import("crate::value", values));
    out
}

fn import(path: &str, mut names: Vec<String>) -> TokenStream {
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return TokenStream::new();
    }
    let path: TokenStream = path.parse().unwrap_or_default();
    let names = names.iter().map(|n| ident(n));
    quote!(use #path::{#(#names),*};)
}

fn is_dated(kind: &Kind) -> bool {
    matches!(kind, Kind::Date(_) | Kind::Time(_) | Kind::TimeMark(_) | Kind::DateTime(_) | Kind::YearMonth(_))
}

fn single(ty: &MemberType) -> Option<&Kind> {
    match ty {
        MemberType::One(kind) | MemberType::Many(kind, _) => Some(kind),
        MemberType::Part(_) | MemberType::Parts(..) => None,
    }
}

/// The types of `crate::value` that a kind names.
fn value_imports(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Text | Kind::Reason | Kind::Const(_) | Kind::Count(_) | Kind::Texts | Kind::Coded(..) => Vec::new(),
        Kind::Embedded(_) | Kind::List(_) | Kind::Tuples(_) | Kind::Object(_) => Vec::new(),
        Kind::Joined(_) => vec!["StockCode".to_owned()],
        Kind::Ratio(_) => vec!["Directed".to_owned(), "Percent".to_owned()],
        other => vec![record::inner_type(other).to_string()],
    }
}

/// What a call does, as an expression.
pub(super) fn effect(api: &Api) -> TokenStream {
    match api.effect {
        Effect::Read => quote!(Effect::Read),
        Effect::Trade => quote!(Effect::Trade),
        Effect::Auth => quote!(Effect::Auth),
    }
}

/// The static facts, as the constant of a trait. An item of their own would be one more for the compiler to check.
fn meta(api: &Api) -> TokenStream {
    let (id, name, korean, menu, path, paged) = (&api.id, &api.name, &api.korean, &api.menu, &api.path, api.paged);
    let effect = effect(api);
    let protocol = match api.protocol {
        Protocol::Rest => quote!(Protocol::Rest),
        Protocol::Realtime => quote!(Protocol::Realtime),
        Protocol::Socket => quote!(Protocol::Socket),
    };
    let mock = match api.mock {
        Mock::Yes => quote!(Mock::Yes),
        Mock::KrxOnly => quote!(Mock::KrxOnly),
        Mock::No => quote!(Mock::No),
    };
    quote! {
        const META: &'static Meta = &Meta {
            id: #id, name: #name, korean: #korean, menu: #menu, path: #path,
            effect: #effect, protocol: #protocol, paged: #paged, mock: #mock,
        };
    }
}

fn endpoint(api: &Api, request: &Request) -> TokenStream {
    let (name, reply) = (ident(&request.body.name), ident(&api.reply.name));
    let list = |positions: &[usize], name: &str| {
        let positions = positions.iter().map(|i| Literal::usize_unsuffixed(*i));
        let name = ident(name);
        (positions.len() > 0).then(|| quote!(const #name: &'static [usize] = &[#(#positions),*];))
    };
    let (required, blank) = (list(&request.required, "REQUIRED"), list(&request.blank, "BLANK"));
    let meta = meta(api);
    let answer = match api.effect {
        Effect::Trade => quote!(crate::Outcome<crate::Reply<#reply>>),
        Effect::Read | Effect::Auth => quote!(Result<crate::Reply<#reply>, crate::Error>),
    };
    quote! {
        impl Endpoint for #name {
            type Reply = #reply;
            type Answer = #answer;
            #meta
            #required
            #blank
        }
    }
}

/// A topic; where the API has a request, the facts stand there.
fn topic(s: &Struct, api: &Api) -> TokenStream {
    let name = ident(&s.name);
    let meta = match &api.request {
        Some(request) => {
            let request = ident(&request.body.name);
            quote!(const META: &'static Meta = <#request as Endpoint>::META;)
        }
        None => meta(api),
    };
    quote! {
        impl Topic for #name {
            #meta
        }
    }
}

fn has_rows(s: &Struct) -> bool {
    s.list().is_some()
}

fn listing(s: &Struct) -> Option<TokenStream> {
    let list = s.list()?;
    let (Kind::List(row) | Kind::Tuples(row)) = &list.kind else { return None };
    let (name, row, field) = (ident(&s.name), ident(row), ident(&list.ident));
    Some(quote! {
        impl Listing for #name {
            type Row = #row;
            fn rows(&self) -> &[#row] { &self.#field }
            fn rows_mut(&mut self) -> &mut Vec<#row> { &mut self.#field }
        }
    })
}

/// Where a request begins: its filters at their neutral codes. It is `Default` only where nothing is left to decide.
fn empty(request: &Request, model: &Model) -> TokenStream {
    let s = &request.body;
    let name = ident(&s.name);
    let fields = s.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_))).map(|f| {
        let id = ident(&f.ident);
        let value = match &f.default {
            Some(text) => wire(&f.kind, text, model),
            None => quote!(Default::default()),
        };
        quote!(#id: #value,)
    });
    let (contract, method) = match request.is_complete() {
        true => (quote!(Default), quote!(default)),
        false => (quote!(crate::record::Empty), quote!(empty)),
    };
    quote! {
        impl #contract for #name {
            fn #method() -> Self {
                Self { #(#fields)* _more: () }
            }
        }
    }
}

/// A value from its wire text.
fn wire(kind: &Kind, text: &str, model: &Model) -> TokenStream {
    match kind {
        Kind::Coded(name, codes) => {
            let set = model.sets.iter().find(|s| s.name == *name);
            let variant =
                codes.iter().find(|(code, _)| code == text).and_then(|(_, v)| set?.variants.get(usize::from(*v)));
            match variant {
                Some((variant, _)) => {
                    let (name, variant) = (ident(name), ident(variant));
                    quote!(Some(#name::#variant))
                }
                None => quote!(None),
            }
        }
        Kind::Text | Kind::Reason => quote!(#text.into()),
        Kind::Id(_) => quote!(Some(#text.into())),
        Kind::FilterMask if text.bytes().all(|b| b == b'0') => quote!(Some(FilterMask::NONE)),
        Kind::Count(_) => match text.parse::<i64>() {
            Ok(n) => {
                let n = Literal::i64_unsuffixed(n);
                quote!(Some(#n))
            }
            Err(_) => quote!(None),
        },
        Kind::Unit(..) => match (text.parse::<i64>(), record::inner_type(kind)) {
            (Ok(n), unit) => {
                let n = Literal::i64_suffixed(n);
                quote!(Some(#unit::from(#n)))
            }
            (Err(_), _) => quote!(None),
        },
        Kind::Decimal(_) => match text.parse::<i64>() {
            Ok(0) => quote!(Some(Decimal::ZERO)),
            Ok(n) => {
                let n = Literal::i64_suffixed(n);
                quote!(Some(Decimal::from(#n)))
            }
            Err(_) => quote!(None),
        },
        // A test requires that every curated default comes through here.
        _ => quote!(Default::default()),
    }
}

/// The constructor and the setters.
fn build(request: &Request) -> Piece {
    let name = ident(&request.body.name);
    let args: Vec<&Field> = request.ctor.iter().map(|i| &request.body.fields[*i]).collect();
    let parameter = |f: &&Field| {
        let (id, ty) = (ident(&f.ident), argument_type(&f.kind));
        quote!(#id: #ty)
    };
    let parameters: Vec<TokenStream> = args.iter().map(parameter).collect();
    let call = |f: &&Field| {
        let id = ident(&f.ident);
        quote!(.#id(#id))
    };
    let calls: Vec<TokenStream> = args.iter().map(call).collect();
    let labels: Vec<String> = args
        .iter()
        .map(|f| format!("* {}: {}", doc::code(&f.ident), f.docs.first().map_or("", String::as_str)))
        .collect();
    let mut head = vec![
        "A request with what a caller must always decide; everything else is at its neutral value or unset.".to_owned(),
    ];
    if !labels.is_empty() {
        head.push(String::new());
        head.extend(labels);
    }
    let head = docs(&head);
    let empty = match request.is_complete() {
        true => quote!(Self::default()),
        false => quote!(<Self as crate::record::Empty>::empty()),
    };
    let fields: Vec<&Field> = request.body.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_))).collect();
    let whole = |setters: &[TokenStream]| {
        quote! {
            impl #name {
                #head
                pub fn new(#(#parameters),*) -> Self {
                    #empty #(#calls)*
                }
                #(#setters)*
            }
        }
    };
    let all = || fields.iter().map(|f| setter(f)).collect::<Vec<_>>();
    let text = super::open(whole(&[])).and_then(|new| {
        let setters: Option<String> = fields.iter().map(|f| setter_text(f)).collect();
        Some(Piece::Text(format!("{new}{}}}\n", setters?)))
    });
    text.unwrap_or_else(|| whole(&all()).into())
}

/// A setter as it is printed.
fn setter_text(f: &Field) -> Option<String> {
    let (ty, value) = match &f.kind {
        Kind::Joined(_) => (
            "impl IntoIterator<Item = impl Into<StockCode>>".to_owned(),
            format!("{}.into_iter().map(Into::into).collect()", f.ident),
        ),
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => (text::inner(&f.kind), format!("Some({})", f.ident)),
        kind => {
            let ty = format!("impl Into<{}>", text::inner(kind));
            let value = format!("{}.into()", f.ident);
            (ty, if record::is_bare(kind) { value } else { format!("Some({value})") })
        }
    };
    text::setter(&f.ident, &ty, (&value, &f.docs)).or_else(|| {
        let setter = setter(f);
        let printed = super::open(quote!(impl X { #setter }))?;
        printed.strip_prefix("impl X {\n").map(str::to_owned)
    })
}

fn argument_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Joined(_) => quote!(impl IntoIterator<Item = impl Into<StockCode>>),
        // a bare number would not say what it counts
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => record::inner_type(kind),
        other => {
            let inner = record::inner_type(other);
            quote!(impl Into<#inner>)
        }
    }
}

fn setter(f: &Field) -> TokenStream {
    let (id, ty, doc) = (ident(&f.ident), argument_type(&f.kind), docs(&f.docs));
    let value = match &f.kind {
        Kind::Joined(_) => quote!(#id.into_iter().map(Into::into).collect()),
        kind if record::is_bare(kind) => quote!(#id.into()),
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => quote!(Some(#id)),
        _ => quote!(Some(#id.into())),
    };
    quote! {
        #doc
        #[must_use]
        pub fn #id(mut self, #id: #ty) -> Self {
            self.#id = #value;
            self
        }
    }
}
