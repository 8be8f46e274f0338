//! One value as a person reads it, in both languages: what the crate's decoder made of it, not what stood on the wire.

use kiwoom_api::record::Slot;
use kiwoom_api::registry::Label;
use kiwoom_api::value::{CodeSlot, Decimal, Direction, Side, TimeMark};
use serde_json::{Value, json};

use super::mask::masked;
use crate::market::LISTED;

/// The longest text that is shown.
const LONGEST: usize = 120;

/// A text in Korean and English.
pub(super) struct Both {
    pub ko: String,
    pub en: String,
}

impl Both {
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Both {
        Both { ko: ko.into(), en: en.into() }
    }

    /// What is the same in both languages.
    pub fn same(text: impl Into<String>) -> Both {
        let text = text.into();
        Both { ko: text.clone(), en: text }
    }
}

/// The decoded value of a place; `None` where the value is blank, absent or no value of its kind.
pub(super) fn decoded(slot: &mut Slot<'_>, label: Option<Label>) -> Option<(Both, &'static str)> {
    let plain = |text: String| Some((Both::same(text), ""));
    match slot {
        Slot::Text(text) | Slot::Reason(text) => (!text.trim().is_empty()).then(|| (Both::same(masked(text)), "")),
        Slot::Count(count, _) => plain(grouped((**count)?.into())),
        Slot::Decimal(number, _) => plain(grouped((**number)?)),
        Slot::Percent(percent, _) => plain(format!("{}%", grouped((**percent)?.0))),
        Slot::Unit(unit, _) => plain(grouped(unit.get()?)),
        Slot::Price(price, _) => {
            let price = (**price)?;
            Some((Both::same(grouped(price.amount)), mark(price.direction)))
        }
        Slot::Ratio(ratio, _) => {
            let ratio = (**ratio)?;
            Some((Both::same(format!("{}%", grouped(ratio.amount.0))), mark(ratio.direction)))
        }
        Slot::Sided(sided) => {
            let sided = (**sided)?;
            let qty = grouped(sided.qty.into());
            match sided.side {
                Some(Side::Buy) => Some((Both::new(format!("매수 {qty}"), format!("buy {qty}")), "up")),
                Some(Side::Sell) => Some((Both::new(format!("매도 {qty}"), format!("sell {qty}")), "down")),
                _ => plain(qty),
            }
        }
        Slot::Date(date, _) => plain((**date)?.to_string()),
        Slot::Time(time, _) => plain((**time)?.to_string()),
        Slot::TimeMark(time, _) => Some((clock((**time)?), "")),
        Slot::DateTime(at, _) => plain((**at)?.to_string().replace('T', " ")),
        Slot::YearMonth(month, _) => plain((**month)?.to_string()),
        Slot::StockCode(code, _) => plain(named((**code)?.to_string())),
        Slot::Id(id) if id.is_private() => id.text().map(|_| (Both::same("***"), "")),
        Slot::Id(id) => {
            let text = id.text()?;
            match label.and_then(|label| label.code(text)) {
                Some(korean) => Some((Both::new(format!("{text} {korean}"), text), "")),
                None => plain(named(code_text(text))),
            }
        }
        Slot::Code(code, table) => Some((coded(*code, table, label)?, "")),
        Slot::Secret(_) => plain("***".to_owned()),
        Slot::Joined(joined, _) => {
            let texts: Vec<String> = (0..joined.len().min(20)).map(|at| masked(joined.text(at))).collect();
            (!texts.is_empty()).then(|| (Both::same(texts.join(", ")), ""))
        }
        Slot::Mask(mask) => {
            let mut text = String::new();
            mask.write(&mut text);
            (!text.is_empty()).then(|| (Both::same(text), ""))
        }
        Slot::Const(text) => plain((*text).to_owned()),
        _ => None,
    }
}

fn mark(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Up) => "up",
        Some(Direction::Down) => "down",
        _ => "",
    }
}

fn clock(time: TimeMark) -> Both {
    match time {
        TimeMark::Close => Both::new("정규장 마감", "regular session closed"),
        TimeMark::AfterHoursClose => Both::new("시간외 마감", "after-hours closed"),
        time => Both::same(time.to_string()),
    }
}

/// A code by its meaning: the label of this field in Korean, the name of the meaning in English.
fn coded(code: &dyn CodeSlot, table: &[(&str, u8)], label: Option<Label>) -> Option<Both> {
    let Some(index) = code.index() else {
        return code
            .as_unlisted()
            .map(|wire| Both::new(format!("{wire} (목록에 없음)"), format!("{wire} (not listed)")));
    };
    let english = code.names().get(usize::from(index)).copied().unwrap_or_default();
    let korean = table.iter().filter(|(_, at)| *at == index).find_map(|(wire, _)| label?.code(wire));
    let english = words(english);
    Some(Both::new(korean.unwrap_or(&english), english.clone()))
}

/// Words that are written in capitals.
const CAPITALS: [&str; 26] = [
    "amex", "elw", "etf", "etn", "fok", "html", "http", "id", "ioc", "kb", "konex", "kosdaq", "kospi", "krw", "krx",
    "lp", "nasdaq", "nav", "nxt", "nyse", "otc", "per", "sor", "us", "usd", "vwap",
];

/// The words of a name: `AtLeast5K` is `At least 5 k`, `LimitIoc` is `Limit IOC`.
pub(super) fn words(name: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && !before.is_uppercase() || c.is_ascii_digit() != before.is_ascii_digit();
        match out.last_mut() {
            Some(word) if !begins => word.extend(c.to_lowercase()),
            _ => out.push(c.to_lowercase().collect()),
        }
        before = c;
    }
    for (at, word) in out.iter_mut().enumerate() {
        if CAPITALS.contains(&word.as_str()) {
            word.make_ascii_uppercase();
        } else if let Some(first) = word.get_mut(..1).filter(|_| at == 0) {
            first.make_ascii_uppercase();
        }
    }
    out.join(" ")
}

/// A code with the name of what it stands for, where it is listed here.
fn named(code: String) -> String {
    let bare = code.split('_').next().unwrap_or_default();
    match LISTED.iter().find(|listing| listing.code == bare && bare.len() >= 4) {
        Some(listing) => format!("{code} {}", listing.name),
        None => code,
    }
}

/// The longest code or order number: an account number is longer, or has a kind of its own.
const CODE: usize = 9;

/// A code as it is; what is longer than any may be anything.
pub(super) fn code_text(text: &str) -> String {
    if text.len() <= CODE { text.to_owned() } else { masked(text) }
}

/// `1234567.80` is `1,234,567.80`.
pub(super) fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// What stood on the wire, for comparison; nothing of it may be a secret.
pub(super) fn raw(value: Option<&Value>, slot: Option<&Slot<'_>>) -> Value {
    let is_private = match slot {
        Some(Slot::Id(id)) => id.is_private(),
        Some(Slot::Secret(_)) => true,
        _ => false,
    };
    // a number of a known kind is no account, whatever its length
    let is_open = matches!(
        slot,
        Some(
            Slot::Count(..)
                | Slot::Decimal(..)
                | Slot::Percent(..)
                | Slot::Unit(..)
                | Slot::Price(..)
                | Slot::Ratio(..)
                | Slot::Sided(_)
                | Slot::Date(..)
                | Slot::Time(..)
                | Slot::TimeMark(..)
                | Slot::DateTime(..)
                | Slot::Code(..)
        )
    );
    let text = match value {
        None | Some(Value::Null) => return Value::Null,
        Some(_) if is_private => return json!("***"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let is_number = text.trim().trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_code = matches!(slot, Some(Slot::Id(_) | Slot::StockCode(..)));
    json!(if is_open && (is_number || text.len() <= CODE) || is_code && text.len() <= CODE {
        text
    } else {
        masked(&text)
    })
}

/// A text of at most the length that is shown.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_names_become_words() {
        for (number, want) in [("0", "0"), ("-1234", "-1,234"), ("1234567.80", "1,234,567.80"), ("999.5", "999.5")] {
            assert_eq!(grouped(number.parse().unwrap()), want);
        }
        for (name, want) in [
            ("LimitIoc", "Limit IOC"),
            ("AtLeast5K", "At least 5 k"),
            ("KRX", "KRX"),
            ("EtfDailyChart", "ETF daily chart"),
            ("", ""),
        ] {
            assert_eq!(words(name), want);
        }
    }
}
