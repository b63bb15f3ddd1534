//! The figures of a county: how well its grids cover it, and where its troubles gather.
//!
//! [`tallies`] has the store count incidents by grid and adds them up along the tree, [`coverage`] and [`hotspots`] make
//! rows of figures from them and from the snapshot, [`told`] says what of it the public may know. [`Kept`] keeps what is
//! asked for again and again: a page that drills down asks for the same counts at every step.

pub mod coverage;
pub mod hotspots;
mod kept;
pub mod tallies;
pub mod told;

pub use coverage::{Coverage, Metric};
pub use hotspots::Hotspots;
pub use kept::Kept;
pub use tallies::{Narrowing, Tallies};

use crate::domain::Depth;
use crate::index::{GridIndex, Snapshot};

/// Which rows are asked for: the grids of one level in one grid, or in the whole region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    pub level: Depth,
    pub parent: Option<GridIndex>,
}

impl Rows {
    /// The grids, ordered as in the tree: siblings by code.
    pub fn grids<'s>(&self, snapshot: &'s Snapshot) -> impl Iterator<Item = GridIndex> + 's {
        let within = self.parent.map_or(snapshot.tree().indexes(), |parent| snapshot.tree().subtree(parent));
        let level = self.level;
        within.filter(move |&ix| snapshot.grid(ix).depth == level)
    }

    /// The grids that together are the whole: the parent, or the tops of the tree.
    #[must_use]
    pub fn whole(&self, snapshot: &Snapshot) -> Vec<GridIndex> {
        match self.parent {
            Some(parent) => vec![parent],
            None => snapshot.tree().indexes().filter(|&ix| snapshot.tree().parent(ix).is_none()).collect(),
        }
    }
}
