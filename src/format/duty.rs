//! Duties in.

use super::row::Row;
use super::{Fault, Mapping, Problem, Record};
use crate::domain::{Duty, DutyArea, Id, Region};

pub const NOUN: &str = "duties";
pub const FIELDS: [&str; 8] = ["id", "holder", "role", "grid", "deputy", "categories", "from", "to"];

/// A duty whose grid is named by code, as files do; the ground knows its id.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDuty {
    pub duty: Duty,
    /// The code in the field `grid`.
    pub grid_code: String,
}

/// Reads a duty of one of the roles of `region`, which may be named by code or by its Chinese or English name.
///
/// Without an id it gets one from what it says, `ROLE.GRID.HOLDER`, so that the same file stored twice is stored once.
///
/// # Errors
/// All faults of the record.
pub fn parse(record: &Record, mapping: &Mapping, region: &Region) -> Result<ParsedDuty, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let holder = row.id("holder");
    let roles: Vec<&str> = region.roles.iter().map(|role| role.code.as_str()).collect();
    let role = row.required_word("role", |word| region.role(word).map(|role| role.code.clone()), &roles);
    let grid = row.id("grid");
    let deputy = row.optional_id("deputy");
    let categories = row.text("categories").map(|list| split(&list)).unwrap_or_default();
    let (from, to) = (row.time("from", region.utc_offset), row.time("to", region.utc_offset));
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        row.refuse("to", Problem::EndsBeforeItBegins { from, to });
    }
    let id = match (row.optional_id("id"), &role, &grid, &holder) {
        (Some(id), ..) => Some(id),
        (None, Some(role), Some(grid), Some(holder)) => {
            Id::new(&format!("{role}.{grid}.{holder}")).map_err(|error| row.refuse("id", error)).ok()
        }
        _ => None,
    };
    row.finish(|| {
        let grid = grid?;
        let grid_code = grid.as_str().to_owned();
        let area = DutyArea::Grid(grid);
        let duty = Duty { id: id?, holder: holder?, role: role?, area, deputy, categories, from, to };
        Some(ParsedDuty { duty, grid_code })
    })
}

/// Categories are parted by `;`, Latin or Chinese.
fn split(list: &str) -> Vec<String> {
    list.split([';', '；']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
