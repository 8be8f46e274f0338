//! Recorded pushes on the lines of now: each line gets the elements that it registered.

use std::collections::BTreeMap;
use std::time::Duration;

use kiwoom_api::registry::find;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Line, Lines, OF_ACCOUNT, Weather};

/// Hits of condition searches, which no registration names.
const SEARCH: &str = "02";

impl Lines {
    /// When a line registered something last, or was opened for searches.
    pub fn registered_at(&self) -> Option<Duration> {
        let last = |line: &Line| match line.registrations.back() {
            Some(at) if !line.registered.is_empty() => Some(*at),
            _ => line.has_listed.then_some(line.opened),
        };
        self.lines.values().filter_map(last).max()
    }

    /// Sends a recorded frame: word for word where a line registered all of it, otherwise the elements that it did.
    pub fn replay(&mut self, frame: &str, weather: Weather<'_>) {
        let Ok(parts) = serde_json::from_str::<BTreeMap<String, &RawValue>>(frame) else { return };
        if parts.get("trnm").is_none_or(|trnm| trnm.get() != r#""REAL""#) {
            return;
        }
        let data = parts.get("data").and_then(|data| serde_json::from_str::<Vec<&RawValue>>(data.get()).ok());
        let Some(data) = data else { return };
        let elements: Vec<(&str, Value)> =
            data.iter().map(|raw| (raw.get(), serde_json::from_str(raw.get()).unwrap_or_default())).collect();
        let mut out = Vec::new();
        for (number, line) in &self.lines {
            let wanted: Vec<_> = elements.iter().filter(|(_, value)| line.takes(value)).collect();
            let Some((_, first)) = wanted.first() else { continue };
            let names = ["type", "item"].map(|key| first[key].as_str().unwrap_or_default());
            if wanted.len() == elements.len() {
                out.push((*number, names, frame.to_owned()));
            } else {
                let texts: Vec<&str> = wanted.iter().map(|(text, _)| *text).collect();
                out.push((*number, names, format!(r#"{{"trnm":"REAL","data":[{}]}}"#, texts.join(","))));
            }
        }
        for (line, names, text) in out {
            self.push_to(line, (names, text), weather);
        }
    }
}

impl Line {
    /// Whether a recorded element is for this line.
    fn takes(&self, element: &Value) -> bool {
        let field = |key: &str| element[key].as_str().unwrap_or_default();
        let (topic, item) = (field("type"), field("item"));
        let is_us = find(topic).map(|entry| entry.meta.path.starts_with("/api/us"));
        if is_us.is_some_and(|is_us| is_us != self.is_us) {
            return false;
        }
        if topic == SEARCH {
            return self.has_listed;
        }
        let mut of_topic = self.registered.iter().filter(|(of, _)| of == topic);
        of_topic.any(|(_, own)| own == item || own.is_empty() || OF_ACCOUNT.contains(&topic))
    }
}
