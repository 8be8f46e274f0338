//! The public items of a model: path, signature, and the fact that each stands for.
//!
//! Signatures are compared as kinds, and written out only if they differ: there are thousands.

use std::collections::BTreeMap;

use kiwoom_spec::names::Effect;

use crate::emit::text;
use crate::ident::{id_module, pascal};
use crate::model::{Api, Kind, Member, MemberType, Menu, Model, Protocol, Struct};

/// One public item.
pub struct Item<'a> {
    /// What it is like.
    pub sig: Sig<'a>,
    /// The API it belongs to; none for what several share.
    pub api: Option<&'a str>,
    /// The fact behind it: `response.list.cur_prc`; empty for the API as a whole.
    pub at: String,
    /// The item that it is part of and that is reported instead when that is gone too.
    pub owner: Option<String>,
}

/// What a user's code depends on beyond the path.
#[derive(Clone)]
pub enum Sig<'a> {
    /// Nothing.
    Path,
    /// A member.
    Member(&'a MemberType),
    /// The arguments of a constructor.
    Arguments(Vec<(&'a str, &'a Kind)>),
    /// What a call gives.
    Answer(Effect),
}

impl Sig<'_> {
    /// Equal in every respect.
    pub fn same(&self, other: &Sig) -> bool {
        match (self, other) {
            (Sig::Path, Sig::Path) => true,
            (Sig::Member(a), Sig::Member(b)) => a == b,
            (Sig::Arguments(a), Sig::Arguments(b)) => a.iter().map(|(_, k)| k).eq(b.iter().map(|(_, k)| k)),
            (Sig::Answer(a), Sig::Answer(b)) => a == b,
            _ => false,
        }
    }

    /// The type as a user writes it.
    pub fn words(&self) -> String {
        match self {
            Sig::Path => String::new(),
            Sig::Member(ty) => text::member_type(ty),
            Sig::Arguments(all) => {
                let types = all.iter().map(|(_, kind)| text::inner_type(kind));
                format!("({})", types.collect::<Vec<_>>().join(", "))
            }
            Sig::Answer(Effect::Trade) => "Outcome".to_owned(),
            Sig::Answer(_) => "Result".to_owned(),
        }
    }
}

/// All public items by path below the crate.
pub fn items(model: &Model) -> BTreeMap<String, Item<'_>> {
    let mut out = BTreeMap::new();
    let shared = |sig, owner| Item { sig, api: None, at: String::new(), owner };
    for menu in &model.menus {
        out.insert(format!("feature {}", menu.feature()), shared(Sig::Path, None));
        if menu.apis.iter().any(|a| a.protocol == Protocol::Rest) {
            out.insert(format!("Client::{}", menu.handle()), shared(Sig::Path, None));
        }
        for api in &menu.apis {
            api_items(menu, api, &mut out);
        }
    }
    for set in &model.sets {
        let path = match &set.menu {
            Some((market, module)) if set.home.is_none() => format!("{market}::{module}::codes::{}", set.name),
            _ => format!("codes::{}", set.name),
        };
        for (variant, _) in &set.variants {
            out.insert(format!("{path}::{variant}"), shared(Sig::Path, Some(path.clone())));
        }
        out.insert(path, shared(Sig::Path, None));
    }
    for part in &model.parts {
        let path = format!("parts::{}", part.name);
        for member in &part.members {
            let item = shared(Sig::Member(&member.ty), Some(path.clone()));
            out.insert(format!("{path}::{}", member.ident), item);
        }
        out.insert(path, shared(Sig::Path, None));
    }
    out
}

fn api_items<'a>(menu: &'a Menu, api: &'a Api, out: &mut BTreeMap<String, Item<'a>>) {
    let module = format!("{}::{}", menu.market, menu.module);
    let of = |sig, at: String, owner| Item { sig, api: Some(&api.id), at, owner };
    out.insert(format!("id::{}", id_module(&api.id)), of(Sig::Path, String::new(), None));
    if api.protocol == Protocol::Rest {
        let handle = pascal(&menu.handle());
        out.insert(format!("{module}::{handle}::{}", api.method), of(Sig::Answer(api.effect), String::new(), None));
    }
    let mut add = |structure: &'a Struct, root: &str| {
        let path = format!("{module}::{}", structure.name);
        for member in &structure.members {
            let at = format!("{root}.{}", key(structure, member));
            out.insert(format!("{path}::{}", member.ident), of(Sig::Member(&member.ty), at, Some(path.clone())));
        }
        let at = if structure.name == api.reply.name { String::new() } else { root.to_owned() };
        out.insert(path, of(Sig::Path, at, None));
    };
    let realtime = api.protocol == Protocol::Realtime;
    let values = "response.data.values";
    let mut open: Vec<(&Struct, String)> =
        vec![(&api.reply, if realtime { values.to_owned() } else { "response".to_owned() })];
    open.extend(api.request.iter().map(|r| (&r.body, "request".to_owned())));
    open.extend(api.push.iter().map(|p| (p, values.to_owned())));
    while let Some((structure, root)) = open.pop() {
        add(structure, &root);
        for field in &structure.fields {
            if let Kind::List(name) | Kind::Tuples(name) | Kind::Object(name) | Kind::Embedded(name) = &field.kind {
                let inner = api.nested.iter().find(|s| s.name == *name);
                open.extend(inner.map(|s| (s, format!("{root}.{}", field.key))));
            }
        }
    }
    if let Some(request) = &api.request {
        let arguments = request.ctor.iter().map(|i| &request.body.fields[*i]);
        let sig = Sig::Arguments(arguments.map(|f| (f.key.as_str(), &f.kind)).collect());
        let owner = format!("{module}::{}", request.body.name);
        out.insert(format!("{owner}::new"), of(sig, String::new(), Some(owner.clone())));
    }
}

/// The wire key of a member; the first of several.
fn key<'a>(structure: &'a Struct, member: &'a Member) -> &'a str {
    structure.fields.iter().find(|f| f.ident == member.ident).map_or(&member.ident, |f| &f.key)
}
