//! One transaction on one region, over either database.
//!
//! The lock of the region lets one commit at a time, from the giving of the revision on, so revisions become visible in order.
//! What is written before is held row by row: nobody checks a version that another is about to change.

mod end;
mod put;
mod put_staged;

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::{
    Actor, GenerationNumber, GridPath, NewGeneration, Noun, RecordedStep, Region, Release, Revision, Version,
};
use crate::store::backend::Connection;
use crate::store::changed::Changed;
use crate::store::feed::Feed;
use crate::store::journal::Reason;
use crate::store::row::path;
use crate::store::table::row::check_batch;
use crate::store::table::{Cells, Dialect, GridRelation, Row, TableSpec, staged, write};
use crate::store::{
    Expect, Ground, IdempotentResponse, Pending, Placed, Result, StoreError, Transaction, region, released, relocate,
    remembered,
};
use put::check_expected;
pub(super) use put_staged::Staged;

/// How many things that move are listed in one statement.
const LISTED: usize = 5_000;

pub(super) struct Unit<C> {
    connection: C,
    feed: Feed,
    why: Reason,
    /// The region it writes for; what is written before that is known can only be the region itself.
    bound: Option<String>,
    /// Whether that region is there.
    is_there: bool,
    changed: Changed,
    /// Whether nobody else commits to the region until the end.
    is_held: bool,
    /// The nouns whose things it has a lock on; `true` for itself.
    locked: BTreeMap<Noun, bool>,
    /// The versions of what it has stored one by one.
    stored: HashMap<(Noun, String), i64>,
    /// What is staged on its connection.
    staged: Option<Staged>,
}

/// The version of a thing that is there, and its grid.
pub(super) type Found = HashMap<String, (i64, Option<GridPath>)>;

impl<C: Connection> Unit<C> {
    pub(super) async fn begin(connection: C, feed: Feed, by: &Actor, reason: &str) -> Result<Self> {
        let why = Reason { actor: by.clone(), text: reason.to_owned(), request: None };
        let bound = feed.region().map(ToOwned::to_owned);
        let mut unit = Self {
            connection,
            feed,
            why,
            bound,
            is_there: false,
            changed: Changed::default(),
            is_held: false,
            locked: BTreeMap::new(),
            stored: HashMap::new(),
            staged: None,
        };
        let mut sql = C::Sql::empty();
        if let Some(bound) = &unit.bound {
            region::revision(&mut sql, bound);
        } else {
            // Of two that would put the first region one waits for the other.
            unit.connection.lock("").await?;
            region::codes(&mut sql);
        }
        let rows = unit.connection.fetch(sql).await?;
        unit.is_there = !rows.is_empty();
        if unit.bound.is_none() {
            unit.bound = only(rows.iter().map(|row| row.text("region_code")).collect::<Result<_>>()?)?;
        }
        Ok(unit)
    }

    /// The connection to write on and the region to write for.
    fn parts(&mut self) -> Result<(&mut C, &str)> {
        let region = self.bound.as_deref().filter(|_| self.is_there);
        Ok((&mut self.connection, region.ok_or(StoreError::NoRegion)?))
    }

    /// Has a lock on the things of a noun: for itself, or with others who write some.
    async fn lock_records(&mut self, noun: Noun, alone: bool) -> Result<()> {
        if self.locked.get(&noun).is_none_or(|&locked| alone && !locked) {
            let (connection, region) = self.parts()?;
            connection.lock_records(region, noun, alone).await?;
            self.locked.insert(noun, alone);
        }
        Ok(())
    }

    async fn execute(&mut self, write: impl FnOnce(&mut C::Sql, &str) + Send) -> Result<u64> {
        let (connection, region) = self.parts()?;
        let mut sql = C::Sql::empty();
        write(&mut sql, region);
        connection.execute(sql).await
    }

    async fn fetch(&mut self, write: impl FnOnce(&mut C::Sql, &str) + Send) -> Result<Vec<C::Row>> {
        let (connection, region) = self.parts()?;
        let mut sql = C::Sql::empty();
        write(&mut sql, region);
        connection.fetch(sql).await
    }
}

/// The only region of a database, or none yet.
///
/// # Errors
/// [`StoreError::SeveralRegions`] when it must be said which one is meant.
pub(super) fn only(mut codes: Vec<String>) -> Result<Option<String>> {
    if codes.len() > 1 { Err(StoreError::SeveralRegions { codes }) } else { Ok(codes.pop()) }
}

/// The revision in an answer of at most one row; 0 where there is none.
pub(super) fn revision_of<R: Cells>(rows: &[R]) -> Result<Revision> {
    rows.first().map_or(Ok(Revision(0)), |row: &R| {
        let row: &dyn Cells = row;
        Ok(Revision(row.whole("revision")?))
    })
}

#[async_trait]
impl<C: Connection> Transaction for Unit<C> {
    fn name_request(&mut self, request: &str) {
        self.why.request = Some(request.to_owned());
    }

    async fn put_region(&mut self, new: &Region) -> Result<()> {
        match &self.bound {
            Some(bound) if *bound != new.code => {
                return Err(StoreError::OtherRegion { bound: bound.clone(), given: new.code.clone() });
            }
            _ => {}
        }
        self.connection.lock(&new.code).await?;
        self.is_held = true;
        let mut sql = C::Sql::empty();
        region::put(&mut sql, new);
        let n = self.connection.execute(sql).await?;
        (self.bound, self.is_there) = (Some(new.code.clone()), true);
        self.changed.many(Noun::Grids, n);
        Ok(())
    }

    async fn publish(&mut self, new: &NewGeneration, recorded: DateTime<Utc>) -> Result<GenerationNumber> {
        self.reserve(Noun::Grids).await?;
        let (connection, region) = self.parts()?;
        let number = connection.publish(region, new, recorded).await?;
        let ids = || new.put.iter().map(|grid| &grid.id).chain(&new.removed);
        let n = ids().count();
        if n > 0 && self.changed.are_few(Noun::Grids, n) {
            ids().for_each(|id| self.changed.one(Noun::Grids, id.as_str(), None, None));
        } else {
            // A generation is a change even when it puts nothing: from its date on it is the one in force.
            self.changed.many(Noun::Grids, (n as u64).max(1));
        }
        Ok(number)
    }

    async fn put_rows(&mut self, table: &'static TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()> {
        check_batch(table.noun, rows)?;
        if rows.is_empty() {
            return Ok(());
        }
        self.lock_records(table.noun, false).await?;
        if table.has_steps() {
            self.put_with_steps(table, rows, expect).await
        } else {
            self.put_alone(table, rows, expect).await
        }
    }

    async fn delete_row(&mut self, table: &'static TableSpec, id: &str, expect: Expect) -> Result<()> {
        let absent = || StoreError::Absent { noun: table.noun, id: id.into() };
        if id.contains('\0') {
            return Err(absent());
        }
        self.lock_records(table.noun, false).await?;
        let found = self.found(table, &[id]).await?;
        check_expected(table.noun, &[id], expect, &found)?;
        self.stored.remove(&(table.noun, id.to_owned()));
        let (_, before) = found.get(id).ok_or_else(absent)?;
        self.execute(|sql, region| write::delete(sql, table, region, id)).await?;
        if table.grid == GridRelation::Path {
            self.execute(|sql, region| relocate::forget_records(sql, region, table.noun, &[id])).await?;
        }
        if self.changed.are_few(table.noun, 1) {
            // It has no grid now: the feed names the place it had.
            self.changed.one(table.noun, id, None, before.clone());
        } else {
            self.changed.many(table.noun, 1);
        }
        Ok(())
    }

    async fn version_of(&mut self, table: &'static TableSpec, id: &str) -> Result<Option<Version>> {
        if id.contains('\0') {
            return Ok(None);
        }
        let stored = self.stored.get(&(table.noun, id.to_owned())).copied();
        let version = match stored {
            Some(version) => Some(version),
            None => self.found(table, &[id]).await?.get(id).map(|(version, _)| *version),
        };
        Ok(version.map(|version| Version(version.unsigned_abs())))
    }

    async fn steps(&mut self, incident: &str) -> Result<Vec<RecordedStep>> {
        Ok(self.recorded(&[incident]).await?.remove(incident).unwrap_or_default())
    }

    async fn edited(&mut self, table: &'static TableSpec, ids: &[&str]) -> Result<Vec<String>> {
        let mut edited = Vec::new();
        for ids in ids.chunks(LISTED) {
            let rows = self
                .fetch(|sql, region| {
                    write::edited(sql, table, region, |sql| {
                        sql.texts(ids);
                    });
                })
                .await?;
            edited.extend(rows.iter().map(|row| row.text("id")).collect::<Result<Vec<_>>>()?);
        }
        Ok(edited)
    }

    async fn edited_staged(&mut self) -> Result<Vec<String>> {
        let Some(Staged { table, as_of, .. }) = self.staged else { return Ok(Vec::new()) };
        let changed = self.fetch(|sql, region| region::changed(sql, region, table.noun, as_of)).await?;
        if changed.is_empty() && !self.changed.has(table.noun) {
            return Ok(self.staged.as_ref().map(|staged| staged.edited.clone()).unwrap_or_default());
        }
        let rows = self.fetch(|sql, region| staged::edited(sql, table, region)).await?;
        rows.iter().map(|row| row.text("id")).collect()
    }

    async fn leave_edited(&mut self) -> Result<u64> {
        let Some(table) = self.staged_table() else { return Ok(0) };
        self.execute(|sql, region| staged::leave_edited(sql, table, region)).await
    }

    async fn placed_staged(&mut self, after: &str) -> Result<Vec<Placed>> {
        let Some(table) = self.staged_table() else { return Ok(Vec::new()) };
        let rows = self.fetch(|sql, _| staged::placed(sql, table, after)).await?;
        rows.iter().map(|row| Placed::read(row)).collect()
    }

    async fn put_staged(&mut self) -> Result<()> {
        self.put_all_staged().await
    }

    async fn relocate_rows(&mut self, table: &'static TableSpec, moved: &[(&str, Option<GridPath>)]) -> Result<()> {
        if moved.is_empty() {
            return Ok(());
        }
        self.lock_records(table.noun, false).await?;
        let is_few = self.changed.are_few(table.noun, moved.len());
        if is_few {
            let ids: Vec<&str> = moved.iter().map(|(id, _)| *id).collect();
            let found = self.found(table, &ids).await?;
            for (id, after) in moved {
                if let Some((_, before)) = found.get(*id).filter(|(_, before)| before != after) {
                    self.changed.one(table.noun, id, before.clone(), after.clone());
                }
            }
        }
        for batch in moved.chunks(LISTED) {
            let batch: Vec<_> = batch.iter().map(|(id, to)| (*id, to.as_ref().map(path::write))).collect();
            let (connection, region) = self.parts()?;
            let mut n = 0;
            for statement in C::Sql::relocations(table, region, &batch) {
                n = connection.execute(statement).await?;
            }
            if !is_few {
                self.changed.many(table.noun, n);
            }
        }
        Ok(())
    }

    async fn ground(&mut self) -> Result<Ground> {
        let settled = relocate::read_settled(&self.fetch(relocate::settled).await?)?;
        let (connection, region) = self.parts()?;
        Ok(Ground { newest: connection.newest(region).await?, settled })
    }

    async fn reserve(&mut self, noun: Noun) -> Result<()> {
        self.lock_records(noun, true).await?;
        if noun == Noun::Grids {
            for table in relocate::tables() {
                self.lock_records(table.noun, false).await?;
            }
        }
        Ok(())
    }

    async fn hold(&mut self) -> Result<()> {
        if !self.is_held {
            self.connection.check_references().await?;
            let (connection, region) = self.parts()?;
            connection.lock(region).await?;
            self.is_held = true;
        }
        Ok(())
    }

    async fn settle(&mut self, generation: GenerationNumber) -> Result<()> {
        self.reserve(Noun::Grids).await?;
        self.hold().await?;
        self.execute(|sql, region| relocate::settle(sql, region, generation)).await?;
        Ok(())
    }

    async fn take_over(&mut self, generation: GenerationNumber) -> Result<()> {
        self.reserve(Noun::Grids).await?;
        self.hold().await?;
        for table in relocate::tables() {
            let take_over = |sql: &mut C::Sql, region: &str| {
                sql.take_over(table, region, generation);
            };
            let n = self.execute(take_over).await?;
            self.changed.many(table.noun, n);
        }
        self.forget_pending(generation).await?;
        self.settle(generation).await
    }

    async fn put_pending(&mut self, noun: Noun, ids: &[&str], pending: &[Pending]) -> Result<()> {
        for ids in ids.chunks(LISTED) {
            self.execute(|sql, region| relocate::forget_records(sql, region, noun, ids)).await?;
        }
        for pending in pending.chunks(LISTED) {
            let put = |sql: &mut C::Sql, region: &str| {
                sql.put_pending(region, noun, pending);
            };
            self.execute(put).await?;
        }
        Ok(())
    }

    async fn forget_pending(&mut self, generation: GenerationNumber) -> Result<()> {
        self.execute(|sql, region| relocate::forget(sql, region, generation)).await?;
        Ok(())
    }

    async fn renumber_pending(&mut self, from: GenerationNumber, to: GenerationNumber) -> Result<()> {
        self.execute(|sql, region| relocate::renumber(sql, region, from, to)).await?;
        Ok(())
    }

    async fn remembered(&mut self, key: &str) -> Result<Option<IdempotentResponse>> {
        let rows = self.fetch(|sql, region| remembered::get(sql, region, key)).await?;
        rows.first().map(|row| remembered::read(row)).transpose()
    }

    async fn remember(&mut self, key: &str, answer: &IdempotentResponse, now: DateTime<Utc>) -> Result<()> {
        self.execute(|sql, region| remembered::forget(sql, region, now)).await?;
        let n = self.execute(|sql, region| remembered::put(sql, region, key, answer, now)).await?;
        if n == 1 { Ok(()) } else { Err(StoreError::Overtaken) }
    }

    async fn put_release(&mut self, release: &Release) -> Result<()> {
        self.execute(|sql, region| released::put(sql, region, release)).await?;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<Revision> {
        self.end(None).await
    }

    async fn commit_on(self: Box<Self>, ground: Ground) -> Result<Revision> {
        self.end(Some(ground)).await
    }
}
