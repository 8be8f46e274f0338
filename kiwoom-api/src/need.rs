//! `need!`: the values that a piece of code requires, in one line.

#[doc(hidden)]
pub mod given;

use crate::Error;
use crate::error::{Kind, NoValue};
use crate::need::given::MissingFrom;

/// Takes values out of the optional fields of a record, or says which one is missing.
///
/// One field returns its value, several return a tuple. A text field is missing if it is blank. The error is
/// [`Error`](crate::Error) with [`is_missing_value`](crate::Error::is_missing_value); it names the API, the record and
/// the field. Of a [`Reply`](crate::Reply) it says so if the broker sent a value that does not fit the field; where a record
/// of the broker has no value at all, it asks "unknown code?". Structs of yours work, too.
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
        $crate::__need(&row.$field, stringify!($field), || $crate::__place_of!(row, &row.$field))
    }};
    ($row:expr => $($field:ident),+ $(,)?) => {{
        let row = &$row;
        // a closure, so that `?` stops at the first missing field
        (|| ::core::result::Result::<_, $crate::Error>::Ok(($($crate::__need(&row.$field, stringify!($field), || $crate::__place_of!(row, &row.$field))?,)+)))()
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
pub fn need<N: Needed>(field: &N, name: &'static str, from: impl FnOnce() -> MissingFrom) -> Result<N::Value, Error> {
    field.value().ok_or_else(|| missing(from(), name))
}

#[cold]
fn missing(from: MissingFrom, name: &str) -> Error {
    let (record, api, absence) = match from {
        MissingFrom::Record { keys, absence } => (keys.record, keys.api(), absence),
        MissingFrom::Other(path) => (type_name(path), None, NoValue::Open),
    };
    let error = Error::new(Kind::Needed { field: format!("{record}.{name}"), absence });
    match api {
        Some(api) => error.of(api),
        None => error,
    }
}

/// The name of a type given by its path. For a reference, a box and the like, that of the type inside.
fn type_name(path: &str) -> &str {
    if let Some(inner) = path.strip_prefix('&') {
        return type_name(inner.strip_prefix("mut ").unwrap_or(inner));
    }
    // a type inside a method of a trait: `<bot::Bot as bot::Trades>::trade::Row`
    let path = if path.starts_with('<') { path.rsplit_once(">::").map_or(path, |(_, rest)| rest) } else { path };
    let holders = ["alloc::", "core::", "std::"];
    match path.split_once('<') {
        Some((_, inner)) if holders.iter().any(|holder| path.starts_with(holder)) => type_name(inner),
        _ => {
            let outer = path.split(['<', '>', ',']).next().unwrap_or(path);
            outer.rsplit("::").next().unwrap_or(outer)
        }
    }
}

#[cfg(test)]
mod tests;
