//! What `diff` and `lint` cost against reading the files alone: `cargo bench --profile xtask -p xtask --bench diff`.
//!
//! From bytes to the printed text, in process, against calamine reading every sheet of the same bytes, in turns. The
//! work runs on all processors, as in the commands; the ratio on one is that of the CPU time of the whole process, where
//! the system tells. Run it on an idle machine: otherwise the work has no second processor.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

use calamine::{Reader, Xlsx};
use kiwoom_codegen::impact::{self, State};
use kiwoom_spec::check::accepted::Settings;
use kiwoom_spec::check::lint;
use kiwoom_spec::diff::Extent;
use kiwoom_spec::errata::Fix;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::names::reasons::{self, Reasons};
use kiwoom_spec::reading::Reading;
use kiwoom_spec::report::{Report, Style};
use kiwoom_spec::{dump, errata, import, names};

/// The allocator of the commands, for both sides of the ratio.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[path = "../src/judges.rs"]
mod judges;
#[path = "../src/truth.rs"]
mod truth;

use judges::Docket;

const GOAL: f64 = 3.0;
const ROUNDS: usize = 15;
const BOOKS: [&str; 2] = ["kiwoom-rest-api-2026-06-30.xlsx", "kiwoom-rest-api-2026-07-04.xlsx"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace");
    let dumps = std::env::var_os("KIWOOM_DUMPS").map_or(root.join("../shared/dumps"), PathBuf::from);
    let read = |name: &str| fs::read(dumps.join(name)).ok();
    let (Some(june), Some(july)) = (read(BOOKS[0]), read(BOOKS[1])) else {
        println!("skipped: no workbooks in {} (set KIWOOM_DUMPS)", dumps.display());
        return;
    };
    let tables = Tables::read(&root.join("spec"));
    let facts = {
        let old = import::import(&Spec::default(), &dump::read_bytes(BOOKS[0], &june).expect("a book")).spec;
        import::import(&old, &dump::read_bytes(BOOKS[1], &july).expect("a book")).spec
    };
    let mut spent = [Cost::default(); 4];
    for _ in 0..ROUNDS {
        spent[0].add(|| calamine_alone(&june) + calamine_alone(&july));
        spent[1].add(|| diff_books(&june, &july, &tables));
        spent[2].add(|| calamine_alone(&july));
        spent[3].add(|| lint_book(&july, &facts, &tables));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    stages(&june, &july, &facts, &tables);
    for (name, base, own) in [("diff", spent[0], spent[1]), ("lint", spent[2], spent[3])] {
        let (cpu, wall) = (own.cpu / base.cpu, own.wall / base.wall);
        let verdict = if wall <= GOAL { "reached" } else { "MISSED" };
        println!("{name}: calamine alone {:6.1} ms, whole {:6.1} ms", base.each(), own.each());
        println!("{name} / calamine {wall:5.2}x on {cores} processors (goal {GOAL}x: {verdict}), {cpu:5.2}x on one");
    }
}

#[derive(Clone, Copy, Default)]
struct Cost {
    cpu: f64,
    wall: f64,
}

impl Cost {
    fn add<T>(&mut self, work: impl Fn() -> T) {
        let (begun, clock) = (cpu(), Instant::now());
        black_box(work());
        self.cpu += cpu() - begun;
        self.wall += clock.elapsed().as_secs_f64();
    }

    fn each(self) -> f64 {
        self.wall / ROUNDS as f64 * 1e3
    }
}

struct Tables {
    names: BTreeMap<String, String>,
    errata: String,
    reasons: Reasons,
}

impl Tables {
    fn read(spec: &Path) -> Self {
        let files = fs::read_dir(spec.join("names")).expect("spec/names").flatten().map(|e| e.path());
        let names = files.map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a table"))
        });
        let text = |name: &str| fs::read_to_string(spec.join(name)).expect("a table");
        let reasons = reasons::parse(&text("reasons.toml")).expect("reasons");
        Self { names: names.collect(), errata: text("errata.toml"), reasons }
    }

    fn parse(&self) -> (Names, Vec<Fix>) {
        (names::parse(&self.names).expect("names"), errata::parse(&self.errata).expect("errata"))
    }
}

fn calamine_alone(bytes: &[u8]) -> usize {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheets = book.sheet_names();
    sheets.iter().map(|name| book.worksheet_range(name).expect("a sheet").used_cells().count()).sum()
}

/// Says where the time goes, once.
struct Laps {
    last: Instant,
    told: bool,
}

impl Laps {
    fn begin(told: bool) -> Self {
        Self { last: Instant::now(), told }
    }

    fn lap(&mut self, what: &str) {
        if self.told {
            println!("  {what:<20} {:6.1} ms", self.last.elapsed().as_secs_f64() * 1e3);
        }
        self.last = Instant::now();
    }
}

fn stages(june: &[u8], july: &[u8], facts: &Spec, tables: &Tables) {
    println!("diff, by stage:");
    diff_laps(june, july, tables, Laps::begin(true));
    println!("lint, by stage:");
    lint_laps(july, facts, tables, Laps::begin(true));
}

fn diff_books(june: &[u8], july: &[u8], tables: &Tables) -> usize {
    diff_laps(june, july, tables, Laps::begin(false))
}

fn lint_book(july: &[u8], facts: &Spec, tables: &Tables) -> usize {
    lint_laps(july, facts, tables, Laps::begin(false))
}

fn diff_laps(june: &[u8], july: &[u8], tables: &Tables, mut laps: Laps) -> usize {
    let (names, fixes) = tables.parse();
    laps.lap("tables");
    let read = |name, bytes| {
        let document = dump::read_bytes(name, bytes).expect("a book");
        let document = Reading::of(&document);
        let spec = import::merge(&Spec::default(), &document).spec;
        (document, spec)
    };
    // The sides are read beside each other.
    let ((_, old), (july, new)) = std::thread::scope(|scope| {
        let june = scope.spawn(|| read(BOOKS[0], june));
        let july = read(BOOKS[1], july);
        (june.join().expect("a book"), july)
    });
    laps.lap("dumps, import");
    let folded = import::merge(&old, &july).spec;
    laps.lap("import on top");
    let (was, _) = errata::apply(&old, &fixes);
    let (fixed, mut problems) = errata::apply(&folded, &fixes);
    laps.lap("errata");
    let state = |says, fixed| State { says, extent: Extent::Whole, fixed, names: &names };
    let deltas = impact::changes(&state(&old, &was), &state(&new, &fixed));
    laps.lap("changes, impact");
    problems.extend(names.check(&folded));
    problems.extend(lint::lint(&fixed, &names));
    laps.lap("what is left to do");
    let text = Report::new(("June", "July"), deltas, &Settings::default()).with_tasks(&problems).text(Style::Plain);
    laps.lap("text");
    text.len()
}

fn lint_laps(july: &[u8], facts: &Spec, tables: &Tables, mut laps: Laps) -> usize {
    let read = || Reading::of(&dump::read_bytes(BOOKS[1], july).expect("a book"));
    let (document, (names, fixes)) = rayon::join(read, || tables.parse());
    laps.lap("dump, sheets, tables");
    let import = import::merge(facts, &document);
    laps.lap("import");
    let (states, documents) = ([facts, &import.spec], [document]);
    let case = Docket { states: &states, documents: &documents, names: &names, errata: &fixes, accepted: &[] };
    let found = case.judge(|fixed| kiwoom_codegen::check::check(fixed, &names, &tables.reasons));
    laps.lap("all judges");
    let doubts = found.doubts.iter().map(|d| d.words().len() + d.evidence().len()).sum::<usize>();
    found.changes.len() + found.problems.len() + found.decided.len() + doubts
}

/// Seconds that all threads of this process have run; wall time where the system does not say.
fn cpu() -> f64 {
    use std::sync::LazyLock;
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|t| t.parse::<f64>().ok());
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => (user + system) / 100.0,
        _ => BEGUN.elapsed().as_secs_f64(),
    }
}
