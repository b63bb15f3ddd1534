//! Households.

use crate::domain::{Household, Noun};
use crate::store::Result;
use crate::store::table::{Cells, Column, GridRelation, Record, Row, TableSpec, Time};

impl Record for Household {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: Noun::Households,
        name: "household",
        id: "household_id",
        columns: &[
            Column::position(),
            Column::integer("n_residents"),
            Column::text("stated_grid").filterable(),
            Column::grid_path(),
            Column::text("address").personal(),
            Column::text("phone").personal(),
        ],
        time: Time::Timeless,
        grid: GridRelation::Path,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("position", self.position);
        row.set("n_residents", self.n_residents);
        row.set("stated_grid", self.stated_grid.as_ref());
        row.set("grid_path", self.grid.as_ref());
        row.set("address", &self.address);
        row.set("phone", &self.phone);
    }

    fn read(row: &dyn Cells) -> Result<Self> {
        Ok(Self {
            id: row.id("household_id")?,
            position: row.position()?,
            n_residents: row.whole_or_null("n_residents")?,
            stated_grid: row.text_or_null("stated_grid")?,
            grid: row.grid_path()?,
            address: row.personal("address")?,
            phone: row.personal("phone")?,
        })
    }
}
