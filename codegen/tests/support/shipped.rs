//! What a build without tests compiles: files and items behind `cfg(test)` are left out.

use std::collections::BTreeSet;

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token};

/// It exists in tests only.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("test") || (a.path().is_ident("cfg") && a.parse_args().is_ok_and(|meta| needs_test(&meta)))
    })
}

/// `test`, or `all(..)` with it. `any(test, ..)` is more than tests.
fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|all| all.iter().any(needs_test)),
        _ => false,
    }
}

/// The sources below `src`, parsed; files of modules that are declared under `cfg(test)` are left out. Items behind
/// `cfg(test)` inside a file stay: [`is_test`] tells.
pub fn shipped(sources: &[(String, String)]) -> Vec<(&str, syn::File)> {
    let parsed = sources.iter().filter(|(path, _)| path.contains("/src/"));
    let parsed: Vec<(&str, syn::File)> = parsed
        .map(|(path, text)| (path.as_str(), syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}"))))
        .collect();
    let mut tests = BTreeSet::new();
    for (path, file) in &parsed {
        declared_tests(&file.items, folder(path), &mut tests);
    }
    let is_of_tests = |path: &str| {
        let module = path.trim_end_matches(".rs");
        tests
            .iter()
            .any(|test| module.strip_prefix(test.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    parsed.into_iter().filter(|(path, _)| !is_of_tests(path)).collect()
}

/// Where the modules of a file have theirs.
fn folder(path: &str) -> &str {
    let path = path.trim_end_matches(".rs");
    ["/mod", "/lib", "/main"].iter().find_map(|root| path.strip_suffix(root)).unwrap_or(path)
}

fn declared_tests(items: &[Item], folder: &str, tests: &mut BTreeSet<String>) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        let path = format!("{folder}/{}", module.ident);
        if is_test(&module.attrs) {
            tests.insert(path);
        } else if let Some((_, items)) = &module.content {
            declared_tests(items, &path, tests);
        }
    }
}
