//! Two states of one API: its information rows, then its two sides.

use super::delta::Delta;
use super::field::Way;
use super::fields::{At, Matcher};
use super::rules::Rule;
use crate::ir::{Api, Block, Rulings, Side, Source};

/// Everything that is different.
pub fn compare<R: Rulings>(old: &Api<R>, new: &Api<R>) -> Vec<Delta> {
    let mut out = Vec::new();
    let id = new.id.as_str();
    let mut word = |rule: Rule, was: &str, now: &str| {
        if was != now {
            out.push(Delta::new(rule, id, "", was, now));
        }
    };
    word(Rule::ApiId, &old.id, &new.id);
    word(Rule::ApiName, &old.name, &new.name);
    word(Rule::ApiMenu, &old.menu.join(" > "), &new.menu.join(" > "));
    word(Rule::ApiPath, &old.path, &new.path);
    word(Rule::ApiMethod, old.method.as_deref().unwrap_or("POST"), new.method.as_deref().unwrap_or("POST"));
    word(Rule::ApiHost, &old.real, &new.real);
    word(Rule::ApiFormat, old.format.as_deref().unwrap_or("JSON"), new.format.as_deref().unwrap_or("JSON"));
    match (&old.mock, &new.mock) {
        (Some(was), Some(now)) => word(Rule::ApiMockHost, was, now),
        (None, Some(now)) => word(Rule::ApiMockAdded, "", now),
        (Some(was), None) => word(Rule::ApiMockLost, was, ""),
        (None, None) => {}
    }
    if old.mock.is_some() && new.mock.is_some() {
        word(Rule::ApiMockNote, old.mock_note.as_deref().unwrap_or(""), new.mock_note.as_deref().unwrap_or(""));
    }
    match (&old.overview, &new.overview) {
        (Some(was), Some(now)) if was != now => out.push(Delta::new(Rule::ApiOverview, id, "", "", "")),
        (Some(_), None) => out.push(Delta::new(Rule::CellLost, id, "", "개요", "")),
        (None, Some(_)) => out.push(Delta::new(Rule::CellFilled, id, "", "", "개요")),
        _ => {}
    }
    let mut matcher = Matcher { api: id, out, gone: Vec::new(), come: Vec::new() };
    side(&mut matcher, "request", Way::Request, &old.request, &new.request);
    side(&mut matcher, "response", Way::Response, &old.response, &new.response);
    matcher.finish()
}

fn side<'a, R: Rulings>(matcher: &mut Matcher<'a, R>, name: &str, way: Way, old: &'a Side<R>, new: &'a Side<R>) {
    let api = matcher.api;
    for gone in old.headers.iter().filter(|h| !new.headers.iter().any(|n| n.key == h.key)) {
        matcher.out.push(Delta::new(Rule::HeaderRemoved, api, name, &gone.key, ""));
    }
    for come in new.headers.iter().filter(|h| !old.headers.iter().any(|o| o.key == h.key)) {
        matcher.out.push(Delta::new(Rule::HeaderAdded, api, name, "", &come.key));
    }
    let mut say = |rule| matcher.out.push(Delta::new(rule, api, name, "", ""));
    match (&old.example, &new.example) {
        (Some(was), Some(now)) if was != now => say(Rule::ExampleChanged),
        (Some(_), None) => say(Rule::ExampleLost),
        (None, Some(_)) => say(Rule::ExampleFilled),
        _ => {}
    }
    let shown = old.example.is_some() && new.example.is_some();
    let forms = pair_forms(&old.blocks, &new.blocks);
    for (i, was) in old.blocks.iter().enumerate() {
        let path = root(name, i);
        match forms.iter().find(|(o, _)| *o == i) {
            Some((_, j)) => {
                let at = At { old: &path, new: &root(name, *j), way, shown, arrays: false };
                matcher.lists(&was.fields, &new.blocks[*j].fields, at);
            }
            None if shown || was.source == Source::Table => {
                matcher.out.push(Delta::new(Rule::FormRemoved, api, &path, keys(was), ""));
            }
            None => {}
        }
    }
    for (j, now) in new.blocks.iter().enumerate().filter(|(j, _)| !forms.iter().any(|(_, n)| n == j)) {
        if shown || now.source == Source::Table {
            matcher.out.push(Delta::new(Rule::FormAdded, api, &root(name, j), "", keys(now)));
        }
    }
}

fn root(side: &str, block: usize) -> String {
    if block == 0 { side.to_owned() } else { format!("{side}#{}", block + 1) }
}

/// Forms with the same title, then those of the table in their order, then those of examples.
fn pair_forms<R>(old: &[Block<R>], new: &[Block<R>]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (i, was) in old.iter().enumerate().filter(|(_, b)| b.title.is_some()) {
        out.extend(new.iter().position(|b| b.title == was.title).map(|j| (i, j)));
    }
    for source in [Source::Table, Source::Example] {
        let free = |all: &[Block<R>], used: Vec<usize>| -> Vec<usize> {
            (0..all.len()).filter(|i| all[*i].source == source && !used.contains(i)).collect()
        };
        let olds = free(old, out.iter().map(|p| p.0).collect());
        let news = free(new, out.iter().map(|p| p.1).collect());
        out.extend(olds.into_iter().zip(news));
    }
    out.sort_unstable();
    out
}

fn keys<R>(block: &Block<R>) -> String {
    block.fields.iter().map(|f| f.key.as_str()).collect::<Vec<_>>().join(" ")
}
