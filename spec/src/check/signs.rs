//! Which change a sign code belongs to: 전일대비기호 holds the sign of 전일대비.
//!
//! Knows labels only. The identities use it to read the documents' rows, the generator to make pairs.

use crate::names::labels::bare;

/// Whether the code labelled `sign` is the one of the number labelled `change`.
pub fn is_sign_of(sign: &str, change: &str) -> bool {
    let (sign, change) = (bare(sign), bare(change));
    // 전일대비(원)
    let change = change.split('(').next().unwrap_or_default();
    // the mark of a second set of the same fields: 전일대비기호n, 전일대비n
    let second = |label: &'_ str| label.strip_suffix('n').filter(|rest| !rest.is_ascii()).map(str::to_owned);
    let (sign, change) = match (second(&sign), second(change)) {
        (Some(sign), Some(change)) => (sign, change),
        (None, None) => (sign, change.to_owned()),
        _ => return false,
    };
    let Some(stem) = ["기호", "부호", "구분", "sign"].iter().find_map(|word| sign.strip_suffix(word)) else {
        return false;
    };
    let against_yesterday = change.strip_suffix("전일대비");
    match stem {
        // nothing says whose sign it is: the change of the row
        "" | "등락" => change == "전일대비",
        _ if change == stem => !change.is_empty(),
        // 대비기호 of 전일대비, 추적대비기호 of 추적전일대비
        _ => against_yesterday.is_some() && stem.strip_suffix("대비") == against_yesterday,
    }
}

/// Whether the code labelled `sign` is the one of the rate labelled `rate`: 기준가대비부호 of 기준가대비등락률.
pub fn is_sign_of_rate(sign: &str, rate: &str) -> bool {
    let (sign, rate) = (bare(sign), bare(rate));
    let stem = ["기호", "부호"].iter().find_map(|word| sign.strip_suffix(word));
    let base = ["등락률", "등락율"].iter().find_map(|word| rate.strip_suffix(word));
    stem.zip(base).is_some_and(|(stem, base)| !stem.is_empty() && stem == base)
}

/// Whether the code labelled `sign` is the one of the move in a ranking labelled `change`: 순위등락부호 of 순위등락폭.
pub fn is_sign_of_rank(sign: &str, change: &str) -> bool {
    let (sign, change) = (bare(sign), bare(change));
    let Some(stem) = ["기호", "부호"].iter().find_map(|word| sign.strip_suffix(word)) else { return false };
    match change.strip_prefix(stem) {
        Some(rest) if stem.ends_with("순위등락") => rest.is_empty() || rest == "폭",
        // nothing says whose sign it is, and nothing else of the row moves up and down by itself
        _ => stem == "등락" && change.contains("순위변화"),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_sign_of, is_sign_of_rank, is_sign_of_rate};

    #[test]
    fn a_sign_code_finds_its_move_in_a_ranking() {
        for (sign, change, want) in [
            ("순위 등락 부호", "순위 등락", true),
            ("순위등락부호", "순위등락폭", true),
            ("키움상위순위등락부호", "키움상위 순위등락폭", true),
            ("등락부호", "직전대비 순위변화값", true),
            ("등락부호", "종목순위", false),
            ("순위등락부호", "순위", false),
            ("기준가대비 부호", "직전대비 순위변화값", false),
        ] {
            assert_eq!(is_sign_of_rank(sign, change), want, "{sign}, {change}");
        }
    }

    #[test]
    fn a_sign_code_finds_its_rate() {
        assert!(is_sign_of_rate("기준가대비 부호", "기준가대비 등락률"));
        assert!(is_sign_of_rate("직전 기준 대비 부호", "직전 기준 대비 등락율"));
        assert!(!is_sign_of_rate("기준가대비 부호", "직전기준대비 등락률"));
        assert!(!is_sign_of_rate("부호", "등락률"), "says the sign of the change beside it");
    }

    #[test]
    fn a_sign_code_finds_its_change() {
        for (sign, change, want) in [
            ("전일대비기호", "전일대비", true),
            ("전일 대비 기호", "전일대비(원)", true),
            ("대비기호", "전일대비", true),
            ("등락부호", "전일대비", true),
            ("부호", "전일대비", true),
            ("sign", "전일대비", true),
            ("대비구분", "전일대비", true),
            ("추적대비기호", "추적전일대비", true),
            ("추적대비기호", "전일대비", false),
            ("대비기호", "추적전일대비", false),
            ("예상체결가전일대비기호", "예상체결가전일대비", true),
            ("예상체결가전일대비기호", "전일대비", false),
            ("전일대비기호n", "전일대비n", true),
            ("전일대비기호n", "전일대비", false),
            ("정규장대비기호", "정규장대비", true),
            ("기준가대비부호", "기준가대비등락율", false),
            ("전일대비", "전일대비", false),
        ] {
            assert_eq!(is_sign_of(sign, change), want, "{sign} {change}");
        }
    }
}
