//! Households.

use super::{Cells, Keyed, id, inconsistent, kept, path, position, stored};
use crate::domain::{Household, Noun, Personal};
use crate::store::list::{InGrid, Shape, Time};
use crate::store::{Property, Result, Stored};

pub(in crate::store) const SHAPE: Shape = Shape {
    id_is: " and t.household_id = ",
    id_after: " and t.household_id > ",
    order: " order by t.household_id",
    time: Time::Timeless,
    grid: InGrid::Path,
    equals: &[(Property::StatedGrid, " and t.stated_grid = ")],
};

impl Keyed for Household {
    const NOUN: Noun = Noun::Households;

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn texts(&self) -> Vec<&str> {
        [self.stated_grid.as_deref(), kept(&self.address), kept(&self.phone)].into_iter().flatten().collect()
    }
}

pub(in crate::store) fn read(row: &impl Cells) -> Result<Stored<Household>> {
    let n_residents = row.integer_or_null("n_residents")?.map(u32::try_from).transpose();
    let household = Household {
        id: id(row, "household_id")?,
        position: position(row)?,
        n_residents: n_residents.map_err(|e| inconsistent("n_residents", e))?,
        stated_grid: row.text_or_null("stated_grid")?,
        grid: path::read_or_null(row)?,
        address: Personal::new(row.text_or_null("address")?),
        phone: Personal::new(row.text_or_null("phone")?),
    };
    stored(row, household)
}
