//! Whether a request is well formed: its API, its address, its fields.

use kiwoom_api::decode::{clear, decode};
use kiwoom_api::encode::is_set;
use kiwoom_api::endpoint::{Mock, Protocol};
use kiwoom_api::record::Slot;
use kiwoom_api::registry::{ENTRIES, Entry};
use serde_json::Value;

use super::ask::{Ask, Said};
use super::personality::Personality;
use super::refuse::refusal;

/// The API of a request.
pub(crate) fn entry_of(ask: &Ask) -> Result<&'static Entry, Said> {
    let Some(id) = ask.api.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
        return Err(refusal(1, "[1501:API ID 없음]"));
    };
    let Some(entry) = ENTRIES.iter().find(|entry| entry.meta.id == id && entry.meta.protocol == Protocol::Rest) else {
        return Err(refusal(1, format!("[1505:등록되지 않은 API. API ID={id}]")));
    };
    if entry.meta.path != ask.path {
        return Err(refusal(1, format!("[1504:URI 불일치. API ID={id}, URI={}]", ask.path)));
    }
    Ok(entry)
}

/// Reads the body and checks every field against the facts of the API.
pub(crate) fn check(ask: &mut Ask, entry: &Entry, personality: Personality) -> Result<(), Said> {
    if personality == Personality::Mock && entry.meta.mock == Mock::No {
        let (class, message) = Personality::lacks(entry.meta.id);
        return Err(refusal(class, message));
    }
    let text = if ask.body.trim().is_empty() { "{}" } else { &ask.body };
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
        return Err(refusal(2, "[1517:입력 값 형식이 올바르지 않습니다. 파라미터=body 실패사유=JSON]"));
    };
    let Some(make) = entry.request else { return Ok(()) };
    let mut record = make();
    // what a request leaves out is missing, and not at its neutral value
    clear(&mut *record);
    let keys = record.keys();
    let name = |key: &'static str| key.trim_matches(['"', ':']);
    for (key, value) in &fields {
        if !keys.iter().any(|known| name(known) == key) {
            return Err(wrong(key, "미정의"));
        }
        if !matches!(value, Value::String(_) | Value::Array(_)) {
            return Err(wrong(key, "문자열 아님"));
        }
    }
    let Ok(decoded) = decode(text.as_bytes(), &mut *record) else { return Err(wrong("body", "JSON")) };
    if let Some(anomaly) = decoded.anomalies().first() {
        return Err(wrong(anomaly.field, "형식"));
    }
    // keys of rows within the body
    if let Some(key) = decoded.unknown_keys().next() {
        return Err(wrong(key, "미정의"));
    }
    if let Some(index) = (0..keys.len()).find(|index| is_unlisted(&mut record.slot(*index))) {
        return Err(wrong(name(keys[index]), "목록에 없는 값"));
    }
    for index in entry.required {
        // the neutral value of a filter may be a blank one
        let sent_blank = entry.blank.contains(index) && fields.contains_key(name(keys[*index]));
        if !sent_blank && !is_set(&mut record.slot(*index)) {
            let field = name(keys[*index]);
            return Err(refusal(2, format!("입력 값 오류입니다[1511:필수 입력 값 없음. 필수입력 파라미터={field}]")));
        }
    }
    ask.fields = fields;
    Ok(())
}

/// A code that is none of those of its field.
fn is_unlisted(slot: &mut Slot<'_>) -> bool {
    matches!(slot, Slot::Code(code, _) if code.as_unlisted().is_some())
}

fn wrong(field: &str, why: &str) -> Said {
    refusal(2, format!("[1517:입력 값 형식이 올바르지 않습니다. 파라미터={field} 실패사유={why}]"))
}
