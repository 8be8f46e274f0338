//! `export`: the committed specification as OpenAPI or AsyncAPI, to stdout or into a file.

use std::io::Write;

use kiwoom_codegen::export::{Source, asyncapi, openapi};
use kiwoom_spec::errata;

use crate::{Args, Failed, facts, report, tree};

pub fn run(args: &Args) -> Result<(), Failed> {
    let usage = || Failed::Because("export takes one of: openapi, asyncapi".to_owned());
    let [what] = args.words.as_slice() else { return Err(usage()) };
    let document = match what.to_str() {
        Some("openapi") => openapi,
        Some("asyncapi") => asyncapi,
        _ => return Err(usage()),
    };
    let said = |e: Vec<kiwoom_spec::problem::Problem>| {
        report::problems(&e);
        Failed::Said
    };
    let spec = facts::committed(&args.root).map_err(said)?;
    let curated = facts::curated(&args.root).map_err(said)?;
    let (fixed, _) = errata::apply(&spec, &curated.errata);
    let text = document(&Source::new(&fixed, &curated.names));
    match &args.output {
        Some(path) => tree::replace(path, &text).map_err(|e| Failed::Because(format!("{}: {e}", path.display()))),
        None => match std::io::stdout().write_all(text.as_bytes()) {
            // a reader such as `head` has enough
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|e| Failed::Because(format!("stdout: {e}"))),
        },
    }
}
