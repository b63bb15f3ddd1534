//! The newest revision this process has heard of, and the waiting for a newer one.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::Result;
use crate::domain::Revision;

/// How often the database is asked whatever was or was not heard.
const POLL: Duration = Duration::from_secs(1);

/// Wakes whoever waits for a revision.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    newest: watch::Sender<Revision>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self { newest: watch::Sender::new(Revision(0)) }
    }

    /// Tells that `revision` is committed.
    pub(super) fn announce(&self, revision: Revision) {
        self.newest.send_if_modified(|newest| {
            let newer = revision > *newest;
            *newest = revision.max(*newest);
            newer
        });
    }

    /// Returns when a revision after `after` was announced, or found by `ask` in the slow poll.
    pub(super) async fn wait<Answer>(&self, after: Revision, ask: impl Fn() -> Answer + Send)
    where
        Answer: Future<Output = Result<Revision>> + Send,
    {
        let mut heard = self.newest.subscribe();
        loop {
            if let Ok(Ok(_)) = timeout(POLL, heard.wait_for(|newest| *newest > after)).await {
                return;
            }
            if let Ok(newest) = ask().await {
                self.announce(newest);
            }
        }
    }
}
