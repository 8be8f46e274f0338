//! Module files: menus with their client handles, markets, the index by API id, the registry.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use kiwoom_spec::names::Effect;

use super::{docs, ident};
use crate::doc;
use crate::ident::{id_module, pascal};
use crate::model::{Api, Kind, Menu, Model, Protocol};

/// `generated/<market>/<menu>/mod.rs`
pub fn menu(menu: &Menu, codes: bool) -> String {
    let head = vec![format!("{} ({}).", menu.title, doc::escape(&menu.korean))];
    let mut items: Vec<TokenStream> = menu
        .apis
        .iter()
        .map(|api| {
            let module = ident(&api.method);
            quote!(mod #module;)
        })
        .collect();
    if codes {
        items.push(quote!(
            pub mod codes;
        ));
    }
    items.extend(menu.apis.iter().flat_map(reexports));
    items.extend(handle(menu));
    super::file(&head, items)
}

/// The types of an API. The one that stands for it, where no method does, carries its aliases here: rustdoc shows a type where it
/// is re-exported from a private module, and drops the aliases of its declaration.
fn reexports(api: &Api) -> Vec<TokenStream> {
    let module = ident(&api.method);
    let main = api.request.as_ref().map_or(&api.reply.name, |request| &request.body.name);
    let (own, others): (Vec<String>, Vec<String>) = match api.protocol {
        Protocol::Rest => (Vec::new(), struct_names(api)),
        Protocol::Realtime | Protocol::Socket => struct_names(api).into_iter().partition(|name| name == main),
    };
    let found = own.iter().map(|name| {
        let (aliases, name) = (aliases(api, name), ident(name));
        quote!(#(#[doc(alias = #aliases)])* pub use #module::#name;)
    });
    let rest = others.iter().map(|name| ident(name)).collect::<Vec<_>>();
    let rest = (!rest.is_empty()).then(|| quote!(pub use #module::{#(#rest),*};));
    found.chain(rest).collect()
}

fn struct_names(api: &Api) -> Vec<String> {
    let mut names: Vec<String> = api.request.iter().map(|r| r.body.name.clone()).collect();
    names.push(api.reply.name.clone());
    names.extend(api.push.iter().map(|p| p.name.clone()));
    names.extend(api.nested.iter().map(|n| n.name.clone()));
    names.sort();
    names
}

/// The client handle of a menu and the method that gives it.
fn handle(menu: &Menu) -> Option<TokenStream> {
    let rest: Vec<&Api> = menu.apis.iter().filter(|a| a.protocol == Protocol::Rest).collect();
    if rest.is_empty() {
        return None;
    }
    let (name, method) = (ident(&pascal(&menu.handle())), ident(&menu.handle()));
    let about = docs(&[format!("Calls of the menu {} ({}).", menu.title, doc::escape(&menu.korean))]);
    let calls = rest.iter().map(|api| call(api));
    Some(quote! {
        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'a> {
            client: &'a crate::Client,
        }
        impl<'a> #name<'a> {
            #(#calls)*
        }
        impl crate::Client {
            #about
            pub fn #method(&self) -> #name<'_> {
                #name { client: self }
            }
        }
    })
}

fn call(api: &Api) -> TokenStream {
    let (method, request) = (ident(&api.method), ident(&api.name));
    let aliases = aliases(api, &api.method);
    let mut lines = vec![format!("{}, {}.", api.title(), doc::code(&api.id))];
    lines.push(String::new());
    lines.push(match api.effect {
        Effect::Trade => "Trades: one network attempt, never repeated; the outcome says what is known.".to_owned(),
        Effect::Read if api.paged => {
            "Reads. May continue on further pages: [`rows`](crate::Call::rows) walks over all of them.".to_owned()
        }
        Effect::Read => "Reads.".to_owned(),
        Effect::Auth => "Issues or revokes a token; the client does this by itself when it needs one.".to_owned(),
    });
    let docs = docs(&lines);
    quote! {
        #docs
        #(#[doc(alias = #aliases)])*
        #[inline]
        pub fn #method(self, request: &#request) -> crate::Call<#request> {
            self.client.call(request)
        }
    }
}

/// What a search of the docs finds an API by: its id, its Korean name, and the words of traders, in the form that rustdoc
/// takes. It refuses the name of the item itself, quotes, and blanks other than single ones inside.
fn aliases(api: &Api, item: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in [&api.id, &api.korean].into_iter().chain(&api.words) {
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
        let alias = words.join(" ").replace(['"', '\''], "");
        let alias = alias.trim().to_owned();
        if !alias.is_empty() && alias != item && !out.contains(&alias) {
            out.push(alias);
        }
    }
    out
}

/// `generated/<market>/mod.rs`
pub fn market(market: &str, model: &Model) -> String {
    let title = model.markets.iter().find(|m| m.module == market).map_or("", |m| &m.title);
    let items = model.menus.iter().filter(|m| m.market == market).map(|menu| {
        let (module, feature) = (ident(&menu.module), menu.feature());
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });
    super::file(&[title.to_owned()], items.collect())
}

/// `generated/mod.rs`
pub fn root(model: &Model) -> String {
    let items = markets(model).into_iter().map(|market| {
        let (module, feature) = (ident(&market), market);
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });
    let mut items: Vec<TokenStream> = items.collect();
    items.extend([
        quote!(
            pub mod codes;
        ),
        quote!(
            pub mod id;
        ),
        quote!(
            pub mod parts;
        ),
    ]);
    items.push(quote!(
        pub(crate) mod effects;
    ));
    items.push(quote!(
        #[allow(dead_code, reason = "each category uses some")]
        pub(crate) mod tables;
    ));
    items.push(quote! {
        #[cfg(feature = "registry")]
        #[doc(hidden)]
        pub mod registry;
    });
    super::file(&["Everything made from the broker's specification, by market and menu.".to_owned()], items)
}

/// Markets in the order of the guide.
pub fn markets(model: &Model) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for menu in &model.menus {
        if !out.contains(&menu.market) {
            out.push(menu.market.clone());
        }
    }
    out
}

fn path(menu: &Menu) -> TokenStream {
    let (market, module) = (ident(&menu.market), ident(&menu.module));
    quote!(crate::generated::#market::#module)
}

/// `generated/id/mod.rs`: the same types by API id.
pub fn by_id(model: &Model) -> String {
    let head = vec![
        "The same types by API id: `id::ka10081::{Request, Reply, Row}`.".to_owned(),
        String::new(),
        "Ids that begin with a digit or a capital letter are marked: `rt0_b` is `0B`, `rt0g` is `0g`.".to_owned(),
    ];
    let markets = markets(model);
    let modules = markets.iter().map(|market| {
        let module = ident(market);
        quote!(#[cfg(feature = #market)] mod #module;)
    });
    let uses = markets.iter().map(|market| {
        let module = ident(market);
        quote!(#[cfg(feature = #market)] pub use #module::*;)
    });
    super::file(&head, modules.chain(uses).collect())
}

/// `generated/id/<market>.rs`
pub fn by_id_in(market: &str, model: &Model) -> String {
    let menus = model.menus.iter().filter(|m| m.market == market);
    let mut all: Vec<(&Menu, &Api)> = menus.flat_map(|m| m.apis.iter().map(move |a| (m, a))).collect();
    all.sort_by_key(|(_, api)| id_module(&api.id));
    let items = all.into_iter().map(|(menu, api)| {
        let (module, feature, path) = (ident(&id_module(&api.id)), menu.feature(), path(menu));
        let about = docs(&[format!("{}, {}.", api.title(), doc::code(&api.id))]);
        let named = |name: &str, other: &str| {
            let (name, other) = (ident(name), ident(other));
            quote!(#name as #other)
        };
        let mut uses = match &api.request {
            Some(request) => vec![named(&request.body.name, "Request"), named(&api.reply.name, "Reply")],
            None => vec![named(&api.reply.name, "Push")],
        };
        uses.extend(api.push.iter().map(|p| named(&p.name, "Push")));
        if let Some(Kind::List(row) | Kind::Tuples(row)) = api.reply.list().map(|f| &f.kind) {
            uses.push(named(row, "Row"));
        }
        quote! {
            #about
            #[cfg(feature = #feature)]
            pub mod #module {
                pub use #path::{#(#uses),*};
            }
        }
    });
    super::file(&[format!("The APIs of the market `{market}` by id.")], items.collect())
}

/// `generated/effects.rs`: every API whose path can do more than read, whatever categories are enabled.
pub fn effects(model: &Model) -> String {
    let head = vec![
        "What the APIs do whose paths can do more than read. Compiled with any set of categories: a trade stays a trade."
            .to_owned(),
    ];
    let all = || model.menus.iter().flat_map(|menu| &menu.apis).filter(|api| api.protocol == Protocol::Rest);
    let guarded: BTreeSet<&str> = all().filter(|api| api.effect != Effect::Read).map(|api| api.path.as_str()).collect();
    let mut rows: Vec<&Api> = all().filter(|api| guarded.contains(api.path.as_str())).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let cancels: BTreeSet<&str> = all().filter(|a| a.cancels).map(|a| a.id.as_str()).collect();
    let cancels = cancels.into_iter();
    let rows = rows.into_iter().map(|api| {
        let (id, path, effect) = (&api.id, &api.path, super::api::effect(api));
        quote!((#id, #path, #effect),)
    });
    let items = vec![
        quote!(
            use crate::meta::Effect;
        ),
        quote! {
            /// API id, path, effect; by id.
            pub(crate) static EFFECTS: &[(&str, &str, Effect)] = &[#(#rows)*];
        },
        quote! {
            /// The APIs that take an open order back: the only trades that can but lessen what is at risk.
            pub(crate) static CANCELLATIONS: &[&str] = &[#(#cancels),*];
        },
    ];
    super::file(&head, items)
}

/// `generated/registry.rs`: API id to records, for `conform` and the simulator.
pub fn registry(model: &Model) -> String {
    let head = vec!["Every API by its id, for tools that meet them as data.".to_owned()];
    let mut all: Vec<(&Menu, &Api)> = model.menus.iter().flat_map(|m| m.apis.iter().map(move |a| (m, a))).collect();
    all.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    let entries = all.into_iter().map(|(menu, api)| {
        let (feature, path) = (menu.feature(), path(menu));
        let reply = ident(&api.reply.name);
        let entry = match &api.request {
            Some(request) => {
                let request = ident(&request.body.name);
                quote!(Entry::call::<#path::#request>())
            }
            None => quote!(Entry::topic::<#path::#reply>()),
        };
        let push = api.push.as_ref().map(|p| {
            let name = ident(&p.name);
            quote!(.push::<#path::#name>())
        });
        quote!(#[cfg(feature = #feature)] #entry #push,)
    });
    let labels = model.menus.iter().map(|menu| {
        let (feature, path) = (menu.feature(), super::labels::path(menu));
        quote!(
            #[cfg(feature = #feature)]
            include_str!(#path),
        )
    });
    let items = vec![
        quote!(
            use crate::entry::Entry;
        ),
        quote! {
            /// All entries of the enabled categories, by id.
            pub static ENTRIES: &[Entry] = &[#(#entries)*];
        },
        quote! {
            /// What fields are called, a table for each menu.
            pub static LABELS: &[&str] = &[#(#labels)*];
        },
    ];
    super::file(&head, items)
}
