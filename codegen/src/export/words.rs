//! What the exports say about a field in English. The facts are those of the rustdoc; the reader knows the wire, not
//! our types.

use kiwoom_spec::describe::Format;
use kiwoom_spec::errata::mended;
use kiwoom_spec::ir;

use crate::doc::code;
use crate::lower::docs::unit_word;
use crate::model::{Field, Kind, Unit};

/// Label, meaning, layout and conditions of a field; `note` is the curated warning, which comes first.
pub fn field(field: &Field, facts: &mended::Field, note: Option<&str>) -> String {
    let mut out: Vec<String> = Vec::new();
    let label = facts.name.trim();
    if !label.is_empty() {
        out.push(format!("{label}."));
    }
    out.extend(note.map(str::to_owned));
    out.extend(meaning(&field.kind, facts));
    let says = &facts.says;
    match &says.unit_by {
        Some(by) if unit(&field.kind, facts).is_empty() => {
            out.push(format!("The request's {} chooses the unit.", code(by)));
        }
        Some(by) => out.push(format!("The request's {} may ask for another unit.", code(by))),
        None => {}
    }
    if facts.ruled.sign.as_deref() == Some("code") {
        out.push("The wire leaves its sign out; the change sign beside it has it.".to_owned());
    }
    if let Some(sentinel) = facts.ruled.sentinel.as_ref().or(says.absent.as_ref()) {
        out.push(format!("{} means that there is none.", code(sentinel)));
    }
    if let Some(threshold) = &says.threshold {
        let times = if threshold.multiplier == 1 { String::new() } else { format!(" times {}", threshold.multiplier) };
        let unit = threshold.unit.map_or("", unit_word);
        let unit = if unit.is_empty() { String::new() } else { format!(", in {unit}") };
        out.push(format!("A lower bound: the code{times}{unit}."));
    }
    if let Some(blank) = &says.blank {
        out.push(format!("Blank: {blank}."));
    }
    if let Some(max) = says.max {
        out.push(format!("At most {max}."));
    }
    if says.conditional {
        out.push("Depends on another field.".to_owned());
    }
    if !says.see.is_empty() {
        out.push(format!("See {}.", says.see.iter().map(|s| code(s)).collect::<Vec<_>>().join(", ")));
    }
    if facts.source == ir::Source::Example {
        out.push("Only the document's example shows it.".to_owned());
    }
    out.join(" ")
}

fn meaning(kind: &Kind, facts: &mended::Field) -> Option<String> {
    let unit = unit(kind, facts);
    let several: Vec<&str> = facts.says.units.iter().map(|u| unit_word(*u)).collect();
    let silent = facts.says.unit_by.is_some() || facts.says.threshold.is_some();
    let measure = match (unit, several.is_empty(), silent) {
        ("", false, _) => format!("Number of {}", several.join(" or ")),
        ("", true, true) => "Number".to_owned(),
        ("", true, false) => "Number; unit not documented".to_owned(),
        (unit, ..) => format!("Number of {unit}"),
    };
    let (text, scale) = match kind {
        Kind::Price(d) => {
            let unit = if unit.is_empty() { String::new() } else { format!(" in {unit}") };
            (format!("Market price{unit}; 0 is no price"), d.scale.cast_signed())
        }
        Kind::Ratio(d) => ("Ratio in percent".to_owned(), d.scale.cast_signed()),
        Kind::Sided => ("Traded quantity".to_owned(), 0),
        Kind::Percent(n) => ("Percent".to_owned(), n.scale),
        Kind::Count(n) | Kind::Decimal(n) | Kind::Unit(_, n) => (measure, n.scale),
        Kind::Date(_) | Kind::YearMonth(_) | Kind::Time(_) | Kind::TimeMark(_) | Kind::DateTime(_) => {
            let layouts: Vec<String> = facts.says.formats.iter().map(|f| code(layout(*f))).collect();
            return (!layouts.is_empty()).then(|| format!("{}.", layouts.join(" or ")));
        }
        Kind::StockCode(true) => ("Stock code with a letter before it: A stock, J ELW, Q ETN".to_owned(), 0),
        Kind::Joined(c) => (format!("Stock codes, joined by {}", code(&c.to_string())), 0),
        Kind::Embedded(_) => ("A list as JSON text inside the string".to_owned(), 0),
        Kind::FilterMask => ("Nine digits, each 0 or 1; 1 leaves that kind out".to_owned(), 0),
        _ => return None,
    };
    let scaled = match scale {
        0 => String::new(),
        1.. => format!(", without its {scale} decimal places"),
        _ => format!(", with its point {} places to the left", scale.unsigned_abs()),
    };
    Some(format!("{text}{scaled}."))
}

/// The unit in English; empty where nothing says it.
fn unit(kind: &Kind, facts: &mended::Field) -> &'static str {
    match kind {
        Kind::Unit(unit, _) if *unit != Unit::ByRequest => own_unit(*unit).map_or("", unit_word),
        _ => facts.says.unit.map_or("", unit_word),
    }
}

/// The documented unit that a unit off base is.
pub fn own_unit(unit: Unit) -> Option<kiwoom_spec::describe::Unit> {
    use kiwoom_spec::describe::Unit as Word;
    Some(match unit {
        Unit::ThousandWon => Word::ThousandWon,
        Unit::MillionWon => Word::MillionWon,
        Unit::TenMillionWon => Word::TenMillionWon,
        Unit::HundredMillionWon => Word::HundredMillionWon,
        Unit::HundredShares => Word::HundredShare,
        Unit::MillionShares => Word::MillionShare,
        Unit::ThousandShares => Word::ThousandShare,
        Unit::TenThousandShares => Word::TenThousandShare,
        Unit::ThousandUsd => Word::ThousandUsd,
        Unit::TenThousandWon => Word::TenThousandWon,
        Unit::TenThousandUsd => Word::TenThousandUsd,
        Unit::ThousandGrams => Word::ThousandGram,
        Unit::ByRequest => return None,
    })
}

/// A layout as it is written everywhere: `YYYYMMDD`.
pub fn layout(format: Format) -> &'static str {
    crate::lower::docs::format_word(format)
}

/// `AtLeast5K` is `At least 5K`, `StockDailyChart` is `Stock daily chart`, `domestic` is `Domestic`.
pub fn sentence(name: &str) -> String {
    let mut out = String::new();
    for word in split(name) {
        if out.is_empty() {
            out.push_str(&acronym(word).unwrap_or_else(|| first_upper(word)));
            continue;
        }
        out.push(' ');
        let plain = word.bytes().skip(1).all(|b| b.is_ascii_lowercase()) && word.len() > 1;
        out.push_str(&acronym(word).unwrap_or_else(|| if plain { word.to_ascii_lowercase() } else { word.to_owned() }));
    }
    out
}

/// Words of our names that are written in capitals in prose.
const ACRONYMS: [&str; 31] = [
    "amex", "ecn", "els", "elw", "etf", "etn", "fok", "ioc", "kb", "konex", "kosdaq", "kospi", "krw", "krx", "lp",
    "nasdaq", "nav", "nxt", "nyse", "otc", "otcbb", "pbr", "reit", "roe", "rp", "sor", "spac", "twap", "us", "usd",
    "vwap",
];

/// `Etf` is `ETF`, `Etfs` is `ETFs`.
fn acronym(word: &str) -> Option<String> {
    let small = word.to_ascii_lowercase();
    let known = |text: &str| ACRONYMS.contains(&text);
    match small.strip_suffix('s') {
        _ if known(&small) => Some(word.to_ascii_uppercase()),
        Some(one) if known(one) => Some(one.to_ascii_uppercase() + "s"),
        _ => None,
    }
}

fn first_upper(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

/// Words of a name: they begin at an upper-case letter after a small one, and at a digit after a letter.
fn split(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let begins = |i: usize| {
        let (before, here) = (bytes[i - 1], bytes[i]);
        let next_small = bytes.get(i + 1).is_some_and(u8::is_ascii_lowercase);
        here.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit() && next_small
                || before.is_ascii_uppercase() && next_small)
            || here.is_ascii_digit() && before.is_ascii_lowercase()
    };
    let mut at = 0;
    let mut out = Vec::new();
    for i in (1..bytes.len()).filter(|i| name.is_char_boundary(*i)) {
        if bytes[i] == b'_' || begins(i) {
            out.push(&name[at..i]);
            at = i + usize::from(bytes[i] == b'_');
        }
    }
    out.push(&name[at..]);
    out.retain(|w| !w.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, want) in [
            ("StockDailyChart", "Stock daily chart"),
            ("AtLeast5K", "At least 5K"),
            ("UsExchange", "US exchange"),
            ("LimitIoc", "Limit IOC"),
            ("DomesticEtfs", "Domestic ETFs"),
            ("us", "US"),
            ("ETFList", "ETF list"),
            ("ProgramNetBuyTop50", "Program net buy top 50"),
            ("From1To5", "From 1 to 5"),
            ("short_selling", "Short selling"),
            ("domestic", "Domestic"),
            ("0_5", "0 5"),
            ("", ""),
        ] {
            assert_eq!(sentence(name), want);
        }
    }
}
