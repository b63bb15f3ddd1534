//! What was counted last, for the next question.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::IncidentFilter;
use super::grid_counts::{Counting, GridCounts};
use super::released::ReleasedCounts;
use crate::domain::{GenerationNumber, Noun, Parts, Release, Revision};
use crate::geometry::measure::area_m2;
use crate::index::{Snapshot, Tree};
use crate::service::Gridmap;
use crate::service::area::Area;
use crate::service::made::Made;
use crate::service::touched::Touched;
use crate::store::Result;

/// How many counts are kept: a page steps through a few periods and kinds.
const MOST_COUNTS: usize = 32;
const MOST_GROUNDS: usize = 4;

/// Counts and areas from one request to the next.
#[derive(Debug, Default)]
pub struct FigureCache {
    grid_counts: Mutex<VecDeque<Counted>>,
    /// Held while incidents are counted, so that who asks the same at once waits for one count.
    counting: tokio::sync::Mutex<()>,
    grounds: Mutex<VecDeque<OwnAreas>>,
    released: Mutex<VecDeque<(Arc<Tree>, Arc<ReleasedCounts>)>>,
    made: Made,
}

/// The square metres of each grid that no grid below it covers.
type OwnAreas = (Arc<Tree>, Arc<[f64]>);

#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// The newest revision of the incidents, and that of the region's levels.
    incidents: Revision,
    ground: Revision,
    generation: GenerationNumber,
    incident_filter: IncidentFilter,
    by_week: bool,
    area: Area,
}

/// What was counted, and what the store held then or before.
#[derive(Clone, Debug)]
struct Counted {
    key: Key,
    as_of: Parts,
    grid_counts: Arc<GridCounts>,
}

impl Key {
    /// Tells whether it asks the same of older incidents.
    fn is_before(&self, now: &Self) -> bool {
        self.incidents < now.incidents && *self == Self { incidents: self.incidents, ..now.clone() }
    }
}

impl FigureCache {
    /// Returns the counts as they are now, with the newest revision of the incidents.
    ///
    /// Cost: none while no incident changes; after that a count of what lies where some have changed, as far as the feed names
    /// it, else of all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn grid_counts(
        &self,
        gridmap: &Gridmap,
        snapshot: &Snapshot,
        incident_filter: &IncidentFilter,
        by_week: bool,
        area: &Area,
    ) -> Result<(Revision, Arc<GridCounts>)> {
        let store = &**gridmap.store();
        let as_of = store.parts().await?;
        let (incidents, ground) = (as_of.incidents, snapshot.parts().ground);
        let (generation, incident_filter) = (snapshot.generation().number, incident_filter.clone());
        let key = Key { incidents, ground, generation, incident_filter, by_week, area: area.clone() };
        let known = || {
            let kept = lock(&self.grid_counts);
            kept.iter().find(|kept| kept.key == key).map(|kept| Arc::clone(&kept.grid_counts))
        };
        if let Some(grid_counts) = known() {
            return Ok((incidents, grid_counts));
        }
        let _one_at_a_time = self.counting.lock().await;
        if let Some(grid_counts) = known() {
            return Ok((incidents, grid_counts));
        }
        let counting = Counting { store, snapshot, incident_filter: &key.incident_filter, by_week, area };
        let grid_counts = Arc::new(self.count(&key, counting).await?);
        self.made.note();
        let mut kept = lock(&self.grid_counts);
        kept.retain(|kept| kept.key.incidents <= incidents && !kept.key.is_before(&key));
        kept.push_back(Counted { key, as_of, grid_counts: Arc::clone(&grid_counts) });
        if kept.len() > MOST_COUNTS {
            kept.pop_front();
        }
        Ok((incidents, grid_counts))
    }

    /// Counts again where incidents have changed since the counts of the same question, else everywhere.
    async fn count(&self, key: &Key, counting: Counting<'_>) -> Result<GridCounts> {
        let before = lock(&self.grid_counts).iter().find(|kept| kept.key.is_before(key)).cloned();
        if let Some(before) = before
            && let Some(touched) = Touched::since(counting.store, Noun::Incidents, &before.as_of).await?
            && let Some(again) = counting.again(&before.grid_counts, &touched).await?
        {
            return Ok(again);
        }
        counting.all().await
    }

    /// How many counts, laid releases and sets of areas were made.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// Lays a release over the tree of `snapshot`, if that was not done yet.
    #[must_use]
    pub fn released(&self, release: &Arc<Release>, snapshot: &Snapshot) -> Arc<ReleasedCounts> {
        let is_same = |tree: &Arc<Tree>, over: &ReleasedCounts| {
            Arc::ptr_eq(tree, snapshot.tree()) && Arc::ptr_eq(over.release(), release)
        };
        let known =
            lock(&self.released).iter().find(|(tree, over)| is_same(tree, over)).map(|(_, over)| Arc::clone(over));
        if let Some(over) = known {
            return over;
        }
        let over = Arc::new(ReleasedCounts::over(Arc::clone(release), snapshot));
        self.made.note();
        let mut kept = lock(&self.released);
        kept.push_back((Arc::clone(snapshot.tree()), Arc::clone(&over)));
        if kept.len() > MOST_GROUNDS {
            kept.pop_front();
        }
        over
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
        self.made.note();
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
