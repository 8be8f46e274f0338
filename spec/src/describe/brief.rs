//! Facts in one line, for reports and tests: `unit won; signed; decimals 2`.
//!
//! Written from the committed form, so that a new fact shows up without a change here.

use std::fmt;

use serde_json::{Map, Value};

use super::facts::Facts;

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(Value::Object(facts)) = serde_json::to_value(self) else {
            return Err(fmt::Error);
        };
        for (i, (name, value)) in facts.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { "; " })?;
            match value {
                Value::Bool(_) => f.write_str(name)?,
                Value::Array(items) if name == "codes" => write!(f, "{name} {}", join(items, " | "))?,
                Value::Array(items) => write!(f, "{name} {}", join(items, ","))?,
                Value::Object(threshold) => write!(f, "{name} {}", bounds(threshold))?,
                value => write!(f, "{name} {}", word(value))?,
            }
        }
        Ok(())
    }
}

/// `10,15,500 x10000 usd all 0=전체`
fn bounds(threshold: &Map<String, Value>) -> String {
    let get = |name| threshold.get(name).map(word);
    let mut line = threshold.get("bounds").and_then(Value::as_array).map(|items| join(items, ",")).unwrap_or_default();
    for (before, name) in [(" x", "multiplier"), (" ", "unit"), (" all ", "all")] {
        if let Some(value) = get(name) {
            line.push_str(before);
            line.push_str(&value);
        }
    }
    line
}

fn join(items: &[Value], between: &str) -> String {
    items.iter().map(word).collect::<Vec<_>>().join(between)
}

/// A word as it is, a pair as `1=KRX`.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(pair) => join(pair, "="),
        other => other.to_string(),
    }
}
