//! How it is kept.

use gridmap::store::table::{Cells, Column, GridRelation, Row, Time};
use gridmap::store::{self, Record, TableSpec};

use super::visit::{VISITS, Visit};

impl Record for Visit {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: VISITS,
        name: "visit",
        id: "visit_id",
        columns: &[
            Column::text("kind").filterable(),
            Column::position(),
            Column::instant("from_at"),
            Column::instant("to_at"),
            Column::grid_path(),
            Column::text("note").personal(),
        ],
        time: Time::Period { from: "from_at", to: "to_at" },
        grid: GridRelation::Path,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("kind", &self.kind);
        row.set("position", self.position);
        row.set("from_at", self.from);
        row.set("to_at", self.to);
        row.set("grid_path", self.grid.as_ref());
        row.set("note", &self.note);
    }

    fn read(row: &dyn Cells) -> store::Result<Self> {
        Ok(Self {
            id: row.id("visit_id")?,
            kind: row.text("kind")?,
            position: row.position()?,
            from: row.instant("from_at")?,
            to: row.instant_or_null("to_at")?,
            grid: row.grid_path()?,
            note: row.personal("note")?,
        })
    }
}
