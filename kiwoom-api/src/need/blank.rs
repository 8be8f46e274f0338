//! Whether the record that `need!` was given says nothing at all, whatever holds it.
//!
//! A struct of a user is no record. Which of the traits applies is decided by how often their implementors are borrowed:
//! method lookup takes the first that fits, and the last one fits anything.

use crate::Reply;
use crate::json::blank::says_nothing;
use crate::record::Record;

/// What `need!` was given.
pub struct GivenRow<'a, R: ?Sized>(pub &'a R);

/// Says whether `$row`, a reference, leads to a record without values.
#[doc(hidden)]
#[macro_export]
macro_rules! __is_blank {
    ($row:expr) => {{
        #[allow(unused_imports)]
        use $crate::__blank::{OfAnything, OfRecord, OfRecordRef, OfRecordRefRef, OfReply, OfReplyRef};
        (&&&&&&$crate::__blank::GivenRow($row)).says_nothing()
    }};
}

fn is_blank<R: Record + Clone>(record: &R) -> bool {
    says_nothing(&mut record.clone())
}

macro_rules! given {
    ($($name:ident, $given:ty;)*) => {$(
        /// One way to hold a record.
        pub trait $name {
            /// It holds a record without values.
            fn says_nothing(&self) -> bool;
        }

        impl<R: Record + Clone> $name for $given {
            fn says_nothing(&self) -> bool {
                is_blank::<R>(self.0)
            }
        }
    )*};
}

given! {
    OfRecord, &&&&&GivenRow<'_, R>;
    OfRecordRef, &&&&GivenRow<'_, &R>;
    OfRecordRefRef, &&&GivenRow<'_, &&R>;
    OfReply, &&GivenRow<'_, Reply<R>>;
    OfReplyRef, &GivenRow<'_, &Reply<R>>;
}

/// Anything else.
pub trait OfAnything {
    /// Nothing is known of it.
    fn says_nothing(self) -> bool;
}

impl<R: ?Sized> OfAnything for &GivenRow<'_, R> {
    fn says_nothing(self) -> bool {
        false
    }
}
