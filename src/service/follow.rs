//! Keeps the published snapshot at the newest revision: waits on the store's feed and on the clock.
//!
//! Every writer, this process too, is learnt of by the feed. A generation with a future date comes into force when the
//! clock says so, without a write. With the store away the old snapshot goes on being served.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Gridmap, State, relocate};
use crate::domain::GenerationNumber;
use crate::store::StoreError;

/// How long to wait before the store is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// The longest sleep, so that a clock set anew and a store gone away are noticed. Each costs one small read.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// Follows the store for ever; ends only by being dropped.
pub async fn run(gridmap: Gridmap) {
    let mut settled = None;
    loop {
        match gridmap.refresh().await {
            Ok(state) => {
                tracing::debug!(?state, "snapshot is up to date");
                settle(&gridmap, &mut settled).await;
                wait_for_news(&gridmap, state).await;
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

/// Moves homes and incidents once onto a generation that has come into force by its date.
async fn settle(gridmap: &Gridmap, settled: &mut Option<GenerationNumber>) {
    let in_force = gridmap.snapshot().map(|snapshot| snapshot.generation().number);
    if *settled == in_force {
        return;
    }
    match relocate::settle(gridmap).await {
        Ok(n_moved) => {
            *settled = in_force;
            tracing::debug!(?in_force, n_moved, "all that is stored stands on the ground in force");
        }
        // Whoever can write does it.
        Err(StoreError::ReadOnly { .. }) => *settled = in_force,
        Err(error) => tracing::warn!(%error, "homes and incidents stay in the grids they had; this is tried again"),
    }
}

async fn wait_for_news(gridmap: &Gridmap, state: State) {
    let sleep = tokio::time::sleep(until_next_in_force(gridmap).unwrap_or(LONGEST_SLEEP));
    tokio::select! {
        () = gridmap.store().wait(state.revision().unwrap_or_default()) => {}
        () = sleep => {}
    }
}

/// How long it is to the next generation that comes into force, at most [`LONGEST_SLEEP`].
fn until_next_in_force(gridmap: &Gridmap) -> Option<Duration> {
    let snapshot = gridmap.snapshot()?;
    let now = gridmap.now();
    let next: DateTime<Utc> = snapshot.generations().iter().map(|g| g.in_force).filter(|at| *at > now).min()?;
    Some((next - now).to_std().unwrap_or_default().min(LONGEST_SLEEP))
}
