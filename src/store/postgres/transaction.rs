//! One transaction. The advisory lock lets one write at a time, so revisions become visible in order and nobody checks a
//! version that another is about to change.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Postgres;
use sqlx::postgres::{PgConnection, PgPool};

use super::table::Table;
use super::{duty, ground, holder, household, incident, region, relocate, remembered, service_point};
use crate::domain::{
    Duty, GenerationNumber, GridPath, Holder, Household, Incident, NewGeneration, Noun, Region, Revision, ServicePoint,
    Version,
};
use crate::store::feed::Feed;
use crate::store::row::{Keyed, check_batch};
use crate::store::{Expect, Pending, Remembered, Result, StoreError, Transaction};

/// How many things go into one statement, as arrays: bounds memory on both sides.
const BATCH: usize = 5_000;

/// The advisory lock of writers: "gridmap" in ASCII.
const WRITERS: i64 = 0x0067_7269_646d_6170;

pub(super) struct PostgresTransaction {
    inner: sqlx::Transaction<'static, Postgres>,
    feed: Feed,
    region: Option<String>,
    changed: BTreeMap<Noun, u64>,
}

impl PostgresTransaction {
    pub(super) async fn begin(pool: &PgPool, feed: Feed) -> Result<Self> {
        let mut inner = pool.begin().await?;
        sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITERS).execute(&mut *inner).await?;
        let region = region::code(&mut *inner).await?;
        Ok(Self { inner, feed, region, changed: BTreeMap::new() })
    }

    /// The connection to write on and the region to write for.
    fn parts(&mut self) -> Result<(&mut PgConnection, &str)> {
        Ok((&mut self.inner, self.region.as_deref().ok_or(StoreError::NoRegion)?))
    }

    fn changed(&mut self, noun: Noun, n: u64) {
        if n > 0 {
            *self.changed.entry(noun).or_default() += n;
        }
    }

    /// Holds the batch against what is expected of it, before any of it is written.
    async fn check<T: Keyed>(&mut self, table: &Table<T>, things: &[T], expect: Expect) -> Result<()> {
        check_batch(things)?;
        let (connection, region) = self.parts()?;
        for batch in things.chunks(BATCH) {
            let ids: Vec<&str> = batch.iter().map(Keyed::key).collect();
            table.check(connection, region, &ids, expect).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn put_region(&mut self, region: &Region) -> Result<()> {
        let n = region::put(&mut self.inner, region).await?;
        self.region = Some(region.code.clone());
        self.changed(Noun::Grids, n);
        Ok(())
    }

    async fn publish(&mut self, new: &NewGeneration, recorded: DateTime<Utc>) -> Result<GenerationNumber> {
        let (connection, region) = self.parts()?;
        let number = ground::publish(connection, region, new, recorded).await?;
        // A generation is a change even when it puts nothing: from its date on it is the one in force.
        self.changed(Noun::Grids, ((new.put.len() + new.removed.len()) as u64).max(1));
        Ok(number)
    }

    async fn put_households(&mut self, households: &[Household], expect: Expect) -> Result<()> {
        self.check(&household::TABLE, households, expect).await?;
        for batch in households.chunks(BATCH) {
            let (connection, region) = self.parts()?;
            let n = household::put(connection, region, batch).await?;
            self.changed(Noun::Households, n);
        }
        Ok(())
    }

    async fn put_holders(&mut self, holders: &[Holder], expect: Expect) -> Result<()> {
        self.check(&holder::TABLE, holders, expect).await?;
        for batch in holders.chunks(BATCH) {
            let (connection, region) = self.parts()?;
            let n = holder::put(connection, region, batch).await?;
            self.changed(Noun::Holders, n);
        }
        Ok(())
    }

    async fn put_duties(&mut self, duties: &[Duty], expect: Expect) -> Result<()> {
        self.check(&duty::TABLE, duties, expect).await?;
        for batch in duties.chunks(BATCH) {
            let (connection, region) = self.parts()?;
            let n = duty::put(connection, region, batch).await?;
            self.changed(Noun::Duties, n);
        }
        Ok(())
    }

    async fn put_service_points(&mut self, points: &[ServicePoint], expect: Expect) -> Result<()> {
        self.check(&service_point::TABLE, points, expect).await?;
        for batch in points.chunks(BATCH) {
            let (connection, region) = self.parts()?;
            let n = service_point::put(connection, region, batch).await?;
            self.changed(Noun::ServicePoints, n);
        }
        Ok(())
    }

    async fn put_incidents(&mut self, incidents: &[Incident], expect: Expect) -> Result<()> {
        self.check(&incident::TABLE, incidents, expect).await?;
        for batch in incidents.chunks(BATCH) {
            let (connection, region) = self.parts()?;
            let n = incident::put(connection, region, batch).await?;
            self.changed(Noun::Incidents, n);
        }
        Ok(())
    }

    async fn delete(&mut self, noun: Noun, id: &str, expect: Expect) -> Result<()> {
        let (connection, region) = self.parts()?;
        let n = match noun {
            _ if id.contains('\0') => return Err(StoreError::Absent { noun, id: id.into() }),
            Noun::Grids => return Err(StoreError::Absent { noun, id: id.into() }),
            Noun::Households => household::TABLE.delete(connection, region, id, expect).await?,
            Noun::Holders => holder::TABLE.delete(connection, region, id, expect).await?,
            Noun::Duties => duty::TABLE.delete(connection, region, id, expect).await?,
            Noun::ServicePoints => service_point::TABLE.delete(connection, region, id, expect).await?,
            Noun::Incidents => incident::TABLE.delete(connection, region, id, expect).await?,
        };
        let (connection, region) = self.parts()?;
        relocate::forget_things(connection, region, noun, &[id]).await?;
        self.changed(noun, n);
        Ok(())
    }

    async fn version(&mut self, noun: Noun, id: &str) -> Result<Option<Version>> {
        let (connection, region) = self.parts()?;
        match noun {
            _ if id.contains('\0') => Ok(None),
            Noun::Grids => Ok(None),
            Noun::Households => household::TABLE.version(connection, region, id).await,
            Noun::Holders => holder::TABLE.version(connection, region, id).await,
            Noun::Duties => duty::TABLE.version(connection, region, id).await,
            Noun::ServicePoints => service_point::TABLE.version(connection, region, id).await,
            Noun::Incidents => incident::TABLE.version(connection, region, id).await,
        }
    }

    async fn relocate(&mut self, noun: Noun, moved: &[(String, Option<GridPath>)]) -> Result<()> {
        let (Some(located), false) = (relocate::located(noun), moved.is_empty()) else { return Ok(()) };
        let (connection, region) = self.parts()?;
        let n = relocate::relocate(connection, region, located, moved).await?;
        self.changed(noun, n);
        Ok(())
    }

    async fn ground(&mut self) -> Result<(Option<GenerationNumber>, Option<GenerationNumber>)> {
        let (connection, region) = self.parts()?;
        let newest = ground::newest(connection, region).await?;
        Ok((newest, relocate::settled(connection, region).await?))
    }

    async fn settle(&mut self, generation: GenerationNumber) -> Result<()> {
        let (connection, region) = self.parts()?;
        relocate::settle(connection, region, generation).await
    }

    async fn take_over(&mut self, generation: GenerationNumber) -> Result<()> {
        for noun in Noun::ALL {
            let Some(located) = relocate::located(noun) else { continue };
            let (connection, region) = self.parts()?;
            let n = relocate::take_over(connection, region, located, generation).await?;
            self.changed(noun, n);
        }
        let (connection, region) = self.parts()?;
        relocate::forget(connection, region, generation).await?;
        relocate::settle(connection, region, generation).await
    }

    async fn put_pending(&mut self, noun: Noun, ids: &[&str], pending: &[Pending]) -> Result<()> {
        let (connection, region) = self.parts()?;
        relocate::forget_things(connection, region, noun, ids).await?;
        relocate::put_pending(connection, region, noun, pending).await
    }

    async fn forget_pending(&mut self, generation: GenerationNumber) -> Result<()> {
        let (connection, region) = self.parts()?;
        relocate::forget(connection, region, generation).await
    }

    async fn renumber_pending(&mut self, from: GenerationNumber, to: GenerationNumber) -> Result<()> {
        let (connection, region) = self.parts()?;
        relocate::renumber(connection, region, from, to).await
    }

    async fn remembered(&mut self, key: &str) -> Result<Option<Remembered>> {
        let (connection, region) = self.parts()?;
        remembered::get(connection, region, key).await
    }

    async fn remember(&mut self, key: &str, answer: &Remembered, now: DateTime<Utc>) -> Result<()> {
        let (connection, region) = self.parts()?;
        remembered::put(connection, region, key, answer, now).await
    }

    async fn commit(mut self: Box<Self>) -> Result<Revision> {
        let changed = std::mem::take(&mut self.changed);
        let revision = match self.parts() {
            Ok((connection, region)) if changed.is_empty() => region::revision(connection, region).await?,
            Ok((connection, region)) => region::advance(connection, region, changed.into_iter()).await?,
            Err(_) => Revision(0),
        };
        self.inner.commit().await?;
        self.feed.announce(revision);
        Ok(revision)
    }
}
