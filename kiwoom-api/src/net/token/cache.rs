//! A file that keeps the token for the next process, and for others that run at the same time: one per environment and
//! app key.
//!
//! The cache is optional: if anything is wrong with the file, the lock or the directory, the client works without them
//! and [`problem`](Cache::problem) says why. The content of the file counts only if it names this environment and this
//! key and the file belongs to this user alone.

mod owner_only;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fs4::FileExt;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::Token;
use super::exchange::Bearer;
use super::life::{Life, Now};
use super::records::Kept;
use crate::files::try_lock;
use crate::json::decode::decode;
use crate::json::encode::encode;
use crate::net::clock::in_korea;
use crate::value::Secret;
use crate::{Credentials, Server};

/// A file of another version is not read.
const VERSION: &str = "1";
/// The pause between two attempts at a lock that is held.
const LOOK: Duration = Duration::from_millis(20);

/// The place of one token, and how long a process waits for another that holds its lock: that one is requesting a
/// token, or it hangs.
#[derive(Clone)]
pub(super) struct Cache(Arc<TokenFile>, Duration);

struct TokenFile {
    file: PathBuf,
    lock: PathBuf,
    environment: String,
    key: String,
    problem: Mutex<Option<String>>,
    /// The leftovers of dead processes are gone.
    swept: AtomicBool,
}

/// The exclusive right, among all processes of this machine, to ask the broker and to write the file. Ends when
/// dropped.
pub(super) struct Lease(File);

impl Drop for Lease {
    fn drop(&mut self) {
        // closing the file unlocks it too, unless a child process holds a copy
        let _ = FileExt::unlock(&self.0);
    }
}

impl Cache {
    pub fn new(directory: &Path, server: &Server, credentials: &Credentials) -> Cache {
        let environment = match server {
            Server::Real => "real".to_owned(),
            Server::Mock => "mock".to_owned(),
            Server::Sandbox { .. } => format!("sandbox-{}", digest(server.http())),
            Server::Custom { .. } => format!("custom-{}", digest(server.http())),
        };
        let key = digest(credentials.app_key());
        let name = format!("kiwoom-token-{environment}-{key}");
        let file = directory.join(format!("{name}.json"));
        let lock = directory.join(format!("{name}.lock"));
        Cache(
            Arc::new(TokenFile {
                file,
                lock,
                environment,
                key,
                problem: Mutex::default(),
                swept: AtomicBool::default(),
            }),
            Duration::ZERO,
        )
    }

    /// Waits this long for the lock.
    pub fn patient(self, patience: Duration) -> Cache {
        Cache(self.0, patience)
    }

    /// Why the cache is unusable, if it is.
    pub fn problem(&self) -> Option<String> {
        self.0.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The token in the file, if it can be used `now`.
    pub async fn read(&self, now: Now) -> Option<Token> {
        let read = |place: &TokenFile| {
            if !place.swept.swap(true, Ordering::Relaxed) {
                owner_only::sweep(&place.file);
            }
            owner_only::read(&place.file)
        };
        let bytes = self.outside(read).await??;
        self.0.understand(&bytes, now)
    }

    /// Waits for the lock. `None` if it cannot be acquired: the client then goes on without it.
    pub async fn lease(&self) -> Option<Lease> {
        let until = Instant::now().checked_add(self.1);
        loop {
            if let Some(lease) = self.outside(TokenFile::try_lock).await? {
                self.0.settled();
                return Some(lease);
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                self.0.note(&self.0.lock, "held by another process for too long (does it hang?)");
                return None;
            }
            sleep(LOOK).await;
        }
    }

    /// Replaces the content of the file with `token`; the caller holds the lease, if it could be acquired.
    pub async fn write(&self, token: &Token, now: Now) {
        let mut kept = Kept {
            version: VERSION.to_owned(),
            environment: self.0.environment.clone(),
            key: self.0.key.clone(),
            token: token.bearer.text().into(),
            expires: token.expires,
            issued: Some(in_korea(now.wall)),
            ends: Some(in_korea(token.life.wall())),
        };
        let Ok(bytes) = encode(&mut kept, &[], &[]) else { return };
        let written = self.outside(move |place| owner_only::replace(&place.file, &bytes)).await;
        if written.is_some() {
            self.0.settled();
        }
    }

    /// Removes `token` from the file, unless another one is there by now.
    pub async fn remove(&self, token: &Token) {
        let _lease = self.lease().await;
        let text = Secret::from(token.bearer.text());
        self.outside(move |place| place.remove(text.expose())).await;
    }

    /// Takes the token out of the file.
    pub async fn take(&self, now: Now) -> Option<Token> {
        let token = self.read(now).await?;
        self.remove(&token).await;
        Some(token)
    }

    /// Files block, so another thread handles them.
    async fn outside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&TokenFile) -> io::Result<T> + Send + 'static,
    ) -> Option<T> {
        let place = self.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            work(&place).map_err(|error| place.note(&place.file, &error.to_string())).ok()
        });
        done.await.ok().flatten()
    }
}

impl TokenFile {
    fn try_lock(&self) -> io::Result<Option<Lease>> {
        let file = owner_only::open_to_lock(&self.lock)?;
        if !try_lock(&file)? {
            return Ok(None);
        }
        owner_only::sweep(&self.file);
        Ok(Some(Lease(file)))
    }

    fn remove(&self, token: &str) -> io::Result<()> {
        let Some(bytes) = owner_only::read(&self.file)? else { return Ok(()) };
        match self.decode(&bytes) {
            Some(kept) if kept.token.expose() != token => Ok(()),
            _ => std::fs::remove_file(&self.file),
        }
    }

    fn understand(&self, bytes: &[u8], now: Now) -> Option<Token> {
        let kept = self.decode(bytes)?;
        let life = Life::kept(kept.issued?, kept.ends?, now)?;
        Some(Token { bearer: Bearer::new(kept.token.expose())?, expires: kept.expires, life })
    }

    fn decode(&self, bytes: &[u8]) -> Option<Kept> {
        let mut kept = Kept::default();
        let decoded = decode(bytes, &mut kept).ok()?;
        let ours = kept.version == VERSION && kept.environment == self.environment && kept.key == self.key;
        (ours && decoded.anomalies().is_empty()).then_some(kept)
    }

    fn settled(&self) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn note(&self, path: &Path, what: &str) {
        let text = format!("{}: {what}", path.display());
        let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if problem.as_ref() != Some(&text) {
            tracing::warn!(target: "kiwoom_api", problem = %text, "the token is not kept in its file");
            *problem = Some(text);
        }
    }
}

/// Enough of a digest to tell keys and addresses apart. It reveals no key: keys are long and random.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(server: Server, key: &str) -> String {
        let cache = Cache::new(Path::new("d"), &server, &Credentials::new(key, "secret"));
        cache.0.file.display().to_string()
    }

    #[test]
    fn a_file_for_each_environment_and_key() {
        let names = [
            name(Server::Real, "k"),
            name(Server::Mock, "k"),
            name(Server::custom("http://127.0.0.1:1"), "k"),
            name(Server::custom("http://127.0.0.1:2"), "k"),
            name(Server::Real, "l"),
        ];
        assert_eq!(names[0], "d/kiwoom-token-real-8254c329a928.json");
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len(), "{names:?}");
        assert_eq!(name(Server::custom("http://127.0.0.1:1/"), "k"), names[2]);
    }
}
