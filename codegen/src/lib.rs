//! What Rust says: facts to model to tokens to text. Pure: no file is read or written here.

pub mod doc;
pub mod emit;
pub mod ident;
pub mod lower;
pub mod model;

use std::collections::BTreeMap;

use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;

/// Everything that is generated.
#[derive(Debug, Default)]
pub struct Output {
    /// Path below `kiwoom-api/` and text.
    pub files: BTreeMap<String, String>,
    /// The block of `[features]` in `kiwoom-api/Cargo.toml`.
    pub features: String,
}

/// Facts, with errata applied, to code.
pub fn generate(spec: &Spec, names: &Names) -> (Output, Vec<Problem>) {
    let model = lower::lower(spec, names);
    let mut files = BTreeMap::new();
    let root = "src/generated";
    files.insert(format!("{root}/mod.rs"), emit::module::root(&model));
    files.insert(format!("{root}/id/mod.rs"), emit::module::by_id(&model));
    files.insert(format!("{root}/registry.rs"), emit::module::registry(&model));
    files.insert(format!("{root}/codes.rs"), emit::shared::codes(&model));
    files.insert(format!("{root}/parts.rs"), emit::shared::parts(&model));
    for market in emit::module::markets(&model) {
        files.insert(format!("{root}/{market}/mod.rs"), emit::module::market(&market, &model));
        files.insert(format!("{root}/id/{market}.rs"), emit::module::by_id_in(&market, &model));
    }
    for menu in &model.menus {
        let folder = format!("{root}/{}/{}", menu.market, menu.module);
        let codes = emit::shared::menu_codes(&model, &menu.market, &menu.module);
        files.insert(format!("{folder}/mod.rs"), emit::module::menu(menu, codes.is_some()));
        files.extend(codes.map(|text| (format!("{folder}/codes.rs"), text)));
        for api in &menu.apis {
            files.insert(format!("{folder}/{}.rs", api.method), emit::api::file(api, &model));
        }
    }
    files.insert("APIS.md".to_owned(), emit::index::apis(&model));
    (Output { files, features: emit::index::features(&model) }, Vec::new())
}
