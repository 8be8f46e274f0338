//! What a Korean label says in English, word by word, for the docs.

use super::Glossary;

/// No word is longer, in syllables.
const LONGEST: usize = 16;

impl Glossary {
    /// The label in English; `None` where the words do not cover it, or it has no Hangul to translate.
    pub fn gloss(&self, label: &str) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        let mut rest = label.trim();
        let mut translated = false;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_hangul(c) != is_hangul(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            match is_hangul(first) {
                true => {
                    words.extend(self.cover(run)?);
                    translated = true;
                }
                false => words.extend(run.split_whitespace().map(str::to_owned)),
            }
            rest = tail;
        }
        translated.then(|| capital(&join(&words)))
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
        plain().or_else(prefix).or_else(suffix).map(String::as_str)
    }
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// Words with blanks between them, but none inside of brackets and none before what closes.
fn join(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let tight = out.is_empty() || out.ends_with(['(', '[', '/', '<', '_', '{']);
        if !tight && !word.starts_with([')', ']', '/', '>', ',', '.', ':', '_', '}', '%']) {
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
        ];
        let words = words.map(|(ko, en)| (ko.to_owned(), en.to_owned())).into();
        let glossary = Glossary { words, ..Glossary::default() };
        let gloss = |label: &str| glossary.gloss(label);
        assert_eq!(gloss("매도호가").as_deref(), Some("Ask price"));
        assert_eq!(gloss("매도호가잔량1").as_deref(), Some("Ask price depth 1"));
        assert_eq!(gloss("총잔량(매도)").as_deref(), Some("Total depth (sell)"));
        assert_eq!(gloss("호가명").as_deref(), Some("Quote name"));
        assert_eq!(gloss("52 주").as_deref(), Some("52 week"));
        // one syllable inside of a longer run says nothing, and a label of which a word is unknown stays as it is
        assert_eq!(gloss("주최고가"), None);
        assert_eq!(gloss("잔량총"), None);
        assert_eq!(gloss("모름"), None);
        assert_eq!(gloss("NAV"), None);
    }
}
