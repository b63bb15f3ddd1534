//! Service points.

use crate::domain::{Noun, ServicePoint};
use crate::store::Result;
use crate::store::table::{Cells, Column, GridRelation, Record, Row, TableSpec, Time};

impl Record for ServicePoint {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: Noun::ServicePoints,
        name: "service_point",
        id: "service_point_id",
        columns: &[
            Column::text("kind").filterable(),
            Column::text("name"),
            Column::position(),
            Column::text("stated_grid").filterable(),
            Column::grid_path(),
        ],
        time: Time::Timeless,
        grid: GridRelation::Path,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("kind", &self.kind);
        row.set("name", &self.name);
        row.set("position", self.position);
        row.set("stated_grid", self.stated_grid.as_ref());
        row.set("grid_path", self.grid.as_ref());
    }

    fn read(row: &dyn Cells) -> Result<Self> {
        Ok(Self {
            id: row.id("service_point_id")?,
            kind: row.text("kind")?,
            name: row.text("name")?,
            position: row.position()?,
            stated_grid: row.text_or_null("stated_grid")?,
            grid: row.grid_path()?,
        })
    }
}
