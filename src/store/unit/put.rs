//! Putting things: one by one, so that the feed names each, or in batches.

use std::collections::HashSet;

use super::{Found, Unit};
use crate::domain::{GridPath, Noun, Version};
use crate::store::backend::Connection;
use crate::store::steps::{self, Recorded};
use crate::store::table::write::{self, Source};
use crate::store::table::{Cells, GridRelation, Row, TableSpec};
use crate::store::{Expect, Result, StoreError};

impl<C: Connection> Unit<C> {
    /// Finds those of `ids` that are there.
    pub(super) async fn found(&mut self, table: &TableSpec, ids: &[&str]) -> Result<Found> {
        let rows = self.fetch(|sql, region| write::versions(sql, table, region, ids)).await?;
        rows.iter().map(|row| found(table, row)).collect()
    }

    pub(super) async fn check(&mut self, table: &TableSpec, ids: &[&str], expect: Expect) -> Result<()> {
        if !matches!(expect, Expect::Version(_)) {
            return Ok(());
        }
        let found = self.found(table, ids).await?;
        check_expected(table.noun, ids, expect, &found)
    }

    /// Puts so few that the feed names each.
    pub(super) async fn put_few(&mut self, table: &TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()> {
        let ids: Vec<&str> = rows.iter().map(Row::id).collect();
        let is_asked =
            matches!(expect, Expect::Version(_)) || (expect == Expect::Any && table.grid == GridRelation::Path);
        let before = if is_asked { self.found(table, &ids).await? } else { Found::new() };
        if is_asked {
            check_expected(table.noun, &ids, expect, &before)?;
        }
        let written = if expect == Expect::Absent {
            self.insert(table, rows).await?
        } else {
            let edited = expect.is_edit();
            self.fetch(|sql, region| write::upsert(sql, table, Source::Given { region, rows, edited }, true)).await?
        };
        for row in &written {
            let (id, (version, after)) = found(table, row)?;
            let before = before.get(&id).and_then(|(_, at)| at.clone());
            self.changed.one(table.noun, &id, before, after);
            self.stored.insert((table.noun, id), version);
        }
        Ok(())
    }

    /// Stores what is not there yet.
    pub(super) async fn insert(&mut self, table: &TableSpec, rows: &[Row<'_>]) -> Result<Vec<C::Row>> {
        let written = self.fetch(|sql, region| write::insert(sql, table, region, rows)).await?;
        let ids: HashSet<String> = written.iter().map(|row| row.text("id")).collect::<Result<_>>()?;
        match rows.iter().find(|row| !ids.contains(row.id())) {
            Some(row) => Err(StoreError::Exists { noun: table.noun, id: row.id().into() }),
            None => Ok(written),
        }
    }

    pub(super) async fn put_many(&mut self, table: &TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()> {
        for batch in rows.chunks(C::BATCH) {
            let ids: Vec<&str> = batch.iter().map(Row::id).collect();
            self.check(table, &ids, expect).await?;
        }
        for batch in rows.chunks(C::BATCH) {
            let n = if expect == Expect::Absent {
                self.insert(table, batch).await?.len() as u64
            } else {
                let (rows, edited) = (batch, expect.is_edit());
                self.execute(|sql, region| write::upsert(sql, table, Source::Given { region, rows, edited }, false))
                    .await?
            };
            self.changed.many(table.noun, n);
        }
        Ok(())
    }

    /// Puts things and adds to the record of each the steps that are new.
    pub(super) async fn put_with_steps(&mut self, table: &TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()> {
        let mut rows = rows.to_vec();
        let mut new = Vec::new();
        for batch in rows.chunks_mut(C::BATCH) {
            let ids: Vec<&str> = batch.iter().map(Row::id).collect();
            let recorded = if expect == Expect::Absent { Recorded::new() } else { self.recorded(&ids).await? };
            new.extend(steps::merge(batch, &recorded));
        }
        self.put_alone(table, &rows, expect).await?;
        let actor = self.why.actor.clone();
        for batch in new.chunks(C::BATCH) {
            self.execute(|sql, region| steps::append(sql, region, &actor, batch)).await?;
        }
        Ok(())
    }

    pub(super) async fn recorded(&mut self, ids: &[&str]) -> Result<Recorded> {
        steps::read(&self.fetch(|sql, region| steps::of(sql, region, ids)).await?)
    }

    pub(super) async fn put_alone(&mut self, table: &TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()> {
        if self.changed.are_few(table.noun, rows.len()) {
            self.put_few(table, rows, expect).await
        } else {
            self.put_many(table, rows, expect).await
        }
    }
}

pub(super) fn found(table: &TableSpec, row: &dyn Cells) -> Result<(String, (i64, Option<GridPath>))> {
    Ok((row.text("id")?, (row.integer("version")?, grid_of(table, row)?)))
}

fn grid_of(table: &TableSpec, row: &dyn Cells) -> Result<Option<GridPath>> {
    if table.grid == GridRelation::Path { row.grid_path() } else { Ok(None) }
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
