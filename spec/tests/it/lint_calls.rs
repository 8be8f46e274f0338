//! Calls that the client cannot make: another method, another format, a path with placeholders.
#![cfg(feature = "workbook")]

use crate::import_support::{api, imported, set, workbook};
use kiwoom_spec::check::lint::unsupported;
use kiwoom_spec::ir::Spec;

/// What is said of an API whose sheet says this beside that label.
fn said(label: &str, value: &str) -> Vec<String> {
    let mut sheet = api("zz1", &["a | 가 | String | Y | 1 |"], &[], ["", ""]);
    set(&mut sheet, label, value);
    let facts = imported(&Spec::default(), &workbook([sheet])).spec;
    unsupported(&facts).iter().map(ToString::to_string).collect()
}

#[test]
fn a_call_that_the_client_cannot_make_is_named_with_what_to_do() {
    for (label, value, what) in [
        ("Method", "GET", "the method GET"),
        ("Format", "XML", "the format XML"),
        ("URL", "/api/sample/{stk_cd}", "the path /api/sample/{stk_cd}"),
        ("URL", "/api/sample?stk_cd=", "the path /api/sample?stk_cd="),
    ] {
        let said = said(label, value);
        let [line] = said.as_slice() else { panic!("{label} {value}: {said:?}") };
        assert!(line.contains(&format!("zz1 asks for {what}, but")), "{line}");
        assert!(line.contains("spec/apis/zz1.json") && line.contains("net::transport"), "{line}");
    }
}

#[test]
fn the_usual_call_is_not_named() {
    for (label, value) in
        [("Method", "POST"), ("Method", "Post"), ("Format", "json"), ("URL", "/api/v2/some-thing_1.do")]
    {
        assert_eq!(said(label, value), <[String; 0]>::default(), "{label} {value}");
    }
}
