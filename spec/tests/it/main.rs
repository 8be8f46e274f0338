//! The tests of the package in one binary, so that they link once.

mod describe_bounds;
mod describe_oracle;
mod describe_phrases;
mod describe_traps;
mod diff_changes;
mod diff_real;
mod diff_report;
mod drift;
mod dump_broken;
mod dump_forms;
mod dump_markdown;
mod dump_mixed;
mod dump_mutated;
mod dump_refused;
mod dump_roundtrip;
mod errata_places;
mod identities;
mod import_broken;
mod import_carry;
mod import_list;
mod import_parts;
mod import_real;
mod lint_calls;
mod lint_census;
mod lint_doubts;
mod lint_real;
mod samples;
mod trap_examples;
mod trap_sheets;
mod trap_tables;

#[cfg(feature = "workbook")]
#[path = "../import_support/mod.rs"]
mod import_support;
#[cfg(feature = "workbook")]
#[path = "../sample_data/mod.rs"]
mod sample_data;
#[path = "../support/mod.rs"]
mod support;
