//! `need!`: the values that a piece of code cannot do without, in one line.

use crate::Error;
use crate::error::Kind;

/// Takes values out of the optional fields of a record, or says which one is missing.
///
/// One field gives its value, several give a tuple. Text fields are missing when they are blank. The error is
/// [`Error`](crate::Error) with [`is_missing_value`](crate::Error::is_missing_value).
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
        $crate::__need(row, &row.$field, stringify!($field))
    }};
    ($row:expr => $($field:ident),+ $(,)?) => {{
        let row = &$row;
        // a closure, so that `?` stops at the first missing field
        (|| ::core::result::Result::<_, $crate::Error>::Ok(($($crate::__need(row, &row.$field, stringify!($field))?,)+)))()
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
pub fn need<R, N: Needed>(_row: &R, field: &N, name: &'static str) -> Result<N::Value, Error> {
    field.value().ok_or_else(|| {
        let record = std::any::type_name::<R>().trim_start_matches('&');
        Error::new(Kind::Missing(vec![format!("{}.{name}", record.rsplit("::").next().unwrap_or(record))]))
    })
}
