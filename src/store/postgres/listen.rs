//! Hears of commits by `listen`, from whichever instance they come.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::debug;

use super::region;
use crate::domain::Revision;
use crate::store::Result;
use crate::store::feed::Feed;

/// Where commits are told; what is told is the revision.
pub(super) const CHANNEL: &str = "gridmap_revision";

/// How long to wait before listening anew. Meanwhile the slow poll finds what is committed.
const PAUSE: Duration = Duration::from_secs(2);

/// A task that listens until it is stopped or this is dropped.
#[derive(Debug)]
pub(super) struct Listener(JoinHandle<()>);

impl Listener {
    pub(super) fn start(pool: PgPool, feed: Feed) -> Self {
        Self(tokio::spawn(async move {
            loop {
                if let Err(error) = listen(&pool, &feed).await {
                    debug!(%error, "not listening for commits, polling");
                }
                sleep(PAUSE).await;
            }
        }))
    }

    /// Gives the connection it holds back.
    pub(super) fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Listens until the connection is lost; a replica refuses at once. What was committed before is caught up by number.
async fn listen(pool: &PgPool, feed: &Feed) -> Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    if let Some(code) = region::code(pool).await? {
        feed.announce(region::revision(pool, &code).await?);
    }
    while let Some(told) = listener.try_recv().await? {
        if let Ok(revision) = told.payload().parse() {
            feed.announce(Revision(revision));
        }
    }
    Ok(())
}
