//! Holders.

use super::{Cells, Keyed, id, id_or_null, inconsistent, kept, position, stored};
use crate::domain::{Holder, HolderKind, Noun, Personal};
use crate::store::list::{InGrid, Shape, Time};
use crate::store::{Property, Result, Stored};

pub(in crate::store) const SHAPE: Shape = Shape {
    id_is: " and t.holder_id = ",
    id_after: " and t.holder_id > ",
    order: " order by t.holder_id",
    time: Time::Timeless,
    grid: InGrid::Nowhere,
    equals: &[(Property::Kind, " and t.kind = "), (Property::Body, " and t.body_id = ")],
};

impl Keyed for Holder {
    const NOUN: Noun = Noun::Holders;

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn texts(&self) -> Vec<&str> {
        [Some(self.name.as_str()), kept(&self.phone)].into_iter().flatten().collect()
    }
}

pub(in crate::store) fn read(row: &impl Cells) -> Result<Stored<Holder>> {
    let kind = row.text("kind")?;
    let placed = row.real_or_null("lon")?.is_some();
    let holder = Holder {
        id: id(row, "holder_id")?,
        kind: HolderKind::parse(&kind).ok_or_else(|| inconsistent("kind", kind))?,
        name: row.text("name")?,
        body: id_or_null(row, "body_id")?,
        position: placed.then(|| position(row)).transpose()?,
        phone: Personal::new(row.text_or_null("phone")?),
    };
    stored(row, holder)
}
