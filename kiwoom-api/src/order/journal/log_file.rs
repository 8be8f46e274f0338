//! The file of a journal: opened by one process at a time, appended to, flushed to the disk line by line.
//!
//! It knows lines as bytes. What counts as written is what a line feed ends; bytes behind the last one were being written
//! when the process died, so nothing was sent for them, and they are cut off.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::{FileExt, TryLockError};

use super::probe::{Probe, Step};

/// How long a lock is waited for. One that is given up stays for a moment in processes that are being started meanwhile:
/// between `fork` and `exec` they hold all files of their parent.
const PATIENCE: Duration = Duration::from_millis(200);

pub(super) struct LogFile {
    path: PathBuf,
    file: File,
    /// Held as long as the file is in use. A file of its own, because the journal is replaced when it is compacted.
    _lock: File,
    /// Bytes that hold whole lines.
    length: u64,
    broken: Option<String>,
    probe: Probe,
}

/// What was found in a file.
pub(super) struct Found {
    pub log: LogFile,
    /// The whole lines, without their line feeds.
    pub lines: Vec<Vec<u8>>,
    /// Bytes behind them that were cut off.
    pub torn: u64,
}

impl LogFile {
    /// Opens or creates the file, and locks it.
    pub fn open(path: &Path, probe: Probe) -> io::Result<Found> {
        let lock = lock(path)?;
        probe.reach(Step::Locked)?;
        let mut file = owner_only().read(true).create(true).truncate(false).open(path)?;
        probe.reach(Step::Created)?;
        sync_directory(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let torn = (bytes.len() - whole) as u64;
        if torn > 0 {
            file.set_len(whole as u64)?;
            file.sync_all()?;
        }
        bytes.truncate(whole);
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line[..line.len() - 1].to_vec()).collect();
        let log = LogFile { path: path.to_owned(), file, _lock: lock, length: whole as u64, broken: None, probe };
        Ok(Found { log, lines, torn })
    }

    /// Writes one line; when this returns, the disk has it.
    ///
    /// After an error the file ends where it ended before. If that cannot be had, nothing is written any more.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if let Some(why) = &self.broken {
            return Err(io::Error::other(why.clone()));
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        if let Err(error) = write(&mut self.file, line, &self.probe) {
            // half a line must not stay in front of the next one
            self.broken = self.file.set_len(self.length).err().map(|error| error.to_string());
            return Err(error);
        }
        if let Err(error) = self.file.sync_data() {
            // the system may have dropped the bytes and forgotten it: a second flush would succeed and mean nothing
            self.broken = Some(error.to_string());
            return Err(error);
        }
        self.length += line.len() as u64;
        self.probe.reach(Step::Synced)
    }

    /// Replaces all lines. Killed at any moment, the file holds either all the old lines or all the new ones.
    pub fn replace(&mut self, lines: &[u8]) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = owner_only().read(true).create(true).truncate(true).open(&new)?;
        write(&mut file, lines, &self.probe)?;
        file.sync_all()?;
        self.probe.reach(Step::Synced)?;
        fs::rename(&new, &self.path)?;
        (self.file, self.length) = (file, lines.len() as u64);
        self.probe.reach(Step::Renamed)?;
        sync_directory(&self.path)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why nothing is written any more.
    pub fn failure(&self) -> Option<&str> {
        self.broken.as_deref()
    }
}

fn write(file: &mut File, bytes: &[u8], probe: &Probe) -> io::Result<()> {
    let (first, second) = bytes.split_at(probe.cut(bytes.len()));
    file.write_all(first)?;
    probe.reach(Step::Half)?;
    file.write_all(second)?;
    probe.reach(Step::Written)
}

fn lock(path: &Path) -> io::Result<File> {
    let file = owner_only().create(true).truncate(false).open(beside(path, ".lock"))?;
    let give_up = Instant::now() + PATIENCE;
    loop {
        match FileExt::try_lock(&file) {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() < give_up => std::thread::sleep(PATIENCE / 20),
            Err(TryLockError::WouldBlock) => {
                let what = "it is in use by another process or another client (give each a journal of its own)";
                return Err(io::Error::new(io::ErrorKind::WouldBlock, what));
            }
        }
    }
}

/// Orders are nobody else's business.
fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes a new name in a directory durable. Other systems than Unix do that by themselves.
fn sync_directory(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::samples::directory;
    use super::*;

    fn open(path: &Path) -> Found {
        LogFile::open(path, Probe::default()).unwrap()
    }

    /// A probe that fails at one kind of step once it is told to.
    fn failing(step: Step) -> (Probe, Arc<AtomicBool>) {
        let fails = Arc::new(AtomicBool::new(false));
        let told = fails.clone();
        let probe = Probe::new(move |at| {
            if at == step && told.load(Ordering::Relaxed) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        });
        (probe, fails)
    }

    #[test]
    fn lines_come_back_and_a_torn_one_is_cut_off() {
        let directory = directory();
        let path = directory.path().join("log");
        let mut log = open(&path).log;
        log.append(b"one\n").unwrap();
        log.append(b"two\n").unwrap();
        drop(log);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"thr").unwrap();
        let Found { mut log, lines, torn } = open(&path);
        assert_eq!((lines, torn), (vec![b"one".to_vec(), b"two".to_vec()], 3));
        log.append(b"three\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\nthree\n");
    }

    #[test]
    fn two_cannot_share_a_journal() {
        let directory = directory();
        let path = directory.path().join("log");
        let first = open(&path);
        let error = LogFile::open(&path, Probe::default()).err().unwrap();
        assert!(error.to_string().contains("in use by another process"), "{error}");
        drop(first);
        open(&path);
    }

    #[test]
    #[cfg(unix)]
    fn others_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = directory();
        let path = directory.path().join("log");
        let mut log = open(&path).log;
        log.replace(b"one\n").unwrap();
        for path in [path.clone(), beside(&path, ".lock")] {
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
        }
    }

    #[test]
    fn a_full_disk_leaves_no_half_line() {
        let directory = directory();
        let path = directory.path().join("log");
        let (probe, fails) = failing(Step::Half);
        let mut log = LogFile::open(&path, probe).unwrap().log;
        log.append(b"one\n").unwrap();
        fails.store(true, Ordering::Relaxed);
        log.append(b"two\n").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");
        fails.store(false, Ordering::Relaxed);
        log.append(b"three\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\nthree\n");
        assert_eq!(log.failure(), None);
    }
}
