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
const KEYS: [&str; 34] = [
    "new",
    "default",
    "self",
    "Self",
    "super",
    "type",
    "조회",
    "현재가",
    "_x",
    "1abc",
    "250",
    "a-b",
    "A_B",
    "a_b",
    "aB",
    "clone",
    "rows",
    "asks",
    "bids",
    "_more",
    "42",
    "..",
    "from",
    "into",
    "slot",
    "keys",
    "gen",
    "stkCd",
    "_",
    "",
    " ",
    "async",
    "crate",
    "try",
];
const NAMES: [&str; 10] = [
    "지어낸요청",
    "따옴표\"요청\"",
    "작은'따옴표",
    "줄\n바꿈",
    "  빈 칸  둘 ",
    "zz",
    "[괄호]*<b>`",
    "|막대|\\",
    "",
    "*/ //! #",
];
const IDS: [&str; 11] = ["zz10001", "ZZ10001", "zZ10001", "Zz10001", "0z", "0Z", "rt0z", "new", "type", "self", "250"];
/// One Rust name each: all of them may stand in one object.
const ALIKE: [[&str; 4]; 4] = [
    ["a-b", "a_b", "A_B", "aB"],
    ["조회", "시각", "", "-"],
    ["type", "TYPE", "type_", "Type"],
    ["1x", "n1x", "N1X", "1X"],
];
const WORDS: [&str; 5] = ["String", "LIST", "Object", "List<Map>", "Number"];

/// What a broker can do, by name. `a_market` and the like stand for whatever the seed picks.
type Change = fn(&mut Spec, &mut Random, &[Field]) -> Option<String>;

/// All kinds of changes.
pub const KINDS: [(&str, Change); 27] = [
    ("API added", |spec, random, _| add(spec, random, |_| true)),
    ("topic added", |spec, random, _| add(spec, random, is_topic)),
    ("API removed", |spec, random, _| spec.apis.remove(&any(spec, random)).map(|api| api.id)),
    ("menu added", |spec, random, _| {
        let new = vec![(*random.pick(&["새 시장", "국내주식", ""])).to_owned(), (*random.pick(&NAMES)).to_owned()];
        let id = any(spec, random);
        spec.apis.get_mut(&id)?.menu = new;
        Some(id)
    }),
    ("menu renamed", |spec, random, _| {
        let menu = spec.apis[&any(spec, random)].menu.clone();
        let new = vec![menu[0].clone(), format!("{} (새)", menu.last()?)];
        spec.apis.values_mut().filter(|a| a.menu == menu).for_each(|a| a.menu.clone_from(&new));
        Some(format!("{menu:?}"))
    }),
    ("menu removed", |spec, random, _| {
        let menu = spec.apis[&any(spec, random)].menu.clone();
        spec.apis.retain(|_, api| api.menu != menu);
        Some(format!("{menu:?}"))
    }),
    ("API moved", |spec, random, _| {
        let (id, other) = (any(spec, random), any(spec, random));
        spec.apis.get_mut(&id)?.menu = spec.apis[&other].menu.clone();
        Some(id)
    }),
    ("API renamed", |spec, random, _| {
        let id = any(spec, random);
        (*random.pick(&NAMES)).clone_into(&mut spec.apis.get_mut(&id)?.name);
        Some(id)
    }),
    ("path changed", |spec, random, _| {
        let id = any(spec, random);
        (*random.pick(&["/api/dostk/websocket\nx", "/api/us/websocket", "/새/경로\""]))
            .clone_into(&mut spec.apis.get_mut(&id)?.path);
        Some(id)
    }),
    ("topics lose what registers them", |spec, random, _| {
        let ids: Vec<String> = spec.apis.values().filter(|api| is_topic(api)).map(|api| api.id.clone()).collect();
        let id = ids.get(random.below(ids.len()))?.clone();
        spec.apis.get_mut(&id)?.request.blocks.iter_mut().for_each(|b| b.fields.retain(|f| f.key != "grp_no"));
        Some(id)
    }),
    ("side emptied", |spec, random, _| {
        let id = any(spec, random);
        let api = spec.apis.get_mut(&id)?;
        let side = if random.below(2) == 0 { &mut api.request } else { &mut api.response };
        side.blocks.clear();
        Some(id)
    }),
    ("message form added", |spec, random, _| {
        let id = any(spec, random);
        let blocks = &mut spec.apis.get_mut(&id)?.response.blocks;
        let mut block = blocks.first()?.clone();
        block.title = Some((*random.pick(&NAMES)).to_owned());
        blocks.push(block);
        Some(id)
    }),
    ("FID added", |spec, random, donors| {
        let ids: Vec<String> = spec.apis.values().filter(|api| is_topic(api)).map(|api| api.id.clone()).collect();
        let id = ids.get(random.below(ids.len()))?.clone();
        let data = spec.apis.get_mut(&id)?.response.blocks.first_mut()?.fields.iter_mut().find(|f| f.key == "data")?;
        let values = data.fields.iter_mut().find(|f| f.key == "values")?;
        let key = fresh(&values.fields, (9_000 + random.below(900)).to_string());
        values.fields.push(Field { key: key.clone(), fields: Vec::new(), ..random.pick(donors).clone() });
        Some(format!("{id} {key}"))
    }),
    ("field added", |spec, random, donors| {
        among(spec, random, |fields, at, random| {
            let donor = random.pick(donors).clone();
            let key = if random.below(2) == 0 { donor.key.clone() } else { (*random.pick(&KEYS)).to_owned() };
            let key = fresh(fields, key);
            fields.insert(at, Field { key, ..donor });
        })
    }),
    ("fields added that are one name in Rust", |spec, random, donors| {
        among(spec, random, |fields, _, random| {
            let list = *random.pick(&ALIKE);
            for key in list {
                let key = fresh(fields, key.to_owned());
                fields.push(Field { key, fields: Vec::new(), ..random.pick(donors).clone() });
            }
        })
    }),
    ("field removed", |spec, random, _| among(spec, random, |fields, at, _| drop(fields.remove(at)))),
    ("field renamed", |spec, random, _| {
        among(spec, random, |fields, at, random| {
            let upper = fields[at].key.to_ascii_uppercase();
            let new = if random.below(2) == 0 { upper } else { (*random.pick(&KEYS)).to_owned() };
            fields[at].key = fresh(fields, new);
        })
    }),
    ("label changed", |spec, random, _| {
        among(spec, random, |fields, at, random| (*random.pick(&NAMES)).clone_into(&mut fields[at].name))
    }),
    ("codes added", |spec, random, _| {
        among(spec, random, |fields, at, random| {
            let code = *random.pick(&["Z9", "", "%", "+", "가\"", "전체"]);
            fields[at].says.codes.push((code.to_owned(), (*random.pick(&NAMES)).to_owned()));
        })
    }),
    ("codes removed", |spec, random, _| {
        among(spec, random, |fields, at, random| fields[at].says.codes.truncate(random.below(3)))
    }),
    ("code remapped", |spec, random, _| {
        among(spec, random, |fields, at, _| fields[at].says.codes.iter_mut().rev().for_each(|(code, _)| code.push('0')))
    }),
    ("default or fixed value changed", |spec, random, _| {
        among(spec, random, |fields, at, random| {
            let value = Some((*random.pick(&["Z9", "0", "-1", "가", ""])).to_owned());
            if random.below(2) == 0 { fields[at].says.default = value } else { fields[at].says.fixed = value }
        })
    }),
    ("unit, scale or sign changed", |spec, random, _| {
        among(spec, random, |fields, at, random| {
            let units = [None, Some(Unit::ThousandWon), Some(Unit::Percent), Some(Unit::HundredShare)];
            let says = &mut fields[at].says;
            says.unit = *random.pick(&units);
            says.scale = *random.pick(&[None, Some(2), Some(-3)]);
            says.signed = random.below(2) == 0;
        })
    }),
    ("Type changed", |spec, random, _| {
        among(spec, random, |fields, at, random| fields[at].ty = Some((*random.pick(&WORDS)).to_owned()))
    }),
    ("kind changed", |spec, random, donors| {
        among(spec, random, |fields, at, random| {
            let donor = random.pick(donors);
            let (name, says, seen) = (donor.name.clone(), donor.says.clone(), donor.seen.clone());
            (fields[at].name, fields[at].says, fields[at].seen) = (name, says, seen);
        })
    }),
    ("shown otherwise", |spec, random, _| {
        among(spec, random, |fields, at, random| {
            let shapes = [
                Shape::Object,
                Shape::Arrays,
                Shape::Embedded,
                Shape::Objects,
                Shape::Strings,
                Shape::Text,
                Shape::Number,
            ];
            fields[at].seen = vec![*random.pick(&shapes)];
        })
    }),
    ("list made or unmade", |spec, random, donors| {
        among(spec, random, |fields, at, random| {
            if !fields[at].fields.is_empty() {
                fields[at].fields.clear();
                return;
            }
            fields[at].fields = donors.iter().skip(random.below(donors.len())).take(2).cloned().collect();
            fields[at].fields.dedup_by(|a, b| a.key == b.key);
            fields[at].source = Source::Table;
        })
    }),
];

/// Makes `count` changes, of each kind in its turn, and says what they were.
pub fn evolve(spec: &mut Spec, random: &mut Random, count: usize) -> Vec<String> {
    let donors: Vec<Field> = spec.apis.values().flat_map(|a| leaves(a).cloned()).collect();
    let first = random.below(KINDS.len());
    let kinds = KINDS.iter().cycle().skip(first).take(count);
    kinds.filter_map(|(kind, change)| Some(format!("{kind}: {}", change(spec, random, &donors)?))).collect()
}

fn leaves(api: &Api) -> impl Iterator<Item = &Field> {
    let blocks = api.request.blocks.iter().chain(&api.response.blocks);
    blocks.flat_map(|b| &b.fields).flat_map(|f| std::iter::once(f).chain(&f.fields))
}

fn any(spec: &Spec, random: &mut Random) -> String {
    spec.apis.keys().nth(random.below(spec.apis.len())).cloned().unwrap_or_default()
}

fn is_topic(api: &Api) -> bool {
    api.request.blocks.iter().flat_map(|b| &b.fields).any(|f| f.key == "grp_no")
}

fn fresh(fields: &[Field], key: String) -> String {
    let free = |key: &str| fields.iter().all(|f| f.key != key);
    if free(&key) { key } else { (2..).map(|n| format!("{key}{n}")).find(|k| free(k)).unwrap_or(key) }
}

/// A copy of an API under another id.
fn add(spec: &mut Spec, random: &mut Random, fits: fn(&Api) -> bool) -> Option<String> {
    let like: Vec<&Api> = spec.apis.values().filter(|api| fits(api)).collect();
    let mut api = (*like.get(random.below(like.len()))?).clone();
    let said = format!("like {}", api.id);
    api.id = (*random.pick(&IDS)).to_owned();
    api.name = (*random.pick(&NAMES)).to_owned();
    if random.below(2) == 0 {
        api.menu = vec!["새 시장".to_owned(), "새 메뉴".to_owned()];
    }
    let said = format!("{} {said}", api.id);
    spec.apis.insert(api.id.clone(), api);
    Some(said)
}

/// Changes the fields of one object of one API.
fn among(
    spec: &mut Spec,
    random: &mut Random,
    change: impl FnOnce(&mut Vec<Field>, usize, &mut Random),
) -> Option<String> {
    let id = any(spec, random);
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
    let at = random.below(fields.len());
    let said = format!("{id} {} {}", if request { "request" } else { "response" }, fields[at].key);
    change(fields, at, random);
    Some(said)
}
