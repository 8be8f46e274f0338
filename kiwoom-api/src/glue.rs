//! What every generated record has besides its data, above decoder and encoder: `Debug`, `from_json`, the wire form of
//! `serde`.

use crate::error::{Error, Kind};
use crate::json::decode::{Decoded, decode};
use crate::json::encode::reply_text;
use crate::record::Record;
use crate::reply::Reply;

/// What every generated record has besides its data: `Debug`, `from_json`, and the wire form under the feature `serde`.
///
/// A derive on a thousand types costs seconds of compile time; this is one call each.
#[doc(hidden)]
#[macro_export]
macro_rules! glue {
    ($record:ident) => {
        // `inline`: compiled where it is used, not a thousand times in this crate (half of its release build).
        impl ::std::fmt::Debug for $record {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::json::show::debug(&mut self.clone(), stringify!($record), f)
            }
        }

        impl $record {
            /// Reads it from JSON, for tests and stored replies. Values that do not fit are anomalies of the result.
            ///
            /// # Errors
            /// The text is not a JSON object.
            #[inline]
            pub fn from_json(text: &str) -> ::std::result::Result<$crate::Reply<Self>, $crate::Error> {
                $crate::glue::from_json(text)
            }
        }

        $crate::__glue_serde!($record);
    };
}

/// The part of [`glue!`] that exists under the feature `serde` only. It is a separate macro, because a `cfg` inside
/// `glue!` would be evaluated in the crate that uses it.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __glue_serde {
    ($record:ident) => {
        impl $crate::json::stored::serde::Serialize for $record {
            fn serialize<S: $crate::json::stored::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::json::stored::serde::Serialize::serialize(
                    &$crate::json::stored::Stored::new(&mut self.clone()),
                    serializer,
                )
            }
        }

        impl $crate::value::plain::ToPlain for $record {
            fn to_plain<S: $crate::json::stored::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::json::plain::write(&mut self.clone(), serializer)
            }
        }

        impl $crate::value::plain::FromPlain for $record {
            fn from_plain<'de, D: $crate::json::stored::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut record = Self::default();
                $crate::json::plain::read(&mut record, deserializer)?;
                ::std::result::Result::Ok(record)
            }
        }

        impl<'de> $crate::json::stored::serde::Deserialize<'de> for $record {
            fn deserialize<D: $crate::json::stored::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut record = Self::default();
                $crate::json::stored::restore(&mut record, deserializer)?;
                ::std::result::Result::Ok(record)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __glue_serde {
    ($record:ident) => {};
}

/// `from_json` of every record. The records' own bodies are one call, because each is checked a thousand times.
#[doc(hidden)]
pub fn from_json<R: Record + Default>(text: &str) -> Result<Reply<R>, Error> {
    let mut record = R::default();
    let decoded = decode_into(&mut record, text)?;
    Ok(Reply::from_decoded(record, decoded))
}

/// The broker's JSON of a record, the counterpart of its `from_json`: every documented key, `""` where unset.
///
/// For tests and canned replies; a whole reply body also has the envelope (`"return_code":0`).
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::id::ka10081::{Reply, Row};
/// use kiwoom_api::to_json;
/// use kiwoom_api::value::Price;
///
/// let row = Row { cur_prc: Some(Price::down(70_100)), ..Row::default() };
/// let reply = Reply { stk_dt_pole_chart_qry: vec![row], ..Reply::default() };
/// let again = Reply::from_json(&to_json(&reply).unwrap()).unwrap();
/// assert_eq!(again.stk_dt_pole_chart_qry[0].cur_prc, Some(Price::down(70_100)));
/// # }
/// ```
///
/// # Errors
/// A value is not valid for its field, such as a code that the field does not offer.
pub fn to_json<R: Record + Clone>(record: &R) -> Result<String, Error> {
    reply_text(&mut record.clone()).map_err(Error::unencodable)
}

fn decode_into(record: &mut dyn Record, text: &str) -> Result<Decoded, Error> {
    decode(text.as_bytes(), record).map_err(|cause| Error::new(Kind::Decode(cause)))
}
