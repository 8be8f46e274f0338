//! Names of numeric labels: one grammar for amounts, bounds, ranges and times. The head of `codes.toml` describes it.

use crate::names::labels::bare;

/// The name of a numeric label: `5천주이상` is `AtLeast5K`.
pub fn numeric(label: &str) -> Option<String> {
    let bare = bare(label);
    for (word, name) in [("이상", "AtLeast"), ("초과", "Above"), ("이하", "UpTo"), ("미만", "Under")] {
        if let Some(rest) = bare.strip_suffix(word) {
            let (amount, percent) = amount_with_unit(rest)?;
            return Some(format!("{name}{amount}{}", if percent { "Percent" } else { "" }));
        }
    }
    if let Some((from, to)) = bare.split_once('~') {
        let ((from, a), (to, b)) = (amount_with_unit(from)?, amount_with_unit(to)?);
        return Some(format!("From{from}To{to}{}", if a || b { "Percent" } else { "" }));
    }
    if let Some(rest) = bare.strip_suffix('주') {
        return amount(rest).map(|n| format!("AtLeast{n}"));
    }
    if let Some(rest) = bare.strip_suffix('%') {
        return digits(rest).map(|n| format!("Percent{n}"));
    }
    let bare = bare.strip_suffix('전').unwrap_or(&bare);
    let words = [
        ("초", "Seconds"),
        ("시간", "Hours"),
        ("분", "Minutes"),
        ("일", "Days"),
        ("개월", "Months"),
        ("달", "Months"),
        ("년", "Years"),
        ("틱", "Ticks"),
    ];
    words.iter().find_map(|(word, name)| {
        let number = bare.strip_suffix(word)?;
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| format!("{name}{number}"))
    })
}

fn amount_with_unit(text: &str) -> Option<(String, bool)> {
    if let Some(number) = text.strip_suffix('%') {
        return digits(number).map(|n| (n, true));
    }
    let bare = text.strip_suffix("USD").or_else(|| text.strip_suffix(['원', '주'])).unwrap_or(text);
    amount(bare).map(|n| (n, false))
}

/// `0.50` is `0_5`.
fn digits(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}_{fraction}") })
}

/// `5천` is `5K`, `10만` is `100K`, `백만` is `1M`.
fn amount(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, scales) = text.split_at(end);
    if text.is_empty() {
        return None;
    }
    if number.contains('.') {
        return if scales.is_empty() { digits(number) } else { None };
    }
    let mut value: u64 = if number.is_empty() { 1 } else { number.parse().ok()? };
    for scale in scales.chars() {
        let factor = match scale {
            '십' => 10,
            '백' => 100,
            '천' => 1_000,
            '만' => 10_000,
            '억' => 100_000_000,
            _ => return None,
        };
        value = value.checked_mul(factor)?;
    }
    let suffixes = [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")];
    let exact = suffixes.iter().find(|(n, _)| value > 0 && value.is_multiple_of(*n));
    Some(exact.map_or_else(|| value.to_string(), |(n, suffix)| format!("{}{suffix}", value / n)))
}

/// A label of a name that this grammar knows: `AtLeast5K` is `5천 이상`. The unit is left out, because the name has none.
pub fn korean(name: &str) -> Option<String> {
    let (bare, percent) = match name.strip_suffix("Percent") {
        Some(bare) => (bare, "%"),
        None => (name, ""),
    };
    let amount = |text: &str| amount_in_korean(text).map(|amount| format!("{amount}{percent}"));
    for (name, word) in [("AtLeast", "이상"), ("Above", "초과"), ("UpTo", "이하"), ("Under", "미만")] {
        if let Some(rest) = bare.strip_prefix(name) {
            return Some(format!("{} {word}", amount(rest)?));
        }
    }
    if let Some((from, to)) = bare.strip_prefix("From").and_then(|rest| rest.split_once("To")) {
        return Some(format!("{} ~ {}", amount(from)?, amount(to)?));
    }
    let words = [
        ("Percent", "%"),
        ("Seconds", "초"),
        ("Minutes", "분"),
        ("Hours", "시간"),
        ("Days", "일"),
        ("Months", "개월"),
        ("Years", "년"),
        ("Ticks", "틱"),
    ];
    words.iter().find_map(|(word, unit)| {
        let number = name.strip_prefix(word)?.replace('_', ".");
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
            .then(|| format!("{number}{unit}"))
    })
}

/// `5K` is `5천`, `100K` is `10만`, `3B` is `30억`.
fn amount_in_korean(text: &str) -> Option<String> {
    let (digits, factor) = match text.strip_suffix(['K', 'M', 'B']) {
        Some(digits) if text.ends_with('K') => (digits, 1_000),
        Some(digits) if text.ends_with('M') => (digits, 1_000_000),
        Some(digits) => (digits, 1_000_000_000),
        None => (text, 1),
    };
    if let Some((whole, fraction)) = digits.split_once('_').filter(|_| factor == 1) {
        let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        return (plain(whole) && plain(fraction)).then(|| format!("{whole}.{fraction}"));
    }
    let value = digits.parse::<u64>().ok()?.checked_mul(factor)?;
    let scales = [(100_000_000, "억"), (10_000, "만"), (1_000, "천")];
    let exact = scales.iter().find(|(n, _)| value > 0 && value.is_multiple_of(*n));
    Some(exact.map_or_else(|| value.to_string(), |(n, scale)| format!("{}{scale}", value / n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The label of a name is read as that name again.
    #[test]
    fn a_name_has_a_label() {
        for (name, label) in [
            ("AtLeast5K", "5천 이상"),
            ("AtLeast10K", "1만 이상"),
            ("AtLeast150K", "15만 이상"),
            ("AtLeast1M", "100만 이상"),
            ("AtLeast300M", "3억 이상"),
            ("AtLeast10B", "100억 이상"),
            ("AtLeast0", "0 이상"),
            ("Above50", "50 초과"),
            ("Under1K", "1천 미만"),
            ("UpTo20", "20 이하"),
            ("From1KTo2K", "1천 ~ 2천"),
            ("From10To20", "10 ~ 20"),
            ("AtLeast5Percent", "5% 이상"),
            ("Percent0_5", "0.5%"),
            ("Days20", "20일"),
            ("Months1", "1개월"),
            ("Hours1", "1시간"),
            ("Ticks30", "30틱"),
        ] {
            assert_eq!(korean(name).as_deref(), Some(label), "{name}");
            assert_eq!(numeric(label).as_deref(), Some(name), "{label}");
        }
        for name in ["Kospi", "All", "Days", "AtLeast", "AtLeastX", "FromTo", "Percent", "DaysOff"] {
            assert_eq!(korean(name), None, "{name}");
        }
    }

    #[test]
    fn numeric_labels_have_one_grammar() {
        for (label, want) in [
            ("5천주이상", "AtLeast5K"),
            ("만주이상", "AtLeast10K"),
            ("백만주이상", "AtLeast1M"),
            ("10만주 이상", "AtLeast100K"),
            ("1천원미만", "Under1K"),
            ("1천원~2천원", "From1KTo2K"),
            ("5천원~1만원", "From5KTo10K"),
            ("100억이상", "AtLeast10B"),
            ("5%이상", "AtLeast5Percent"),
            ("5미만", "Under5"),
            ("10~20", "From10To20"),
            ("0.5%", "Percent0_5"),
            ("0.50%", "Percent0_5"),
            ("5일", "Days5"),
            ("20일전", "Days20"),
            ("15분", "Minutes15"),
            ("30초", "Seconds30"),
            ("1시간", "Hours1"),
            ("3틱", "Ticks3"),
            ("6개월", "Months6"),
            ("1년", "Years1"),
            ("5천주", "AtLeast5K"),
            ("0주이상", "AtLeast0"),
        ] {
            assert_eq!(numeric(label).as_deref(), Some(want), "{label}");
        }
        for label in ["이상", "주", "분전", "증100%", "60%감면", "전체", "", "보통"] {
            assert_eq!(numeric(label), None, "{label}");
        }
    }
}
