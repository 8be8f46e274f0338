//! What `need!` was given: a record, whatever holds it, or a struct of a user.
//!
//! Which of the traits applies is decided by how often their implementors are borrowed: method lookup takes the first
//! that fits, and the last one fits anything.

use std::ops::Deref;

use crate::Reply;
use crate::error::NoValue;
use crate::json::blank::says_nothing;
use crate::json::decode::{Anomaly, key_name};
use crate::record::{Keys, Record, Slot};

/// What `need!` was given.
pub struct GivenRow<'a, R: ?Sized>(pub &'a R);

/// Where a value is missing.
#[non_exhaustive]
pub enum MissingFrom {
    /// In a record.
    Record {
        /// Its keys.
        keys: &'static Keys,
        /// What is known of the reason.
        absence: NoValue,
    },
    /// In something else, whose type has this path.
    Other(&'static str),
}

/// The [`MissingFrom`] of `$field`, a reference to a field of what `$row` leads to.
#[doc(hidden)]
#[macro_export]
macro_rules! __place_of {
    ($row:expr, $field:expr) => {{
        #[allow(unused_imports)]
        use $crate::__given::{OfAnything, OfFour, OfOne, OfRecord, OfReply, OfReplyOne, OfReplyTwo, OfThree, OfTwo};
        (&&&&&&&&&$crate::__given::GivenRow($row)).place_of($field)
    }};
}

/// A struct of a user may lead to a record and have fields of its own, so the address of the field decides.
fn missing_from<R: Record + Clone, F, G: ?Sized>(record: &R, field: &F, anomalies: &[Anomaly]) -> MissingFrom {
    let start = std::ptr::from_ref(record).addr();
    let at = std::ptr::from_ref(field).addr();
    if !(start..start + size_of::<R>()).contains(&at) {
        return MissingFrom::Other(std::any::type_name::<G>());
    }
    let mut copy = record.clone();
    let misfit = misfit_at(&mut copy, at - start, anomalies);
    let absence = match misfit {
        Some(expected) => NoValue::Misfit(expected),
        // a record that is blank because nothing fitted is not one of an unknown code
        None if anomalies.is_empty() && says_nothing(&mut copy) => NoValue::Blank,
        None => NoValue::Open,
    };
    MissingFrom::Record { keys: record.keys(), absence }
}

/// What the field so many bytes into a record takes, if a value came that did not fit it.
fn misfit_at<R: Record>(record: &mut R, offset: usize, anomalies: &[Anomaly]) -> Option<&'static str> {
    let own = |anomaly: &&Anomaly| anomaly.row.is_none() && !anomaly.path.contains(['.', '[']);
    let mut own = anomalies.iter().filter(own).peekable();
    own.peek()?;
    let start = std::ptr::from_mut(record).addr();
    let index = (0..record.keys().len()).find(|index| place(&record.slot(*index)) == Some(start + offset))?;
    let key = key_name(record.keys()[index]);
    own.find(|anomaly| anomaly.field == key).map(|anomaly| anomaly.expected)
}

/// Where the value of a slot lies.
fn place(slot: &Slot<'_>) -> Option<usize> {
    fn addr<T: ?Sized>(value: &T) -> Option<usize> {
        Some(std::ptr::from_ref(value).cast::<()>().addr())
    }
    match slot {
        Slot::Text(value) | Slot::Reason(value) => addr(*value),
        Slot::Count(value, _) => addr(*value),
        Slot::Decimal(value, _) => addr(*value),
        Slot::Percent(value, _) => addr(*value),
        Slot::Price(value, _) => addr(*value),
        Slot::Ratio(value, _) => addr(*value),
        Slot::Sided(value) => addr(*value),
        Slot::Unit(value, _) => addr(*value),
        Slot::Date(value, _) => addr(*value),
        Slot::Time(value, _) => addr(*value),
        Slot::TimeMark(value, _) => addr(*value),
        Slot::DateTime(value, _) => addr(*value),
        Slot::YearMonth(value, _) => addr(*value),
        Slot::StockCode(value, _) => addr(*value),
        Slot::Id(value) => addr(*value),
        Slot::Code(value, _) => addr(*value),
        Slot::Mask(value) => addr(*value),
        Slot::Joined(value, _) => addr(*value),
        // what always has a value is never missing
        Slot::Const(_)
        | Slot::Secret(_)
        | Slot::Embedded(_)
        | Slot::List(_)
        | Slot::Tuples(_)
        | Slot::Texts(_)
        | Slot::Object(_) => None,
    }
}

macro_rules! given {
    ($($name:ident, $given:ty, $last:ident $(, $holder:ident to $held:ty)*;)*) => {$(
        /// A record behind so many references, boxes, replies and the like.
        pub trait $name {
            /// The record, unless the field belongs to what holds it.
            fn place_of<F>(&self, field: &F) -> MissingFrom;
        }

        impl<R: Record + Clone $(, $holder: Deref<Target = $held>)*> $name for $given {
            fn place_of<F>(&self, field: &F) -> MissingFrom {
                let record: &R = self.0;
                missing_from::<R, F, $last>(record, field, &[])
            }
        }
    )*};
    // a reply, which knows what did not fit
    (replies: $($name:ident, $given:ty, $last:ty $(, $holder:ident to $held:ty)*;)*) => {$(
        /// A reply behind so many references, boxes and the like.
        pub trait $name {
            /// The record, unless the field belongs to what holds it.
            fn place_of<F>(&self, field: &F) -> MissingFrom;
        }

        impl<R: Record + Clone $(, $holder: Deref<Target = $held>)*> $name for $given {
            fn place_of<F>(&self, field: &F) -> MissingFrom {
                let reply: &Reply<R> = self.0;
                missing_from::<R, F, $last>(reply, field, reply.anomalies())
            }
        }
    )*};
}

given! { replies:
    OfReply, &&&&&&&&GivenRow<'_, Reply<R>>, Reply<R>;
    OfReplyOne, &&&&&&&GivenRow<'_, A>, A, A to Reply<R>;
    OfReplyTwo, &&&&&&GivenRow<'_, B>, B, A to Reply<R>, B to A;
}

given! {
    OfRecord, &&&&&GivenRow<'_, R>, R;
    OfOne, &&&&GivenRow<'_, A>, A, A to R;
    OfTwo, &&&GivenRow<'_, B>, B, A to R, B to A;
    OfThree, &&GivenRow<'_, C>, C, A to R, B to A, C to B;
    OfFour, &GivenRow<'_, D>, D, A to R, B to A, C to B, D to C;
}

/// Anything else.
pub trait OfAnything {
    /// The path of its type.
    fn place_of<F>(self, field: &F) -> MissingFrom;
}

impl<G: ?Sized> OfAnything for &GivenRow<'_, G> {
    fn place_of<F>(self, _: &F) -> MissingFrom {
        MissingFrom::Other(std::any::type_name::<G>())
    }
}
