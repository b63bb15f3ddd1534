//! Duties.

use super::{Cells, Keyed, id, id_or_null, inconsistent, stored, wkb};
use crate::domain::{Duty, DutyArea, Noun};
use crate::store::list::{InGrid, Shape, Time};
use crate::store::{Property, Result, Stored};

pub(in crate::store) const SHAPE: Shape = Shape {
    id_is: " and t.duty_id = ",
    id_after: " and t.duty_id > ",
    order: " order by t.duty_id",
    time: Time::Span,
    grid: InGrid::Named,
    equals: &[(Property::Role, " and t.role = "), (Property::Holder, " and t.holder_id = ")],
};

/// Returns the text kept for the categories of a duty.
pub(in crate::store) fn write_categories(duty: &Duty) -> String {
    serde_json::to_string(&duty.categories).expect("a list of texts always has a JSON form")
}

impl Keyed for Duty {
    const NOUN: Noun = Noun::Duties;

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn texts(&self) -> Vec<&str> {
        vec![&self.role]
    }
}

pub(in crate::store) fn read(row: &impl Cells) -> Result<Stored<Duty>> {
    let area = match (id_or_null(row, "grid_id")?, row.bytes_or_null("boundary")?) {
        (Some(grid), None) => DutyArea::Grid(grid),
        (None, Some(bytes)) => DutyArea::Polygon(wkb::read(&bytes)?),
        _ => return Err(inconsistent("grid_id", "a duty has either a grid or a polygon")),
    };
    let duty = Duty {
        id: id(row, "duty_id")?,
        holder: id(row, "holder_id")?,
        role: row.text("role")?,
        area,
        deputy: id_or_null(row, "deputy_id")?,
        categories: serde_json::from_str(&row.text("categories")?).map_err(|e| inconsistent("categories", e))?,
        from: row.instant_or_null("from_at")?,
        to: row.instant_or_null("to_at")?,
    };
    stored(row, duty)
}
