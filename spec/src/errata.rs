//! Where the document is wrong: hand-written fixes, each with its evidence, applied to the facts when code is made.
//!
//! Invariant: a fix is applied only while the document still says what the fix was written against.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::describe::{Symbol, Unit};
use crate::ir::{Api, Field, Shape, Side, Source, Spec};
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

/// A time that may stand for none.
const MIDNIGHT: &str = "000000";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fix: Vec<Row>,
}

/// A fix as it is written: one mistake may stand in several places of an API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
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

impl Row {
    fn fixes(self) -> Vec<Fix> {
        let Row { api, at, op, was, now, why, seen } = self;
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
    let file: File = toml::from_str(text).map_err(|e| vec![bad_table("spec/errata.toml", text, &e)])?;
    let fixes: Vec<Fix> = file.fix.into_iter().flat_map(Row::fixes).collect();
    let mut seen: BTreeMap<(&str, &str, Op), &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for fix in &fixes {
        if let Some(first) = seen.insert((&fix.api, &fix.at, fix.op), &fix.now) {
            let what = format!("{:?} is fixed twice: to {first:?} and to {:?}", fix.op, fix.now);
            problems.push(Problem::error("contradictory-errata", place(fix), what, "keep one of the two"));
        }
        if fix.why.trim().is_empty() {
            problems.push(Problem::error(
                "no-evidence",
                place(fix),
                "the fix gives no reason",
                "say in `why` how we know",
            ));
        }
    }
    if problems.is_empty() { Ok(fixes) } else { Err(problems) }
}

fn place(fix: &Fix) -> String {
    format!("spec/errata.toml:{} {}", fix.api, fix.at)
}

/// Applies the fixes; gives what could not be applied.
pub fn apply(spec: &Spec, fixes: &[Fix]) -> (Spec, Vec<Problem>) {
    let mut out = spec.clone();
    let mut problems = Vec::new();
    // Whole examples first: a field that only a distrusted example shows must not look like a fact to the others.
    let (first, rest): (Vec<&Fix>, Vec<&Fix>) = fixes.iter().partition(|f| f.op == Op::DistrustExample);
    for fix in first.into_iter().chain(rest) {
        let Some(api) = out.apis.get_mut(&fix.api) else {
            let fix_it = "keep it if an older document has it, else delete it";
            problems.push(Problem::note(
                "erratum-without-api",
                place(fix),
                format!("{} is in no document", fix.api),
                fix_it,
            ));
            continue;
        };
        if let Err(what) = apply_one(api, fix) {
            problems.push(match what {
                Stale::FixedUpstream => Problem::warning(
                    "erratum-fixed",
                    place(fix),
                    "the document now says the same",
                    "delete this erratum",
                ),
                Stale::SaysElse(now) => Problem::warning(
                    "erratum-stale",
                    place(fix),
                    format!(
                        "the document now says {now:?}, the erratum was written against {:?}; not applied",
                        fix.was
                    ),
                    "look at the evidence again",
                ),
                Stale::NotThere(near) => Problem::warning(
                    "erratum-nowhere",
                    place(fix),
                    format!("not in the document; there are: {near}"),
                    "mend the path, or delete the erratum",
                ),
                Stale::BadValue => Problem::error(
                    "bad-erratum",
                    place(fix),
                    format!("{:?} is no value for {:?}", fix.now, fix.op),
                    "see the head of spec/errata.toml",
                ),
            });
        }
    }
    (out, problems)
}

enum Stale {
    FixedUpstream,
    SaysElse(String),
    NotThere(String),
    BadValue,
}

fn apply_one(api: &mut Api, fix: &Fix) -> Result<(), Stale> {
    let (root, path) = fix.at.split_once('.').unwrap_or((&fix.at, ""));
    let (side, block) = root.split_once('#').unwrap_or((root, ""));
    let block: Option<usize> = block.parse::<usize>().ok().and_then(|b| b.checked_sub(1));
    let side = match side {
        "request" => &mut api.request,
        "response" => &mut api.response,
        _ => return Err(Stale::NotThere("request, response".to_owned())),
    };
    match fix.op {
        Op::DistrustExample => return distrust(side),
        Op::Message => return to_message(side, path, fix),
        _ => {}
    }
    let keys: Vec<&str> = path.split('.').filter(|k| !k.is_empty()).collect();
    let Some((last, parents)) = keys.split_last() else {
        if fix.op == Op::Add {
            return add(&mut first_block(side, block)?.fields, fix);
        }
        return Err(Stale::NotThere("name a field".to_owned()));
    };
    let fields = siblings(side, block, parents, last)?;
    let index = fields.iter().position(|f| f.key == **last).ok_or_else(|| Stale::NotThere(near(fields)))?;
    match fix.op {
        Op::Alias => alias(fields, index, fix),
        Op::Remove => {
            fields.remove(index);
            Ok(())
        }
        Op::Parent => {
            let field = fields.remove(index);
            let target = fields.iter_mut().find(|f| f.key == fix.now);
            match target {
                Some(parent) => {
                    parent.fields.push(field);
                    Ok(())
                }
                None => Err(Stale::NotThere(near(fields))),
            }
        }
        Op::Add => add(&mut fields[index].fields, fix),
        _ => set(&mut fields[index], fix),
    }
}

fn first_block(side: &mut Side, block: Option<usize>) -> Result<&mut crate::ir::Block, Stale> {
    side.blocks.get_mut(block.unwrap_or(0)).ok_or(Stale::NotThere("no such message form".to_owned()))
}

fn siblings<'a>(
    side: &'a mut Side,
    block: Option<usize>,
    parents: &[&str],
    last: &str,
) -> Result<&'a mut Vec<Field>, Stale> {
    let holds = |fields: &Vec<Field>| {
        let mut fields = fields;
        for key in parents {
            match fields.iter().find(|f| f.key == **key) {
                Some(f) => fields = &f.fields,
                None => return false,
            }
        }
        fields.iter().any(|f| f.key == last)
    };
    let all = near(side.blocks.first().map_or(&[], |b| &b.fields));
    let index = (0..side.blocks.len()).find(|&i| block.is_none_or(|b| b == i) && holds(&side.blocks[i].fields));
    let index = index.ok_or(Stale::NotThere(all))?;
    let mut fields = &mut side.blocks[index].fields;
    for key in parents {
        let at = fields.iter().position(|f| f.key == **key).unwrap_or(0);
        fields = &mut fields[at].fields;
    }
    Ok(fields)
}

fn near(fields: &[Field]) -> String {
    fields.iter().take(12).map(|f| f.key.as_str()).collect::<Vec<_>>().join(", ")
}

fn add(fields: &mut Vec<Field>, fix: &Fix) -> Result<(), Stale> {
    if fields.iter().any(|f| f.key == fix.now) {
        return Err(Stale::FixedUpstream);
    }
    fields.push(Field { key: fix.now.clone(), name: fix.was.clone(), source: Source::Example, ..Field::default() });
    Ok(())
}

/// The example's spelling and the table's become one field with the evidence of both.
fn alias(fields: &mut Vec<Field>, index: usize, fix: &Fix) -> Result<(), Stale> {
    let other = fields.iter().position(|f| f.key == fix.now && f.source == Source::Example);
    if let Some(other) = other {
        let shown = fields.remove(other);
        let index = if other < index { index - 1 } else { index };
        let field = &mut fields[index];
        field.aliases.push(fix.now.clone());
        merge_seen(field, shown);
        return Ok(());
    }
    if !fields[index].seen.is_empty() && fix.was.is_empty() {
        return Err(Stale::FixedUpstream);
    }
    fields[index].aliases.push(fix.now.clone());
    Ok(())
}

fn merge_seen(field: &mut Field, shown: Field) {
    field.seen.extend(shown.seen);
    field.seen.sort_unstable();
    field.seen.dedup();
    for child in shown.fields {
        match field.fields.iter_mut().find(|f| f.key == child.key) {
            Some(have) => merge_seen(have, child),
            None => field.fields.push(child),
        }
    }
}

fn distrust(side: &mut Side) -> Result<(), Stale> {
    fn clear(fields: &mut Vec<Field>) {
        fields.retain(|f| f.source == Source::Table);
        for field in fields {
            // Whether a value is a list is structure and holds all the same; what it holds is not to be trusted.
            field.seen.retain(|s| matches!(s, Shape::Objects | Shape::Object));
            clear(&mut field.fields);
        }
    }
    side.blocks.retain(|b| b.source == Source::Table);
    side.blocks.iter_mut().for_each(|b| clear(&mut b.fields));
    Ok(())
}

fn to_message(side: &mut Side, key: &str, fix: &Fix) -> Result<(), Stale> {
    let to = fix.now.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or(Stale::BadValue)?;
    let from = side.blocks.iter().position(|b| b.fields.iter().any(|f| f.key == key));
    let Some(from) = from else { return Err(Stale::NotThere(near(side.blocks.first().map_or(&[], |b| &b.fields)))) };
    if from == to {
        return Err(Stale::FixedUpstream);
    }
    if to > side.blocks.len() {
        return Err(Stale::BadValue);
    }
    if to == side.blocks.len() {
        side.blocks.push(crate::ir::Block::default());
    }
    let at = side.blocks[from].fields.iter().position(|f| f.key == key).unwrap_or(0);
    let field = side.blocks[from].fields.remove(at);
    side.blocks[to].fields.push(field);
    Ok(())
}

/// Sets one fact of one field, if the document still says what the fix was written against.
fn set(field: &mut Field, fix: &Fix) -> Result<(), Stale> {
    let check = |have: &str| match have {
        have if have == fix.now => Err(Stale::FixedUpstream),
        have if have != fix.was => Err(Stale::SaysElse(have.to_owned())),
        _ => Ok(()),
    };
    let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let some = || Some(fix.now.clone()).filter(|n| n != "none");
    match fix.op {
        Op::Type => {
            check(&word(&field.ty))?;
            field.ty = some();
        }
        Op::Length => {
            check(&word(&field.length))?;
            field.length = some();
        }
        Op::Required => {
            check(&word(&field.required))?;
            field.required = some();
        }
        Op::Unit => {
            check(&field.says.unit.map_or_else(|| "none".to_owned(), unit_name))?;
            // A unit that is known is not chosen by anything.
            field.ruled.unit = true;
            field.says.units.clear();
            field.says.unit_by = None;
            field.says.unit = match fix.now.as_str() {
                "none" => None,
                name => Some(unit(name).ok_or(Stale::BadValue)?),
            };
        }
        Op::Scale => {
            check(&field.says.scale.unwrap_or(0).to_string())?;
            let scale: i32 = fix.now.parse().map_err(|_| Stale::BadValue)?;
            field.says.scale = (scale != 0).then_some(scale);
        }
        Op::Codes => {
            let list = |codes: &[(String, String)]| {
                codes.iter().map(|(c, l)| format!("{c}={l}")).collect::<Vec<_>>().join(" | ")
            };
            check(&list(&field.says.codes))?;
            let pairs = fix.now.split(" | ").map(|p| p.split_once('=').map(|(c, l)| (c.to_owned(), l.to_owned())));
            field.says.codes = pairs.collect::<Option<_>>().ok_or(Stale::BadValue)?;
        }
        Op::Fixed => {
            check(&word(&field.says.fixed))?;
            field.says.fixed = some();
        }
        Op::UnitBy => {
            check(&word(&field.says.unit_by))?;
            field.says.unit_by = some();
        }
        Op::Symbol => {
            let symbol: Symbol =
                serde_json::from_value(serde_json::Value::from(fix.now.as_str())).map_err(|_| Stale::BadValue)?;
            if field.says.symbol.contains(&symbol) {
                return Err(Stale::FixedUpstream);
            }
            field.says.symbol.push(symbol);
        }
        // What follows has no word in the documents: there is nothing that could go stale.
        Op::Sign => field.ruled.sign = some(),
        Op::Unset => field.ruled.unset = some(),
        Op::Kind => field.ruled.kind = some(),
        Op::Sentinel if fix.now != MIDNIGHT => return Err(Stale::BadValue),
        Op::Sentinel => field.ruled.sentinel = some(),
        Op::Order => {
            let order: Vec<&str> = fix.now.split(',').map(str::trim).collect();
            if order.iter().any(|k| !field.fields.iter().any(|f| f.key == *k)) {
                return Err(Stale::NotThere(near(&field.fields)));
            }
            field.fields.sort_by_key(|f| order.iter().position(|k| *k == f.key).unwrap_or(usize::MAX));
            field.ruled.positional = true;
        }
        Op::Alias | Op::Add | Op::Remove | Op::Parent | Op::Message | Op::DistrustExample => {}
    }
    Ok(())
}

fn unit(name: &str) -> Option<Unit> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

fn unit_name(unit: Unit) -> String {
    serde_json::to_value(unit).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
