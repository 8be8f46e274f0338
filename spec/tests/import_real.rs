//! The real workbooks: the committed facts are what they give, in whatever order and form they come.
#![cfg(feature = "workbook")]

mod import_support;
mod support;

use import_support::{
    assert_files, books, both_imported, committed, field, findings, fold, imported, keys, shuffle_rows,
};
use kiwoom_spec::diff::Change;
use kiwoom_spec::dump::{self, Document, Format, Sheet};
use kiwoom_spec::import::import;
use kiwoom_spec::ir::{Shape, Source, Spec};
use kiwoom_spec::store;

#[test]
fn both_books_onto_nothing_give_the_committed_facts() {
    let Some(spec) = both_imported() else { return };
    assert_files("June, then July", &store::render(spec), &committed());
    assert_eq!((spec.apis.len(), spec.errors.len()), (337, 37));
}

#[test]
fn two_runs_give_the_same_as_one() {
    let Some([june, july]) = books() else { return };
    let first = store::render(&imported(&Spec::default(), june).spec);
    let read_back = store::parse(&first).expect("what was written");
    assert_files("read back", &store::render(&read_back), &first);
    let second = imported(&read_back, july);
    assert_files("in two runs", &store::render(&second.spec), &committed());
}

#[test]
fn sheets_and_rows_in_any_order_give_the_same() {
    let Some(books) = books() else { return };
    for seed in [1, 2] {
        let shuffled = books.each_ref().map(|book| shuffle_rows(book, seed));
        let moved = |id: &str| {
            let of = |book: &Document| sheet(book, id).rows.clone();
            of(&shuffled[1]) != of(&books[1])
        };
        assert!(moved("ka10173") && moved("ka10001") && moved("0D"), "the helper left the rows as they were");
        assert_files("shuffled", &store::render(&fold(&Spec::default(), &shuffled)), &committed());
    }
}

#[test]
fn the_push_table_of_the_condition_search_may_list_data_and_trnm_either_way_round() {
    let Some([_, july]) = books() else { return };
    let mut swapped = sheet(july, "ka10173").clone();
    let row = |sheet: &Sheet, key: &str| sheet.rows.iter().rposition(|r| r.cell(1) == Some(key)).expect("a row");
    let (data, trnm) = (row(&swapped, "data"), row(&swapped, "trnm"));
    assert_eq!(data + 1, trnm, "the book lists trnm between data and its children");
    // The children now stand below `data`, where they belong: the same facts.
    swapped.rows.swap(data, trnm);
    assert_eq!(import_support::facts(&swapped), import_support::facts(sheet(july, "ka10173")));
}

#[test]
fn importing_the_newest_book_again_changes_nothing() {
    let (Some([june, july]), Some(spec)) = (books(), both_imported()) else { return };
    let again = imported(spec, july);
    assert_eq!(again.changes.len(), 0, "{:?}", again.changes);
    assert_files("July twice", &store::render(&again.spec), &committed());
    // Documents do not commute: the older book on top of the newer one is reported as what it is.
    let back = imported(spec, june);
    assert_eq!(back.changes.get("usa20100"), Some(&Change::Removed));
}

#[test]
fn a_book_saved_again_by_a_spreadsheet_is_no_change() {
    let (Some([_, july]), Some(spec)) = (books(), both_imported()) else { return };
    let saved = dump::read_bytes("saved.xlsx", &support::resave(&july.sheets)).expect("a book");
    let again = imported(spec, &saved);
    assert_eq!(again.changes.len(), 0, "{:?}", again.changes);
    assert_files("saved again", &store::render(&again.spec), &committed());
}

#[test]
fn names_of_files_and_sheets_do_not_matter() {
    let Some(books) = books() else { return };
    let renamed = books.each_ref().map(|book| {
        let rename = |(n, sheet): (usize, &Sheet)| Sheet {
            file: "elsewhere".to_owned(),
            name: format!("Sheet{n}"),
            rows: sheet.rows.clone(),
        };
        let sheets = book.sheets.iter().enumerate().map(rename).collect();
        Document { name: "elsewhere".to_owned(), sheets, ..book.clone() }
    });
    assert_files("renamed", &store::render(&fold(&Spec::default(), &renamed)), &committed());
}

#[test]
fn what_july_leaves_blank_is_kept_and_counted() {
    let Some([june, july]) = books() else { return };
    let first = imported(&Spec::default(), june);
    assert_eq!((first.sheets, first.complete, first.kept.len()), (208, true, 0));
    let second = imported(&first.spec, july);
    assert_eq!((second.sheets, second.complete), (337, true));
    assert_eq!(second.kept.into_iter().collect::<Vec<_>>(), [("Type", 4465)]);
    let added = second.changes.values().filter(|c| **c == Change::Added).count();
    assert_eq!(added, 129);
    assert_eq!(field(&second.spec.apis["ka10081"], "response.stk_dt_pole_chart_qry").ty.as_deref(), Some("LIST"));
}

#[test]
fn each_sheet_as_markdown_of_either_style_gives_the_facts_of_the_workbook() {
    let Some([_, july]) = books() else { return };
    let alone = |sheet: Sheet| import(&Spec::default(), &import_support::markdown([sheet])).spec;
    let mut compared = 0;
    for sheet in &july.sheets {
        let want = alone(sheet.clone());
        for text in [support::write_style1(sheet), support::write_style2(sheet)] {
            let mut read = dump::read_bytes("dump.md", text.as_bytes()).unwrap_or_else(|p| panic!("{p}")).sheets;
            assert_eq!(read.len(), 1, "{}", sheet.name);
            assert_eq!(alone(read.remove(0)), want, "{}", sheet.name);
        }
        compared += want.apis.len();
    }
    assert_eq!(compared, 337);
}

#[test]
fn a_folder_of_markdown_gives_the_facts_of_the_workbook() {
    let Some([_, july]) = books() else { return };
    let want = store::render(&imported(&Spec::default(), july).spec);
    for write in [support::write_style1, support::write_style2] {
        let folder = tempfile::tempdir().expect("a folder");
        for (n, sheet) in july.sheets.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{n:03}.md")), write(sheet)).expect("a file");
        }
        let documents = dump::read_path(folder.path()).expect("a folder of dumps");
        let sheets: Vec<Sheet> = documents.into_iter().flat_map(|d| d.sheets).collect();
        let import = imported(&Spec::default(), &import_support::markdown(sheets));
        assert_eq!((import.sheets, import.complete), (337, false));
        assert_files("folder", &store::render(&import.spec), &want);
    }
}

#[test]
fn the_two_shared_markdown_dumps_import_onto_nothing() {
    let Some(dir) = support::dumps_dir() else { return };
    let documents = dump::read_path(&dir.join("markdown")).expect("the shared dumps");
    assert!(documents.iter().all(|d| d.format == Format::Markdown));
    let spec = fold(&Spec::default(), &documents);
    assert_eq!(spec.apis.keys().collect::<Vec<_>>(), ["ka10024", "ka90003"]);

    let volume = &spec.apis["ka10024"];
    assert_eq!((volume.name.as_str(), volume.path.as_str()), ("거래량갱신요청", "/api/dostk/stkinfo"));
    assert_eq!(volume.menu, ["국내주식", "종목정보"]);
    assert_eq!(keys(&volume.request.blocks[0].fields), ["mrkt_tp", "cycle_tp", "trde_qty_tp", "stex_tp"]);
    let codes: Vec<(&str, &str)> =
        field(volume, "request.stex_tp").says.codes.iter().map(|(c, l)| (c.as_str(), l.as_str())).collect();
    assert_eq!(codes, [("1", "KRX"), ("2", "NXT"), ("3", "통합")]);
    assert_eq!(field(volume, "request.cycle_tp").says.codes.len(), 5);
    let list = field(volume, "response.trde_qty_updt");
    assert_eq!((list.ty.as_deref(), list.seen.as_slice()), (Some("LIST"), &[Shape::Objects][..]));
    let want = "stk_cd stk_nm cur_prc pred_pre_sig pred_pre flu_rt prev_trde_qty now_trde_qty sel_bid buy_bid";
    assert_eq!(keys(&list.fields).join(" "), want);
    assert_eq!(field(volume, "response.trde_qty_updt.cur_prc").ty.as_deref(), Some("String"));

    let program = &spec.apis["ka90003"];
    assert_eq!((program.name.as_str(), program.path.as_str()), ("프로그램순매수상위50요청", "/api/dostk/stkinfo"));
    assert_eq!(keys(&program.request.blocks[0].fields), ["trde_upper_tp", "amt_qty_tp", "mrkt_tp", "stex_tp"]);
    assert_eq!(field(program, "response.prm_netprps_upper_50").fields.len(), 11);
    assert_eq!(field(program, "response.prm_trde_trnsn").source, Source::Example);

    // On top of the committed facts they touch nothing else, and remove nothing.
    let Some(both) = both_imported() else { return };
    let on_top = fold(both, &documents);
    let touched: Vec<&String> = both.apis.keys().filter(|id| on_top.apis.get(*id) != both.apis.get(*id)).collect();
    assert!(touched.iter().all(|id| ["ka10024", "ka90003"].contains(&id.as_str())), "{touched:?}");
    assert_eq!((on_top.apis.len(), &on_top.errors), (337, &both.errors));
}

#[test]
fn a_book_without_its_list_removes_nothing() {
    let (Some([june, _]), Some(spec)) = (books(), both_imported()) else { return };
    let sheets: Vec<Sheet> = june.sheets.iter().filter(|s| !import_support::is_list(s)).cloned().collect();
    assert_eq!(sheets.len(), june.sheets.len() - 1);
    let import = imported(spec, &import_support::workbook(sheets));
    assert!(!import.complete);
    assert_eq!(import.spec.apis.len(), 337);
    // The same sheets as a Markdown folder, with the list: a folder is never complete.
    let import = imported(spec, &import_support::markdown(june.sheets.clone()));
    assert!(!import.complete);
    assert_eq!(import.spec.apis.len(), 337);
}

#[test]
fn the_list_of_a_book_decides_what_is_gone_and_what_has_only_lost_its_sheet() {
    let (Some([_, july]), Some(spec)) = (books(), both_imported()) else { return };
    let mut book = july.clone();
    book.sheets
        .retain(|s| !["ka10081", "0g"].iter().any(|id| import_support::value(s, "API ID").as_deref() == Some(id)));
    assert_eq!(book.sheets.len(), 337);
    // Both lost their sheets; only ka10081 is also taken off the list.
    for sheet in book.sheets.iter_mut().filter(|s| import_support::is_list(s)) {
        sheet.rows.retain(|r| r.cell(1) != Some("ka10081"));
    }
    let import = imported(spec, &book);
    assert_eq!(import.changes.into_iter().collect::<Vec<_>>(), [("ka10081".to_owned(), Change::Removed)]);
    assert_eq!(import.spec.apis.get("0g"), spec.apis.get("0g"));
    let listed: Vec<_> = import.problems.iter().filter(|p| p.id == "listed-without-sheet").collect();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].what.starts_with("0g is listed"), "{}", listed[0]);
    assert!(listed[0].fix.contains("stay as they are"), "{}", listed[0]);
    assert!(listed[0].place.contains("API 리스트!B"), "{}", listed[0]);
}

#[test]
fn the_books_themselves_raise_no_finding() {
    let Some(books) = books() else { return };
    let mut spec = Spec::default();
    for book in books {
        let import = imported(&spec, book);
        assert_eq!(findings(&import), []);
        spec = import.spec;
    }
}

/// The sheet of an API.
fn sheet<'a>(book: &'a Document, id: &str) -> &'a Sheet {
    let is_it = |s: &&Sheet| import_support::value(s, "API ID").as_deref() == Some(id);
    book.sheets.iter().find(is_it).unwrap_or_else(|| panic!("no sheet of {id}"))
}
