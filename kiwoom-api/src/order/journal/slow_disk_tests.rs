//! A disk that takes half a second for each flush, and a runtime with one thread: that thread is never kept waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::probe::{Probe, Step};
use super::samples::{at, broker, directory, identity, intent, order};
use super::*;
use crate::Outcome;

pub(in crate::order) const FLUSH: Duration = Duration::from_millis(500);
/// The longest that the runtime's thread may be away: what the machine's other work does to a sleeping task.
pub(in crate::order) const AWAY: Duration = Duration::from_millis(50);

fn slow() -> Probe {
    Probe::new(|step| {
        if step == Step::Written {
            std::thread::sleep(FLUSH);
        }
        Ok(())
    })
}

/// Runs `work` next to a task that reads the clock all the time; returns the longest time between two readings.
fn longest_gap<F: Future<Output = ()>>(work: impl FnOnce() -> F) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (longest, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let ticker = tokio::spawn({
            let (longest, over) = (longest.clone(), over.clone());
            async move {
                let mut last = Instant::now();
                while !over.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    longest.fetch_max(last.elapsed().as_micros() as u64, Ordering::Relaxed);
                    last = Instant::now();
                }
            }
        });
        tokio::task::yield_now().await;
        work().await;
        over.store(true, Ordering::Relaxed);
        ticker.await.unwrap();
        Duration::from_micros(longest.load(Ordering::Relaxed))
    })
}

#[test]
fn journal_13_no_runtime_thread_waits_for_the_disk() {
    let directory = directory();
    let path = directory.path().join("log");
    let gap = longest_gap(|| async {
        let owner = Owner { identity: identity(), broker: broker() };
        let started = Instant::now();
        let journal = Journal::open_elsewhere(path, owner, Access::Ours, slow()).await.unwrap();
        assert!(started.elapsed() >= FLUSH, "the disk is slow");
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        let lost = journal.noted(intent("b"), at(3)).await.unwrap();
        assert!(lost.departure().leave());
        // while the disk is busy with this one, everything else is looked at
        let looking = journal.clone();
        let busy = tokio::spawn(async move { looking.noted(intent("c"), at(4)).await });
        tokio::time::sleep(FLUSH / 10).await;
        let looked = Instant::now();
        drop(lost);
        assert_eq!(journal.unsettled().len(), 1);
        assert_eq!(journal.placed(&"a".parse().unwrap()), Some(order("0000138")));
        assert_eq!(journal.failure(), None);
        assert_eq!(journal.snapshot().unsettled.len(), 1);
        Notebook::note(&*journal.0, None);
        assert!(format!("{journal:?}").contains("path"));
        assert!(looked.elapsed() < AWAY, "{:?}", looked.elapsed());
        drop(busy.await.unwrap().unwrap());
        journal.declare(&"b".parse().unwrap(), Declared::NotPlaced).await.unwrap();
        journal.compact(intent("a").date).await.unwrap();
        journal.flush().await.unwrap();
    });
    println!("longest gap beside flushes of {FLUSH:?}: {gap:?}");
    assert!(gap < AWAY, "{gap:?}");
}

#[test]
fn journal_13_nor_for_the_lock_of_another() {
    let directory = directory();
    let path = directory.path().join("log");
    let _held = super::samples::open(&path);
    let gap = longest_gap(|| async {
        let owner = Owner { identity: identity(), broker: broker() };
        let error = Journal::open_elsewhere(path, owner, Access::Ours, Probe::default()).await.unwrap_err();
        assert!(error.to_string().contains("in use by another process"), "{error}");
    });
    assert!(gap < AWAY, "{gap:?}");
}

/// The ticker would notice.
#[test]
fn journal_13_a_blocked_thread_would_be_seen() {
    let gap = longest_gap(|| async {
        std::thread::sleep(2 * AWAY);
        tokio::time::sleep(Duration::from_millis(5)).await;
    });
    assert!(gap > AWAY, "{gap:?}");
}
