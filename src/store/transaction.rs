//! What is written: one transaction after another, each with all of its changes or none.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::table::{Record, Row, TableSpec};
use super::{Ground, Pending, Placed, Result, record, relocate};
use crate::domain::{
    Actor, Duty, GenerationNumber, GridPath, Holder, Household, Id, Incident, NewGeneration, Noun, RecordedStep,
    Region, Release, Revision, ServicePoint, Version,
};
use crate::store::StoreError;

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
pub struct IdempotentResponse {
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

    /// Opens the transaction that they can be put in, as [`Store::begin`](super::Store::begin) does.
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
    /// and of what is located on it nothing is reserved by another.
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
    async fn remembered(&mut self, key: &str) -> Result<Option<IdempotentResponse>>;
    /// Remembers an answer, and forgets those of more than a day before `now`.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when an answer is remembered for the key by now: of two repetitions at once the second waits
    /// here for the first.
    async fn remember(&mut self, key: &str, answer: &IdempotentResponse, now: DateTime<Utc>) -> Result<()>;

    /// Keeps the counts that the public sees from now on, unless a later release is kept by now. No change of anything that
    /// is stored, and so no revision.
    async fn put_release(&mut self, release: &Release) -> Result<()>;

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

    /// The same for things of `noun`, by their ids. Nothing for nouns that keep no grid.
    pub async fn relocate_records(&mut self, noun: Noun, moved: &[(String, Option<GridPath>)]) -> Result<()> {
        let Some(table) = relocate::table_of(noun) else { return Ok(()) };
        let moved: Vec<_> = moved.iter().map(|(id, to)| (id.as_str(), to.clone())).collect();
        self.relocate_rows(table, &moved).await
    }
}
