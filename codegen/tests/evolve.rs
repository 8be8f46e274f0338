//! Seeded changes to the committed facts: what is generated from them holds together, and hand-written modules get
//! what they name. `KIWOOM_EVOLVE=2000` tries more seeds; the tests of `xtask` compile a sample.

#[path = "support/evolve.rs"]
mod changes;
mod support;
#[path = "evolve/whole.rs"]
mod whole;

use std::collections::BTreeSet;

use changes::{KINDS, Random, evolve};
use kiwoom_codegen::generate;
use kiwoom_codegen::held::{Source, hold};
use kiwoom_spec::errata;
use kiwoom_spec::ir::{Api, Field, Spec};

fn seeds() -> u64 {
    std::env::var("KIWOOM_EVOLVE").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
}

#[test]
fn whatever_the_broker_changes_the_output_holds_together() {
    let committed = support::committed();
    let fixes = errata::parse(&support::read(&support::root().join("spec/errata.toml"))).expect("errata");
    let texts = support::hand_written();
    let client = texts.iter().filter(|(path, _)| path.starts_with("kiwoom-api/src/"));
    let sources: Vec<Source> = client.map(|(path, text)| Source::new(path, text)).collect();
    let mut held = 0;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for seed in 0..seeds() {
        let mut facts = committed.facts.clone();
        let said = evolve(&mut facts, &mut Random::new(seed), 2 * KINDS.len());
        seen.extend(KINDS.iter().map(|(kind, _)| *kind).filter(|kind| said.iter().any(|s| s.starts_with(kind))));
        let (fixed, _) = errata::apply(&facts, &fixes);
        let (fixed, needs) = hold(&committed.spec, &fixed, &committed.names, &sources);
        held += needs.held.len();
        let (output, _) = generate(&fixed, &committed.names);
        let found = whole::check(&output);
        assert!(found.is_empty(), "seed {seed}:\n{}\nafter\n{}", found.join("\n"), said.join("\n"));
    }
    assert!(held > 0, "no seed took anything away that the client needs");
    assert_eq!(seen.len(), KINDS.len(), "some kind of change was never made: {seen:?}");
}

#[test]
fn apis_whose_ids_give_one_name_are_told_apart() {
    const IDS: [&str; 3] = ["zz10001", "ZZ10001", "zZ10001"];
    let committed = support::committed();
    let mut facts = committed.facts.clone();
    let like = facts.apis["ka10081"].clone();
    for id in IDS {
        facts.apis.insert(id.to_owned(), Api { id: id.to_owned(), ..like.clone() });
    }
    let (fixed, _) = errata::apply(&facts, &[]);
    let (output, _) = generate(&fixed, &committed.names);
    assert_eq!(whole::check(&output), Vec::<String>::new());
    for id in IDS {
        let meta = format!("        id: \"{id}\",");
        assert_eq!(output.files.values().filter(|text| text.contains(&meta)).count(), 1, "{id}");
    }
}

#[test]
fn what_hand_written_modules_need_is_held() {
    let committed = support::committed();
    let texts = support::hand_written();
    let sources: Vec<Source> =
        texts.iter().filter(|(p, _)| p.starts_with("kiwoom-api/src/")).map(|(p, t)| Source::new(p, t)).collect();
    let (same, needs) = hold(&committed.spec, &committed.spec, &committed.names, &sources);
    assert_eq!((same, needs.held.len()), (committed.spec.clone(), 0));
    let buy = "kt10000".to_owned();
    assert!(needs.used.contains(&buy));

    let fixes = errata::parse(&support::read(&support::root().join("spec/errata.toml"))).expect("errata");
    let mend = |facts: &Spec| errata::apply(facts, &fixes).0;
    let mut gone = committed.facts.clone();
    gone.apis.remove(&buy);
    let gone = mend(&gone);
    let (kept, needs) = hold(&committed.spec, &gone, &committed.names, &sources);
    assert_eq!(kept, committed.spec);
    assert_eq!(needs.held[0].missing, ["BuyOrder itself"]);
    assert!(needs.held[0].files.iter().any(|f| f.ends_with("order/wire/domestic.rs")), "{:?}", needs.held);

    // A field that the modules name takes another type: the API is held. One that they do not name: it follows.
    let change = |key: &str| {
        let mut spec = committed.facts.clone();
        let fields = &mut spec.apis.get_mut(&buy).expect("the API").request.blocks[0].fields;
        fields.iter_mut().find(|f| f.key == key).expect(key).key = format!("{key}_x");
        mend(&spec)
    };
    let (kept, needs) = hold(&committed.spec, &change("ord_qty"), &committed.names, &sources);
    assert_eq!((kept, needs.held.len()), (committed.spec.clone(), 1));
    let mut more = committed.facts.clone();
    let fields = &mut more.apis.get_mut(&buy).expect("the API").request.blocks[0].fields;
    let field = Field { key: "zz_new".to_owned(), ..fields[0].clone() };
    fields.push(field);
    let more = mend(&more);
    let (kept, needs) = hold(&committed.spec, &more, &committed.names, &sources);
    assert_eq!((kept == more, needs.held.len()), (true, 0));
}
