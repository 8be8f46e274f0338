//! Applies one fix to one API: finds the field, then moves, adds, removes, merges or changes it.

use super::fact::{self, Stale, near};
use super::mended::{Api, Block, Field, Side};
use super::table::{Fix, Op};
use crate::ir::{Shape, Source};

/// Applies one fix, or says why not.
pub fn apply(api: &mut Api, fix: &Fix) -> Result<(), Stale> {
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
        _ => fact::set(&mut fields[index], fix),
    }
}

fn first_block(side: &mut Side, block: Option<usize>) -> Result<&mut Block, Stale> {
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
        field.ruled.aliases.push(fix.now.clone());
        merge_seen(field, shown);
        return Ok(());
    }
    if !fields[index].seen.is_empty() && fix.was.is_empty() {
        return Err(Stale::FixedUpstream);
    }
    fields[index].ruled.aliases.push(fix.now.clone());
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
        side.blocks.push(Block::default());
    }
    let at = side.blocks[from].fields.iter().position(|f| f.key == key).unwrap_or(0);
    let field = side.blocks[from].fields.remove(at);
    side.blocks[to].fields.push(field);
    Ok(())
}
