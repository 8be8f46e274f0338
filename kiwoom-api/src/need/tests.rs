//! `need!` on records under other names, in other modules, and behind whatever holds them.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::type_name;
use crate::json::decode::Decoded;
use crate::record::{Keys, Num, Record, Slot};
use crate::{Error, Reply};

/// Where records of the crate do not stand.
mod moved {
    use super::*;

    #[derive(Clone, Default)]
    pub struct Renamed {
        pub trde_qty: Option<i64>,
        pub stk_nm: String,
    }

    impl Record for Renamed {
        fn keys(&self) -> &'static Keys {
            &Keys { api: "ka99999", record: "DailyRow", names: &["\"trde_qty\":", "\"stk_nm\":"] }
        }

        fn slot(&mut self, index: usize) -> Slot<'_> {
            match index {
                0 => Slot::Count(&mut self.trde_qty, Num::PLAIN),
                _ => Slot::Text(&mut self.stk_nm),
            }
        }
    }
}

use moved::Renamed as Exported;

fn said(error: Result<i64, Error>) -> (Option<String>, String, bool) {
    let error = error.expect_err("no value");
    let asks = error.to_string().contains("unknown code?");
    (error.api_id().map(str::to_owned), error.parameter().unwrap_or_default().to_owned(), asks)
}

#[test]
fn the_record_says_its_api_wherever_it_stands_and_whatever_holds_it() {
    let blank = (Some("ka99999".to_owned()), "DailyRow.trde_qty".to_owned(), true);
    let row = Exported::default;
    assert_eq!(said(need!(row() => trde_qty)), blank);
    assert_eq!(said(need!(&row() => trde_qty)), blank);
    assert_eq!(said(need!(&&row() => trde_qty)), blank);
    assert_eq!(said(need!(&mut row() => trde_qty)), blank);
    assert_eq!(said(need!(Box::new(row()) => trde_qty)), blank);
    assert_eq!(said(need!(Rc::new(row()) => trde_qty)), blank);
    assert_eq!(said(need!(&Arc::new(row()) => trde_qty)), blank);
    let (cell, mutex) = (RefCell::new(row()), Mutex::new(row()));
    assert_eq!(said(need!(cell.borrow() => trde_qty)), blank);
    assert_eq!(said(need!(mutex.lock().expect("nobody panicked") => trde_qty)), blank);
    let reply = || Reply::from_decoded(row(), Decoded::default());
    assert_eq!(said(need!(reply() => trde_qty)), blank);
    assert_eq!(said(need!(&reply() => trde_qty)), blank);
    assert_eq!(said(need!(&&reply() => trde_qty)), blank);
    assert_eq!(said(need!(&Arc::new(reply()) => trde_qty)), blank);
    // several fields, and a record that says something
    let named = Exported { stk_nm: "삼성전자".into(), ..row() };
    let some = need!(named => stk_nm, trde_qty).map(|(_, quantity)| quantity);
    assert_eq!(said(some), (blank.0, blank.1, false));
}

#[test]
fn what_is_no_record_names_its_type() {
    struct Own<T> {
        qty: Option<T>,
    }
    let none = |name: &str| (None, name.to_owned(), false);
    let own = || Own::<i64> { qty: None };
    assert_eq!(said(need!(own() => qty)), none("Own.qty"));
    assert_eq!(said(need!(&&own() => qty)), none("Own.qty"));
    assert_eq!(said(need!(&mut own() => qty)), none("Own.qty"));
    assert_eq!(said(need!(Box::new(own()) => qty)), none("Own.qty"));
    assert_eq!(said(need!(&Arc::new(own()) => qty)), none("Own.qty"));
}

#[test]
fn fields_beside_a_record_are_not_of_its_api() {
    struct Noted {
        note: Option<i64>,
        row: Exported,
    }
    impl Deref for Noted {
        type Target = Exported;

        fn deref(&self) -> &Exported {
            &self.row
        }
    }
    let noted = Noted { note: None, row: Exported::default() };
    assert_eq!(said(need!(noted => note)), (None, "Noted.note".to_owned(), false));
    assert_eq!(said(need!(noted => trde_qty)), (Some("ka99999".to_owned()), "DailyRow.trde_qty".to_owned(), true));
    assert_eq!(said(need!(&noted => note)), (None, "Noted.note".to_owned(), false));
    assert_eq!(said(need!(&noted => trde_qty)), (Some("ka99999".to_owned()), "DailyRow.trde_qty".to_owned(), true));
}

#[test]
fn a_path_leads_to_the_type_inside() {
    for (path, name) in [
        ("bot::Row", "Row"),
        ("Row", "Row"),
        ("&mut &bot::main::Row", "Row"),
        ("alloc::boxed::Box<bot::Row>", "Row"),
        ("&alloc::sync::Arc<alloc::boxed::Box<bot::Row>>", "Row"),
        ("std::sync::poison::mutex::MutexGuard<bot::Row>", "Row"),
        ("bot::Row<alloc::string::String>", "Row"),
        ("alloc::boxed::Box<bot::Row<bot::Key, u8>, bot::Alloc>", "Row"),
        ("<bot::Bot as bot::Trades>::trade::Row", "Row"),
        ("bot::main::{{closure}}::Row", "Row"),
    ] {
        assert_eq!(type_name(path), name, "{path}");
    }
}
