//! Refusals: HTTP 200 and a return code, except for quotas.

use serde_json::json;

use super::ask::Said;

/// A refusal of a class; 429 for quotas only (`BEHAVIOUR.md` H1).
pub(crate) fn refusal(class: i64, message: impl AsRef<str>) -> Said {
    let message = message.as_ref();
    let status = if class == 5 && message.contains("[170") { 429 } else { 200 };
    let body = json!({ "return_code": class, "return_msg": message }).to_string();
    Said { status, body, next_key: None, is_html: false }
}

/// A refusal for a quota: 1700 of an API, 1701 of all, 1702 of a group (`BEHAVIOUR.md` R2, R6).
pub(crate) fn quota_refusal(code: u16, api: &str, rate: usize) -> Said {
    let figures = match code {
        1701 => format!("총유량={rate}"),
        1702 => format!("총유량={rate}, API_ID={api}"),
        _ => format!("유량={rate}, API ID={api}"),
    };
    refusal(5, format!("허용된 요청 개수를 초과하였습니다[{code}:유량 초과. {figures}]"))
}

/// The firewall in front of the service: it refuses the default `User-Agent` of some HTTP libraries (`BEHAVIOUR.md` H5).
pub(crate) fn firewall(agent: Option<&str>) -> Result<(), Said> {
    match agent.is_some_and(|agent| agent.contains("aiohttp/")) {
        true => Err(Said::html(400, "Request Blocked")),
        false => Ok(()),
    }
}
