//! One immutable revision in memory.

use std::collections::HashSet;
use std::sync::Arc;

use super::entry::{GridEntry, GridIndex};
use super::roster::{Directory, Roster};
use super::tree::Tree;
use crate::domain::{Depth, Generation, GridId, GridRef, Parts, Region, Revision};
use crate::geometry::Bbox;

/// Everything needed to answer about a region at one revision and generation. Never changes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    parts: Parts,
    region: Arc<Region>,
    generations: Arc<[Generation]>,
    tree: Arc<Tree>,
    roster: Arc<Roster>,
    households: Option<Arc<Households>>,
}

/// How many households lie where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Households {
    /// In each grid or below it.
    by_grid: Vec<u64>,
    n_outside: u64,
}

impl Households {
    /// No households yet, on `tree`.
    #[must_use]
    pub fn none(tree: &Tree) -> Self {
        Self { by_grid: vec![0; tree.len()], n_outside: 0 }
    }

    /// Adds up the households of each lowest grid along the tree. What names no grid of this tree counts as outside.
    #[must_use]
    pub fn add_up(tree: &Tree, by_grid: &[(Option<GridId>, u64)]) -> Self {
        let mut sums = Self::none(tree);
        for (id, n) in by_grid {
            sums.add(tree, id.as_ref().and_then(|id| tree.by_id(id.as_str())), *n);
        }
        sums
    }

    /// The same households on `new`, of which only those of some grids and those outside were counted again: `recounted` are
    /// the households of the grids `touched`, by id, and those outside. A grid that is gone has no households but those
    /// recounted.
    ///
    /// `None` where that fails: households are said to lie in a grid that was not touched and is not there.
    ///
    /// Cost: one look at each grid, and where the trees have other grids, one search for each.
    #[must_use]
    pub fn recounted(
        &self,
        old: &Tree,
        new: &Tree,
        touched: &HashSet<GridId>,
        recounted: &[(Option<GridId>, u64)],
    ) -> Option<Self> {
        let mut counts =
            if old.has_shape_of(new) { self.without(old, touched) } else { self.moved(old, new, touched)? };
        counts.n_outside = 0;
        for (id, n) in recounted {
            match id {
                Some(id) => counts.add(new, Some(new.by_id(id.as_str())?), *n),
                None => counts.add(new, None, *n),
            }
        }
        Some(counts)
    }

    fn without(&self, tree: &Tree, grids: &HashSet<GridId>) -> Self {
        let mut rest = self.clone();
        for grid in grids.iter().filter_map(|id| tree.by_id(id.as_str())) {
            let n = self.own(tree, grid);
            for above in tree.path(grid) {
                rest.by_grid[above as usize] -= n;
            }
        }
        rest
    }

    fn moved(&self, old: &Tree, new: &Tree, touched: &HashSet<GridId>) -> Option<Self> {
        let mut moved = Self::none(new);
        for grid in old.indexes() {
            let (id, n) = (&old.grid(grid).id, self.own(old, grid));
            if n > 0 && !touched.contains(id) {
                moved.add(new, Some(new.by_id(id.as_str())?), n);
            }
        }
        Some(moved)
    }

    /// How many lie in a grid and in none below it.
    fn own(&self, tree: &Tree, grid: GridIndex) -> u64 {
        let below: u64 = tree.children(grid).map(|child| self.by_grid[child as usize]).sum();
        self.by_grid[grid as usize] - below
    }

    /// Adds `n` households that lie in `grid`, to it and all above it.
    pub fn add(&mut self, tree: &Tree, grid: Option<GridIndex>, n: u64) {
        let Some(grid) = grid else {
            self.n_outside += n;
            return;
        };
        for above in tree.path(grid) {
            self.by_grid[above as usize] += n;
        }
    }
}

impl Snapshot {
    /// Puts together what was read at `parts`; what did not change is shared with the snapshot before.
    ///
    /// `households` is `None` for a past generation, whose households are no longer counted.
    #[must_use]
    pub fn new(
        parts: Parts,
        region: Arc<Region>,
        generations: Arc<[Generation]>,
        tree: Arc<Tree>,
        roster: Arc<Roster>,
        households: Option<Arc<Households>>,
    ) -> Self {
        Self { parts, region, generations, tree, roster, households }
    }

    #[must_use]
    pub fn revision(&self) -> Revision {
        self.parts.revision
    }

    /// Which revision changed each part last, as known when this was made.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The same at another reading of `parts`, at which nothing that a snapshot holds had changed.
    #[must_use]
    pub fn at(&self, parts: Parts) -> Self {
        Self { parts, ..self.clone() }
    }

    #[must_use]
    pub fn generation(&self) -> &Generation {
        self.tree.generation()
    }

    #[must_use]
    pub fn region(&self) -> &Arc<Region> {
        &self.region
    }

    /// Every generation there is, by number; also those to come.
    #[must_use]
    pub fn generations(&self) -> &Arc<[Generation]> {
        &self.generations
    }

    /// The same people and revision over the ground of another generation, whose households are not counted.
    #[must_use]
    pub fn over(&self, tree: Arc<Tree>) -> Self {
        let roster = Arc::new(Roster::build(Arc::clone(self.people()), &tree));
        Self { tree, roster, households: None, ..self.clone() }
    }

    /// Tells whether nothing at all was built anew since `other`.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.parts == other.parts && Arc::ptr_eq(&self.tree, &other.tree)
    }

    /// Tells whether every point is answered the same by both, but for the revision: the ground, the people and the region
    /// are the very same.
    #[must_use]
    pub fn answers_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree)
            && Arc::ptr_eq(&self.roster, &other.roster)
            && Arc::ptr_eq(&self.region, &other.region)
    }

    /// Tells whether both have the very same people, region and generations, whatever their ground.
    #[must_use]
    pub fn has_people_and_region_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.people(), other.people())
            && Arc::ptr_eq(&self.region, &other.region)
            && Arc::ptr_eq(&self.generations, &other.generations)
    }

    #[must_use]
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    #[must_use]
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    #[must_use]
    pub fn people(&self) -> &Arc<Directory> {
        self.roster.people()
    }

    #[must_use]
    pub fn households(&self) -> Option<&Arc<Households>> {
        self.households.as_ref()
    }

    /// How many households lie in the grid or below it; `None` in a past generation.
    #[must_use]
    pub fn n_households(&self, ix: GridIndex) -> Option<u64> {
        self.households.as_ref().map(|households| households.by_grid[ix as usize])
    }

    /// How many households lie outside every grid; `None` in a past generation.
    #[must_use]
    pub fn n_households_outside(&self) -> Option<u64> {
        self.households.as_ref().map(|households| households.n_outside)
    }

    /// Returns the grid at `ix`, like [`Tree::grid`].
    #[must_use]
    pub fn grid(&self, ix: GridIndex) -> &GridEntry {
        self.tree.grid(ix)
    }

    /// How an answer names a grid.
    #[must_use]
    pub fn grid_ref(&self, ix: GridIndex) -> GridRef<'_> {
        let grid = self.grid(ix);
        let level = &self.region().level(grid.depth).code;
        GridRef { id: &grid.id, code: &grid.code, name: grid.name.as_deref(), level }
    }

    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<GridIndex> {
        self.tree.by_id(id)
    }

    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<GridIndex> {
        self.tree.by_code(code)
    }

    /// The way from the top of the tree down to `ix`, both included.
    #[must_use]
    pub fn path(&self, ix: GridIndex) -> Vec<GridIndex> {
        self.tree.path(ix)
    }

    /// The grids right below, ordered by code.
    pub fn children(&self, ix: GridIndex) -> impl Iterator<Item = GridIndex> + '_ {
        self.tree.children(ix)
    }

    /// Every grid, ordered by id.
    pub fn grids(&self) -> impl Iterator<Item = GridIndex> + '_ {
        self.tree.ordered_by_id()
    }

    pub fn grids_at(&self, depth: Depth) -> impl Iterator<Item = GridIndex> + '_ {
        self.tree.at_depth(depth)
    }

    /// The grids whose ground meets `bbox`, like [`Tree::meeting`].
    #[must_use]
    pub fn grids_meeting(&self, bbox: Bbox) -> Vec<GridIndex> {
        self.tree.meeting(bbox)
    }
}
