//! Arithmetic between made-up values of one row: amounts of prices and quantities, rates of their parts, differences of totals.
//!
//! It knows keys, no API. What market or account gave is not touched.

use kiwoom_api::record::{Record, Slot};
use kiwoom_api::value::Decimal;

use super::form::{Form, number_text};
use super::quote::Quote;
use super::writer::Writer;
use crate::market::Kind;

/// Value of trades, and the volume that belongs to it, the better one first.
const VALUES: [(&str, [&str; 2]); 3] = [
    ("14", ["13", "13"]),
    ("acc_trde_prica", ["acc_trde_qty", "trde_qty"]),
    ("trde_prica", ["trde_qty", "acc_trde_qty"]),
];

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
const RATES: [[&str; 3]; 6] = [
    ["limit_exh_rt", "poss_stkcnt", "frgnr_limit"],
    ["sdnin_rt", "sdnin_qty", "prev_trde_qty"],
    ["buy_rt", "tot_buy_req", "tot_sel_req"],
    ["sel_rt", "tot_sel_req", "tot_buy_req"],
    ["129", "125", "121"],
    ["139", "121", "125"],
];

/// A difference, what it is taken from and what is taken.
const DIFFERENCES: [[&str; 3]; 7] = [
    ["128", "125", "121"],
    ["138", "121", "125"],
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
    pub forms: &'a [Form],
    /// Nobody gave this key.
    pub is_made_up: &'a dyn Fn(&str) -> bool,
}

/// What institutions are the sum of, in the words of stocks and of sectors.
const INSTITUTIONS: [[&str; 8]; 2] = [
    ["fnnc_invt", "insrnc", "invtrt", "etc_fnnc", "bank", "penfnd_etc", "samo_fund", "natn"],
    [
        "sc_netprps",
        "insrnc_netprps",
        "invtrt_netprps",
        "bank_netprps",
        "jnsinkm_netprps",
        "endw_netprps",
        "samo_fund_netprps",
        "natn_netprps",
    ],
];

/// Individuals, who bought what all others sold, institutions, and the others.
const INVESTORS: [[&str; 5]; 2] = [
    ["ind_invsr", "orgn", "frgnr_invsr", "etc_corp", "natfor"],
    ["ind_netprps", "orgn_netprps", "frgnr_netprps", "etc_corp_netprps", "native_trmt_frgnr_netprps"],
];

/// Makes what investors bought and sold add up: to nothing, as net purchases do.
fn relate_investors(row: &mut Texts<'_>) {
    for (parts, [individuals, whole, others @ ..]) in INSTITUTIONS.iter().zip(INVESTORS) {
        let numbers: Option<Vec<Decimal>> = parts.iter().map(|key| row.number(key)).collect();
        let Some(numbers) = numbers else { continue };
        // half of them sold
        let signed = numbers.iter().enumerate().map(|(at, part)| if at % 2 == 0 { *part } else { -*part });
        let signed: Vec<Decimal> = signed.collect();
        for (key, part) in parts.iter().zip(&signed) {
            row.put_base(key, *part);
        }
        let sum: Decimal = signed.iter().sum();
        row.put_base(whole, sum);
        let rest: Decimal = others.iter().filter_map(|key| row.number(key)).sum();
        row.put_base(individuals, -sum - rest);
    }
}

/// Makes the numbers of a row agree, which is about an instrument.
pub(super) fn relate(writer: &Writer<'_>, row: &mut Texts<'_>, quote: &Quote) {
    relate_investors(row);
    let price = quote.last;
    for [result, from, less] in DIFFERENCES {
        if let (Some(from), Some(less)) = (row.number(from), row.number(less)) {
            row.put(result, from - less);
        }
    }
    for [result, part, whole] in RATES {
        if let (Some(part), Some(whole)) = (row.number(part), row.number(whole).filter(|whole| !whole.is_zero())) {
            row.put(result, (part * Decimal::ONE_HUNDRED / whole).round_dp(2));
        }
    }
    // the volume of today against that of the day before
    if let (Some(volume), true) = (row.number("13"), quote.volume_before > 0) {
        let rate = volume * Decimal::ONE_HUNDRED / Decimal::from(quote.volume_before);
        row.put("30", rate.round_dp(2));
    }
    for ([result, qty, price], unit) in PRODUCTS {
        if let (Some(qty), Some(price)) = (row.number(qty), row.number(price)) {
            let unit = row.unit(result, unit);
            row.put(result, qty * price.abs() / unit);
        }
    }
    for (result, volumes) in VALUES {
        if let Some(volume) = volumes.iter().find_map(|volume| row.number(volume)) {
            let unit = row.unit(result, writer.value_unit());
            let of_day = Decimal::from(quote.volume)
                * if quote.kind == Kind::Index { Decimal::ONE_THOUSAND } else { Decimal::ONE };
            // what is counted in thousands has lost its rest
            let is_of_day = !quote.value.is_zero() && (volume.abs() - of_day).abs() < Decimal::ONE_THOUSAND;
            let value = if is_of_day { quote.value / unit } else { volume.abs() * price / unit };
            let value = if row.is_whole(result) { value.trunc() } else { value };
            row.put(result, value);
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

    /// Replaces a number that is made up by one in base units, as `number` gives it.
    fn put_base(&mut self, key: &str, number: Decimal) {
        let unit = self.unit(key, 1_000);
        self.put(key, number / unit);
    }

    /// A field without places behind the point.
    fn is_whole(&mut self, key: &str) -> bool {
        self.place(key).is_some_and(|place| matches!(self.record.slot(place), Slot::Unit(..) | Slot::Count(..)))
    }

    /// Replaces a number that is made up.
    fn put(&mut self, key: &str, number: Decimal) {
        let Some(place) = self.place(key).filter(|_| (self.is_made_up)(key)) else { return };
        let slot = self.record.slot(place);
        let number = match slot {
            Slot::Unit(..) | Slot::Count(..) => number.round(),
            _ => number,
        };
        if !matches!(slot, Slot::Sided(_) | Slot::Text(_)) {
            self.texts[place] = Some(number_text(number, &slot, self.forms[place]));
        }
    }
}
