//! The whole surface as text: every API with path, name and effect, every field with its type. Its diff is the
//! changelog of a new specification.

use crate::{MODEL, show};

#[test]
fn the_surface_of_the_committed_specification() {
    show!("surface", kiwoom_codegen::emit::index::surface(&MODEL));
}
