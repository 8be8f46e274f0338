//! What a journal needs from the file system, and its implementation: one locked file, and a new one to replace it.
//!
//! It knows only bytes. The lock is on the file itself and not on a name, so that links and renames lead to the same
//! lock. If the system's locks keep others from reading (Windows), it is on a file next to it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::files::{beside, owner_only, try_lock};

const LOOK: Duration = Duration::from_millis(10);

/// A file and its successor. What is written need not be on the disk before the next `sync`, and in no order.
pub(super) trait Disk: Send {
    fn read(&mut self) -> io::Result<Vec<u8>>;
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts off what is behind the first `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
    /// Puts the name of the file on the disk.
    fn sync_name(&mut self) -> io::Result<()>;
    /// Fails if its name no longer leads to this file.
    fn check_name(&mut self) -> io::Result<()>;
    /// Begins a successor, empty, in use like the file itself.
    fn stage(&mut self) -> io::Result<()>;
    fn write_staged(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    fn sync_staged(&mut self) -> io::Result<()>;
    /// Gives the successor the name of the file; from now on it is the file.
    fn succeed(&mut self) -> io::Result<()>;
    /// Removes a successor that did not succeed, of this process or of one that died.
    fn unstage(&mut self) -> io::Result<()>;
}

/// The file system of this machine.
pub(super) struct Files {
    /// Without links in it: a successor takes the place of the file and not of a link to it.
    path: PathBuf,
    file: File,
    staged: Option<File>,
    #[cfg(not(unix))]
    _lock: File,
}

impl Files {
    /// Opens or creates the file, and locks it.
    pub fn open(path: &Path) -> io::Result<Files> {
        // one that is given up stays for a moment: until what was noted last is written, and in processes that are being
        // started meanwhile, which hold all files of their parent between `fork` and `exec`
        let give_up = Instant::now() + super::PATIENCE;
        loop {
            let file = create(path)?;
            let path = fs::canonicalize(path)?;
            let (locked, lock) = lock(&path, &file)?;
            // the file may have been replaced after it was opened, and before it was locked
            if locked && is_at(&file, &path)? {
                #[cfg(unix)]
                let () = lock;
                return Ok(Files {
                    path,
                    file,
                    staged: None,
                    #[cfg(not(unix))]
                    _lock: lock,
                });
            }
            if Instant::now() >= give_up {
                let what = "it is in use by another process or another client (give each a journal of its own)";
                return Err(io::Error::new(io::ErrorKind::WouldBlock, what));
            }
            std::thread::sleep(LOOK);
        }
    }

    fn staging(&self) -> PathBuf {
        beside(&self.path, ".new")
    }

    fn staged(&mut self) -> io::Result<&mut File> {
        self.staged.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Disk for Files {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Other systems than Unix do that by themselves.
    fn sync_name(&mut self) -> io::Result<()> {
        match self.path.parent() {
            Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
            _ => Ok(()),
        }
    }

    fn check_name(&mut self) -> io::Result<()> {
        if is_at(&self.file, &self.path)? {
            return Ok(());
        }
        Err(io::Error::other("it was moved, removed or replaced while it is in use (move it back, then open it again)"))
    }

    fn stage(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::nlink(&self.file.metadata()?) > 1 {
            // the other name would go on leading to the old lines
            return Err(io::Error::other("it has a second name, a hard link (remove that one)"));
        }
        self.check_name()?;
        let file = create(&self.staging())?;
        #[cfg(unix)]
        if !lock(&self.path, &file)?.0 {
            return Err(io::Error::other(
                "the file beside it, with .new behind its name, is in use (move that one away)",
            ));
        }
        file.set_len(0)?;
        self.staged = Some(file);
        Ok(())
    }

    fn write_staged(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let file = self.staged()?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    fn sync_staged(&mut self) -> io::Result<()> {
        self.staged()?.sync_all()
    }

    fn succeed(&mut self) -> io::Result<()> {
        self.check_name()?;
        self.staged()?;
        fs::rename(self.staging(), &self.path)?;
        if let Some(file) = self.staged.take() {
            self.file = file;
        }
        Ok(())
    }

    fn unstage(&mut self) -> io::Result<()> {
        let ours = self.staged.take();
        let is_free = |file: &File| lock(&self.path, file).is_ok_and(|(free, _)| free);
        match File::open(self.staging()) {
            // a journal of that name that somebody writes to is none of ours
            Ok(file) if ours.is_some() || is_free(&file) => fs::remove_file(self.staging()),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    owner_only().read(true).write(true).create(true).truncate(false).open(path)
}

#[cfg(unix)]
fn lock(_: &Path, file: &File) -> io::Result<(bool, ())> {
    Ok((try_lock(file)?, ()))
}

#[cfg(not(unix))]
fn lock(path: &Path, _: &File) -> io::Result<(bool, File)> {
    let file = owner_only().write(true).create(true).truncate(false).open(beside(path, ".lock"))?;
    Ok((try_lock(&file)?, file))
}

/// Whether the name leads to this file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the name leads to a file: there is no way to tell which.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
