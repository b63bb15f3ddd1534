//! One grid in its tree.

use std::sync::{Arc, OnceLock};

use thiserror::Error;

use super::stretches::Stretches;
use crate::domain::{Depth, Grid, GridId};
use crate::geometry::coverage::Window;
use crate::geometry::measure::area_m2;
use crate::geometry::{Bbox, Boundary, LatticePoint};

/// A grid's place in its tree: in preorder, from 0. Means nothing in another tree.
pub type GridIndex = u32;

/// One grid in its tree.
#[derive(Clone, Debug)]
pub struct GridEntry {
    pub id: GridId,
    pub code: String,
    pub name: Option<String>,
    pub depth: Depth,
    pub boundary: Arc<Boundary>,
    pub bbox: Bbox,
    area_m2: OnceLock<f64>,
    stretches: OnceLock<Stretches>,
}

impl GridEntry {
    /// The edges that meet one of `windows`, with the grid to their left. Cost: what is found, and a look at every stretch;
    /// linear in vertices when first asked for.
    pub(super) fn edges_meeting(&self, windows: &[Window]) -> Vec<(LatticePoint, LatticePoint)> {
        self.stretches.get_or_init(|| Stretches::of(&self.boundary)).edges_meeting(&self.boundary, windows)
    }

    /// The area in square metres. Cost: linear in vertices when first asked for.
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        *self.area_m2.get_or_init(|| area_m2(&self.boundary))
    }
}

/// A grid without a place in a tree yet.
#[derive(Clone, Debug)]
pub(super) struct UnplacedGrid {
    pub(super) entry: Arc<GridEntry>,
    pub(super) parent: Option<GridId>,
}

/// Why grids are not a tree. A published generation always is one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TreeError {
    #[error("grid {id} is there twice")]
    Twice { id: GridId },
    #[error("grid {id} has the parent {parent}, which is not there or not above it")]
    Parent { id: GridId, parent: GridId },
    /// Their boundaries do not fit together; `n_faults` findings, and what the first one says of which grids.
    #[error("the ground of {n_faults} sets of grids does not fit, first {codes}: {first}")]
    Topology { n_faults: usize, codes: String, first: String },
    #[error("{n} grids are more than a tree can hold")]
    TooMany { n: usize },
}

impl From<Grid> for UnplacedGrid {
    fn from(grid: Grid) -> Self {
        let Grid { id, code, name, depth, parent, boundary } = grid;
        let bbox = boundary.bbox();
        let (boundary, area_m2, stretches) = (Arc::new(boundary), OnceLock::new(), OnceLock::new());
        let entry = GridEntry { id, code, name, depth, boundary, bbox, area_m2, stretches };
        Self { entry: Arc::new(entry), parent }
    }
}
