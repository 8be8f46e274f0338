//! Reads a recording, block by block.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use jiff::Timestamp;

use super::block::{self, Read1};
use super::note::{Note, What};
use super::redaction::redacted;
use crate::error::{Error, Kind};
use crate::language::{Both, both};
use crate::realtime::player::WELCOME;

/// A recording that is read from its beginning.
pub struct Recording {
    from: Option<Box<dyn Read + Send>>,
    waiting: VecDeque<Note>,
    /// The number of the next block, and where it begins.
    block: u64,
    at: u64,
    /// Made of frames without a market.
    own: bool,
}

impl Recording {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> std::io::Result<Recording> {
        Ok(Recording::from_reader(BufReader::new(File::open(path)?)))
    }

    /// Reads the bytes of a file from elsewhere.
    pub fn from_reader(from: impl Read + Send + 'static) -> Recording {
        Recording { from: Some(Box::new(from)), waiting: VecDeque::new(), block: 0, at: 0, own: false }
    }

    /// Frames of your own, as if they came over one connection: for tests.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-realtime")] {
    /// use kiwoom_api::domestic::realtime::StockTrade;
    /// use kiwoom_api::realtime::{Item, Recording, Speed, Subscription};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let frame = r#"{"trnm":"REAL","data":[{"type":"0B","item":"005930","values":{"10":"+70100"}}]}"#;
    /// let recording = Recording::of_frames([("2026-07-06T09:00:00+09:00".parse().unwrap(), frame)]);
    /// let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
    /// let mut replay = subscription.replay(recording, Speed::AtOnce)?;
    /// let mut prices = Vec::new();
    /// while let Some(item) = replay.next().await {
    ///     if let Item::Push(push) = item? {
    ///         prices.push(push.of::<StockTrade>().unwrap().price.unwrap().to_string());
    ///     }
    /// }
    /// assert_eq!(prices, ["70100"]);
    /// # Ok::<(), kiwoom_api::Error>(()) }).unwrap();
    /// # }
    /// ```
    pub fn of_frames(frames: impl IntoIterator<Item = (Timestamp, impl Into<String>)>) -> Recording {
        let entry = |at, text| Note { at, what: What::Frame, us: false, text };
        let mut waiting: VecDeque<Note> = frames.into_iter().map(|(at, text)| entry(at, text.into())).collect();
        if let Some(at) = waiting.front().map(|first| first.at) {
            begin(false, at).into_iter().rev().for_each(|entry| waiting.push_front(entry));
        }
        Recording { from: None, waiting, block: 0, at: 0, own: true }
    }

    /// A frame, or the body of a request or reply, as a file may keep it: account numbers and tokens become zeros, as do long
    /// numbers in messages.
    ///
    /// ```
    /// use kiwoom_api::realtime::Recording;
    ///
    /// let frame = r#"{"values":{"9201":"1234567811","10":"+70100"}}"#;
    /// assert_eq!(Recording::redacted(frame), r#"{"values":{"9201":"0000000000","10":"+70100"}}"#);
    /// ```
    pub fn redacted(text: &str) -> Cow<'_, str> {
        redacted(text)
    }

    /// The frames as they were recorded, with the times at which they came.
    ///
    /// # Errors
    /// Each block that is whole and wrong is one, and nothing comes after it.
    pub fn frames(mut self) -> impl Iterator<Item = Result<(Timestamp, String), Error>> {
        std::iter::from_fn(move || {
            loop {
                match self.next()? {
                    Ok(entry) if entry.what == What::Frame => return Some(Ok((entry.at, entry.text))),
                    Ok(_) => {}
                    Err(error) => return Some(Err(error)),
                }
            }
        })
    }

    /// Whether an entry belongs to the market.
    pub(super) fn is_about(&self, us: bool, entry: &Note) -> bool {
        self.own || entry.us == us
    }

    /// The next entry; nothing after an error.
    pub(super) fn next(&mut self) -> Option<Result<Note, Error>> {
        loop {
            if let Some(entry) = self.waiting.pop_front() {
                return Some(Ok(entry));
            }
            let from = self.from.as_mut()?;
            let why = match block::read(from) {
                Ok((Read1::Content(content), length)) => match entries(&content) {
                    Some(entries) => {
                        self.waiting = entries;
                        self.block += 1;
                        self.at += length;
                        continue;
                    }
                    None => "its content is no row of entries".to_owned(),
                },
                Ok((Read1::End, _)) => {
                    self.from = None;
                    return None;
                }
                Ok((Read1::Wrong(why), _)) => why.to_owned(),
                Err(error) => error.to_string(),
            };
            self.from = None;
            return Some(Err(Error::new(Kind::Realtime(self.broken(&why)))));
        }
    }

    fn broken(&self, why: &str) -> Both {
        let (block, at) = (self.block + 1, self.at);
        both!(
            "recording: block {block} at byte {at} cannot be read: {why}",
            "기록: 블록 {block}(바이트 {at})을 읽을 수 없습니다: {why}"
        )
    }
}

/// What a recording must say of a connection that is open already, or has no beginning.
pub(in crate::realtime) fn begin(us: bool, at: Timestamp) -> [Note; 2] {
    let entry = |what, text: &str| Note { at, what, us, text: text.into() };
    [entry(What::Opened, ""), entry(What::Frame, WELCOME)]
}

fn entries(mut content: &[u8]) -> Option<VecDeque<Note>> {
    let mut all = VecDeque::new();
    while !content.is_empty() {
        let (entry, rest) = Note::read(content)?;
        all.push_back(entry);
        content = rest;
    }
    Some(all)
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording").field("block", &self.block).finish_non_exhaustive()
    }
}
