//! Writes a recording: one thread packs and writes, so that no connection waits for the disk.

use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::block::{self, Read1};
use super::note::{Note, What};
use super::tap::Tap;
use crate::files::{owner_only, try_lock};

/// So many frames may wait for the disk.
const WAITING: usize = 1 << 16;
/// A block is written when it has so many bytes, or is so old: that much a crash may cost.
const BLOCK: usize = 256 << 10;
const AGE: Duration = Duration::from_secs(1);

/// Records the frames of connections to a file, with the time at which they came; see
/// [`Subscription::record`](super::super::Subscription::record).
///
/// The file is readable by its owner alone. Dropping the recorder writes what is left; [`finish`](Recorder::finish) says
/// whether that worked.
#[derive(Debug)]
pub struct Recorder {
    tap: Option<Arc<Tap>>,
    writing: Option<JoinHandle<io::Result<Recorded>>>,
}

/// What a recorder wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// Frames.
    pub frames: u64,
    /// Bytes of the frames.
    pub bytes: u64,
    /// Bytes of the file that hold them.
    pub packed: u64,
    /// Frames that were not recorded because the disk was slow. The recording says where they are missing.
    pub missing: u64,
}

impl Recorder {
    /// Records to this file, after what it holds already. What a crash left of a last block is cut off.
    ///
    /// # Errors
    /// The file cannot be opened, is no recording, or another process records to it.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Recorder> {
        let mut file = owner_only().read(true).write(true).create(true).truncate(false).open(path)?;
        if !try_lock(&file)? {
            return Err(io::Error::new(io::ErrorKind::WouldBlock, "another process records to this file"));
        }
        let end = end_of(&file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        let (to, entries) = sync_channel(WAITING);
        let tap = Arc::new(Tap::new(to));
        let writing = std::thread::Builder::new().name("kiwoom-recorder".into());
        let writing =
            writing.spawn(move || Writer { file, content: Vec::new(), done: Recorded::default() }.run(&entries))?;
        Ok(Recorder { tap: Some(tap), writing: Some(writing) })
    }

    /// Ends the recording: writes what is left, to the disk itself.
    ///
    /// # Errors
    /// The file could not be written, now or before.
    pub fn finish(mut self) -> io::Result<Recorded> {
        self.end()
    }

    fn end(&mut self) -> io::Result<Recorded> {
        // the thread ends when nobody can send any more; a connection that is about to holds it for a moment
        let missing = self.tap.take().map_or(0, |tap| tap.lost.load(Ordering::Relaxed));
        let Some(writing) = self.writing.take() else { return Ok(Recorded::default()) };
        let done = writing.join().map_err(|_| io::Error::other("the recorder's thread ended before its time"))??;
        Ok(Recorded { missing, ..done })
    }

    pub(in crate::realtime) fn tap(&self) -> Weak<Tap> {
        self.tap.as_ref().map_or_else(Weak::new, Arc::downgrade)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!(target: "kiwoom_api", %error, "the recording is not complete");
        }
    }
}

/// Where the last whole block of `file` ends.
fn end_of(file: &File) -> io::Result<u64> {
    let mut from = BufReader::new(file);
    from.seek(SeekFrom::Start(0))?;
    let mut end = 0;
    loop {
        match block::read(&mut from)? {
            (Read1::End, _) => return Ok(end),
            (Read1::Content(_), length) => end += length,
            // a block that is wrong is not ours to cut off: who reads it is told
            (Read1::Wrong(_), length) if length > 0 => end += length,
            (Read1::Wrong(why), _) => {
                let what = format!("no recording to append to: {why}, at byte {end}");
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
    }
}

struct Writer {
    file: File,
    content: Vec<u8>,
    done: Recorded,
}

impl Writer {
    fn run(mut self, entries: &Receiver<Note>) -> io::Result<Recorded> {
        let mut begun = Instant::now();
        loop {
            let entry = match self.content.is_empty() {
                true => entries.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => entries.recv_timeout(AGE.saturating_sub(begun.elapsed())),
            };
            match entry {
                Ok(entry) => {
                    if self.content.is_empty() {
                        begun = Instant::now();
                    }
                    self.take(&entry);
                    if self.content.len() >= BLOCK || begun.elapsed() >= AGE {
                        self.flush()?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.flush()?,
                Err(RecvTimeoutError::Disconnected) => {
                    self.flush()?;
                    self.file.sync_data()?;
                    return Ok(self.done);
                }
            }
        }
    }

    fn take(&mut self, entry: &Note) {
        entry.write(&mut self.content);
        if entry.what == What::Frame {
            self.done.frames += 1;
            self.done.bytes += entry.text.len() as u64;
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.content.is_empty() {
            let block = block::write(&self.content);
            self.file.write_all(&block)?;
            self.done.packed += block.len() as u64;
            self.content.clear();
        }
        Ok(())
    }
}
