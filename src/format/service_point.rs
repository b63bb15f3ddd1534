//! Service points in.

use super::row::Row;
use super::{Fault, Mapping, Record};
use crate::domain::{Region, ServicePoint};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "service_points";
pub const FIELDS: [&str; 6] = ["id", "kind", "name", "lon", "lat", "stated_grid"];

/// Reads a service point; its kind is one of the roles of `region`.
///
/// # Errors
/// All faults of the record.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame, region: &Region) -> Result<ServicePoint, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let id = row.id("id");
    let roles: Vec<&str> = region.roles.iter().map(|role| role.code.as_str()).collect();
    let kind = row.required_word("kind", |word| region.role(word).map(|role| role.code.clone()), &roles);
    let name = row.required("name");
    let position = row.position(frame);
    let stated_grid = row.code("stated_grid");
    row.finish(|| {
        let (id, kind, name, position) = (id?, kind?, name?, position?);
        Some(ServicePoint { id, kind, name, position, stated_grid, grid: None })
    })
}
