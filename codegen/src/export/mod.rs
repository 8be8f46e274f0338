//! The same API for other languages: OpenAPI for HTTP, AsyncAPI for the WebSocket.
//!
//! Decides nothing: kinds, names, codes and units come from the model and the mended facts. `field` describes one
//! value, `schema` one record, `words` says it in English; `openapi` and `asyncapi` put them together. Pure and
//! deterministic.

mod asyncapi;
mod field;
mod openapi;
mod schema;
mod words;

use std::collections::BTreeSet;

use kiwoom_spec::errata::{Mended, mended};
use kiwoom_spec::names::{Effect, Names};
use serde_json::{Map, Value, json};

use crate::lower::lower;
use crate::model::{Api, Menu, Mock, Model, Protocol};

pub use asyncapi::asyncapi;
pub use openapi::openapi;

/// What an export is made from.
pub struct Source<'a> {
    spec: &'a Mended,
    names: &'a Names,
    model: Model,
}

impl<'a> Source<'a> {
    /// `spec` has its errata applied.
    pub fn new(spec: &'a Mended, names: &'a Names) -> Source<'a> {
        Source { spec, names, model: lower(spec, names) }
    }

    /// Every API with its menu and its facts, in the order of the guide.
    fn apis(&self) -> impl Iterator<Item = (&Menu, &Api, &mended::Api)> {
        let apis = self.model.menus.iter().flat_map(|menu| menu.apis.iter().map(move |api| (menu, api)));
        apis.filter_map(|(menu, api)| Some((menu, api, self.spec.apis.get(&api.id)?)))
    }

    /// The menus of some APIs as tags.
    fn tags(&self, wanted: impl Fn(&Api) -> bool) -> Vec<Value> {
        let menus = self.model.menus.iter().filter(|menu| menu.apis.iter().any(&wanted));
        menus.map(|menu| json!({ "name": menu.feature(), "description": menu_line(menu) })).collect()
    }

    /// The hosts of some APIs: real and mock.
    fn hosts(&self, wanted: impl Fn(&Api) -> bool) -> [Vec<&'a str>; 2] {
        let mut hosts: [BTreeSet<&str>; 2] = Default::default();
        for api in self.model.menus.iter().flat_map(|menu| &menu.apis).filter(|api| wanted(api)) {
            let Some(facts) = self.spec.apis.get(&api.id) else { continue };
            hosts[0].insert(facts.real.as_str());
            hosts[1].extend(facts.mock.as_deref());
        }
        hosts.map(|set| set.into_iter().collect())
    }
}

/// `Domestic: Charts (국내주식 > 차트)`
fn menu_line(menu: &Menu) -> String {
    let korean = if menu.korean.is_empty() { String::new() } else { format!(" ({})", menu.korean) };
    format!("{}: {}{korean}", words::sentence(&menu.market), menu.title)
}

/// `domestic_stock_daily_chart`: the method of the Rust client below its market. The two markets share some names.
fn operation_id(menu: &Menu, api: &Api) -> String {
    format!("{}_{}", menu.market, api.method)
}

/// What both documents say of an API.
fn annotations(menu: &Menu, api: &Api) -> Map<String, Value> {
    let effect = match api.effect {
        Effect::Read => "read",
        Effect::Trade => "trade",
        Effect::Auth => "auth",
    };
    let mock = match api.mock {
        Mock::Yes => "yes",
        Mock::KrxOnly => "krx-only",
        Mock::No => "no",
    };
    let mut out = Map::new();
    out.insert("x-api-id".to_owned(), json!(api.id));
    out.insert("x-korean-name".to_owned(), json!(api.korean.trim()));
    out.insert("x-menu".to_owned(), json!(api.menu));
    out.insert("x-effect".to_owned(), json!(effect));
    out.insert("x-mock".to_owned(), json!(mock));
    out.insert("x-paged".to_owned(), json!(api.paged));
    out.insert("x-rust-method".to_owned(), json!(format!("{}().{}", menu.handle(), api.method)));
    out
}

/// Korean name, menu, effect, and what the mock server does.
fn description(api: &Api) -> String {
    let mut lines = vec![format!("{} (`{}`), {}.", api.korean.trim(), api.id, api.menu), String::new()];
    lines.push(
        match api.effect {
            _ if api.protocol == Protocol::Realtime => "Pushed once the topic is registered.",
            Effect::Read => "Reads: may be repeated.",
            Effect::Trade => {
                "Trades: send it once and never repeat it by itself. A reply that is lost, late or in doubt says nothing \
                 about the order; look it up first."
            }
            Effect::Auth => "Issues or revokes a token.",
        }
        .to_owned(),
    );
    match api.mock {
        Mock::Yes => {}
        Mock::KrxOnly => lines.push("The mock server offers it for KRX only.".to_owned()),
        Mock::No => lines.push("The mock server does not offer it.".to_owned()),
    }
    lines.join("\n")
}

/// What the `x-` members mean, for the head of both documents.
fn legend() -> String {
    [
        "Facts are taken from the broker's specification, with its known mistakes mended; sentences are ours.",
        "",
        "Every value is a JSON string, numbers included; `return_code` alone is a number. A value that is blank or absent is \
         not there: it is never zero.",
        "",
        "| member | says |",
        "|---|---|",
        "| `x-kind` | what the text holds: `price`, `percent`, `count`, `date`, `stock-code`, .. |",
        "| `x-unit` | the unit as documented (`won`, `million-won`, `thousand-share`, ..); `x-units` and `x-unit-by`: the request \
         parameter that chooses it |",
        "| `x-sign` | what a sign in front means: `direction` (against the previous close; the value is the magnitude), `side` \
         (`+` bought, `-` sold), `decoration` (none), `value` (the number's own), `code` (it stands in `x-sign-code`) |",
        "| `x-scale` | the wire leaves so many decimal places out: divide by 10^n; below 0, multiply by 10^-n |",
        "| `x-layout` | layouts of a date or time; times are Korean unless the field says otherwise |",
        "| `x-pad`, `x-decimals`, `x-length` | padded width, decimal places, and length as documented; a value may break them |",
        "| `x-code-set` | the meaning that several fields share under different codes |",
        "| `x-enum-varnames`, `x-enum-descriptions`, `x-enum-descriptions-ko` | names of the codes, in English and Korean |",
        "| `x-korean-name` | the label of the broker |",
        "| `x-name` | an English name where the key is a number |",
        "",
        "Lists of codes are closed in requests. In replies they are open (`anyOf` with a string): the broker adds codes \
         without notice.",
    ]
    .join("\n")
}

/// The text of a document.
fn text(value: &Value) -> String {
    // a tree of strings and numbers is always text
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Title, version and licence.
fn info(title: &str, description: String) -> Value {
    json!({
        "title": title,
        "version": env!("CARGO_PKG_VERSION"),
        "description": description,
        "license": { "name": "MIT OR Apache-2.0", "url": "https://spdx.org/licenses/MIT.html" },
    })
}
