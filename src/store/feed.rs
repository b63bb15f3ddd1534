//! The newest revision of a region that this process has heard of, and the waiting for a newer one.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::Result;
use crate::domain::Revision;

/// How often the database is asked whatever was or was not heard.
const POLL: Duration = Duration::from_secs(1);

/// Wakes whoever waits for a revision of one region.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    newest: watch::Sender<Revision>,
    /// Set once the region is known: it never changes.
    region: Arc<OnceLock<String>>,
}

impl Feed {
    /// The feed of `region`, or of the only one that is found or made.
    pub(super) fn new(region: Option<&str>) -> Self {
        let known = OnceLock::new();
        if let Some(region) = region {
            known.get_or_init(|| region.to_owned());
        }
        Self { newest: watch::Sender::new(Revision(0)), region: Arc::new(known) }
    }

    /// The region it tells of, once that is known.
    pub(super) fn region(&self) -> Option<&str> {
        self.region.get().map(String::as_str)
    }

    /// Tells of no other region from now on.
    pub(super) fn bind(&self, region: String) -> &str {
        self.region.get_or_init(|| region)
    }

    /// Tells that `revision` of `region` is committed; another region's is passed over.
    pub(super) fn announce(&self, region: &str, revision: Revision) {
        if self.region.get().is_none_or(|known| known == region) {
            self.hear(revision);
        }
    }

    /// The newest that was heard of.
    pub(super) fn heard(&self) -> Revision {
        *self.newest.borrow()
    }

    /// Wakes whoever waits for `revision`, unless it was heard of before.
    pub(super) fn hear(&self, revision: Revision) {
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
                self.hear(newest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_of_another_region_wake_nobody() {
        let feed = Feed::new(Some("623021"));
        feed.announce("330602", Revision(7));
        assert_eq!(*feed.newest.borrow(), Revision(0));
        feed.announce("623021", Revision(3));
        assert_eq!(*feed.newest.borrow(), Revision(3));
    }
}
