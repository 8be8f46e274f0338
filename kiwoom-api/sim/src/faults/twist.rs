//! Replies and frames as faults make them.

use serde_json::{Map, Value, json};

use super::Fault;
use crate::envelope::{Said, quota_refusal};

/// The reply as the faults make it.
pub(crate) fn twist(mut said: Said, faults: &[Fault], (api, rate): (&str, usize)) -> Said {
    for fault in faults {
        match fault {
            Fault::Html => said = Said::html(200, "서비스 점검 중입니다"),
            Fault::Status500 => said = Said { status: 500, ..Said::json(String::new()) },
            Fault::Quota | Fault::GhostQuota => said = quota_refusal(1700, api, rate),
            Fault::TotalQuota => said = quota_refusal(1701, api, rate),
            Fault::GroupQuota => said = quota_refusal(1702, api, rate),
            Fault::UnknownField | Fault::WrongType => said.body = changed(&said.body, *fault),
            _ => {}
        }
    }
    said
}

/// A frame as the faults make it: of a push, its values change.
pub(crate) fn twist_frame(text: String, faults: &[Fault]) -> String {
    let odd: Vec<Fault> =
        faults.iter().copied().filter(|fault| matches!(fault, Fault::UnknownField | Fault::WrongType)).collect();
    let Ok(Value::Object(mut frame)) = serde_json::from_str(&text) else { return text };
    if odd.is_empty() {
        return text;
    }
    let trnm = frame.remove("trnm").unwrap_or_default();
    for fault in odd {
        match frame.get_mut("data").and_then(Value::as_array_mut).filter(|_| trnm == "REAL") {
            Some(pushed) => {
                pushed
                    .iter_mut()
                    .filter_map(|element| element.get_mut("values"))
                    .for_each(|values| change(values, fault));
            }
            None => change_fields(&mut frame, fault),
        }
    }
    let rest = Value::Object(frame).to_string();
    let comma = if rest == "{}" { "" } else { "," };
    format!(r#"{{"trnm":{trnm}{comma}{}"#, &rest[1..])
}

fn changed(body: &str, fault: Fault) -> String {
    match serde_json::from_str(body) {
        Ok(mut json) => {
            change(&mut json, fault);
            Value::to_string(&json)
        }
        Err(_) => body.to_owned(),
    }
}

fn change(json: &mut Value, fault: Fault) {
    if let Some(object) = json.as_object_mut() {
        change_fields(object, fault);
    }
}

fn change_fields(object: &mut Map<String, Value>, fault: Fault) {
    if fault == Fault::UnknownField {
        object.insert("sim_unknown_field".to_owned(), json!("1"));
        return;
    }
    for (key, value) in object {
        match value {
            // the envelope stays readable: a reply without it is another fault
            Value::String(_) if !key.starts_with("return_") => *value = json!({ "sim": 1 }),
            Value::Array(rows) => {
                let odd = |value: &mut Value| *value = json!({ "sim": 1 });
                match rows.first_mut() {
                    Some(Value::Object(row)) => row.values_mut().for_each(odd),
                    Some(Value::Array(row)) => row.iter_mut().for_each(odd),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}
