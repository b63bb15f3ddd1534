//! Builds snapshots from the store: the newest one, and those of past generations for questions about another date.
//!
//! What did not change since the snapshot before is shared with it, so a revision that only adds an incident costs one
//! statement, and one that changes a duty does not read the ground again. Of a new generation only what differs is read,
//! and the tree before is [patched](Tree::patched); readers go on with the snapshot they have until the new one is whole.
//!
//! The published snapshot is over the settled ground, that of the grids kept with stored things (`settle`). A change of the
//! ground is made as a `draft` and written by `publish`.

mod draft;
mod judge;
mod merge;
mod publish;
mod settle;
mod state;

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use tokio::sync::OnceCell;

use super::{Gridmap, State};
pub(super) use draft::{Change, Draft};
pub use draft::{Conflict, NotPublished};
pub(super) use judge::{Candidate, Judged, candidates, judge, raw};
pub(super) use merge::{Clash, merge};
pub(super) use publish::{MAX_TRIES, publish};
pub(super) use state::GroundState;

use super::relocate::Grounds;
use super::touched::Touched;
use crate::domain::{Generation, GenerationNumber, Noun, Part, Parts, Region, Revision, Timeline};
use crate::index::snapshot::Households;
use crate::index::{Directory, GridIndex, Roster, Snapshot, Tree};
use crate::store::{Filter, GenerationDiff, Store, StoreError, Within};

/// What a snapshot is made of.
const IN_SNAPSHOT: [Part; 3] = [Part::Ground, Part::People, Part::Households];

/// How many past generations are kept at hand.
const MAX_CACHED: usize = 4;

/// The past generations asked for last, newest use at the back. Each shares what is the same with the published tree.
#[derive(Debug, Default)]
pub(super) struct GenerationCache {
    kept: VecDeque<CachedGeneration>,
    /// The trees of the generations that wait for their date.
    waiting: Vec<Arc<Tree>>,
}

#[derive(Debug)]
struct CachedGeneration {
    number: GenerationNumber,
    /// Filled by the first who asks; all others wait for it.
    tree: Arc<OnceCell<Arc<Tree>>>,
    /// The snapshot over it of the revision asked for last.
    snapshot: Option<Arc<Snapshot>>,
}

impl GenerationCache {
    fn of(&mut self, number: GenerationNumber) -> &mut CachedGeneration {
        let place = self.kept.iter().position(|kept| kept.number == number);
        let kept = place.and_then(|place| self.kept.remove(place));
        self.kept.push_back(kept.unwrap_or_else(|| CachedGeneration { number, tree: Arc::default(), snapshot: None }));
        while self.kept.len() > MAX_CACHED {
            self.kept.pop_front();
        }
        self.kept.back_mut().expect("pushed right above")
    }
}

impl Gridmap {
    /// Returns the snapshot whose ground was in force at `at`, as known at `known_at` (`None`: as known now).
    ///
    /// Duties carry their own dates and are taken as known now. Touches the database only when the generation is neither
    /// the published one nor one of the few past ones at hand; whoever asks for the same one at once waits for one reading.
    /// `None` when no ground was in force then.
    ///
    /// # Errors
    /// When the store is needed and cannot be read.
    pub async fn snapshot_at(
        &self,
        at: DateTime<Utc>,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Option<Arc<Snapshot>>, StoreError> {
        let Some(current) = self.snapshot() else { return Ok(None) };
        let known_at = known_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let timeline = Timeline::new(current.generations());
        let Some(generation) = timeline.in_force(at, known_at) else { return Ok(None) };
        if generation.number == current.generation().number {
            return Ok(Some(current));
        }
        let tree = {
            let mut past = self.0.past.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = past.of(generation.number);
            if let Some(snapshot) = kept.snapshot.as_ref().filter(|kept| kept.parts() == current.parts()) {
                return Ok(Some(Arc::clone(snapshot)));
            }
            if let Some(snapshot) = kept.snapshot.as_mut().filter(|kept| kept.has_people_and_region_of(&current)) {
                *snapshot = Arc::new(snapshot.at(*current.parts()));
                return Ok(Some(Arc::clone(snapshot)));
            }
            Arc::clone(&kept.tree)
        };
        let read = || read_tree(&**self.store(), Some(current.tree()), generation);
        let tree = Arc::clone(tree.get_or_try_init(read).await?);
        fits(current.region(), &tree)?;
        let snapshot = Arc::new(current.over(tree));
        let mut past = self.0.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.of(generation.number).snapshot = Some(Arc::clone(&snapshot));
        Ok(Some(snapshot))
    }

    /// Publishes the newest committed revision if it is not the published one. Where another generation has come into force
    /// since, what is stored is put onto its ground first; while that cannot be written, the snapshot stays over the ground
    /// that the store has. Returns the state afterwards.
    ///
    /// # Errors
    /// When the store cannot be read; what was published stays.
    pub async fn refresh(&self) -> Result<State, StoreError> {
        let state = self.reread().await?;
        let due = |snapshot: Arc<Snapshot>| self.due(snapshot.generations(), snapshot.parts().settled);
        if self.snapshot().and_then(due).is_none() {
            return Ok(state);
        }
        match self.settle().await {
            // Where somebody else was quicker, or goes on publishing, what they wrote is read next.
            Ok(()) | Err(StoreError::GenerationMoved { .. }) => self.reread().await,
            Err(error) => {
                tracing::warn!(%error, "what is stored stays on the ground it was on; this is tried again");
                Ok(state)
            }
        }
    }

    /// Publishes the newest committed revision, over the ground that stored things are located on. Writes nothing, so it may be
    /// called while a transaction is open.
    ///
    /// # Errors
    /// When the store cannot be read; what was published stays.
    pub(super) async fn reread(&self) -> Result<State, StoreError> {
        let _one_at_a_time = self.0.rebuilding.lock().await;
        let (before, begun) = (self.snapshot(), self.now());
        let built = Build { gridmap: self, store: &**self.store(), before: before.as_deref(), now: begun };
        let state = match built.run().await {
            Ok(Built::Empty(revision)) => State::Empty { revision },
            Ok(Built::Whole(snapshot)) => {
                let revision = snapshot.revision();
                if !before.is_some_and(|before| before.same_as(&snapshot)) {
                    self.0.published.publish(Arc::new(*snapshot));
                }
                State::Current { revision }
            }
            Err(error) => {
                self.0.state.send_if_modified(|state| note_away(state, self.now()));
                return Err(error);
            }
        };
        self.0.state.send_if_modified(|old| std::mem::replace(old, state) != state);
        self.0.news.served(begun, state.revision().is_some_and(|served| self.store().heard() > served));
        Ok(state)
    }

    /// The ground that things are stored on now, and those that wait for their date.
    ///
    /// Cost: none but what was read already; the first who asks after a publishing reads what differs.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn grounds(&self, snapshot: &Snapshot) -> Result<Grounds, StoreError> {
        let settled = Arc::clone(snapshot.tree());
        let mut waiting: Vec<Arc<Tree>> = Vec::new();
        for generation in Timeline::new(snapshot.generations()).later_than(snapshot.generation().in_force) {
            let tree = match self.at_hand(generation.number) {
                Some(tree) => tree,
                None => read_tree(&**self.store(), Some(waiting.last().unwrap_or(&settled)), generation).await?,
            };
            waiting.push(tree);
        }
        self.0.past.lock().unwrap_or_else(PoisonError::into_inner).waiting.clone_from(&waiting);
        let newest = Timeline::new(snapshot.generations()).newest();
        Ok(Grounds::new(settled, waiting.into(), newest))
    }

    /// The tree of a generation that is no longer, or not yet, the published one, if it was made before.
    fn at_hand(&self, number: GenerationNumber) -> Option<Arc<Tree>> {
        let past = self.0.past.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = past.waiting.iter().find(|tree| tree.generation().number == number).map(Arc::clone);
        let kept = || past.kept.iter().find(|kept| kept.number == number);
        waiting.or_else(|| kept()?.tree.get().map(Arc::clone))
    }

    /// The tree of a generation.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn tree_of(
        &self,
        generations: &[Generation],
        number: GenerationNumber,
    ) -> Result<Arc<Tree>, StoreError> {
        let generation = Timeline::new(generations).get(number);
        let missing = || StoreError::Inconsistent { column: "number", what: format!("no generation {number}") };
        let snapshot = self.snapshot();
        let tree = read_tree(&**self.store(), snapshot.as_deref().map(Snapshot::tree), generation.ok_or_else(missing)?);
        tree.await
    }
}

/// A grid with all below it, as lists are narrowed to it: by its code, else by its id; `None` where there is no such grid in
/// the ground in force.
#[must_use]
pub fn within(snapshot: &Snapshot, word: &str) -> Option<Within> {
    let ix: GridIndex = snapshot.by_code(word).or_else(|| snapshot.by_id(word))?;
    Some(Within { path: snapshot.tree().grid_path(ix), generation: snapshot.generation().number })
}

/// Notes that the store is away, keeping since when; tells whether that is news.
fn note_away(state: &mut State, now: DateTime<Utc>) -> bool {
    if matches!(state, State::StoreAway { .. }) {
        return false;
    }
    *state = State::StoreAway { since: now, revision: state.revision() };
    true
}

enum Built {
    Empty(Revision),
    Whole(Box<Snapshot>),
}

/// One rebuild on top of the snapshot before.
struct Build<'b> {
    gridmap: &'b Gridmap,
    store: &'b dyn Store,
    before: Option<&'b Snapshot>,
    now: DateTime<Utc>,
}

impl Build<'_> {
    /// Reads until nothing that a snapshot is made of has changed since it was read. Only what changed is read, again where it
    /// changed meanwhile: incidents that are stored one after another hold up nobody, and cost one statement.
    async fn run(self) -> Result<Built, StoreError> {
        let mut base = self.before.cloned();
        loop {
            let parts = self.store.parts().await?;
            if let Some(whole) = base.as_ref().filter(|base| self.is_made_of(base, &parts)) {
                return Ok(Built::Whole(Box::new(whole.at(parts))));
            }
            match self.step(base.as_ref(), parts).await? {
                // It holds what was there at `parts` or later: the parts of now tell whether anything of it has changed after.
                Some(built) => base = Some(built),
                None => return Ok(Built::Empty(parts.revision)),
            }
        }
    }

    /// Tells whether `snapshot` holds all that is there by now.
    fn is_made_of(&self, snapshot: &Snapshot, parts: &Parts) -> bool {
        let counting = self.counting(snapshot.generations(), parts.settled).map(|counting| counting.number);
        snapshot.parts().newest(&IN_SNAPSHOT) == parts.newest(&IN_SNAPSHOT)
            && counting == Some(snapshot.generation().number)
    }

    /// The generation that the snapshot is over: the settled one, else the one that counts by the clock.
    fn counting<'g>(&self, generations: &'g [Generation], settled: Option<GenerationNumber>) -> Option<&'g Generation> {
        let timeline = Timeline::new(generations);
        settled.and_then(|settled| timeline.get(settled)).or_else(|| timeline.base_for(self.now))
    }

    async fn step(&self, base: Option<&Snapshot>, parts: Parts) -> Result<Option<Snapshot>, StoreError> {
        let like_base = |read: &[Part]| base.filter(|base| base.parts().newest(read) == parts.newest(read));
        let (region, generations) = match like_base(&[Part::Ground]) {
            Some(base) => (Arc::clone(base.region()), Arc::clone(base.generations())),
            None => match self.store.region().await? {
                Some(region) => (shared(base, region), self.store.generations().await?.into()),
                None => return Ok(None),
            },
        };
        let Some(generation) = self.counting(&generations, parts.settled) else { return Ok(None) };
        let tree = match base.filter(|base| base.generation().number == generation.number) {
            Some(base) => Arc::clone(base.tree()),
            None => match self.gridmap.at_hand(generation.number) {
                Some(tree) => tree,
                None => read_tree(self.store, self.before.map(Snapshot::tree), generation).await?,
            },
        };
        fits(&region, &tree)?;
        let people = match like_base(&[Part::People]) {
            Some(base) => Arc::clone(base.people()),
            None => Arc::new(read_people(self.store).await?),
        };
        let same_places = base.filter(|base| base.tree().has_shape_of(&tree));
        let roster = match same_places.filter(|base| Arc::ptr_eq(base.people(), &people)) {
            Some(base) => Arc::clone(base.roster()),
            None => Arc::new(Roster::build(people, &tree)),
        };
        let same_households =
            like_base(&[Part::Ground, Part::Households]).filter(|base| Arc::ptr_eq(base.tree(), &tree));
        let households = match same_households {
            Some(base) => base.households().map(Arc::clone),
            None => Some(Arc::new(self.households(base, &tree, parts).await?)),
        };
        Ok(Some(Snapshot::new(parts, region, generations, tree, roster, households)))
    }

    /// How many households lie where: counted again only where households have changed since `base`, as far as the feed names
    /// it.
    async fn households(&self, base: Option<&Snapshot>, tree: &Tree, parts: Parts) -> Result<Households, StoreError> {
        let counted = base.and_then(|base| Some((base, base.households()?)));
        if let Some((base, counted)) = counted {
            let touched = if base.parts().households == parts.households {
                Some(Touched::default())
            } else {
                Touched::since(self.store, Noun::Households, base.parts()).await?
            };
            if let Some(touched) = touched {
                let mut recounted = Vec::new();
                for filter in touched.within(&Filter::default()) {
                    recounted.extend(self.store.households_by_grid(filter).await?);
                }
                if let Some(counts) = counted.recounted(base.tree(), tree, &touched.grids(), &recounted) {
                    return Ok(counts);
                }
            }
        }
        Ok(Households::add_up(tree, &self.store.households_by_grid(Filter::default()).await?))
    }
}

/// The region as it was read; the one before where that is equal, so that what was made of it goes on.
fn shared(base: Option<&Snapshot>, region: Region) -> Arc<Region> {
    match base.filter(|base| **base.region() == region) {
        Some(base) => Arc::clone(base.region()),
        None => Arc::new(region),
    }
}

/// Makes the tree of a generation of another at hand, from what differs, or of everything.
async fn read_tree(
    store: &dyn Store,
    base: Option<&Arc<Tree>>,
    generation: &Generation,
) -> Result<Arc<Tree>, StoreError> {
    let generation = generation.clone();
    // Building may take a while: the threads that answer go on answering.
    let building = if let Some(base) = base.map(Arc::clone) {
        let GenerationDiff { put, removed } = store.grids_between(base.generation().number, generation.number).await?;
        tokio::task::spawn_blocking(move || base.patched(generation, put, &removed))
    } else {
        let grids = store.grids(generation.number).try_collect().await?;
        tokio::task::spawn_blocking(move || Tree::build(generation, grids))
    };
    let tree = building.await.expect("building a tree returns whatever it is given");
    tree.map(Arc::new).map_err(|error| StoreError::Inconsistent { column: "grid", what: error.to_string() })
}

/// Refuses grids deeper than the region has levels, which could not be named in an answer.
fn fits(region: &Region, tree: &Tree) -> Result<(), StoreError> {
    let (n_levels, n_needed) = (region.levels.len(), tree.n_levels());
    if n_needed <= n_levels {
        return Ok(());
    }
    Err(StoreError::Inconsistent {
        column: "grid.depth",
        what: format!("{n_needed} levels where the region has {n_levels}"),
    })
}

async fn read_people(store: &dyn Store) -> Result<Directory, StoreError> {
    let holders = store.holders(Filter::default()).map_ok(|stored| stored.thing).try_collect().await?;
    let duties = store.duties(Filter::default()).map_ok(|stored| stored.thing).try_collect().await?;
    let points = store.service_points(Filter::default()).map_ok(|stored| stored.thing).boxed();
    Ok(Directory::new(holders, duties, points.try_collect().await?))
}
