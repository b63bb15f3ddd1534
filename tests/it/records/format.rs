//! How it comes in, and what is told of it.

use chrono::FixedOffset;
use gridmap::domain::{Grant, Personal};
use gridmap::format::properties::Properties;
use gridmap::format::row::Row;
use gridmap::format::{Fault, Mapping, Record, Value};
use gridmap::geometry::crs::Frame;

use super::visit::Visit;

pub(super) const NAMES: [&str; 6] = ["id", "kind", "lon", "lat", "from", "to"];
pub(super) const PERSONAL: [&str; 1] = ["note"];

pub(super) fn parse(record: &Record, offset: FixedOffset) -> Result<Visit, Vec<Fault>> {
    let mapping = Mapping::default();
    let mut row = Row::new(record, &mapping);
    let (id, kind) = (row.id("id"), row.required("kind"));
    let position = row.position(&Frame::Wgs84);
    if row.raw("from").is_none() {
        row.refuse("from", gridmap::format::Problem::Missing);
    }
    let (from, to) = (row.time("from", offset), row.time("to", offset));
    let note = Personal::new(row.text("note"));
    row.finish(|| Some(Visit { id: id?, kind: kind?, position: position?, from: from?, to, grid: None, note }))
}

pub(super) fn properties<'v>(visit: &'v Visit, personal: Option<&Grant>) -> Properties<'v> {
    let mut list = vec![
        ("id", Value::text(visit.id.as_str())),
        ("kind", Value::text(visit.kind.as_str())),
        ("lon", Value::Number(visit.position.lon())),
        ("lat", Value::Number(visit.position.lat())),
        ("from", Value::Time(visit.from)),
        ("to", Value::time(visit.to)),
    ];
    if let Some(grant) = personal {
        let note = visit.note.reveal(grant, visit.grid.as_ref());
        list.push(("note", Value::optional(note.and_then(Option::as_deref))));
    }
    list
}
