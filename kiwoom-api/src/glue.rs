//! What every generated record has beside its data, above decoder and encoder: `Debug`, `PartialEq`, `from_json`, the wire
//! form of `serde`.

use crate::error::refusal::Refusal;
use crate::error::{Error, Kind};
use crate::json::decode::{Decoded, decode};
use crate::json::encode::reply_text;
use crate::record::{Empty, Record};
use crate::reply::Reply;

/// What every generated record has beside its data: `Debug`, `PartialEq`, `from_json`, and the wire form under the feature `serde`.
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
                $crate::json::show::debug(&mut self.clone(), f)
            }
        }

        #[cfg(feature = "testing")]
        impl ::std::cmp::PartialEq for $record {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::record::same(&mut self.clone(), &mut other.clone())
            }
        }

        impl $record {
            /// Reads it from JSON, for tests and stored replies. Values that do not fit are anomalies of the result.
            ///
            /// # Errors
            /// Text that is no JSON object. A reply with a `return_code` other than 0 is the broker's refusal, as of a call.
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
                let mut record = <Self as $crate::record::Empty>::empty();
                $crate::json::plain::read(&mut record, deserializer)?;
                ::std::result::Result::Ok(record)
            }
        }

        impl<'de> $crate::json::stored::serde::Deserialize<'de> for $record {
            fn deserialize<D: $crate::json::stored::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut record = <Self as $crate::record::Empty>::empty();
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
pub fn from_json<R: Empty>(text: &str) -> Result<Reply<R>, Error> {
    let mut record = R::empty();
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
    let decoded = decode(text.as_bytes(), record).map_err(|cause| Error::new(Kind::Decode(cause)))?;
    match decoded.return_code() {
        None | Some(0) => Ok(decoded),
        Some(rc) => Err(Error::refused(Refusal::new(Some(rc), decoded.return_msg().unwrap_or_default()), 200)),
    }
}
