//! Seeded changes to facts, of every kind that a broker has made or could make. Shared with the tests of `xtask`.

use kiwoom_spec::describe::Unit;
use kiwoom_spec::ir::{Api, Field, Shape, Source, Spec};

/// Numbers that a seed repeats.
pub struct Random(fastrand::Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0.usize(..n.max(1))
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len());
        &items[at]
    }
}

/// Keys that a wire may have and that Rust, rustdoc or our own names could stumble over.
const KEYS: [&str; 26] = [
    "new", "default", "self", "Self", "super", "type", "조회", "_x", "1abc", "a-b", "A_B", "a_b", "clone", "rows",
    "asks", "bids", "_more", "42", "..", "from", "into", "slot", "keys", "gen", "stkCd", "_",
];
const NAMES: [&str; 8] =
    ["지어낸요청", "따옴표\"요청\"", "작은'따옴표", "줄\n바꿈", "  빈 칸  둘 ", "zz", "[괄호]*<b>`", "|막대|\\"];
const IDS: [&str; 9] = ["zz10001", "ZZ10001", "zZ10001", "0z", "0Z", "rt0z", "new", "type", "self"];

/// Makes `count` changes and says what they were.
pub fn evolve(spec: &mut Spec, random: &mut Random, count: usize) -> Vec<String> {
    let donors: Vec<Field> = spec.apis.values().flat_map(|a| leaves(a).cloned()).collect();
    (0..count).filter_map(|_| change(spec, random, &donors)).collect()
}

fn leaves(api: &Api) -> impl Iterator<Item = &Field> {
    let blocks = api.request.blocks.iter().chain(&api.response.blocks);
    blocks.flat_map(|b| &b.fields).flat_map(|f| std::iter::once(f).chain(&f.fields))
}

fn change(spec: &mut Spec, random: &mut Random, donors: &[Field]) -> Option<String> {
    let ids: Vec<String> = spec.apis.keys().cloned().collect();
    let id = random.pick(&ids).clone();
    match random.below(14) {
        0 => {
            let mut api = spec.apis[&id].clone();
            api.id = (*random.pick(&IDS)).to_owned();
            api.name = (*random.pick(&NAMES)).to_owned();
            if random.below(2) == 0 {
                api.menu = vec!["새 시장".to_owned(), "새 메뉴".to_owned()];
            }
            let said = format!("{} added like {id}", api.id);
            spec.apis.insert(api.id.clone(), api);
            Some(said)
        }
        1 => {
            spec.apis.remove(&id);
            Some(format!("{id} removed"))
        }
        2 => {
            let menu = spec.apis[&id].menu.clone();
            let new = vec![menu[0].clone(), format!("{} (새)", menu.last()?)];
            spec.apis.values_mut().filter(|a| a.menu == menu).for_each(|a| a.menu.clone_from(&new));
            Some(format!("menu {menu:?} renamed"))
        }
        3 => {
            let other = spec.apis[random.pick(&ids)].menu.clone();
            let api = spec.apis.get_mut(&id)?;
            api.menu = other;
            if random.below(4) == 0 {
                api.path = "/api/dostk/websocket\nx".to_owned();
            }
            Some(format!("{id} moved to {:?}, path {}", api.menu, api.path))
        }
        _ => {
            let api = spec.apis.get_mut(&id)?;
            let request = random.below(3) == 0;
            let side = if request { &mut api.request } else { &mut api.response };
            let block = side.blocks.iter_mut().find(|b| !b.fields.is_empty())?;
            let mut fields = &mut block.fields;
            // Down into a list half of the time.
            while random.below(3) > 0 && fields.iter().any(|f| !f.fields.is_empty()) {
                let at = fields.iter().position(|f| !f.fields.is_empty())?;
                fields = &mut fields[at].fields;
            }
            Some(format!(
                "{id} {}: {}",
                if request { "request" } else { "response" },
                fields_change(fields, random, donors)
            ))
        }
    }
}

fn fields_change(fields: &mut Vec<Field>, random: &mut Random, donors: &[Field]) -> String {
    let at = random.below(fields.len());
    let key = fields[at].key.clone();
    let fresh = |fields: &[Field], key: String| {
        let free = |key: &str| fields.iter().all(|f| f.key != key);
        if free(&key) { key } else { (2..).map(|n| format!("{key}{n}")).find(|k| free(k)).unwrap_or(key) }
    };
    match random.below(10) {
        0 | 1 => {
            let donor = random.pick(donors).clone();
            let key = if random.below(2) == 0 { donor.key.clone() } else { (*random.pick(&KEYS)).to_owned() };
            let key = fresh(fields, key);
            fields.insert(at, Field { key: key.clone(), ..donor });
            format!("{key} added")
        }
        2 => {
            fields.remove(at);
            format!("{key} removed")
        }
        3 => {
            let new = if random.below(2) == 0 { key.to_ascii_uppercase() } else { (*random.pick(&KEYS)).to_owned() };
            fields[at].key = fresh(fields, new);
            format!("{key} renamed to {}", fields[at].key)
        }
        4 => {
            fields[at].says.codes.push(("Z9".to_owned(), "지어낸 뜻".to_owned()));
            format!("{key} has a code more")
        }
        5 => {
            fields[at].says.codes.truncate(1);
            format!("{key} has one code at most")
        }
        6 => {
            let units = [None, Some(Unit::ThousandWon), Some(Unit::Percent), Some(Unit::HundredShare)];
            fields[at].says.unit = *random.pick(&units);
            format!("{key} in {:?}", fields[at].says.unit)
        }
        7 => {
            let donor = random.pick(donors);
            (fields[at].name, fields[at].says, fields[at].seen) =
                (donor.name.clone(), donor.says.clone(), donor.seen.clone());
            format!("{key} like {}", donor.key)
        }
        8 => {
            let shapes = [Shape::Object, Shape::Arrays, Shape::Embedded, Shape::Objects, Shape::Strings];
            fields[at].seen = vec![*random.pick(&shapes)];
            format!("{key} shown as {:?}", fields[at].seen)
        }
        _ if fields[at].fields.is_empty() => {
            fields[at].fields = donors.iter().skip(random.below(donors.len())).take(2).cloned().collect();
            fields[at].fields.dedup_by(|a, b| a.key == b.key);
            fields[at].source = Source::Table;
            format!("{key} became a list")
        }
        _ => {
            fields[at].fields.clear();
            format!("{key} is no list any more")
        }
    }
}
