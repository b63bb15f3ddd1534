//! Keeps the published snapshot at the newest revision: waits on the store's feed and on the clock.
//!
//! Every writer, this process too, is learnt of by the feed. A generation with a future date comes into force when the
//! clock says so: [`Gridmap::refresh`] takes what is stored over onto its ground. With the store away the old snapshot goes
//! on being served.

use std::time::Duration;

use super::Gridmap;
use crate::domain::Timeline;

/// How long to wait before the store is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// The longest sleep, so that a clock set anew and a store gone away are noticed. Each costs one small read.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// Follows the store for ever; ends only by being dropped.
pub async fn run(gridmap: Gridmap) {
    loop {
        match gridmap.refresh().await {
            Ok(state) => {
                tracing::debug!(?state, "snapshot is up to date");
                wait_for_news(&gridmap).await;
            }
            Err(error) => {
                let revision = gridmap.state().revision().map(|revision| revision.0);
                let error = error.with_causes();
                tracing::warn!(error, revision, "the database cannot be read, what is in memory goes on being served");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

async fn wait_for_news(gridmap: &Gridmap) {
    let sleep = tokio::time::sleep(until_next_in_force(gridmap).unwrap_or(LONGEST_SLEEP));
    tokio::select! {
        () = gridmap.news() => {}
        () = sleep => {}
    }
}

/// How long it is to the next generation that comes into force, at most [`LONGEST_SLEEP`].
fn until_next_in_force(gridmap: &Gridmap) -> Option<Duration> {
    let snapshot = gridmap.snapshot()?;
    let now = gridmap.now();
    let next = Timeline::new(snapshot.generations()).next_after(now)?;
    Some((next - now).to_std().unwrap_or_default().min(LONGEST_SLEEP))
}
