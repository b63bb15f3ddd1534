//! Households in.

use super::row::Row;
use super::{Fault, Mapping, Record};
use crate::domain::{Household, Personal};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "households";
pub const FIELDS: [&str; 7] = ["id", "lon", "lat", "residents", "stated_grid", "address", "phone"];

/// Reads a household; its grid is left to be derived.
///
/// # Errors
/// All faults of the record.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame) -> Result<Household, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let id = row.id("id");
    let position = row.position(frame);
    let n_residents = row.count("residents");
    let stated_grid = row.code("stated_grid");
    let address = Personal::new(row.text("address"));
    let phone = Personal::new(row.text("phone"));
    row.finish(|| {
        let (id, position) = (id?, position?);
        Some(Household { id, position, n_residents, stated_grid, grid: None, address, phone })
    })
}
