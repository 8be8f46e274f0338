//! `cargo xtask lint --drift`: reports of live traffic together with every other doubt.

use crate::workspace::{Workspace, sample};

#[test]
fn a_report_is_evidence_with_places_and_levels() {
    let tree = Workspace::of_samples();
    tree.run(["lint", "--deny", "warnings"]).succeeded();
    let run = tree.run(["lint", "--drift", &sample("drift.json")]).succeeded();
    let place = "spec/apis/ka10081.json response.stk_dt_pole_chart_qry";
    for line in [
        format!("warning[drift-unknown]: {place}.new_key: live replies have a field that no document has, 2 times"),
        format!("warning[drift-misfit]: {place}.trde_qty: live values do not fit (saturated), 1 times"),
        format!("warning[drift-unlisted]: {place}.pred_pre_sig: "),
        format!("note[drift-missing]: {place}.trde_tern_rt: "),
    ] {
        assert!(run.err.contains(&line), "{line}\n{}", run.err);
    }
    tree.run(["lint", "--deny", "warnings", "--drift", &sample("drift.json")]).failed(&["warning[drift-unknown]"]);
    let json = tree.run(["lint", "--format", "json", "--drift", &sample("drift.json")]).succeeded().out;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let drift = |p: &&serde_json::Value| p["id"].as_str().is_some_and(|id| id.starts_with("drift-"));
    assert_eq!(found.as_array().expect("a list").iter().filter(drift).count(), 10);
}

#[test]
fn what_is_no_report_is_an_error() {
    let tree = Workspace::of_samples();
    tree.write("broken.json", "{\"format\": \"kiwoom-drift-1\"");
    let broken = tree.path("broken.json").display().to_string();
    let fix = "write it again with `Drift::write`";
    tree.run(["lint", "--drift", &broken]).failed(&["error[bad-drift]", "broken.json", fix]);
    let folder = tree.path("spec").display().to_string();
    let all = ["lint", "--drift", &broken, "--drift", "none.json", "--drift", &folder];
    tree.run(all).failed(&["bad-drift", "error[unreadable]: none.json: ", "name the file that `Drift::write` wrote"]);
    tree.run(["lint", "--drift"]).failed(&["cargo xtask help"]);
}
