//! Which file of a package refers to which: every path in its `use` lists, code, macros and attributes, followed through
//! re-exports to the file that defines what it names.
//!
//! Knows paths only: a method call names no module. Code under `cfg(test)` may look anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMacro, ItemMod, ItemUse, LitStr, Macro, Meta, UseTree, Visibility};

use crate::support::{files_below, is_test, read};

/// A path, segment by segment.
type Segments = Vec<String>;

/// A graph: what each node points at.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules of one package.
#[derive(Default)]
pub struct Package {
    modules: BTreeMap<Segments, Module>,
}

#[derive(Default)]
struct Module {
    /// The file that it stands in, below `src`.
    file: String,
    /// What it defines.
    names: BTreeSet<String>,
    /// Imported and re-exported names with their paths.
    uses: BTreeMap<String, Segments>,
    /// `use path::*`
    globs: Vec<Segments>,
    /// Every path that its code has.
    paths: BTreeSet<Segments>,
}

impl Package {
    /// Reads the folder `src` of a package, but for what `skip` names.
    pub fn open(src: &Path, skip: &[&str]) -> Self {
        let mut files = Vec::new();
        for path in files_below(src).into_iter().filter(|p| p.extension().is_some_and(|e| e == "rs")) {
            let name = path.strip_prefix(src).expect("below the folder").to_string_lossy().replace('\\', "/");
            if !skip.iter().any(|s| name.starts_with(s)) {
                files.push((name, read(&path)));
            }
        }
        Self::of(&files)
    }

    /// The same from texts.
    pub fn of(files: &[(String, String)]) -> Self {
        let mut package = Self::default();
        let mut tests = Vec::new();
        for (name, text) in files {
            let file = syn::parse_file(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut reader = Reader { package: &mut package, tests: &mut tests, file: name, at: module_of(name) };
            reader.enter();
            reader.visit_file(&file);
        }
        // The file of a module that is declared under `cfg(test)`.
        package.modules.retain(|path, _| !tests.iter().any(|test: &Segments| path.starts_with(test)));
        package
    }

    /// How many files there are.
    pub fn files(&self) -> BTreeSet<&str> {
        self.modules.values().map(|m| m.file.as_str()).collect()
    }

    /// File to file.
    pub fn file_arrows(&self) -> Graph {
        self.arrows(|path| self.modules[path].file.clone())
    }

    /// Room to room: the modules at the root of the package with all that lies in them. What the root defines
    /// itself is `crate`; the root may know all rooms.
    ///
    /// `generated::effects` is a room of its own: plain data of `meta` that the floors below the generated types need.
    pub fn room_arrows(&self) -> Graph {
        let mut out = self.arrows(|path| match path.as_slice() {
            [] => "crate".to_owned(),
            [generated, effects, ..] if generated == "generated" && effects == "effects" => effects.clone(),
            [room, ..] => room.clone(),
        });
        out.remove("crate");
        out
    }

    fn arrows(&self, node: impl Fn(&Segments) -> String) -> Graph {
        let mut out = Graph::new();
        for (path, module) in &self.modules {
            let from = node(path);
            let points = out.entry(from.clone()).or_default();
            let all = module.paths.iter().chain(module.uses.values()).chain(&module.globs);
            for target in all.filter_map(|p| self.absolute(path, p)).filter_map(|p| self.home(&p, 0)) {
                let to = node(&target);
                if to != from {
                    points.insert(to);
                }
            }
        }
        out
    }

    /// The path from the root of the package; none for what another crate owns.
    fn absolute(&self, at: &Segments, path: &Segments) -> Option<Segments> {
        let (first, rest) = path.split_first()?;
        let mut base = at.clone();
        match first.as_str() {
            "crate" => return Some(rest.to_vec()),
            "self" => base.extend_from_slice(rest),
            "super" => {
                let mut rest = rest;
                base.pop();
                while let Some((_, more)) = rest.split_first().filter(|(s, _)| *s == "super") {
                    base.pop();
                    rest = more;
                }
                base.extend_from_slice(rest);
            }
            _ => {
                let module = &self.modules[at];
                let mut child = at.clone();
                child.push(first.clone());
                if module.names.contains(first) {
                    return None;
                }
                let own = self.modules.contains_key(&child) || module.uses.get(first).is_some_and(|p| p != path);
                let below_glob = || module.globs.iter().find_map(|g| self.through(at, g, path, 0));
                if !own {
                    return below_glob();
                }
                base.extend_from_slice(path);
            }
        }
        Some(base)
    }

    /// The same path behind `use glob::*`, where the glob's module has its first name.
    fn through(&self, at: &Segments, glob: &Segments, path: &[String], depth: usize) -> Option<Segments> {
        let first = glob.first()?;
        let child: Segments = at.iter().chain([first]).cloned().collect();
        // Any other bare name is another crate's, or one that this module would ask itself for.
        (matches!(first.as_str(), "crate" | "self" | "super") || self.modules.contains_key(&child)).then_some(())?;
        let mut target = self.home(&self.absolute(at, glob)?, depth + 1)?;
        let module = self.modules.get(&target)?;
        let mut child = target.clone();
        child.push(path[0].clone());
        let has = self.modules.contains_key(&child)
            || module.names.contains(&path[0])
            || module.uses.contains_key(&path[0])
            || depth < 4 && module.globs.iter().any(|g| self.through(&target, g, path, depth + 1).is_some());
        target.extend_from_slice(path);
        has.then_some(target)
    }

    /// The module that defines what a path names.
    fn home(&self, path: &[String], depth: usize) -> Option<Segments> {
        assert!(depth <= 16, "the re-exports of {path:?} go in a circle");
        let mut at = Segments::new();
        for (i, segment) in path.iter().enumerate() {
            let mut child = at.clone();
            child.push(segment.clone());
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let module = self.modules.get(&at)?;
            if module.names.contains(segment) {
                return Some(at);
            }
            if let Some(target) = module.uses.get(segment) {
                let Some(mut target) = self.absolute(&at, target) else { return Some(at) };
                target.extend_from_slice(&path[i + 1..]);
                return self.home(&target, depth + 1);
            }
            let behind = module.globs.iter().find_map(|g| self.through(&at, g, &path[i..], depth));
            return match behind {
                Some(target) => self.home(&target, depth + 1),
                None => Some(at),
            };
        }
        Some(at)
    }
}

/// `dump/mod.rs` and `dump.rs` are `dump`, `lib.rs` and `main.rs` the root.
fn module_of(file: &str) -> Segments {
    let mut out: Segments = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if out.last().is_some_and(|s| s == "mod") || matches!(file, "lib.rs" | "main.rs") {
        out.pop();
    }
    out
}

struct Reader<'a> {
    package: &'a mut Package,
    tests: &'a mut Vec<Segments>,
    file: &'a str,
    at: Segments,
}

impl Reader<'_> {
    fn enter(&mut self) {
        let module = self.package.modules.entry(self.at.clone()).or_default();
        module.file = self.file.to_owned();
    }

    fn here(&mut self) -> &mut Module {
        self.package.modules.get_mut(&self.at).expect("entered")
    }

    fn uses(&mut self, tree: &UseTree, prefix: &Segments) {
        let with = |name: String| prefix.iter().cloned().chain([name]).collect::<Segments>();
        match tree {
            UseTree::Path(path) => self.uses(&path.tree, &with(path.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|t| self.uses(t, prefix)),
            UseTree::Glob(_) => self.here().globs.push(prefix.clone()),
            UseTree::Name(name) if name.ident == "self" => {
                let alias = prefix.last().cloned().unwrap_or_default();
                self.here().uses.insert(alias, prefix.clone());
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                let path = with(name.clone());
                self.here().uses.insert(name, path);
            }
            UseTree::Rename(rename) => {
                let name = rename.ident.to_string();
                let path = if name == "self" { prefix.clone() } else { with(name) };
                // `as _` brings a trait: an arrow all the same.
                self.here().paths.insert(path.clone());
                self.here().uses.insert(rename.rename.to_string(), path);
            }
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Segments::new();
        let mut joined = 0;
        for token in tokens {
            match &token {
                TokenTree::Punct(p) if p.as_char() == ':' && !path.is_empty() && joined < 2 => joined += 1,
                TokenTree::Ident(name) if joined == 2 => {
                    path.push(name.to_string());
                    joined = 0;
                }
                TokenTree::Ident(name) => {
                    self.add(std::mem::replace(&mut path, vec![name.to_string()]));
                    joined = 0;
                }
                _ => {
                    self.add(std::mem::take(&mut path));
                    joined = 0;
                }
            }
            match token {
                // `{` behind `::` would be a nested `use` in a macro: read as paths of their own.
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        self.text(&text.value());
                    }
                }
                _ => {}
            }
        }
        self.add(path);
    }

    /// A string that is a path: `#[serde(with = "crate::value::text")]`.
    fn text(&mut self, text: &str) {
        if text.starts_with("crate::") || text.starts_with("super::") {
            self.add(text.split("::").map(str::to_owned).collect());
        }
    }

    fn add(&mut self, path: Segments) {
        if !path.is_empty() {
            self.here().paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = match item {
            Item::Const(i) => (Some(&i.ident), &i.attrs),
            Item::Enum(i) => (Some(&i.ident), &i.attrs),
            Item::Fn(i) => (Some(&i.sig.ident), &i.attrs),
            Item::Static(i) => (Some(&i.ident), &i.attrs),
            Item::Struct(i) => (Some(&i.ident), &i.attrs),
            Item::Trait(i) => (Some(&i.ident), &i.attrs),
            Item::Type(i) => (Some(&i.ident), &i.attrs),
            Item::Union(i) => (Some(&i.ident), &i.attrs),
            Item::Macro(i) => (i.ident.as_ref(), &i.attrs),
            Item::Impl(i) => (None, &i.attrs),
            Item::Mod(i) => (None, &i.attrs),
            Item::Use(i) => (None, &i.attrs),
            _ => return visit::visit_item(self, item),
        };
        if is_test(attributes) {
            if let Item::Mod(test) = item {
                let path = self.at.iter().cloned().chain([test.ident.to_string()]).collect();
                self.tests.push(path);
            }
            return;
        }
        if let Some(name) = name {
            self.here().names.insert(name.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_some() {
            self.at.push(item.ident.to_string());
            self.enter();
            visit::visit_item_mod(self, item);
            self.at.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.uses(&item.tree, &Segments::new());
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        let exported = item.attrs.iter().any(|a| a.path().is_ident("macro_export"));
        if let (Some(name), true) = (&item.ident, exported) {
            let name = name.to_string();
            let path = ["crate".to_owned()].into_iter().chain(self.at.iter().cloned()).chain([name.clone()]).collect();
            self.package.modules.entry(Segments::new()).or_default().uses.insert(name, path);
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.add(item.path.segments.iter().map(|s| s.ident.to_string()).collect());
        self.tokens(item.tokens.clone());
    }

    /// `pub(super)` knows nothing of what is above.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.add(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            // Docs may point anywhere.
            Meta::NameValue(doc) if doc.path.is_ident("doc") => {}
            Meta::List(list) => self.tokens(list.tokens.clone()),
            _ => visit::visit_attribute(self, attribute),
        }
    }
}
