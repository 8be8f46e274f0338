//! Files that only their owner may read: written whole or not at all, read only if nobody else can have written them.
//!
//! No link is followed: in a directory that others may write to, a link could lead anywhere. Where there are no Unix
//! permissions the files have those of their directory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::files::{self, beside, try_lock};

/// No token file is longer.
const LONGEST: u64 = 64 << 10;

/// The content of `path`; `None` if there is none, or none that can be trusted.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match careful().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) if is_no_file(path) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_private(&file.metadata()?) {
        let path = path.display();
        tracing::warn!(target: "kiwoom_api", %path, "not a file of this user alone: not read, and replaced");
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let length = file.take(LONGEST + 1).read_to_end(&mut bytes)? as u64;
    Ok((length <= LONGEST).then_some(bytes))
}

/// Replaces the content of `path` with `bytes`. A concurrent reader finds either the old or the new content, complete.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    make_parent(path)?;
    let beside = beside(path, &format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let put = || fill(&beside, bytes).and_then(|_held| fs::rename(&beside, path));
    let done = match put() {
        // swept away before it was locked
        Err(error) if error.kind() == io::ErrorKind::NotFound => put(),
        done => done,
    };
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Removes the leftovers of processes that died while they wrote: files next to `path` that nobody holds.
pub(super) fn sweep(path: &Path) {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else { return };
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().and_then(|file| file.strip_prefix(name)).is_some_and(|rest| {
            rest.strip_prefix('.').and_then(|rest| rest.strip_suffix(".tmp")).is_some_and(is_number_pair)
        });
        if !is_ours {
            continue;
        }
        let path = entry.path();
        if let Ok(file) = careful().read(true).open(&path)
            && try_lock(&file).is_ok_and(|free| free)
        {
            let _ = fs::remove_file(&path);
        }
    }
}

/// `<process>-<count>`
fn is_number_pair(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(process, count)| is_number(process) && is_number(count))
}

/// The file whose lock stands for another; it stays empty, and is never removed: a lock on a removed file locks nothing.
pub(super) fn open_to_lock(path: &Path) -> io::Result<File> {
    make_parent(path)?;
    careful().write(true).create(true).truncate(false).open(path)
}

/// The file as long as it is held is not swept away.
fn fill(path: &Path, bytes: &[u8]) -> io::Result<File> {
    // of a process that had this number and died in here
    let _ = fs::remove_file(path);
    let mut file = careful().write(true).create_new(true).open(path)?;
    let _ = try_lock(&file);
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(file)
}

fn make_parent(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) else { return Ok(()) };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(parent)
}

/// A link, a directory, a pipe.
fn is_no_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| !found.is_file())
}

/// Follows no link, waits for no pipe.
#[cfg(unix)]
fn careful() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = files::owner_only();
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn careful() -> OpenOptions {
    files::owner_only()
}

#[cfg(unix)]
fn is_private(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.is_file() && file.mode() & 0o077 == 0 && file.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_private(file: &fs::Metadata) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_find_the_old_or_the_new() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new").join("token.json");
        assert_eq!(read(&path).unwrap(), None);
        let whole = |letter: u8| vec![letter; 20_000];
        replace(&path, &whole(b'a')).unwrap();
        std::thread::scope(|threads| {
            for writer in 0..2 {
                let path = &path;
                threads
                    .spawn(move || (0..50).for_each(|round| replace(path, &whole(b'a' + writer + round % 7)).unwrap()));
            }
            for _ in 0..200 {
                let bytes = read(&path).unwrap().unwrap();
                assert_eq!(bytes, whole(bytes[0]));
            }
        });
        let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 1, "nothing is left beside it");
        replace(&path, &vec![b'a'; LONGEST as usize + 1]).unwrap();
        assert_eq!(read(&path).unwrap(), None, "too long for a token");
    }

    #[test]
    fn what_a_dead_process_left_is_swept_away() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token.json");
        let at = |name: &str| directory.path().join(name);
        for name in ["token.json", "token.json.1-0.tmp", "token.json.x-0.tmp", "other.json.1-0.tmp", "token.json.tmp"] {
            fs::write(at(name), "x").unwrap();
        }
        let writing = fill(&at("token.json.2-0.tmp"), b"y").unwrap();
        sweep(&path);
        assert!(!at("token.json.1-0.tmp").exists());
        for name in ["token.json", "token.json.x-0.tmp", "other.json.1-0.tmp", "token.json.tmp", "token.json.2-0.tmp"] {
            assert!(at(name).exists(), "{name}");
        }
        drop(writing);
        sweep(&path);
        assert!(!at("token.json.2-0.tmp").exists());
    }

    #[cfg(unix)]
    #[test]
    fn owner_only_from_the_start_and_no_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/token.json");
        replace(&path, b"x").unwrap();
        open_to_lock(&path.with_extension("lock")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(path.parent().unwrap()), mode(&path), mode(&path.with_extension("lock"))),
            (0o700, 0o600, 0o600)
        );
        for open in [0o644, 0o640, 0o602] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
            assert_eq!(read(&path).unwrap(), None);
        }
        replace(&path, b"y").unwrap();
        assert_eq!((mode(&path), read(&path).unwrap()), (0o600, Some(b"y".to_vec())));

        let link = directory.path().join("link.json");
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link).unwrap(), None);
        assert!(open_to_lock(&link).is_err());
        replace(&link, b"z").unwrap();
        assert_eq!((fs::read(&path).unwrap(), read(&link).unwrap()), (b"y".to_vec(), Some(b"z".to_vec())));
        assert_eq!(read(directory.path()).unwrap(), None, "a directory");
    }
}
