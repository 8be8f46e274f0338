//! What people write for a meaning: its English name, a Korean label, a code.

use std::fmt;

use super::code::{CodeSet, Meanings};
use crate::Language;
use crate::language::{Both, both};

/// `korean` of every code enum.
#[doc(hidden)]
pub fn korean_of<C: CodeSet>(code: &C) -> &str {
    match code.index() {
        Some(index) => korean_at(C::MEANINGS, usize::from(index)),
        None => code.as_unlisted().unwrap_or_default(),
    }
}

fn korean_at(set: &'static Meanings, index: usize) -> &'static str {
    let label = set.korean.get(index).and_then(|labels| labels.first());
    label.or(set.names.get(index)).copied().unwrap_or_default()
}

/// `FromStr` of every code enum. The text of a person or a file, so it is strict: what has no meaning is an error.
#[doc(hidden)]
pub fn parse_code<C: CodeSet>(text: &str) -> Result<C, BadCode> {
    let index = parse_in(C::MEANINGS, text)?;
    C::from_index(index).ok_or_else(|| bad(C::MEANINGS, text, &[]))
}

fn parse_in(set: &'static Meanings, text: &str) -> Result<u8, BadCode> {
    match *find(set, text) {
        [index] => Ok(index),
        ref found => Err(bad(set, text, found)),
    }
}

#[cold]
fn bad(set: &'static Meanings, text: &str, found: &[u8]) -> BadCode {
    let names = set.names;
    let meanings = found.iter().filter_map(|index| names.get(usize::from(*index)).copied()).collect();
    BadCode { set: set.set, text: text.chars().take(40).collect(), names, meanings }
}

/// Every meaning that a text can have. A name that is written exactly has one.
fn find(set: &Meanings, text: &str) -> Vec<u8> {
    let text = &composed(text.trim_matches(is_nothing));
    let positions = || (0u8..).zip(set.names);
    if let Some((index, _)) = positions().find(|(_, name)| **name == text) {
        return vec![index];
    }
    let blankless = |text: &str| text.chars().filter(|c| !is_nothing(*c)).collect::<String>();
    let wanted = blankless(text);
    let mut found: Vec<u8> = positions().filter(|(_, n)| n.eq_ignore_ascii_case(text)).map(|(i, _)| i).collect();
    found.extend((0u8..).zip(set.korean).filter(|(_, l)| l.iter().any(|l| blankless(l) == wanted)).map(|(i, _)| i));
    found.extend(
        [set.spellings, set.disputed].into_iter().flatten().filter(|(code, _)| *code == text).map(|(_, index)| *index),
    );
    found.sort_unstable();
    found.dedup();
    found
}

/// Blanks, and what files and clipboards carry unseen: a byte order mark, characters without a width.
fn is_nothing(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// Hangul as syllables: file names and clipboards of some systems hold it as single letters (NFD).
fn composed(text: &str) -> String {
    // the arithmetic of Unicode: 19 leading consonants, 21 vowels, 27 trailing consonants
    let at = |c: char, first: u32, count: u32| u32::from(c).checked_sub(first).filter(|at| *at < count);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let last = out.chars().next_back();
        let syllable = last.and_then(|last| {
            if let (Some(lead), Some(vowel)) = (at(last, 0x1100, 19), at(c, 0x1161, 21)) {
                return char::from_u32(0xac00 + (lead * 21 + vowel) * 28);
            }
            let open = at(last, 0xac00, 11_172).filter(|at| at % 28 == 0)?;
            char::from_u32(0xac00 + open + at(c, 0x11a8, 27)? + 1)
        });
        if syllable.is_some() {
            out.pop();
        }
        out.push(syllable.unwrap_or(c));
    }
    out
}

/// A text that is not one meaning of a set: it has none, or the fields of the set do not agree about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCode {
    set: &'static str,
    text: String,
    names: &'static [&'static str],
    meanings: Vec<&'static str>,
}

impl BadCode {
    /// What the text can mean; empty if nothing.
    pub fn meanings(&self) -> &[&'static str] {
        &self.meanings
    }

    /// The text in this language. `Display` is English.
    ///
    /// ```
    /// use kiwoom_api::Language;
    /// use kiwoom_api::value::Side;
    ///
    /// let error = "매매".parse::<Side>().unwrap_err();
    /// assert!(error.display(Language::Korean).to_string().contains("Buy, Sell"));
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.both().into_told(language)
    }

    fn both(&self) -> Both {
        let BadCode { set, text, names, meanings } = self;
        if meanings.is_empty() {
            let names = names.join(", ");
            return both!(
                "{text:?} is no {set}: expected {names} (or its Korean label, or its code)",
                "{text:?}: {set}에 없는 값입니다. {names} 가운데 하나를 쓰세요 (한글 이름이나 코드도 됩니다)"
            );
        }
        let meanings = Both::new(meanings.join(" or "), meanings.join(" 또는 "));
        both!(
            "{text:?} means {meanings} in different fields of {set}: write the name, or ask `record::meaning_in` for one field",
            "{text:?}: {set}의 항목마다 뜻이 다릅니다 ({meanings}). 이름을 쓰거나, `record::meaning_in`으로 한 항목의 뜻을 물으세요",
            meanings
        )
    }
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.both().fmt(f)
    }
}

impl std::error::Error for BadCode {}

#[cfg(test)]
mod tests {
    use super::composed;
    use crate::value::{Side, Venue};

    #[test]
    fn hangul_of_single_letters_is_that_of_syllables() {
        for (letters, syllables) in [
            ("\u{1106}\u{1162}\u{1109}\u{116e}", "매수"),
            ("\u{1110}\u{1169}\u{11bc}\u{1112}\u{1161}\u{11b8}", "통합"),
            ("\u{1100}", "\u{1100}"),
            ("a\u{1161}", "a\u{1161}"),
            ("합\u{11a8}", "합\u{11a8}"),
            ("매수 KRX", "매수 KRX"),
            ("", ""),
        ] {
            assert_eq!(composed(letters), syllables, "{letters:?}");
        }
        assert_eq!("\u{feff}\u{1106}\u{1162}\u{1109}\u{116e}\u{200b}".parse(), Ok(Side::Buy));
        assert_eq!("\u{1110}\u{1169}\u{11bc} \u{1112}\u{1161}\u{11b8}".parse(), Ok(Venue::Unified));
        assert_eq!("\u{feff}buy".parse(), Ok(Side::Buy));
        assert!("\u{feff}".parse::<Side>().is_err());
    }
}
