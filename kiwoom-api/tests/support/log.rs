//! Writes what the crate logs during tests to files, so that one search over a whole run can show that they contain no
//! secret.
//!
//! Off unless `KIWOOM_TEST_LOG` names a folder; `.ci/run` sets it and searches.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use tracing::level_filters::LevelFilter;

static TEXTS: OnceLock<Option<Mutex<File>>> = OnceLock::new();

/// From now on everything that reaches `tracing`, this crate's and its dependencies', at the finest level, is kept.
pub fn capture() {
    texts();
}

/// Keeps a text that a user could come to see: an error, a `Debug` output.
pub fn keep(text: &str) {
    if let Some(file) = texts() {
        let _ = writeln!(file.lock().unwrap(), "{text}");
    }
}

fn texts() -> Option<&'static Mutex<File>> {
    let open = || {
        let folder = PathBuf::from(std::env::var_os("KIWOOM_TEST_LOG")?);
        std::fs::create_dir_all(&folder).expect("a folder for logs");
        let file = |name: &str| {
            let path = folder.join(format!("{}-{name}.log", std::process::id()));
            OpenOptions::new().create(true).append(true).open(path).expect("a file for logs")
        };
        let spans = tracing_subscriber::fmt::format::FmtSpan::CLOSE;
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(spans)
            .with_ansi(false)
            .with_writer(Mutex::new(file("tracing")))
            .init();
        Some(Mutex::new(file("texts")))
    };
    TEXTS.get_or_init(open).as_ref()
}
