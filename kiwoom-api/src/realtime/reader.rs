//! Frames of one connection into typed pushes, handed to the hub in small portions.

use std::sync::Arc;

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
    /// The makers of the hub as they were last seen, with their version: to ask for each push would cost a lock.
    makers: (u64, Vec<Maker>),
}

impl Reader {
    /// Reads one frame; its pushes go to the hub, also those before a place that is broken.
    pub fn read(&mut self, text: &str, hub: &Hub, (epoch, now): (Epoch, Now)) -> Result<Frame, DecodeError> {
        let Reader { memory, pushes, topic, makers } = self;
        hub.refresh(makers);
        let makers = &makers.1;
        let mut sink = Sink { hub, epoch, now, pushes, topic, makers, open: None };
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
    makers: &'a [Maker],
    open: Option<(&'a Maker, Arc<dyn Pushed>)>,
}

impl PushSink for Sink<'_> {
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record> {
        let Some(maker) = self.makers.iter().find(|maker| maker.meta.id == topic) else {
            self.hub.unknown(format!("topic {}", redact(topic)));
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
            self.hub.pushes(self.epoch, self.pushes, self.now);
        }
    }
}
