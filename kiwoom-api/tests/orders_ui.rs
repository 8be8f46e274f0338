//! What must not compile.
#![cfg(all(feature = "domestic-order", feature = "us-order"))]

#[test]
fn mistakes_that_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
