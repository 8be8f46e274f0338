//! Arithmetic between made-up values of one row: amounts of prices and quantities, rates of their parts, differences of totals.
//!
//! It knows keys, no API. What market or account gave is not touched.

use kiwoom_api::record::{Record, Slot};
use kiwoom_api::value::Decimal;

use super::writer::Writer;

/// Value of trades, and the volume that belongs to it, the better one first.
const VALUES: [(&str, [&str; 2]); 2] =
    [("acc_trde_prica", ["acc_trde_qty", "trde_qty"]), ("trde_prica", ["trde_qty", "acc_trde_qty"])];

/// Amount, quantity and price, and what the amount is counted in where its field has a unit.
const PRODUCTS: [([&str; 3], i64); 9] = [
    (["evlt_amt", "rmnd_qty", "cur_prc"], 1),
    (["pur_amt", "rmnd_qty", "pur_pric"], 1),
    (["est_amt", "real_qty", "cur_prc"], 1),
    (["book_amt2", "real_qty", "avg_prc"], 1),
    (["buy_amt", "buy_qty", "buy_avg_pric"], 1),
    (["sell_amt", "sell_qty", "sel_avg_pric"], 1),
    (["netslmt_amt", "netslmt_qty", "prsm_avg_pric"], 10_000),
    (["tdy_buy_amt", "tdy_buyq", "tdy_avg_buy_uv"], 1),
    (["tdy_sell_amt", "tdy_sellq", "tdy_avg_sell_uv"], 1),
];

/// A rate in percent, its part and its whole.
const RATES: [[&str; 3]; 4] = [
    ["limit_exh_rt", "poss_stkcnt", "frgnr_limit"],
    ["sdnin_rt", "sdnin_qty", "prev_trde_qty"],
    ["buy_rt", "tot_buy_req", "tot_sel_req"],
    ["sel_rt", "tot_sel_req", "tot_buy_req"],
];

/// A difference, what it is taken from and what is taken.
const DIFFERENCES: [[&str; 3]; 5] = [
    ["sdnin_qty", "now_trde_qty", "prev_trde_qty"],
    ["netprps_req", "tot_buy_req", "tot_sel_req"],
    ["netslmt_req", "tot_sel_req", "tot_buy_req"],
    ["buy_req", "tot_buy_req", "tot_sel_req"],
    ["sel_req", "tot_sel_req", "tot_buy_req"],
];

/// The texts of one row.
pub(super) struct Texts<'a> {
    pub record: &'a mut dyn Record,
    pub texts: &'a mut [Option<String>],
    /// Nobody gave this key.
    pub is_made_up: &'a dyn Fn(&str) -> bool,
}

/// Makes the numbers of a row agree. `price` is that of its instrument.
pub(super) fn relate(writer: &Writer<'_>, row: &mut Texts<'_>, price: Decimal) {
    for [result, from, less] in DIFFERENCES {
        if let (Some(from), Some(less)) = (row.number(from), row.number(less)) {
            row.put(writer, result, from - less);
        }
    }
    for [result, part, whole] in RATES {
        if let (Some(part), Some(whole)) = (row.number(part), row.number(whole).filter(|whole| !whole.is_zero())) {
            row.put(writer, result, (part * Decimal::ONE_HUNDRED / whole).round_dp(2));
        }
    }
    for ([result, qty, price], unit) in PRODUCTS {
        if let (Some(qty), Some(price)) = (row.number(qty), row.number(price)) {
            let unit = row.unit(result, unit);
            row.put(writer, result, qty * price.abs() / unit);
        }
    }
    for (result, volumes) in VALUES {
        if let Some(volume) = volumes.iter().find_map(|volume| row.number(volume)) {
            let unit = row.unit(result, writer.value_unit());
            row.put(writer, result, volume.abs() * price / unit);
        }
    }
}

impl Texts<'_> {
    fn place(&self, key: &str) -> Option<usize> {
        let keys = self.record.keys();
        keys[..self.texts.len()].iter().position(|known| known.trim_matches(['"', ':']) == key)
    }

    /// A number that counts something or is a price, in base units.
    fn number(&mut self, key: &str) -> Option<Decimal> {
        let place = self.place(key)?;
        let text = self.texts[place].as_deref()?.trim();
        let digits = text.trim_start_matches(['+', '-']);
        let sign = if text[..text.len() - digits.len()].ends_with('-') { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let (scale, factor) = match self.record.slot(place) {
            Slot::Count(_, num) | Slot::Decimal(_, num) => (num.scale, 1),
            // quantities that have a unit are counted in thousands
            Slot::Unit(_, num) => (num.scale, 1_000),
            Slot::Price(_, dir) => (dir.scale as i8, 1),
            _ => return None,
        };
        let power = Decimal::from(10_i64.pow(u32::from(scale.unsigned_abs())));
        let number = digits.parse::<Decimal>().ok()? * sign * Decimal::from(factor);
        Some(if scale >= 0 { number / power } else { number * power })
    }

    /// What a field is counted in: `unit`, or single won, dollars and shares.
    fn unit(&mut self, key: &str, unit: i64) -> Decimal {
        let has_one = self.place(key).is_some_and(|place| matches!(self.record.slot(place), Slot::Unit(..)));
        Decimal::from(if has_one { unit } else { 1 })
    }

    /// Replaces a number that is made up.
    fn put(&mut self, writer: &Writer<'_>, key: &str, number: Decimal) {
        let Some(place) = self.place(key).filter(|_| (self.is_made_up)(key)) else { return };
        let slot = self.record.slot(place);
        let number = match slot {
            Slot::Unit(..) | Slot::Count(..) => number.round(),
            _ => number,
        };
        if !matches!(slot, Slot::Sided(_) | Slot::Text(_)) {
            self.texts[place] = Some(writer.number(number, &slot));
        }
    }
}
