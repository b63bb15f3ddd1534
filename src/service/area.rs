//! A scope on one ground: which grids of a tree it holds.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::Scope;
use crate::geometry::Bbox;
use crate::index::{GridIndex, Tree};

/// The grids of one tree that a scope holds. Cheap to clone; means nothing in another tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area(Option<Arc<[Range<GridIndex>]>>);

impl Area {
    /// Returns the grids of `tree` that `scope` holds: those at which an area begins, and all below them.
    #[must_use]
    pub fn of(scope: &Scope, tree: &Tree) -> Self {
        let Some(areas) = scope.areas() else { return Self::default() };
        let mut runs: Vec<Range<GridIndex>> = Vec::new();
        for area in areas {
            let Some(ix) = tree.by_id(area.leaf().as_str()) else { continue };
            let path = tree.path(ix);
            if path.iter().map(|&ix| &tree.grid(ix).id).eq(area.ids()) {
                runs.push(tree.subtree(ix));
            }
        }
        // Subtrees lie in one another or apart.
        runs.sort_by_key(|run| (run.start, std::cmp::Reverse(run.end)));
        runs.dedup_by(|later, first| later.start < first.end);
        Self(Some(runs.into()))
    }

    /// Tells whether there is no bound, so that what lies outside every grid is held too.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// Tells whether it holds that grid.
    #[must_use]
    pub fn holds(&self, ix: GridIndex) -> bool {
        self.0.as_ref().is_none_or(|runs| {
            let after = runs.partition_point(|run| run.start <= ix);
            after > 0 && runs[after - 1].contains(&ix)
        })
    }

    /// The grids under which all that it holds lies, and which it holds themselves.
    #[must_use]
    pub fn tops(&self, tree: &Tree) -> Vec<GridIndex> {
        match &self.0 {
            Some(runs) => runs.iter().map(|run| run.start).collect(),
            None => tree.indexes().filter(|&ix| tree.parent(ix).is_none()).collect(),
        }
    }

    /// The box around all of it; `None` where it is nothing.
    #[must_use]
    pub fn bbox(&self, tree: &Tree) -> Option<Bbox> {
        let boxes = self.tops(tree).into_iter().map(|ix| tree.grid(ix).bbox);
        boxes.reduce(|a, b| Bbox {
            west: a.west.min(b.west),
            south: a.south.min(b.south),
            east: a.east.max(b.east),
            north: a.north.max(b.north),
        })
    }
}
