//! Puts households, incidents and service points into the grids of a changed ground, where it changed.
//!
//! The grid of a stored thing is that of the settled ground. Where that moves, things are moved by key; what generations
//! that wait will make of a thing is kept apart until their day. Only where two grounds differ is anything looked at, and
//! only positions are read.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use futures::TryStreamExt;

use super::Gridmap;
use super::ground::Draft;
use crate::domain::{Generation, GenerationNumber, GridPath, Noun, Timeline};
use crate::geometry::{Bbox, LatticePoint, Position};
use crate::index::{GridIndex, Tree};
use crate::store::{Ground, Pending, Placed, Result, Store, StoreError, Transaction};

/// How many things are located at once.
const BATCH: usize = 4_096;

/// The nouns whose things keep their grid.
const LOCATED: [Noun; 3] = [Noun::Households, Noun::Incidents, Noun::ServicePoints];

/// How many things lie in another grid than before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved(u64);

impl Moved {
    pub(super) fn total(self) -> u64 {
        self.0
    }
}

/// What becomes of stored things when a draft is published.
pub(super) struct Relocation {
    store: Arc<dyn Store>,
    settle_on: Option<GenerationNumber>,
    steps: Vec<Step>,
    found: BTreeMap<Noun, Found>,
    /// Of which nouns the moves that were found are written.
    written: BTreeSet<Noun>,
    /// Waiting generations that others replace, of the same ground.
    renumbered: Vec<(GenerationNumber, GenerationNumber)>,
    /// Those of which nothing is kept.
    forgotten: Vec<GenerationNumber>,
}

/// From one ground to the next.
struct Step {
    /// Where they differ; `None` is everywhere.
    boxes: Option<Vec<Bbox>>,
    before: Option<Arc<Tree>>,
    after: Arc<Tree>,
    /// The generation that waits for its date; `None` when things move at once.
    waits: Option<GenerationNumber>,
}

/// What was found for one noun.
#[derive(Default)]
struct Found {
    moved: Vec<(String, Option<GridPath>)>,
    pending: Vec<Pending>,
}

impl Relocation {
    /// Finds out what moves when `draft` is published and `target` is the ground that counts then.
    pub(super) async fn of(gridmap: &Gridmap, draft: &mut Draft, target: Option<GenerationNumber>) -> Result<Self> {
        let mut relocation = Self {
            store: Arc::clone(gridmap.store()),
            settle_on: target,
            steps: Vec::new(),
            found: BTreeMap::new(),
            written: BTreeSet::new(),
            renumbered: Vec::new(),
            forgotten: Vec::new(),
        };
        // Before any ground counts nothing is stored on it.
        let Some(target) = target else { return Ok(relocation) };
        if draft.keeps_ground_until(target) {
            relocation.renumbered.clone_from(&draft.replaced);
        } else {
            relocation.plan(gridmap, draft, target).await?;
        }
        relocation.look_again(&LOCATED).await?;
        Ok(relocation)
    }

    async fn plan(&mut self, gridmap: &Gridmap, draft: &mut Draft, target: GenerationNumber) -> Result<()> {
        let before = chain(&draft.known, draft.settled);
        let after = chain(&draft.generations, Some(target));
        let mut trees = Trees::read(gridmap, draft).await?;
        if draft.settled != Some(target) {
            let (old, new) = (trees.settled.clone(), trees.of(draft, target).await?);
            self.steps.push(Step::between(old, new, None));
        }
        let mut kept = HashSet::new();
        for pair in after.windows(2) {
            if before.windows(2).any(|known| known == pair) {
                kept.insert(pair[1]);
                continue;
            }
            let (old, new) = (trees.of(draft, pair[0]).await?, trees.of(draft, pair[1]).await?);
            self.steps.push(Step::between(Some(old), new, Some(pair[1])));
        }
        self.forgotten = before.into_iter().skip(1).filter(|waiting| !kept.contains(waiting)).collect();
        Ok(())
    }

    /// Looks at the things of `nouns` as they are stored now.
    ///
    /// Where moves of some are written already the store does not show them yet: of those each is found again, whether it
    /// would move or not, since others may have moved it before.
    pub(super) async fn look_again(&mut self, nouns: &[Noun]) -> Result<()> {
        for noun in LOCATED.into_iter().filter(|noun| nouns.contains(noun)) {
            let before = self.found.remove(&noun).filter(|_| self.written.remove(&noun));
            let mut anyway: HashSet<String> =
                before.into_iter().flat_map(|found| found.moved).map(|(id, _)| id).collect();
            let mut found = Found::default();
            for step in &self.steps {
                step.look(&*self.store, noun, step.boxes.clone(), &anyway, &mut found).await?;
            }
            found.moved.iter().for_each(|(id, _)| {
                anyway.remove(id);
            });
            // They lie outside of all that changes now, or are gone.
            for step in self.steps.iter().filter(|step| step.waits.is_none() && !anyway.is_empty()) {
                let mut all = Found::default();
                step.look(&*self.store, noun, None, &anyway, &mut all).await?;
                found.moved.extend(all.moved.into_iter().filter(|(id, _)| anyway.contains(id)));
            }
            self.found.insert(noun, found);
        }
        Ok(())
    }

    /// Writes the moves that were found and are not written yet.
    pub(super) async fn write_moves(&mut self, transaction: &mut dyn Transaction) -> Result<()> {
        for (noun, found) in self.found.iter().filter(|(noun, _)| !self.written.contains(noun)) {
            transaction.relocate_records(*noun, &found.moved).await?;
        }
        self.written.extend(self.found.keys());
        Ok(())
    }

    /// Writes all that was found, and settles on the ground that counts then.
    pub(super) async fn write(&mut self, transaction: &mut dyn Transaction) -> Result<Moved> {
        self.write_moves(transaction).await?;
        let mut moved = Moved::default();
        for generation in &self.forgotten {
            transaction.forget_pending(*generation).await?;
        }
        for (from, to) in &self.renumbered {
            transaction.renumber_pending(*from, *to).await?;
        }
        for (noun, found) in &self.found {
            transaction.put_pending(*noun, &[], &found.pending).await?;
            moved.0 += found.moved.len() as u64;
        }
        if let Some(generation) = self.settle_on {
            transaction.settle(generation).await?;
        }
        Ok(moved)
    }
}

/// The generation that counts, and those that wait after it, in the order of their dates.
fn chain(generations: &[Generation], counts: Option<GenerationNumber>) -> Vec<GenerationNumber> {
    let timeline = Timeline::new(generations);
    let Some(counts) = counts.and_then(|counts| timeline.get(counts)) else { return Vec::new() };
    let later = timeline.later_than(counts.in_force).into_iter().map(|waiting| waiting.number);
    std::iter::once(counts.number).chain(later).collect()
}

/// The trees of a draft's generations, each made from the settled one by what differs.
struct Trees {
    settled: Option<Arc<Tree>>,
    made: BTreeMap<GenerationNumber, Arc<Tree>>,
}

impl Trees {
    async fn read(gridmap: &Gridmap, draft: &Draft) -> Result<Self> {
        let snapshot = gridmap.snapshot().map(|snapshot| Arc::clone(snapshot.tree()));
        let settled = snapshot.filter(|tree| draft.settled == Some(tree.generation().number));
        let settled = match (settled, draft.settled) {
            (None, Some(number)) => Some(gridmap.tree_of(&draft.known, number).await?),
            (settled, _) => settled,
        };
        let made = settled.iter().map(|tree| (tree.generation().number, Arc::clone(tree))).collect();
        Ok(Self { settled, made })
    }

    async fn of(&mut self, draft: &mut Draft, number: GenerationNumber) -> Result<Arc<Tree>> {
        if let Some(tree) = self.made.get(&number) {
            return Ok(Arc::clone(tree));
        }
        let generation = draft.timeline().get(number).cloned().expect("the draft's own generation");
        // Of all made so far the last is the nearest in date.
        let near = self.made.values().next_back().cloned();
        let state = draft.state(number).await?;
        let building = if let Some(near) = near {
            let difference = draft.state(near.generation().number).await?.difference(&state);
            tokio::task::spawn_blocking(move || near.patched(generation, difference.grids(), &difference.removed))
        } else {
            let grids = state.grids().map(|grid| (**grid).clone()).collect();
            tokio::task::spawn_blocking(move || Tree::build(generation, grids))
        };
        let tree = building.await.expect("building a tree returns whatever it is given");
        let tree = tree.map_err(|error| StoreError::Inconsistent { column: "grid", what: error.to_string() })?;
        let tree = Arc::new(tree);
        self.made.insert(number, Arc::clone(&tree));
        Ok(tree)
    }
}

impl Step {
    fn between(before: Option<Arc<Tree>>, after: Arc<Tree>, waits: Option<GenerationNumber>) -> Self {
        let boxes = before.as_ref().map(|before| after.moved_since(before));
        Self { boxes, before, after, waits }
    }

    /// Looks at the things of one noun in `boxes`, where the two grounds differ. Those of `anyway` are found although they
    /// stay.
    async fn look(
        &self,
        store: &dyn Store,
        noun: Noun,
        boxes: Option<Vec<Bbox>>,
        anyway: &HashSet<String>,
        found: &mut Found,
    ) -> Result<()> {
        if boxes.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        let mut seen = HashSet::new();
        let mut after = Paths::on(&self.after);
        let mut before = self.before.as_ref().map(Paths::on);
        let mut things = store.placed(noun, boxes).try_chunks(BATCH);
        while let Some(batch) = things.try_next().await.map_err(|broken| broken.1)? {
            let points: Vec<LatticePoint> = batch.iter().map(|thing| thing.position.into()).collect();
            let to = after.owners(&points);
            let from = before.as_mut().map(|before| before.owners(&points));
            for (place, thing) in batch.into_iter().enumerate() {
                let Placed { id, grid: kept, .. } = thing;
                let grid = after.path(to[place]);
                let was = match (self.waits, &from, &mut before) {
                    (Some(_), Some(from), Some(before)) => before.path(from[place]),
                    _ => kept.as_ref(),
                };
                let stays = grid == was && !(self.waits.is_none() && anyway.contains(&id));
                if stays || !seen.insert(id.clone()) {
                    continue;
                }
                let grid = grid.cloned();
                match self.waits {
                    Some(generation) => found.pending.push(Pending { id, generation, grid }),
                    None => found.moved.push((id, grid)),
                }
            }
        }
        Ok(())
    }
}

/// The ways down to the grids of a tree, each made once.
struct Paths<'t> {
    tree: &'t Tree,
    paths: BTreeMap<GridIndex, GridPath>,
}

impl<'t> Paths<'t> {
    fn on(tree: &'t Arc<Tree>) -> Self {
        Self { tree, paths: BTreeMap::new() }
    }

    fn owners(&mut self, points: &[LatticePoint]) -> Vec<Option<GridIndex>> {
        let mut owners = vec![None; points.len()];
        self.tree.owners(points, &mut owners);
        for ix in owners.iter().flatten() {
            self.paths.entry(*ix).or_insert_with(|| self.tree.grid_path(*ix));
        }
        owners
    }

    fn path(&self, owner: Option<GridIndex>) -> Option<&GridPath> {
        self.paths.get(&owner?)
    }
}

/// The settled ground and those that wait: what a thing that is stored now has to be put on.
#[derive(Clone, Debug)]
pub(super) struct Grounds {
    settled: Arc<Tree>,
    /// In the order of their dates.
    waiting: Arc<[Arc<Tree>]>,
    /// The newest generation known then.
    newest: Option<GenerationNumber>,
}

impl Grounds {
    pub(super) fn new(settled: Arc<Tree>, waiting: Arc<[Arc<Tree>]>, newest: Option<GenerationNumber>) -> Self {
        Self { settled, waiting, newest }
    }

    /// What the store has to have for things to be put on these.
    pub(super) fn known(&self) -> Ground {
        Ground { newest: self.newest, settled: Some(self.settled.generation().number) }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The grid of a position now.
    pub(super) fn grid(&self, position: Position) -> Option<GridPath> {
        grid_at(&self.settled, position)
    }

    /// What the waiting generations will make of the grid of the thing `id`, where it is another than before.
    pub(super) fn pending(&self, id: &str, position: Position) -> Vec<Pending> {
        let mut before = if self.is_waiting() { self.grid(position) } else { None };
        let mut pending = Vec::new();
        for tree in self.waiting.iter() {
            let grid = grid_at(tree, position);
            if grid != before {
                pending.push(Pending { id: id.to_owned(), generation: tree.generation().number, grid: grid.clone() });
                before = grid;
            }
        }
        pending
    }
}

fn grid_at(tree: &Tree, position: Position) -> Option<GridPath> {
    tree.owner(tree.point(position)).map(|ix| tree.grid_path(ix))
}
