//! From the wire to records.

mod agree;
mod blank;
pub mod fuzz;
mod traps;
