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
