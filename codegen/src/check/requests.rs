//! What the broker's example of a request sends but our request does not, if only `new()` is called.

use kiwoom_spec::errata::Mended;
use kiwoom_spec::ir::Shape;

use crate::model::{Api, Kind, Model, Protocol};

/// Fields as `api.key`, with what was found.
pub fn omitted(model: &Model, spec: &Mended) -> Vec<(String, String)> {
    let rest = model.menus.iter().flat_map(|menu| &menu.apis).filter(|api| api.protocol == Protocol::Rest);
    rest.flat_map(|api| of(api, spec)).collect()
}

fn of(api: &Api, spec: &Mended) -> Vec<(String, String)> {
    let Some(request) = &api.request else { return Vec::new() };
    let facts = spec.apis.get(&api.id).and_then(|facts| facts.request.blocks.first());
    let sent = |key: &str| {
        let field = facts.and_then(|block| block.fields.iter().find(|f| f.key == key));
        field.is_some_and(|f| f.seen.iter().any(|shape| !matches!(shape, Shape::Blank | Shape::Null | Shape::Empty)))
    };
    let mut out = Vec::new();
    for (at, field) in request.body.fields.iter().enumerate() {
        let ours = matches!(field.kind, Kind::Const(_))
            || field.default.is_some()
            || request.ctor.contains(&at)
            || request.required.contains(&at);
        if sent(&field.key) && !ours {
            let what = format!("the example of {} sends it, `{}::new` does not", api.id, api.name);
            out.push((format!("{}.{}", api.id, field.key), what));
        }
    }
    out
}
