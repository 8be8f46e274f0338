//! What must not compile. With all categories, because the compiler writes a type's path in full where another has its name.
#![cfg(feature = "full")]

#[test]
fn mistakes_that_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
