//! The command line of the maintainers. `cargo xtask help` lists the commands.

mod conform;
mod diff;
mod drift;
mod export;
mod facts;
mod held;
mod judges;
mod lint;
mod regen;
mod report;
mod sides;
mod simulate;
mod tree;
mod truth;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A command makes and drops some hundred thousand short texts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELP: &str = "\
Maintainer commands of kiwoom-api.

  cargo xtask regen                      regenerate kiwoom-api from the committed spec/
  cargo xtask regen DUMP...              import documents, older first, onto the committed facts, then regenerate
      --from-empty                       start from no facts
      --accept-older                     import a document that looks older than the facts: it knows fewer APIs, or
                                         leaves cells blank that were filled
      --check                            write nothing; exit 1 and list what would change
  cargo xtask diff OLD NEW               what changed between two states of the specification, and whom it breaks
      --fail-on LIMIT                    exit 1 from a class, a severity or `any` on
      --append CHANGELOG.md              write the entry, the version that semver asks for, a checklist
      --rules, --schema                  list every kind of change; describe the JSON
  cargo xtask lint [DUMP...]             every doubt about facts, errata and names, and about documents
      --deny warnings                    exit 1 if there is a warning
      --drift FILE                       a report of live traffic (`kiwoom_api::Drift`) against the facts; repeatable
      --rules                            list every kind of doubt about a document
  cargo xtask conform DUMP...            decode and encode every documented example with the built crate

  cargo xtask export openapi|asyncapi    the same API for other languages: OpenAPI 3.1, AsyncAPI 3.0
      -o, --output FILE                  into a file instead of stdout

  cargo xtask simulate                   the offline server as a process; any keys sign in
      --port N, --seed N, --speed FACTOR, --at TIME, --cash WON, --mock
      --calls FILE, --frames FILE        replay a recorded session

  --format json                          a machine-readable summary on stdout (diff: `markdown` too)
  --root DIR                             the workspace to work on (default: this one)

OLD and NEW are a DUMP, `spec` (the committed facts), `git:REV` (those of a revision), or a folder of facts.
A DUMP is a workbook (.xlsx); a Markdown, CSV or HTML dump of one sheet or several; the JSON of the broker's client; or a
folder of such dumps. What a file is, its content says.
";

/// What went wrong, already worded for a person.
pub enum Failed {
    /// Listed above; nothing to add.
    Said,
    /// One line.
    Because(String),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Said) => ExitCode::FAILURE,
        Err(Failed::Because(text)) => {
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failed> {
    let mut args = Args::read()?;
    let command = if args.words.is_empty() { OsString::from("help") } else { args.words.remove(0) };
    match command.to_str() {
        Some("regen") => regen::run(&args),
        Some("diff") => diff::run(&args),
        Some("lint") => lint::run(&args),
        Some("conform") => conform::run(&args),
        Some("export") => export::run(&args),
        Some("simulate") => simulate::run(&args),
        Some("help") => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(Failed::Because(format!("{command:?} is not a command; `cargo xtask help` lists them"))),
    }
}

/// What stood on the command line.
pub struct Args {
    /// The workspace.
    pub root: PathBuf,
    /// Documents.
    pub words: Vec<OsString>,
    pub from_empty: bool,
    pub accept_older: bool,
    pub check: bool,
    pub deny_warnings: bool,
    pub json: bool,
    /// Reports of live traffic.
    pub drift: Vec<PathBuf>,
    /// Where an export goes; none is stdout.
    pub output: Option<PathBuf>,
    pub markdown: bool,
    pub rules: bool,
    pub schema: bool,
    pub fail_on: Option<String>,
    pub append: Option<PathBuf>,
    /// What `simulate` passes on.
    pub simulator: Vec<OsString>,
}

impl Args {
    fn read() -> Result<Self, Failed> {
        use lexopt::prelude::*;
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut args = Args {
            root: manifest.parent().unwrap_or(manifest).to_owned(),
            words: Vec::new(),
            from_empty: false,
            accept_older: false,
            check: false,
            deny_warnings: false,
            json: false,
            drift: Vec::new(),
            output: None,
            markdown: false,
            rules: false,
            schema: false,
            fail_on: None,
            append: None,
            simulator: Vec::new(),
        };
        let bad = |e: lexopt::Error| Failed::Because(format!("{e}; `cargo xtask help` shows the options"));
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next().map_err(bad)? {
            match arg {
                Long("from-empty") => args.from_empty = true,
                Long("accept-older") => args.accept_older = true,
                Long("check") => args.check = true,
                Long("rules") => args.rules = true,
                Long("schema") => args.schema = true,
                Long("fail-on") => {
                    args.fail_on = Some(parser.value().map_err(bad)?.to_string_lossy().into_owned());
                }
                Long("append") => args.append = Some(PathBuf::from(parser.value().map_err(bad)?)),
                Long("root") => args.root = PathBuf::from(parser.value().map_err(bad)?),
                Long("deny") => match parser.value().map_err(bad)?.to_str() {
                    Some("warnings") => args.deny_warnings = true,
                    _ => return Err(Failed::Because("--deny takes `warnings`".to_owned())),
                },
                Long("format") => match parser.value().map_err(bad)?.to_str() {
                    Some("json") => (args.json, args.markdown) = (true, false),
                    Some("markdown") => (args.json, args.markdown) = (false, true),
                    Some("text") => (args.json, args.markdown) = (false, false),
                    _ => {
                        let what = "--format takes `text` or `json`; diff takes `markdown` too";
                        return Err(Failed::Because(what.to_owned()));
                    }
                },
                Long("drift") => args.drift.push(PathBuf::from(parser.value().map_err(bad)?)),
                Long("output") | Short('o') => args.output = Some(PathBuf::from(parser.value().map_err(bad)?)),
                Long("mock") => args.simulator.push("--mock".into()),
                Long(name @ ("port" | "seed" | "speed" | "at" | "cash" | "calls" | "frames")) => {
                    args.simulator.push(format!("--{name}").into());
                    let value = parser.value().map_err(bad)?;
                    args.simulator.push(value);
                }
                Long("help") | Short('h') => args.words.insert(0, "help".into()),
                Value(word) => args.words.push(word),
                _ => return Err(bad(arg.unexpected())),
            }
        }
        if !args.simulator.is_empty() && args.words.first().is_none_or(|w| w != "simulate") {
            return Err(Failed::Because(
                "--port, --seed, --speed, --at, --cash, --mock, --calls and --frames belong to simulate".to_owned(),
            ));
        }
        if args.markdown && args.words.first().is_some_and(|w| w != "diff") {
            return Err(Failed::Because("only diff has --format markdown".to_owned()));
        }
        Ok(args)
    }
}
