//! How the broker writes dates and numbers: the places, signs and points of each field, as the tables of the specification
//! tell (`BEHAVIOUR.md` N3).

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::record::{Dir, Keys, Num, Slot};
use kiwoom_api::registry::label;
use kiwoom_api::value::Decimal;

/// How a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// To how many places zeros fill it; 0 if they do not.
    pub places: usize,
    /// A negative number has two signs.
    pub doubled: bool,
}

/// The forms of the fields of a record, in their order.
pub(crate) fn forms(keys: &'static Keys) -> Arc<[Form]> {
    type Known = BTreeMap<(&'static str, &'static str), Arc<[Form]>>;
    static KNOWN: RwLock<Known> = RwLock::new(BTreeMap::new());
    let record = (keys.api, keys.record);
    if let Some(forms) = KNOWN.read().expect("no panic while it is held").get(&record) {
        return forms.clone();
    }
    let form = |index| {
        let label = label(keys, index);
        label.map_or(Form::default(), |label| Form { places: label.places, doubled: label.double_sign })
    };
    let forms: Arc<[Form]> = (0..keys.len()).map(form).collect();
    KNOWN.write().expect("no panic while it is held").insert(record, forms.clone());
    forms
}

/// `20260706`
pub(crate) fn date_text(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A field without a value: zero or blank.
pub(super) fn nothing(slot: &Slot<'_>, form: Form) -> String {
    match slot {
        Slot::Count(..) | Slot::Decimal(..) | Slot::Unit(..) | Slot::Price(..) => padded(Decimal::ZERO, form),
        Slot::Percent(..) | Slot::Ratio(..) => "0.00".to_owned(),
        Slot::Reason(_) | Slot::Sided(_) => "0".to_owned(),
        Slot::Const(text) => (*text).to_owned(),
        _ => String::new(),
    }
}

/// A number in the unit of its field.
pub(super) fn number_text(number: Decimal, slot: &Slot<'_>, form: Form) -> String {
    match slot {
        Slot::Count(_, num) | Slot::Decimal(_, num) | Slot::Unit(_, num) => scaled(number, *num, form),
        Slot::Percent(_, num) => shifted(number, num.scale),
        Slot::Price(_, dir) => padded(moved(number, dir.scale as i8), form),
        _ => number.to_string(),
    }
}

pub(super) fn scaled(number: Decimal, num: Num, form: Form) -> String {
    let text = padded(moved(number, num.scale), form);
    match text.strip_prefix('-') {
        Some(rest) if form.doubled => format!("--{rest}"),
        _ => text,
    }
}

/// Padded with zeros behind the sign, where the field is.
pub(super) fn padded(number: Decimal, form: Form) -> String {
    let digits = number.abs().normalize().to_string();
    let sign = if number.is_sign_negative() && !number.is_zero() { "-" } else { "" };
    let places = form.places.saturating_sub(sign.len());
    format!("{sign}{digits:0>places$}")
}

/// A price with its direction against the one before it; padded prices have none.
pub(super) fn price_text([price, previous]: [Decimal; 2], dir: Dir, form: Form) -> String {
    if form.places > 0 || price.is_zero() {
        return padded(moved(price, dir.scale as i8), form);
    }
    let sign = match price.cmp(&previous) {
        Ordering::Greater => "+",
        Ordering::Less => "-",
        Ordering::Equal if dir.documented => "",
        Ordering::Equal => " ",
    };
    format!("{sign}{}", shifted(price, dir.scale as i8))
}

/// The number with the point moved `scale` places to the right, as the wire leaves it out.
pub(super) fn moved(number: Decimal, scale: i8) -> Decimal {
    let factor = Decimal::from(10_i64.pow(u32::from(scale.unsigned_abs())));
    if scale >= 0 {
        (number * factor).trunc_with_scale(if scale > 0 { 0 } else { number.scale() })
    } else {
        number / factor
    }
}

pub(super) fn shifted(number: Decimal, scale: i8) -> String {
    moved(number, scale).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kiwoom_api::registry::find;

    #[test]
    fn n3_each_field_has_the_form_that_the_documents_give_it() {
        let mut reply = (find("kt00018").expect("it is generated").reply)();
        let places = |forms: &[Form]| forms.iter().filter(|form| form.places > 0).count();
        assert!(places(&forms(reply.keys())) > 5);
        let keys = reply.keys();
        let list = keys.iter().position(|key| key.contains("acnt_evlt_remn_indv_tot")).expect("it has rows");
        let kiwoom_api::record::Slot::List(rows) = reply.slot(list) else { panic!("a list") };
        let row = rows.push();
        assert!(places(&forms(row.keys())) > 5);
        // read again from what is kept
        assert_eq!(forms(keys), forms(keys));
    }
}
