//! The lines of a journal on a disk: appended one by one, each on the disk before the next begins, or all replaced.
//!
//! It knows lines as bytes. After an error nothing more is written, unless the file certainly ends where it did before.

use std::io;

use super::disk::Disk;
use super::probe::{Probe, Step};
use super::tail::{LONGEST, whole};

pub(super) struct LogFile {
    disk: Box<dyn Disk>,
    /// Bytes that hold whole lines.
    length: u64,
    broken: Option<String>,
    probe: Probe,
}

/// What was found in a file.
pub(super) struct Found {
    pub log: LogFile,
    /// The lines, without their line feeds; those that are damaged too.
    pub lines: Vec<Vec<u8>>,
    /// Bytes behind them that a write left which did not reach its end.
    pub torn: u64,
}

impl LogFile {
    /// Reads the file, and puts what it reads on the disk: what another process wrote and did not flush counts from now on.
    pub fn open(mut disk: Box<dyn Disk>, probe: Probe) -> io::Result<Found> {
        probe.reach(Step::Locked)?;
        disk.unstage()?;
        let mut bytes = disk.read()?;
        let whole = whole(&bytes);
        let torn = (bytes.len() - whole) as u64;
        bytes.truncate(whole);
        let lines =
            bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line).to_vec());
        let lines = lines.collect();
        let log = LogFile { disk, length: whole as u64, broken: None, probe };
        Ok(Found { log, lines, torn })
    }

    /// Makes the file what was read of it, durably. Not done by [`open`](Self::open): a file that is refused is left alone.
    pub fn settle(&mut self) -> io::Result<()> {
        self.disk.cut(self.length)?;
        self.disk.sync()?;
        self.disk.sync_name()?;
        self.probe.reach(Step::Created)
    }

    /// Fails if its name no longer leads to this file: another run would not find what is written.
    pub fn check_name(&mut self) -> io::Result<()> {
        self.disk.check_name()
    }

    /// Writes one line; when this returns, the disk has it.
    ///
    /// After an error the file ends where it ended before. If that is impossible, nothing more is written.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.check()?;
        if line.len() > LONGEST {
            return Err(io::Error::other(format!("a line of {} bytes is too long", line.len())));
        }
        if let Err(error) = self.write(line) {
            // half a line must not stay in front of the next one
            self.broken = self.disk.cut(self.length).err().map(|error| error.to_string());
            return Err(error);
        }
        if let Err(error) = self.disk.sync() {
            // the system may have dropped the bytes and forgotten it: a second flush would succeed and mean nothing
            self.broken = Some(error.to_string());
            return Err(error);
        }
        self.length += line.len() as u64;
        self.probe.reach(Step::Synced)
    }

    /// Replaces all lines. Killed at any moment, the file holds either all the old lines or all the new ones.
    pub fn replace(&mut self, lines: &[u8]) -> io::Result<()> {
        self.check()?;
        if let Err(error) = self.stage(lines) {
            let _ = self.disk.unstage();
            return Err(error);
        }
        self.disk.succeed()?;
        self.length = lines.len() as u64;
        let named = self.probe.reach(Step::Renamed).and_then(|()| self.disk.sync_name());
        // a power cut may bring the old file back, and with it lose what is appended to the new one
        self.broken = named.as_ref().err().map(ToString::to_string);
        named
    }

    fn stage(&mut self, lines: &[u8]) -> io::Result<()> {
        self.disk.stage()?;
        let (first, second) = lines.split_at(self.probe.cut(lines.len()));
        self.disk.write_staged(0, first)?;
        self.probe.reach(Step::Half)?;
        self.disk.write_staged(first.len() as u64, second)?;
        self.probe.reach(Step::Written)?;
        self.disk.sync_staged()?;
        self.probe.reach(Step::Synced)
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let (first, second) = line.split_at(self.probe.cut(line.len()));
        self.disk.write(self.length, first)?;
        self.probe.reach(Step::Half)?;
        self.disk.write(self.length + first.len() as u64, second)?;
        self.probe.reach(Step::Written)
    }

    fn check(&self) -> io::Result<()> {
        self.broken.as_ref().map_or(Ok(()), |why| Err(io::Error::other(why.clone())))
    }

    /// Why nothing is written any more.
    pub fn failure(&self) -> Option<&str> {
        self.broken.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::disk::Files;
    use super::super::samples::directory;
    use super::*;

    fn open(path: &Path) -> Found {
        watched(path, Probe::default()).unwrap()
    }

    fn watched(path: &Path, probe: Probe) -> io::Result<Found> {
        let mut found = LogFile::open(Box::new(Files::open(path)?), probe)?;
        found.log.settle()?;
        Ok(found)
    }

    /// A line of the journal that says so much.
    fn line(text: &str) -> Vec<u8> {
        let head = super::super::line::Line { what: "journal".into(), version: text.into(), ..Default::default() };
        head.write()
    }

    fn text(lines: &[&str]) -> Vec<u8> {
        lines.iter().flat_map(|text| line(text)).collect()
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
        log.append(&line("one")).unwrap();
        log.append(&line("two")).unwrap();
        drop(log);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"thr").unwrap();
        let Found { mut log, lines, torn } = open(&path);
        assert_eq!(torn, 3);
        assert_eq!(lines.join(&b'\n'), text(&["one", "two"]).strip_suffix(b"\n").unwrap());
        log.append(&line("three")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), text(&["one", "two", "three"]));
    }

    #[test]
    fn two_cannot_share_a_journal() {
        let directory = directory();
        let path = directory.path().join("log");
        let first = open(&path);
        let error = Files::open(&path).err().unwrap();
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
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_full_disk_leaves_no_half_line() {
        let directory = directory();
        let path = directory.path().join("log");
        let (probe, fails) = failing(Step::Half);
        let mut log = watched(&path, probe).unwrap().log;
        log.append(&line("one")).unwrap();
        fails.store(true, Ordering::Relaxed);
        log.append(&line("two")).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), text(&["one"]));
        fails.store(false, Ordering::Relaxed);
        log.append(&line("three")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), text(&["one", "three"]));
        assert_eq!(log.failure(), None);
    }
}
