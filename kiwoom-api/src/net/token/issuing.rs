//! One token request in flight, however many callers wait for it.
//!
//! It runs in a separate task: a caller that gives up, or is cancelled, does not affect the others, and a token that
//! arrives later is there for the next call. All waiting callers get the same answer, even an error: 200 tasks with
//! wrong keys are one request, not 200.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

use super::{ISSUE, Token};
use crate::error::{Error, Kind};

/// Its result; `None` while it is in flight.
type TokenAnswer = Option<Result<Arc<Token>, Arc<Error>>>;

/// A handle for waiting.
#[derive(Clone)]
pub(super) struct Issuing(watch::Receiver<TokenAnswer>);

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

    /// Whether it is still in flight. One whose runtime is gone never ends.
    pub fn is_under_way(&self) -> bool {
        self.0.borrow().is_none() && self.0.has_changed().is_ok()
    }

    /// Its result.
    pub async fn landed(mut self) -> Result<Arc<Token>, Error> {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(token))) => Ok(token.clone()),
            Ok(Some(Err(error))) => Err(error.duplicate()),
            Ok(None) | Err(_) => Err(Error::new(Kind::NoToken).of(ISSUE.0).while_signing_in()),
        }
    }
}
