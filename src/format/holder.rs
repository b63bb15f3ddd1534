//! Holders in: persons and bodies.

use super::row::Row;
use super::{Fault, Mapping, Record};
use crate::domain::{Holder, HolderKind, Personal};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "holders";
pub const FIELDS: [&str; 7] = ["id", "kind", "name", "body", "lon", "lat", "phone"];

/// Reads a holder; where no kind is given it is a person.
///
/// # Errors
/// All faults of the record.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame) -> Result<Holder, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let id = row.id("id");
    let kind = row.word("kind", HolderKind::parse, &["person", "body"]).unwrap_or(HolderKind::Person);
    let name = row.required("name");
    let body = row.optional_id("body");
    let position = row.optional_position(frame);
    let phone = Personal::new(row.text("phone"));
    row.finish(|| Some(Holder { id: id?, kind, name: name?, body, position, phone }))
}
