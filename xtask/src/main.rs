//! The command line of the maintainers. `cargo xtask help` lists the commands.

mod conform;
mod drift;
mod export;
mod facts;
mod held;
mod lint;
mod regen;
mod report;
mod tree;
mod truth;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Maintainer commands of kiwoom-api.

  cargo xtask regen                      regenerate kiwoom-api from the committed spec/
  cargo xtask regen DUMP...              import documents, older first, onto the committed facts, then regenerate
      --from-empty                       start from no facts
      --accept-older                     import a document that looks older than the facts: it knows fewer APIs, or
                                         leaves cells blank that were filled
      --check                            write nothing; exit 1 and list what would change
  cargo xtask lint [--deny warnings]     every doubt about facts, errata and names
      --drift FILE                       a report of live traffic (`kiwoom_api::Drift`) against the facts; repeatable
  cargo xtask conform DUMP...            decode and encode every documented example with the built crate

  cargo xtask export openapi|asyncapi    the same API for other languages: OpenAPI 3.1, AsyncAPI 3.0
      -o, --output FILE                  into a file instead of stdout

  --format json                          for regen and lint: a machine-readable summary on stdout
  --root DIR                             the workspace to work on (default: this one)

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
        Some("lint") => lint::run(&args),
        Some("conform") => conform::run(&args),
        Some("export") => export::run(&args),
        Some("help") => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(Failed::Because(format!("{command:?} is no command; `cargo xtask help` lists them"))),
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
        };
        let bad = |e: lexopt::Error| Failed::Because(format!("{e}; `cargo xtask help` shows the options"));
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next().map_err(bad)? {
            match arg {
                Long("from-empty") => args.from_empty = true,
                Long("accept-older") => args.accept_older = true,
                Long("check") => args.check = true,
                Long("root") => args.root = PathBuf::from(parser.value().map_err(bad)?),
                Long("deny") => match parser.value().map_err(bad)?.to_str() {
                    Some("warnings") => args.deny_warnings = true,
                    _ => return Err(Failed::Because("--deny takes `warnings`".to_owned())),
                },
                Long("format") => match parser.value().map_err(bad)?.to_str() {
                    Some("json") => args.json = true,
                    Some("text") => args.json = false,
                    _ => return Err(Failed::Because("--format takes `text` or `json`".to_owned())),
                },
                Long("drift") => args.drift.push(PathBuf::from(parser.value().map_err(bad)?)),
                Long("output") | Short('o') => args.output = Some(PathBuf::from(parser.value().map_err(bad)?)),
                Long("help") | Short('h') => args.words.insert(0, "help".into()),
                Value(word) => args.words.push(word),
                _ => return Err(bad(arg.unexpected())),
            }
        }
        Ok(args)
    }
}
