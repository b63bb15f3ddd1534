//! The nouns kept in tables of their own, one file each.

mod duty;
mod holder;
mod household;
pub(super) mod incident;
mod service_point;

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::table::{Record, TableSpec};
use crate::domain::{Duty, Holder, Household, Incident, Noun, ServicePoint};

/// Every table of things, as `store::open` knows them.
pub(super) const TABLES: [&TableSpec; 5] =
    [Household::TABLE, Holder::TABLE, Duty::TABLE, ServicePoint::TABLE, Incident::TABLE];

/// The table of a noun; grids have none.
pub(super) fn table_of(noun: Noun) -> Option<&'static TableSpec> {
    TABLES.into_iter().find(|table| table.noun == noun)
}

/// The noun of a name that is kept. One of a newer program that writes to the same database is passed on by its name.
pub(super) fn noun_named(name: &str) -> Noun {
    static FOREIGN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    if let Some(noun) = Noun::parse(name) {
        return noun;
    }
    let mut foreign = FOREIGN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let known = foreign.get(name).copied().unwrap_or_else(|| Box::leak(name.into()));
    foreign.insert(known);
    Noun::named(known)
}

/// The noun whose table a constraint belongs to; constraints are named after their table.
pub(super) fn noun_of_table(name: &str) -> Noun {
    match TABLES.into_iter().find(|table| table.name == name) {
        Some(table) => table.noun,
        None if ["grid", "generation", "acknowledged_gap"].contains(&name) => Noun::Grids,
        None if name == "step" => Noun::Steps,
        None => noun_named(name),
    }
}
