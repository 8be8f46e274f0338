//! The chart page as a user of `serde` would write it: the same types, filled by `deserialize_with`.

use kiwoom_api::value::{Code, Date, Decimal, MillionWon, Percent, Price, StockCode};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

#[derive(Deserialize)]
#[allow(dead_code, reason = "only decoded")]
pub struct ChartReply {
    #[serde(deserialize_with = "stock_code", default)]
    stk_cd: Option<StockCode>,
    stk_dt_pole_chart_qry: Vec<ChartRow>,
    return_code: i64,
    return_msg: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only decoded")]
pub struct ChartRow {
    #[serde(deserialize_with = "price", default)]
    cur_prc: Option<Price>,
    #[serde(deserialize_with = "count", default)]
    trde_qty: Option<i64>,
    #[serde(deserialize_with = "million_won", default)]
    trde_prica: Option<MillionWon>,
    #[serde(deserialize_with = "date", default)]
    dt: Option<Date>,
    #[serde(deserialize_with = "price", default)]
    open_pric: Option<Price>,
    #[serde(deserialize_with = "price", default)]
    high_pric: Option<Price>,
    #[serde(deserialize_with = "price", default)]
    low_pric: Option<Price>,
    #[serde(deserialize_with = "decimal", default)]
    pred_pre: Option<Decimal>,
    #[serde(deserialize_with = "code", default)]
    pred_pre_sig: Option<Code>,
    #[serde(deserialize_with = "percent", default)]
    trde_tern_rt: Option<Percent>,
}

/// A text, borrowed where possible, through a parser.
struct Text<T>(fn(&str) -> Option<T>);

impl<T> Visitor<'_> for Text<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.is_empty() {
            return Ok(None);
        }
        (self.0)(text).map(Some).ok_or_else(|| E::custom("not of its kind"))
    }
}

macro_rules! parsers {
    ($($name:ident: $type:ty = $parse:expr;)*) => {$(
        fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$type>, D::Error> {
            deserializer.deserialize_str(Text($parse))
        }
    )*};
}

parsers! {
    stock_code: StockCode = |text| text.parse().ok();
    price: Price = |text| match text.as_bytes().first() {
        Some(b'+') => text.parse::<Decimal>().ok().map(Price::up),
        Some(b'-') => text.parse::<Decimal>().ok().map(Price::down),
        _ => text.parse::<Decimal>().ok().map(Price::plain),
    };
    count: i64 = |text| text.parse().ok();
    million_won: MillionWon = |text| text.parse().ok().map(MillionWon);
    decimal: Decimal = |text| text.parse().ok();
    percent: Percent = |text| text.parse().ok().map(Percent);
    date: Date = |text| {
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
        Date::new(part(0..4)?, part(4..6)? as i8, part(6..8)? as i8).ok()
    };
    code: Code = |text| Some(text.into());
}
