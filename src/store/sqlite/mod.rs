//! The embedded store: one SQLite file, in write-ahead mode, with its R*Tree for boxes.
//!
//! One connection writes, a few read; readers never wait for the writer. Every commit is on disk before it is
//! acknowledged (`synchronous = full`). Other processes may use the file at the same time: writers queue by SQLite's
//! own lock, and their commits are found by the slow poll.

mod duty;
pub(super) mod error;
mod ground;
mod holder;
mod household;
mod incident;
mod region;
mod relocate;
mod remembered;
mod service_point;
mod table;
mod transaction;

use std::fmt;
use std::future::ready;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use chrono::FixedOffset;
use futures::stream::{self, BoxStream, StreamExt};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use super::feed::Feed;
use super::list::pages;
use super::{Differing, Filter, Missing, Placed, Result, Rows, Store, StoreError, Tally, Transaction, migrations};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{
    Change, Duty, Generation, GenerationNumber, Grid, GridId, Holder, Household, Incident, Noun, Region, Revision,
    ServicePoint,
};
use crate::geometry::{Bbox, Position};

/// How many connections read at once.
const N_READERS: u32 = 4;
/// How long a writer waits for another one, and a reader for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    feed: Feed,
    /// Known once the region is: it never changes.
    region: OnceLock<String>,
}

impl SqliteStore {
    /// Opens `file`; where there is none, `missing` tells what is done.
    pub(super) async fn open(file: &str, missing: Missing) -> Result<Self> {
        let file = file.strip_prefix("//").unwrap_or(file);
        if file.is_empty() || file.starts_with(":memory:") {
            return Err(StoreError::Address { url: format!("sqlite:{file}") });
        }
        if missing == Missing::Refuse && !Path::new(file).exists() {
            return Err(StoreError::NoFile { url: format!("sqlite:{file}") });
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(missing == Missing::Create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        migrate(&mut *writer.acquire().await?).await?;
        let readers = pool().max_connections(N_READERS).connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Self { writer, readers, feed: Feed::new(), region: OnceLock::new() })
    }

    /// The code of the region kept here; empty, so that nothing is found, in a new database.
    async fn region_code(&self) -> Result<&str> {
        if let Some(code) = self.region.get() {
            return Ok(code);
        }
        Ok(match region::code(&self.readers).await? {
            Some(code) => self.region.get_or_init(|| code),
            None => "",
        })
    }
}

/// Brings the schema up to date under the writers' lock, so that two programs that start at once do it once. Taken only
/// when something is missing: otherwise opening would wait for an import under way.
async fn migrate(connection: &mut SqliteConnection) -> Result<()> {
    let applied: Option<i64> = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&mut *connection)
        .await
        .ok();
    if applied == i64::try_from(migrations::SQLITE.len()).ok() {
        return migrations::apply(migrations::SQLITE, connection).await;
    }
    let mut locked = connection.begin_with("begin immediate").await?;
    migrations::apply(migrations::SQLITE, &mut *locked).await?;
    Ok(locked.commit().await?)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn region(&self) -> Result<Option<Region>> {
        region::read(&self.readers).await
    }

    async fn revision(&self) -> Result<Revision> {
        region::revision(&self.readers, self.region_code().await?).await
    }

    async fn changes(&self, after: Revision, limit: u32) -> Result<Vec<Change>> {
        region::changes(&self.readers, self.region_code().await?, after, limit).await
    }

    async fn wait(&self, after: Revision) {
        self.feed.wait(after, || self.revision()).await;
    }

    async fn generations(&self) -> Result<Vec<Generation>> {
        ground::generations(&self.readers, self.region_code().await?).await
    }

    async fn acknowledged_gaps(&self, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
        ground::gaps(&self.readers, self.region_code().await?, generation).await
    }

    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, Result<Grid>> {
        let grids = async move {
            match self.region_code().await {
                Ok(code) => ground::grids(&self.readers, code, generation),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(grids).flatten().boxed()
    }

    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<Differing> {
        ground::grids_between(&self.readers, self.region_code().await?, from, to).await
    }

    async fn settled(&self) -> Result<Option<GenerationNumber>> {
        relocate::settled(&self.readers, self.region_code().await?).await
    }

    fn placed(&self, noun: Noun, boxes: Option<Vec<Bbox>>) -> BoxStream<'_, Result<Placed>> {
        let placed = async move {
            match self.region_code().await {
                Ok(code) => relocate::placed(&self.readers, code, noun, boxes),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(placed).flatten().boxed()
    }

    async fn pending(&self) -> Result<Vec<(GenerationNumber, u64)>> {
        relocate::pending(&self.readers, self.region_code().await?).await
    }

    fn households(&self, filter: Filter) -> Rows<'_, Household> {
        pages(filter, move |page| async move {
            household::TABLE.page(&self.readers, self.region_code().await?, &page).await
        })
    }

    fn holders(&self, filter: Filter) -> Rows<'_, Holder> {
        pages(
            filter,
            move |page| async move { holder::TABLE.page(&self.readers, self.region_code().await?, &page).await },
        )
    }

    fn duties(&self, filter: Filter) -> Rows<'_, Duty> {
        pages(
            filter,
            move |page| async move { duty::TABLE.page(&self.readers, self.region_code().await?, &page).await },
        )
    }

    fn service_points(&self, filter: Filter) -> Rows<'_, ServicePoint> {
        pages(filter, move |page| async move {
            service_point::TABLE.page(&self.readers, self.region_code().await?, &page).await
        })
    }

    fn incidents(&self, filter: Filter) -> Rows<'_, Incident> {
        pages(
            filter,
            move |page| async move { incident::TABLE.page(&self.readers, self.region_code().await?, &page).await },
        )
    }

    async fn count(&self, noun: Noun, filter: Filter) -> Result<u64> {
        let (pool, region) = (&self.readers, self.region_code().await?);
        match noun {
            Noun::Grids => Ok(0),
            Noun::Households => household::TABLE.count(pool, region, &filter).await,
            Noun::Holders => holder::TABLE.count(pool, region, &filter).await,
            Noun::Duties => duty::TABLE.count(pool, region, &filter).await,
            Noun::ServicePoints => service_point::TABLE.count(pool, region, &filter).await,
            Noun::Incidents => incident::TABLE.count(pool, region, &filter).await,
        }
    }

    async fn households_by_grid(&self) -> Result<Vec<(Option<GridId>, u64)>> {
        household::by_grid(&self.readers, self.region_code().await?).await
    }

    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<Tally<Option<GridId>>>> {
        incident::by_grid(&self.readers, self.region_code().await?, &filter, weeks).await
    }

    async fn incidents_by_position(&self, filter: Filter, weeks: Option<FixedOffset>) -> Result<Vec<Tally<Position>>> {
        incident::by_position(&self.readers, self.region_code().await?, &filter, weeks).await
    }

    async fn shared_positions(&self, filter: Filter, at_least: u64) -> Result<Vec<(Position, u64)>> {
        incident::shared_positions(&self.readers, self.region_code().await?, &filter, at_least).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(transaction::SqliteTransaction::begin(&self.writer, self.feed.clone()).await?))
    }

    /// The writer goes last: a connection that may only read cannot carry the log over into the file.
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
