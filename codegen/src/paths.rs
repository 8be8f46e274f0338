//! The public paths of the generated crate, so that a removed or moved path is reported: it breaks the imports of
//! users.

use std::collections::{BTreeMap, BTreeSet};

use crate::ident::id_module;
use crate::model::{Api, Kind, Model, Protocol};

/// Every public path of generated items below the crate, with the API that it belongs to (none for what is shared).
pub fn paths(model: &Model) -> BTreeMap<String, Option<String>> {
    let mut out = BTreeMap::new();
    for menu in &model.menus {
        let module = format!("{}::{}", menu.market, menu.module);
        out.insert(format!("feature {}", menu.feature()), None);
        for api in &menu.apis {
            let mut add = |path: String| drop(out.insert(path, Some(api.id.clone())));
            for name in names(api) {
                add(format!("{module}::{name}"));
            }
            for name in by_id(api) {
                add(format!("id::{}::{name}", id_module(&api.id)));
            }
            if api.protocol == Protocol::Rest {
                add(format!("Client::{}().{}", menu.handle(), api.method));
            }
        }
    }
    for set in &model.sets {
        out.insert(format!("codes::{}", set.name), None);
        if let Some((market, module)) = &set.menu {
            out.insert(format!("{market}::{module}::codes::{}", set.name), None);
        }
    }
    out.extend(model.parts.iter().map(|part| (format!("parts::{}", part.name), None)));
    out
}

fn names(api: &Api) -> Vec<&str> {
    let bodies = api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested);
    bodies.map(|s| s.name.as_str()).collect()
}

fn by_id(api: &Api) -> Vec<&'static str> {
    let mut out = if api.request.is_some() { vec!["Request", "Reply"] } else { vec!["Push"] };
    if api.push.is_some() {
        out.push("Push");
    }
    if matches!(api.reply.list().map(|f| &f.kind), Some(Kind::List(_) | Kind::Tuples(_))) {
        out.push("Row");
    }
    out
}

/// A path that was public and is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The path.
    pub path: String,
    /// Its API.
    pub api: Option<String>,
    /// Paths that end in the same name and are new: where it moved to.
    pub moved: Vec<String>,
}

/// The paths of `old` that `new` does not have. Any of them is a breaking change.
pub fn gone(old: &Model, new: &Model) -> Vec<Gone> {
    let (old, new) = (paths(old), paths(new));
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    let fresh: BTreeSet<&String> = new.keys().filter(|path| !old.contains_key(*path)).collect();
    let lost = old.into_iter().filter(|(path, _)| !new.contains_key(path));
    lost.map(|(path, api)| {
        let moved = fresh.iter().filter(|p| last(p) == last(&path) && !path.starts_with("id::"));
        Gone { moved: moved.map(|p| (*p).clone()).collect(), path, api }
    })
    .collect()
}
