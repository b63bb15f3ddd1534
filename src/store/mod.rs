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
pub mod error;
mod feed;
pub mod filter;
pub mod journal;
mod list;
mod migrations;
mod postgres;
mod record;
mod region;
mod region_store;
mod relocate;
mod remembered;
mod row;
mod sqlite;
mod stage;
mod steps;
pub mod table;
pub mod tally;
mod unit;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, Utc};
use futures::stream::BoxStream;

pub use error::StoreError;
pub use filter::{Filter, Property, Standing, TimeSpan, Within};
pub use journal::JournalEntry;
pub use table::{Record, TableSpec};
pub use tally::Tally;

use crate::domain::generation::AcknowledgedGap;
use crate::domain::{
    Actor, Change, Duty, Generation, GenerationNumber, Grid, GridId, GridPath, Holder, Household, Id, Incident,
    NewGeneration, Noun, Parts, RecordedStep, Region, Revision, ServicePoint, Version,
};
use crate::geometry::{Bbox, Position};
use feed::Feed;
use region_store::RegionStore;
use table::{Row, RowSet};

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
    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<Differing>;

    /// The generation that the grids of stored things are those of; `None` before any came into force.
    async fn settled(&self) -> Result<Option<GenerationNumber>>;

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

    /// How many of the households that pass `filter` stand in each deepest grid; `None` counts those outside every grid.
    async fn households_by_grid(&self, filter: Filter) -> Result<Vec<(Option<GridId>, u64)>>;

    /// Counts the incidents that pass `filter` by the deepest grid they stand in (`None`: outside every grid), kind,
    /// tier, status and, with the clock of `weeks`, ISO week. Ordered by all of these, absent ones first.
    async fn incidents_by_grid(&self, filter: Filter, weeks: Option<FixedOffset>)
    -> Result<Vec<Tally<Option<GridId>>>>;

    /// Like [`Self::incidents_by_grid`], by the position they were given: for a ground whose grids are not kept.
    async fn incidents_by_position(&self, filter: Filter, weeks: Option<FixedOffset>) -> Result<Vec<Tally<Position>>>;

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
    /// its newest rows may stand in the file beside it (`-wal`).
    async fn close(&self);
}

/// What can be asked of every noun.
impl dyn Store + '_ {
    /// All that passes `filter`, by id, as it is read.
    pub fn list<R: Record>(&self, filter: Filter) -> Rows<'_, R> {
        list::pages(filter, move |page| async move {
            let rows = self.page(R::TABLE, &page).await?;
            (0..rows.n_rows()).map(|at| row::stored(rows.row(at))).collect()
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
pub struct Differing {
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

/// What a generation that waits for its date will make of the grid of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub id: String,
    pub generation: GenerationNumber,
    pub grid: Option<GridPath>,
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

impl Expect {
    /// Whether it is somebody's own change of one thing; else what is put is what a file says.
    pub(super) fn is_edit(self) -> bool {
        self != Self::Any
    }
}

/// The answer given to a request with an `Idempotency-Key`, so that its repetition gets the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Tells whether the repeated request is the same one: a digest of method, path and body.
    pub fingerprint: String,
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
    /// Of what was stored.
    pub version: Version,
}

/// Many rows of one table, set aside outside any transaction on the disk of the database; so a file of any length is read and
/// checked while others write. Dropped, it leaves no trace.
#[async_trait]
pub trait Stage: Send {
    /// Sets rows aside as an import brings them. No two of all may have the same id.
    async fn add(&mut self, rows: &[Row<'_>]) -> Result<()>;

    /// Opens the transaction that they can be put in, as [`Store::begin`] does.
    async fn begin(self: Box<Self>, by: &Actor, reason: &str) -> Result<Box<dyn Transaction>>;
}

/// Writes under one revision. Lists of any length are taken in batches that bound memory.
///
/// The region comes first: every other write to a new one is refused with [`StoreError::NoRegion`]. A thing put again
/// unchanged keeps its version and is no change. The steps of an incident are only added to: what is put says at least the
/// new ones, and those recorded before stay. References (a duty's holder, a holder's body, who took a step) may point
/// forward and are checked at commit: [`StoreError::Dangling`]. After an error, drop the transaction.
#[async_trait]
pub trait Transaction: Send {
    /// Names the request that makes the change, for the journal.
    fn name_request(&mut self, request: &str);

    /// Stores the region, or replaces what is kept of it.
    ///
    /// # Errors
    /// [`StoreError::OtherRegion`] when the store is that of another one.
    async fn put_region(&mut self, region: &Region) -> Result<()>;

    /// Publishes the difference as the next generation and returns its number. It is recorded no earlier than the one before.
    ///
    /// # Errors
    /// [`StoreError::GenerationMoved`] when another generation was published since the newest it knew of,
    /// [`StoreError::Absent`] when it removes a grid that its base does not have, [`StoreError::Clash`] when a code is there
    /// twice.
    async fn publish(&mut self, new: &NewGeneration, recorded: DateTime<Utc>) -> Result<GenerationNumber>;

    /// Stores rows of one table, see [`Row::of`].
    async fn put_rows(&mut self, table: &'static TableSpec, rows: &[Row<'_>], expect: Expect) -> Result<()>;

    /// Removes one row.
    async fn delete_row(&mut self, table: &'static TableSpec, id: &str, expect: Expect) -> Result<()>;

    /// The version that a row has by now, this transaction's own changes included; `None` when it is not there.
    async fn version_of(&mut self, table: &'static TableSpec, id: &str) -> Result<Option<Version>>;

    /// The steps of an incident in the order they were recorded, this transaction's own included.
    async fn steps(&mut self, incident: &str) -> Result<Vec<RecordedStep>>;

    /// Those of `ids` that somebody has written or removed since an import stored them: by a write that expects something
    /// ([`Expect`]).
    async fn edited(&mut self, table: &'static TableSpec, ids: &[&str]) -> Result<Vec<String>>;

    /// Stores what was staged, as an import does ([`Expect::Any`]). Nothing where nothing is.
    async fn put_staged(&mut self) -> Result<()>;

    /// [Those](Self::edited) of what was staged.
    async fn edited_staged(&mut self) -> Result<Vec<String>>;

    /// Leaves them out of what is put. Returns how many.
    async fn leave_edited(&mut self) -> Result<u64>;

    /// Where the things are that were staged and in which grid, by id, some thousands after the id `after`; none at the end.
    async fn placed_staged(&mut self, after: &str) -> Result<Vec<Placed>>;

    /// Sets the derived grid of things after the ground under them changed. Not a change of their version; ids that are no
    /// longer there are passed over.
    async fn relocate_rows(&mut self, table: &'static TableSpec, moved: &[(&str, Option<GridPath>)]) -> Result<()>;

    /// The ground as it is by now.
    async fn ground(&mut self) -> Result<Ground>;

    /// Waits until nobody else writes things of `noun`, and keeps them waiting until the end. To be called before anything is
    /// written, and before [`Self::hold`]. Reserved grids are a ground that nobody else changes,
    /// and of what stands on it nothing is reserved by another.
    async fn reserve(&mut self, noun: Noun) -> Result<()>;

    /// Waits until nobody else commits to the region, and keeps them waiting until the end: what the store shows from here on
    /// is what this is committed on. To be called late, since everybody waits.
    async fn hold(&mut self) -> Result<()>;

    /// Tells that the grids of stored things are now those of `generation`. The caller has moved them.
    async fn settle(&mut self, generation: GenerationNumber) -> Result<()>;

    /// Moves the stored things to what is pending for `generation`, which is done with then, and settles on it. No revision
    /// when nothing moves.
    async fn take_over(&mut self, generation: GenerationNumber) -> Result<()>;

    /// Keeps what waiting generations will make of the grid of things: for each of `ids` what was kept before is forgotten.
    /// Given is only what differs from the ground of the date before.
    async fn put_pending(&mut self, noun: Noun, ids: &[&str], pending: &[Pending]) -> Result<()>;

    /// Forgets all that is pending for a generation that no longer counts.
    async fn forget_pending(&mut self, generation: GenerationNumber) -> Result<()>;

    /// Keeps what is pending for the generation `from` as that of `to`, by which it was replaced.
    async fn renumber_pending(&mut self, from: GenerationNumber, to: GenerationNumber) -> Result<()>;

    /// The answer remembered for an idempotency key.
    async fn remembered(&mut self, key: &str) -> Result<Option<Remembered>>;
    /// Remembers an answer, and forgets those of more than a day before `now`.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when an answer is remembered for the key by now: of two repetitions at once the second waits
    /// here for the first.
    async fn remember(&mut self, key: &str, answer: &Remembered, now: DateTime<Utc>) -> Result<()>;

    /// Commits everything under the next revision; it is on disk when this returns. A transaction that changed nothing
    /// makes no revision and returns the newest.
    async fn commit(self: Box<Self>) -> Result<Revision>;

    /// The same, if the ground is still that on which the things were located.
    ///
    /// # Errors
    /// [`StoreError::GenerationMoved`] when it is another: nothing is stored, and what is made again may fit.
    async fn commit_on(self: Box<Self>, ground: Ground) -> Result<Revision>;
}

/// What can be done with every noun.
impl dyn Transaction + '_ {
    /// Stores things, if what is there is as expected.
    pub async fn put<R: Record>(&mut self, things: &[R], expect: Expect) -> Result<()> {
        let rows: Vec<Row<'_>> = things.iter().map(Row::of).collect();
        self.put_rows(R::TABLE, &rows, expect).await
    }

    pub async fn put_households(&mut self, households: &[Household], expect: Expect) -> Result<()> {
        self.put(households, expect).await
    }

    pub async fn put_holders(&mut self, holders: &[Holder], expect: Expect) -> Result<()> {
        self.put(holders, expect).await
    }

    pub async fn put_duties(&mut self, duties: &[Duty], expect: Expect) -> Result<()> {
        self.put(duties, expect).await
    }

    pub async fn put_service_points(&mut self, points: &[ServicePoint], expect: Expect) -> Result<()> {
        self.put(points, expect).await
    }

    pub async fn put_incidents(&mut self, incidents: &[Incident], expect: Expect) -> Result<()> {
        self.put(incidents, expect).await
    }

    /// Removes one thing of `noun`. A grid is always [`StoreError::Absent`] here: grids go by a plan.
    pub async fn delete(&mut self, noun: Noun, id: &str, expect: Expect) -> Result<()> {
        match record::table_of(noun) {
            Some(table) => self.delete_row(table, id, expect).await,
            None => Err(StoreError::Absent { noun, id: id.into() }),
        }
    }

    /// The version that a thing has by now, this transaction's own changes included; `None` when it is not there. Grids
    /// have none.
    pub async fn version(&mut self, noun: Noun, id: &str) -> Result<Option<Version>> {
        match record::table_of(noun) {
            Some(table) => self.version_of(table, id).await,
            None => Ok(None),
        }
    }

    /// Sets the derived grid of things, see [`Transaction::relocate_rows`].
    pub async fn relocate<R: Record>(&mut self, moved: &[(Id<R>, Option<GridPath>)]) -> Result<()> {
        let moved: Vec<_> = moved.iter().map(|(id, at)| (id.as_str(), at.clone())).collect();
        self.relocate_rows(R::TABLE, &moved).await
    }

    /// The same for things of `noun`, told by their ids. Nothing for nouns that keep no grid.
    pub async fn relocate_things(&mut self, noun: Noun, moved: &[(String, Option<GridPath>)]) -> Result<()> {
        let Some(table) = relocate::table_of(noun) else { return Ok(()) };
        let moved: Vec<_> = moved.iter().map(|(id, to)| (id.as_str(), to.clone())).collect();
        self.relocate_rows(table, &moved).await
    }
}
