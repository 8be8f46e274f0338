//! What Rust says: facts to model to tokens to text. Reads and writes no files.

pub mod check;
pub mod doc;
pub mod emit;
pub mod export;
pub mod held;
pub mod ident;
pub mod impact;
pub mod lower;
pub mod model;
pub mod paths;

use std::collections::BTreeMap;

use kiwoom_spec::errata::Mended;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;

use emit::tables::Tables;
use model::Model;
use rayon::prelude::*;

/// Everything that is generated.
#[derive(Debug, Default)]
pub struct Output {
    /// Path below `kiwoom-api/` and text.
    pub files: BTreeMap<String, String>,
    /// The block of `[features]` in `kiwoom-api/Cargo.toml`.
    pub features: String,
}

/// One file to generate: its path, and a function that renders its text.
type Job<'a> = (String, Box<dyn Fn() -> String + Sync + 'a>);

/// Facts to code.
pub fn generate(spec: &Mended, names: &Names) -> (Output, Vec<Problem>) {
    (render(&lower::lower(spec, names)), Vec::new())
}

/// The model to text.
pub fn render(model: &Model) -> Output {
    let tables = Tables::of(model);
    let jobs = jobs(model, &tables);
    let texts: Vec<String> = jobs.par_iter().map(|(_, text)| text()).collect();
    let files = jobs.iter().map(|(path, _)| path.clone()).zip(texts).collect();
    Output { files, features: emit::index::features(model) }
}

fn jobs<'a>(model: &'a Model, tables: &'a Tables<'a>) -> Vec<Job<'a>> {
    let mut jobs: Vec<Job> = Vec::new();
    let mut add = |path: String, text: Box<dyn Fn() -> String + Sync + 'a>| jobs.push((path, text));
    let root = "src/generated";
    add("APIS.md".to_owned(), Box::new(|| emit::index::apis(model)));
    add(format!("{root}/mod.rs"), Box::new(|| emit::module::root(model)));
    add(format!("{root}/id/mod.rs"), Box::new(|| emit::module::by_id(model)));
    add(format!("{root}/effects.rs"), Box::new(|| emit::module::effects(model)));
    add(format!("{root}/registry.rs"), Box::new(|| emit::module::registry(model)));
    add(format!("{root}/codes/mod.rs"), Box::new(|| emit::shared::codes(model)));
    add(format!("{root}/codes/neighbours.rs"), Box::new(|| emit::shared::neighbours(model)));
    add(format!("{root}/parts.rs"), Box::new(|| emit::shared::parts(model)));
    add(format!("{root}/tables.rs"), Box::new(|| emit::tables::file(tables)));
    for market in emit::module::markets(model) {
        let (mod_path, id_path) = (format!("{root}/{market}/mod.rs"), format!("{root}/id/{market}.rs"));
        let same = market.clone();
        add(mod_path, Box::new(move || emit::module::market(&market, model)));
        add(id_path, Box::new(move || emit::module::by_id_in(&same, model)));
    }
    for menu in &model.menus {
        let folder = format!("{root}/{}/{}", menu.market, menu.module);
        let codes = emit::shared::menu_sets(model, menu);
        let has_codes = !codes.is_empty();
        add(format!("{folder}/mod.rs"), Box::new(move || emit::module::menu(menu, has_codes)));
        if has_codes {
            let sets = codes.clone();
            let path = format!("{root}/codes/{}.rs", menu.handle());
            add(path, Box::new(move || emit::shared::codes_of(&sets)));
            add(format!("{folder}/codes.rs"), Box::new(move || emit::shared::menu_codes(&codes)));
        }
        add(format!("{root}/{}", emit::labels::path(menu)), Box::new(|| emit::labels::file(menu, &model.sets)));
        for api in &menu.apis {
            add(format!("{folder}/{}.rs", api.method), Box::new(|| emit::api::file(api, model, tables)));
        }
    }
    jobs
}
