//! The few forms that occur thousands of times (one arm per key), built as syntax trees. Parsing them from tokens would
//! cost more than everything else the emitters do.

use proc_macro2::{Literal, Span};
use syn::punctuated::Punctuated;
use syn::{Arm, Expr, Ident, Lit, LitBool, Member, Pat, Path, PathSegment};

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn plain(names: &[&str]) -> Path {
    let segments = names.iter().map(|n| PathSegment::from(ident(n)));
    Path { leading_colon: None, segments: segments.collect() }
}

/// `Slot::Text`
pub fn path(names: &[&str]) -> Expr {
    Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: plain(names) })
}

/// `self.asks[0].price`, from the text below `self`.
pub fn place(text: &str) -> Expr {
    text.split('.').fold(path(&["self"]), |base, part| {
        let (name, index) = part.strip_suffix(']').and_then(|p| p.split_once('[')).unwrap_or((part, ""));
        let member = Member::Named(ident(name));
        let field = Expr::Field(syn::ExprField {
            attrs: Vec::new(),
            base: Box::new(base),
            dot_token: Default::default(),
            member,
        });
        match index.parse() {
            Ok(index) => Expr::Index(syn::ExprIndex {
                attrs: Vec::new(),
                expr: Box::new(field),
                bracket_token: Default::default(),
                index: Box::new(number(index)),
            }),
            Err(_) => field,
        }
    })
}

/// `&mut place` or `&place`
pub fn borrow(place: Expr, mutable: bool) -> Expr {
    Expr::Reference(syn::ExprReference {
        attrs: Vec::new(),
        and_token: Default::default(),
        mutability: mutable.then(Default::default),
        expr: Box::new(place),
    })
}

/// `Slot::Count(a, b)`
pub fn call(names: &[&str], arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(syn::ExprCall {
        attrs: Vec::new(),
        func: Box::new(path(names)),
        paren_token: Default::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `Dir { scale: 0, documented: true }`
pub fn record<const N: usize>(name: &str, fields: [(&str, Expr); N]) -> Expr {
    let fields = fields.into_iter().map(|(name, expr)| syn::FieldValue {
        attrs: Vec::new(),
        member: Member::Named(ident(name)),
        colon_token: Some(Default::default()),
        expr,
    });
    Expr::Struct(syn::ExprStruct {
        attrs: Vec::new(),
        qself: None,
        path: plain(&[name]),
        brace_token: Default::default(),
        fields: fields.collect(),
        dot2_token: None,
        rest: None,
    })
}

/// A number without a suffix.
pub fn number(n: usize) -> Expr {
    literal(Lit::new(Literal::usize_unsuffixed(n)))
}

/// `true`
pub fn boolean(value: bool) -> Expr {
    literal(Lit::Bool(LitBool { value, span: Span::call_site() }))
}

/// `"text"`
pub fn text(text: &str) -> Expr {
    literal(Lit::new(Literal::string(text)))
}

/// Any literal.
pub fn literal(lit: Lit) -> Expr {
    Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit })
}

/// `&["a", "b"]`
pub fn texts(texts: impl Iterator<Item = String>) -> Expr {
    let elems = texts.map(|t| text(&t));
    let array = syn::ExprArray { attrs: Vec::new(), bracket_token: Default::default(), elems: elems.collect() };
    borrow(Expr::Array(array), false)
}

/// Chooses among many by halves, and among the last four by a `match`.
///
/// One `match` over many keys is a jump table, and its jump is mispredicted for nearly every field, because the decoder
/// asks for one place after the other; halves are branches that the processor learns. Worth a third of the time of a push.
pub fn halves(index: &str, values: &[Expr], from: usize) -> Expr {
    if let [only] = values {
        return only.clone();
    }
    if values.len() <= 4 {
        let last = values.len() - 1;
        let numbers = |i| if i == last { Vec::new() } else { vec![from + i] };
        return choose(index, values.iter().enumerate().map(|(i, v)| arm(numbers(i), v.clone())).collect());
    }
    let half = values.len() / 2;
    let (low, high) = (halves(index, &values[..half], from), halves(index, &values[half..], from + half));
    let less = syn::ExprBinary {
        attrs: Vec::new(),
        left: Box::new(path(&[index])),
        op: syn::BinOp::Lt(Default::default()),
        right: Box::new(number(from + half)),
    };
    let block = |value| syn::Block { brace_token: Default::default(), stmts: vec![syn::Stmt::Expr(value, None)] };
    let otherwise = syn::ExprBlock { attrs: Vec::new(), label: None, block: block(high) };
    Expr::If(syn::ExprIf {
        attrs: Vec::new(),
        if_token: Default::default(),
        cond: Box::new(Expr::Binary(less)),
        then_branch: block(low),
        else_branch: Some((Default::default(), Box::new(Expr::Block(otherwise)))),
    })
}

/// `match index { arms }`
pub fn choose(index: &str, arms: Vec<Arm>) -> Expr {
    Expr::Match(syn::ExprMatch {
        attrs: Vec::new(),
        match_token: Default::default(),
        expr: Box::new(path(&[index])),
        brace_token: Default::default(),
        arms,
    })
}

/// The only expression of a method's body.
pub fn body(item: &mut syn::ImplItem) -> Option<&mut Expr> {
    let syn::ImplItem::Fn(method) = item else { return None };
    match method.block.stmts.first_mut() {
        Some(syn::Stmt::Expr(expr, _)) => Some(expr),
        _ => None,
    }
}

/// `1 | 4 => body,`; no number is `_`.
pub fn arm(numbers: impl IntoIterator<Item = usize>, body: Expr) -> Arm {
    let case = |n| {
        let lit = Lit::new(Literal::usize_unsuffixed(n));
        Pat::Lit(syn::ExprLit { attrs: Vec::new(), lit })
    };
    let mut cases: Vec<Pat> = numbers.into_iter().map(case).collect();
    let pat = match cases.len() {
        0 => Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token: Default::default() }),
        1 => cases.remove(0),
        _ => {
            let cases: Punctuated<Pat, _> = cases.into_iter().collect();
            Pat::Or(syn::PatOr { attrs: Vec::new(), leading_vert: None, cases })
        }
    };
    Arm {
        attrs: Vec::new(),
        pat,
        fat_arrow_token: Default::default(),
        body: Box::new(body),
        comma: Some(Default::default()),
    }
}
