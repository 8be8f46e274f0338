//! What a Korean label says in English, word by word, for the docs.

use super::Glossary;

/// No word is longer, in syllables.
const LONGEST: usize = 16;

impl Glossary {
    /// The label in English; `None` where the words do not cover it, or it has no Hangul to translate.
    pub fn gloss(&self, label: &str) -> Option<String> {
        if !label.contains(is_hangul) {
            return None;
        }
        let bare: String = label.split_whitespace().collect();
        let said = self.whole(&bare).or_else(|| self.runs(&bare)).or_else(|| self.runs(label))?;
        Some(capital(&said))
    }

    /// A label that stands in the table as it is, or with `#` for each of its numbers.
    fn whole(&self, bare: &str) -> Option<String> {
        if let Some(said) = self.words.get(bare) {
            return Some(said.clone());
        }
        let mut pattern = String::new();
        let mut numbers = Vec::new();
        let mut rest = bare;
        while let Some(first) = rest.chars().next() {
            let digits = |c: char| c.is_ascii_digit();
            let end = rest.find(|c| digits(c) != digits(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            if digits(first) {
                pattern.push('#');
                numbers.push(run);
            } else {
                pattern.push_str(run);
            }
            rest = tail;
        }
        let said = self.words.get(&pattern).filter(|_| !numbers.is_empty())?;
        Some(numbers.iter().fold(said.clone(), |said, number| said.replacen('#', number, 1)))
    }

    /// A label run by run: Hangul by the words, the rest as it is.
    fn runs(&self, label: &str) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        let mut rest = label.trim();
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_hangul(c) != is_hangul(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            if is_hangul(first) {
                words.extend(self.cover(run)?);
            } else {
                words.extend(
                    run.split(|c: char| c.is_whitespace() || c == '_').filter(|w| !w.is_empty()).map(str::to_owned),
                );
            }
            rest = tail;
        }
        Some(join(&adverbs_last(words)))
    }

    /// The fewest words that cover a run of Hangul.
    fn cover(&self, run: &str) -> Option<Vec<String>> {
        let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let last = starts.len() - 1;
        // Where a cover ends: how many words it has, where its last word begins, and that word.
        let mut best: Vec<Option<(usize, usize, &str)>> = vec![None; last + 1];
        best[0] = Some((0, 0, ""));
        for from in 0..last {
            let Some((words, ..)) = best[from] else { continue };
            for to in from + 1..=last.min(from + LONGEST) {
                let Some(word) = self.word(&run[starts[from]..starts[to]], from == 0, to == last) else { continue };
                if best[to].is_none_or(|(known, ..)| known > words + 1) {
                    best[to] = Some((words + 1, from, word));
                }
            }
        }
        let mut out = Vec::new();
        let mut at = last;
        while at > 0 {
            let (_, from, word) = best[at]?;
            out.push(word.to_owned());
            at = from;
        }
        out.reverse();
        Some(out)
    }

    /// A word where it stands: one syllable counts only as a whole run, or as what the table marks it for.
    fn word(&self, text: &str, first: bool, last: bool) -> Option<&str> {
        let plain = || (text.chars().count() > 1 || first && last).then(|| self.words.get(text)).flatten();
        let prefix = || (first && !last).then(|| self.words.get(&format!("{text}-"))).flatten();
        let suffix = || (last && !first).then(|| self.words.get(&format!("-{text}"))).flatten();
        prefix().or_else(suffix).or_else(plain).map(String::as_str)
    }
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// Korean says first by whom, when and against what (종목별, 기간중, 장전); English says it last, but before brackets and numbers. What
/// is on top (상위) it says first.
fn adverbs_last(words: Vec<String>) -> Vec<String> {
    const ADVERBS: [&str; 7] = ["by ", "at ", "during ", "within ", "before the ", "after the ", "without "];
    let noun = |word: &String| word.starts_with(|c: char| c.is_alphabetic());
    let mut out = Vec::new();
    for part in words.chunk_by(|a, b| noun(a) == noun(b)) {
        let (last, mut first): (Vec<String>, Vec<String>) =
            part.iter().cloned().partition(|word| ADVERBS.iter().any(|a| word.starts_with(a)));
        if first.last().is_some_and(|word| word == "top") {
            first.rotate_right(1);
        }
        out.extend(first);
        out.extend(last);
    }
    out
}

/// Words with blanks between them, but none inside of brackets and none before what closes.
fn join(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let tight = out.is_empty() || out.ends_with(['(', '[', '/', '<', '{']);
        if !tight && !word.starts_with([')', ']', '/', '>', ',', '.', ':', '}', '%']) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_word_by_word() {
        let words = [
            ("매도", "sell"),
            ("호가", "quote"),
            ("매도호가", "ask price"),
            ("잔량", "depth"),
            ("주", "week"),
            ("최고가", "highest price"),
            ("총-", "total"),
            ("-명", "name"),
            ("당일", "today"),
            ("당일-", "today's"),
            ("종목별", "by stock"),
            ("상위", "top"),
            ("대비", "change"),
            ("기준가대비", "change against the base price"),
            ("기준가", "base price"),
            ("매도/수", "sell or buy"),
            ("매도#호가", "ask price at level #"),
        ];
        let words = words.map(|(ko, en)| (ko.to_owned(), en.to_owned())).into();
        let glossary = Glossary { words, ..Glossary::default() };
        let gloss = |label: &str| glossary.gloss(label);
        assert_eq!(gloss("매도호가").as_deref(), Some("Ask price"));
        assert_eq!(gloss("매도호가잔량1").as_deref(), Some("Ask price depth 1"));
        assert_eq!(gloss("총잔량(매도)").as_deref(), Some("Total depth (sell)"));
        assert_eq!(gloss("호가명").as_deref(), Some("Quote name"));
        assert_eq!(gloss("52 주").as_deref(), Some("52 week"));
        // a row with the whole label is stronger than its parts; `#` stands for a number
        assert_eq!(gloss("매도/수").as_deref(), Some("Sell or buy"));
        assert_eq!(gloss("매도10호가").as_deref(), Some("Ask price at level 10"));
        // blanks say nothing, except where a syllable is a word only by itself
        assert_eq!(gloss("기준가 대비").as_deref(), Some("Change against the base price"));
        assert_eq!(gloss("당일_호가 주").as_deref(), Some("Today quote week"));
        // whose, before a noun; by what, behind it
        assert_eq!(gloss("당일호가").as_deref(), Some("Today's quote"));
        assert_eq!(gloss("종목별잔량상위(매도)").as_deref(), Some("Top depth by stock (sell)"));
        // one syllable inside of a longer run says nothing, and a label of which a word is unknown stays as it is
        assert_eq!(gloss("주최고가"), None);
        assert_eq!(gloss("잔량총"), None);
        assert_eq!(gloss("모름"), None);
        assert_eq!(gloss("NAV"), None);
    }
}
