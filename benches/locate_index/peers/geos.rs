//! Boxes in an R-tree (rstar), then a prepared geometry of GEOS.

use geos::{CoordSeq, Geom, Geometry, PreparedGeometry};
use gridmap::geometry::{Boundary, Position, Ring};

use super::rstar_geo::Boxes;

pub struct Prepared(Vec<PreparedGeometry<'static>>);

impl Prepared {
    pub fn new(boundaries: &[Boundary]) -> Self {
        // Prepared geometries borrow; the bench keeps what they borrow from until it ends.
        let prepared = |boundary| Box::leak(Box::new(polygon(boundary))).to_prepared_geom().expect("a valid polygon");
        Self(boundaries.iter().map(prepared).collect())
    }

    pub fn find(&self, boxes: &Boxes, p: Position) -> Option<u32> {
        let point = CoordSeq::new_from_vec(&[[p.lon(), p.lat()]]).and_then(Geometry::create_point).expect("a point");
        boxes.find(p, |ix| self.0[ix].contains(&point).expect("both are valid"))
    }
}

fn polygon(boundary: &Boundary) -> Geometry {
    let ring = |ring: &Ring| {
        let vertices = ring.vertices().iter().chain(ring.vertices().first());
        let coords: Vec<[f64; 2]> = vertices.map(|v| [v.lon(), v.lat()]).collect();
        CoordSeq::new_from_vec(&coords).and_then(Geometry::create_linear_ring).expect("a closed ring")
    };
    let shape = &boundary.polygons()[0];
    let holes = shape.holes.iter().map(ring).collect();
    Geometry::create_polygon(ring(&shape.exterior), holes).expect("a valid polygon")
}
