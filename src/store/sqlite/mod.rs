//! The embedded store: one SQLite file, in write-ahead mode, with its R*Tree for boxes.
//!
//! One connection writes, a few read; readers never wait for the writer. Every commit is on disk before it is
//! acknowledged (`synchronous = full`). Other processes may use the file at the same time: writers queue by SQLite's
//! own lock, and their commits are found by the slow poll. `opening` looks at a file first: somebody else's is refused,
//! and one that cannot be written is only read.

mod beforehand;
mod dialect;
pub(super) mod error;
mod ground;
mod opening;
mod placed;
#[cfg(test)]
mod plans;

use std::path::Path;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Connection as _, QueryBuilder, Sqlite};

use self::opening::Access;
use super::backend::{Backend, Connection, logged};
use super::table::TableSpec;
use super::{GenerationDiff, Missing, Placed, Result, StoreError, migrations};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, NewGeneration, Noun, Revision};
use crate::geometry::Bbox;

/// How many connections read at once.
const N_READERS: u32 = 4;
/// How long a reader waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a writer waits for another one: longer than the import of a county takes to commit, shorter than an answer may.
const WRITERS_PATIENCE: Duration = Duration::from_secs(25);
/// How many may stage rows at once; more wait.
const N_BULK: u32 = 4;
/// The cache of a connection that writes a great deal, in KiB: the indexes of a large county fit into it.
const BULK_CACHE_KIB: i32 = 256 * 1024;

#[derive(Debug)]
pub(super) struct SqliteDatabase {
    /// `None` where the file can only be read.
    writer: Option<SqlitePool>,
    readers: SqlitePool,
    /// For those who write a great deal at once, each on a connection of its own.
    bulk: SqlitePool,
    file: String,
}

impl SqliteDatabase {
    /// Opens `file`; where there is none, `missing` tells what is done.
    pub(super) async fn open(file: &str, missing: Missing) -> Result<Self> {
        let file = file.strip_prefix("//").unwrap_or(file);
        if file.is_empty() || file.starts_with(":memory:") {
            return Err(StoreError::Address { url: format!("sqlite:{file}") });
        }
        if missing == Missing::Refuse && !Path::new(file).exists() {
            return Err(StoreError::NoFile { url: format!("sqlite:{file}") });
        }
        let access = opening::look(file).await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WRITERS_PATIENCE);
        let options = logged(options);
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let (writer, options) = if access == Access::Write {
            let options = options.create_if_missing(missing == Missing::Create).journal_mode(SqliteJournalMode::Wal);
            let writer = pool().acquire_timeout(WRITERS_PATIENCE).max_connections(1);
            let writer = writer.connect_with(options.clone()).await?;
            migrate(&mut *writer.acquire().await?).await?;
            (Some(writer), options)
        } else {
            tracing::warn!(file, "the database can only be read: nothing will be written");
            (None, access.of(options))
        };
        let cache = format!("-{BULK_CACHE_KIB}");
        let bulk = options.clone().pragma("cache_size", cache.clone()).pragma("temp.cache_size", cache);
        let bulk = pool().acquire_timeout(WRITERS_PATIENCE).max_connections(N_BULK).connect_lazy_with(bulk);
        let readers = pool().max_connections(N_READERS).connect_lazy_with(options.pragma("query_only", "on"));
        let file = file.to_owned();
        Ok(Self { writer, readers, bulk, file })
    }
}

/// Brings the schema up to date under the writers' lock, so that two programs that start at once do it once. Taken only
/// when something is missing: otherwise opening would wait for an import under way.
async fn migrate(connection: &mut SqliteConnection) -> Result<()> {
    if migrations::n_applied(connection).await == Some(migrations::SQLITE.len()) {
        return migrations::apply(migrations::SQLITE, connection).await;
    }
    let begun = Instant::now();
    let mut locked = connection.begin_with("begin immediate").await.map_err(|error| error::of_begin(error, begun))?;
    migrations::apply(migrations::SQLITE, &mut *locked).await?;
    Ok(locked.commit().await?)
}

#[async_trait]
impl Backend for SqliteDatabase {
    type Sql = QueryBuilder<Sqlite>;
    type Row = SqliteRow;
    type Connection = SqliteWriter;

    async fn fetch(&self, mut sql: Self::Sql) -> Result<Vec<SqliteRow>> {
        Ok(sql.build().fetch_all(&self.readers).await?)
    }

    async fn begin(&self) -> Result<SqliteWriter> {
        let read_only = || StoreError::ReadOnly { file: self.file.clone() };
        let writer = self.writer.as_ref().ok_or_else(read_only)?;
        let begins = Instant::now();
        let connection = writer.acquire().await.map_err(|error| error::of_begin(error, begins))?;
        let mut begun = SqliteWriter { connection, is_open: false, is_aside: false };
        begun.lock_file(begins).await?;
        Ok(begun)
    }

    async fn aside(&self) -> Result<SqliteWriter> {
        if self.writer.is_none() {
            return Err(StoreError::ReadOnly { file: self.file.clone() });
        }
        let begins = Instant::now();
        let connection = self.bulk.acquire().await.map_err(|error| error::of_begin(error, begins))?;
        Ok(SqliteWriter { connection, is_open: false, is_aside: true })
    }

    async fn generations(&self, region: &str) -> Result<Vec<Generation>> {
        ground::generations(&self.readers, region).await
    }

    async fn gaps(&self, region: &str, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
        ground::gaps(&self.readers, region, generation).await
    }

    fn grids<'a>(&'a self, region: &'a str, generation: GenerationNumber) -> BoxStream<'a, Result<Grid>> {
        ground::grids(&self.readers, region, generation)
    }

    async fn grids_between(
        &self,
        region: &str,
        from: GenerationNumber,
        to: GenerationNumber,
    ) -> Result<GenerationDiff> {
        ground::grids_between(&self.readers, region, from, to).await
    }

    fn placed<'a>(
        &'a self,
        region: &'a str,
        table: &'static TableSpec,
        boxes: Option<Vec<Bbox>>,
    ) -> BoxStream<'a, Result<Placed>> {
        placed::placed(&self.readers, region, table, boxes)
    }

    /// The writer goes last: a connection that may only read cannot carry the log over into the file.
    async fn close(&self) {
        self.readers.close().await;
        self.bulk.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

/// The writing connection in a transaction. SQLite lets one begin at a time, whichever region it is for.
///
/// Begins and commits by its own statements, since a commit that sqlx sees refused can no longer be asked why.
#[derive(Debug)]
pub(super) struct SqliteWriter {
    connection: PoolConnection<Sqlite>,
    is_open: bool,
    /// Whether it has tables of its own, which end with it.
    is_aside: bool,
}

impl SqliteWriter {
    async fn lock_file(&mut self, begins: Instant) -> Result<()> {
        self.is_open = true;
        let locked = sqlx::query("begin immediate").execute(&mut *self.connection).await;
        locked.map_err(|error| error::of_begin(error, begins))?;
        Ok(())
    }
}

#[async_trait]
impl Connection for SqliteWriter {
    type Sql = QueryBuilder<Sqlite>;
    type Row = SqliteRow;

    /// SQLite takes at most 32,766 values in one statement.
    const BATCH: usize = 500;

    async fn fetch(&mut self, mut sql: Self::Sql) -> Result<Vec<SqliteRow>> {
        Ok(sql.build().fetch_all(&mut *self.connection).await?)
    }

    async fn execute(&mut self, mut sql: Self::Sql) -> Result<u64> {
        Ok(sql.build().execute(&mut *self.connection).await?.rows_affected())
    }

    async fn prepare_staged(&mut self, table: &TableSpec, region: &str, n_rows: usize) -> Result<()> {
        beforehand::write_boxes(&mut self.connection, table, region, n_rows).await
    }

    async fn begin(&mut self) -> Result<()> {
        self.lock_file(Instant::now()).await
    }

    /// Nobody else writes to the file since the transaction began.
    async fn lock(&mut self, _: &str) -> Result<()> {
        Ok(())
    }

    async fn lock_records(&mut self, _: &str, _: Noun, _: bool) -> Result<()> {
        Ok(())
    }

    /// Others wait for the commit in any case.
    async fn check_references(&mut self) -> Result<()> {
        Ok(())
    }

    async fn newest(&mut self, region: &str) -> Result<Option<GenerationNumber>> {
        ground::newest(&mut self.connection, region).await
    }

    async fn publish(
        &mut self,
        region: &str,
        new: &NewGeneration,
        recorded: DateTime<Utc>,
    ) -> Result<GenerationNumber> {
        ground::publish(&mut self.connection, region, new, recorded).await
    }

    /// Other processes find it by polling.
    async fn notify(&mut self, _: &str, _: Revision) -> Result<()> {
        Ok(())
    }

    async fn commit(mut self) -> Result<()> {
        if let Err(refusal) = sqlx::query("commit").execute(&mut *self.connection).await {
            let dangling = error::is_dangling(&refusal);
            return Err(if dangling { error::dangling(&mut self.connection).await? } else { refusal.into() });
        }
        self.is_open = false;
        Ok(())
    }
}

impl Drop for SqliteWriter {
    /// Closes a connection with tables of its own, and that of a transaction that did not commit, which rolls it back whatever
    /// state it is in.
    fn drop(&mut self) {
        if self.is_open || self.is_aside {
            self.connection.close_on_drop();
        }
    }
}
