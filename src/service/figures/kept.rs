//! What was counted last, for the next question.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::Narrowing;
use super::tallies::{Counting, Tallies};
use super::told::Untold;
use crate::domain::{GenerationNumber, Noun, Parts, Revision};
use crate::geometry::measure::area_m2;
use crate::index::snapshot::Households;
use crate::index::{Snapshot, Tree};
use crate::service::Gridmap;
use crate::service::area::Area;
use crate::service::made::Made;
use crate::service::touched::Touched;
use crate::store::Result;

/// How many counts are kept: a page steps through a few periods and kinds.
const MOST_TALLIES: usize = 32;
const MOST_GROUNDS: usize = 4;

/// Counts and areas from one request to the next.
#[derive(Debug, Default)]
pub struct Kept {
    tallies: Mutex<VecDeque<Counted>>,
    /// Held while incidents are counted, so that who asks the same at once waits for one count.
    counting: tokio::sync::Mutex<()>,
    grounds: Mutex<VecDeque<OwnAreas>>,
    masks: Mutex<VecDeque<(MaskKey, Arc<Untold>)>>,
    made: Made,
}

/// All that a mask of suppressed counts is decided from.
#[derive(Clone, Debug)]
pub(super) struct MaskKey {
    tree: Arc<Tree>,
    homes: Option<Arc<Households>>,
    incidents: Arc<Tallies>,
    by_kind: Vec<u64>,
}

impl MaskKey {
    pub(super) fn new(snapshot: &Snapshot, incidents: Arc<Tallies>, by_kind: &[u64]) -> Self {
        let homes = snapshot.households().map(Arc::clone);
        Self { tree: Arc::clone(snapshot.tree()), homes, incidents, by_kind: by_kind.to_vec() }
    }

    fn is_same(&self, other: &Self) -> bool {
        let same_homes = match (&self.homes, &other.homes) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let same_incidents = Arc::ptr_eq(&self.incidents, &other.incidents) && self.by_kind == other.by_kind;
        Arc::ptr_eq(&self.tree, &other.tree) && same_homes && same_incidents
    }
}

/// The square metres of each grid that no grid below it covers.
type OwnAreas = (Arc<Tree>, Arc<[f64]>);

#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// The newest revision of the incidents, and that of the region's levels.
    cases: Revision,
    ground: Revision,
    generation: GenerationNumber,
    narrowing: Narrowing,
    by_week: bool,
    area: Area,
}

/// What was counted, and what the store held then or before.
#[derive(Clone, Debug)]
struct Counted {
    key: Key,
    as_of: Parts,
    tallies: Arc<Tallies>,
}

impl Key {
    /// Tells whether it asks the same of older incidents.
    fn is_before(&self, now: &Self) -> bool {
        self.cases < now.cases && *self == Self { cases: self.cases, ..now.clone() }
    }
}

impl Kept {
    /// Returns the counts as they are now, with the newest revision of the incidents.
    ///
    /// Cost: none while no incident changes; after that a count of what lies where some have changed, as far as that is told,
    /// else of all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tallies(
        &self,
        gridmap: &Gridmap,
        snapshot: &Snapshot,
        narrowing: &Narrowing,
        by_week: bool,
        area: &Area,
    ) -> Result<(Revision, Arc<Tallies>)> {
        let store = &**gridmap.store();
        let as_of = store.parts().await?;
        let (cases, ground) = (as_of.cases, snapshot.parts().ground);
        let (generation, narrowing) = (snapshot.generation().number, narrowing.clone());
        let key = Key { cases, ground, generation, narrowing, by_week, area: area.clone() };
        let known = || {
            let kept = lock(&self.tallies);
            kept.iter().find(|kept| kept.key == key).map(|kept| Arc::clone(&kept.tallies))
        };
        if let Some(tallies) = known() {
            return Ok((cases, tallies));
        }
        let _one_at_a_time = self.counting.lock().await;
        if let Some(tallies) = known() {
            return Ok((cases, tallies));
        }
        let counting = Counting { store, snapshot, narrowing: &key.narrowing, by_week, area };
        let tallies = Arc::new(self.count(&key, counting).await?);
        self.made.note();
        let mut kept = lock(&self.tallies);
        kept.retain(|kept| kept.key.cases <= cases && !kept.key.is_before(&key));
        kept.push_back(Counted { key, as_of, tallies: Arc::clone(&tallies) });
        if kept.len() > MOST_TALLIES {
            kept.pop_front();
        }
        Ok((cases, tallies))
    }

    /// Counts again where incidents have changed since the counts of the same question, else everywhere.
    async fn count(&self, key: &Key, counting: Counting<'_>) -> Result<Tallies> {
        let before = lock(&self.tallies).iter().find(|kept| kept.key.is_before(key)).cloned();
        if let Some(before) = before
            && let Some(touched) = Touched::since(counting.store, Noun::Incidents, &before.as_of).await?
            && let Some(again) = counting.again(&before.tallies, &touched).await?
        {
            return Ok(again);
        }
        counting.all().await
    }

    /// How many counts, masks and sets of areas were made.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// Returns the mask of suppressed counts of `key`, made with `make` where it is not at hand.
    pub(super) fn mask(&self, key: MaskKey, make: impl FnOnce(&Tallies) -> Untold) -> Arc<Untold> {
        let known = lock(&self.masks).iter().find(|(kept, _)| kept.is_same(&key)).map(|(_, mask)| Arc::clone(mask));
        if let Some(mask) = known {
            return mask;
        }
        let mask = Arc::new(make(&key.incidents));
        self.made.note();
        let mut kept = lock(&self.masks);
        kept.push_back((key, Arc::clone(&mask)));
        if kept.len() > MOST_GROUNDS {
            kept.pop_front();
        }
        mask
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
