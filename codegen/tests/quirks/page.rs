//! The page of the guide that shows how a fragment of a sheet becomes Rust: its fragments are what codegen makes of the
//! sheets of this file. `GUIDE_PAGE=overwrite` writes them anew; the sentences between them are written by hand.

use std::fs;

use crate::support::{Draft, Element, generate, items, read, root};

const PAGE: &str = "kiwoom-api/src/guide/from_sheet.md";

const EXCHANGE: &str = r#"
[[set]]
name = "Exchange"
doc = "Sample exchanges."
variants = [{ name = "Large", ko = ["큰시장"] }, { name = "Small", ko = ["작은시장"] }]
"#;

/// A part of a sheet, and what is shown of its Rust.
struct Fragment {
    name: &'static str,
    draft: Draft,
    /// Rows of the request, and of the response.
    rows: [&'static [Element<'static>]; 2],
    /// The first line of each item that is shown.
    shown: &'static [&'static str],
    /// What the items need to compile, hidden from the reader.
    hidden: &'static [&'static str],
}

fn fragments() -> Vec<Fragment> {
    let named = |id, ctor: &str| Draft::new(id).named(&format!("name = \"SampleList\"\neffect = \"read\"\n{ctor}"));
    vec![
        Fragment {
            name: "numbers",
            draft: named("zz00901", "ctor = [\"amt_qty_tp\"]"),
            rows: [
                &[["amt_qty_tp", "구분", "String", "Y", "1:금액, 2:수량"]],
                &[
                    ["list", "목록", "LIST", "N", ""],
                    ["- dt", "일자", "String", "N", "YYYYMMDD"],
                    ["- cur_prc", "시세", "String", "N", "단위: 원"],
                    ["- pred_pre", "등락", "String", "N", "단위: 원"],
                    ["- flu_rt", "비율", "String", "N", "소수점 제거 된 100배 값으로 제공"],
                    ["- trde_qty", "물량", "String", "N", "단위: 1주"],
                    ["- trde_prica", "대금", "String", "N", "단위: 백만원"],
                    ["- netprps", "대금", "String", "N", "단위: 1주 혹은 백만원(amt_qty_tp파라미터로 설정)"],
                ],
            ],
            shown: &["pub struct SampleListRow {"],
            hidden: &["use kiwoom_api::value::{ByRequest, Date, Decimal, MillionWon, Percent, Price};"],
        },
        Fragment {
            name: "codes",
            draft: named("zz00902", "ctor = [\"stex_tp\"]").codes(EXCHANGE),
            rows: [
                &[["stex_tp", "구분", "String", "Y", "1:큰시장, 2:작은시장"]],
                &[["stex_tp", "구분", "String", "N", "ND:큰시장, NY:작은시장"]],
            ],
            shown: &["pub struct SampleListReply {", "impl SampleList {"],
            hidden: &[
                "#[derive(Clone)] pub enum Exchange { Large, Small }",
                "mod record { pub trait Empty { fn empty() -> Self; } }",
                "pub struct SampleList { stex_tp: Option<Exchange> }",
                "impl record::Empty for SampleList { fn empty() -> Self { SampleList { stex_tp: None } } }",
                "fn main() { assert!(SampleList::new(Exchange::Small).stex_tp.is_some()) }",
            ],
        },
    ]
}

/// The fragment as the page shows it.
fn shown(fragment: Fragment) -> String {
    let Fragment { draft, rows: [request, response], shown, hidden, .. } = fragment;
    let made = generate(&[draft.request(request).response(response)]);
    let mut text = "| | Element | 한글명 | Type | Description |\n|---|---|---|---|---|\n".to_owned();
    for (part, rows) in [("Request", request), ("Response", response)] {
        for [key, label, ty, _, description] in rows {
            text += &format!("| {part} | `{key}` | {label} | {ty} | {description} |\n");
        }
    }
    let hidden: String = hidden.iter().map(|line| format!("# {line}\n")).collect();
    let items = items(made.file("sample_list.rs"), shown);
    format!("{text}\nbecomes\n\n```\n{hidden}{items}\n```\n")
}

/// The page with `text` in the place of that name.
fn with(page: &str, name: &str, text: &str) -> String {
    let [begin, end] = ["begin", "end"].map(|word| format!("<!-- {word} {name} -->\n"));
    let place = page.split_once(&begin).and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    let (head, tail) = place.unwrap_or_else(|| panic!("{PAGE} has no place {name:?}"));
    format!("{head}{begin}\n{text}\n{end}{tail}")
}

#[test]
fn the_page_shows_what_codegen_makes_of_a_sheet() {
    let page = read(&root().join(PAGE));
    let fresh = fragments().into_iter().fold(page.clone(), |page, fragment| {
        let name = fragment.name;
        with(&page, name, &shown(fragment))
    });
    if std::env::var_os("GUIDE_PAGE").is_some_and(|word| word == "overwrite") {
        fs::write(root().join(PAGE), &fresh).expect("the page");
        return;
    }
    assert_eq!(page, fresh, "GUIDE_PAGE=overwrite cargo test -p kiwoom-codegen --test quirks page writes it anew");
}

#[test]
fn every_place_of_the_page_has_a_fragment() {
    let page = read(&root().join(PAGE));
    assert_eq!(page.matches("<!-- begin ").count(), fragments().len());
    assert_eq!(page.matches("```").count(), 2 * fragments().len(), "code outside of a fragment is held by nothing");
}

#[test]
fn a_changed_page_is_noticed() {
    let page = "x\n<!-- begin a -->\nold\n<!-- end a -->\ny\n";
    let fresh = with(page, "a", "new\n");
    assert_eq!(fresh, "x\n<!-- begin a -->\n\nnew\n\n<!-- end a -->\ny\n");
    assert_eq!(with(&fresh, "a", "new\n"), fresh);
}
