//! Frames of one connection into typed pushes, handed to the hub in small portions.

use std::sync::Arc;

use tracing::warn;

use super::engine::{Answer, Epoch, Kind, Line, Now};
use super::event::Event;
use super::frame::{self, Found, Frame};
use super::hub::Hub;
use super::push::{Maker, Push, Pushed};
use crate::json::decode::{Anomaly, DecodeError, Memory, PushSink};
use crate::record::Record;
use crate::redact::redact;

/// So many pushes of one frame are held before the queues take them: a short text can ask for a large record.
const AT_ONCE: usize = 256;

/// Topics of this version, and those of condition searches: to come without being asked for makes none of them unknown.
const TOPICS: [&str; 25] = [
    "00", "02", "04", "0A", "0B", "0C", "0D", "0E", "0F", "0G", "0H", "0I", "0J", "0U", "0g", "0m", "0s", "0u", "0w",
    "1h", "F4", "F5", "FE", "FT", "S2",
];

/// Reads frames of one connection.
#[derive(Default)]
pub(super) struct Reader {
    memory: Memory,
    pushes: Vec<Push>,
    topic: String,
    /// The makers of the hub as they were last seen, with their version: to ask for each push would cost a lock.
    makers: (u64, Vec<Maker>),
    /// The last frame had pushes: the hub heard of them, which is a sign of life.
    told: bool,
}

impl Reader {
    /// Reads one frame; its pushes go to the hub, also those before a place that is broken.
    pub fn read(&mut self, text: &str, hub: &Hub, (epoch, now): (Epoch, Now)) -> Result<Frame, DecodeError> {
        let Reader { memory, pushes, topic, makers, told } = self;
        hub.refresh(makers);
        let makers = &makers.1;
        let mut sink = Sink { hub, epoch, now, pushes, topic, makers, told: false, open: None };
        let read = frame::read(text, memory, &mut sink);
        *told = sink.told | !sink.pushes.is_empty();
        if !pushes.is_empty() {
            hub.pushes(epoch, pushes, now);
        }
        read
    }

    /// Reads one frame and tells the hub what it says; gives back an answer, whose request only the caller knows.
    pub fn hear(&mut self, text: &str, hub: &Hub, epoch: Epoch) -> Option<Heard> {
        let now = hub.now();
        hub.meter.frame(text.len());
        #[cfg(feature = "record")]
        hub.taps.note((super::record::What::Frame, hub.is_us()), now.wall, text);
        let line = match self.read(text, hub, (epoch, now)) {
            Ok(Frame::Push(decoded)) => {
                if self.told && decoded.unknown() == 0 {
                    return None;
                }
                if decoded.unknown() > 0 {
                    hub.meter.unknown(decoded.unknown());
                    let fids: Vec<&str> = decoded.unknown_keys().collect();
                    hub.unknown(format!("FIDs {} of {}", fids.join(" "), self.topic));
                }
                Line::Other
            }
            Ok(Frame::Ping) => Line::Ping(text),
            Ok(Frame::Login(answer)) => Line::Login(answer),
            Ok(Frame::Answered(kind, number, answer, found)) => return Some(Heard { kind, number, answer, found }),
            Ok(Frame::System { code, message }) => {
                warn!(target: "kiwoom_api", path = hub.path, code, message, "the broker says");
                hub.broadcast(Event::System { code: code.clone(), message });
                hub.line_at(epoch, Line::System { code: &code }, now);
                return None;
            }
            Ok(Frame::Unknown(what)) => {
                hub.unknown(what);
                Line::Other
            }
            Err(error) => {
                hub.unknown(format!("a frame that is no JSON object: {error}"));
                Line::Other
            }
        };
        hub.line_at(epoch, line, now);
        None
    }
}

/// An answer, what it is to, and what it brings along.
pub(super) struct Heard {
    pub kind: Kind,
    pub number: Option<String>,
    pub answer: Answer,
    pub found: Found,
}

struct Sink<'a> {
    hub: &'a Hub,
    epoch: Epoch,
    now: Now,
    pushes: &'a mut Vec<Push>,
    topic: &'a mut String,
    makers: &'a [Maker],
    told: bool,
    open: Option<(&'a Maker, Arc<dyn Pushed>)>,
}

impl PushSink for Sink<'_> {
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record> {
        let Some(maker) = self.makers.iter().find(|maker| maker.meta.id == topic) else {
            // another subscription of then wanted it, or the broker sends it to everybody
            if !TOPICS.contains(&topic) {
                self.hub.unknown(format!("topic {}", redact(topic)));
            }
            return None;
        };
        topic.clone_into(self.topic);
        let (_, made) = self.open.insert((maker, (maker.make)((item, self.now))));
        Arc::get_mut(made).map(|made| made.parts().1)
    }

    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        let Some((maker, mut made)) = self.open.take() else { return };
        if let Some(made) = Arc::get_mut(&mut made) {
            maker.finish(made);
            made.parts().0.anomalies = std::mem::take(anomalies);
        }
        self.pushes.push(Push(made));
        if self.pushes.len() >= AT_ONCE {
            self.told = true;
            self.hub.pushes(self.epoch, self.pushes, self.now);
        }
    }
}
