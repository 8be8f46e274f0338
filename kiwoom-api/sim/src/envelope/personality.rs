//! The two servers of the broker.

use kiwoom_api::Limits;

use crate::broker::Fees;

/// Which of the broker's servers the simulator behaves like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Personality {
    /// The server of real money: 5 requests a second of each API, all venues.
    #[default]
    Real,
    /// The mock server: 1 request a second of each API, KRX only, some APIs are not offered (`BEHAVIOUR.md` M1).
    Mock,
}

/// Whether a query found rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Something,
    Nothing,
}

impl Personality {
    /// Requests a second of each API.
    pub(crate) fn per_second(self) -> usize {
        match self {
            Personality::Real => 5,
            Personality::Mock => 1,
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
