//! The last step of every frame: what faults make of it, and the line that it leaves on.

use std::time::Duration;

use super::{Lines, Out};
use crate::faults::{Fault, twist_frame};

/// What a fault may strike: a push, by its topic and item, or another frame by its `trnm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving<'a> {
    Push([&'a str; 2]),
    Other(&'a str),
}

/// What strikes a frame on a connection.
pub(crate) type Weather<'a> = &'a mut dyn FnMut(u64, Leaving<'_>) -> Vec<Fault>;

impl Lines {
    /// Sends a push to one line, as the faults make it.
    pub fn push_to(&mut self, line: u64, (names, text): ([&str; 2], String), weather: Weather<'_>) {
        let faults = weather(self.connection(line), Leaving::Push(names));
        self.deliver(line, text, &faults);
    }

    /// How many frames are ready to leave: what comes later has this place or a higher one.
    pub fn ready(&self) -> usize {
        self.out.len()
    }

    /// Lets the faults strike what is ready since a place and is no push: pushes met theirs when they were made.
    pub fn strike_since(&mut self, place: usize, weather: Weather<'_>) {
        for (line, out) in self.out.split_off(place.min(self.out.len())) {
            match out {
                Out::Text(text) if !is_push(&text) => {
                    let faults = weather(self.connection(line), Leaving::Other(&trnm_of(&text)));
                    self.deliver(line, text, &faults);
                }
                out => self.out.push((line, out)),
            }
        }
    }

    /// A line is not told what is ready for it since a place and is no push.
    pub fn hush(&mut self, line: u64, place: usize) {
        let later = self.out.split_off(place.min(self.out.len()));
        let is_heard =
            |(number, out): &(u64, Out)| *number != line || !matches!(out, Out::Text(text) if !is_push(text));
        self.out.extend(later.into_iter().filter(is_heard));
    }

    fn deliver(&mut self, line: u64, text: String, faults: &[Fault]) {
        let text = twist_frame(text, faults);
        let delay = faults.iter().find_map(|fault| match fault {
            Fault::LatePush(time) => Some(*time),
            _ => None,
        });
        let copies = match (faults.contains(&Fault::LostPush), faults.contains(&Fault::Duplicate)) {
            (true, _) => 0,
            (_, true) => 2,
            _ => 1,
        };
        for _ in 0..copies {
            match delay {
                Some(time) => self.late.push((self.now + time, line, text.clone())),
                None => self.out.push((line, Out::Text(text.clone()))),
            }
        }
    }

    /// Sends what a fault kept back until now.
    pub fn send_late(&mut self, now: Duration) {
        self.now = self.now.max(now);
        let (mut due, late): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.late).into_iter().partition(|(at, ..)| *at <= now);
        self.late = late;
        due.sort_by_key(|(at, ..)| *at);
        for (_, line, text) in due {
            self.say(line, text);
        }
    }
}

/// Frames of pushes are written with `trnm` first.
pub(crate) fn is_push(text: &str) -> bool {
    text.starts_with(r#"{"trnm":"REAL""#)
}

fn trnm_of(text: &str) -> String {
    let frame: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    frame["trnm"].as_str().unwrap_or_default().to_owned()
}
