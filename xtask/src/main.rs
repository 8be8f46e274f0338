//! The command line of the maintainers.
fn main() {}
