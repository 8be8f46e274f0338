//! Why an order is refused.

/// A refusal of the system behind the gateway (`BEHAVIOUR.md` H4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TickSize,
    Funds,
    Shares,
    Limit,
    Original,
    Quantity,
    Closed,
    Venue,
    /// No such stock (1902).
    Stock,
    /// A market order with a price, or a limit order without one (1517).
    Price,
    /// A price with more places than its market has (1517).
    Places,
    /// The day of a loan is missing (1517).
    LoanDate,
    /// A kind of order that is not simulated, or not at this time of the day.
    OrderType,
}

impl Refused {
    /// Return code and message.
    pub fn told(self, code: &str) -> (i64, String) {
        let (inner, text) = match self {
            Refused::Stock => return (2, format!("입력 값 오류입니다[1902:종목 정보가 없습니다. 종목코드={code}]")),
            Refused::Price => {
                return (2, "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=ord_uv 실패사유=주문단가]".into());
            }
            Refused::Places => {
                return (2, "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=ord_uv 실패사유=소수점 자릿수]".into());
            }
            Refused::LoanDate => {
                return (2, "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=crd_loan_dt 실패사유=대출일]".into());
            }
            Refused::OrderType => {
                return (
                    2,
                    "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=trde_tp 실패사유=시뮬레이터 미지원]".into(),
                );
            }
            Refused::TickSize => ("RC4003", "호가단위 오류"),
            Refused::Funds => ("RC4025", "증거금 부족"),
            Refused::Shares => ("RC4025", "매도가능수량 부족"),
            Refused::Limit => ("RC4027", "상하한가 범위 초과"),
            Refused::Original => ("RC4032", "원주문번호 없음"),
            Refused::Quantity => ("RC4033", "수량 오류"),
            Refused::Closed => ("RC4058", "장종료"),
            Refused::Venue => ("RC9000", "제공하지 않는 거래소"),
        };
        (20, format!("[2000]({inner}:{text})"))
    }
}
