//! Arithmetic that must hold inside documented rows: the strongest test of units, scales and signs.
//!
//! Works on an example and the facts of its fields; knows labels and roles, no API. A finding states its arithmetic.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::check::signs::{is_sign_of, is_sign_of_rank};
use crate::describe::Unit;
use crate::errata::mended::{Api, Field};
use crate::names::Names;
use crate::names::labels::{Question, Role, bare};

/// One identity that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// `rate`, `value`, `range`, `sign`, `product`, `two-apis`.
    pub identity: &'static str,
    /// The field whose unit, scale or sign is probably wrong, as a path without row numbers.
    pub at: String,
    /// The numbers.
    pub arithmetic: String,
}

/// How many rows each identity was tried on.
pub type Tried = std::collections::BTreeMap<&'static str, usize>;

/// One number of a row and its facts.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub path: Arc<str>,
    pub label: Arc<str>,
    pub role: Option<Role>,
    pub unit: Option<Unit>,
    /// Its text as it stands on the wire.
    pub wire: String,
    /// The value after the scale, with the sign of the wire.
    pub value: f64,
    /// The wire text without signs and zeros in front.
    pub digits: String,
    /// The sign was taken from elsewhere by an erratum.
    pub sign_ruled: bool,
}

/// The rows of an example: each object with at least two numbers.
pub struct Rows(Vec<ExampleRow>);

impl Rows {
    /// Reads them with the facts of their fields.
    pub fn of(api: &Api, names: &Names, example: &Value) -> Self {
        let market = names.menu(&api.menu).and_then(|m| m.module.split("::").next()).unwrap_or("domestic").to_owned();
        let mut out = Vec::new();
        let at = RowAt { api, names, market: &market, places: names.fids.places(&api.id), known: RefCell::default() };
        for block in &api.response.blocks {
            if let Some(map) = example.as_object() {
                at.walk(map, &block.fields, "response", &mut out);
            }
        }
        Self(out)
    }

    /// Checks each row.
    pub fn check(&self, tried: &mut Tried) -> Vec<Broken> {
        let mut out = Vec::new();
        for row in &self.0 {
            for identity in [rate, value, range, sign, product].into_iter().chain(super::measures::ALL) {
                identity(row, tried, &mut out);
            }
        }
        out
    }
}

/// One identity over one row.
pub(crate) type Identity = fn(&ExampleRow, &mut Tried, &mut Vec<Broken>);

pub(crate) struct ExampleRow {
    pub class: String,
    pub cells: Vec<Cell>,
    /// Labels and wire codes of signs.
    pub signs: Vec<(Arc<str>, String)>,
}

struct RowAt<'a> {
    api: &'a Api,
    names: &'a Names,
    market: &'a str,
    /// Levels and parts of the API, by key.
    places: std::collections::BTreeMap<String, crate::names::fids::Place>,
    /// What was found out of a field, by its address: a list shows each of its fields many times.
    known: RefCell<HashMap<*const Field, Rc<Known>>>,
}

/// What holds of a field in every row.
struct Known {
    label: Arc<str>,
    path: Arc<str>,
    role: Option<Role>,
    unit: Option<Unit>,
    scale: i32,
    /// It says the sign of a change.
    is_sign: bool,
}

impl RowAt<'_> {
    fn walk(&self, map: &Map<String, Value>, fields: &[Field], path: &str, out: &mut Vec<ExampleRow>) {
        let mut row = ExampleRow {
            class: self.names.labels.class(&self.api.id, self.market).to_owned(),
            cells: Vec::new(),
            signs: Vec::new(),
        };
        for field in fields {
            let keys = std::iter::once(&field.key).chain(&field.ruled.aliases);
            let Some(value) = keys.into_iter().find_map(|k| map.get(k)) else { continue };
            let here = || format!("{path}.{}", field.key);
            match value {
                Value::Object(inner) => self.walk(inner, &field.fields, &here(), out),
                Value::Array(items) => {
                    let here = here();
                    items.iter().filter_map(Value::as_object).for_each(|m| self.walk(m, &field.fields, &here, out));
                }
                Value::String(text) => {
                    let known = self.known(field, path);
                    if known.is_sign {
                        row.signs.push((Arc::clone(&known.label), text.trim().to_owned()));
                    }
                    row.cells.extend(cell(field, &known, text));
                }
                _ => {}
            }
        }
        if row.cells.len() > 1 {
            out.push(row);
        }
    }

    fn known(&self, field: &Field, path: &str) -> Rc<Known> {
        let mut all = self.known.borrow_mut();
        Rc::clone(all.entry(std::ptr::from_ref(field)).or_insert_with(|| Rc::new(self.look(field, path))))
    }

    fn look(&self, field: &Field, path: &str) -> Known {
        let fid = self.names.fids.topic.get(&self.api.id).and_then(|t| t.get(&field.key)).map(|f| &f.what);
        let what = fid.or_else(|| self.places.get(&field.key).map(|p| &p.what));
        let question =
            Question { api: &self.api.id, market: self.market, side: "response", key: &field.key, label: &field.name };
        let label = self.names.labels.find(question);
        let path = format!("{path}.{}", field.key);
        Known {
            is_sign: is_change_sign(field, self.names, &format!("{}.{path}", self.api.id)),
            path: path.into(),
            label: bare(&field.name).into(),
            role: what.map(|w| w.role).or(label.map(|l| l.role)),
            unit: match field.ruled.unit {
                true => field.says.unit,
                false => what.and_then(|w| w.unit).or(label.and_then(|l| l.unit)).or(field.says.unit),
            },
            scale: what.and_then(|w| w.scale).or(field.says.scale).unwrap_or(0),
        }
    }
}

fn cell(field: &Field, known: &Known, text: &str) -> Option<Cell> {
    let wire = number(text)?;
    Some(Cell {
        path: Arc::clone(&known.path),
        label: Arc::clone(&known.label),
        wire: text.trim().to_owned(),
        role: known.role,
        unit: known.unit,
        value: wire / 10_f64.powi(known.scale),
        digits: text.trim().trim_start_matches(['+', '-', '0']).to_owned(),
        sign_ruled: field.ruled.sign.is_some(),
    })
}

fn is_change_sign(field: &Field, names: &Names, path: &str) -> bool {
    let sets = ["ChangeSign", "RiseFall", "RankMove"];
    matches!(names.codes.find(path, &field.says.codes), crate::names::codes::Found::Table(t) if sets.contains(&t.set.as_str()))
}

/// A decorated number: the last of two signs is its own, blanks, commas and a percent sign do not count.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').replace(',', "");
    let digits = text.trim_start_matches(['+', '-']);
    let negative = text[..text.len() - digits.len()].ends_with('-');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    digits.parse::<f64>().ok().map(|n| if negative { -n } else { n })
}

impl ExampleRow {
    pub(crate) fn one(&self, labels: &[&str]) -> Option<&Cell> {
        self.cells.iter().find(|c| labels.contains(&&*c.label))
    }
}

const PRICE: [&str; 2] = ["현재가", "종가"];
const CHANGE: [&str; 1] = ["전일대비"];
const RATE: [&str; 2] = ["등락률", "등락율"];

/// rate = change / (price - change)
fn rate(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    let (Some(price), Some(change), Some(rate)) = (row.one(&PRICE), row.one(&CHANGE), row.one(&RATE)) else { return };
    let before = price.value.abs() - change.value;
    if change.sign_ruled || before <= 0.0 || price.value == 0.0 || change.value == 0.0 && rate.value == 0.0 {
        return;
    }
    *tried.entry("rate").or_default() += 1;
    let want = 100.0 * change.value / before;
    // Two digits are shown; one tick of the price moves small ratios.
    if (want - rate.value).abs() > 0.02 + want.abs() * 0.01 {
        out.push(Broken {
            identity: "rate",
            at: rate.path.to_string(),
            arithmetic: format!(
                "{} / ({} - {}) = {want:.2} %, the row says {}",
                change.value,
                price.value.abs(),
                change.value,
                rate.value
            ),
        });
    }
}

/// value / volume ~ price, in base units
fn value(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    let Some(price) = row.one(&PRICE) else { return };
    // A cumulative value belongs to a cumulative volume; a row with one volume means the day's.
    let pair = match (row.one(&["누적거래대금"]), row.one(&["거래대금"])) {
        (Some(value), _) => row.one(&["누적거래량"]).or(row.one(&["거래량"])).map(|volume| (value, volume)),
        (None, Some(value)) => row.one(&["거래량"]).or(row.one(&["누적거래량"])).map(|volume| (value, volume)),
        (None, None) => None,
    };
    let Some((value, volume)) = pair.filter(|(_, v)| v.role != Some(Role::Sided)) else { return };
    let (Some(shares), Some(money)) = (base(volume), base(value)) else { return };
    if price.value == 0.0 || shares == 0.0 || money == 0.0 || !matches!(price.role, Some(Role::Price)) {
        return;
    }
    *tried.entry("value").or_default() += 1;
    let each = money.abs() / shares.abs();
    // A day's average lies near its close; an index says only that a share costs between a few won and a few million.
    let fits = if row.class == "index" {
        (100.0..3_000_000.0).contains(&each)
    } else {
        (0.3..3.0).contains(&(each / price.value.abs())) || money.abs() < 20.0 * unit_factor(value.unit)
    };
    if !fits {
        out.push(Broken {
            identity: "value",
            at: value.path.to_string(),
            arithmetic: format!("{money} / {shares} = {each:.2} a share, the price is {}", price.value.abs()),
        });
    }
}

/// low <= open, close <= high
fn range(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    let (Some(low), Some(high)) = (row.one(&["저가"]), row.one(&["고가"])) else { return };
    let (low_value, high_value) = (low.value.abs(), high.value.abs());
    if low_value == 0.0 || high_value == 0.0 {
        return;
    }
    for cell in [row.one(&["시가"]), row.one(&PRICE)].into_iter().flatten().filter(|c| c.value != 0.0) {
        *tried.entry("range").or_default() += 1;
        let middle = cell.value.abs();
        if middle < low_value || middle > high_value {
            out.push(Broken {
                identity: "range",
                at: cell.path.to_string(),
                arithmetic: format!("{low_value} <= {middle} <= {high_value} does not hold"),
            });
        }
    }
}

/// The sign of a change, or of a move in a ranking, is the one of its code.
fn sign(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    for (label, code) in &row.signs {
        let is_its = |cell: &&Cell| is_sign_of(label, &cell.label) || is_sign_of_rank(label, &cell.label);
        let Some(change) = row.cells.iter().find(is_its) else { continue };
        let want = match code.as_str() {
            "1" | "2" | "+" => 1.0,
            "3" => 0.0,
            "4" | "5" | "-" => -1.0,
            _ => continue,
        };
        if change.sign_ruled || change.value == 0.0 {
            continue;
        }
        *tried.entry("sign").or_default() += 1;
        if change.value.signum() != want {
            out.push(Broken {
                identity: "sign",
                at: change.path.to_string(),
                arithmetic: format!("the change is {}, its sign code is {code}", change.value),
            });
        }
    }
}

/// amount = price x quantity in positions
fn product(row: &ExampleRow, tried: &mut Tried, out: &mut Vec<Broken>) {
    let quantity = row.one(&["보유수량", "잔고수량"]);
    for (price, amount) in [
        (row.one(&["매입가", "매입단가", "평균단가"]), row.one(&["매입금액"])),
        (row.one(&["현재가"]), row.one(&["평가금액"])),
    ] {
        let (Some(quantity), Some(price), Some(amount)) = (quantity, price, amount) else { continue };
        let (Some(shares), Some(money)) = (base(quantity), base(amount)) else { continue };
        if shares == 0.0 || money == 0.0 || price.value == 0.0 {
            continue;
        }
        *tried.entry("product").or_default() += 1;
        let want = shares * price.value.abs();
        if (want - money.abs()).abs() > want * 0.02 {
            out.push(Broken {
                identity: "product",
                at: amount.path.to_string(),
                arithmetic: format!("{} x {shares} = {want}, the row says {money}", price.value.abs()),
            });
        }
    }
}

/// A number in won, dollars or single shares; none if its unit is not known.
pub(crate) fn base(cell: &Cell) -> Option<f64> {
    match cell.unit {
        None | Some(Unit::Percent | Unit::Point) => None,
        unit => Some(cell.value * unit_factor(unit)),
    }
}

pub(crate) fn unit_factor(unit: Option<Unit>) -> f64 {
    match unit {
        Some(Unit::HundredShare) => 1e2,
        Some(Unit::ThousandWon | Unit::ThousandShare | Unit::ThousandUsd) => 1e3,
        Some(Unit::TenThousandShare | Unit::TenThousandWon | Unit::TenThousandUsd) => 1e4,
        Some(Unit::MillionWon | Unit::MillionShare) => 1e6,
        Some(Unit::TenMillionWon) => 1e7,
        Some(Unit::HundredMillionWon) => 1e8,
        _ => 1.0,
    }
}

/// One number in two APIs: the same digits under the same label must have the same unit.
///
/// Feed it all examples, then ask.
#[derive(Default)]
pub struct TwoApis {
    /// By label and digits.
    pub(crate) seen: std::collections::BTreeMap<(Arc<str>, String), Vec<Sighting>>,
}

fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Where a number was seen.
#[derive(Clone, PartialEq)]
pub(crate) struct Sighting {
    pub api: String,
    pub path: Arc<str>,
    pub unit: Option<Unit>,
}

/// Numbers with fewer digits may agree by chance.
const TELLING_DIGITS: usize = 6;

impl TwoApis {
    /// Takes the numbers of one example of an API.
    pub fn add(&mut self, api: &Api, rows: Rows) {
        for cell in rows.0.into_iter().flat_map(|r| r.cells) {
            let measured = matches!(cell.role, Some(Role::Count | Role::Amount | Role::Gross | Role::Sided));
            let telling = count_digits(&cell.digits) >= TELLING_DIGITS - 1;
            if measured && telling && cell.unit.is_some() {
                let sighting = Sighting { api: api.id.clone(), path: cell.path, unit: cell.unit };
                let all = self.seen.entry((cell.label, cell.digits)).or_default();
                if !all.contains(&sighting) {
                    all.push(sighting);
                }
            }
        }
    }

    /// The numbers that stand in one API and a thousandth of them in another, and how many there are.
    pub fn thousands(&self) -> (Vec<(String, Broken)>, usize) {
        super::measures::thousands(&self.seen)
    }

    /// The numbers that stand in two APIs in different units, and how many stood in two at all.
    pub fn broken(&self) -> (Vec<(String, Broken)>, usize) {
        let mut out = Vec::new();
        let mut tried = 0;
        for ((label, digits), sightings) in
            self.seen.iter().filter(|((_, digits), _)| count_digits(digits) >= TELLING_DIGITS)
        {
            let Some((first, rest)) = sightings.split_first() else { continue };
            let others: Vec<_> = rest.iter().filter(|s| s.api != first.api).collect();
            tried += usize::from(!others.is_empty());
            if let Some(other) = others.into_iter().find(|s| s.unit != first.unit) {
                let arithmetic = format!(
                    "{label} {digits} is in {:?} here and in {:?} in {} {}",
                    other.unit, first.unit, first.api, first.path
                );
                out.push((other.api.clone(), Broken { identity: "two-apis", at: other.path.to_string(), arithmetic }));
            }
        }
        (out, tried)
    }
}
