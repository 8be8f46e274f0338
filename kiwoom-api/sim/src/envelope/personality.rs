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
    pub(crate) fn done(self) -> &'static str {
        match self {
            Personality::Real => " 조회가 완료되었습니다.",
            Personality::Mock => "모의투자 조회완료",
        }
    }
}
