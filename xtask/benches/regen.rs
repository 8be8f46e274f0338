//! What a regeneration costs against reading the file alone: `cargo bench -p xtask --bench regen`, or with the profile
//! that `cargo xtask` has: `cargo bench --profile xtask -p xtask --bench regen`.
//!
//! The July workbook from bytes to all generated text, in process, against calamine reading every sheet of the same
//! bytes. Both in turns. Stages are CPU time of all threads where the system tells; the goal is about the time that a
//! maintainer waits, so run this on a quiet machine.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

use calamine::{Reader, Xlsx};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::{dump, errata, import, names, store};

/// A regeneration costs no more than this many readings of the file.
const GOAL: f64 = 6.0;
const ROUNDS: usize = 9;
const BOOK: &str = "kiwoom-rest-api-2026-07-04.xlsx";

/// The parts of a regeneration, in their order.
const STAGES: [&str; 7] = ["tables", "dump", "import", "errata, names", "lower", "emit", "render facts"];

const LOWER: usize = 4;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace");
    let dumps = std::env::var_os("KIWOOM_DUMPS").map_or(root.join("../shared/dumps"), PathBuf::from);
    let Ok(bytes) = fs::read(dumps.join(BOOK)) else {
        println!("skipped: no {BOOK} in {} (set KIWOOM_DUMPS)", dumps.display());
        return;
    };
    let tables = Tables::read(&root.join("spec"));
    let (mut baseline, mut waits) = (Vec::new(), Vec::new());
    let mut stages: Vec<[f64; STAGES.len()]> = Vec::new();
    let mut lines = 0;
    for _ in 0..ROUNDS {
        let (begun, clock) = (cpu(), Instant::now());
        black_box(calamine_alone(&bytes));
        baseline.push(cpu() - begun);
        let (read, clock) = (clock.elapsed(), Instant::now());
        let (times, written) = regen(&bytes, &tables);
        // `regen` lowers twice to take the stages apart; the second time is not what a maintainer waits for.
        let wait = clock.elapsed().as_secs_f64() - times[LOWER] / threads();
        waits.push(wait / read.as_secs_f64());
        stages.push(times);
        lines = written;
    }
    let calamine = median(baseline);
    let whole = median(stages.iter().map(|s| s.iter().sum()).collect());
    println!("calamine alone      {:7.1} ms", calamine * 1e3);
    for (i, name) in STAGES.iter().enumerate() {
        let part = median(stages.iter().map(|s| s[i]).collect());
        println!("  {name:<17} {:7.1} ms  {:4.2}x", part * 1e3, part / calamine);
    }
    let ratio = median(waits);
    let verdict = if ratio <= GOAL { "reached" } else { "MISSED" };
    println!("regen ({lines} lines) {:5.1} ms  {:4.2}x", whole * 1e3, whole / calamine);
    println!("waiting, {} threads  {ratio:7.2}x  (goal {GOAL}x: {verdict})", threads());
}

/// How many threads lower and print.
fn threads() -> f64 {
    std::thread::available_parallelism().map_or(1, |n| n.get()) as f64
}

/// Everything that is written by hand, as text.
struct Tables {
    names: BTreeMap<String, String>,
    errata: String,
}

impl Tables {
    fn read(spec: &Path) -> Tables {
        let files = fs::read_dir(spec.join("names")).expect("spec/names").flatten().map(|e| e.path());
        let names = files.map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a table"))
        });
        Tables { names: names.collect(), errata: fs::read_to_string(spec.join("errata.toml")).expect("errata") }
    }
}

fn calamine_alone(bytes: &[u8]) -> usize {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheets = book.sheet_names();
    sheets.iter().map(|name| book.worksheet_range(name).expect("a sheet").used_cells().count()).sum()
}

/// The time of each stage, and how many lines came out.
fn regen(bytes: &[u8], tables: &Tables) -> ([f64; STAGES.len()], usize) {
    let mut times = [0.0; STAGES.len()];
    let mut last = cpu();
    let mut lap = |stage: usize| {
        let now = cpu();
        times[stage] = now - last;
        last = now;
    };
    let names = names::parse(&tables.names).expect("names");
    let fixes = errata::parse(&tables.errata).expect("errata");
    lap(0);
    let document = dump::read_bytes(BOOK, bytes).expect("the workbook");
    lap(1);
    let imported = import::import(&Spec::default(), &document);
    lap(2);
    let (fixed, stale) = errata::apply(&imported.spec, &fixes);
    black_box((stale, names.check(&imported.spec)));
    lap(3);
    black_box(kiwoom_codegen::lower::lower(&fixed, &names));
    lap(4);
    // `generate` lowers by itself: the time of that was measured above and is taken off.
    let (output, _) = kiwoom_codegen::generate(&fixed, &names);
    lap(5);
    black_box(store::render(&imported.spec));
    lap(6);
    times[5] -= times[4];
    (times, output.files.values().map(|text| text.lines().count()).sum())
}

/// Seconds that all threads have run; wall time where the system does not say.
fn cpu() -> f64 {
    use std::sync::LazyLock;
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    let all: f64 = threads.filter_map(nanoseconds).sum();
    if all > 0.0 { all / 1e9 } else { BEGUN.elapsed().as_secs_f64() }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
