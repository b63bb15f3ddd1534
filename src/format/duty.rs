//! Duties in: a holder in a role, for a grid named by its code or for a polygon that the feature draws.

use super::row::Row;
use super::{Fault, Mapping, Place, Problem, Record};
use crate::domain::{Duty, DutyArea, GridId, Id, Region};
use crate::geometry::Boundary;
use crate::geometry::coverage::{self, RawArea, RawPolygon, Rules};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "duties";
pub const FIELDS: [&str; 8] = ["id", "holder", "role", "grid", "deputy", "categories", "from", "to"];

/// A duty whose grid is named by code, as files do; the ground knows its id.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDuty {
    pub duty: Duty,
    /// The code in the field `grid`; `None` for a duty with a polygon of its own.
    pub grid_code: Option<String>,
}

/// Where a record says that its duty holds.
enum Area {
    Code(GridId),
    Own(Boundary),
}

/// Reads a duty of one of the roles of `region`, which may be named by code or by its Chinese or English name.
///
/// Without an id a duty on a grid gets one from what it says, `ROLE.GRID.HOLDER`, so that the same file stored twice is
/// stored once; one with a polygon of its own must have it.
///
/// # Errors
/// All faults of the record, those of its rings too.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame, region: &Region) -> Result<ParsedDuty, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let holder = row.id("holder");
    let roles: Vec<&str> = region.roles.iter().map(|role| role.code.as_str()).collect();
    let role = row.required_word("role", |word| region.role(word).map(|role| role.code.clone()), &roles);
    let area = area(&mut row, record.place, frame);
    let deputy = row.optional_id("deputy");
    let categories = row.text("categories").map(|list| split(&list)).unwrap_or_default();
    let (from, to) = (row.time("from", region.utc_offset), row.end("to", region.utc_offset));
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        row.refuse("to", Problem::EndsBeforeItBegins { from, to });
    }
    let id = match (row.optional_id("id"), &role, &area, &holder) {
        (Some(id), ..) => Some(id),
        (None, Some(role), Some(Area::Code(grid)), Some(holder)) => {
            Id::new(&format!("{role}.{grid}.{holder}")).map_err(|error| row.refuse("id", error)).ok()
        }
        _ => None,
    };
    row.finish(|| {
        let (area, grid_code) = match area? {
            Area::Code(grid) => (DutyArea::Grid(grid.clone()), Some(grid.as_str().to_owned())),
            Area::Own(boundary) => (DutyArea::Polygon(boundary), None),
        };
        let duty = Duty { id: id?, holder: holder?, role: role?, area, deputy, categories, from, to };
        Some(ParsedDuty { duty, grid_code })
    })
}

/// Reads the one area a duty has: a grid or a polygon of its own.
fn area(row: &mut Row<'_>, place: Place, frame: &Frame) -> Option<Area> {
    let grid = row.optional_id("grid");
    match (row.raw("grid"), row.geometry()) {
        (None, None) => {
            row.refuse("grid", Problem::NoArea);
            None
        }
        (Some(_), None) => grid.map(Area::Code),
        (Some(code), Some(_)) => {
            row.refuse("grid", Problem::TwoAreas(code.to_owned()));
            own(row, place, frame)
        }
        (None, Some(_)) => own(row, place, frame),
    }
}

/// Reads the polygon that the feature draws, whose rings keep the rules that those of grids keep.
fn own(row: &mut Row<'_>, place: Place, frame: &Frame) -> Option<Area> {
    if row.raw("id").is_none() {
        row.refuse("id", Problem::NoDutyId);
    }
    let n_faults = row.n_faults();
    let polygons = row.polygons(frame)?;
    if row.n_faults() > n_faults {
        return None;
    }
    let (Place::Line(place) | Place::Feature(place)) = place;
    let polygons = polygons.into_iter().map(|rings| RawPolygon { rings }).collect();
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    let area = RawArea { code: String::new(), depth: 0, parent: None, polygons, place };
    match coverage::check_alone(&area, &Rules::for_publishing()) {
        Ok(boundary) => Some(Area::Own(boundary)),
        Err(report) => {
            for finding in report.findings {
                row.refuse("geometry", Problem::Ring { kind: finding.kind, at: finding.at, detail: finding.detail });
            }
            None
        }
    }
}

/// Categories are parted by `;`, Latin or Chinese.
fn split(list: &str) -> Vec<String> {
    list.split([';', '；']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
