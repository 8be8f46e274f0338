//! What the generated code costs to compile: `cargo bench -p kiwoom-codegen --bench compile_cost`.
//!
//! CPU seconds (user and system) of cargo and its children for `kiwoom-api` alone, dependencies built before, nothing
//! incremental: all categories, one, none; beside them a twin crate that has the same structs and enums with `Debug`,
//! `Clone` and `Default` only. Works on a copy below `target/compile-cost`, so that nobody else's build is touched.

mod clock;
mod crates;
mod twin;

use crates::{Crates, Run};

/// Goals: against the twin of structs without logic; one category against all; CPU seconds of a release build.
const OF_TWIN: f64 = 2.0;
const OF_ALL: f64 = 0.2;
const RELEASE: f64 = 12.0;

/// An odd number, for the median; `COMPILE_COST_RUNS` changes it.
const RUNS: usize = 3;

fn main() {
    if clock::of_children().is_none() {
        println!("skipped: this system does not tell what child processes cost");
        return;
    }
    let crates = Crates::write();
    let all = crates.seconds(Run::check("kiwoom-api", &[]));
    let none = crates.seconds(Run::check("kiwoom-api", &["--no-default-features"]));
    let one = ["--no-default-features", "--features", "domestic-chart"];
    let one = crates.seconds(Run::check("kiwoom-api", &one));
    let twin = crates.seconds(Run::check("twin", &[]));
    let empty = crates.seconds(Run::check("empty", &[]));
    let (generated, baseline) = (all - none, twin - empty);

    println!("\ncheck, CPU seconds, median of {} runs", runs());
    println!("  all categories {all:6.2}   none {none:5.2}   generated {generated:5.2}");
    println!("  twin           {twin:6.2}   empty {empty:4.2}   baseline  {baseline:5.2}");
    println!("  one category   {one:6.2}   none {none:5.2}   domestic-chart {:.2}", one - none);
    verdict("generated / twin", generated / baseline, OF_TWIN);
    verdict("one category / all", (one - none) / generated, OF_ALL);

    let debug = crates.seconds(Run::build("kiwoom-api", &[]));
    let release = crates.seconds(Run::release("kiwoom-api"));
    let used = crates.seconds(Run::release("uses"));
    println!("\nbuild, CPU seconds: debug {debug:.2}, release {release:.2}, release and every type used {used:.2}");
    verdict("release, every type used", used, RELEASE);
}

fn verdict(what: &str, figure: f64, goal: f64) {
    let word = if figure <= goal { "reached" } else { "MISSED" };
    println!("  {what:<26} {figure:5.2}  (goal {goal}: {word})");
}

fn runs() -> usize {
    std::env::var("COMPILE_COST_RUNS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(RUNS)
}
