//! `spec/errata.toml`: its rows and their checks.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::problem::{Problem, bad_table};

/// One row of `spec/errata.toml`.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The API.
    pub api: String,
    /// `response.list.field`, `request.field`, or `response` for the whole side; `response#2` is its second form.
    pub at: String,
    /// What kind of mistake.
    pub op: Op,
    /// What the document says.
    pub was: String,
    /// What is right.
    pub now: String,
    /// How we know.
    pub why: String,
    /// In which documents it was seen.
    pub seen: String,
}

/// The kinds of mistake.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// `now` is another spelling of the key.
    Alias,
    /// The Type word.
    Type,
    /// The unit; `none` where the document has none or ours must not claim one.
    Unit,
    /// Digits behind the removed decimal point; `0` for none.
    Scale,
    /// The role of the sign: true, direction, side, decoration, code.
    Sign,
    /// The Length number.
    Length,
    /// The code list, `code=label | code=label`.
    Codes,
    /// The value that is always sent; `none` for no fixed value.
    Fixed,
    /// The Required word.
    Required,
    /// What an unset request field sends: omit or blank.
    Unset,
    /// A field that the document lacks: `now` is its key, `at` its container.
    Add,
    /// A field that does not exist.
    Remove,
    /// The field belongs to the container `now`.
    Parent,
    /// The field belongs to the message form number `now`.
    Message,
    /// The example of this side shows something else.
    DistrustExample,
    /// `now` means 'nothing'. Only the midnight of times, `000000`: zeros of prices and dates are nothing anyway, and
    /// numbers that stand for none are told by themselves.
    Sentinel,
    /// The rows are arrays; `now` gives the keys of their positions, separated by commas.
    Order,
    /// The kind, in the words of `spec/names/labels.toml`.
    Kind,
    /// The request parameter that chooses the unit.
    UnitBy,
    /// A form of stock codes that the text does not mention: `type-prefix`.
    Symbol,
}

impl Fix {
    /// Where it stands in our table.
    pub(super) fn place(&self) -> String {
        format!("spec/errata.toml:{} {}", self.api, self.at)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixFile {
    #[serde(default)]
    fix: Vec<FixRow>,
}

/// A fix as it is written: one mistake may stand in several places of an API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixRow {
    api: String,
    at: Places,
    op: Op,
    #[serde(default)]
    was: String,
    #[serde(default)]
    now: String,
    why: String,
    seen: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Places {
    One(String),
    Many(Vec<String>),
}

impl FixRow {
    fn fixes(self) -> Vec<Fix> {
        let FixRow { api, at, op, was, now, why, seen } = self;
        let places = match at {
            Places::One(at) => vec![at],
            Places::Many(places) => places,
        };
        let fix = |at| Fix {
            api: api.clone(),
            at,
            op,
            was: was.clone(),
            now: now.clone(),
            why: why.clone(),
            seen: seen.clone(),
        };
        places.into_iter().map(fix).collect()
    }
}

/// Reads `spec/errata.toml`.
///
/// # Errors
/// What cannot be read, and fixes that contradict each other.
pub fn parse(text: &str) -> Result<Vec<Fix>, Vec<Problem>> {
    let file: FixFile = toml::from_str(text).map_err(|e| vec![bad_table("spec/errata.toml", text, &e)])?;
    let fixes: Vec<Fix> = file.fix.into_iter().flat_map(FixRow::fixes).collect();
    let mut seen: BTreeMap<(&str, &str, Op), &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for fix in &fixes {
        if let Some(first) = seen.insert((&fix.api, &fix.at, fix.op), &fix.now) {
            let what = format!("{:?} is fixed twice: to {first:?} and to {:?}", fix.op, fix.now);
            problems.push(Problem::error("contradictory-errata", fix.place(), what, "keep one of the two"));
        }
        if fix.why.trim().is_empty() {
            problems.push(Problem::error(
                "no-evidence",
                fix.place(),
                "the fix gives no reason",
                "say in `why` how we know",
            ));
        }
    }
    if problems.is_empty() { Ok(fixes) } else { Err(problems) }
}
