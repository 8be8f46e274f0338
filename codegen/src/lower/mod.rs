//! Facts to model: which structs there are, the names of everything, and what each field holds.
//!
//! Pure and total: an API without a row is named after its id in the menu `unsorted`, and `spec::names` reports it.

mod borrow;
pub(crate) mod docs;
pub mod kind;
mod parts;
mod sets;
mod signs;
mod unique;
mod unit;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use kiwoom_spec::describe::Unit;
use kiwoom_spec::errata::Mended;
use kiwoom_spec::errata::mended::{self, Block};
use kiwoom_spec::ir::{Shape, is_envelope};
use kiwoom_spec::names::fids::What;
use kiwoom_spec::names::labels::bare;
use kiwoom_spec::names::{self, ApiName, Effect, Names};
use rayon::prelude::*;

use crate::ident;
use crate::model::{Api, Evidence, Field, Kind, Market, Menu, Mock, Model, Protocol, Request, Struct, Written};
use borrow::Borrowed;
use kind::Context;

/// The module of APIs without a menu.
const UNSORTED: (&str, &str) = ("unsorted", "other");

/// What the docs say of a market without a title.
const NAMELESS: &str = "APIs that have no name yet: they are called by their ids and count as trades.";

/// Facts to the model. Facts that skipped the errata do not compile here:
///
/// ```compile_fail,E0308
/// # use kiwoom_spec::{ir::Spec, names::Names};
/// kiwoom_codegen::lower::lower(&Spec::default(), &Names::default());
/// ```
///
/// ```
/// # use kiwoom_spec::{errata, ir::Spec, names::Names};
/// let (mended, _) = errata::apply(&Spec::default(), &[]);
/// assert!(kiwoom_codegen::lower::lower(&mended, &Names::default()).menus.is_empty());
/// ```
pub fn lower(spec: &Mended, names: &Names) -> Model {
    made(spec, names, Docs::Written)
}

/// The same without any text for the docs, and without the sets: for checks that ask what kind a field is.
pub fn undocumented(spec: &Mended, names: &Names) -> Model {
    made(spec, names, Docs::LeftOut)
}

/// Whether the texts of the docs are made: they take a third of the time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Docs {
    Written,
    LeftOut,
}

fn made(spec: &Mended, names: &Names, docs: Docs) -> Model {
    let mut menus = curated_menus(names);
    let all: Vec<&mended::Api> = spec.apis.values().collect();
    let menu = |api: &mended::Api| names.home(&api.id, &api.menu);
    let borrowed =
        Borrowed::collect(spec, names, |id| spec.apis.get(id).map_or_else(String::new, |a| place(menu(a)).0));
    // Each API is lowered on its own, so the order of completion does not matter.
    let lower = |api: &&mended::Api| {
        let name = names.apis.get(&api.id).cloned().unwrap_or_else(|| nameless(&api.id));
        let (market, module) = place(menu(api));
        let money = names.labels.money(&api.id, &format!("{market}::{module}"));
        let mut labels = BTreeSet::new();
        api.walk(&mut |path, field| {
            if path.starts_with("response") {
                labels.insert(bare(&field.name));
            }
        });
        Lower { api, name, names, market: &market, money, borrowed: &borrowed, labels, docs }.api()
    };
    let lowered: Vec<Api> = all.par_iter().map(lower).collect();
    for (facts, api) in all.into_iter().zip(lowered) {
        let (market, module) = place(menu(facts));
        let at = menus.iter().position(|m| m.market == market && m.module == module);
        let at = at.unwrap_or_else(|| {
            let title = "APIs without a name".to_owned();
            menus.push(Menu { market, module, title, ..Menu::default() });
            menus.len() - 1
        });
        menus[at].apis.push(api);
    }
    for menu in &mut menus {
        menu.apis.sort_by(|a, b| a.name.cmp(&b.name));
        unique::structs(menu);
    }
    let parts = parts::used(&menus, names);
    menus.iter_mut().flat_map(|m| &mut m.apis).for_each(|api| parts::agree(api, &parts, &names.fids));
    let sets = if docs == Docs::Written { sets::used(&menus, names) } else { Vec::new() };
    for menu in menus.iter_mut().filter(|_| docs == Docs::Written) {
        menu.apis.iter_mut().for_each(|api| docs::codes(api, &sets));
    }
    let title = |module: &str| names.market(module).map_or(NAMELESS, |m| &m.title).to_owned();
    let mut markets: Vec<Market> = Vec::new();
    for Menu { market: module, .. } in &menus {
        if !markets.iter().any(|m| m.module == *module) {
            markets.push(Market { module: module.clone(), title: title(module) });
        }
    }
    let has = |id: &&String| spec.apis.contains_key(id.as_str());
    let ids = |row: &names::synonyms::Synonym| row.api.iter().filter(has).cloned().collect();
    let answers = names.synonyms.synonym.iter().map(|row| (row.ko.clone(), ids(row))).collect();
    let nothing = names.synonyms.nothing.iter().map(|row| (row.ko.clone(), row.says.clone())).collect();
    Model { markets, menus, sets, parts, answers, nothing }
}

/// Market and module.
fn place(menu: Option<&names::Menu>) -> (String, String) {
    let module = menu.and_then(|m| m.module.split_once("::")).unwrap_or(UNSORTED);
    (module.0.to_owned(), module.1.to_owned())
}

/// One for each module of the table, in its order. A menu that lost its last API keeps its module and its feature:
/// the manifests of users name it.
fn curated_menus(names: &Names) -> Vec<Menu> {
    let mut menus: Vec<Menu> = Vec::new();
    for row in &names.menus {
        let (market, module) = place(Some(row));
        if !menus.iter().any(|m| m.market == market && m.module == module) {
            menus.push(Menu {
                market,
                module,
                title: row.title.clone(),
                korean: row.path.join(" > "),
                apis: Vec::new(),
            });
        }
    }
    menus
}

fn nameless(id: &str) -> ApiName {
    ApiName { name: ident::pascal(&ident::id_module(id)), effect: Effect::Trade, mock: true, ..ApiName::default() }
}

struct Lower<'a> {
    api: &'a mended::Api,
    name: ApiName,
    names: &'a Names,
    market: &'a str,
    /// The currency of the amounts that it reports, where it reports an account.
    money: Option<Unit>,
    borrowed: &'a Borrowed,
    /// Of the response.
    labels: BTreeSet<String>,
    docs: Docs,
}

impl Lower<'_> {
    fn api(&self) -> Api {
        let mut nested = Vec::new();
        let protocol = self.protocol();
        let response: Vec<&Block> = self.api.response.blocks.iter().collect();
        let pushes = response.iter().find_map(|b| push_values(b));
        let answer = response.iter().find(|b| push_values(b).is_none());
        let name = &self.name.name;
        let (reply, push) = if protocol == Protocol::Realtime {
            let values = pushes.map_or(&[][..], |v| &v.fields);
            (self.record(name, name, &refs(values), "response.data.values", &mut nested), None)
        } else {
            let fields: Vec<&mended::Field> =
                answer.map_or(Vec::new(), |b| b.fields.iter().filter(|f| !is_envelope(&f.key)).collect());
            let reply = self.record(&format!("{name}Reply"), name, &fields, "response", &mut nested);
            let push = format!("{name}Push");
            (reply, pushes.map(|v| self.record(&push, &push, &refs(&v.fields), "response.data.values", &mut nested)))
        };
        let request = (protocol != Protocol::Realtime).then(|| self.request(&mut nested));
        let mut api = Api {
            id: self.api.id.clone(),
            name: name.clone(),
            method: match self.names.apis.contains_key(&self.api.id) {
                true => ident::method(name),
                // Not by way of the type: `zZ1` and `zz1` would meet.
                false => ident::id_module(&self.api.id),
            },
            via: match protocol {
                Protocol::Realtime if self.name.via.is_empty() => format!("client.realtime().topic::<{name}>(..)"),
                _ => self.name.via.clone(),
            },
            korean: self.api.name.clone(),
            menu: self.api.menu.join(" > "),
            path: self.api.path.clone(),
            effect: self.name.effect,
            cancels: self.name.cancels,
            protocol,
            paged: protocol == Protocol::Rest && self.name.effect == Effect::Read && reply.list().is_some(),
            mock: self.mock(),
            request,
            reply,
            push,
            nested,
            words: self.names.synonyms.of(&self.api.id),
        };
        if self.docs == Docs::LeftOut {
            return api;
        }
        docs::structs(&mut api, &self.names.glossary);
        let note = |at| self.names.notes.find(&self.api.id, at);
        docs::note_struct(&mut api.reply, note("response"));
        if let Some(request) = &mut api.request {
            docs::note_struct(&mut request.body, note("request"));
        }
        api
    }

    fn protocol(&self) -> Protocol {
        let socket = self.api.path.contains("websocket") || self.api.real.starts_with("wss");
        let registers = self.api.request.blocks.iter().flat_map(|b| &b.fields).any(|f| f.key == "grp_no");
        match (socket, registers) {
            (false, _) => Protocol::Rest,
            (true, true) => Protocol::Realtime,
            (true, false) => Protocol::Socket,
        }
    }

    fn mock(&self) -> Mock {
        match (&self.api.mock, &self.api.mock_note) {
            _ if !self.name.mock => Mock::No,
            (None, _) => Mock::No,
            (Some(_), Some(note)) if note.contains("KRX") => Mock::KrxOnly,
            _ => Mock::Yes,
        }
    }

    fn request(&self, nested: &mut Vec<Struct>) -> Request {
        let name = &self.name.name;
        let fields: &[mended::Field] = self.api.request.blocks.first().map_or(&[], |b| &b.fields);
        let mut body = self.record(name, name, &refs(fields), "request", nested);
        for (field, facts) in body.fields.iter_mut().zip(fields) {
            if !matches!(field.kind, Kind::Const(_)) {
                field.default = self.default(facts);
            }
            if let (Some(code), false) = (&field.default, matches!(field.kind, Kind::Coded(..))) {
                field.docs.push(String::new());
                field.docs.push(format!("Default: {}.", docs::choice(facts, code)));
                docs::tidy(&mut field.docs);
            }
        }
        let position =
            |key: &String| body.fields.iter().position(|f| f.key == *key && !matches!(f.kind, Kind::Const(_)));
        let ctor: Vec<usize> = self.name.ctor.iter().filter_map(position).collect();
        let needed = |(i, facts): &(usize, &mended::Field)| {
            let field = &body.fields[*i];
            let says_so = facts.required.as_deref() == Some("Y")
                && !facts.says.conditional
                && facts.says.blank.is_none()
                && !facts.seen.contains(&Shape::Blank);
            !matches!(field.kind, Kind::Const(_)) && (ctor.contains(i) || (says_so && field.default.is_none()))
        };
        let required = fields.iter().enumerate().filter(needed).map(|(i, _)| i).collect();
        let blank = |(_, f): &(usize, &mended::Field)| match f.ruled.unset.as_deref() {
            Some("blank") => true,
            Some(_) => false,
            // the text says what a blank means, so it may be sent, and the service misses the field otherwise
            None => f.seen.contains(&Shape::Blank) || f.says.blank.is_some(),
        };
        let blank = fields.iter().enumerate().filter(blank).map(|(i, _)| i).collect();
        Request { body, ctor, required, blank }
    }

    /// The code that a field has unless told otherwise: curated, or the only one that means 'all', or the text's own.
    fn default(&self, field: &mended::Field) -> Option<String> {
        if self.name.ctor.contains(&field.key) {
            return None;
        }
        if let Some(code) = self.name.default.get(&field.key) {
            return Some(code.clone());
        }
        let says = &field.says;
        let mut all =
            says.codes.iter().chain(says.threshold.iter().flat_map(|t| &t.all)).filter(|(_, label)| means_all(label));
        match (all.next(), all.next()) {
            // Where the document's own example leaves it blank, blank is neutral enough.
            (Some(_), None) if says.codes.len() == 1 && field.seen.contains(&Shape::Blank) => None,
            (Some((code, _)), None) => Some(code.clone()),
            // a default that is a word of the text, as the 전체 of ust21620, is no value of the wire
            _ => says
                .default
                .clone()
                .filter(|d| d.is_ascii() && (says.codes.is_empty() || says.codes.iter().any(|(c, _)| c == d))),
        }
    }

    /// The facts of a field with what follows from elsewhere: a label, a unit.
    fn completed<'f>(
        &self,
        facts: &'f mended::Field,
        what: Option<&What>,
        at: Context<'_>,
        request: bool,
    ) -> Cow<'f, mended::Field> {
        if facts.is_container() {
            return Cow::Borrowed(facts);
        }
        let mut out = facts.clone();
        let side = if request { "request" } else { "response" };
        if out.name.is_empty() && at.row(&out).is_none() {
            out.name = self.borrowed.label(at.class(), side, &out.key).unwrap_or_default().to_owned();
        }
        let around = unit::UnitContext { class: at.class(), money: self.money, labels: &self.labels };
        out.says.unit = unit::of(&out, at.row(&out), what, around);
        Cow::Owned(out)
    }

    /// The docs of a field that stands at `here`; `fid` if its key is the number of a FID.
    fn lines(&self, facts: &mended::Field, kind: &Kind, (here, at): (&str, Context<'_>), fid: bool) -> Vec<String> {
        let mut docs = docs::field(facts, kind, docs::Whose::of(&facts.name, &self.labels), &self.names.glossary);
        if !at.request {
            docs::size(&mut docs, facts, self.api.request.blocks.first().map_or(&[], |b| &b.fields));
        }
        docs::unit_of_note(&mut docs, self.names.notes.unit(&self.api.id, here));
        if fid {
            docs.insert(1, format!("FID {}.", facts.key));
        }
        docs::zone(&mut docs, kind, at.zone(facts));
        docs::warn_first(&mut docs, self.names.notes.find(&self.api.id, here));
        docs
    }

    /// `owner` is what rows are named after, `path` where the fields stand.
    fn record(
        &self,
        name: &str,
        owner: &str,
        fields: &[&mended::Field],
        path: &str,
        nested: &mut Vec<Struct>,
    ) -> Struct {
        let request = path.starts_with("request");
        let fids = self.names.fids.topic.get(&self.api.id).filter(|_| !request);
        let places = if request { BTreeMap::new() } else { self.names.fids.places(&self.api.id) };
        let named = |f: &mended::Field| fids.and_then(|t| t.get(&f.key));
        let mut idents: Vec<String> =
            fields.iter().map(|f| named(f).map_or_else(|| ident::field(&f.key), |fid| fid.name.clone())).collect();
        let members: Vec<&str> = fields.iter().filter_map(|f| places.get(&f.key)).map(|p| p.member.as_str()).collect();
        ident::unique(&mut idents, &members);
        let containers = fields.iter().filter(|f| f.is_container()).count();
        let at = Context { names: self.names, api: &self.api.id, market: self.market, request };
        let mut out = Struct { name: name.to_owned(), ..Struct::default() };
        for (facts, ident) in fields.iter().copied().zip(idents) {
            let here = format!("{path}.{}", facts.key);
            let place = places.get(&facts.key);
            let what = place.map(|p| &p.what).or_else(|| named(facts).map(|fid| &fid.what));
            let facts = &*self.completed(facts, what, at, request);
            let (kind, evidence) = if facts.is_container() {
                let suffix = if request { "Item" } else { "Row" };
                let distinct = if containers > 1 { ident::pascal(&facts.key) } else { String::new() };
                let row = format!("{owner}{distinct}{suffix}");
                let inner = self.record(&row, &row, &refs(&facts.fields), &here, nested);
                nested.push(inner);
                (container(facts, row), Evidence::Nesting)
            } else {
                kind::scalar(facts, at, &format!("{}.{here}", self.api.id), what)
            };
            let fid = named(facts).is_some() || place.is_some() && facts.key.bytes().all(|b| b.is_ascii_digit());
            let (docs, english, codes) = match self.docs {
                Docs::Written => (
                    self.lines(facts, &kind, (&here, at), fid),
                    docs::english(&facts.name, &self.names.glossary),
                    facts.says.codes.clone(),
                ),
                Docs::LeftOut => Default::default(),
            };
            out.fields.push(Field {
                key: facts.key.clone(),
                aliases: facts.ruled.aliases.clone(),
                ident: place.map_or_else(|| ident.clone(), |p| p.member.clone()),
                place: place.map_or(ident, |p| p.place.clone()),
                kind,
                evidence,
                korean: facts.name.clone(),
                english,
                unit: facts.says.unit.map_or("", docs::unit_word),
                written: Written {
                    places: facts.says.pad.unwrap_or_default(),
                    double_sign: facts.seen.contains(&Shape::DoubleSign),
                },
                codes,
                docs,
                default: None,
            });
        }
        if !request {
            out.changes = signs::changes(&out.fields, fields);
        }
        parts::members(&mut out, &self.names.fids, &self.api.id);
        out
    }
}

fn refs(fields: &[mended::Field]) -> Vec<&mended::Field> {
    fields.iter().collect()
}

/// 전체, 전체조회, (전체), 전체(기본값).
fn means_all(label: &str) -> bool {
    let bare = kiwoom_spec::names::labels::bare(label);
    let bare = bare.trim_start_matches('(').trim_end_matches(')');
    matches!(bare, "전체" | "전체조회" | "전체(기본값")
}

fn container(field: &mended::Field, row: String) -> Kind {
    if field.ruled.positional {
        return Kind::Tuples(row);
    }
    let shown = |shape| field.seen.contains(&shape);
    let numeric = field.fields.iter().all(|f| f.key.bytes().all(|b| b.is_ascii_digit()));
    if shown(Shape::Embedded) {
        Kind::Embedded(row)
    } else if shown(Shape::Arrays) {
        Kind::Tuples(row)
    } else if shown(Shape::Object) || field.ty.as_deref() == Some("Object") || (field.key == "values" && numeric) {
        // Realtime tables call their `values` a list; every example shows an object of FIDs.
        Kind::Object(row)
    } else {
        Kind::List(row)
    }
}

/// The `values` of the pushes of a message form.
pub(crate) fn push_values(block: &Block) -> Option<&mended::Field> {
    block.fields.iter().flat_map(|f| &f.fields).find(|f| f.key == "values" && f.is_container())
}
