//! What is listed: codes, names and the price from which each history begins.

use kiwoom_api::value::Decimal;

use crate::session::Exchange;

/// The kind of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A stock of KRX.
    Stock,
    /// An ETF of KRX: another tick, no tax.
    Etf,
    /// An index, in hundredths of a point. Nobody can order it.
    Index,
    /// Gold of KRX, won a gram.
    Gold,
    /// A US stock, in cents.
    Us,
}

impl Kind {
    /// Whose hours it keeps.
    pub fn exchange(self) -> Exchange {
        if self == Kind::Us { Exchange::Us } else { Exchange::Krx }
    }
}

/// One instrument.
#[derive(Debug)]
pub(crate) struct Listing {
    /// Its code without prefix and venue.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    pub kind: Kind,
    /// Where its history begins: won, hundredths of a point, cents.
    pub base: i64,
    /// How many are listed.
    pub listed: i64,
    /// The US exchange: `ND`, `NY` or `NA`; blank for Korea.
    pub venue: &'static str,
}

impl Listing {
    /// Its prices are counted in hundredths: of a point, of a dollar.
    pub fn is_in_hundredths(&self) -> bool {
        matches!(self.kind, Kind::Index | Kind::Us)
    }

    /// A price in the unit of its market.
    pub fn number(&self, amount: i64) -> Decimal {
        Decimal::new(amount, if self.is_in_hundredths() { 2 } else { 0 })
    }
}

const fn listing(code: &'static str, name: &'static str, kind: Kind, base: i64, listed: i64) -> Listing {
    let venue = if matches!(kind, Kind::Us) { "ND" } else { "" };
    Listing { code, name, kind, base, listed, venue }
}

const fn on(venue: &'static str, listing: Listing) -> Listing {
    Listing { venue, ..listing }
}

/// Everything. Prices are made up.
pub(crate) static LISTED: &[Listing] = &[
    listing("005930", "삼성전자", Kind::Stock, 71_000, 5_919_637_922),
    listing("000660", "SK하이닉스", Kind::Stock, 198_000, 728_002_365),
    listing("035420", "NAVER", Kind::Stock, 212_000, 158_437_008),
    listing("035720", "카카오", Kind::Stock, 47_500, 442_000_000),
    listing("005380", "현대차", Kind::Stock, 241_000, 209_416_191),
    listing("000270", "기아", Kind::Stock, 101_500, 397_000_000),
    listing("105560", "KB금융", Kind::Stock, 84_700, 393_500_000),
    listing("068270", "셀트리온", Kind::Stock, 178_300, 217_000_000),
    listing("051910", "LG화학", Kind::Stock, 289_500, 70_592_343),
    listing("006400", "삼성SDI", Kind::Stock, 231_000, 68_764_530),
    listing("015760", "한국전력", Kind::Stock, 22_150, 641_964_077),
    listing("034220", "LG디스플레이", Kind::Stock, 9_870, 500_000_000),
    listing("003490", "대한항공", Kind::Stock, 24_300, 368_220_661),
    listing("011200", "HMM", Kind::Stock, 18_420, 881_000_000),
    listing("247540", "에코프로비엠", Kind::Stock, 129_800, 97_801_344),
    listing("041510", "에스엠", Kind::Stock, 88_400, 22_900_000),
    listing("007280", "한국특강", Kind::Stock, 1_873, 76_000_000),
    listing("00680K", "미래에셋증권2우B", Kind::Stock, 4_215, 140_000_000),
    listing("069500", "KODEX 200", Kind::Etf, 36_250, 168_000_000),
    listing("371460", "TIGER 차이나전기차SOLACTIVE", Kind::Etf, 8_915, 300_000_000),
    listing("001", "종합(KOSPI)", Kind::Index, 268_144, 0),
    listing("101", "종합(KOSDAQ)", Kind::Index, 83_115, 0),
    listing("201", "KOSPI200", Kind::Index, 36_018, 0),
    listing("M04020000", "금 99.99_1kg", Kind::Gold, 142_180, 0),
    listing("M04020100", "미니금 99.99_100g", Kind::Gold, 143_310, 0),
    listing("NVDA", "엔비디아", Kind::Us, 17_855, 24_400_000_000),
    listing("AAPL", "애플", Kind::Us, 21_240, 15_000_000_000),
    listing("TSLA", "테슬라", Kind::Us, 24_890, 3_200_000_000),
    on("NY", listing("KO", "코카콜라", Kind::Us, 6_985, 4_300_000_000)),
    on("NA", listing("SPY", "SPDR S&P 500 ETF", Kind::Us, 61_240, 1_000_000_000)),
];
