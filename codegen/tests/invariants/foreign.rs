//! No type of another crate is in the public API of `kiwoom-api`: a new HTTP stack must not break users.
//!
//! Reads signatures, public fields, variants and impls of the hand-written sources; knows no macros.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemImpl, TraitItem, Type, UseTree, Visibility};

use crate::none;
use crate::support::{hand_written, is_test, read, root};

/// Crates that users are meant to see: exact numbers, civil dates, the trait of streams that std does not have, the
/// traits of the feature `serde`, and the dates of the feature `chrono`.
const SHOWN: [&str; 5] = ["rust_decimal", "jiff", "futures_core", "serde", "chrono"];

#[test]
fn no_foreign_type_in_the_public_surface() {
    let manifest = read(&root().join("kiwoom-api/Cargo.toml"));
    let crates = hidden_crates(&manifest);
    assert!(crates.contains("reqwest") && crates.contains("bytes"), "{crates:?}");
    let sources: Vec<_> = hand_written().into_iter().filter(|(path, _)| path.starts_with("kiwoom-api/src/")).collect();
    assert!(sources.len() > 30, "kiwoom-api has more files than {}", sources.len());
    none(scan(&sources, &crates));
}

#[test]
fn every_way_to_show_a_foreign_type_is_found() {
    let crates = BTreeSet::from(["reqwest".to_owned(), "bytes".to_owned()]);
    let found = |text: &str| {
        let text = format!("use reqwest::{{Client as Http, header::HeaderMap}};\n{text}");
        scan(&[("a.rs".to_owned(), text)], &crates).len()
    };
    for shown in [
        "pub fn f(a: &Http) {}",
        "pub async fn f() -> Result<reqwest::Response, ()> { g() }",
        "pub struct A { pub b: Option<HeaderMap> }",
        "pub struct A(pub bytes::Bytes);",
        "pub struct A<T: Into<bytes::Bytes>>(T);",
        "pub enum A { B(Http) }",
        "pub trait A { fn f(&self) -> Http; }",
        "pub trait A: Into<Http> {}",
        "pub type A = Vec<Http>;",
        "pub const A: Option<Http> = None;",
        "pub use reqwest::Response;",
        "pub struct A; impl A { pub fn f(&self) -> &HeaderMap { g() } }",
        "pub struct A; impl From<reqwest::Error> for A { fn from(_: reqwest::Error) -> A { A } }",
        "pub struct A<T>(T); impl<T: Into<Http>> A<T> {}",
        "pub struct A<T>(T); impl<T> A<T> where T: Into<Http> {}",
        "pub struct A; impl Deref for A { type Target = Http; }",
        "mod inner { pub fn f(a: bytes::Bytes) {} }",
    ] {
        assert_eq!(found(shown), 1, "{shown}");
    }
    for hidden in [
        "pub fn f(bytes: &[u8]) {}",
        "pub(crate) fn f(a: &Http) {}",
        "fn f(a: &Http) {}",
        "pub fn f() { let a: Http = g(); }",
        "pub struct A { b: Http }",
        "pub struct A(Http);",
        "pub(crate) use reqwest::Response;",
        "struct A; impl A { pub fn f(&self) -> Http { g() } } impl From<Http> for A {}",
        "pub struct A; impl A { fn f(&self) -> Http { g() } }",
        "#[cfg(test)] mod tests { pub fn f(a: &super::Http) {} }",
    ] {
        assert_eq!(found(hidden), 0, "{hidden}");
    }
}

/// The dependencies of a manifest that are not to be seen, as Rust writes their names.
fn hidden_crates(manifest: &str) -> BTreeSet<String> {
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let names = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    let names = names.filter(|(name, _)| !name.starts_with('#')).map(|(name, _)| name.replace('-', "_"));
    names.filter(|name| !SHOWN.contains(&name.as_str())).collect()
}

fn scan(sources: &[(String, String)], crates: &BTreeSet<String>) -> Vec<String> {
    let parsed: Vec<_> = sources.iter().map(|(path, text)| (path, syn::parse_file(text).expect("Rust"))).collect();
    let mut public = BTreeSet::new();
    for (_, file) in &parsed {
        public_types(&file.items, &mut public);
    }
    let mut found = Vec::new();
    for (path, file) in &parsed {
        let mut scan = Scan { path, crates, public: &public, imported: BTreeMap::new(), found: &mut found };
        scan.items(&file.items);
    }
    found
}

fn public_types(items: &[Item], into: &mut BTreeSet<String>) {
    for item in items {
        let (vis, name) = match item {
            Item::Struct(item) => (&item.vis, &item.ident),
            Item::Enum(item) => (&item.vis, &item.ident),
            Item::Mod(item) => {
                public_types(item.content.as_ref().map_or(&[][..], |(_, items)| items), into);
                continue;
            }
            _ => continue,
        };
        if is_public(vis) {
            into.insert(name.to_string());
        }
    }
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// Looks through one file.
struct Scan<'a> {
    path: &'a str,
    crates: &'a BTreeSet<String>,
    /// Types of any file that are `pub`.
    public: &'a BTreeSet<String>,
    /// Names of foreign things in this file, and where they are from.
    imported: BTreeMap<String, String>,
    found: &'a mut Vec<String>,
}

impl Scan<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Use(item) = item {
                self.imports(&item.tree, &mut Vec::new());
            }
        }
        for item in items {
            self.item(item);
        }
    }

    fn imports(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        let (name, last) = match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.imports(&tree.tree, path);
                path.pop();
                return;
            }
            UseTree::Group(tree) => return tree.items.iter().for_each(|tree| self.imports(tree, path)),
            UseTree::Name(tree) => (tree.ident.to_string(), tree.ident.to_string()),
            UseTree::Rename(tree) => (tree.rename.to_string(), tree.ident.to_string()),
            UseTree::Glob(_) => ("*".to_owned(), "*".to_owned()),
        };
        if self.crates.contains(path.first().unwrap_or(&last)) {
            let from = format!("{}::{last}", path.join("::"));
            if name == "*" {
                self.found.push(format!("{}: use {from}: name what is used", self.path));
            }
            self.imported.insert(name, from);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(item) if is_public(&item.vis) => self.shown(&item.sig.ident, &item.sig),
            Item::Struct(item) if is_public(&item.vis) => {
                self.shown(&item.ident, &item.generics);
                self.shown(&item.ident, &public_fields(&item.fields));
            }
            Item::Enum(item) if is_public(&item.vis) => {
                self.shown(&item.ident, &item.generics);
                self.shown(&item.ident, &item.variants);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                self.shown(&item.ident, &item.supertraits);
                for member in &item.items {
                    match member {
                        TraitItem::Fn(member) => self.shown(&item.ident, &member.sig),
                        member => self.shown(&item.ident, member),
                    }
                }
            }
            Item::Type(item) if is_public(&item.vis) => self.shown(&item.ident, &item.ty),
            Item::Const(item) if is_public(&item.vis) => self.shown(&item.ident, &item.ty),
            Item::Static(item) if is_public(&item.vis) => self.shown(&item.ident, &item.ty),
            Item::Use(item) if is_public(&item.vis) => self.shown(&"use", &item.tree),
            Item::Impl(item) => self.implementation(item),
            Item::Mod(item) if !is_test(&item.attrs) => {
                if let Some((_, items)) = &item.content {
                    self.items(items);
                }
            }
            _ => {}
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let of = match &*item.self_ty {
            Type::Path(of) => of.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
            _ => String::new(),
        };
        if !self.public.contains(&of) {
            return;
        }
        self.shown(&of, &item.generics);
        self.shown(&of, &item.generics.where_clause);
        if let Some((path, _)) = &item.trait_ {
            self.shown(&of, path);
        }
        for member in &item.items {
            match member {
                ImplItem::Fn(member) if is_public(&member.vis) => self.shown(&of, &member.sig),
                ImplItem::Const(member) if is_public(&member.vis) => self.shown(&of, &member.ty),
                ImplItem::Type(member) => self.shown(&of, &member.ty),
                _ => {}
            }
        }
    }

    /// Notes the first foreign name in what is public.
    fn shown(&mut self, what: &dyn std::fmt::Display, tokens: &dyn Tokens) {
        if let Some(foreign) = self.foreign(tokens.tokens()) {
            self.found.push(format!("{}: {what} shows {foreign}: wrap it, or make it pub(crate)", self.path));
        }
    }

    fn foreign(&self, tokens: TokenStream) -> Option<String> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
        tokens.iter().enumerate().find_map(|(at, token)| match token {
            TokenTree::Group(group) => self.foreign(group.stream()),
            TokenTree::Ident(name) => {
                let name = name.to_string();
                let begins = !(at > 1 && is_colon(at - 1) && is_colon(at - 2));
                let is_path = is_colon(at + 1) && is_colon(at + 2);
                match self.imported.get(&name) {
                    Some(from) if begins => Some(from.clone()),
                    _ => (begins && is_path && self.crates.contains(&name)).then_some(name),
                }
            }
            _ => None,
        })
    }
}

fn public_fields(fields: &Fields) -> TokenStream {
    fields.iter().filter(|field| is_public(&field.vis)).map(|field| field.ty.to_token_stream()).collect()
}

/// Whatever can be written as tokens, behind a reference.
trait Tokens {
    fn tokens(&self) -> TokenStream;
}

impl<T: ToTokens> Tokens for T {
    fn tokens(&self) -> TokenStream {
        self.to_token_stream()
    }
}
