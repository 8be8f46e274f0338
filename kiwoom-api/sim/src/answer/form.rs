//! How the broker writes the numbers of a record, as the tables of the specification tell (`BEHAVIOUR.md` N3).

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use kiwoom_api::record::Keys;
use kiwoom_api::registry::label;

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
