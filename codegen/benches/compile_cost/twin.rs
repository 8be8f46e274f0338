//! The twin: every struct and enum of the model with its docs, and nothing but `Debug`, `Clone` and `Default`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use kiwoom_codegen::emit::text::member_type;
use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::{Api, Member, Model, Struct};
use kiwoom_spec::{errata, names, store};

/// `src/lib.rs` of the twin of the committed specification.
pub fn text(root: &Path) -> String {
    of(&model(&root.join("spec")))
}

fn model(spec: &Path) -> Model {
    let read = |path: &Path| fs::read_to_string(path).expect("a committed file");
    let folder = |name: &str, prefix: &str| -> BTreeMap<String, String> {
        let files = fs::read_dir(spec.join(name)).expect("a committed folder").flatten();
        files.map(|f| (format!("{prefix}{}", f.file_name().to_string_lossy()), read(&f.path()))).collect()
    };
    let facts = store::parse(&folder("apis", "apis/")).expect("the committed facts");
    let names = names::parse(&folder("names", "")).expect("the committed names");
    let fixes = errata::parse(&read(&spec.join("errata.toml"))).expect("the committed errata");
    lower(&errata::apply(&facts, &fixes).0, &names)
}

fn of(model: &Model) -> String {
    let mut out =
        String::from("//! The same structs and enums, without what makes them records.\n#![allow(unused_imports)]\n\n");
    out.push_str("pub mod codes {\n");
    for set in model.sets.iter().filter(|s| s.home.is_none()) {
        let _ =
            write!(out, "/// {}\n#[derive(Debug, Clone, Default)]\npub enum {} {{\n#[default]\n", set.doc, set.name);
        for (variant, labels) in &set.variants {
            let _ = write!(out, "/// {}\n{variant},\n", labels.first().map_or("", String::as_str));
        }
        out.push_str("/// Another code.\nUnlisted(kiwoom_api::value::Unlisted),\n}\n");
    }
    out.push_str("}\n\npub mod parts {\nuse kiwoom_api::value::*;\nuse crate::codes::*;\n");
    for part in &model.parts {
        structure(&mut out, &part.name, std::slice::from_ref(&part.doc), &part.members);
    }
    out.push_str("}\n");
    for menu in &model.menus {
        let _ = write!(out, "\npub mod {} {{\n", menu.handle());
        for api in &menu.apis {
            // One module an API, as in the original.
            let _ = write!(
                out,
                "pub mod {} {{\nuse kiwoom_api::value::*;\nuse crate::codes::*;\nuse crate::parts::*;\n",
                api.method
            );
            structs(api).for_each(|s| structure(&mut out, &s.name, &s.docs, &s.members));
            out.push_str("}\n");
        }
        out.push_str("}\n");
    }
    out
}

fn structs(api: &Api) -> impl Iterator<Item = &Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested)
}

fn structure(out: &mut String, name: &str, docs: &[String], members: &[Member]) {
    lines(out, docs);
    let _ = write!(out, "#[derive(Debug, Clone, Default)]\npub struct {name} {{\n");
    for member in members {
        lines(out, &member.docs);
        let _ = writeln!(out, "pub {}: {},", member.ident, member_type(&member.ty));
    }
    out.push_str("#[doc(hidden)]\npub _more: (),\n}\n");
}

fn lines(out: &mut String, docs: &[String]) {
    for line in docs {
        let _ = writeln!(out, "/// {line}");
    }
}
