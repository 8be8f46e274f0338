//! `cargo xtask export`: what is written where, and what is refused.

use std::fs;

use crate::workspace::{Run, Workspace, assert_state, repository, xtask};

fn export(args: &[&str]) -> Run {
    Run::of(xtask().arg("export").args(args).arg("--root").arg(repository()))
}

#[test]
fn the_committed_specification_goes_to_stdout_or_into_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for (what, version, apis) in [("openapi", "3.1.0", 306), ("asyncapi", "3.0.0", 31)] {
        let printed = export(&[what]).succeeded();
        assert_eq!(printed.err, "");
        let document: serde_json::Value = serde_json::from_str(&printed.out).expect("JSON");
        assert_eq!(document[what], version);
        let ids = printed.out.matches("\"x-api-id\": ").count();
        assert!(ids >= apis, "{what}: {ids}");
        let file = folder.path().join(format!("{what}.json"));
        // over an older file too
        fs::write(&file, "old").expect("a file");
        for option in ["-o", "--output"] {
            let run = export(&[what, option, &file.to_string_lossy()]).succeeded();
            assert_eq!((run.out.as_str(), fs::read_to_string(&file).expect("the file")), ("", printed.out.clone()));
        }
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing stays beside them");
}

#[test]
fn anything_else_is_refused_and_writes_nothing() {
    let tree = Workspace::of_samples();
    let before = tree.state();
    let file = tree.path("out.json").display().to_string();
    let missing = tree.path("none/out.json").display().to_string();
    for (args, part) in [
        (&["export"][..], "export takes one of: openapi, asyncapi"),
        (&["export", "swagger", "-o", &file], "export takes one of: openapi, asyncapi"),
        (&["export", "openapi", "asyncapi", "-o", &file], "export takes one of: openapi, asyncapi"),
        (&["export", "openapi", "-o"], "cargo xtask help"),
        (&["export", "openapi", "-o", &missing], "none/out.json"),
    ] {
        let run = tree.run(args).failed(&[part]);
        assert_eq!(run.out, "", "{args:?}");
    }
    tree.write("spec/errata.toml", "[[fix]\n");
    tree.run(["export", "openapi", "-o", &file]).failed(&["spec/errata.toml"]);
    tree.write("spec/errata.toml", String::from_utf8(before["spec/errata.toml"].clone()).expect("text"));
    assert_state("refused", &tree.state(), &before);
}
