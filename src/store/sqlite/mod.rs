//! The embedded store: one SQLite file, in write-ahead mode, with its R*Tree for boxes.
//!
//! One connection writes, a few read; readers never wait for the writer. Every commit is on disk before it is
//! acknowledged (`synchronous = full`). Other processes may use the file at the same time: writers queue by SQLite's
//! own lock, and their commits are found by the slow poll.

mod dialect;
pub(super) mod error;
mod ground;
#[cfg(test)]
mod plans;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, QueryBuilder, Sqlite};

use super::backend::{Backend, Connection};
use super::{Differing, Missing, Result, StoreError, migrations};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, GridId, NewGeneration, Revision};

/// How many connections read at once.
const N_READERS: u32 = 4;
/// How long a writer waits for another one, and a reader for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct SqliteDatabase {
    writer: SqlitePool,
    readers: SqlitePool,
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
        Ok(Self { writer, readers })
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

#[async_trait]
impl Backend for SqliteDatabase {
    type Sql = QueryBuilder<Sqlite>;
    type Row = SqliteRow;
    type Connection = SqliteWriter;

    async fn fetch(&self, mut sql: Self::Sql) -> Result<Vec<SqliteRow>> {
        Ok(sql.build().fetch_all(&self.readers).await?)
    }

    async fn begin(&self) -> Result<SqliteWriter> {
        let mut begun = SqliteWriter { connection: self.writer.acquire().await?, is_open: true };
        sqlx::query("begin immediate").execute(&mut *begun.connection).await?;
        Ok(begun)
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

    async fn grids_between(&self, region: &str, from: GenerationNumber, to: GenerationNumber) -> Result<Differing> {
        ground::grids_between(&self.readers, region, from, to).await
    }

    async fn path_of(&self, region: &str, grid: &GridId) -> Result<Option<String>> {
        ground::path_of(&self.readers, region, grid).await
    }

    /// The writer goes last: a connection that may only read cannot carry the log over into the file.
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The writing connection in a transaction. SQLite lets one begin at a time, whichever region it is for.
///
/// Begins and commits by its own statements, since a commit that sqlx sees refused can no longer be asked why.
#[derive(Debug)]
pub(super) struct SqliteWriter {
    connection: PoolConnection<Sqlite>,
    is_open: bool,
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

    /// Nobody else writes to the file since the transaction began.
    async fn lock(&mut self, _: &str) -> Result<()> {
        Ok(())
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
    /// Closes the connection of a transaction that did not commit, which rolls it back whatever state it is in.
    fn drop(&mut self) {
        if self.is_open {
            self.connection.close_on_drop();
        }
    }
}
