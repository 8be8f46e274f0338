//! The whole surface as text: every API with path, name and effect, every field with its type. Its diff is the
//! changelog of a new specification.

mod support;

#[test]
fn the_surface_of_the_committed_specification() {
    let committed = support::committed();
    let model = kiwoom_codegen::lower::lower(&committed.spec, &committed.names);
    show!("surface", kiwoom_codegen::emit::index::surface(&model));
}
