//! Every edge in an R-tree (rstar), asked for the nearest, in the plane of Mercator: all directions have one scale there.

use gridmap::geometry::Position;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use crate::synthetic;

/// The grids on the two sides of an edge.
pub type Sides = (Option<u32>, Option<u32>);

pub struct Edges {
    tree: RTree<GeomWithData<Line<[f64; 2]>, Sides>>,
}

impl Edges {
    pub fn new(lines: &[synthetic::Line]) -> Self {
        let edges = lines.iter().flat_map(|line| {
            let places: Vec<[f64; 2]> = line.vertices.iter().map(|v| mercator(v.lon(), v.lat())).collect();
            let edges: Vec<_> = places.windows(2).map(|edge| Line::new(edge[0], edge[1])).collect();
            edges.into_iter().map(|edge| GeomWithData::new(edge, (line.left, line.right)))
        });
        Self { tree: RTree::bulk_load(edges.collect()) }
    }

    /// The sides of the nearest edge.
    pub fn nearest(&self, p: Position) -> Option<Sides> {
        self.tree.nearest_neighbor(mercator(p.lon(), p.lat())).map(|edge| edge.data)
    }
}

fn mercator(lon: f64, lat: f64) -> [f64; 2] {
    [lon.to_radians(), lat.to_radians().tan().asinh()]
}
