//! One request for a token on its way, however many wait for it.
//!
//! It flies in a task of its own: a caller who gives up, or is cancelled, takes nothing from the others, and the token that
//! arrives later is there for the next call. All who wait get the same answer, an error too: 200 tasks with wrong keys
//! are one request, not 200.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

use super::{ISSUE, Token};
use crate::error::{Error, Kind};

/// What came of it; `None` while it is on its way.
type Answer = Option<Result<Arc<Token>, Arc<Error>>>;

/// A place from which one waits.
#[derive(Clone)]
pub(super) struct Issuing(watch::Receiver<Answer>);

impl Issuing {
    /// Starts `request`.
    pub fn start(request: impl Future<Output = Result<Arc<Token>, Error>> + Send + 'static) -> Issuing {
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move {
            let answer = request.await.map_err(Arc::new);
            sender.send_replace(Some(answer));
        });
        Issuing(receiver)
    }

    /// It has not landed. One whose runtime is gone never will.
    pub fn is_under_way(&self) -> bool {
        self.0.borrow().is_none() && self.0.has_changed().is_ok()
    }

    /// What came of it.
    pub async fn landed(mut self) -> Result<Arc<Token>, Error> {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(token))) => Ok(token.clone()),
            Ok(Some(Err(error))) => Err(error.duplicate()),
            Ok(None) | Err(_) => Err(Error::new(Kind::NoToken).of(ISSUE.0).while_signing_in()),
        }
    }
}
