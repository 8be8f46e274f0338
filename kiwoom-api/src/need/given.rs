//! What `need!` was given: a record, whatever holds it, or a struct of a user.
//!
//! Which of the traits applies is decided by how often their implementors are borrowed: method lookup takes the first
//! that fits, and the last one fits anything.

use std::ops::Deref;

use crate::json::blank::says_nothing;
use crate::record::{Keys, Record};

/// What `need!` was given.
pub struct GivenRow<'a, R: ?Sized>(pub &'a R);

/// Where a value is missing.
#[non_exhaustive]
pub enum MissingFrom {
    /// In a record, which may say nothing at all.
    Record { keys: &'static Keys, blank: bool },
    /// In something else, whose type has this path.
    Other(&'static str),
}

/// The [`MissingFrom`] of `$field`, a reference to a field of what `$row` leads to.
#[doc(hidden)]
#[macro_export]
macro_rules! __place_of {
    ($row:expr, $field:expr) => {{
        #[allow(unused_imports)]
        use $crate::__given::{OfAnything, OfFour, OfOne, OfRecord, OfThree, OfTwo};
        (&&&&&&$crate::__given::GivenRow($row)).place_of($field)
    }};
}

/// A struct of a user may lead to a record and have fields of its own, so the address of the field decides.
fn missing_from<R: Record + Clone, F, G: ?Sized>(record: &R, field: &F) -> MissingFrom {
    let start = std::ptr::from_ref(record).addr();
    if (start..start + size_of::<R>()).contains(&std::ptr::from_ref(field).addr()) {
        MissingFrom::Record { keys: record.keys(), blank: says_nothing(&mut record.clone()) }
    } else {
        MissingFrom::Other(std::any::type_name::<G>())
    }
}

macro_rules! given {
    ($($name:ident, $given:ty, $last:ident $(, $holder:ident to $held:ident)*;)*) => {$(
        /// A record behind so many references, boxes, replies and the like.
        pub trait $name {
            /// The record, unless the field belongs to what holds it.
            fn place_of<F>(&self, field: &F) -> MissingFrom;
        }

        impl<R: Record + Clone $(, $holder: Deref<Target = $held>)*> $name for $given {
            fn place_of<F>(&self, field: &F) -> MissingFrom {
                let record: &R = self.0;
                missing_from::<R, F, $last>(record, field)
            }
        }
    )*};
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
