//! Duties.

use crate::domain::{Duty, DutyArea, Noun};
use crate::store::Result;
use crate::store::error::inconsistent;
use crate::store::table::{Cells, Column, GridRelation, Record, Row, TableSpec, Time};

impl Record for Duty {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: Noun::Duties,
        name: "duty",
        id: "duty_id",
        columns: &[
            Column::text("holder_id").filterable(),
            Column::text("role").filterable(),
            Column::text("grid_id"),
            Column::boundary(),
            Column::text("deputy_id"),
            Column::text("categories"),
            Column::instant("from_at"),
            Column::instant("to_at"),
        ],
        time: Time::Period { from: "from_at", to: "to_at" },
        grid: GridRelation::Named,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("holder_id", &self.holder);
        row.set("role", &self.role);
        match &self.area {
            DutyArea::Grid(grid) => row.set("grid_id", grid),
            DutyArea::Polygon(boundary) => row.set("boundary", boundary),
        }
        row.set("deputy_id", self.deputy.as_ref());
        let categories = serde_json::to_string(&self.categories);
        row.set("categories", categories.expect("a list of texts always has a JSON form"));
        row.set("from_at", self.from);
        row.set("to_at", self.to);
    }

    fn read(row: &dyn Cells) -> Result<Self> {
        let area = match (row.id_or_null("grid_id")?, row.boundary_or_null()?) {
            (Some(grid), None) => DutyArea::Grid(grid),
            (None, Some(boundary)) => DutyArea::Polygon(boundary),
            _ => return Err(inconsistent("grid_id", "a duty has either a grid or a polygon")),
        };
        Ok(Self {
            id: row.id("duty_id")?,
            holder: row.id("holder_id")?,
            role: row.text("role")?,
            area,
            deputy: row.id_or_null("deputy_id")?,
            categories: serde_json::from_str(&row.text("categories")?).map_err(|e| inconsistent("categories", e))?,
            from: row.instant_or_null("from_at")?,
            to: row.instant_or_null("to_at")?,
        })
    }
}
