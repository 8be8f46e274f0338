//! How the text of a field is laid out: scale, what a sign means, marks in dates.

/// How a number appears on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Num {
    /// Digits after a decimal point that the wire leaves out (2: `352` is 3.52); below zero, places that the wire has moved
    /// the point to the left (-2: `0.5413` is 54.13).
    pub scale: i8,
    /// What a leading sign means.
    pub sign: Sign,
}

impl Num {
    /// The plain form: the decimal point is where it is written, and the sign is arithmetic.
    pub const PLAIN: Num = Num { scale: 0, sign: Sign::True };
    /// A value times 10^`scale`.
    pub const fn scaled(scale: i8) -> Num {
        Num { scale, sign: Sign::True }
    }
    /// The sign is not part of the value.
    pub const MAGNITUDE: Num = Num { scale: 0, sign: Sign::Decoration };
}

/// What the sign of a plain number means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// The sign belongs to the number.
    #[default]
    True,
    /// The sign is not part of the value: the magnitude counts.
    Decoration,
}

/// The scale of a directed value, and what a missing sign means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dir {
    /// As in [`Num::scale`].
    pub scale: u8,
    /// The document says that a sign is part of the value: a bare one is then [`Direction::Flat`](crate::value::Direction).
    pub documented: bool,
}

/// Layout of a date or time in requests (replies are read in any of them).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// `20250908`, `170500`, `20250908170500`, `202509`
    #[default]
    Plain,
    /// `2025-09-08`, `17:05:00`, `2025-09-08 17:05:00`, `2025-09`
    Marked,
    /// `1705` for times
    Minute,
    /// `17:05` for times
    MinuteMarked,
    /// `170500` for times of something that may not happen: `000000` is not midnight but `None`
    Happened,
}
