//! What a Description cell can say, in our own terms. Facts only: none of the cell's sentences.

use serde::{Deserialize, Serialize};

/// Everything that the grammar found in one Description cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    /// The unit, where the text names exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// The units between which a request parameter or a code chooses (`unit` is then `None`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Unit>,
    /// The request parameter that chooses the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_by: Option<String>,
    /// The text says that a sign is part of the number, or stands before one of the listed values
    /// (`+매수`). It does not say what the sign means.
    #[serde(skip_serializing_if = "is_false")]
    pub signed: bool,
    /// Padded with zeros on the left to this many characters, sign included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad: Option<u32>,
    /// Exactly this many characters, where the text gives one width (`7자리 주문번호`) and no padding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Digits after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// The decimal point was removed: the wire number is the value times 10^scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<i32>,
    /// Date and time layouts, in the order in which the text gives them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<Format>,
    /// Stock-code forms: suffixes of venues or prefix letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub symbol: Vec<Symbol>,
    /// The value is always this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// Code and Korean label, in the order of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<(String, String)>,
    /// A list of values without labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// A list of lower bounds in a unit, with an 'all' code (`0:전체 1,3,5(USD, 1만단위) 이상`): the bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// The code or value that the text calls the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What an empty value means, where the text says so (a label such as `전체`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blank: Option<String>,
    /// The value that stands for 'there is none' (`0000000` where an order has no original order).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// The value is JSON text, an array of objects with these keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Several values joined by this separator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<String>,
    /// At most this many (values of a joined list, days, rows).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Needed or meaningful only under a condition on another field.
    #[serde(skip_serializing_if = "is_false")]
    pub conditional: bool,
    /// API ids that the text refers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<String>,
    /// Why the text looks like a list of codes and yet gave none; a warning of `lint`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unparsed: Option<String>,
}

impl Facts {
    /// Nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn is_false(b: &bool) -> bool {
    !b
}

/// Units as the documents use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unit {
    /// 원
    Won,
    /// 천원
    ThousandWon,
    /// 백만원
    MillionWon,
    /// 천만원
    TenMillionWon,
    /// 억원
    HundredMillionWon,
    /// 1주
    Share,
    /// 100주
    HundredShare,
    /// 1000주
    ThousandShare,
    /// 10000주, 만주
    TenThousandShare,
    /// 백만주
    MillionShare,
    /// 종목수
    Issue,
    /// 건
    Case,
    /// 명
    Person,
    /// %
    Percent,
    /// %p
    PercentPoint,
    /// 지수 (index points)
    Point,
    /// USD
    Usd,
    /// 천USD
    ThousandUsd,
    /// g
    Gram,
    /// 원/g
    WonPerGram,
    /// $/온스
    UsdPerOunce,
    /// 배
    Times,
    /// 일
    Day,
    /// 계약
    Contract,
    /// 만원
    TenThousandWon,
    /// The unit of the underlying: won, or points of an index.
    Underlying,
    /// 만USD: only thresholds of the US rankings.
    TenThousandUsd,
    /// 천g: only the gold APIs, whose cells say 1000주.
    ThousandGram,
    /// The foreign currency of the row or account: 외화, (외).
    Foreign,
    /// Money or securities, by the row: (원/주).
    WonOrShare,
    /// Money or gold, by the row: (원/g).
    WonOrGram,
    /// Won for one unit of the foreign currency: 환율.
    WonPerForeign,
    /// 원 for what is quoted of the currency that the row names: one unit, of some currencies 100.
    WonPerQuote,
    /// 순위
    Place,
    /// 회
    Occasion,
    /// 틱
    Tick,
    /// 분
    Minute,
    /// 월, a month of the year.
    Month,
    /// 연도
    Year,
    /// A number that counts nothing: a ratio of two like things, a sensitivity.
    Plain,
}

/// Layouts of dates and times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// `20250908`
    #[serde(rename = "YYYYMMDD")]
    Date,
    /// `2025-09-08`
    #[serde(rename = "YYYY-MM-DD")]
    DateDashed,
    /// `202509`
    #[serde(rename = "YYYYMM")]
    Month,
    /// `2025`
    #[serde(rename = "YYYY")]
    Year,
    /// `0908`
    #[serde(rename = "MMDD")]
    MonthDay,
    /// `170500`
    #[serde(rename = "HHmmss")]
    Time,
    /// `17:05:00`
    #[serde(rename = "HH:mm:ss")]
    TimeColons,
    /// `17:05`
    #[serde(rename = "HH:mm")]
    MinuteColons,
    /// `1705`
    #[serde(rename = "HHmm")]
    Minute,
    /// `20250908170500`
    #[serde(rename = "YYYYMMDDHHmmss")]
    DateTime,
    /// `2025-09-08 17:05:00`
    #[serde(rename = "YYYY-MM-DD HH:mm:ss")]
    DateTimeDashed,
}

/// Forms of a stock code that a text documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Symbol {
    /// `039490`, `039490_NX`, `039490_AL`
    VenueSuffix,
    /// `A005930`, `J..`, `Q..`
    TypePrefix,
}

/// A list of lower bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The code for 'no bound' with its label, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<(String, String)>,
    /// The bounds as written.
    pub bounds: Vec<String>,
    /// What a bound of 1 stands for, in the unit (`1만단위` is 10000).
    pub multiplier: u64,
    /// The unit of the bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}
