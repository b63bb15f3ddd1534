//! Rows as both backends keep them, and the only way from a row to the domain.
//!
//! A backend's row is read through [`Cells`], by column name; what the columns of a noun mean stands once, in `record/`;
//! here is what they share.

pub(super) mod grid;
pub(super) mod path;
pub(super) mod region;
pub(super) mod wkb;

use std::collections::HashSet;

use chrono::{DateTime, SubsecRound, Utc};

use super::table::{Cells, Record, Row};
use super::unit::Found;
use super::{Expect, Result, StoreError, Stored};
use crate::domain::{Action, Id, Noun, Personal, Principal, Version};
use crate::geometry::Position;

/// Returns the text kept for a personal value: the store keeps what it cannot hand out without another grant.
pub(super) fn kept(personal: &Personal<Option<String>>) -> Option<&str> {
    let keeper = Principal::system().allows(Action::Personal, Noun::Households);
    personal.reveal(&keeper.expect("the system may keep everything"), None)?.as_deref()
}

/// Instants are kept to the microsecond, the finest that both backends know.
pub(super) fn kept_instant(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

/// Refuses what the backends would not keep alike: a batch that names the same thing twice, a text with a NUL.
pub(super) fn check_batch(noun: Noun, things: &[Row<'_>]) -> Result<()> {
    if things.iter().any(Row::has_nul) {
        return Err(StoreError::Character);
    }
    let mut seen = HashSet::with_capacity(things.len());
    match things.iter().find(|thing| !seen.insert(thing.id())) {
        Some(twice) => Err(StoreError::Twice { noun, id: twice.id().into() }),
        None => Ok(()),
    }
}

/// Holds what was found of the things of these ids against what the writer expects.
pub(super) fn check_expected(noun: Noun, ids: &[&str], expect: Expect, found: &Found) -> Result<()> {
    for &id in ids {
        match (expect, found.get(id)) {
            (Expect::Any, _) | (Expect::Absent, None) => {}
            (Expect::Absent, Some(_)) => return Err(StoreError::Exists { noun, id: id.into() }),
            (Expect::Version(_), None) => return Err(StoreError::Absent { noun, id: id.into() }),
            (Expect::Version(expected), Some((version, _))) => {
                let newer = Version(version.unsigned_abs());
                if newer != expected {
                    return Err(StoreError::Stale { noun, id: id.into(), newer });
                }
            }
        }
    }
    Ok(())
}

/// Reads a thing and its version.
pub(super) fn stored<R: Record>(row: &dyn Cells) -> Result<Stored<R>> {
    let thing = R::read(row)?;
    let version = u64::try_from(row.integer("version")?).map_err(|_| inconsistent("version", "it is negative"))?;
    Ok(Stored { thing, version: Version(version) })
}

pub(super) fn id<T>(row: &dyn Cells, column: &'static str) -> Result<Id<T>> {
    Id::new(&row.text(column)?).map_err(|e| inconsistent(column, e))
}

pub(super) fn id_or_null<T>(row: &dyn Cells, column: &'static str) -> Result<Option<Id<T>>> {
    row.text_or_null(column)?.map(|text| Id::new(&text).map_err(|e| inconsistent(column, e))).transpose()
}

pub(super) fn position(row: &dyn Cells) -> Result<Position> {
    Position::new(row.real("lon")?, row.real("lat")?).map_err(|e| inconsistent("position", e))
}

/// A row that no version of this program writes.
pub(super) fn inconsistent(column: &'static str, what: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent { column, what: what.to_string() }
}
