//! `simulate`: the offline server as a process. It is a package of its own, which this one only starts.

use std::env;
use std::process::Command;

use crate::{Args, Failed};

pub fn run(args: &Args) -> Result<(), Failed> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(&args.root)
        .args(["run", "--quiet", "-p", "kiwoom-sim", "--"])
        .args(&args.simulator)
        .status()
        .map_err(|error| Failed::Because(format!("cargo cannot be started: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failed::Said) }
}
