//! Reads the ground that a feature draws: its rings are taken to the lattice, but not judged.

use ::geojson::{GeometryValue, Position};

use super::Problem;
use super::row::Row;
use crate::geometry::LatticePoint;
use crate::geometry::crs::Frame;

impl Row<'_> {
    /// The polygons that the record must draw: rings on the lattice, the outer ring first, without the repeated last
    /// vertex. Of wrong positions the first of each ring is a fault.
    pub fn polygons(&mut self, frame: &Frame) -> Option<Vec<Vec<Vec<LatticePoint>>>> {
        let polygons = match self.geometry() {
            Some(GeometryValue::Polygon { coordinates }) => std::slice::from_ref(coordinates),
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            Some(other) => return self.wrong_type(other, "a Polygon or MultiPolygon"),
            None => {
                self.refuse("geometry", Problem::Missing);
                return None;
            }
        };
        Some(lattice_polygons(self, polygons, frame))
    }
}

fn lattice_polygons(row: &mut Row<'_>, polygons: &[Vec<Vec<Position>>], frame: &Frame) -> Vec<Vec<Vec<LatticePoint>>> {
    if polygons.iter().all(Vec::is_empty) {
        row.refuse("geometry", Problem::Missing);
    }
    let mut ring_number = 0;
    let mut taken = Vec::with_capacity(polygons.len());
    for polygon in polygons {
        let mut rings = Vec::with_capacity(polygon.len());
        for ring in polygon {
            ring_number += 1;
            rings.push(lattice_ring(row, ring_number, ring, frame));
        }
        taken.push(rings);
    }
    taken
}

/// Rings are numbered from 1 through the whole geometry. Heights are not kept, nor compared.
fn lattice_ring(row: &mut Row<'_>, number: usize, positions: &[Position], frame: &Frame) -> Vec<LatticePoint> {
    if positions.len() < 4 {
        row.refuse("geometry", Problem::ShortRing { ring: number, n_positions: positions.len() });
        return Vec::new();
    }
    let at = |position: &Position| (position[0], position[1]);
    if positions.first().map(at) != positions.last().map(at) {
        row.refuse("geometry", Problem::OpenRing { ring: number });
    }
    let mut ring = Vec::with_capacity(positions.len() - 1);
    for (x, y) in positions[..positions.len() - 1].iter().map(at) {
        match frame.to_wgs84(x, y) {
            Ok(position) => ring.push(LatticePoint::from(position)),
            Err(error) => {
                row.refuse("geometry", error);
                break;
            }
        }
    }
    ring
}
