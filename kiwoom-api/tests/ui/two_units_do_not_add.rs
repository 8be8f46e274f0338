//! Millions and thousands of won; shares and won; a percentage and a price; a bare number.

use kiwoom_api::value::{MillionWon, Percent, Price, ThousandShares, ThousandWon};

fn main() {
    let _ = MillionWon::from(1) + ThousandWon::from(1);
    let _ = MillionWon::from(1) > ThousandShares::from(1);
    let _ = MillionWon::from(1) * MillionWon::from(1);
    let _ = MillionWon::from(1) + 1;
    let _ = Percent::from(1) < Price::up(1);
}
