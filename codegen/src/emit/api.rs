//! The file of one API: its structs, its metadata, its constructor and setters.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use quote::quote;

use kiwoom_spec::names::Effect;

use super::tables::Tables;
use super::{Piece, record, text};
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
    let of = record::Of { api: &api.id, tables };
    let mut items: Vec<Piece> = vec![Piece::Text(imports(api, model))];
    if let Some(request) = &api.request {
        let defaults = request.body.fields.iter().any(|f| f.default.is_some());
        let complete = request.is_complete();
        items.extend(record::request(&request.body, of, complete && !defaults));
        if defaults || !complete {
            items.push(Piece::Text(empty(request, model)));
        }
        items.push(Piece::Text(build(request)));
        items.push(Piece::Text(endpoint(api, request)));
    }
    items.extend(record::record(&api.reply, of, true));
    items.extend(listing(&api.reply).map(Piece::Text));
    if api.request.is_none() {
        items.push(Piece::Text(topic(&api.reply, api)));
    }
    if let Some(push) = &api.push {
        items.extend(record::record(push, of, true));
        items.push(Piece::Text(topic(push, api)));
    }
    items.extend(api.nested.iter().flat_map(|s| record::record(s, of, true)));
    super::file(&head, items)
}

/// All structs of an API.
pub(super) fn structs(api: &Api) -> Vec<&Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested).collect()
}

fn imports(api: &Api, model: &Model) -> String {
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
    let mut records = vec!["Keys", "Record", "Slot"];
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
    let mut values: Vec<Cow<str>> = members().filter_map(|m| single(&m.ty)).flat_map(value_imports).collect();
    let (mut codes, mut parts) = (Vec::new(), Vec::new());
    for member in members() {
        match &member.ty {
            MemberType::One(Kind::Coded(set, _)) => match model.sets.iter().find(|s| s.name == *set) {
                Some(set) if set.home.is_some() => values.push(set.name.as_str().into()),
                _ => codes.push(set.as_str().into()),
            },
            MemberType::Part(name) | MemberType::Parts(name, _) => parts.push(name.as_str().into()),
            _ => {}
        }
    }
    let mut out = String::new();
    text::import(&mut out, "crate::endpoint", endpoint.into_iter().map(Cow::Borrowed).collect());
    text::import(&mut out, "crate::generated::codes", codes);
    text::import(&mut out, "crate::generated::parts", parts);
    if fields().any(|k| matches!(k, Kind::Coded(..))) {
        out.push_str("use crate::generated::tables;\n");
    }
    text::import(&mut out, "crate::record", records.into_iter().map(Cow::Borrowed).collect());
    text::import(&mut out, "crate::value", values);
    out
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
fn value_imports(kind: &Kind) -> Vec<Cow<'_, str>> {
    match kind {
        Kind::Text | Kind::Reason | Kind::Const(_) | Kind::Count(_) | Kind::Texts | Kind::Coded(..) => Vec::new(),
        Kind::Embedded(_) | Kind::List(_) | Kind::Tuples(_) | Kind::Object(_) => Vec::new(),
        Kind::Joined(_) => vec!["StockCode".into()],
        Kind::Ratio(_) => vec!["Directed".into(), "Percent".into()],
        other => vec![text::inner_type(other)],
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
fn meta(api: &Api) -> String {
    let effect = match api.effect {
        Effect::Read => "Read",
        Effect::Trade => "Trade",
        Effect::Auth => "Auth",
    };
    let protocol = match api.protocol {
        Protocol::Rest => "Rest",
        Protocol::Realtime => "Realtime",
        Protocol::Socket => "Socket",
    };
    let mock = match api.mock {
        Mock::Yes => "Yes",
        Mock::KrxOnly => "KrxOnly",
        Mock::No => "No",
    };
    let [id, name, korean, menu, path] =
        [&api.id, &api.name, &api.korean, &api.menu, &api.path].map(|t| text::quoted(t));
    format!(
        "    const META: &'static Meta = &Meta {{
        id: {id},
        name: {name},
        korean: {korean},
        menu: {menu},
        path: {path},
        effect: Effect::{effect},
        protocol: Protocol::{protocol},
        paged: {paged},
        mock: Mock::{mock},
    }};\n",
        paged = api.paged
    )
}

fn endpoint(api: &Api, request: &Request) -> String {
    let (name, reply) = (&request.body.name, &api.reply.name);
    let mut out = format!("impl Endpoint for {name} {{\n    type Reply = {reply};\n    ");
    let reply = format!("crate::Reply<{reply}>");
    match api.effect {
        Effect::Trade => text::call(&mut out, 1, ("type Answer = crate::Outcome<", &[reply], ">;\n")),
        Effect::Read | Effect::Auth => {
            text::call(&mut out, 1, ("type Answer = Result<", &[reply, "crate::Error".to_owned()], ">;\n"));
        }
    }
    out.push_str(&meta(api));
    for (name, positions) in [("REQUIRED", &request.required), ("BLANK", &request.blank)] {
        if !positions.is_empty() {
            let positions: Vec<String> = positions.iter().map(usize::to_string).collect();
            out.push_str("    ");
            text::call(&mut out, 1, (&format!("const {name}: &'static [usize] = &["), &positions, "];\n"));
        }
    }
    out.push_str("}\n");
    out
}

/// A topic; where the API has a request, the facts stand there.
fn topic(s: &Struct, api: &Api) -> String {
    let meta = match &api.request {
        Some(request) => {
            format!("    const META: &'static Meta = <{} as Endpoint>::META;\n", request.body.name)
        }
        None => meta(api),
    };
    format!("impl Topic for {} {{\n{meta}}}\n", s.name)
}

fn has_rows(s: &Struct) -> bool {
    s.list().is_some()
}

fn listing(s: &Struct) -> Option<String> {
    let list = s.list()?;
    let (Kind::List(row) | Kind::Tuples(row)) = &list.kind else { return None };
    let (name, field) = (&s.name, &list.ident);
    Some(format!(
        "impl Listing for {name} {{
    type Row = {row};
    #[inline]
    fn rows(&self) -> &[{row}] {{
        &self.{field}
    }}
    #[inline]
    fn rows_mut(&mut self) -> &mut Vec<{row}> {{
        &mut self.{field}
    }}
}}\n"
    ))
}

/// Where a request begins: its filters at their neutral codes. It is `Default` only where nothing is left to decide.
fn empty(request: &Request, model: &Model) -> String {
    let s = &request.body;
    let fields = s.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_))).map(|f| {
        let value = match &f.default {
            Some(text) => wire(&f.kind, text, model),
            None => "Default::default()".to_owned(),
        };
        format!("            {}: {value},\n", f.ident)
    });
    let (contract, method) = match request.is_complete() {
        true => ("Default", "default"),
        false => ("crate::record::Empty", "empty"),
    };
    format!(
        "impl {contract} for {} {{
    #[inline]
    fn {method}() -> Self {{
        Self {{
{}            _more: (),
        }}
    }}
}}\n",
        s.name,
        fields.collect::<String>()
    )
}

/// A value from its wire text.
fn wire(kind: &Kind, text: &str, model: &Model) -> String {
    let none = || "None".to_owned();
    match kind {
        Kind::Coded(name, codes) => {
            let set = model.sets.iter().find(|s| s.name == *name);
            let variant =
                codes.iter().find(|(code, _)| code == text).and_then(|(_, v)| set?.variants.get(usize::from(*v)));
            variant.map_or_else(none, |(variant, _)| format!("Some({name}::{variant})"))
        }
        Kind::Text | Kind::Reason => format!("{}.into()", text::quoted(text)),
        Kind::Id(_) => format!("Some({}.into())", text::quoted(text)),
        Kind::FilterMask if text.bytes().all(|b| b == b'0') => "Some(FilterMask::NONE)".to_owned(),
        Kind::Count(_) => text.parse::<i64>().map_or_else(|_| none(), |n| format!("Some({n})")),
        Kind::Unit(..) => {
            let unit = text::inner_type(kind);
            text.parse::<i64>().map_or_else(|_| none(), |n| format!("Some({unit}::from({n}i64))"))
        }
        Kind::Decimal(_) => match text.parse::<i64>() {
            Ok(0) => "Some(Decimal::ZERO)".to_owned(),
            Ok(n) => format!("Some(Decimal::from({n}i64))"),
            Err(_) => none(),
        },
        // A test requires that every curated default comes through here.
        _ => "Default::default()".to_owned(),
    }
}

/// The constructor and the setters.
fn build(request: &Request) -> String {
    let args: Vec<&Field> = request.ctor.iter().map(|i| &request.body.fields[*i]).collect();
    let parameters: Vec<String> = args.iter().map(|f| format!("{}: {}", f.ident, argument_type(&f.kind))).collect();
    let mut head = vec![
        "A request with what a caller must always decide; everything else is at its neutral value or unset.".to_owned(),
    ];
    if !args.is_empty() {
        let label = |f: &&Field| format!("* {}: {}", doc::code(&f.ident), f.docs.first().map_or("", String::as_str));
        head.push(String::new());
        head.extend(args.iter().map(label));
    }
    let mut out = format!("impl {} {{\n", request.body.name);
    text::docs(&mut out, 1, &head);
    out.push_str("    ");
    let empty = match request.is_complete() {
        true => "Self::default()",
        false => "<Self as crate::record::Empty>::empty()",
    };
    text::call(&mut out, 1, ("pub fn new(", &parameters, &format!(") -> Self {{\n        {empty}")));
    let calls: Vec<String> = args.iter().map(|f| format!(".{0}({0})", f.ident)).collect();
    let on_one_line = empty.len() + calls.iter().map(String::len).sum::<usize>() <= text::room(2);
    out.push_str(&if on_one_line { calls.concat() } else { format!("\n            {}", calls.join("\n            ")) });
    out.push_str("\n    }\n");
    let fields = request.body.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_)));
    fields.for_each(|f| setter(&mut out, f));
    out.push_str("}\n");
    out
}

fn argument_type(kind: &Kind) -> Cow<'_, str> {
    match kind {
        Kind::Joined(_) => "impl IntoIterator<Item = impl Into<StockCode>>".into(),
        Kind::Count(_) => "impl crate::value::IntoQty".into(),
        // a bare number would not say what it counts
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => text::inner_type(kind),
        other => format!("impl Into<{}>", text::inner_type(other)).into(),
    }
}

fn setter(out: &mut String, f: &Field) {
    let id = &f.ident;
    let value = match &f.kind {
        Kind::Joined(_) => format!("{id}.into_iter().map(Into::into).collect()"),
        kind if text::is_bare(kind) => format!("{id}.into()"),
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => format!("Some({id})"),
        Kind::Count(_) => format!("Some(crate::value::count({id}))"),
        _ => format!("Some({id}.into())"),
    };
    text::docs(out, 1, &f.docs);
    out.push_str("    #[must_use]\n    ");
    let parameters = ["mut self".to_owned(), format!("{id}: {}", argument_type(&f.kind))];
    text::call(out, 1, (&format!("pub fn {id}("), &parameters, ") -> Self {\n"));
    out.push_str(&format!("        self.{id} = {value};\n        self\n    }}\n"));
}
