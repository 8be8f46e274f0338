//! No decision depends on one API: no condition of `spec/src` or `codegen/src` contains an API id. Anything special
//! about an API is in a table under `spec/`.

use syn::visit::{self, Visit};
use syn::{
    Attribute, BinOp, Expr, ExprBinary, ExprIf, ExprMatch, ExprMethodCall, ExprWhile, Item, Lit, LitStr, Macro, Pat,
};

use crate::support::{hand_written, is_test};
use crate::{COMMITTED, none};

/// Looks through one file for ids.
struct Finder<'a> {
    file: &'a str,
    /// How many conditions surround the current place.
    conditions: usize,
    findings: Vec<String>,
}

impl Finder<'_> {
    fn decides(&mut self, visit: impl FnOnce(&mut Self)) {
        self.conditions += 1;
        visit(self);
        self.conditions -= 1;
    }

    fn text(&mut self, text: &str) {
        // An id of letters and digits is nothing but an id; `00` and `0B` may be codes where nothing is decided.
        let place = if self.conditions > 0 { "decides by" } else { "names" };
        if names_one(text) && (self.conditions > 0 || text.len() > 2) {
            self.findings.push(format!("{} {place} {text:?}: put it into a table under spec/", self.file));
        }
    }

    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => self.tokens(group.stream()),
                proc_macro2::TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        self.text(&text.value());
                    }
                }
                _ => {}
            }
        }
    }
}

/// It is an API id, or the beginning of one that is long enough to choose among APIs (`usa24`).
fn names_one(text: &str) -> bool {
    let family = |id: &String| {
        id.len() > 2 && text.len() > 2 && id.starts_with(text) && text.ends_with(|c: char| c.is_ascii_digit())
    };
    COMMITTED.spec.apis.contains_key(text) || COMMITTED.spec.apis.keys().any(family)
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(i) => &i.attrs,
            Item::Fn(i) => &i.attrs,
            Item::Const(i) => &i.attrs,
            Item::Static(i) => &i.attrs,
            Item::Impl(i) => &i.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    /// Documentation may name what it likes.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_lit(&mut self, literal: &'ast Lit) {
        if let Lit::Str(text) = literal {
            self.text(&text.value());
        }
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        self.decides(|f| visit::visit_pat(f, pattern));
    }

    fn visit_expr_if(&mut self, e: &'ast ExprIf) {
        self.decides(|f| f.visit_expr(&e.cond));
        self.visit_block(&e.then_branch);
        if let Some((_, otherwise)) = &e.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, e: &'ast ExprWhile) {
        self.decides(|f| f.visit_expr(&e.cond));
        self.visit_block(&e.body);
    }

    fn visit_expr_match(&mut self, e: &'ast ExprMatch) {
        self.decides(|f| f.visit_expr(&e.expr));
        visit::visit_expr_match(self, e);
    }

    fn visit_expr_binary(&mut self, e: &'ast ExprBinary) {
        let compares =
            matches!(e.op, BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_));
        if compares { self.decides(|f| visit::visit_expr_binary(f, e)) } else { visit::visit_expr_binary(self, e) }
    }

    fn visit_expr_method_call(&mut self, e: &'ast ExprMethodCall) {
        let asks = ["contains", "starts_with", "ends_with", "eq", "ne", "strip_prefix", "get", "contains_key"];
        if asks.iter().any(|a| e.method == a) {
            self.decides(|f| visit::visit_expr_method_call(f, e));
        } else {
            visit::visit_expr_method_call(self, e);
        }
    }

    fn visit_expr(&mut self, e: &'ast Expr) {
        visit::visit_expr(self, e);
    }

    fn visit_macro(&mut self, m: &'ast Macro) {
        if m.path.is_ident("matches") {
            self.decides(|f| f.tokens(m.tokens.clone()));
        } else {
            self.tokens(m.tokens.clone());
        }
    }
}

fn find(file: &str, text: &str) -> Vec<String> {
    let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut finder = Finder { file, conditions: 0, findings: Vec::new() };
    finder.visit_file(&parsed);
    finder.findings
}

#[test]
fn no_api_id_stands_in_a_condition() {
    let sources = hand_written();
    let ours = sources.iter().filter(|(p, _)| p.starts_with("spec/src/") || p.starts_with("codegen/src/"));
    none(ours.flat_map(|(path, text)| find(path, text)).collect());
}

#[test]
fn the_search_finds_what_it_must() {
    for (code, want) in [
        (r#"fn f(id: &str) -> bool { id == "0B" }"#, 1),
        (r#"fn f(id: &str) { if id.starts_with("ka10081") { g() } }"#, 1),
        (r#"fn f(id: &str) { if id.starts_with("usa24") { g() } }"#, 1),
        (r#"fn f(id: &str) { match id { "00" => g(), "ka10001" | "0w" => h(), _ => {} } }"#, 3),
        (r#"fn f(id: &str) -> bool { matches!(id, "0g" | "0G") }"#, 2),
        (r#"fn f(id: &str) { let ("00", _) = (id, 1) else { return }; }"#, 1),
        (r#"fn f(id: &str) -> bool { ["ka10001", "ka10018"].contains(&id) }"#, 2),
        (r#"const ODD: [&str; 1] = ["ka20004"];"#, 1),
        // A code that looks like a topic, where nothing is decided; text that only mentions an id; documentation; tests.
        (r#"fn f() -> &'static str { "00" }"#, 0),
        (
            r#"/// Like `ka10081`.
            fn f() -> &'static str { "ka10081 has no name" }"#,
            0,
        ),
        (r#"#[cfg(test)] mod tests { fn f(id: &str) -> bool { id == "ka10081" } }"#, 0),
        (r#"fn f(id: &str) -> bool { id == "usa" || id == "ka" }"#, 0),
    ] {
        let found = find("code", code);
        assert_eq!(found.len(), want, "{code}\n{found:?}");
    }
}
