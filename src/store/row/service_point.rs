//! Service points.

use super::{Cells, id, path, position, stored};
use crate::domain::ServicePoint;
use crate::store::list::{InGrid, Shape, Time};
use crate::store::{Property, Result, Stored};

pub(in crate::store) const SHAPE: Shape = Shape {
    id_is: " and t.service_point_id = ",
    id_after: " and t.service_point_id > ",
    order: " order by t.service_point_id",
    time: Time::Timeless,
    grid: InGrid::Path,
    equals: &[(Property::Kind, " and t.kind = "), (Property::StatedGrid, " and t.stated_grid = ")],
};

pub(in crate::store) fn read(row: &impl Cells) -> Result<Stored<ServicePoint>> {
    let point = ServicePoint {
        id: id(row, "service_point_id")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        position: position(row)?,
        stated_grid: row.text_or_null("stated_grid")?,
        grid: path::read_or_null(row)?,
    };
    stored(row, point)
}
