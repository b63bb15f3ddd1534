//! Rows as both backends keep them, and the only way from a row to the domain.
//!
//! A backend's row is read through [`Cells`], by column name; what the columns of a noun mean stands here once. Writing
//! differs (arrays there, long `values` lists here), so the backends do that themselves.

pub(super) mod duty;
pub(super) mod grid;
pub(super) mod holder;
pub(super) mod household;
pub(super) mod incident;
pub(super) mod path;
pub(super) mod region;
pub(super) mod service_point;
pub(super) mod wkb;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, SubsecRound, Utc};

use super::{Expect, Result, StoreError, Stored};
use crate::domain::{Action, Id, Noun, Personal, Principal, Version};
use crate::geometry::Position;

/// One row of an answer, by column name.
pub(super) trait Cells {
    fn text(&self, column: &'static str) -> Result<String>;
    fn text_or_null(&self, column: &'static str) -> Result<Option<String>>;
    fn integer(&self, column: &'static str) -> Result<i64>;
    fn integer_or_null(&self, column: &'static str) -> Result<Option<i64>>;
    fn real(&self, column: &'static str) -> Result<f64>;
    fn real_or_null(&self, column: &'static str) -> Result<Option<f64>>;
    fn instant(&self, column: &'static str) -> Result<DateTime<Utc>>;
    fn instant_or_null(&self, column: &'static str) -> Result<Option<DateTime<Utc>>>;
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>>;
    fn bytes_or_null(&self, column: &'static str) -> Result<Option<Vec<u8>>>;
}

/// Implements [`Cells`] for a driver's row; the drivers share no trait that would do without.
macro_rules! cells {
    ($row:ty) => {
        impl_cells!($row: text String, text_or_null Option<String>, integer i64, integer_or_null Option<i64>,
            real f64, real_or_null Option<f64>, instant DateTime<Utc>, instant_or_null Option<DateTime<Utc>>,
            bytes Vec<u8>, bytes_or_null Option<Vec<u8>>);
    };
}

macro_rules! impl_cells {
    ($row:ty: $($name:ident $cell:ty),+) => {
        impl Cells for $row {
            $(fn $name(&self, column: &'static str) -> Result<$cell> {
                Ok(sqlx::Row::try_get(self, column)?)
            })+
        }
    };
}

cells!(sqlx::sqlite::SqliteRow);
cells!(sqlx::postgres::PgRow);

/// A thing that is found by an identifier.
pub(super) trait Keyed {
    const NOUN: Noun;

    fn key(&self) -> &str;

    /// Every text a user gave, where it may hold any character.
    fn texts(&self) -> Vec<&str>;
}

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
pub(super) fn check_batch<T: Keyed>(things: &[T]) -> Result<()> {
    if things.iter().any(|thing| thing.texts().iter().any(|text| text.contains('\0'))) {
        return Err(StoreError::Character);
    }
    let mut seen = HashSet::with_capacity(things.len());
    match things.iter().find(|thing| !seen.insert(thing.key())) {
        Some(twice) => Err(StoreError::Twice { noun: T::NOUN, id: twice.key().into() }),
        None => Ok(()),
    }
}

/// Holds the versions found of the things of these ids against what the writer expects.
pub(super) fn check_expected(noun: Noun, ids: &[&str], expect: Expect, found: &HashMap<String, i64>) -> Result<()> {
    for &id in ids {
        match (expect, found.get(id)) {
            (Expect::Any, _) | (Expect::Absent, None) => {}
            (Expect::Absent, Some(_)) => return Err(StoreError::Exists { noun, id: id.into() }),
            (Expect::Version(_), None) => return Err(StoreError::Absent { noun, id: id.into() }),
            (Expect::Version(expected), Some(version)) => {
                let newer = Version(version.unsigned_abs());
                if newer != expected {
                    return Err(StoreError::Stale { noun, id: id.into(), newer });
                }
            }
        }
    }
    Ok(())
}

pub(super) fn stored<T>(row: &impl Cells, thing: T) -> Result<Stored<T>> {
    let version = u64::try_from(row.integer("version")?).map_err(|_| inconsistent("version", "it is negative"))?;
    Ok(Stored { thing, version: Version(version) })
}

pub(super) fn id<T>(row: &impl Cells, column: &'static str) -> Result<Id<T>> {
    Id::new(&row.text(column)?).map_err(|e| inconsistent(column, e))
}

pub(super) fn id_or_null<T>(row: &impl Cells, column: &'static str) -> Result<Option<Id<T>>> {
    row.text_or_null(column)?.map(|text| Id::new(&text).map_err(|e| inconsistent(column, e))).transpose()
}

pub(super) fn position(row: &impl Cells) -> Result<Position> {
    Position::new(row.real("lon")?, row.real("lat")?).map_err(|e| inconsistent("position", e))
}

/// A row that no version of this program writes.
pub(super) fn inconsistent(column: &'static str, what: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent { column, what: what.to_string() }
}
