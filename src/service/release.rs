//! The release of now: made once a week, kept in the store, the same on every server.
//!
//! Who may not see exact counts sees those of the release ([`ReleasedCounts`]). The first such request of a week makes it; what
//! happens afterwards does not show before the next Monday.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::SubsecRound as _;

use super::area::Area;
use super::figures::hotspots::fallback_points;
use super::figures::released::{self, ReleasedCounts};
use super::figures::{IncidentFilter, RowSelection};
use super::{Caller, Gridmap, Refused};
use crate::domain::{Principal, Release};
use crate::index::Snapshot;
use crate::store::StoreError;

/// How long a release is used before the store is asked for a later one.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// With fewer households than this it may be right that all are withheld.
const MANY_HOUSEHOLDS: u64 = 100;

/// The release that was read or made last.
#[derive(Debug, Default)]
pub struct Releases {
    held: Mutex<Option<Held>>,
    making: tokio::sync::Mutex<()>,
}

#[derive(Clone, Debug)]
struct Held {
    release: Arc<Release>,
    looked: Instant,
    /// Whether the next one was due and could not be kept: it is tried again, but not at every request.
    is_overdue: bool,
}

impl Releases {
    fn held(&self) -> Option<Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, release: Arc<Release>, is_overdue: bool) -> Arc<Release> {
        let held = Held { release: Arc::clone(&release), looked: Instant::now(), is_overdue };
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        release
    }
}

impl Caller<'_> {
    /// The released counts over the ground of `snapshot`; `None` for callers who see exact ones.
    ///
    /// # Errors
    /// When no release is known and the store cannot be read.
    pub(super) async fn released_counts(
        &self,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Option<Arc<ReleasedCounts>>, Refused> {
        if !super::figures::is_suppressed_for(self.principal()) {
            return Ok(None);
        }
        let (gridmap, current) = (self.gridmap(), self.ground()?);
        let release = gridmap.release(&current).await?;
        Ok(Some(gridmap.caches().figures.released(&release, snapshot)))
    }
}

impl Gridmap {
    /// The release of this week. Makes it where it is due; where the store takes no writes (a replica) the one before goes on
    /// being published, and a first one is held by this server alone.
    async fn release(&self, snapshot: &Arc<Snapshot>) -> Result<Arc<Release>, StoreError> {
        let releases = &self.caches().releases;
        let fresh = || {
            let Held { release, looked, is_overdue } = releases.held()?;
            let is_good = is_overdue || !self.is_due(&release, snapshot);
            (is_good && looked.elapsed() < LOOK_AGAIN).then_some(release)
        };
        if let Some(release) = fresh() {
            return Ok(release);
        }
        let _one_at_a_time = releases.making.lock().await;
        if let Some(release) = fresh() {
            return Ok(release);
        }
        let held = releases.held().map(|held| held.release);
        let newer = self.store().release(held.as_ref().map(|release| release.made)).await;
        let known = match (newer, held) {
            (Ok(Some(newer)), _) => Some(Arc::new(newer)),
            (Ok(None), held) => held,
            (Err(_), Some(held)) => return Ok(releases.hold(held, true)),
            (Err(error), None) => return Err(error),
        };
        match known {
            Some(known) if !self.is_due(&known, snapshot) => Ok(releases.hold(known, false)),
            known => {
                let next = self.next(known, snapshot).await?;
                let is_overdue = self.is_due(&next, snapshot);
                Ok(releases.hold(next, is_overdue))
            }
        }
    }

    /// Makes the next release and keeps it in the store, as far as that can be written.
    async fn next(&self, known: Option<Arc<Release>>, snapshot: &Arc<Snapshot>) -> Result<Arc<Release>, StoreError> {
        let next = self.count_release(snapshot, known.as_deref()).await?;
        match self.keep(&next).await {
            Ok(()) => Ok(Arc::new(next)),
            Err(error) => {
                tracing::warn!(error = error.with_causes(), "the public counts of this week could not be kept");
                Ok(known.unwrap_or_else(|| Arc::new(next)))
            }
        }
    }

    fn is_due(&self, release: &Release, snapshot: &Snapshot) -> bool {
        release.is_over(self.now(), snapshot.region().utc_offset)
            || (release.households.values().all(|n| *n == 0) && n_households(snapshot) >= MANY_HOUSEHOLDS)
    }

    async fn count_release(&self, snapshot: &Arc<Snapshot>, before: Option<&Release>) -> Result<Release, StoreError> {
        let (all, rows) = (IncidentFilter::default(), RowSelection::new(0, None));
        let (_, grid_counts) = self.caches().figures.grid_counts(self, snapshot, &all, true, &Area::default()).await?;
        let n_reported = grid_counts.n_reported();
        let points = fallback_points(&**self.store(), snapshot, &rows, &all, n_reported, &Principal::system()).await?;
        let on_one_point: Vec<u64> = points.iter().map(|point| point.n).collect();
        Ok(released::release(snapshot, &grid_counts, &on_one_point, before, self.now().trunc_subsecs(0)))
    }

    async fn keep(&self, release: &Release) -> Result<(), StoreError> {
        let mut transaction = Caller::system(self).begin("the public counts of the week").await?;
        transaction.put_release(release).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Makes a release now, although that of the week is published already: for when what it was made of was not there yet.
///
/// # Errors
/// When there is no ground, or the store cannot be read or written.
pub async fn now(caller: &Caller<'_>) -> Result<Release, Refused> {
    let (gridmap, snapshot) = (caller.gridmap(), caller.ground()?);
    let before = gridmap.store().release(None).await?;
    let release = gridmap.count_release(&snapshot, before.as_ref()).await?;
    gridmap.keep(&release).await?;
    gridmap.caches().releases.hold(Arc::new(release.clone()), false);
    Ok(release)
}

fn n_households(snapshot: &Snapshot) -> u64 {
    let tops = snapshot.tree().indexes().filter(|&ix| snapshot.tree().parent(ix).is_none());
    tops.filter_map(|ix| snapshot.n_households(ix)).sum()
}
