//! Holders.

use crate::domain::{Holder, HolderKind, Noun};
use crate::store::Result;
use crate::store::table::{Cells, Column, GridRelation, Record, Row, TableSpec, Time};

impl Record for Holder {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: Noun::Holders,
        name: "holder",
        id: "holder_id",
        columns: &[
            Column::text("kind").filterable(),
            Column::text("name"),
            Column::text("body_id").filterable(),
            Column::position(),
            Column::text("phone").personal(),
        ],
        time: Time::Timeless,
        grid: GridRelation::None,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("kind", self.kind.as_str());
        row.set("name", &self.name);
        row.set("body_id", self.body.as_ref());
        row.set("position", self.position);
        row.set("phone", &self.phone);
    }

    fn read(row: &dyn Cells) -> Result<Self> {
        Ok(Self {
            id: row.id("holder_id")?,
            kind: row.word("kind", HolderKind::parse)?,
            name: row.text("name")?,
            body: row.id_or_null("body_id")?,
            position: row.position_or_null()?,
            phone: row.personal("phone")?,
        })
    }
}
