//! The language-neutral model of the generated crate: every Rust name and type is decided, nothing is a token yet.

use kiwoom_spec::names::Effect;

/// Everything that is generated.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// What the docs say of each market.
    pub markets: Vec<Market>,
    /// Menus with at least one API, in the order of the guide.
    pub menus: Vec<Menu>,
    /// Code sets that a field uses, by name.
    pub sets: Vec<Set>,
    /// Structs inside records that are not records themselves (order book levels), by name.
    pub parts: Vec<Part>,
    /// Words that traders search for, with the APIs that answer.
    pub answers: Vec<(String, Vec<String>)>,
    /// Words that traders search for and no API answers, with what to know instead.
    pub nothing: Vec<(String, String)>,
}

impl Api {
    /// Its English name in words, and its Korean one.
    pub fn title(&self) -> String {
        format!("{} ({})", crate::ident::words(&self.name), crate::doc::escape(self.korean.trim()))
    }
}

/// A market: the menus of one module.
#[derive(Clone, Debug)]
pub struct Market {
    /// `domestic`
    pub module: String,
    /// For the docs.
    pub title: String,
}

/// One code set.
#[derive(Clone, Debug)]
pub struct Set {
    /// `UsExchange`
    pub name: String,
    /// One line.
    pub doc: String,
    /// Name and Korean labels of each variant.
    pub variants: Vec<(String, Vec<String>)>,
    /// Where the runtime has it already.
    pub home: Option<String>,
    /// Codes that mean one variant in every field that has them, with the position of the variant.
    pub spellings: Vec<(String, u8)>,
    /// Codes that mean several variants, each with every one of them.
    pub disputed: Vec<(String, u8)>,
    /// Keys of the fields that have it with the APIs of each, the most used first.
    pub fields: Vec<(String, Vec<String>)>,
    /// What its meanings say of the sign of the number beside them, in the order of the variants.
    pub signs: &'static [Sign],
    /// The menu that exports it too (market, module); none for shared sets. Curated: use changes no path.
    pub menu: Option<(String, String)>,
    /// The features whose fields use it, and that of its menu.
    pub features: Vec<String>,
    /// Sets that take all of its variants.
    pub filters: Vec<String>,
}

/// A struct inside records.
#[derive(Clone, Debug)]
pub struct Part {
    /// `Level`
    pub name: String,
    /// One line.
    pub doc: String,
    /// Its fields.
    pub members: Vec<Member>,
    /// The features whose records use it.
    pub features: Vec<String>,
}

/// A field of a struct as the user sees it.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub ident: String,
    /// Its type.
    pub ty: MemberType,
    /// Documentation.
    pub docs: Vec<String>,
}

/// What a member holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberType {
    /// One value.
    One(Kind),
    /// Several values of one kind.
    Many(Kind, usize),
    /// A part.
    Part(String),
    /// Several parts.
    Parts(String, usize),
}

/// One menu: a module, a client handle, a cargo feature.
#[derive(Clone, Debug, Default)]
pub struct Menu {
    /// `domestic`
    pub market: String,
    /// `chart`
    pub module: String,
    /// Title for the docs.
    pub title: String,
    /// `국내주식 > 차트`
    pub korean: String,
    /// Its APIs by name.
    pub apis: Vec<Api>,
}

impl Menu {
    /// `domestic-chart`
    pub fn feature(&self) -> String {
        format!("{}-{}", self.market, self.module.replace('_', "-"))
    }

    /// `domestic_chart`
    pub fn handle(&self) -> String {
        format!("{}_{}", self.market, self.module)
    }
}

/// How an API is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP.
    Rest,
    /// A topic of the WebSocket.
    Realtime,
    /// A question over the WebSocket.
    Socket,
}

/// What the mock server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mock {
    /// Offered.
    Yes,
    /// KRX only.
    KrxOnly,
    /// Not offered.
    No,
}

/// One API.
#[derive(Clone, Debug)]
pub struct Api {
    /// `ka10081`
    pub id: String,
    /// `StockDailyChart`
    pub name: String,
    /// `stock_daily_chart`
    pub method: String,
    /// What a caller writes where there is no method: `client.conditions().list()`; blank for REST.
    pub via: String,
    /// 주식일봉차트조회요청
    pub korean: String,
    /// `국내주식 > 차트`
    pub menu: String,
    /// `/api/dostk/chart`
    pub path: String,
    /// What a call does.
    pub effect: Effect,
    /// It takes an open order back.
    pub cancels: bool,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The reply has a list, so it may continue.
    pub paged: bool,
    /// What the mock server offers.
    pub mock: Mock,
    /// The request; none for topics.
    pub request: Option<Request>,
    /// The reply, or the record of a topic.
    pub reply: Struct,
    /// The record of pushes of a socket API that has both.
    pub push: Option<Struct>,
    /// Rows and other nested records of all of them.
    pub nested: Vec<Struct>,
    /// Words that traders search for it by.
    pub words: Vec<String>,
}

/// A request with what its constructor and encoder need.
#[derive(Clone, Debug)]
pub struct Request {
    /// The struct.
    pub body: Struct,
    /// Arguments of `new`, as positions in the fields.
    pub ctor: Vec<usize>,
    /// Fields that must have a value, as positions.
    pub required: Vec<usize>,
    /// Fields that are sent as `""` when unset, as positions.
    pub blank: Vec<usize>,
}

impl Request {
    /// It can be sent before anybody has decided anything.
    pub fn is_complete(&self) -> bool {
        self.required.is_empty()
    }
}

/// One struct.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Its keys, in the order of the wire.
    pub fields: Vec<Field>,
    /// Its members, in the order of their first keys.
    pub members: Vec<Member>,
    /// Changes with a sign code.
    pub changes: Vec<Change>,
}

/// What a code says about the accompanying number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is positive.
    Up,
    /// It is zero.
    Flat,
    /// It is negative.
    Down,
}

/// A change and the code that says its sign, as positions in the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number.
    pub number: usize,
    /// The code.
    pub sign: usize,
    /// The number stands without its sign.
    pub bare: bool,
}

impl Struct {
    /// The only list in it.
    pub fn list(&self) -> Option<&Field> {
        let mut lists = self.fields.iter().filter(|f| matches!(f.kind, Kind::List(_) | Kind::Tuples(_)));
        lists.next().filter(|_| lists.next().is_none())
    }
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key on the wire.
    pub key: String,
    /// Other spellings of the key.
    pub aliases: Vec<String>,
    /// The member that it is, or lies in.
    pub ident: String,
    /// Where it stands below `self`: `stk_cd`, `asks[0].price`.
    pub place: String,
    /// What it holds.
    pub kind: Kind,
    /// Why it holds that.
    pub evidence: Evidence,
    /// Its Korean label.
    pub korean: String,
    /// The same in English; empty where the glossary does not cover it.
    pub english: String,
    /// What its number counts, in English; empty where nothing says it.
    pub unit: &'static str,
    /// How the broker writes its number.
    pub written: Written,
    /// Documented codes with their Korean labels.
    pub codes: Vec<(String, String)>,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The wire text that `Default` gives.
    pub default: Option<String>,
}

/// How the broker writes a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// To how many places zeros fill it, the sign included; 0 if nothing says it.
    pub places: u32,
    /// A negative number has two signs.
    pub double_sign: bool,
}

/// On what a kind rests, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Deeper rows, or the example's objects.
    Nesting,
    /// An erratum or a table of ours for this field.
    Curated,
    /// The Korean label.
    Label,
    /// The description.
    Words,
    /// The example's values.
    Example,
    /// Nothing: text.
    None,
}

impl Evidence {
    /// For tables.
    pub fn word(self) -> &'static str {
        match self {
            Evidence::Nesting => "nesting",
            Evidence::Curated => "curated",
            Evidence::Label => "label",
            Evidence::Words => "words",
            Evidence::Example => "example",
            Evidence::None => "none",
        }
    }
}

/// How a date or time is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Digits only.
    #[default]
    Plain,
    /// With marks.
    Marked,
    /// Hours and minutes.
    Minute,
    /// Hours and minutes with a mark.
    MinuteMarked,
    /// Digits only, of what may not have happened: midnight is nothing.
    Happened,
}

/// Where the point stands and what the sign means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Num {
    /// Digits behind the removed point; below zero, places that the wire has moved the point to the left.
    pub scale: i8,
    /// The sign is decoration.
    pub magnitude: bool,
}

/// The same for directed values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dir {
    /// Digits behind the removed point.
    pub scale: u8,
    /// The document says that it carries a sign.
    pub documented: bool,
}

/// Text types that are not numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// An order number.
    OrderNo,
    /// An account number: never printed.
    AccountNo,
    /// A sector or index code.
    IndexCode,
    /// A gold code.
    GoldCode,
    /// A US ticker.
    UsTicker,
    /// A code without a curated set.
    Code,
}

/// Units off base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 천원
    ThousandWon,
    /// 만원
    TenThousandWon,
    /// 백만원
    MillionWon,
    /// 천만원
    TenMillionWon,
    /// 억원
    HundredMillionWon,
    /// 100주
    HundredShares,
    /// 백만주
    MillionShares,
    /// 1000주
    ThousandShares,
    /// 만주
    TenThousandShares,
    /// 천USD
    ThousandUsd,
    /// 만USD
    TenThousandUsd,
    /// 천g
    ThousandGrams,
    /// Chosen by a request parameter.
    ByRequest,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, blank = empty.
    Text,
    /// Text, `0` = empty.
    Reason,
    /// A whole number.
    Count(Num),
    /// An exact number.
    Decimal(Num),
    /// A percentage.
    Percent(Num),
    /// A market price.
    Price(Dir),
    /// A ratio with a direction.
    Ratio(Dir),
    /// A quantity with a side.
    Sided,
    /// A number in a unit off base.
    Unit(Unit, Num),
    /// A date.
    Date(Layout),
    /// A time of day.
    Time(Layout),
    /// A time of day or a mark.
    TimeMark(Layout),
    /// Both.
    DateTime(Layout),
    /// A month.
    YearMonth(Layout),
    /// A domestic stock code; `true` where a prefix letter is documented.
    StockCode(bool),
    /// A text that is not a number.
    Id(Id),
    /// A code of this set, with the field's own table.
    Coded(String, Vec<(String, u8)>),
    /// A key or token.
    Secret,
    /// The nine on/off digits.
    FilterMask,
    /// Stock codes joined in one string.
    Joined(char),
    /// A JSON array of this struct inside a string.
    Embedded(String),
    /// Always this text.
    Const(String),
    /// An array of this struct.
    List(String),
    /// An array of arrays, by position.
    Tuples(String),
    /// An array of strings.
    Texts,
    /// An object.
    Object(String),
}

impl Kind {
    /// For tables and the surface snapshot.
    pub fn word(&self) -> String {
        match self {
            Kind::Text => "text".into(),
            Kind::Reason => "reason".into(),
            Kind::Count(n) => format!("count{}", num(*n)),
            Kind::Decimal(n) => format!("decimal{}", num(*n)),
            Kind::Percent(n) => format!("percent{}", num(*n)),
            Kind::Price(d) => format!("price{}", dir(*d)),
            Kind::Ratio(d) => format!("ratio{}", dir(*d)),
            Kind::Sided => "sided".into(),
            Kind::Unit(u, n) => format!("{u:?}{}", num(*n)),
            Kind::Date(l) => format!("date{}", layout(*l)),
            Kind::Time(l) => format!("time{}", layout(*l)),
            Kind::TimeMark(l) => format!("clock{}", layout(*l)),
            Kind::DateTime(l) => format!("datetime{}", layout(*l)),
            Kind::YearMonth(l) => format!("month{}", layout(*l)),
            Kind::StockCode(prefixed) => if *prefixed { "stock-code(prefixed)" } else { "stock-code" }.into(),
            Kind::Id(id) => format!("{id:?}"),
            Kind::Coded(set, _) => set.clone(),
            Kind::Secret => "secret".into(),
            Kind::FilterMask => "mask".into(),
            Kind::Joined(c) => format!("stock-codes joined by {c}"),
            Kind::Embedded(s) => format!("[{s}] in a string"),
            Kind::Const(text) => format!("always {text:?}"),
            Kind::List(s) => format!("[{s}]"),
            Kind::Tuples(s) => format!("[{s}] by position"),
            Kind::Texts => "[text]".into(),
            Kind::Object(s) => format!("{{{s}}}"),
        }
    }
}

fn num(n: Num) -> String {
    let scale = match n.scale {
        0 => String::new(),
        1.. => format!(" /10^{}", n.scale),
        _ => format!(" *10^{}", n.scale.unsigned_abs()),
    };
    format!("{scale}{}", if n.magnitude { " magnitude" } else { "" })
}

fn dir(d: Dir) -> String {
    let scale = if d.scale == 0 { String::new() } else { format!(" /10^{}", d.scale) };
    format!("{scale}{}", if d.documented { " signed" } else { "" })
}

fn layout(l: Layout) -> String {
    match l {
        Layout::Plain => String::new(),
        other => format!(" {other:?}"),
    }
}
