//! The two servers of the broker.

use std::time::Duration;

use kiwoom_api::Limits;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::registry::find;

use crate::broker::Fees;

/// Which of the broker's servers the simulator behaves like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Personality {
    /// The server of real money: 5 requests a second of each API, other figures for some of the US, all venues.
    #[default]
    Real,
    /// The mock server: 1 request a second of each API, KRX only, some APIs are not offered (`BEHAVIOUR.md` M1).
    Mock,
}

const SECOND: Duration = Duration::from_secs(1);

/// So many requests within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// The API, or the path of those that share it.
    pub whose: &'static str,
    pub count: usize,
    pub within: Duration,
}

/// Whether a query found rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Something,
    Nothing,
}

impl Personality {
    /// How often an API may be called at a Korean wall time, and with which APIs it shares that (`BEHAVIOUR.md` R1).
    pub(crate) fn quota(self, api: &'static str, now: DateTime) -> Quota {
        let of = |count| Quota { whose: api, count, within: SECOND };
        let is_peak = now.hour() == 9;
        let path = find(api).map_or("", |entry| entry.meta.path);
        match api {
            _ if self == Personality::Mock => of(1),
            _ if path == "/api/us/exchange" => of(1),
            _ if path == "/api/us/chart" => Quota { whose: "/api/us/chart", ..of(20) },
            _ if api.starts_with("us") && is_peak && api != "usa10099" => of(3),
            "usa10099" => Quota { within: 60 * SECOND, ..of(5) },
            _ if api.starts_with("ust2000") => of(10),
            _ => of(5),
        }
    }

    /// The limits that a client of this server keeps.
    pub(crate) fn limits(self) -> Limits {
        match self {
            Personality::Real => Limits::official(),
            Personality::Mock => Limits::mock(),
        }
    }

    /// What trading costs.
    pub(crate) fn fees(self) -> Fees {
        match self {
            Personality::Real => Fees::REAL,
            Personality::Mock => Fees::MOCK,
        }
    }

    /// What a reply says when a query succeeds: the words and their blanks differ (`BEHAVIOUR.md` H6).
    pub(crate) fn done(self, found: Rows) -> &'static str {
        match (self, found) {
            (Personality::Real, _) => " 조회가 완료되었습니다.",
            (Personality::Mock, Rows::Something) => "모의투자 조회완료",
            (Personality::Mock, Rows::Nothing) => "모의투자 해당조회내역이 없습니다.",
        }
    }

    /// How keys and tokens of this server begin.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Personality::Real => "SIM-REAL",
            Personality::Mock => "SIM-MOCK",
        }
    }

    /// Whether a key or a token belongs to the other server (`BEHAVIOUR.md` A5).
    pub(crate) fn is_of_other(self, text: &str) -> bool {
        let other = match self {
            Personality::Real => Personality::Mock,
            Personality::Mock => Personality::Real,
        };
        text.starts_with("OTHER-SERVER") || text.starts_with(other.prefix())
    }

    /// How the mock server refuses an API that it does not offer (`BEHAVIOUR.md` M1).
    pub(crate) fn lacks(api: &str) -> (i64, &'static str) {
        match api {
            "ka01690" => (2, "[8104:모의투자 미지원 서비스]"),
            "kt00010" => (20, "[2000](RC7006:모의투자 미제공)"),
            _ if api.starts_with("ust") => (20, "1999:처리 오류. 실패사유=모의투자에서는 제공되지 않습니다"),
            _ => (20, "[2000](RC9000:모의투자 미제공)"),
        }
    }
}
