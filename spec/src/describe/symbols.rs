//! Forms of a stock code, and values that are JSON: structured texts whose colons do not mark codes.

use super::facts::{Facts, Symbol};
use super::text::{Text, is_word};

/// Reads and blanks venue suffixes, prefix letters and JSON objects.
pub fn read(text: &mut Text, facts: &mut Facts) {
    keys(text, facts);
    if suffixes(text) {
        facts.symbol.push(Symbol::VenueSuffix);
    }
    if prefixes(text) {
        facts.symbol.push(Symbol::TypePrefix);
    }
}

/// `(KRX:039490,NXT:039490_NX,SOR:039490_AL)`: six characters and the suffix of a venue.
fn suffixes(text: &mut Text) -> bool {
    let mut found = false;
    for word in ["_NX", "_AL"] {
        for i in text.all(word) {
            let code = i.saturating_sub(6)..i;
            if code.len() < 6
                || text.gone(i)
                || !text.chars()[code.clone()].iter().all(char::is_ascii_alphanumeric)
                || is_word(text.before(code.start))
                || is_word(text.at(Some(i + 3)))
            {
                continue;
            }
            let start = text.since(i, &['(', '\n'], 64);
            let end = text.until(i, &[')', '\n']);
            text.mask(start..end);
            found = true;
        }
    }
    found
}

/// `접두어(A: 주식 / J: ELW / Q: ETN)`: letters before the code, not values.
fn prefixes(text: &mut Text) -> bool {
    let mut found = false;
    for i in text.all("접두어") {
        if text.gone(i) {
            continue;
        }
        let open = text.skip_blanks(i + 3);
        let end = text.until(open, &[')', '\n']);
        if text.at(Some(open)) == '(' && text.chars()[open..end].contains(&':') {
            text.mask(open..end + 1);
            found = true;
        }
    }
    found
}

/// `[{"jmcode":"NVDA", "stex_tp":"ND"}]`: what stands in quotation marks before a colon.
fn keys(text: &mut Text, facts: &mut Facts) {
    let Some(open) = text.find("{", 0) else {
        return;
    };
    let Some(close) = text.chars().iter().rposition(|&c| c == '}').filter(|&c| c > open) else {
        return;
    };
    let mut start = None;
    for i in open..close {
        if !matches!(text.at(Some(i)), '"' | '\'') {
            continue;
        }
        let Some(from) = start.take() else {
            start = Some(i + 1);
            continue;
        };
        let key = text.string(from..i);
        if text.at(Some(text.skip_blanks(i + 1))) == ':'
            && !key.is_empty()
            && key.len() <= 32
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !facts.keys.contains(&key)
        {
            facts.keys.push(key);
        }
    }
    text.mask(open..close + 1);
}
