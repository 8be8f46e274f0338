//! Lists of records, whatever their rows are.
//!
//! A trait is compiled for each of hundreds of row types, so it has only what depends on the row; the rest is written
//! once, on `dyn List`.

use super::Record;

/// A growing list of records.
pub trait List {
    /// Appends a default row and returns it.
    fn push(&mut self) -> &mut dyn Record;
    /// Makes room for `more` rows.
    fn reserve(&mut self, more: usize);
    /// How much it holds.
    fn space(&self) -> Space;
    /// Row `index`.
    fn row(&mut self, index: usize) -> Option<&mut dyn Record>;
    /// Drops the rows from `length` on.
    fn truncate(&mut self, length: usize);
}

/// How much a list holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Space {
    /// How many rows there are.
    pub rows: usize,
    /// How many rows there may be before it grows.
    pub slots: usize,
    /// How many bytes a row takes.
    pub bytes: usize,
}

impl dyn List + '_ {
    /// How many rows there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.space().rows
    }

    /// No rows.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the slots of its rows take, used or not.
    pub fn held(&self) -> usize {
        let Space { slots, bytes, .. } = self.space();
        slots.saturating_mul(bytes)
    }

    /// Makes room for the next row, if there is none, and returns how many bytes that took.
    #[inline]
    pub fn grow(&mut self) -> usize {
        let Space { rows, slots, .. } = self.space();
        if rows < slots {
            return 0;
        }
        let held = self.held();
        self.reserve(1);
        self.held() - held
    }

    /// Drops all rows (if a key is sent twice, the last one counts).
    pub fn clear(&mut self) {
        self.truncate(0);
    }
}

impl<R: Record + Default> List for Vec<R> {
    fn push(&mut self) -> &mut dyn Record {
        self.push(R::default());
        let last = self.len() - 1;
        &mut self[last]
    }
    fn reserve(&mut self, more: usize) {
        self.reserve(more);
    }
    fn space(&self) -> Space {
        Space { rows: self.len(), slots: self.capacity(), bytes: size_of::<R>() }
    }
    fn row(&mut self, index: usize) -> Option<&mut dyn Record> {
        self.get_mut(index).map(|r| r as &mut dyn Record)
    }
    fn truncate(&mut self, length: usize) {
        self.truncate(length);
    }
}
