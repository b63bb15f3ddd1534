//! Where two trees put a thing into different grids.

use std::sync::Arc;

use super::windows::{GridDelta, windows};
use crate::geometry::Bbox;
use crate::geometry::coverage::Window;
use crate::index::entry::GridIndex;
use crate::index::tree::Tree;

/// With more boxes than this one box around all is looked at.
const MOST_BOXES: usize = 2_000;

/// A thing is kept with the position it was given; the lattice may be half a step off.
const STEP: f64 = 1e-7;

impl Tree {
    /// Returns boxes outside which every position has the same owner, by the same way from the top, as in `before`.
    ///
    /// Cost: a search for each grid, and a look at every vertex of those that differ.
    #[must_use]
    pub fn moved_since(&self, before: &Self) -> Vec<Bbox> {
        let mut differing = Vec::new();
        for ix in self.indexes() {
            let entry = self.entry(ix);
            let was = before.by_id(entry.id.as_str());
            let is_moved = was.is_none_or(|was| {
                let old = before.entry(was);
                // On the outer border the smaller code decides.
                old.depth != entry.depth || old.code != entry.code || parent_id(before, was) != parent_id(self, ix)
            });
            let was = was.map(|was| Arc::clone(before.entry(was)));
            let has_ground_of = |was: &Arc<_>| Arc::ptr_eq(was, entry) || was.boundary == entry.boundary;
            if is_moved || !was.as_ref().is_some_and(has_ground_of) {
                differing.push(GridDelta { before: was, after: Some(Arc::clone(entry)), is_moved });
            }
        }
        let gone = before.indexes().filter(|ix| self.by_id(before.grid(*ix).id.as_str()).is_none());
        differing.extend(gone.map(|ix| GridDelta {
            before: Some(Arc::clone(before.entry(ix))),
            after: None,
            is_moved: true,
        }));
        windows(&differing, MOST_BOXES).into_iter().map(around).collect()
    }
}

fn parent_id(tree: &Tree, ix: GridIndex) -> Option<&str> {
    tree.parent(ix).map(|parent| tree.grid(parent).id.as_str())
}

fn around(window: Window) -> Bbox {
    let Window { low, high } = window;
    Bbox { west: low.lon() - STEP, south: low.lat() - STEP, east: high.lon() + STEP, north: high.lat() + STEP }
}
