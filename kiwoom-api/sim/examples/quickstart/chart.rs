//! Candles as text: in Unicode and colours for a terminal, in ASCII for a file or a pipe.

use std::fmt::Write;

/// One bar, in won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candle {
    /// The first price.
    pub open: i64,
    /// The highest price.
    pub high: i64,
    /// The lowest price.
    pub low: i64,
    /// The last price.
    pub close: i64,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Unicode, with rising candles red and falling ones blue, as in Korea.
    Coloured,
    /// Unicode without colours.
    Unicode,
    /// ASCII: `#` rose, `o` fell.
    Plain,
}

/// What half a cell shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    /// Between high and low.
    Wick,
    /// Between open and close.
    Body,
}

/// The lines of a chart, `height` of them, with prices on the left. Oldest candle first.
pub fn lines(candles: &[Candle], height: usize, look: Look) -> Vec<String> {
    let (Some(top), Some(bottom)) = (candles.iter().map(|c| c.high).max(), candles.iter().map(|c| c.low).min()) else {
        return Vec::new();
    };
    // ASCII has no halves
    let halves = if look == Look::Plain { 1 } else { 2 };
    let steps = height.max(2) * halves;
    let step = (top - bottom).max(1) as f64 / (steps - 1) as f64;
    // 0 is the top
    let place = |price: i64| ((top - price) as f64 / step).round() as usize;
    let line = |row: usize| {
        let mut line = format!("{:>9} ", grouped(top - (step * (row * halves) as f64).round() as i64));
        for candle in candles {
            let part = |at: usize| part(candle, at, place);
            let halves = (part(row * halves), part(row * halves + halves - 1));
            draw(&mut line, halves, candle.close >= candle.open, look);
        }
        line
    };
    (0..height.max(2)).map(line).collect()
}

fn part(candle: &Candle, at: usize, place: impl Fn(i64) -> usize) -> Part {
    let (upper, lower) = (candle.open.max(candle.close), candle.open.min(candle.close));
    if (place(upper)..=place(lower)).contains(&at) {
        Part::Body
    } else if (place(candle.high)..=place(candle.low)).contains(&at) {
        Part::Wick
    } else {
        Part::Nothing
    }
}

fn draw(line: &mut String, halves: (Part, Part), rises: bool, look: Look) {
    use Part::{Body, Nothing, Wick};
    if look == Look::Plain {
        line.push(match halves.0 {
            Nothing => ' ',
            Wick => '|',
            Body if rises => '#',
            Body => 'o',
        });
        return;
    }
    let sign = match halves {
        (Nothing, Nothing) => ' ',
        (Wick, Wick) => '│',
        (Body, Body) => '┃',
        (Wick, Body) => '╽',
        (Body, Wick) => '╿',
        (Nothing, Wick) => '╷',
        (Wick, Nothing) => '╵',
        (Nothing, Body) => '╻',
        (Body, Nothing) => '╹',
    };
    if look == Look::Coloured && sign != ' ' {
        let colour = if rises { 31 } else { 34 };
        let _ = write!(line, "\u{1b}[{colour}m{sign}\u{1b}[0m");
    } else {
        line.push(sign);
    }
}

/// `70,100`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
