//! `spec/names/labels.toml`: what a Korean label means, with the instrument class of the API where it matters.
//!
//! The words of a description cannot tell a price from a change; the label can. Owns the matching of rows; decides no
//! Rust type.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

use crate::describe::Unit;

/// The table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Instrument class and the APIs of it; all others have the class of their market.
    #[serde(default)]
    pub class: BTreeMap<String, Vec<String>>,
    /// Currency of the amounts of an account, and the APIs or modules of the menu that report accounts in it.
    #[serde(default)]
    pub money: BTreeMap<String, Vec<String>>,
    /// Whose wall time the times of a class are.
    #[serde(default)]
    pub zone: Vec<Zone>,
    /// The rows.
    #[serde(default)]
    pub label: Vec<Label>,
    /// Rows by exact label, and the rows that are patterns.
    #[serde(skip)]
    index: Index,
}

/// Where to look for a label.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Class by API.
    class: HashMap<String, String>,
    /// Row numbers by exact label.
    exact: HashMap<String, Vec<usize>>,
    /// Patterns with their row numbers, the most precise first.
    patterns: Vec<(String, usize)>,
    /// Positions in `patterns` by last letter; those that end in a wildcard under `None`.
    endings: HashMap<Option<char>, Vec<usize>>,
    /// What `matching` found: thousands of fields share their labels, and each is asked about several times.
    asked: Asked,
}

/// Answers by label. A copy begins anew.
#[derive(Debug, Default)]
struct Asked(RwLock<HashMap<String, Arc<[usize]>>>);

impl Clone for Asked {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Index {
    /// The rows whose pattern matches, the most precise first.
    fn matching(&self, bare: &str) -> Arc<[usize]> {
        if let Some(rows) = self.asked.0.read().unwrap_or_else(PoisonError::into_inner).get(bare) {
            return Arc::clone(rows);
        }
        let rows: Arc<[usize]> = self.look(bare).into();
        let mut asked = self.asked.0.write().unwrap_or_else(PoisonError::into_inner);
        asked.insert(bare.to_owned(), Arc::clone(&rows));
        rows
    }

    fn look(&self, bare: &str) -> Vec<usize> {
        let ending = |last| self.endings.get(&last).map_or(&[][..], Vec::as_slice);
        let mut candidates = ending(None).to_vec();
        candidates.extend(bare.chars().next_back().map_or(&[][..], |last| ending(Some(last))));
        candidates.sort_unstable();
        let patterns = candidates.into_iter().map(|at| &self.patterns[at]);
        patterns.filter(|(ko, _)| matches(ko, bare)).map(|(_, row)| *row).collect()
    }
}

/// Whose wall time times are; the first row that holds counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Instrument class.
    pub class: String,
    /// APIs; none means all.
    #[serde(default)]
    pub api: Vec<String>,
    /// Labels without blanks; none means all.
    #[serde(default)]
    pub ko: Vec<String>,
    /// For the docs.
    pub says: String,
}

/// One row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Korean labels without blanks; `*` matches anything, `#` digits.
    pub ko: Vec<String>,
    /// What it means.
    pub role: Role,
    /// Only in these classes.
    #[serde(default)]
    pub class: Vec<String>,
    /// Only for these elements.
    #[serde(default)]
    pub key: Vec<String>,
    /// Only in these APIs.
    #[serde(default)]
    pub api: Vec<String>,
    /// Only in this direction.
    #[serde(default)]
    pub side: Option<String>,
    /// The unit that the label itself states.
    #[serde(default)]
    pub unit: Option<Unit>,
}

/// What a label says that a value is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A market price; its sign is a direction, 0 is none.
    Price,
    /// Plain money per unit.
    Average,
    /// A difference; its sign is true.
    Change,
    /// A percentage.
    Percent,
    /// A percentage whose sign is a direction.
    Ratio,
    /// A traded quantity whose sign is the side.
    Sided,
    /// A gross column whose sign is decoration.
    Gross,
    /// A whole number.
    Count,
    /// A quantity that may have decimals.
    Quantity,
    /// Money.
    Amount,
    /// Index points.
    Points,
    /// Another exact number.
    Number,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A time of day or a mark.
    Clock,
    /// Date and time.
    Datetime,
    /// A month.
    Month,
    /// A year.
    Year,
    /// A stock code of the market.
    StockCode,
    /// A sector or index code.
    IndexCode,
    /// A gold code.
    GoldCode,
    /// A US ticker.
    UsTicker,
    /// An order number.
    OrderNo,
    /// An account number.
    AccountNo,
    /// Another identifier.
    Id,
    /// A rank.
    Rank,
    /// A code.
    Code,
    /// Text.
    Text,
    /// The reason of something that may not have happened: `0` is none.
    Reason,
    /// A time of something that may not have happened: midnight is none.
    EventTime,
    /// Y or N.
    Flag,
    /// A key or token.
    Secret,
    /// Nine on/off digits.
    Mask,
}

/// A label without blanks: the form in which the tables hold it.
pub fn bare(label: &str) -> String {
    label.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The role of a word, as errata write it.
pub fn role(word: &str) -> Option<Role> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// API id.
    pub api: &'a str,
    /// `domestic`, `us`, `oauth`.
    pub market: &'a str,
    /// `request` or `response`.
    pub side: &'a str,
    /// Element.
    pub key: &'a str,
    /// 한글명.
    pub label: &'a str,
}

impl Labels {
    /// Reads the table.
    ///
    /// # Errors
    /// What TOML or a row says.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut labels: Labels = toml::from_str(text)?;
        for (i, row) in labels.label.iter().enumerate() {
            for ko in &row.ko {
                if ko.contains(['*', '#']) {
                    labels.index.patterns.push((ko.clone(), i));
                } else {
                    labels.index.exact.entry(ko.clone()).or_default().push(i);
                }
            }
        }
        for (class, apis) in &labels.class {
            for api in apis {
                labels.index.class.entry(api.clone()).or_insert_with(|| class.clone());
            }
        }
        // The longer pattern is the more precise one; equal ones keep the order of the file.
        labels.index.patterns.sort_by_key(|(ko, _)| std::cmp::Reverse(ko.chars().count()));
        for (at, (ko, _)) in labels.index.patterns.iter().enumerate() {
            let last = ko.chars().next_back().filter(|last| !matches!(last, '*' | '#'));
            labels.index.endings.entry(last).or_default().push(at);
        }
        Ok(labels)
    }

    /// The class of an API: its own, or the one of its market.
    pub fn class<'a>(&'a self, api: &str, market: &'a str) -> &'a str {
        let own = self.index.class.get(api).map(String::as_str);
        own.unwrap_or(if market == "domestic" { "stock" } else { market })
    }

    /// The currency in which an API reports an account.
    pub fn money(&self, api: &str, module: &str) -> Option<Unit> {
        let named = |list: &[String]| list.iter().any(|name| name == api || name == module);
        let (word, _) = self.money.iter().find(|(_, list)| named(list))?;
        serde_json::from_value(serde_json::Value::from(word.as_str())).ok()
    }

    /// What the docs of a time say of its zone.
    pub fn zone(&self, q: Question<'_>) -> Option<&str> {
        let (bare, class) = (bare(q.label), self.class(q.api, q.market));
        let any = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        let row = self.zone.iter().find(|row| row.class == class && any(&row.api, q.api) && any(&row.ko, &bare))?;
        Some(&row.says)
    }

    /// The row that says what a field is.
    pub fn find(&self, q: Question<'_>) -> Option<&Label> {
        let bare = bare(q.label);
        let class = self.class(q.api, q.market);
        let exact = self.index.exact.get(&bare).into_iter().flatten().map(|i| (*i, true));
        let matching = self.index.matching(&bare);
        let patterns = matching.iter().map(|i| (*i, false));
        let fits = |i: usize| {
            let row = &self.label[i];
            let any = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
            any(&row.class, class)
                && any(&row.key, q.key)
                && any(&row.api, q.api)
                && row.side.as_deref().is_none_or(|s| s == q.side)
        };
        let mut best: Option<(usize, (u8, bool))> = None;
        for (i, exact) in exact.chain(patterns) {
            let row = &self.label[i];
            let scope = if !row.api.is_empty() {
                3
            } else if !row.key.is_empty() {
                2
            } else {
                u8::from(!row.class.is_empty())
            };
            if fits(i) && best.is_none_or(|(_, b)| (scope, exact) > b) {
                best = Some((i, (scope, exact)));
            }
        }
        best.map(|(i, _)| &self.label[i])
    }
}

/// `*` is any run of characters, `#` a run of digits.
fn matches(pattern: &str, text: &str) -> bool {
    let wild = |text: &str| text.find(['*', '#']);
    let (literal, rest) = pattern.split_at(wild(pattern).unwrap_or(pattern.len()));
    let Some(text) = text.strip_prefix(literal) else { return false };
    let Some(mark) = rest.chars().next() else { return text.is_empty() };
    let rest = &rest[1..];
    match mark {
        '#' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            (1..=digits).rev().any(|n| matches(rest, &text[n..]))
        }
        // Nearly every pattern ends so; there are thousands of questions.
        _ if wild(rest).is_none() => text.ends_with(rest),
        _ => (0..=text.len()).filter(|i| text.is_char_boundary(*i)).any(|i| matches(rest, &text[i..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, want) in [
            ("매도#호가", "매도10호가", true),
            ("매도#호가", "매도호가", false),
            ("*일자", "최고가일자", true),
            ("*일자", "일자별", false),
            ("현재가", "현재가", true),
            ("현재가", "현재가격", false),
            ("*", "", true),
            ("*가", "가", true),
            ("매도*#차", "매도최우선2차", true),
            ("매도*#차", "매도최우선차", false),
            ("#", "12", true),
            ("#", "12가", false),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
    }

    #[test]
    fn the_more_precise_row_wins() {
        let labels = Labels::parse(
            r#"
[class]
index = ["ka20001"]
[[label]]
ko = ["*가"]
role = "average"
[[label]]
ko = ["현재가"]
role = "price"
[[label]]
ko = ["현재가"]
role = "points"
class = ["index"]
[[label]]
ko = ["현재가"]
role = "amount"
api = ["ka1"]
"#,
        )
        .unwrap();
        let ask = |api, label| {
            labels.find(Question { api, market: "domestic", side: "response", key: "cur_prc", label }).map(|l| l.role)
        };
        assert_eq!(ask("ka10001", "현재가"), Some(Role::Price));
        assert_eq!(ask("ka10001", "현 재가"), Some(Role::Price));
        assert_eq!(ask("ka20001", "현재가"), Some(Role::Points));
        assert_eq!(ask("ka1", "현재가"), Some(Role::Amount));
        assert_eq!(ask("ka1", "매입가"), Some(Role::Average));
        assert_eq!(ask("ka1", "수량"), None);
    }
}
