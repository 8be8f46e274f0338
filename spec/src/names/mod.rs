//! The curated tables of `spec/names/`: the names this project gives to the broker's terms. Frozen once released.
//!
//! Owns their format and their checks. Nothing here makes up a name: an API without a row is reported.

pub mod codes;
pub mod fids;
mod gloss;
pub mod labels;
pub mod notes;
pub mod reasons;
pub mod synonyms;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::ir::Spec;
use crate::problem::{Problem, bad_table};
use codes::Codes;
use fids::Fids;
use labels::Labels;
use notes::Notes;
use synonyms::Synonyms;

/// All curated tables.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By API id.
    pub apis: BTreeMap<String, ApiName>,
    /// Markets, in the order of the guide.
    pub markets: Vec<Market>,
    /// Menus, in the order of the guide.
    pub menus: Vec<Menu>,
    /// The module of each named API, by API id: frozen, even if its menu is renamed later.
    pub homes: BTreeMap<String, String>,
    /// One Korean term, one English token.
    pub glossary: Glossary,
    /// What a Korean label means.
    pub labels: Labels,
    /// One set of codes per meaning.
    pub codes: Codes,
    /// Names of FIDs, and fields that are a rule.
    pub fids: Fids,
    /// First lines of docs where the wire name misleads.
    pub notes: Notes,
    /// Words that traders search for.
    pub synonyms: Synonyms,
}

/// What is curated for one API.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ApiName {
    /// English noun phrase, `StockDailyChart`.
    pub name: String,
    /// What a call does.
    pub effect: Effect,
    /// Arguments of the constructor, as wire names.
    #[serde(default)]
    pub ctor: Vec<String>,
    /// Codes that a field has unless told otherwise.
    #[serde(default)]
    pub default: BTreeMap<String, String>,
    /// `false` where the mock server does not offer it.
    #[serde(default = "yes")]
    pub mock: bool,
    /// What a caller writes where there is no method: `client.conditions().list()`.
    #[serde(default)]
    pub via: String,
    /// It takes an open order back: the only trades that a kill switch lets pass.
    #[serde(default)]
    pub cancels: bool,
}

fn yes() -> bool {
    true
}

/// What a call does at the broker. An API without a row is a trade.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// May be repeated.
    Read,
    /// Places, changes, cancels, exchanges.
    #[default]
    Trade,
    /// Issues or revokes a token.
    Auth,
}

/// The first part of a module, shared by several menus.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// `domestic`
    pub module: String,
    /// For the docs.
    pub title: String,
}

/// One menu of the guide.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// 대분류, 중분류.
    pub path: Vec<String>,
    /// `domestic::chart`
    pub module: String,
    /// For the docs.
    pub title: String,
}

/// Terms that must stand in a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glossary {
    /// The terms.
    #[serde(default)]
    pub term: Vec<Term>,
    /// Names that may do without one.
    #[serde(default)]
    pub exception: Vec<Exception>,
    /// Words of labels, for the docs.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

/// One Korean term.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The Korean term.
    pub ko: String,
    /// The token, or tokens of which one must stand.
    pub en: Tokens,
}

/// One token or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Tokens {
    /// The token.
    One(String),
    /// One of these.
    Any(Vec<String>),
}

impl Tokens {
    fn stands_in(&self, name: &str) -> bool {
        match self {
            Tokens::One(token) => name.contains(token.as_str()),
            Tokens::Any(tokens) => tokens.iter().any(|t| name.contains(t.as_str())),
        }
    }
}

/// A name that may do without a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The API.
    pub api: String,
    /// The term.
    pub term: String,
    /// The reason.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MenuFile {
    #[serde(default)]
    market: Vec<Market>,
    menu: Vec<Menu>,
}

/// Reads the tables: file name below `spec/names/` and text.
///
/// # Errors
/// Each table that cannot be read, with line and reason.
pub fn parse(files: &BTreeMap<String, String>) -> Result<Names, Vec<Problem>> {
    let mut names = Names::default();
    let mut problems = Vec::new();
    for (file, text) in files {
        let read = match file.as_str() {
            "apis.toml" => toml::from_str(text).map(|apis| names.apis = apis),
            "menus.toml" => toml::from_str(text).map(|file: MenuFile| {
                names.markets = file.market;
                names.menus = file.menu;
            }),
            "homes.toml" => toml::from_str(text).map(|file| names.homes = by_id(file)),
            "glossary.toml" => toml::from_str(text).map(|glossary| names.glossary = glossary),
            "codes.toml" => toml::from_str(text).map(|codes| names.codes = codes),
            "fids.toml" => toml::from_str(text).map(|fids| names.fids = fids),
            "synonyms.toml" => toml::from_str(text).map(|synonyms| names.synonyms = synonyms),
            "notes.toml" => toml::from_str(text).map(|notes| names.notes = notes),
            "labels.toml" => Labels::parse(text).map(|labels| names.labels = labels),
            _ => Ok(()),
        };
        if let Err(e) = read {
            problems.push(bad_table(&format!("spec/names/{file}"), text, &e));
        }
    }
    if problems.is_empty() { Ok(names) } else { Err(problems) }
}

/// Module to ids, turned round.
fn by_id(modules: BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    modules.into_iter().flat_map(|(module, ids)| ids.into_iter().map(move |id| (id, module.clone()))).collect()
}

impl Names {
    /// The row of a market.
    pub fn market(&self, module: &str) -> Option<&Market> {
        self.markets.iter().find(|m| m.module == module)
    }

    /// The menu of this name.
    pub fn menu(&self, path: &[String]) -> Option<&Menu> {
        self.menus.iter().find(|m| m.path == path)
    }

    /// The menu in whose module an API stands: its home, else that of the document; none without a name.
    pub fn home(&self, id: &str, path: &[String]) -> Option<&Menu> {
        if !self.apis.contains_key(id) {
            return None;
        }
        let home = self.homes.get(id).and_then(|module| self.menus.iter().find(|m| m.module == *module));
        home.or_else(|| self.menu(path))
    }

    /// Where homes, menus and sets contradict each other, and what the document calls a menu by now.
    fn home_findings(&self, spec: &Spec) -> Vec<Problem> {
        const FILE: &str = "spec/names/homes.toml";
        let known = |module: &str| self.menus.iter().any(|m| m.module == module);
        let mut out = Vec::new();
        for (id, module) in self.homes.iter().filter(|(_, module)| !known(module)) {
            let what = format!("{id} stands in {module:?}, which is not a module of menus.toml");
            out.push(Problem::error("bad-home", FILE, what, "mend the row; a module of menus.toml never goes"));
        }
        for set in &self.codes.set {
            if let Some(menu) = set.menu.as_deref().filter(|menu| !known(menu)) {
                let what = format!("{} belongs to {menu:?}, which is not a module of menus.toml", set.name);
                out.push(Problem::error("bad-set", "spec/names/codes.toml", what, "mend the row"));
            }
        }
        for (id, api) in spec.apis.iter().filter(|(id, _)| self.apis.contains_key(*id)) {
            let now = self.menu(&api.menu).map(|m| m.module.as_str());
            match (self.homes.get(id), now) {
                (Some(home), now) if now != Some(home.as_str()) => {
                    let what = format!("{id} is in the menu {:?} of the document now", api.menu.join(" > "));
                    let fix = format!("nothing breaks: it stays in {home}; give a menu that was renamed a second row");
                    out.push(Problem::note("menu-moved", "spec/names/menus.toml", what, fix));
                }
                // Without the table there is nothing to freeze.
                (None, Some(module)) if !self.homes.is_empty() => {
                    let what = format!("{id} has a name, but no home: its path follows the menu of the document");
                    let fix = format!("add {id:?} to {module:?}");
                    out.push(Problem::warning("no-home", FILE, what, fix));
                }
                _ => {}
            }
        }
        out
    }

    /// Checks the tables against the facts.
    pub fn check(&self, spec: &Spec) -> Vec<Problem> {
        let mut out = Vec::new();
        for (id, api) in &spec.apis {
            if self.menu(&api.menu).is_none() && self.home(id, &api.menu).is_none() {
                let what = format!("{id} is in the menu {:?}, which has no module", api.menu.join(" > "));
                out.push(Problem::warning(
                    "no-menu",
                    "spec/names/menus.toml",
                    what,
                    "add a row, or keep it in `unsorted`",
                ));
            }
            let Some(name) = self.apis.get(id) else {
                let what = format!("{id} ({}) has no name", api.name);
                out.push(Problem::warning(
                    "no-name",
                    "spec/names/apis.toml",
                    what,
                    "add a row, or keep the id as its name; without a row it counts as a trade",
                ));
                continue;
            };
            let place = format!("spec/names/apis.toml:{id}");
            let body = api.request.blocks.iter().flat_map(|b| &b.fields);
            let keys: Vec<&str> = body.map(|f| f.key.as_str()).collect();
            if name.cancels && name.effect != Effect::Trade {
                let what = format!("{id} cancels orders and is a {:?}", name.effect);
                out.push(Problem::error("cancels-no-trade", &place, what, "make it a trade, or delete `cancels`"));
            }
            for key in name.ctor.iter().chain(name.default.keys()) {
                if !keys.contains(&key.as_str()) {
                    let what = format!("{key:?} is not a field of the request");
                    out.push(Problem::warning(
                        "stale-name",
                        &place,
                        what,
                        "the document lost the field, or the row has a slip",
                    ));
                }
            }
        }
        for menu in &self.menus {
            let market = menu.module.split("::").next().unwrap_or_default();
            if self.market(market).is_none() {
                let what = format!("the market {market:?} of {} has no title", menu.module);
                out.push(Problem::warning(
                    "no-market",
                    "spec/names/menus.toml",
                    what,
                    "add a [[market]] with its title",
                ));
            }
        }
        for id in self.apis.keys().filter(|id| !spec.apis.contains_key(*id)) {
            let what = format!("{id} has a name, but is in no document");
            out.push(Problem::note("name-without-api", "spec/names/apis.toml", what, "keep the row: names are frozen"));
        }
        let slip = |what| {
            Problem::error(
                "bad-set",
                "spec/names/codes.toml",
                what,
                "mend the row; the head of the file shows the format",
            )
        };
        out.extend(self.codes.slips().into_iter().map(slip));
        let known = |id: &str| spec.apis.contains_key(id);
        out.extend(self.synonyms.strays(known).into_iter().map(|what| {
            let fix = "keep it if an older document has it, else mend the row";
            Problem::note("synonym-without-api", "spec/names/synonyms.toml", what, fix)
        }));
        out.extend(self.synonyms.slips().into_iter().map(|what| {
            Problem::error(
                "bad-synonym",
                "spec/names/synonyms.toml",
                what,
                "mend the row; the head of the file shows the format",
            )
        }));
        out.extend(self.home_findings(spec));
        out.extend(self.notes.check(spec));
        out.extend(self.clashes(spec));
        out.extend(self.glossary_findings(spec));
        out
    }

    /// Names must be unique within a market, because a market's modules are flattened in its prelude.
    fn clashes(&self, spec: &Spec) -> Vec<Problem> {
        let mut seen: BTreeMap<(String, &str), &str> = BTreeMap::new();
        let mut out = Vec::new();
        for (id, name) in &self.apis {
            let Some(menu) = spec.apis.get(id).and_then(|a| self.home(id, &a.menu)) else { continue };
            let market = menu.module.split("::").next().unwrap_or_default().to_owned();
            if let Some(other) = seen.insert((market, name.name.as_str()), id) {
                let what = format!("{other} and {id} are both called {}", name.name);
                out.push(Problem::error("name-twice", "spec/names/apis.toml", what, "rename the newer one"));
            }
            let valid = name.name.chars().next().is_some_and(|c| c.is_ascii_uppercase())
                && name.name.chars().all(|c| c.is_ascii_alphanumeric());
            if !valid {
                let what = format!("{id}: {:?} is no UpperCamelCase name", name.name);
                out.push(Problem::error(
                    "bad-name",
                    "spec/names/apis.toml",
                    what,
                    "use letters and digits, beginning with an upper-case letter",
                ));
            }
        }
        out
    }

    fn glossary_findings(&self, spec: &Spec) -> Vec<Problem> {
        let mut terms: Vec<&Term> = self.glossary.term.iter().collect();
        terms.sort_by_key(|t| std::cmp::Reverse(t.ko.chars().count()));
        let mut out = Vec::new();
        for (id, api) in &spec.apis {
            let Some(name) = self.apis.get(id) else { continue };
            let mut left = api.name.clone();
            for term in &terms {
                if !left.contains(&term.ko) {
                    continue;
                }
                // A longer term shadows the shorter ones inside it.
                left = left.replace(&term.ko, "\u{0}");
                let excused =
                    self.glossary.exception.iter().any(|e| e.api == *id && e.term == term.ko && !e.why.is_empty());
                if !excused && !term.en.stands_in(&name.name) {
                    let what =
                        format!("{id} {:?} is called {}, without {:?} for {:?}", api.name, name.name, term.en, term.ko);
                    out.push(Problem::warning(
                        "glossary",
                        "spec/names/apis.toml",
                        what,
                        "use the token, or add an exception with its reason to glossary.toml",
                    ));
                }
            }
        }
        out
    }
}
