//! Twins: fields of one instrument class with one label, or with one key, that hold different kinds of things.
//!
//! The most common kind of a family counts as right; each field of another kind is a finding. Units that are stated in
//! both places may differ: the broker counts the same thing in won in one place and in millions in another, and says
//! so.

use std::collections::BTreeMap;

use kiwoom_spec::names::Names;
use kiwoom_spec::names::labels::bare;

use crate::model::{Kind, Layout, Model, Num, Unit};

/// Fields as `api.key`, with what was found.
pub fn twins(model: &Model, names: &Names) -> Vec<(String, String)> {
    let mut families: BTreeMap<(String, String), BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for menu in &model.menus {
        for api in &menu.apis {
            let class = names.labels.class(&api.id, &menu.market);
            let records = std::iter::once(&api.reply).chain(&api.push).chain(&api.nested);
            let requests = api.request.iter().flat_map(|r| items(&r.body));
            let requests: Vec<&str> = requests.collect();
            for record in records.filter(|record| !requests.contains(&record.name.as_str())) {
                for field in &record.fields {
                    let Some(kind) = family(&field.kind) else { continue };
                    let at = format!("{}.{}", api.id, field.key);
                    let fid = field.key.bytes().all(|b| b.is_ascii_digit());
                    let label = (!field.korean.is_empty()).then(|| format!("label {}", bare(&field.korean)));
                    let key = (!fid).then(|| format!("key {}", field.key));
                    for name in label.into_iter().chain(key) {
                        let family = families.entry((class.to_owned(), name)).or_default();
                        family.entry(kind.clone()).or_default().push(at.clone());
                    }
                }
            }
        }
    }
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for ((class, name), kinds) in families.iter().filter(|(_, kinds)| kinds.len() > 1) {
        // equal numbers: the first in the order of the alphabet, so that the result does not move
        let Some((right, first)) = kinds.iter().rev().max_by_key(|(_, fields)| fields.len()) else { continue };
        for (kind, fields) in kinds.iter().filter(|(kind, _)| kind != &right) {
            for at in fields {
                let what =
                    format!("{class} {name}: {kind} here, {right} in {} others such as {}", first.len(), first[0]);
                out.entry(at.clone()).or_insert(what);
            }
        }
    }
    out.into_iter().collect()
}

/// The records inside a request.
fn items(body: &crate::model::Struct) -> impl Iterator<Item = &str> {
    body.fields.iter().filter_map(|field| match &field.kind {
        Kind::List(name) | Kind::Tuples(name) | Kind::Object(name) | Kind::Embedded(name) => Some(name.as_str()),
        _ => None,
    })
}

/// The kind without what may differ between twins: a layout, a documented sign, a prefix letter, a stated unit.
fn family(kind: &Kind) -> Option<String> {
    let scaled = |word: &str, n: Num| {
        let plain = Kind::Decimal(n).word();
        format!("{word}{}", plain.strip_prefix("decimal").unwrap_or_default())
    };
    Some(match kind {
        Kind::List(_) | Kind::Tuples(_) | Kind::Object(_) | Kind::Embedded(_) | Kind::Texts | Kind::Const(_) => {
            return None;
        }
        Kind::Price(d) => Kind::Price(crate::model::Dir { documented: false, ..*d }).word(),
        Kind::Ratio(d) => Kind::Ratio(crate::model::Dir { documented: false, ..*d }).word(),
        Kind::Unit(Unit::ByRequest, n) => scaled("number", Num { magnitude: false, ..*n }),
        Kind::Unit(_, n) | Kind::Decimal(n) => scaled("number", *n),
        Kind::Count(n) => scaled("count", *n),
        Kind::Date(_) => Kind::Date(Layout::Plain).word(),
        Kind::Time(layout) if *layout == Layout::Happened => kind.word(),
        Kind::Time(_) => Kind::Time(Layout::Plain).word(),
        Kind::TimeMark(_) => Kind::TimeMark(Layout::Plain).word(),
        Kind::StockCode(_) => "stock-code".to_owned(),
        other => other.word(),
    })
}
