//! Boxes in an R-tree (rstar), then `geo`: `Contains` on the polygon, or on its interval tree.

use geo::Contains;
use geo::indexed::IntervalTreeMultiPolygon;
use geo::{MultiPolygon, Point, Polygon};
use gridmap::geometry::{Boundary, Position};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

#[derive(Debug)]
pub struct Boxes {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl Boxes {
    pub fn new(boundaries: &[Boundary]) -> Self {
        let one = |(ix, boundary): (u32, &Boundary)| {
            let b = boundary.bbox();
            GeomWithData::new(Rectangle::from_corners([b.west, b.south], [b.east, b.north]), ix)
        };
        Self { tree: RTree::bulk_load((0..).zip(boundaries).map(one).collect()) }
    }

    pub fn find(&self, p: Position, holds: impl Fn(usize) -> bool) -> Option<u32> {
        let at = [p.lon(), p.lat()];
        self.tree.locate_all_at_point(at).map(|found| found.data).find(|ix| holds(*ix as usize))
    }

    /// Bytes of the entries, without the inner nodes.
    pub fn n_bytes(&self) -> usize {
        self.tree.size() * size_of::<GeomWithData<Rectangle<[f64; 2]>, u32>>()
    }
}

/// The first polygon of each boundary: synthetic ones have no other.
pub fn polygons(boundaries: &[Boundary]) -> Vec<Polygon> {
    boundaries.iter().map(|boundary| Polygon::from(&boundary.polygons()[0])).collect()
}

pub fn contains(polygon: &Polygon, p: Position) -> bool {
    polygon.contains(&Point::new(p.lon(), p.lat()))
}

pub fn plain(boxes: &Boxes, polygons: &[Polygon], p: Position) -> Option<u32> {
    boxes.find(p, |ix| contains(&polygons[ix], p))
}

pub fn interval_trees(polygons: &[Polygon]) -> Vec<IntervalTreeMultiPolygon<f64>> {
    polygons.iter().map(|polygon| IntervalTreeMultiPolygon::new(&MultiPolygon::new(vec![polygon.clone()]))).collect()
}

pub fn interval(boxes: &Boxes, trees: &[IntervalTreeMultiPolygon<f64>], p: Position) -> Option<u32> {
    let point = Point::new(p.lon(), p.lat());
    boxes.find(p, |ix| trees[ix].contains(&point))
}
