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

#[cfg(test)]
mod tests {
    use super::*;

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
