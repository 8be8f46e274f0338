//! Sets one fact or ruling of one field, if the document still says what the fix was written against.

use super::mended::Field;
use super::table::{Fix, Op};
use crate::describe::{Symbol, Unit};

/// A time that may mean "none".
const MIDNIGHT: &str = "000000";

/// Why a fix does not apply.
pub enum Stale {
    /// The document now says the same.
    FixedUpstream,
    /// The document now says something else.
    SaysElse(String),
    /// The document has no such place; holds the keys that it has.
    NotThere(String),
    /// The value does not fit this kind of mistake.
    BadValue,
}

/// Sets one fact of one field, if the document still says what the fix was written against.
pub fn set(field: &mut Field, fix: &Fix) -> Result<(), Stale> {
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
            let have = field.says.unit.map_or_else(|| "none".to_owned(), unit_name);
            // none for none: the document is silent, and no rule of ours may speak for it
            if !(have == fix.was && have == fix.now && have == "none") {
                check(&have)?;
            }
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

/// The keys that are there.
pub fn near(fields: &[Field]) -> String {
    fields.iter().take(12).map(|f| f.key.as_str()).collect::<Vec<_>>().join(", ")
}

fn unit(name: &str) -> Option<Unit> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

fn unit_name(unit: Unit) -> String {
    serde_json::to_value(unit).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
