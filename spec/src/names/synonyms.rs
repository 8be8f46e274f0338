//! `spec/names/synonyms.toml`: words that traders search for, and the APIs that answer.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    /// Words with an answer.
    #[serde(default)]
    pub synonym: Vec<Synonym>,
    /// Words without one.
    #[serde(default)]
    pub nothing: Vec<Nothing>,
}

/// A word and its APIs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonym {
    /// The word, with its blanks.
    pub ko: String,
    /// The APIs that answer, the first one first.
    pub api: Vec<String>,
}

/// A word that no API answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {
    /// The word.
    pub ko: String,
    /// What a reader must know, a sentence.
    pub says: String,
}

impl Synonyms {
    /// The words for an API: as written, and without blanks.
    pub fn of(&self, api: &str) -> Vec<String> {
        let mut out = Vec::new();
        for row in self.synonym.iter().filter(|row| row.api.iter().any(|id| id == api)) {
            out.push(row.ko.clone());
            out.push(row.ko.replace(' ', ""));
        }
        out.dedup();
        out
    }

    /// Words with an id that no document has.
    pub fn strays(&self, known: impl Fn(&str) -> bool) -> Vec<String> {
        let words = self.synonym.iter().flat_map(|row| row.api.iter().map(move |id| (&row.ko, id)));
        words
            .filter(|(_, id)| !known(id))
            .map(|(ko, id)| format!("{ko:?} leads to {id}, which is in no document"))
            .collect()
    }

    /// Rows that lead nowhere or stand twice.
    pub fn slips(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut seen = BTreeSet::new();
        let words = self.synonym.iter().map(|row| &row.ko).chain(self.nothing.iter().map(|row| &row.ko));
        out.extend(words.filter(|ko| !seen.insert(ko.replace(' ', ""))).map(|ko| format!("{ko:?} stands twice")));
        for row in &self.synonym {
            if row.api.is_empty() {
                out.push(format!("{:?} leads nowhere", row.ko));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_with_and_without_its_blanks() {
        let table: Synonyms = toml::from_str(
            r#"
[[synonym]]
ko = "거래량 급증"
api = ["ka10023", "zz99"]
[[nothing]]
ko = "거래량급증"
says = "Nothing."
"#,
        )
        .unwrap();
        assert_eq!(table.of("ka10023"), ["거래량 급증", "거래량급증"]);
        assert!(table.of("ka10024").is_empty());
        assert_eq!(table.slips(), [r#""거래량급증" stands twice"#]);
        let strays = table.strays(|id| id == "ka10023");
        assert_eq!(strays, [r#""거래량 급증" leads to zz99, which is in no document"#]);
    }
}
