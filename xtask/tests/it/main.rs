//! The tests of the commands in one binary, so that they link once.

mod cli;
mod diff;
mod drift;
mod evolve;
mod export;
mod export_examples;
mod killed;
mod lint;
mod malice;
mod older;
mod refused;
mod samples;
mod workspace;

#[path = "../../../codegen/tests/support/evolve.rs"]
mod changes;
#[path = "../../../spec/tests/support/mod.rs"]
mod support;
