//! Walks over pages.

mod ends;
mod rows;
mod walks;
