//! Keeps every change, the same on both backends.
//!
//! [`Store`] reads, [`Transaction`] writes: all of a transaction is committed under one new revision or none of it is.
//! `sqlite/` and `postgres/` implement both, one file per noun in each; one contract suite runs on both. Geometry is
//! never computed here: a thing's grid comes with it, and boxes are re-checked exactly.

pub mod error;
pub mod filter;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;

pub use error::StoreError;
pub use filter::{Filter, Property, TimeSpan};

use crate::domain::{
    Change, Duty, Generation, GenerationNumber, Grid, GridId, GridPath, Holder, Household, HouseholdId, Incident,
    IncidentId, NewGeneration, Noun, Region, Revision, ServicePoint, Version,
};

pub type Result<T> = std::result::Result<T, StoreError>;

/// Rows as they come from the database, never gathered in memory.
pub type Rows<'a, T> = BoxStream<'a, Result<Stored<T>>>;

/// A thing and the version of it that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    pub thing: T,
    pub version: Version,
}

/// Reads one region's data. Lists come ordered by id; every reader sees committed rows only.
#[async_trait]
pub trait Store: Send + Sync {
    /// The region kept here, or `None` in a new database.
    async fn region(&self) -> Result<Option<Region>>;

    /// The newest committed revision; 0 in a new database.
    async fn revision(&self) -> Result<Revision>;

    /// What was committed after `revision`, oldest first, at most `limit` entries.
    async fn changes(&self, after: Revision, limit: u32) -> Result<Vec<Change>>;

    /// Returns when a revision after `after` may have been committed: woken by this process's own commits (SQLite) or
    /// by LISTEN (PostgreSQL), and by a slow poll whatever happens. Never fails: losing the wake-up only makes it slow.
    async fn wait(&self, after: Revision);

    /// Every generation, by number.
    async fn generations(&self) -> Result<Vec<Generation>>;

    /// The grids of one generation, parents before children (by depth, then code).
    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, Result<Grid>>;

    fn households(&self, filter: Filter) -> Rows<'_, Household>;
    fn holders(&self, filter: Filter) -> Rows<'_, Holder>;
    fn duties(&self, filter: Filter) -> Rows<'_, Duty>;
    fn service_points(&self, filter: Filter) -> Rows<'_, ServicePoint>;
    fn incidents(&self, filter: Filter) -> Rows<'_, Incident>;

    /// How many things of `noun` pass `filter`, whatever its `after` and `limit` say. Not for grids.
    async fn count(&self, noun: Noun, filter: Filter) -> Result<u64>;

    /// How many households stand in each deepest grid; `None` counts those outside every grid.
    async fn households_by_grid(&self) -> Result<Vec<(Option<GridId>, u64)>>;

    /// Opens a transaction. Dropping it without [`Transaction::commit`] leaves no trace.
    async fn begin(&self) -> Result<Box<dyn Transaction + '_>>;
}

/// What a write expects of what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing: new things are stored, known ones replaced (an import).
    Any,
    /// That there is none of this id yet.
    Absent,
    /// That it still has the version the change was made on.
    Version(Version),
}

/// The answer given to a request with an `Idempotency-Key`, so that its repetition gets the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Tells whether the repeated request is the same one: a digest of method, path and body.
    pub fingerprint: String,
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

/// Writes under one revision. Lists of any length are taken in batches that bound memory.
#[async_trait]
pub trait Transaction: Send {
    async fn put_region(&mut self, region: &Region) -> Result<()>;

    /// Publishes the difference as the next generation and returns its number.
    ///
    /// # Errors
    /// [`StoreError::GenerationMoved`] when it was made on another than the newest generation.
    async fn publish(&mut self, new: &NewGeneration, recorded: DateTime<Utc>) -> Result<GenerationNumber>;

    async fn put_households(&mut self, households: &[Household], expect: Expect) -> Result<()>;
    async fn put_holders(&mut self, holders: &[Holder], expect: Expect) -> Result<()>;
    async fn put_duties(&mut self, duties: &[Duty], expect: Expect) -> Result<()>;
    async fn put_service_points(&mut self, points: &[ServicePoint], expect: Expect) -> Result<()>;
    async fn put_incidents(&mut self, incidents: &[Incident], expect: Expect) -> Result<()>;

    /// Removes one thing of `noun` (not a grid: grids go by a plan).
    async fn delete(&mut self, noun: Noun, id: &str, expect: Expect) -> Result<()>;

    /// Sets the derived grid of households after the ground under them changed. Not a change of their version.
    async fn relocate_households(&mut self, moved: &[(HouseholdId, Option<GridPath>)]) -> Result<()>;
    async fn relocate_incidents(&mut self, moved: &[(IncidentId, Option<GridPath>)]) -> Result<()>;

    async fn remembered(&mut self, key: &str) -> Result<Option<Remembered>>;
    async fn remember(&mut self, key: &str, answer: &Remembered, now: DateTime<Utc>) -> Result<()>;

    /// Commits everything under the next revision; it is on disk when this returns.
    async fn commit(self: Box<Self>) -> Result<Revision>;
}
