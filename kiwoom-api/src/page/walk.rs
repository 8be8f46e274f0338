//! What a walk over pages does next, and why it ends.
//!
//! Knows keys and counts only: it makes no call, sees no row, and does not know where a reply holds its continuation.
//! The caller asks for the [`turn`](Walk::turn), fetches the page, and reports what came back.

use std::collections::HashSet;

use crate::Continuation;
use crate::error::Unfinished;

/// How many pages a walk reads if its caller sets no limit; if more follow, that is an error, not an end.
///
/// Some APIs continue for 30 pages and more, some almost endlessly (`BEHAVIOUR.md` P6).
pub const DEFAULT_PAGES: usize = 200;

/// Why a walk over pages ended. A loop, or the default cap, is an `Err`, not an end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// The broker said that nothing follows.
    #[default]
    Complete,
    /// The caller's predicate or limit was met. More may follow.
    Stopped,
}

/// What to do now.
pub(super) enum Next {
    /// Fetch the page at this continuation; `None` is the first one.
    Fetch(Option<Continuation>),
    /// The walk is broken: report it, once.
    Fail(Unfinished),
    /// Nothing more.
    Over,
}

/// Where a walk is.
pub(super) struct Walk {
    state: Progress,
    from: Option<Continuation>,
    seen: HashSet<Continuation>,
    limit: Option<usize>,
    pages: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Going,
    Broken(Unfinished),
    Failed,
    Ended(End, Option<Unfinished>),
}

impl Walk {
    pub fn from(start: Option<Continuation>) -> Walk {
        let mut walk = Walk { state: Progress::Going, from: None, seen: HashSet::new(), limit: None, pages: 0 };
        if let Some(start) = start {
            walk.resume(start);
        }
        walk
    }

    pub fn resume(&mut self, start: Continuation) {
        self.seen.insert(start.clone());
        self.from = Some(start);
    }

    /// Ends the walk without an error after this many pages.
    pub fn limit(&mut self, pages: usize) {
        self.limit = Some(pages);
    }

    pub fn turn(&mut self) -> Next {
        match (self.state, self.limit) {
            (Progress::Failed | Progress::Ended(..), _) => Next::Over,
            (_, Some(limit)) if self.pages >= limit => {
                self.stop(Some(Unfinished::Pages(limit)));
                Next::Over
            }
            (Progress::Broken(why), _) => self.fail(why),
            (Progress::Going, None) if self.pages >= DEFAULT_PAGES => self.fail(Unfinished::Cap(DEFAULT_PAGES)),
            (Progress::Going, _) => Next::Fetch(self.from.clone()),
        }
    }

    fn fail(&mut self, why: Unfinished) -> Next {
        self.state = Progress::Failed;
        Next::Fail(why)
    }

    /// A page arrived; this says how the walk continues.
    pub fn arrived(&mut self, next: Option<&Continuation>) {
        self.pages += 1;
        self.from = None;
        self.state = match next {
            None => Progress::Ended(End::Complete, None),
            // the broker would start over, and the walk with it
            Some(next) if next.next_key().trim().is_empty() => Progress::Broken(Unfinished::NoKey),
            Some(next) if !self.seen.insert(next.clone()) => Progress::Broken(Unfinished::Loop),
            Some(next) => {
                self.from = Some(next.clone());
                Progress::Going
            }
        };
    }

    /// A page did not arrive: `continuation` stays, so that the walk can be resumed there.
    pub fn failed(&mut self) {
        self.state = Progress::Failed;
    }

    /// The caller has enough. `why` is set if that is because of its limit, not because of what it saw.
    pub fn stop(&mut self, why: Option<Unfinished>) {
        self.state = Progress::Ended(End::Stopped, why);
    }

    /// Where the next page begins.
    pub fn continuation(&self) -> Option<&Continuation> {
        self.from.as_ref()
    }

    /// There is, or may be, a further page, or an error to report.
    pub fn goes_on(&self) -> bool {
        matches!(self.state, Progress::Going | Progress::Broken(_))
    }

    pub fn end(&self) -> Option<End> {
        match self.state {
            Progress::Ended(end, _) => Some(end),
            _ => None,
        }
    }

    /// The limit that ended it.
    pub fn limited(&self) -> Option<Unfinished> {
        match self.state {
            Progress::Ended(_, why) => why,
            _ => None,
        }
    }

    /// Pages that came.
    pub fn pages(&self) -> usize {
        self.pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Continuation {
        Continuation::new(key)
    }

    fn fetched(walk: &mut Walk) -> Option<Continuation> {
        match walk.turn() {
            Next::Fetch(from) => from,
            Next::Fail(why) => panic!("{why:?}"),
            Next::Over => panic!("over: {:?}", walk.end()),
        }
    }

    fn failure(walk: &mut Walk) -> Option<Unfinished> {
        match walk.turn() {
            Next::Fail(why) => Some(why),
            Next::Fetch(_) | Next::Over => None,
        }
    }

    #[test]
    fn goes_on_until_the_broker_says_no() {
        let mut walk = Walk::from(None);
        assert_eq!(fetched(&mut walk), None);
        walk.arrived(Some(&key("a")));
        assert_eq!(fetched(&mut walk), Some(key("a")));
        walk.arrived(None);
        assert!(matches!(walk.turn(), Next::Over));
        assert_eq!((walk.end(), walk.pages(), walk.continuation()), (Some(End::Complete), 2, None));
    }

    #[test]
    fn a_key_that_came_before_is_told_once() {
        let mut walk = Walk::from(Some(key("a")));
        assert_eq!(fetched(&mut walk), Some(key("a")));
        walk.arrived(Some(&key("b")));
        walk.arrived(Some(&key("a")));
        assert_eq!((failure(&mut walk), failure(&mut walk)), (Some(Unfinished::Loop), None));
        assert_eq!((walk.end(), walk.continuation()), (None, None), "going on from there would repeat pages");
    }

    #[test]
    fn more_without_a_key_is_no_end() {
        for blank in ["", " "] {
            let mut walk = Walk::from(None);
            walk.arrived(Some(&key(blank)));
            assert_eq!((failure(&mut walk), walk.end()), (Some(Unfinished::NoKey), None));
        }
    }

    #[test]
    fn only_a_named_limit_ends_quietly() {
        let mut walk = Walk::from(None);
        walk.limit(2);
        for next in ["a", "b"] {
            fetched(&mut walk);
            walk.arrived(Some(&key(next)));
        }
        assert!(matches!(walk.turn(), Next::Over));
        assert_eq!((walk.end(), walk.limited()), (Some(End::Stopped), Some(Unfinished::Pages(2))));
        assert_eq!(walk.continuation(), Some(&key("b")));

        let mut walk = Walk::from(None);
        for page in 0..DEFAULT_PAGES {
            fetched(&mut walk);
            walk.arrived(Some(&key(&page.to_string())));
        }
        assert_eq!((failure(&mut walk), walk.end()), (Some(Unfinished::Cap(DEFAULT_PAGES)), None));
        assert_eq!(walk.continuation(), Some(&key("199")));
    }

    #[test]
    fn what_follows_a_named_limit_does_not_matter() {
        let mut walk = Walk::from(None);
        walk.limit(1);
        walk.arrived(Some(&key("")));
        assert!(matches!(walk.turn(), Next::Over));
        assert_eq!((walk.end(), walk.continuation()), (Some(End::Stopped), None));
    }

    #[test]
    fn the_last_page_within_a_limit_is_the_end() {
        let mut walk = Walk::from(None);
        walk.limit(1);
        fetched(&mut walk);
        walk.arrived(None);
        assert_eq!((walk.end(), walk.limited()), (Some(End::Complete), None));
    }
}
