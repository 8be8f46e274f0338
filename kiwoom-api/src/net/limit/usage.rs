//! What the limiter reports: a snapshot, made on request.
//!
//! Plain numbers; the limiter reads nothing here.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Rate;
use super::queue::{Moment, Queue, Queues};
use crate::meta::Effect;

/// How much of the request quotas is used: by [`Client::usage`](crate::Client::usage).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    apis: Vec<ApiUsage>,
}

/// The usage of one API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiUsage {
    /// Its API id.
    pub api_id: String,
    /// Requests that wait for their turn.
    pub waiting: usize,
    /// Requests that got their turn so far, including pages and retries.
    pub sent: u64,
    /// Requests that the broker refused for a quota.
    pub refused: u64,
    /// The slowest of all rates that apply to it now, including shared ones; `None`: not limited.
    pub rate: Option<Rate>,
    /// How long until all that wait now have got their turn.
    pub time_to_finish: Duration,
}

impl Usage {
    /// The usage of one API; `None` before its first request.
    pub fn api(&self, api_id: &str) -> Option<&ApiUsage> {
        self.apis.iter().find(|usage| usage.api_id == api_id)
    }

    /// All APIs that were called, by id.
    pub fn apis(&self) -> &[ApiUsage] {
        &self.apis
    }

    /// Requests that wait for their turn.
    pub fn waiting(&self) -> usize {
        self.apis.iter().map(|usage| usage.waiting).sum()
    }

    /// Requests that got their turn so far.
    pub fn sent(&self) -> u64 {
        self.apis.iter().map(|usage| usage.sent).sum()
    }

    /// Requests that the broker refused for a quota.
    pub fn refused(&self) -> u64 {
        self.apis.iter().map(|usage| usage.refused).sum()
    }

    /// How long until all that wait now have got their turn, if nothing is added.
    pub fn time_to_finish(&self) -> Duration {
        self.apis.iter().map(|usage| usage.time_to_finish).max().unwrap_or_default()
    }

    pub(super) fn of(queues: &Queues, moment: Moment) -> Usage {
        let mut waiting = vec![0; queues.bucket_count()];
        for (queue, many) in queues.all() {
            queue.buckets.iter().for_each(|index| waiting[*index] += many);
        }
        let mut apis = BTreeMap::new();
        // a token is the client's own request, not a call of its user
        for (queue, many) in queues.all().filter(|(queue, _)| queue.lane.effect != Effect::Auth) {
            let own = queues.bucket(queue.buckets[0]);
            let usage = apis.entry(queue.lane.api.as_ref()).or_insert_with(|| ApiUsage {
                api_id: queue.lane.api.to_string(),
                waiting: 0,
                sent: own.sent,
                refused: own.refused,
                rate: None,
                time_to_finish: Duration::ZERO,
            });
            usage.waiting += many;
            usage.rate = rates(queues, queue, moment).chain(usage.rate).reduce(Rate::slower);
            if many > 0 {
                let all = queue.buckets.iter().map(|index| finish(queues, *index, waiting[*index], moment));
                usage.time_to_finish = all.chain([usage.time_to_finish]).max().unwrap_or_default();
            }
        }
        Usage { apis: apis.into_values().collect() }
    }
}

fn rates(queues: &Queues, queue: &Queue, moment: Moment) -> impl Iterator<Item = Rate> {
    queue.buckets.iter().filter_map(move |index| queues.bucket(*index).rate(moment.season))
}

/// When the last request that waits for one bucket has got its turn.
fn finish(queues: &Queues, index: usize, waiting: usize, moment: Moment) -> Duration {
    let bucket = queues.bucket(index);
    let first = bucket.ready(moment.season).saturating_sub(moment.now);
    let others = u32::try_from(waiting.saturating_sub(1)).unwrap_or(u32::MAX);
    let spacing = bucket.rate(moment.season).map(Rate::spacing).unwrap_or_default();
    first.saturating_add(spacing.saturating_mul(others))
}
