//! What was counted last, for the next question.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::tallies::{Narrowing, Tallies};
use crate::domain::{GenerationNumber, Revision};
use crate::geometry::measure::area_m2;
use crate::index::{Snapshot, Tree};
use crate::service::Gridmap;
use crate::store::Result;

/// How many counts are kept: a page steps through a few periods and kinds.
const MOST_TALLIES: usize = 32;
const MOST_GROUNDS: usize = 4;

/// Counts and areas from one request to the next.
#[derive(Debug, Default)]
pub struct Kept {
    tallies: Mutex<VecDeque<(Key, Arc<Tallies>)>>,
    grounds: Mutex<VecDeque<OwnAreas>>,
}

/// The square metres of each grid that no grid below it covers.
type OwnAreas = (Arc<Tree>, Arc<[f64]>);

#[derive(Clone, Debug, PartialEq)]
struct Key {
    revision: Revision,
    generation: GenerationNumber,
    narrowing: Narrowing,
    by_week: bool,
}

impl Kept {
    /// Returns [`Tallies::count`] as it is at the newest revision, with that revision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tallies(
        &self,
        gridmap: &Gridmap,
        snapshot: &Snapshot,
        narrowing: &Narrowing,
        by_week: bool,
    ) -> Result<(Revision, Arc<Tallies>)> {
        let store = &**gridmap.store();
        let revision = store.revision().await?;
        let generation = snapshot.generation().number;
        let key = Key { revision, generation, narrowing: narrowing.clone(), by_week };
        let known = lock(&self.tallies).iter().find(|(kept, _)| *kept == key).map(|(_, tallies)| Arc::clone(tallies));
        if let Some(tallies) = known {
            return Ok((revision, tallies));
        }
        let tallies = Arc::new(Tallies::count(store, snapshot, narrowing, by_week).await?);
        let mut kept = lock(&self.tallies);
        kept.retain(|(key, _)| key.revision == revision);
        kept.push_back((key, Arc::clone(&tallies)));
        if kept.len() > MOST_TALLIES {
            kept.pop_front();
        }
        Ok((revision, tallies))
    }

    /// The square metres of each grid that no grid below it covers: all of a lowest one.
    ///
    /// The first question about a ground measures all of it, which takes a second for 70,000 grids.
    #[must_use]
    pub fn own_areas(&self, tree: &Arc<Tree>) -> Arc<[f64]> {
        if let Some(own) = self.known_areas(tree) {
            return own;
        }
        let regions = tree.ground().own_regions();
        let own: Arc<[f64]> = regions.iter().map(|region| region.as_ref().map_or(0.0, area_m2)).collect();
        let mut kept = lock(&self.grounds);
        kept.push_back((Arc::clone(tree), Arc::clone(&own)));
        if kept.len() > MOST_GROUNDS {
            kept.pop_front();
        }
        own
    }

    /// [`Self::own_areas`] as far as they are measured already.
    #[must_use]
    pub fn known_areas(&self, tree: &Arc<Tree>) -> Option<Arc<[f64]>> {
        lock(&self.grounds).iter().find(|(kept, _)| Arc::ptr_eq(kept, tree)).map(|(_, own)| Arc::clone(own))
    }
}

fn lock<T>(kept: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
