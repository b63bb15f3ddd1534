//! Keeps every change, the same on both backends.
//!
//! [`open`] gives a [`Store`] of one region: it reads, and [`Store::begin`] opens a [`Transaction`], which writes. All of a
//! transaction is committed under one new revision or none of it is. A noun is described once, in `record/`; every
//! statement about it follows (`table/`). `sqlite/` and `postgres/` hold what each database does in its own way
//! (`backend`): connecting, the words of its dialect, generations of the ground. One contract suite runs on both.
//!
//! A database may hold several regions. A store sees one of them, and its writers wait for no other region's (on
//! PostgreSQL; SQLite has one writer for the file).
//!
//! Rules that hold on both: writers of a region commit one at a time, so a revision is visible only after its rows and no
//! reader sees a gap; until then they may go on side by side, where the database lets them (PostgreSQL; on SQLite a
//! transaction is alone from its beginning), each holding what it has written; identifiers sort by their bytes; instants are
//! kept to the microsecond; a thing's grid comes with it, since geometry is never computed here; boxes are re-checked
//! exactly.

mod backend;
mod changed;
pub mod counts;
pub mod database_error;
mod error;
mod feed;
pub mod filter;
pub mod journal;
mod list;
mod migrations;
mod postgres;
mod record;
mod region;
mod region_store;
mod released;
mod relocate;
mod remembered;
mod row;
mod sqlite;
mod stage;
mod steps;
pub mod table;
mod transaction;
mod unit;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, Utc};
use futures::stream::BoxStream;

pub use counts::IncidentCount;
pub use error::StoreError;
pub use filter::{Filter, Location, Property, TimeSpan, Within};
pub use journal::JournalEntry;
pub use table::{Record, TableSpec};
pub use transaction::{Expect, IdempotentResponse, Stage, Transaction};

use crate::domain::generation::AcknowledgedGap;
use crate::domain::{
    Actor, Change, Duty, Generation, GenerationNumber, Grid, GridId, GridPath, Holder, Household, Incident, Noun,
    Parts, RecordedStep, Region, Release, Revision, ServicePoint, Version,
};
use crate::geometry::{Bbox, Position};
use feed::Feed;
use region_store::RegionStore;
use table::RowSet;

pub type Result<T> = std::result::Result<T, StoreError>;

/// Rows as they come from the database, never gathered in memory.
pub type Rows<'a, T> = BoxStream<'a, Result<Stored<T>>>;

/// A thing and the version of it that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    pub thing: T,
    pub version: Version,
}

/// Opens the only region of the database at `url`, creating the file (SQLite) where there is none, and bringing the schema
/// up to date. A new database is of the region that is put there first.
///
/// `sqlite:FILE` (also `sqlite://FILE`) or `postgres://USER@HOST/DATABASE`.
///
/// # Errors
/// [`StoreError::Address`] for another scheme, [`StoreError::Unavailable`] when nothing answers there,
/// [`StoreError::Migration`] when the schema is newer than this program or was tampered with, and
/// [`StoreError::SeveralRegions`] when the database holds several.
pub async fn open(url: &str) -> Result<Arc<dyn Store>> {
    open_with(url, None, Missing::Create).await
}

/// Like [`open`] for the region of the code `region`, beside whatever others the database holds.
///
/// # Errors
/// Like [`open`]. That the region is not there yet is none.
pub async fn open_region(url: &str, region: &str) -> Result<Arc<dyn Store>> {
    open_with(url, Some(region), Missing::Create).await
}

/// Like [`open`] or [`open_region`] for a database that must be there already: to answer from one that is empty would be
/// of no use.
///
/// # Errors
/// Also [`StoreError::NoFile`] when there is no such file.
pub async fn open_existing(url: &str, region: Option<&str>) -> Result<Arc<dyn Store>> {
    open_with(url, region, Missing::Refuse).await
}

/// What to do where there is no database file yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Create,
    Refuse,
}

async fn open_with(url: &str, region: Option<&str>, missing: Missing) -> Result<Arc<dyn Store>> {
    let feed = Feed::new(region);
    match url.split_once(':') {
        Some(("sqlite", file)) => {
            Ok(Arc::new(RegionStore::new(sqlite::SqliteDatabase::open(file, missing).await?, feed).await?))
        }
        Some(("postgres" | "postgresql", _)) => {
            let database = postgres::PostgresDatabase::open(url, feed.clone()).await?;
            Ok(Arc::new(RegionStore::new(database, feed).await?))
        }
        _ => Err(StoreError::Address { url: url.into() }),
    }
}

/// One region of a database, to be read from and written to.
#[async_trait]
pub trait Store: Send + Sync {
    /// The region kept here, or `None` before it was put.
    async fn region(&self) -> Result<Option<Region>>;

    /// The newest committed revision; 0 in a new database.
    async fn revision(&self) -> Result<Revision>;

    /// Which revision changed each part last, and the settled generation, by one statement.
    async fn parts(&self) -> Result<Parts>;

    /// What was committed after the revision `after`, oldest first, at most `limit` entries (one per revision and noun).
    /// A change of the region counts as one of grids.
    async fn changes(&self, after: Revision, limit: u32) -> Result<Vec<Change>>;

    /// Who made the revisions after `after`, and why; oldest first, at most `limit`. Those of before there was a journal
    /// have no entry.
    async fn journal(&self, after: Revision, limit: u32) -> Result<Vec<JournalEntry>>;

    /// Returns when a revision after `after` may have been committed: woken by this process's own commits (SQLite) or
    /// by LISTEN (PostgreSQL), and by a slow poll whatever happens. Never fails: losing the wake-up only makes it slow.
    async fn wait(&self, after: Revision);

    /// The newest revision this process has heard of, by whatever way. Asks no database.
    fn heard(&self) -> Revision;

    /// Every generation, by number.
    async fn generations(&self) -> Result<Vec<Generation>>;

    /// The holes that were listed and accepted when `generation` was published, in the order given.
    async fn acknowledged_gaps(&self, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>>;

    /// The grids of one generation, parents before children (by depth, then code); none where there is no such generation.
    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, Result<Grid>>;

    /// What makes the grids of the generation `to` of those of `from`, which may be the later one. Cost: what differs.
    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<GenerationDiff>;

    /// The generation that the grids of stored things are those of; `None` before any came into force.
    async fn settled(&self) -> Result<Option<GenerationNumber>>;

    /// The counts that the public sees, if they were released after `after`.
    async fn release(&self, after: Option<DateTime<Utc>>) -> Result<Option<Release>>;

    /// Where the things of `noun` are, and in which grid they are kept: those in one of `boxes` (and some near it, and one
    /// perhaps twice), or all. In no order, read row by row.
    fn placed(&self, noun: Noun, boxes: Option<Vec<Bbox>>) -> BoxStream<'_, Result<Placed>>;

    /// For how many things waiting generations keep another grid, by generation.
    async fn pending(&self) -> Result<Vec<(GenerationNumber, u64)>>;

    /// One page of the rows that pass `filter`, by id. For [`list`](trait.Store.html#method.list), which reads on.
    async fn page(&self, table: &'static TableSpec, filter: &Filter) -> Result<Box<dyn RowSet>>;

    /// The steps of an incident in the order they were recorded; none where there is no such incident.
    async fn steps(&self, incident: &str) -> Result<Vec<RecordedStep>>;

    /// How many rows pass `filter`, whatever its `after` and `limit` say.
    async fn count_rows(&self, table: &'static TableSpec, filter: &Filter) -> Result<u64>;

    /// How many of the households that pass `filter` lie in each deepest grid; `None` counts those outside every grid.
    async fn households_by_grid(&self, filter: Filter) -> Result<Vec<(Option<GridId>, u64)>>;

    /// Counts the incidents that pass `filter` by the deepest grid they lie in (`None`: outside every grid), kind,
    /// tier, status and, with the clock of `weeks`, ISO week. Ordered by all of these, absent ones first.
    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<IncidentCount<Option<GridId>>>>;

    /// Like [`Self::incidents_by_grid`], by the position they were given: for a ground whose grids are not kept.
    async fn incidents_by_position(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<IncidentCount<Position>>>;

    /// The positions that at least `at_least` of the incidents that pass `filter` share, and how many each: the fullest
    /// first, then from west to east and south to north, no more than the filter's `limit`.
    async fn shared_positions(&self, filter: Filter, at_least: u64) -> Result<Vec<(Position, u64)>>;

    /// Opens a transaction. Dropping it without [`Transaction::commit`] leaves no trace. Others may commit meanwhile, unless
    /// it [holds](Transaction::hold) the region or [reserves](Transaction::reserve) what it builds on. Whatever it has to wait
    /// for, it waits for a while only. `by` and `reason` are kept in the journal.
    async fn begin(&self, by: &Actor, reason: &str) -> Result<Box<dyn Transaction>>;

    /// Begins to set aside rows of a table, to be put all at once. Nobody waits for it, and nothing of it is seen.
    async fn stage(&self, table: &'static TableSpec) -> Result<Box<dyn Stage>>;

    /// Ends every connection, waiting for what is under way; afterwards nothing answers. A SQLite file is then whole by
    /// itself and may be copied or moved, if no other program has it open. A store only dropped loses nothing either, but
    /// its newest rows may be in the file beside it (`-wal`).
    async fn close(&self);
}

/// What can be asked of every noun.
impl dyn Store + '_ {
    /// All that passes `filter`, by id, as it is read.
    pub fn list<R: Record>(&self, filter: Filter) -> Rows<'_, R> {
        list::pages(filter, move |page| async move {
            let rows = self.page(R::TABLE, &page).await?;
            (0..rows.n_rows()).map(|at| list::stored(rows.row(at))).collect()
        })
    }

    pub fn households(&self, filter: Filter) -> Rows<'_, Household> {
        self.list(filter)
    }

    pub fn holders(&self, filter: Filter) -> Rows<'_, Holder> {
        self.list(filter)
    }

    pub fn duties(&self, filter: Filter) -> Rows<'_, Duty> {
        self.list(filter)
    }

    pub fn service_points(&self, filter: Filter) -> Rows<'_, ServicePoint> {
        self.list(filter)
    }

    pub fn incidents(&self, filter: Filter) -> Rows<'_, Incident> {
        self.list(filter)
    }

    /// How many things of `noun` pass `filter`, whatever its `after` and `limit` say. Grids are none of them.
    pub async fn count(&self, noun: Noun, filter: Filter) -> Result<u64> {
        match record::table_of(noun) {
            Some(table) => self.count_rows(table, &filter).await,
            None => Ok(0),
        }
    }
}

/// What differs between the grids of two generations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GenerationDiff {
    /// New ones, and those of which anything is other; parents before children.
    pub put: Vec<Grid>,
    /// Those no longer there, ordered by id.
    pub removed: Vec<GridId>,
}

/// What the grids of stored things hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The newest generation, whether it counts yet or waits.
    pub newest: Option<GenerationNumber>,
    /// The one that the grids of stored things are those of; not known in a database in which none was put in force.
    pub settled: Option<GenerationNumber>,
}

impl Ground {
    /// Tells whether the ground now is still this.
    #[must_use]
    pub fn is_still(self, now: Self) -> bool {
        self.newest == now.newest && now.settled.is_none_or(|settled| self.settled == Some(settled))
    }

    fn check(self, now: Self) -> Result<()> {
        if self.is_still(now) {
            Ok(())
        } else {
            Err(StoreError::GenerationMoved { known: self.newest, newest: now.newest })
        }
    }
}

/// A stored thing as far as its grid goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub id: String,
    pub position: Position,
    /// The grid kept with it.
    pub grid: Option<GridPath>,
}

impl Placed {
    fn read(row: &dyn table::Cells) -> Result<Self> {
        Ok(Self { id: row.text("id")?, position: row.position()?, grid: row.grid_path()? })
    }
}

/// What a generation that waits for its date will make of the grid of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub id: String,
    pub generation: GenerationNumber,
    pub grid: Option<GridPath>,
}
