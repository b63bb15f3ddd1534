//! Hears of commits by `listen`, from whichever instance they come.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::debug;

use crate::domain::Revision;
use crate::store::feed::Feed;
use crate::store::{Result, StoreError};

/// The channel of commits: the revision and the region. (An older program listens for a revision alone on
/// `gridmap_revision`; it finds commits by its poll.)
pub(super) const CHANNEL: &str = "gridmap_commit";

/// How long to wait before listening anew. Meanwhile the slow poll finds what is committed.
const PAUSE: Duration = Duration::from_secs(2);

/// What a notification says of a commit.
pub(super) fn payload(region: &str, revision: Revision) -> String {
    format!("{revision} {region}")
}

fn read(payload: &str) -> Option<(Revision, &str)> {
    let (revision, region) = payload.split_once(' ')?;
    Some((Revision(revision.parse().ok()?), region))
}

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
    let newest: Vec<(String, i64)> =
        sqlx::query_as("select region_code, revision from region where $1::text is null or region_code = $1")
            .bind(feed.region())
            .fetch_all(pool)
            .await?;
    if let [(region, revision)] = &newest[..] {
        feed.announce(region, Revision(revision.unsigned_abs()));
    }
    while let Some(notice) = listener.try_recv().await.map_err(StoreError::from)? {
        if let Some((revision, region)) = read(notice.payload()) {
            feed.announce(region, revision);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_names_the_region() {
        assert_eq!(read(&payload("623021", Revision(17))), Some((Revision(17), "623021")));
        assert_eq!(read("17"), None, "as an older program tells it");
    }
}
