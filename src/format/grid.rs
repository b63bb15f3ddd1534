//! Grids in: rings are taken to the lattice, but not judged; the coverage checker does that for the whole tree.

use super::record::Shape;
use super::row::Row;
use super::{Fault, Mapping, Place, Problem, Record};
use crate::domain::{Depth, GridId, Region};
use crate::geometry::LatticePoint;
use crate::geometry::crs::Frame;

pub const NOUN: &str = "grids";
pub const FIELDS: [&str; 5] = ["code", "name", "level", "parent", "houses"];

/// A grid as its file gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedGrid {
    pub place: Place,
    pub code: GridId,
    pub name: Option<String>,
    pub depth: Depth,
    /// The code of its parent. `None` at the top of the tree, whatever lies above the region.
    pub parent: Option<GridId>,
    /// Polygons of rings on the lattice, the outer ring first, without the repeated last vertex.
    pub polygons: Vec<Vec<Vec<LatticePoint>>>,
    /// How many homes the source says it has.
    pub houses: Option<u32>,
}

/// Reads a grid of one of the levels of `region`.
///
/// # Errors
/// All faults of the record; of wrong positions the first of each ring.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame, region: &Region) -> Result<ParsedGrid, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let code = row.id("code");
    let name = row.text("name");
    let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
    let depth = row.required_word("level", |word| region.depth_of(word), &levels);
    let parent = match depth {
        Some(0) => None,
        _ => row.id("parent"),
    };
    let houses = row.count("houses");
    let polygons = polygons(&mut row, frame);
    row.finish(|| {
        Some(ParsedGrid { place: record.place, code: code?, name, depth: depth?, parent, polygons: polygons?, houses })
    })
}

/// Takes the polygons of a record to the lattice.
fn polygons(row: &mut Row<'_>, frame: &Frame) -> Option<Vec<Vec<Vec<LatticePoint>>>> {
    let found = match row.shape() {
        Some(Shape::Polygons(polygons)) => return Some(lattice_polygons(row, polygons, frame)),
        Some(Shape::Point(_)) => "a Point".to_owned(),
        Some(Shape::Other(name)) => name.clone(),
        None => {
            row.refuse("geometry", Problem::Missing);
            return None;
        }
    };
    row.refuse("geometry", Problem::Shape { found, expected: "a Polygon or MultiPolygon" });
    None
}

fn lattice_polygons(
    row: &mut Row<'_>,
    polygons: &[Vec<Vec<(f64, f64)>>],
    frame: &Frame,
) -> Vec<Vec<Vec<LatticePoint>>> {
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

/// Rings are numbered from 1 through the whole geometry.
fn lattice_ring(row: &mut Row<'_>, number: usize, positions: &[(f64, f64)], frame: &Frame) -> Vec<LatticePoint> {
    if positions.len() < 4 {
        row.refuse("geometry", Problem::ShortRing { ring: number, n_positions: positions.len() });
        return Vec::new();
    }
    if positions.first() != positions.last() {
        row.refuse("geometry", Problem::OpenRing { ring: number });
    }
    let mut ring = Vec::with_capacity(positions.len() - 1);
    for &(x, y) in &positions[..positions.len() - 1] {
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
