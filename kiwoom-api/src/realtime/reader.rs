//! Frames of one connection into typed pushes, handed to the hub in small portions.

use super::engine::{Epoch, Now};
use super::frame::{self, Frame};
use super::hub::Hub;
use super::push::{Maker, Push, Pushed};
use crate::json::decode::{Anomaly, DecodeError, Memory, PushSink};
use crate::record::Record;
use crate::redact::redact;

/// So many pushes of one frame are held before the queues take them: a short text can ask for a large record.
const AT_ONCE: usize = 256;

/// Reads frames of one connection.
#[derive(Default)]
pub(super) struct Reader {
    memory: Memory,
    pushes: Vec<Push>,
    topic: String,
}

impl Reader {
    /// Reads one frame; its pushes go to the hub, also those before a place that is broken.
    pub fn read(&mut self, text: &str, hub: &Hub, (epoch, now): (Epoch, Now)) -> Result<Frame, DecodeError> {
        let Reader { memory, pushes, topic } = self;
        let mut sink = Sink { hub, epoch, now, pushes, topic, open: None };
        let read = frame::read(text, memory, &mut sink);
        if !pushes.is_empty() {
            hub.pushes(epoch, pushes, now);
        }
        read
    }

    /// The topic of the last push that was typed.
    pub fn topic(&self) -> &str {
        &self.topic
    }
}

struct Sink<'a> {
    hub: &'a Hub,
    epoch: Epoch,
    now: Now,
    pushes: &'a mut Vec<Push>,
    topic: &'a mut String,
    open: Option<(Maker, String, Box<dyn Pushed>)>,
}

impl PushSink for Sink<'_> {
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record> {
        let Some(maker) = self.hub.maker(topic) else {
            self.hub.unknown(format!("topic {}", redact(topic)));
            return None;
        };
        topic.clone_into(self.topic);
        let (_, _, record) = self.open.insert((maker, item.to_owned(), (maker.make)()));
        Some(record.record())
    }

    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        let Some((maker, item, mut record)) = self.open.take() else { return };
        let time = maker.time_of(record.record());
        let item = maker.number_of(record.record()).unwrap_or(item);
        let made = (time, std::mem::take(anomalies), record);
        self.pushes.push(Push::made(maker.meta, &item, self.now.wall, made));
        if self.pushes.len() >= AT_ONCE {
            self.hub.pushes(self.epoch, self.pushes, self.now);
        }
    }
}
