//! The figures of a county: how well its grids cover it, and where its troubles gather.
//!
//! [`grid_counts`] has the store count incidents by grid and adds them up along the tree, [`coverage`] and [`hotspots`] make
//! rows of figures from them and from the snapshot for the caller's [`Question`], [`mod@released`] makes the release that the
//! public sees. [`FigureCache`] keeps what is asked for again and again: a page that drills down asks for the same counts at
//! every step.

mod ask;
mod cache;
pub mod coverage;
pub mod grid_counts;
pub mod hotspots;
mod incident_filter;
pub mod released;

pub use ask::{Head, IncidentCounts, Place, Question, is_suppressed_for};
pub use cache::FigureCache;
pub use coverage::Coverage;
pub use grid_counts::GridCounts;
pub use hotspots::Hotspots;
pub use incident_filter::IncidentFilter;

use crate::domain::Depth;
use crate::index::{GridIndex, Snapshot};
use crate::service::area::Area;

/// Which rows are asked for: the grids of one level in one grid, or in the whole region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSelection {
    pub level: Depth,
    pub parent: Option<GridIndex>,
    /// Only those in it.
    pub(super) area: Area,
}

impl RowSelection {
    /// The grids of `level` in `parent`, or in the whole region.
    #[must_use]
    pub fn new(level: Depth, parent: Option<GridIndex>) -> Self {
        Self { level, parent, area: Area::default() }
    }

    /// The grids, ordered as in the tree: siblings by code.
    pub fn grids<'s>(&self, snapshot: &'s Snapshot) -> impl Iterator<Item = GridIndex> + 's {
        let within = self.parent.map_or(snapshot.tree().indexes(), |parent| snapshot.tree().subtree(parent));
        let (level, area) = (self.level, self.area.clone());
        within.filter(move |&ix| snapshot.grid(ix).depth == level && area.holds(ix))
    }

    /// The grids that together are the whole: the parent, or the tops of the tree or of the caller's areas.
    #[must_use]
    pub fn whole(&self, snapshot: &Snapshot) -> Vec<GridIndex> {
        match self.parent {
            Some(parent) => vec![parent],
            None => self.area.tops(snapshot.tree()),
        }
    }

    /// Tells whether what lies outside every grid belongs to it.
    #[must_use]
    pub fn has_outside(&self) -> bool {
        self.parent.is_none() && self.area.is_everything()
    }
}
