//! The whole ground of one generation as values, and what differs between two of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::TryStreamExt;

use crate::domain::{GenerationNumber, Grid, GridId};
use crate::store::{GenerationDiff, Result, Store};

/// Every grid of one state of the ground. What two states have in common they share.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct GroundState(BTreeMap<GridId, Arc<Grid>>);

/// What makes one state of another.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Difference {
    /// Grids that are new or other; parents before children.
    pub(in crate::service) put: Vec<Arc<Grid>>,
    pub(in crate::service) removed: Vec<GridId>,
    pub(in crate::service) n_new: u64,
    /// Whether any point may have another owner, or an owner with another way from the top.
    pub(in crate::service) moves_ground: bool,
}

impl GroundState {
    /// Reads the whole state of a generation.
    pub(super) async fn read(store: &dyn Store, generation: GenerationNumber) -> Result<Self> {
        let by_id = |grid: Grid| (grid.id.clone(), Arc::new(grid));
        Ok(Self(store.grids(generation).map_ok(by_id).try_collect().await?))
    }

    /// Reads the state of the generation `to`, of which this is that of `from`. Cost: what differs.
    pub(super) async fn followed(
        &self,
        store: &dyn Store,
        from: GenerationNumber,
        to: GenerationNumber,
    ) -> Result<Self> {
        let GenerationDiff { put, removed } = store.grids_between(from, to).await?;
        let mut state = self.clone();
        for id in &removed {
            state.0.remove(id);
        }
        state.0.extend(put.into_iter().map(|grid| (grid.id.clone(), Arc::new(grid))));
        Ok(state)
    }

    pub(in crate::service) fn of(grids: Vec<Grid>) -> Self {
        Self(grids.into_iter().map(|grid| (grid.id.clone(), Arc::new(grid))).collect())
    }

    pub(in crate::service) fn grids(&self) -> impl Iterator<Item = &Arc<Grid>> {
        self.0.values()
    }

    pub(super) fn get(&self, id: &GridId) -> Option<&Arc<Grid>> {
        self.0.get(id)
    }

    pub(super) fn put(&mut self, grid: Arc<Grid>) {
        self.0.insert(grid.id.clone(), grid);
    }

    pub(super) fn remove(&mut self, id: &GridId) {
        self.0.remove(id);
    }

    /// Returns what makes `new` of this. Cost: a look at each grid; boundaries are compared where they are not shared.
    pub(in crate::service) fn difference(&self, new: &Self) -> Difference {
        let mut difference = Difference::default();
        for (id, grid) in &new.0 {
            let before = self.0.get(id);
            if before.is_some_and(|before| Arc::ptr_eq(before, grid) || before == grid) {
                continue;
            }
            difference.n_new += u64::from(before.is_none());
            difference.moves_ground |= before.is_none_or(|before| moves_ground(before, grid));
            difference.put.push(Arc::clone(grid));
        }
        difference.removed = self.0.keys().filter(|id| !new.0.contains_key(*id)).cloned().collect();
        difference.moves_ground |= !difference.removed.is_empty();
        difference.put.sort_by(|a, b| (a.depth, &a.code).cmp(&(b.depth, &b.code)));
        difference
    }
}

/// Tells whether the two are more than named otherwise. A code decides who owns the outer border.
fn moves_ground(before: &Grid, after: &Grid) -> bool {
    before.code != after.code
        || before.parent != after.parent
        || before.depth != after.depth
        || before.boundary != after.boundary
}

impl Difference {
    pub(in crate::service) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty()
    }

    pub(in crate::service) fn grids(&self) -> Vec<Grid> {
        self.put.iter().map(|grid| Grid::clone(grid)).collect()
    }
}
