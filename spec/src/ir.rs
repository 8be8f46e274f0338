//! The committed facts: one [`Api`] per file, plain data in wire order.
//!
//! Evidence, not decisions: what each cell and example showed. No prose (a digest stands for it), no
//! document name, nothing that depends on another API. The type parameter is the place for errata decisions: `()` in
//! facts, filled in by [`crate::errata`] only.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::describe::Facts;

/// The maximum nesting of fields: twice as deep as any document, and still readable by serde_json (which stops at 128
/// brackets, a field takes two).
pub const MAX_DEPTH: usize = 16;

/// Everything that is known of the broker's specification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec<R = ()> {
    /// By API id.
    pub apis: std::collections::BTreeMap<String, Api<R>>,
    /// By error code.
    pub errors: std::collections::BTreeMap<String, ErrorCode>,
}

/// One API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(serialize = "", deserialize = "R: Default"))]
pub struct Api<R = ()> {
    /// `ka10081`: the only identity.
    pub id: String,
    /// 한글 API 명.
    pub name: String,
    /// 대분류, 중분류.
    pub menu: Vec<String>,
    /// HTTP method, where it is not POST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Production host.
    pub real: String,
    /// Mock host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<String>,
    /// The note glued to the mock host, such as `KRX만 지원가능`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock_note: Option<String>,
    /// Path of the URL.
    pub path: String,
    /// Body format, where it is not JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Digest of the overview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overview: Option<String>,
    /// What is sent. `store` writes sides and fields itself, a field a line.
    #[serde(skip_serializing)]
    pub request: Side<R>,
    /// What comes back.
    #[serde(skip_serializing)]
    pub response: Side<R>,
}

/// One direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(serialize = "", deserialize = "R: Default"))]
pub struct Side<R = ()> {
    /// Header elements that are not the ones every API has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field<R>>,
    /// Digest of the example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Message forms; nearly always one.
    pub blocks: Vec<Block<R>>,
}

/// One message form of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(serialize = "", deserialize = "R: Default"))]
pub struct Block<R = ()> {
    /// The title of the form, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Only an example, not the table, shows this form.
    #[serde(default, skip_serializing_if = "Source::is_table")]
    pub source: Source,
    /// Its fields.
    #[serde(skip_serializing)]
    pub fields: Vec<Field<R>>,
}

/// One element with what each of its cells says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(serialize = "", deserialize = "R: Default"))]
pub struct Field<R = ()> {
    /// Element, without depth marks.
    pub key: String,
    /// 한글명.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The Type word.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// The Required word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// The Length number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// What the Description says.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub says: Facts,
    /// Digest of the Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Shapes of the example's values, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Shape>,
    /// Where this element is documented.
    #[serde(default, skip_serializing_if = "Source::is_table")]
    pub source: Source,
    /// What errata rule about it; facts have no place for it.
    #[serde(skip)]
    pub ruled: R,
    /// What it contains.
    #[serde(default, skip_serializing)]
    pub fields: Vec<Field<R>>,
}

/// What the form of a container depends on besides the cells: facts have no errata decisions, errata add them.
pub trait Rulings: Clone + PartialEq + Sync {
    /// The rows are arrays: their positions are the fields.
    fn positional(&self) -> bool;
}

impl Rulings for () {
    fn positional(&self) -> bool {
        false
    }
}

/// A short digest of a text; white space does not count, so that a re-saved or dumped copy gives the same.
pub fn digest(text: &str) -> String {
    let mut hash = Sha256::new();
    for word in text.split_whitespace() {
        hash.update(word.as_bytes());
    }
    hash.finalize()[..6].iter().map(|b| format!("{b:02x}")).collect()
}

/// Where an element is documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A row of the table (an example may show it too).
    #[default]
    Table,
    /// Only the example.
    Example,
}

impl Source {
    fn is_table(&self) -> bool {
        *self == Source::Table
    }
}

/// The form of an example's value; never the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `""` or blanks only.
    Blank,
    /// `123`
    Int,
    /// `+123`, `-123`
    SignedInt,
    /// `000123`, `-00123`
    Padded,
    /// `0000`
    Zeros,
    /// `1.5`
    Decimal,
    /// `+1.5`, `-1.5`
    SignedDecimal,
    /// `0001.50`
    PaddedDecimal,
    /// `--335`, `+-121`
    DoubleSign,
    /// ` 67300`, `2  `
    BlankPadded,
    /// `56,900`
    Grouped,
    /// `20%`
    PercentSign,
    /// Eight digits that are a date.
    Date,
    /// Fourteen digits that are a date and time.
    DateTime,
    /// Digits with date or time marks: `2026-06-03 00:00:00.0`, `13:07:47`.
    Marked,
    /// Letters, digits and `_` without blanks.
    Code,
    /// Anything else.
    Text,
    /// A JSON number.
    Number,
    /// `null`
    Null,
    /// An array of objects.
    Objects,
    /// An array of arrays.
    Arrays,
    /// An array of strings.
    Strings,
    /// An empty array.
    Empty,
    /// An object.
    Object,
    /// An array of objects as JSON text in a string.
    Embedded,
}

/// One code of the error sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The number as text.
    pub code: String,
    /// The names before the `{?}` places of its message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<String>,
    /// Digest of the message.
    pub text: String,
}

impl<R> Field<R> {
    /// Contains other fields.
    pub fn is_container(&self) -> bool {
        !self.fields.is_empty()
    }

    /// This field and everything below it, with paths joined by dots below `path`.
    pub fn walk<'a>(&'a self, path: &str, visit: &mut dyn FnMut(&str, &'a Field<R>)) {
        let path = format!("{path}.{}", self.key);
        visit(&path, self);
        for child in &self.fields {
            child.walk(&path, visit);
        }
    }
}

impl<R> Api<R> {
    /// Every body field with its path (`request.stk_cd`, `response.list.cur_prc`).
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Field<R>)) {
        for (side, name) in [(&self.request, "request"), (&self.response, "response")] {
            for block in &side.blocks {
                for field in &block.fields {
                    field.walk(name, visit);
                }
            }
        }
    }

    /// Number of body fields, containers included.
    pub fn field_count(&self) -> usize {
        let mut n = 0;
        self.walk(&mut |_, _| n += 1);
        n
    }
}

/// The keys of the envelope: they belong to the runtime, not to response structs.
pub fn is_envelope(key: &str) -> bool {
    matches!(key, "return_code" | "return_msg" | "returnCode" | "returnMsg" | "trnm")
}
