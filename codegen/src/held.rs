//! What hand-written modules of the client need from the generated ones, so that a new document never breaks their
//! build.
//!
//! A module names types, fields and codes. If a document removes one of them or gives it another type, the whole API is
//! generated from the facts that the module was written against, until a person has reviewed it. Pure: the caller reads
//! the sources.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_spec::errata::Mended;
use kiwoom_spec::names::Names;

use crate::emit::text;
use crate::ident::id_module;
use crate::lower::lower;
use crate::model::{Api, Kind, MemberType, Model, Struct};

/// One hand-written file: its path and every word of its code.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// For messages.
    pub path: &'a str,
    words: BTreeSet<&'a str>,
}

impl<'a> Source<'a> {
    /// Takes the words of a file. Comments do not count: they break no build.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
        Self { path, words: words.filter(|w| !w.is_empty()).collect() }
    }
}

/// What happened to an API that hand-written code needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The API.
    pub id: String,
    /// What the code needs and the new facts do not give.
    pub missing: Vec<String>,
    /// The files that need it.
    pub files: Vec<String>,
}

/// The APIs that hand-written code needs, and those among them that cannot be generated from the new facts.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Every API that some file names.
    pub used: BTreeSet<String>,
    /// Those whose new facts would break a file.
    pub held: Vec<Held>,
    /// The model of the new facts; where an API is held, the facts are others and so is their model.
    pub model: Option<Model>,
}

/// Whether every API that was needed is unchanged: then none is held, whatever the code names.
pub fn unchanged(before: &Mended, after: &Mended) -> bool {
    before.apis.iter().all(|(id, api)| after.apis.get(id) == Some(api))
}

/// Compares the facts that the code was written against with new ones. Both stand among the same other APIs, because
/// APIs share sets and parts and borrow labels from each other.
fn needs(before: &Mended, after: &Mended, names: &Names, sources: &[Source]) -> Needs {
    let words: BTreeSet<&str> = sources.iter().flat_map(|s| s.words.iter().copied()).collect();
    let new = lower(after, names);
    let same = unchanged(before, after);
    let old = if same { None } else { Some(lower(&after.overlaid(before, before.apis.keys()), names)) };
    let (before, after) = (apis(old.as_ref().unwrap_or(&new), names, &words), apis(&new, names, &words));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).copied().collect();
    let mut out = Needs::default();
    for id in ids {
        let (old, new) = (before.get(id).copied(), after.get(id).copied());
        let Some((market, api)) = old.or(new) else { continue };
        let files: Vec<&Source> = sources.iter().filter(|s| names_api(s, market, api)).collect();
        if files.is_empty() {
            continue;
        }
        out.used.insert(id.clone());
        let words: BTreeSet<&str> = files.iter().flat_map(|s| s.words.iter().copied()).collect();
        let missing = old.map_or_else(Vec::new, |(_, old)| missing(old, new.map(|(_, api)| api), &words));
        if !missing.is_empty() {
            let files = files.iter().map(|s| s.path.to_owned()).collect();
            out.held.push(Held { id: id.clone(), missing, files });
        }
    }
    if out.held.is_empty() {
        out.model = Some(new);
    }
    out
}

/// The new facts, with those APIs as they were that could not be generated otherwise.
pub fn hold(before: &Mended, after: &Mended, names: &Names, sources: &[Source]) -> (Mended, Needs) {
    let needs = needs(before, after, names, sources);
    (after.overlaid(before, needs.held.iter().map(|h| &h.id)), needs)
}

/// The APIs that the words may be about, with their market.
fn apis<'a>(model: &'a Model, names: &Names, words: &BTreeSet<&str>) -> BTreeMap<&'a String, (&'a str, &'a Api)> {
    let may = |id: &String| {
        let name = names.apis.get(id).map(|n| n.name.as_str());
        let begins = |n: &str| words.range(n..).next().is_some_and(|w| w.starts_with(n));
        words.contains(id_module(id).as_str()) || name.is_some_and(begins)
    };
    let all = model.menus.iter().flat_map(|m| m.apis.iter().map(|api| (&api.id, (m.market.as_str(), api))));
    all.filter(|(id, _)| may(id)).collect()
}

/// By its module under `id`, or by the market and one of its types.
fn names_api(source: &Source, market: &str, api: &Api) -> bool {
    let has = |word: &str| source.words.contains(word);
    has("id") && has(&id_module(&api.id)) || has(market) && structs(api).any(|s| has(&s.name))
}

fn structs(api: &Api) -> impl Iterator<Item = &Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested)
}

/// What the words need of the old API and the new one does not give in the same form.
fn missing(old: &Api, new: Option<&Api>, words: &BTreeSet<&str>) -> Vec<String> {
    let Some(new) = new else { return vec![format!("{} itself", old.name)] };
    let mut out = Vec::new();
    if old.protocol != new.protocol {
        out.push("the way it is called".to_owned());
    }
    if constructor(old) != constructor(new) {
        out.push(format!("the arguments of {}::new", old.name));
    }
    let rows = |api: &Api| api.reply.list().map(|f| (f.ident.clone(), type_of(&MemberType::One(f.kind.clone()))));
    if rows(old).is_some() && rows(old) != rows(new) {
        out.push(format!("the rows of {}", old.reply.name));
    }
    for was in structs(old) {
        let Some(now) = structs(new).find(|s| s.name == was.name) else {
            if words.contains(was.name.as_str()) || was.members.iter().any(|m| words.contains(m.ident.as_str())) {
                out.push(was.name.clone());
            }
            continue;
        };
        for member in &was.members {
            let coded = |ty: &MemberType| match ty {
                MemberType::One(Kind::Coded(set, _)) => words.contains(set.as_str()),
                _ => false,
            };
            if !words.contains(member.ident.as_str()) && !coded(&member.ty) {
                continue;
            }
            let same = now.members.iter().find(|m| m.ident == member.ident).map(|m| type_of(&m.ty));
            if same.as_ref() != Some(&type_of(&member.ty)) {
                let now = same.map_or_else(|| "gone".to_owned(), |ty| format!("now {ty}"));
                out.push(format!("{}::{}: {} ({now})", was.name, member.ident, type_of(&member.ty)));
            }
        }
    }
    out
}

fn constructor(api: &Api) -> Vec<(String, String)> {
    let arguments = api.request.iter().flat_map(|r| r.ctor.iter().map(|i| &r.body.fields[*i]));
    arguments.map(|f| (f.ident.clone(), type_of(&MemberType::One(f.kind.clone())))).collect()
}

fn type_of(ty: &MemberType) -> String {
    text::member_type(ty).replace(' ', "")
}
