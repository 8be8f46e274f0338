//! 오류 문구. The texts of errors in Korean; kinds and order as in `english`.

use std::fmt::{self, Display, Formatter};

use crate::error::explain::{Advice, Explanation, Situation};
use crate::error::refusal::Refusal;
use crate::error::unfinished::Unfinished;
use crate::error::{Error, Kind, NoValue};
use crate::json::misfit::in_korean;
use crate::language::Language::Korean;
use crate::redact::redact;

pub(super) fn said(error: &Error, f: &mut Formatter<'_>) -> fmt::Result {
    if let Some(api) = &error.0.api {
        write!(f, "{api}: ")?;
    }
    if error.0.signing_in {
        f.write_str("토큰을 받지 못했습니다: ")?;
    }
    match error.kind() {
        Kind::Refused(refusal) => refused(error, refusal, f)?,
        _ => happened(error).fmt(f)?,
    }
    match error.0.again {
        Some(left) => {
            let seconds = left.as_secs().saturating_add(1);
            write!(f, "; 앞으로 {seconds}초 동안은 토큰을 요청하지 않습니다 (바로 요청하려면 sign_in())")
        }
        None => Ok(()),
    }
}

/// What happened, and what to do about it.
pub(super) fn happened(error: &Error) -> Explanation {
    let status = error.0.status.unwrap_or_default();
    let Advice { cause, cure } = error.situation().explain(Korean);
    let said = |text: String| Explanation::new(text, cure);
    match error.kind() {
        Kind::Setup(what) => Explanation::parted(what.korean()),
        #[cfg(feature = "realtime")]
        Kind::Realtime(what) => Explanation::parted(&format!("실시간 데이터: {}", what.korean())),
        Kind::Journal(what) => Explanation::parted(&format!("주문 일지 {}", what.korean())),
        Kind::ConnectTimeout(after) => said(format!("{cause}: {after:?} 안에 연결되지 않았습니다")),
        Kind::Timeout(after) => said(format!("{after:?} 안에 응답을 다 받지 못했습니다")),
        Kind::TooLong(limit) => said(format!("응답이 {limit}바이트보다 깁니다")),
        Kind::Html => said(format!("HTTP {status}: {cause}")),
        Kind::Status => said(format!("HTTP {status}: 증권사의 응답 형식이 아닙니다")),
        Kind::Decode(inner) => said(format!("{cause}: {}", inner.korean())),
        Kind::TooManyRows(room) => said(format!("응답의 행이 {room}바이트보다 많은 메모리를 차지합니다")),
        Kind::Inexact(anomalies, omitted) => {
            let count = anomalies.len().saturating_add(*omitted);
            let first = anomalies.first().map(|first| format!(". 첫 번째는 {}", first.place()));
            said(format!("응답의 값 {count}개가 정해진 형식에 맞지 않습니다{}", first.unwrap_or_default()))
        }
        Kind::Unfinished(why) => unfinished(*why),
        Kind::Connect(_) | Kind::Broken(_) => match error.system_error() {
            Some(system) => said(format!("{cause}: {system}")),
            None => said(cause.to_owned()),
        },
        Kind::NoToken | Kind::NoOrderNumber | Kind::NoEnvelope | Kind::OtherApi | Kind::Refused(_) => {
            said(cause.to_owned())
        }
        _ => unsent(error),
    }
}

/// What this machine found before anything was sent, or in a record at hand.
fn unsent(error: &Error) -> Explanation {
    let Advice { cause, cure } = error.situation().explain(Korean);
    let said = |text: String| Explanation::new(text, cure);
    match error.kind() {
        Kind::Request { field, problem, advice } => {
            Explanation::new(format!("보내지 않음: {field}: {}", problem.korean()), advice.korean().to_owned())
        }
        Kind::TradeAsRead(part) => said(format!("보내지 않음: {part}: {cause}")),
        Kind::Needed { field, absence: NoValue::Open } => Explanation::new(
            format!("{field} 값이 없습니다"),
            "빈 값이거나 형식이 다릅니다. 응답의 anomalies()를 보세요",
        ),
        Kind::Needed { field, absence: NoValue::Blank } => said(format!("{field} 값이 없습니다: {cause}")),
        Kind::Needed { field, absence: NoValue::Misfit(expected) } => {
            said(format!("{field} 값이 없습니다: {cause} (맞는 형식: {})", in_korean(expected)))
        }
        Kind::Missing(fields) => Explanation::new(
            format!("보내지 않음: {} 값이 없습니다", fields.join(", ")),
            "증권사가 요구하는 항목이니 채우세요",
        ),
        Kind::NotJson(inner) => said(format!("보내지 않음: 본문이 JSON 객체가 아닙니다: {}", inner.korean())),
        Kind::Halted(reason) => said(format!("보내지 않음: {cause}: {reason}")),
        Kind::Late(after) => {
            said(format!("보내지 않음: {after:?} 안에 답을 받을 수 있도록 차례나 연결을 얻지 못했습니다"))
        }
        _ => said(format!("보내지 않음: {cause}")),
    }
}

fn unfinished(why: Unfinished) -> Explanation {
    match why {
        Unfinished::Cap(pages) => Explanation::new(
            format!("{pages}쪽을 넘었습니다"),
            "limit_pages()로 쪽수를 정하거나, 멈춘 곳에서 resume()으로 이어 읽으세요",
        ),
        Unfinished::Loop => Explanation::new(
            "증권사가 같은 next-key를 두 번 보내 같은 쪽이 되풀이됩니다".to_owned(),
            "처음부터 다시 읽으세요",
        ),
        Unfinished::NoKey => Explanation::new(
            "다음 쪽이 있다고 하면서 next-key를 보내지 않았습니다".to_owned(),
            "처음부터 다시 읽으세요",
        ),
        Unfinished::Pages(limit) => Explanation::new(
            format!("limit_pages({limit}) 때문에 끝까지 읽지 않았습니다"),
            "수를 늘리거나, 멈춘 곳에서 resume()으로 이어 읽으세요",
        ),
        Unfinished::Rows(limit) => Explanation::new(
            format!("limit_rows({limit}) 때문에 끝까지 읽지 않았습니다"),
            "수를 늘리거나 until()을 쓰세요",
        ),
    }
}

fn refused(error: &Error, refusal: &Refusal, f: &mut Formatter<'_>) -> fmt::Result {
    let unsettled = || error.leaves_an_order_in_doubt().then(|| Situation::RefusedUnsettled.explain(Korean));
    let why = error.explain_codes(Korean).or_else(unsettled);
    f.write_str("증권사가 거절했습니다")?;
    if let Some(code) = refusal.code {
        write!(f, ": {code}")?;
    }
    if let Some(inner) = &refusal.inner {
        write!(f, " [{inner}]")?;
    }
    if let Some(why) = why {
        let mark = if refusal.code.is_some() || refusal.inner.is_some() { "," } else { ":" };
        write!(f, "{mark} {}", why.cause)?;
    }
    if let Some(parameter) = &refusal.parameter {
        write!(f, ": {parameter}")?;
    }
    if let Some(rc) = refusal.rc {
        write!(f, ", return_code {rc}")?;
    }
    if let Some(status) = error.0.status.filter(|status| *status != 200) {
        write!(f, ", HTTP {status}")?;
    }
    if let Some(why) = why {
        write!(f, " ({})", why.cure)?;
    }
    if !refusal.message.is_empty() {
        write!(f, "; 증권사 메시지: {}", redact(&refusal.message))?;
    }
    Ok(())
}
