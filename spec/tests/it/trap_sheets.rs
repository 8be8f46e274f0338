//! The traps of whole sheets and their cells (`TRAPS.md`): each on a sheet of our own, and on the
//! real books where they are.
#![cfg(feature = "workbook")]

use crate::support;
use std::collections::BTreeSet;

use crate::import_support::{
    api, books, both_imported, facts, field, findings, fold, imported, keys, list, set, value, workbook,
};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::Level;
use kiwoom_spec::store;

#[test]
fn trap_14_ids_that_differ_only_by_case_never_meet() {
    let ids = ["0g", "0G", "0u", "0U", "00", "1h"];
    let spec = fold(&Spec::default(), [&workbook(ids.map(|id| api(id, &[], &["a | 값"], ["", ""])))]);
    assert_eq!(spec.apis.len(), ids.len());
    let files = store::render(&spec);
    let folded: BTreeSet<String> = files.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), ids.len() + 1, "{folded:?}");
    assert_eq!(store::parse(&files).expect("readable"), spec);
    // A file whose name belongs to the other one is refused, not taken.
    let mut swapped = files.clone();
    let lower = swapped.remove(&store::api_path("0g")).expect("0g");
    swapped.insert(store::api_path("0G"), lower);
    let problems = store::parse(&swapped).expect_err("a file under a foreign name");
    assert_eq!(
        problems.iter().map(|p| (p.id, p.place.as_str())).collect::<Vec<_>>(),
        [("bad-facts", "spec/apis/0_G.json")]
    );

    let Some(both) = both_imported() else { return };
    let paths: BTreeSet<String> = both.apis.keys().map(|id| store::api_path(id).to_lowercase()).collect();
    assert_eq!(paths.len(), 337);
    assert_ne!(both.apis["0g"].name, both.apis["0G"].name);
    assert_ne!(both.apis["0u"].name, both.apis["0U"].name);
}

#[test]
fn trap_24_text_in_cells_is_never_taken_for_structure() {
    let mut sheet =
        api("zz1", &["a | 값 | String | N | 20 | 첫 줄\n- 둘째 줄\nBody"], &["b | 값"], ["{\"a\":\"Response\"}", ""]);
    let at = sheet.rows.iter().position(|r| r.cell(0) == Some("개요")).expect("the label");
    let mut overview = sheet.rows[at].clone();
    overview.number += 1;
    overview.cells = vec![Some("- 한 줄 &#39;따옴표&#39;\n- child | 같은 줄".to_owned())];
    sheet.rows.insert(at + 1, overview);
    set(&mut sheet, "모의투자 도메인", "https://mock.example.com(KRX만 지원가능)");
    let made = facts(&sheet);
    assert_eq!(keys(&made.request.blocks[0].fields), ["a"]);
    assert_eq!(keys(&made.response.blocks[0].fields), ["b"]);
    assert!(made.overview.is_some());
    assert_eq!(
        (made.mock.as_deref(), made.mock_note.as_deref()),
        (Some("https://mock.example.com"), Some("KRX만 지원가능"))
    );
    // Line ends, padding and the way a dump writes them are no change.
    for text in [support::write_style1(&sheet), support::write_style2(&sheet)] {
        let read = kiwoom_spec::dump::read_bytes("dump.md", text.as_bytes()).expect("a dump");
        assert_eq!(facts(&read.sheets[0]), made);
    }
    let mut padded = sheet.clone();
    for cell in padded.rows.iter_mut().flat_map(|r| &mut r.cells).flatten() {
        *cell = format!(" {}\t", cell.replace('\n', "\r\n"));
    }
    let read = kiwoom_spec::dump::read_bytes("book.xlsx", &support::write_xlsx(&[padded])).expect("a book");
    assert_eq!(facts(&read.sheets[0]), made);

    let (Some([june, july]), Some(both)) = (books(), both_imported()) else { return };
    for (book, notes) in [(june, 208), (july, 0)] {
        let spec = imported(&Spec::default(), book).spec;
        assert_eq!(spec.apis.values().filter(|a| a.mock_note.is_some()).count(), notes);
    }
    let hosts: BTreeSet<&str> = both.apis.values().filter_map(|a| a.mock.as_deref()).collect();
    assert!(hosts.iter().all(|h| !h.contains(['(', ' '])), "{hosts:?}");
}

#[test]
fn trap_25_the_id_cell_is_the_only_identity() {
    let mut first = api("zz1", &["cont_yn | 연속 | String", "next_key | 키 | String"], &["a | 값", "b | 값"], ["", ""]);
    set(&mut first, "API 명", "견본(가/나) 조회(다)");
    set(&mut first, "메뉴 위치", "국내주식 > 견본 > 견본(가/나) > 조회(다)(zz1)");
    let want = facts(&first);
    assert_eq!((want.id.as_str(), want.name.as_str()), ("zz1", "견본(가/나) 조회(다)"));
    assert_eq!(want.menu, ["국내주식", "견본"]);
    // Elements of the body stay apart from the headers of nearly the same name.
    assert_eq!(keys(&want.request.blocks[0].fields), ["cont_yn", "next_key"]);
    for name in ["zz9", "다른 이름(zz9)", "VI발동|해제(1h)", "API 리스트", ""] {
        let mut renamed = first.clone();
        renamed.name = name.to_owned();
        assert_eq!(facts(&renamed), want, "{name}");
    }
    // The list has a last row that is no API, and says the same as the sheet.
    let import = imported(&Spec::default(), &workbook([first.clone(), list(&[first.clone()])]));
    assert_eq!((findings(&import), import.complete), (vec![], true));
    // Required is a word like any other: nothing follows from it here.
    let mut flipped = first.clone();
    flipped
        .rows
        .iter_mut()
        .filter(|r| r.cell(1) == Some("cont_yn"))
        .for_each(|r| r.cells.resize(5, Some("N".to_owned())));
    assert_eq!(field(&facts(&flipped), "request.cont_yn").required.as_deref(), Some("N"));

    let Some([june, july]) = books() else { return };
    let bare = |book: &kiwoom_spec::dump::Document| {
        book.sheets.iter().filter(|s| value(s, "API ID").as_deref() == Some(s.name.as_str())).count()
    };
    assert_eq!((bare(june), bare(july)), (0, 314));
    let problems = [june, july].map(|book| imported(&Spec::default(), book).problems);
    assert!(problems.iter().flatten().all(|p| p.level < Level::Warning), "{problems:?}");
}
