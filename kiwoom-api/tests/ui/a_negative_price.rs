//! A price has no sign, and a float no place in exact arithmetic.

use kiwoom_api::value::Price;

fn main() {
    let _ = -Price::up(70_100);
    let _: Price = Price::up(70_100) - Price::up(70_200);
    let _ = Price::up(70_100) * 1.05;
    let _ = Price::from(-70_100);
}
