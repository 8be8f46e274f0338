//! Replies and pushes as faults make them.

use serde_json::{Value, json};

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

/// One element of a push as the faults make it.
pub(crate) fn twist_push(element: String, faults: &[Fault]) -> String {
    let Ok(mut json) = serde_json::from_str::<Value>(&element) else { return element };
    let mut is_same = true;
    for fault in faults {
        if let Fault::UnknownField | Fault::WrongType = fault
            && let Some(values) = json.get_mut("values")
        {
            change(values, *fault);
            is_same = false;
        }
    }
    if is_same { element } else { json.to_string() }
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
    let Some(object) = json.as_object_mut() else { return };
    if fault == Fault::UnknownField {
        object.insert("sim_unknown_field".to_owned(), json!("1"));
        return;
    }
    for (key, value) in object {
        match value {
            // the envelope stays readable: a reply without it is another fault
            Value::String(_) if !key.starts_with("return_") => *value = json!({ "sim": 1 }),
            Value::Array(rows) => {
                let first = rows.first_mut().and_then(Value::as_object_mut);
                first.into_iter().flat_map(|row| row.values_mut()).for_each(|value| *value = json!({ "sim": 1 }));
            }
            _ => {}
        }
    }
}
