//! `need!`: the values that a piece of code requires, in one line.

#[doc(hidden)]
pub mod blank;

use crate::Error;
use crate::error::Kind;
use crate::generated::modules::MODULES;

/// Takes values out of the optional fields of a record, or says which one is missing.
///
/// One field returns its value, several return a tuple. A text field is missing if it is blank. The error is
/// [`Error`](crate::Error) with [`is_missing_value`](crate::Error::is_missing_value); it names the API, the record and
/// the field, and asks "unknown code?" where a record of the broker has no value at all. Structs of yours work, too.
///
/// ```
/// use kiwoom_api::need;
/// use kiwoom_api::value::Price;
///
/// # #[derive(Default)]
/// struct Row { cur_prc: Option<Price>, trde_qty: Option<i64>, stk_nm: String }
///
/// fn value(row: &Row) -> Result<i64, kiwoom_api::Error> {
///     let (price, qty) = need!(row => cur_prc, trde_qty)?;
///     let name: String = need!(row => stk_nm)?;
///     println!("{name}: {qty} shares");
///     Ok(price.won().unwrap_or(0) * qty)
/// }
///
/// let row = Row { cur_prc: Some(Price::up(70_100)), ..Row::default() };
/// let error = value(&row).unwrap_err();
/// assert!(error.is_missing_value());
/// assert!(error.to_string().contains("trde_qty"));
/// ```
#[macro_export]
macro_rules! need {
    ($row:expr => $field:ident $(,)?) => {{
        let row = &$row;
        $crate::__need(row, &row.$field, stringify!($field), || $crate::__is_blank!(row))
    }};
    ($row:expr => $($field:ident),+ $(,)?) => {{
        let row = &$row;
        // a closure, so that `?` stops at the first missing field
        (|| ::core::result::Result::<_, $crate::Error>::Ok(($($crate::__need(row, &row.$field, stringify!($field), || $crate::__is_blank!(row))?,)+)))()
    }};
}

/// A field that may have a value.
#[doc(hidden)]
pub trait Needed {
    type Value;
    fn value(&self) -> Option<Self::Value>;
}

impl<T: Clone> Needed for Option<T> {
    type Value = T;
    fn value(&self) -> Option<T> {
        self.clone()
    }
}

impl Needed for String {
    type Value = String;
    fn value(&self) -> Option<String> {
        (!self.trim().is_empty()).then(|| self.clone())
    }
}

#[doc(hidden)]
pub fn need<R, N: Needed>(
    _row: &R,
    field: &N,
    name: &'static str,
    is_blank: impl FnOnce() -> bool,
) -> Result<N::Value, Error> {
    field.value().ok_or_else(|| missing(std::any::type_name::<R>(), name, is_blank()))
}

/// Rows carry no API id, so the path of their type is looked up, which costs nothing as long as values are there.
#[cold]
fn missing(path: &str, name: &str, blank: bool) -> Error {
    let (api, record) = owner(path);
    let error = Error::new(Kind::Needed { field: format!("{record}.{name}"), blank });
    match api {
        Some(api) => error.of(api),
        None => error,
    }
}

/// The API and the name of a type given by its path; for `&Row`, `Reply<..>` and the like, those of the record inside.
fn owner(path: &str) -> (Option<&'static str>, &str) {
    let inner = path.rsplit(['<', '&', ' ']).next().unwrap_or(path).trim_end_matches('>');
    let (module, record) = inner.rsplit_once("::").unwrap_or(("", inner));
    let api = module.strip_prefix(concat!(env!("CARGO_CRATE_NAME"), "::generated::")).and_then(|module| {
        let at = MODULES.binary_search_by(|(known, _)| (*known).cmp(module)).ok()?;
        Some(MODULES[at].1)
    });
    (api, record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_of_a_record_is_found_through_whatever_holds_it() {
        let row = "kiwoom_api::generated::domestic::chart::stock_daily_chart::StockDailyChartRow";
        for path in [row.to_owned(), format!("&{row}"), format!("kiwoom_api::reply::Reply<{row}>")] {
            assert_eq!(owner(&path), (Some("ka10081"), "StockDailyChartRow"), "{path}");
        }
        // levels of order books belong to several APIs, other types to none
        assert_eq!(owner("kiwoom_api::generated::parts::Level"), (None, "Level"));
        assert_eq!(owner("bot::Row"), (None, "Row"));
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(MODULES.is_sorted() && MODULES.len() > 300, "{} modules", MODULES.len());
    }
}
