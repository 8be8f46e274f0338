//! Opening a journal: lock, read, refuse other accounts.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::disk::Files;
use super::entry::Note;
use super::log_file::{Found, LogFile};
use super::probe::Probe;
use super::replay::{Replayed, replay};
use super::writer::{Writer, unwritable};
use super::{Journal, Known, Opened};
use crate::error::Kind;
use crate::language::{Both, both, fixed};
use crate::net::broker_time::BrokerTime;
use crate::net::identity::Identity;
use crate::{Client, Error};

/// The account a journal records for, and its clock.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub identity: Identity,
    pub broker: BrokerTime,
}

/// Whose journals are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Those of the same account, by its key.
    Ours,
    /// Also those of another key or address: the caller says that it is the same account.
    Adopted,
}

impl Journal {
    /// Opens the file, or creates it (readable by its owner only), and reads what it says. If an earlier run ended with the
    /// [`KillSwitch`](crate::KillSwitch) engaged, it is engaged again.
    ///
    /// A power cut may tear the last line and leave a part of it, zeros, or old bytes of the disk. Nothing was sent for that line,
    /// so it is cut off; see [`torn_bytes`](Self::torn_bytes). A line that was changed after it was written is refused.
    /// The two are indistinguishable in one case: a last line whose end is missing counts as torn.
    ///
    /// # Errors
    /// The file cannot be written, is in use, records the orders of another account or server (see
    /// [`adopt`](Self::adopt)), or was changed after it was written: the error names such a line and what to do.
    pub async fn open(path: impl Into<PathBuf>, client: &Client) -> Result<Journal, Error> {
        Journal::open_for(path.into(), client, Access::Ours).await
    }

    /// Opens a journal that was begun with another app key or address and takes it over: for a new key of the same account, or
    /// a server of your own that moved. Nothing can check that it is the same account: with the journal of another one,
    /// orders that were placed would not be found.
    ///
    /// # Errors
    /// As [`open`](Self::open). A journal of another environment (real, mock, an address of your own) is never adopted.
    ///
    /// ```no_run
    /// use kiwoom_api::order::Journal;
    ///
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// // once, after the broker issued a new key
    /// let journal = Journal::adopt("orders.log", &client).await?;
    /// let orders = client.orders().with_journal(journal)?;
    /// # Ok(()) }
    /// ```
    pub async fn adopt(path: impl Into<PathBuf>, client: &Client) -> Result<Journal, Error> {
        Journal::open_for(path.into(), client, Access::Adopted).await
    }

    async fn open_for(path: PathBuf, client: &Client, access: Access) -> Result<Journal, Error> {
        let owner = Owner { identity: client.identity().clone(), broker: client.broker_time().clone() };
        let journal = Journal::open_elsewhere(path, owner, access, Probe::default()).await?;
        journal.attach(client);
        Ok(journal)
    }

    /// Opens it where the lock and the disk may be waited for.
    pub(super) async fn open_elsewhere(
        path: PathBuf,
        owner: Owner,
        access: Access,
        probe: Probe,
    ) -> Result<Journal, Error> {
        let opened = tokio::task::spawn_blocking(move || Journal::open_here(path, owner, access, probe));
        let stopped = |_| {
            Err(Error::new(Kind::Journal(fixed!(
                "cannot be opened: the runtime is shutting down",
                "열 수 없습니다: 런타임이 끝나고 있습니다"
            ))))
        };
        opened.await.unwrap_or_else(stopped)
    }

    /// Opens it on this thread.
    pub(super) fn open_here(path: PathBuf, owner: Owner, access: Access, probe: Probe) -> Result<Journal, Error> {
        let problem = |what: Both| {
            let path = path.display();
            Error::new(Kind::Journal(both!("{path}: {what}", "{path}: {what}", what)))
        };
        let found = Files::open(&path).and_then(|disk| LogFile::open(Box::new(disk), probe));
        let Found { mut log, lines, torn } = found.map_err(|error| {
            problem(both!(
                "cannot be opened: {error} (choose a file that this process may write)",
                "열 수 없습니다: {error} (이 프로그램이 쓸 수 있는 파일을 고르세요)"
            ))
        })?;
        let Replayed { ledger, head } = replay(&lines, &owner.identity, access).map_err(&problem)?;
        let identity = owner.identity.clone();
        let settled = log.settle().and_then(|()| {
            if head.as_ref() == Some(&identity) {
                return Ok(());
            }
            // a new head, with all its lines in one step, so that no power cut tears the first one
            let mut entries = vec![Note::Head { identity }];
            entries.extend(ledger.entries(&vec![true; ledger.all().count()]));
            log.replace(&entries.iter().flat_map(Note::write).collect::<Vec<_>>())
        });
        settled.map_err(|error| problem(unwritable(&error)))?;
        let state = Arc::new(Mutex::new(Known { ledger: ledger.clone(), ..Known::default() }));
        let writer = Writer::start(log, ledger).map_err(|error| problem(unwritable(&error)))?;
        Ok(Journal(Arc::new(Opened { path, owner, state, writer, despite_unsettled: false.into(), torn })))
    }
}
