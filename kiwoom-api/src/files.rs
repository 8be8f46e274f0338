//! What both token file and journal need from the file system: only the owner can read a file, and one process holds
//! it.
//!
//! It does not know the content. Without Unix permissions, files have those of their directory.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

/// A created file is accessible to its owner alone from the first moment.
pub(crate) fn owner_only() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "no permissions to set"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Locks `file` for this process, for as long as it is open; `false` if another process has it.
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    match FileExt::try_lock(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The path with `suffix` behind its name: a file in the same directory, so that a rename can put it in place.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let path = beside(&directory.path().join("a.json"), ".new");
        assert!(path.ends_with("a.json.new"), "{path:?}");
        let open = || owner_only().write(true).create(true).truncate(false).open(&path).unwrap();
        let (first, second) = (open(), open());
        assert!(try_lock(&first).unwrap() && !try_lock(&second).unwrap());
        drop(first);
        assert!(try_lock(&second).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_what_is_created() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let file = owner_only().write(true).create_new(true).open(directory.path().join("a")).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
