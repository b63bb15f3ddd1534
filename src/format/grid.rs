//! Grids in: rings are taken to the lattice, but not judged; the coverage checker does that for the whole tree.

use serde_json::json;

use super::row::Row;
use super::{Fault, Mapping, Place, Record};
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

impl ParsedGrid {
    /// The grid as a JSON object: its facts, how many vertices it has, and the first of them on the lattice.
    #[must_use]
    pub fn summary(&self, region: &Region) -> String {
        let vertices = self.polygons.iter().flatten().flatten();
        let level = region.levels.get(usize::from(self.depth)).map(|level| &level.code);
        json!({
            "code": self.code.as_str(),
            "name": self.name,
            "level": level,
            "parent": self.parent.as_ref().map(GridId::as_str),
            "houses": self.houses,
            "n_polygons": self.polygons.len(),
            "n_vertices": vertices.clone().count(),
            "first_vertex": vertices.clone().next().map(|vertex| [vertex.lon(), vertex.lat()]),
        })
        .to_string()
    }
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
    let polygons = row.polygons(frame);
    row.finish(|| {
        Some(ParsedGrid { place: record.place, code: code?, name, depth: depth?, parent, polygons: polygons?, houses })
    })
}
