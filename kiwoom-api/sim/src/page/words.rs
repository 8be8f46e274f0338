//! Words of the page that belong to values: kinds, units, members of the protocol, faults; in Korean and English.

use kiwoom_api::record::Slot;

use super::cell::{Both, words};
use crate::faults::Fault;

/// Units as the registry writes them, and in Korean.
const UNITS: &[(&str, &str)] = &[
    ("won", "원"),
    ("thousand won", "천원"),
    ("ten thousand won", "만원"),
    ("million won", "백만원"),
    ("ten million won", "천만원"),
    ("hundred million won", "억원"),
    ("shares", "주"),
    ("hundred shares", "백주"),
    ("thousand shares", "천주"),
    ("ten thousand shares", "만주"),
    ("million shares", "백만주"),
    ("issues", "종목"),
    ("cases", "건"),
    ("persons", "명"),
    ("percentage points", "%p"),
    ("index points", "포인트"),
    ("USD", "달러"),
    ("thousand USD", "천달러"),
    ("ten thousand USD", "만달러"),
    ("grams", "g"),
    ("thousand grams", "천g"),
    ("won per gram", "원/g"),
    ("USD per ounce", "달러/온스"),
    ("times", "배"),
    ("days", "일"),
    ("contracts", "계약"),
    ("won or shares, by the row", "원 또는 주"),
    ("won or grams, by the row", "원 또는 g"),
    ("the foreign currency of the account or row", "외화"),
    ("places in a ranking", "순위"),
    ("how many times", "회"),
    ("ticks", "틱"),
    ("minutes", "분"),
];

/// The unit of a number; blank for what is none, and where the value shows it itself.
pub(super) fn unit(english: &str, slot: &Slot<'_>) -> Both {
    if matches!(slot, Slot::Percent(..) | Slot::Ratio(..)) || matches!(english, "percent" | "none, a plain number") {
        return Both::same("");
    }
    let korean = UNITS.iter().find(|(word, _)| *word == english).map_or(english, |(_, korean)| korean);
    Both::new(korean, english)
}

/// What a value is, and what its sign means.
pub(super) fn kind(slot: &Slot<'_>) -> Both {
    let (ko, en) = match slot {
        Slot::Price(..) => ("가격 · 부호는 등락 방향", "price; its sign is a direction"),
        Slot::Ratio(..) => ("비율 · 부호는 방향", "ratio; its sign is a direction"),
        Slot::Sided(_) => ("수량 · 부호는 매매 방향", "quantity; its sign is the side"),
        Slot::Count(_, num) | Slot::Decimal(_, num) | Slot::Percent(_, num) | Slot::Unit(_, num)
            if num.sign == kiwoom_api::record::Sign::Decoration =>
        {
            ("수 · 부호는 뜻이 없음", "number; its sign means nothing")
        }
        Slot::Count(..) => ("정수", "whole number"),
        Slot::Decimal(..) => ("수", "number"),
        Slot::Percent(..) => ("백분율", "percentage"),
        Slot::Unit(..) => ("단위가 있는 수", "number in a unit of its own"),
        Slot::Date(..) => ("날짜", "date"),
        Slot::Time(..) | Slot::TimeMark(..) => ("시각", "time of day"),
        Slot::DateTime(..) => ("날짜와 시각", "date and time"),
        Slot::YearMonth(..) => ("연월", "month"),
        Slot::StockCode(..) => ("종목코드", "stock code"),
        Slot::Code(..) => ("코드", "code"),
        Slot::Id(_) => ("식별자", "identifier"),
        Slot::Secret(_) => ("비밀 값", "secret"),
        Slot::Const(_) => ("고정 값", "constant"),
        _ => ("텍스트", "text"),
    };
    Both::new(ko, en)
}

/// Members that belong to the protocol and to no single API.
pub(super) fn protocol(key: &str) -> Option<(&'static str, &'static str)> {
    Some(match key {
        "return_code" => ("응답 코드", "Return code"),
        "return_msg" => ("응답 메시지", "Message"),
        "trnm" => ("메시지 종류", "Kind of message"),
        "token" => ("접근 토큰", "Access token"),
        "grp_no" => ("그룹 번호", "Group"),
        "refresh" => ("기존 등록 유지 (1: 유지, 0: 해제)", "Earlier registrations (1: keep, 0: drop)"),
        "data" => ("등록 항목", "What is registered"),
        "sor_yn" => ("SOR 사용 여부", "SOR available"),
        "code" => ("코드", "Code"),
        "message" => ("메시지", "Message"),
        _ => return None,
    })
}

/// What a return code says.
pub(super) fn return_code(code: i64) -> Both {
    let (ko, en) = match code {
        0 => ("정상", "success"),
        1 => ("요청 형식 오류", "the request is malformed"),
        2 => ("입력 값 오류", "a field is wrong"),
        3 => ("인증 실패", "not authorised"),
        5 => ("요청 제한", "a limit was exceeded"),
        20 => ("업무 거부", "refused by the system behind"),
        _ => ("오류", "error"),
    };
    Both::new(format!("{code} {ko}"), format!("{code} {en}"))
}

/// Faults by the name of their variant.
const FAULTS: &[(&str, &str, &str)] = &[
    ("Latency", "응답 지연", "Slow reply"),
    ("DropBefore", "처리 전 연결 끊김", "Connection lost before acting"),
    ("DropAfter", "처리 후 연결 끊김", "Connection lost after acting"),
    ("ArrivesLate", "요청이 뒤늦게 도착", "Request arrives late"),
    ("Quota", "요청 제한 (429, 1700)", "Quota of the API (429, 1700)"),
    ("TotalQuota", "전체 요청 제한 (1701)", "Quota of all APIs (1701)"),
    ("GroupQuota", "그룹 요청 제한 (1702)", "Quota of a group (1702)"),
    ("GhostQuota", "429지만 실제로는 처리됨", "429, yet carried out"),
    ("Html", "JSON 대신 HTML", "HTML instead of JSON"),
    ("Status500", "HTTP 500 오류", "HTTP 500"),
    ("Truncated", "응답이 중간에 끊김", "Reply cut short"),
    ("TokenDeath", "모든 토큰 만료", "All tokens die"),
    ("UnknownField", "문서에 없는 필드 추가", "Unknown field in the reply"),
    ("WrongType", "형식이 다른 값", "Value of a wrong type"),
    ("Kick", "소켓: 중복 로그인으로 종료", "Socket: ended by a second login"),
    ("Break", "소켓: 갑자기 끊김", "Socket: breaks without a close"),
    ("Mute", "소켓: 연결된 채 응답 없음", "Socket: open and silent"),
    ("MissedAck", "소켓: 등록 응답 누락", "Socket: acknowledgement lost"),
    ("PingFirst", "소켓: 응답 전에 PING", "Socket: ping before the answer"),
    ("Duplicate", "소켓: 같은 푸시 두 번", "Socket: push comes twice"),
    ("LostPush", "소켓: 푸시 누락", "Socket: push is lost"),
    ("LatePush", "소켓: 늦은 푸시", "Socket: push comes late"),
    ("ClosedAtOnce", "소켓: 접속 직후 종료", "Socket: closed at once"),
];

/// The name of the variant.
pub(super) fn fault_id(fault: Fault) -> String {
    let text = format!("{fault:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

/// What a fault is called; a fault without a row by the words of its variant.
pub(super) fn fault(fault: Fault) -> Both {
    let id = fault_id(fault);
    match FAULTS.iter().find(|(known, ..)| *known == id) {
        Some((_, ko, en)) => Both::new(*ko, *en),
        None => Both::same(words(&id)),
    }
}
