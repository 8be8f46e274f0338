//! Structure inside one string: joined values.

use super::{AccountNo, Code, Doubt, GoldCode, IndexCode, OrderNo, StockCode, UsTicker};

/// A list of values that is one string on the wire (`005930|000660`).
pub trait Joined {
    /// Drops all values.
    fn clear(&mut self);
    /// Appends the value of `text`.
    fn push(&mut self, text: &str) -> Result<(), Doubt>;
    /// How many values there are.
    fn len(&self) -> usize;
    /// How many bytes a value takes.
    fn part_bytes(&self) -> usize;
    /// No values.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The text of value `index`; empty if there is none.
    fn text(&self, index: usize) -> &str;
    /// Value `index`, if it is a stock code.
    fn stock_code(&self, index: usize) -> Option<StockCode>;
}

/// One value of a [`Joined`] list.
pub trait Part: Sized {
    /// Reads the text between two separators, which is not blank.
    fn read(text: &str) -> Result<Self, Doubt>;
    /// The text.
    fn text(&self) -> &str;
    /// Itself, if it is a stock code.
    fn stock_code(&self) -> Option<StockCode> {
        None
    }
}

impl<P: Part> Joined for Vec<P> {
    fn clear(&mut self) {
        self.clear();
    }
    fn push(&mut self, text: &str) -> Result<(), Doubt> {
        self.push(P::read(text)?);
        Ok(())
    }
    fn part_bytes(&self) -> usize {
        // a text has an allocation of its own
        size_of::<P>() + 16
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn text(&self, index: usize) -> &str {
        self.get(index).map_or("", P::text)
    }
    fn stock_code(&self, index: usize) -> Option<StockCode> {
        self.get(index)?.stock_code()
    }
}

impl Part for StockCode {
    fn read(text: &str) -> Result<Self, Doubt> {
        text.parse().map_err(|_| Doubt::Misfit)
    }
    fn text(&self) -> &str {
        self.as_str()
    }
    fn stock_code(&self) -> Option<StockCode> {
        Some(*self)
    }
}

macro_rules! text_parts {
    ($($name:ty),*) => {$(
        impl Part for $name {
            fn read(text: &str) -> Result<Self, Doubt> {
                Ok(text.into())
            }
            fn text(&self) -> &str {
                self.as_str()
            }
        }
    )*};
}

text_parts!(String, AccountNo, Code, GoldCode, IndexCode, OrderNo, UsTicker);
