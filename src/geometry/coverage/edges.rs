//! Edges of many areas, brought together where they run between the same two vertices.

use super::{AreaIndex, ValidArea};
use crate::geometry::LatticePoint;

/// One edge of one area, kept from its lower to its higher end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct AreaEdge {
    pub(super) low: LatticePoint,
    pub(super) high: LatticePoint,
    /// The area lies to the left of the edge run from `low` to `high` when true, to the right when false.
    pub(super) on_left: bool,
    pub(super) area: AreaIndex,
}

impl AreaEdge {
    /// The edge from `a` to `b` of an area that lies to its left.
    pub(super) fn new(a: LatticePoint, b: LatticePoint, area: AreaIndex) -> Self {
        if a < b {
            Self { low: a, high: b, on_left: true, area }
        } else {
            Self { low: b, high: a, on_left: false, area }
        }
    }

    /// The ends, run with the area to the left.
    pub(super) fn run(&self) -> (LatticePoint, LatticePoint) {
        if self.on_left { (self.low, self.high) } else { (self.high, self.low) }
    }

    pub(super) fn extent(&self) -> super::boxes::Extent {
        let (a, b) = (self.low, self.high);
        [a.x, a.y.min(b.y), b.x, a.y.max(b.y)].map(i64::from)
    }
}

/// Every edge of every area, ordered by its ends.
pub(super) fn of_areas(areas: &[ValidArea]) -> Vec<AreaEdge> {
    let n_edges = areas.iter().map(|area| area.boundary.n_vertices()).sum();
    let mut edges = Vec::with_capacity(n_edges);
    for (index, area) in (0u32..).zip(areas) {
        for ring in area.boundary.rings() {
            edges.extend(ring.edges().map(|(a, b)| AreaEdge::new(a, b, index)));
        }
    }
    edges.sort_unstable();
    edges
}

/// Runs of edges between the same two vertices.
pub(super) fn by_ends(edges: &[AreaEdge]) -> impl Iterator<Item = &[AreaEdge]> {
    edges.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high))
}
