//! What each database does in its own way; all else is written once over it.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use log::LevelFilter;
use sqlx::ConnectOptions;

use super::table::{Cells, Dialect, TableSpec};
use super::{GenerationDiff, Placed, Result};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, NewGeneration, Noun, Revision};
use crate::geometry::Bbox;

/// Statements are logged at `debug` under `sqlx::query`, without the values that are bound; slow ones no louder, since those of
/// an import may be.
pub(super) fn logged<O: ConnectOptions>(options: O) -> O {
    options.log_statements(LevelFilter::Debug).log_slow_statements(LevelFilter::Debug, Duration::MAX)
}

/// A database that is open. It may hold several regions.
#[async_trait]
pub(super) trait Backend: Send + Sync + 'static {
    type Sql: Dialect;
    type Row: Cells + Send + 'static;
    type Connection: Connection<Sql = Self::Sql, Row = Self::Row>;

    async fn fetch(&self, sql: Self::Sql) -> Result<Vec<Self::Row>>;

    /// Begins to write. What is written is seen by nobody else until it is committed; dropped, it leaves no trace.
    async fn begin(&self) -> Result<Self::Connection>;
    /// A connection of its own, on which nothing has begun yet. It ends with what was made on it.
    async fn aside(&self) -> Result<Self::Connection>;

    async fn generations(&self, region: &str) -> Result<Vec<Generation>>;
    async fn gaps(&self, region: &str, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>>;
    fn grids<'a>(&'a self, region: &'a str, generation: GenerationNumber) -> BoxStream<'a, Result<Grid>>;
    async fn grids_between(&self, region: &str, from: GenerationNumber, to: GenerationNumber)
    -> Result<GenerationDiff>;
    /// Where the things of a table are that keep their grid, see [`Store::placed`](super::Store::placed).
    fn placed<'a>(
        &'a self,
        region: &'a str,
        table: &'static TableSpec,
        boxes: Option<Vec<Bbox>>,
    ) -> BoxStream<'a, Result<Placed>>;

    async fn close(&self);
}

/// A connection that writes.
#[async_trait]
pub(super) trait Connection: Send + 'static {
    type Sql: Dialect;
    type Row: Cells + Send + 'static;

    /// How many things go into one statement.
    const BATCH: usize;

    async fn fetch(&mut self, sql: Self::Sql) -> Result<Vec<Self::Row>>;
    /// Returns how many rows that changed.
    async fn execute(&mut self, sql: Self::Sql) -> Result<u64>;

    /// Does beforehand what can be done of putting the staged rows, `n_rows` at most, so that others wait less.
    async fn prepare_staged(&mut self, table: &TableSpec, region: &str, n_rows: usize) -> Result<()>;

    /// Begins to write on a connection on which nothing has begun.
    async fn begin(&mut self) -> Result<()>;

    /// Waits until nobody else commits to the region, and keeps them waiting until the end. The empty code is that of a
    /// region that is not known yet.
    async fn lock(&mut self, region: &str) -> Result<()>;

    /// Waits until nobody has the things of `noun` for itself; with `alone`, until nobody else writes any, and keeps them
    /// waiting until the end.
    async fn lock_records(&mut self, region: &str, noun: Noun, alone: bool) -> Result<()>;

    /// Has references checked now, which else are at the commit.
    async fn check_references(&mut self) -> Result<()>;

    /// The number of the newest generation.
    async fn newest(&mut self, region: &str) -> Result<Option<GenerationNumber>>;
    async fn publish(&mut self, region: &str, new: &NewGeneration, recorded: DateTime<Utc>)
    -> Result<GenerationNumber>;

    /// Has other processes notified of the revision as soon as it is committed.
    async fn notify(&mut self, region: &str, revision: Revision) -> Result<()>;

    async fn commit(self) -> Result<()>;
}
