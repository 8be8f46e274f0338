//! From the wire to records.

mod agree;
mod blank;
mod fuzz;
mod traps;
