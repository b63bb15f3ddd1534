//! Who owns a point, by a look at every grid: the index is not asked.

use gridmap::geometry::{LatticePoint, Side};
use gridmap::index::{GridIndex, Tree};

/// The box of every grid of a tree: west, south, east, north.
pub(super) struct Scan<'t> {
    tree: &'t Tree,
    boxes: Vec<[f64; 4]>,
}

impl<'t> Scan<'t> {
    pub(super) fn of(tree: &'t Tree) -> Self {
        let around = |ix| tree.grid(ix).bbox;
        let boxes = tree.indexes().map(around).map(|b| [b.west, b.south, b.east, b.north]).collect();
        Self { tree, boxes }
    }

    /// Returns what [`Tree::owner`] must return. Cost: linear in grids, and in vertices of those whose box holds the point.
    pub(super) fn owner(&self, p: LatticePoint) -> Option<GridIndex> {
        let (lon, lat) = (p.lon(), p.lat());
        let mut near = Vec::new();
        for (ix, [west, south, east, north]) in (0..).zip(&self.boxes) {
            if *west <= lon && lon <= *east && *south <= lat && lat <= *north {
                near.push(ix);
            }
        }
        let owners = near.iter().copied().filter(|&ix| self.tree.grid(ix).boundary.owns(p));
        owners.max_by_key(|&ix| self.tree.grid(ix).depth).or_else(|| {
            let touching = near.iter().copied().filter(|&ix| self.tree.grid(ix).boundary.side(p) == Side::Edge);
            touching.min_by(|&a, &b| {
                let (a, b) = (self.tree.grid(a), self.tree.grid(b));
                b.depth.cmp(&a.depth).then_with(|| a.code.cmp(&b.code))
            })
        })
    }
}
