//! What a number counts: the stated unit, otherwise the one that follows from what the field is and where it occurs.
//!
//! A price of a KRX stock is in won whether or not its cell says so; a quantity of gold is in grams even if the cell
//! says shares. A unit that follows from nothing stays undocumented.

use std::collections::BTreeSet;

use kiwoom_spec::describe::Unit;
use kiwoom_spec::errata::mended::Field;
use kiwoom_spec::names::fids::What;
use kiwoom_spec::names::labels::{Label, Role, bare};

/// What stands around a field.
#[derive(Clone, Copy)]
pub struct UnitContext<'a> {
    /// The instrument class of the API.
    pub class: &'a str,
    /// The currency of the account that the API reports, where it reports one.
    pub money: Option<Unit>,
    /// The labels of the whole side, bare.
    pub labels: &'a BTreeSet<String>,
}

/// The unit of a field: `row` and `what` are the rows about it.
pub fn of(field: &Field, row: Option<&Label>, what: Option<&What>, around: UnitContext<'_>) -> Option<Unit> {
    let class = around.class;
    let stated = what.and_then(|w| w.unit).or(row.and_then(|r| r.unit));
    let said = if field.ruled.unit { field.says.unit } else { stated.or(field.says.unit) };
    if said.is_some() || field.ruled.unit {
        let unit = said.map(|unit| of_class(unit, class, role(field, row, what)));
        return unit.map(|unit| if names_currency(around.labels) { quoted(unit) } else { unit });
    }
    let role = role(field, row, what)?;
    // A price is in the currency of its market unless the request asks for another one; amounts may be quantities as well.
    let priced = matches!(role, Role::Price | Role::Average | Role::Change);
    if !field.says.units.is_empty() || field.says.unit_by.is_some() && !priced {
        return None;
    }
    if let Some(threshold) = &field.says.threshold {
        return match (threshold.multiplier, role) {
            (10_000, Role::Count) => Some(Unit::TenThousandShare),
            (10_000, Role::Amount) if threshold.unit == Some(Unit::Usd) => Some(Unit::TenThousandUsd),
            _ => None,
        };
    }
    let label = bare(&field.name);
    match role {
        // An index that stands in an API about stocks is none the less an index.
        Role::Points => Some(Unit::Point),
        Role::Price | Role::Average | Role::Change => match class {
            "stock" => Some(Unit::Won),
            "index" => Some(Unit::Point),
            "gold" => Some(Unit::WonPerGram),
            "us" => Some(Unit::Usd),
            _ => None,
        },
        Role::Sided => of_things(class),
        Role::Count | Role::Gross | Role::Quantity => counted(&label, class),
        Role::Rank => Some(Unit::Place),
        Role::Year => Some(Unit::Year),
        Role::Amount => currency(&label).or_else(|| beside(&label, around.labels)).or(around.money),
        _ => None,
    }
}

/// The role that the kind of a field follows.
fn role(field: &Field, row: Option<&Label>, what: Option<&What>) -> Option<Role> {
    let ruled = field.ruled.kind.as_deref().and_then(kiwoom_spec::names::labels::role);
    ruled.or(what.map(|w| w.role)).or(row.map(|r| r.role))
}

/// The cells about gold say shares where won a gram times the quantity is the amount, and won of the price of a gram.
fn of_class(unit: Unit, class: &str, role: Option<Role>) -> Unit {
    match (class, unit) {
        ("gold", Unit::Won) if matches!(role, Some(Role::Price | Role::Average | Role::Change)) => Unit::WonPerGram,
        ("gold", Unit::Share) => Unit::Gram,
        ("gold", Unit::ThousandShare) => Unit::ThousandGram,
        ("gold", Unit::WonOrShare) => Unit::WonOrGram,
        _ => unit,
    }
}

/// Whether a column says which currency the others are in.
fn names_currency(labels: &BTreeSet<String>) -> bool {
    labels.iter().any(|label| label.starts_with("통화"))
}

/// The rate of a row in any currency follows the market's habit: 945.56 won of JPY are for 100 yen.
fn quoted(unit: Unit) -> Unit {
    if unit == Unit::WonPerForeign { Unit::WonPerQuote } else { unit }
}

fn of_things(class: &str) -> Option<Unit> {
    match class {
        "stock" | "us" => Some(Unit::Share),
        "gold" => Some(Unit::Gram),
        _ => None,
    }
}

/// Endings of labels that count something else than shares.
const OTHERS: [(&str, Unit); 11] = [
    ("건수", Unit::Case),
    ("종목수", Unit::Issue),
    ("일수", Unit::Day),
    ("횟수", Unit::Occasion),
    ("상한", Unit::Issue),
    ("상승", Unit::Issue),
    ("보합", Unit::Issue),
    ("하락", Unit::Issue),
    ("하한", Unit::Issue),
    ("틱갯수", Unit::Tick),
    ("결산월", Unit::Month),
];

/// Words in labels of quantities of the instrument. All shares of a company are none of them: they are counted in
/// thousands as often as not.
const THINGS: [&str; 13] = [
    "수량",
    "거래량",
    "체결량",
    "잔량",
    "매도량",
    "매수량",
    "매매량",
    "매물량",
    "공매도량",
    "직전대비",
    "추정합",
    "순매수",
    "유가금잔",
];

/// Holdings of all foreigners together are like the shares of a company.
const TOTALS: [&str; 2] = ["외인보유", "외국인보유"];

fn counted(label: &str, class: &str) -> Option<Unit> {
    let other = OTHERS.iter().find(|(ending, _)| label.ends_with(ending)).map(|(_, unit)| *unit);
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    other.or_else(|| (has(&THINGS) && !has(&TOTALS)).then(|| of_things(class)).flatten())
}

/// The currency that a label names.
fn currency(label: &str) -> Option<Unit> {
    match label {
        l if l.contains("외화") || l.starts_with("해외") => Some(Unit::Foreign),
        l if l.contains("원화") => Some(Unit::Won),
        _ => None,
    }
}

/// One amount in two currencies: beside `매입금액(원)` stands 매입금액 in the foreign one, beside `정산금액(외)` and
/// `외화예수금` stand 정산금액 and 예수금 in won.
fn beside(label: &str, labels: &BTreeSet<String>) -> Option<Unit> {
    let has = |other: String| labels.contains(&other);
    if has(format!("{label}(원)")) {
        return Some(Unit::Foreign);
    }
    (has(format!("{label}(외)")) || has(format!("외화{label}"))).then_some(Unit::Won)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALONE: BTreeSet<String> = BTreeSet::new();

    fn unit(role: Role, label: &str, class: &str, money: Option<Unit>) -> Option<Unit> {
        let around = UnitContext { class, money, labels: &ALONE };
        within(role, label, around)
    }

    fn within(role: Role, label: &str, around: UnitContext<'_>) -> Option<Unit> {
        let field = Field { name: label.into(), ..Field::default() };
        let row =
            Label { ko: Vec::new(), role, class: Vec::new(), key: Vec::new(), api: Vec::new(), side: None, unit: None };
        of(&field, Some(&row), None, around)
    }

    #[test]
    fn the_other_currency_of_a_pair_says_which_one_this_is() {
        let labels: BTreeSet<String> =
            ["매입금액", "매입금액(원)", "정산금액(외)", "외화예수금"].map(str::to_owned).into();
        let around = UnitContext { class: "us", money: None, labels: &labels };
        assert_eq!(within(Role::Amount, "매입금액", around), Some(Unit::Foreign));
        assert_eq!(within(Role::Amount, "정산금액", around), Some(Unit::Won));
        assert_eq!(within(Role::Amount, "예수금", around), Some(Unit::Won));
        assert_eq!(within(Role::Amount, "평가금액", around), None);
    }

    #[test]
    fn an_exchange_rate_beside_a_currency_is_for_what_is_quoted_of_it() {
        let mut field = Field { name: "기준환율".into(), ..Field::default() };
        field.says.unit = Some(Unit::WonPerForeign);
        let rated =
            |labels: &BTreeSet<String>| of(&field, None, None, UnitContext { class: "us", money: None, labels });
        assert_eq!(rated(&ALONE), Some(Unit::WonPerForeign));
        assert_eq!(rated(&["통화코드".to_owned()].into()), Some(Unit::WonPerQuote));
    }

    #[test]
    fn a_unit_follows_from_the_role_and_the_market() {
        for (role, label, class, want) in [
            (Role::Price, "현재가", "stock", Some(Unit::Won)),
            (Role::Price, "현재가", "us", Some(Unit::Usd)),
            (Role::Price, "현재가", "gold", Some(Unit::WonPerGram)),
            (Role::Change, "전일대비", "index", Some(Unit::Point)),
            (Role::Points, "KOSPI200", "stock", Some(Unit::Point)),
            (Role::Count, "거래량", "stock", Some(Unit::Share)),
            (Role::Count, "거래량", "gold", Some(Unit::Gram)),
            (Role::Count, "거래량", "index", None),
            (Role::Count, "주식수", "stock", None),
            (Role::Count, "외인보유수량", "stock", None),
            (Role::Count, "매도체결건수", "stock", Some(Unit::Case)),
            (Role::Count, "상승종목수", "index", Some(Unit::Issue)),
            (Role::Sided, "체결량", "us", Some(Unit::Share)),
            (Role::Rank, "순위", "us", Some(Unit::Place)),
            (Role::Amount, "외화예수금", "us", Some(Unit::Foreign)),
            (Role::Amount, "원화예수금", "us", Some(Unit::Won)),
            (Role::Amount, "거래대금", "stock", None),
            (Role::Number, "델타", "stock", None),
        ] {
            assert_eq!(unit(role, label, class, None), want, "{role:?} {label} {class}");
        }
        assert_eq!(unit(Role::Amount, "수수료", "stock", Some(Unit::Won)), Some(Unit::Won));
    }

    #[test]
    fn gold_is_weighed() {
        let mut field = Field { name: "보유수량".into(), ..Field::default() };
        field.says.unit = Some(Unit::Share);
        assert_eq!(
            of(&field, None, None, UnitContext { class: "gold", money: None, labels: &ALONE }),
            Some(Unit::Gram)
        );
        assert_eq!(
            of(&field, None, None, UnitContext { class: "stock", money: None, labels: &ALONE }),
            Some(Unit::Share)
        );
        field.says.unit = Some(Unit::ThousandShare);
        assert_eq!(
            of(&field, None, None, UnitContext { class: "gold", money: None, labels: &ALONE }),
            Some(Unit::ThousandGram)
        );
    }

    #[test]
    fn a_price_that_the_request_may_convert_has_the_currency_of_its_market() {
        let mut field = Field::default();
        field.says.unit_by = Some("exrt_appl_tp".into());
        for (kind, want) in [("price", Some(Unit::Usd)), ("average", Some(Unit::Usd)), ("amount", None)] {
            field.ruled.kind = Some(kind.into());
            let around = UnitContext { class: "us", money: None, labels: &ALONE };
            assert_eq!(of(&field, None, None, around), want, "{kind}");
        }
    }

    #[test]
    fn a_unit_that_an_erratum_takes_away_stays_away() {
        let mut field = Field { name: "현재가".into(), ..Field::default() };
        field.ruled.unit = true;
        field.ruled.kind = Some("price".into());
        assert_eq!(of(&field, None, None, UnitContext { class: "stock", money: None, labels: &ALONE }), None);
    }
}
