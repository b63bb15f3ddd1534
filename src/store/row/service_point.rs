//! Service points.

use super::{Cells, Keyed, id, path, position, stored};
use crate::domain::{Noun, ServicePoint};
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

impl Keyed for ServicePoint {
    const NOUN: Noun = Noun::ServicePoints;

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn texts(&self) -> Vec<&str> {
        [Some(self.kind.as_str()), Some(self.name.as_str()), self.stated_grid.as_deref()]
            .into_iter()
            .flatten()
            .collect()
    }
}

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
