//! Whether generated files hold together, without a compiler: everything that is named exists, and exists once.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_codegen::Output;
use syn::visit::Visit;

/// What is wrong, a line each.
pub fn check(output: &Output) -> Vec<String> {
    let mut found = Vec::new();
    let mut features: BTreeSet<String> = ["registry", "serde"].map(str::to_owned).into();
    for line in output.features.lines() {
        let name = line.split(" = ").next().unwrap_or_default().to_owned();
        if !features.insert(name.clone()) {
            found.push(format!("the feature {name} stands twice"));
        }
    }
    let mut files: BTreeMap<&str, syn::File> = BTreeMap::new();
    for (path, text) in output.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        match syn::parse_file(text) {
            Ok(file) => drop(files.insert(path, file)),
            Err(e) => found.push(format!("{path}: {e}")),
        }
        if text.contains("compile_error!") {
            found.push(format!("{path}: tokens that are no Rust"));
        }
    }
    let items: BTreeMap<&str, BTreeSet<String>> = files.iter().map(|(path, file)| (*path, defined(file))).collect();
    for (path, file) in &files {
        let folder = path.strip_suffix("mod.rs").map_or_else(|| path.replace(".rs", "/"), str::to_owned);
        let mut look = Look { path, folder, features: &features, items: &items, found: &mut found };
        look.file(file);
        look.visit_file(file);
    }
    found
}

/// The names of a file's own items.
fn defined(file: &syn::File) -> BTreeSet<String> {
    file.items.iter().filter_map(name_of).collect()
}

fn name_of(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(i) => Some(i.ident.to_string()),
        syn::Item::Enum(i) => Some(i.ident.to_string()),
        syn::Item::Static(i) => Some(i.ident.to_string()),
        syn::Item::Mod(i) => Some(i.ident.to_string()),
        _ => None,
    }
}

struct Look<'a> {
    path: &'a str,
    folder: String,
    features: &'a BTreeSet<String>,
    items: &'a BTreeMap<&'a str, BTreeSet<String>>,
    found: &'a mut Vec<String>,
}

impl Look<'_> {
    fn say(&mut self, what: String) {
        self.found.push(format!("{}: {what}", self.path));
    }

    fn file(&mut self, file: &syn::File) {
        let mut names = BTreeSet::new();
        let mut known: BTreeSet<String> =
            ["Option", "Vec", "String", "i64", "Default", "Self"].map(str::to_owned).into();
        for item in &file.items {
            if let Some(name) = name_of(item)
                && !names.insert(name.clone())
            {
                self.say(format!("{name} stands twice"));
            }
            if let syn::Item::Struct(item) = item {
                let odd = item.fields.iter().filter_map(|f| f.ident.as_ref()).find(|i| i.to_string().contains("__"));
                if let Some(ident) = odd {
                    self.say(format!("{}::{ident} is not in snake case", item.ident));
                }
            }
            if let syn::Item::Use(item) = item {
                let mut leaves = Vec::new();
                flatten(&item.tree, &mut Vec::new(), &mut leaves);
                for path in leaves {
                    let name = path.last().cloned().unwrap_or_default();
                    if name != "*" && !names.insert(name.clone()) {
                        self.say(format!("{name} comes in twice"));
                    }
                    self.resolve(&path);
                    known.insert(name);
                }
            }
        }
        known.extend(names);
        for item in &file.items {
            let syn::Item::Struct(item) = item else { continue };
            let mut members = BTreeSet::new();
            for field in &item.fields {
                let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                if !members.insert(name.clone()) {
                    self.say(format!("{}::{name} stands twice", item.ident));
                }
                let mut types = Types(Vec::new());
                types.visit_type(&field.ty);
                for ty in types.0 {
                    if !known.contains(&ty) {
                        self.say(format!("{}::{name} has the type {ty}, which is not here", item.ident));
                    }
                }
            }
        }
    }

    /// Whether what a `use` names is defined: types in files below, sets and parts, and types by their whole path.
    fn resolve(&mut self, path: &[String]) {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let file = |at: String| self.items.get(at.as_str());
        let there = match words[..] {
            ["crate", "generated", "codes", name] => {
                self.items.iter().any(|(p, i)| p.starts_with("src/generated/codes/") && i.contains(name))
            }
            ["crate", "generated", "parts", name] => {
                file("src/generated/parts.rs".to_owned()).is_some_and(|i| i.contains(name))
            }
            ["crate", "generated", market, module, name] => {
                let folder = format!("src/generated/{market}/{module}/");
                self.items.iter().any(|(p, i)| p.starts_with(&folder) && i.contains(name))
            }
            [module, name] if module != "crate" && name != "*" => {
                file(format!("{}{module}.rs", self.folder)).is_some_and(|i| i.contains(name))
            }
            _ => true,
        };
        if !there {
            self.say(format!("{} is not there", path.join("::")));
        }
    }
}

/// Single-word types.
struct Types(Vec<String>);

impl Visit<'_> for Types {
    fn visit_path(&mut self, path: &syn::Path) {
        if let Some(ident) = path.get_ident() {
            self.0.push(ident.to_string());
        } else if path.segments.len() == 1 {
            self.0.push(path.segments[0].ident.to_string());
        }
        syn::visit::visit_path(self, path);
    }
}

impl Visit<'_> for Look<'_> {
    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let mut names = BTreeSet::new();
        for part in &item.items {
            let syn::ImplItem::Fn(f) = part else { continue };
            let name = f.sig.ident.to_string();
            if !names.insert(name.clone()) {
                self.say(format!("fn {name} stands twice"));
            }
            let mut aliases = BTreeSet::new();
            for alias in f.attrs.iter().filter_map(alias) {
                let odd = alias.is_empty() || alias == name || alias.trim() != alias;
                if odd || alias.contains(['"', '\'', '\n', '\t']) || !aliases.insert(alias.clone()) {
                    self.say(format!("fn {name} has the alias {alias:?}"));
                }
            }
        }
        syn::visit::visit_item_impl(self, item);
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        if item.content.is_none() {
            let path = format!("{}{}", self.folder, item.ident);
            if !self.items.keys().any(|p| **p == format!("{path}.rs") || **p == format!("{path}/mod.rs")) {
                self.say(format!("mod {} has no file", item.ident));
            }
        }
        syn::visit::visit_item_mod(self, item);
    }

    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        if attribute.path().is_ident("cfg") {
            let text = quote::quote!(#attribute).to_string();
            for name in text.split("feature = \"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if !self.features.contains(name) {
                    self.say(format!("the feature {name} is not declared"));
                }
            }
        }
    }
}

fn alias(attribute: &syn::Attribute) -> Option<String> {
    let mut out = None;
    if attribute.path().is_ident("doc") {
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("alias") {
                out = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            }
            Ok(())
        });
    }
    out
}

fn flatten(tree: &syn::UseTree, at: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
    match tree {
        syn::UseTree::Path(path) => {
            at.push(path.ident.to_string());
            flatten(&path.tree, at, out);
            at.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, at, out)),
        syn::UseTree::Name(name) => out.push([&at[..], &[name.ident.to_string()]].concat()),
        syn::UseTree::Rename(rename) => out.push([&at[..], &[rename.rename.to_string()]].concat()),
        syn::UseTree::Glob(_) => out.push([&at[..], &["*".to_owned()]].concat()),
    }
}
