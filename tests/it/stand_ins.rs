//! Stand-ins for what the application is given: a clock that a test sets, and a store that a test unplugs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, Utc};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use gridmap::domain::generation::AcknowledgedGap;
use gridmap::domain::{
    Actor, Change, Clock, Generation, GenerationNumber, Grid, GridId, Incident, Noun, Parts, RecordedStep, Region,
    Release, Revision,
};
use gridmap::geometry::{Bbox, Position};
use gridmap::store::table::RowSet;
use gridmap::store::{
    self, Expect, Filter, GenerationDiff, IncidentCount, JournalEntry, Placed, Stage, Store, StoreError, TableSpec,
    Transaction,
};

/// A clock whose hands a test moves.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<DateTime<Utc>>>);

impl Hands {
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    pub(crate) fn turn_to(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A store that can be unplugged, and in which others write.
pub(crate) struct Unplugged {
    inner: Arc<dyn Store>,
    away: Arc<AtomicBool>,
    /// Stored by somebody else, one whenever the parts have been looked at.
    foreign: Mutex<Vec<Incident>>,
    n_asked: AtomicUsize,
    /// How often all things were counted by grid, wherever they stand.
    n_counted_whole: AtomicUsize,
}

impl Unplugged {
    /// Returns the store with its plug: while that is true, the store is away.
    pub(crate) fn over(inner: Arc<dyn Store>) -> (Arc<Self>, Arc<AtomicBool>) {
        let away = Arc::new(AtomicBool::new(false));
        (Arc::new(Self::new(inner, Arc::clone(&away), Vec::new())), away)
    }

    /// Has somebody else store one of `incidents` after every look at the parts, while there are any.
    pub(crate) fn written_to(inner: Arc<dyn Store>, incidents: Vec<Incident>) -> Arc<Self> {
        Arc::new(Self::new(inner, Arc::default(), incidents))
    }

    fn new(inner: Arc<dyn Store>, away: Arc<AtomicBool>, foreign: Vec<Incident>) -> Self {
        let (n_asked, n_counted_whole) = (AtomicUsize::default(), AtomicUsize::default());
        Self { inner, away, foreign: Mutex::new(foreign), n_asked, n_counted_whole }
    }

    /// How often all homes or incidents were counted by grid, wherever they stand.
    pub(crate) fn n_counted_whole(&self) -> usize {
        self.n_counted_whole.load(Ordering::SeqCst)
    }

    fn note_count(&self, filter: &Filter) {
        if filter.location.is_none() {
            self.n_counted_whole.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// How many the others have still to store.
    pub(crate) fn n_foreign(&self) -> usize {
        self.foreign.lock().unwrap().len()
    }

    /// How often the store was asked for something.
    pub(crate) fn n_asked(&self) -> usize {
        self.n_asked.load(Ordering::SeqCst)
    }

    fn plugged(&self) -> store::Result<&Arc<dyn Store>> {
        self.n_asked.fetch_add(1, Ordering::SeqCst);
        let away = || StoreError::Unavailable(sqlx::Error::PoolTimedOut);
        if self.away.load(Ordering::SeqCst) { Err(away()) } else { Ok(&self.inner) }
    }

    fn rows<'s, T: Send + 's>(
        &'s self,
        of: impl FnOnce(&'s Arc<dyn Store>) -> BoxStream<'s, store::Result<T>>,
    ) -> BoxStream<'s, store::Result<T>> {
        self.plugged().map_or_else(|away| stream::once(async { Err(away) }).boxed(), of)
    }
}

#[async_trait]
impl Store for Unplugged {
    async fn region(&self) -> store::Result<Option<Region>> {
        self.plugged()?.region().await
    }
    async fn revision(&self) -> store::Result<Revision> {
        self.plugged()?.revision().await
    }
    async fn parts(&self) -> store::Result<Parts> {
        let parts = self.plugged()?.parts().await;
        let foreign = self.foreign.lock().unwrap().pop();
        if let Some(incident) = foreign {
            let mut transaction = self.inner.begin(&Actor::SYSTEM, "another server").await?;
            transaction.put_incidents(&[incident], Expect::Absent).await?;
            transaction.commit().await?;
        }
        parts
    }
    async fn changes(&self, after: Revision, limit: u32) -> store::Result<Vec<Change>> {
        self.plugged()?.changes(after, limit).await
    }
    async fn journal(&self, after: Revision, limit: u32) -> store::Result<Vec<JournalEntry>> {
        self.plugged()?.journal(after, limit).await
    }
    async fn wait(&self, after: Revision) {
        self.inner.wait(after).await;
    }
    fn heard(&self) -> Revision {
        self.inner.heard()
    }
    async fn generations(&self) -> store::Result<Vec<Generation>> {
        self.plugged()?.generations().await
    }
    async fn acknowledged_gaps(&self, generation: GenerationNumber) -> store::Result<Vec<AcknowledgedGap>> {
        self.plugged()?.acknowledged_gaps(generation).await
    }
    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, store::Result<Grid>> {
        self.rows(|store| store.grids(generation))
    }
    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> store::Result<GenerationDiff> {
        self.plugged()?.grids_between(from, to).await
    }
    async fn settled(&self) -> store::Result<Option<GenerationNumber>> {
        self.plugged()?.settled().await
    }
    async fn release(&self, after: Option<DateTime<Utc>>) -> store::Result<Option<Release>> {
        self.plugged()?.release(after).await
    }
    fn placed(&self, noun: Noun, boxes: Option<Vec<Bbox>>) -> BoxStream<'_, store::Result<Placed>> {
        self.rows(|store| store.placed(noun, boxes))
    }
    async fn pending(&self) -> store::Result<Vec<(GenerationNumber, u64)>> {
        self.plugged()?.pending().await
    }
    async fn page(&self, table: &'static TableSpec, filter: &Filter) -> store::Result<Box<dyn RowSet>> {
        self.plugged()?.page(table, filter).await
    }
    async fn steps(&self, incident: &str) -> store::Result<Vec<RecordedStep>> {
        self.plugged()?.steps(incident).await
    }
    async fn count_rows(&self, table: &'static TableSpec, filter: &Filter) -> store::Result<u64> {
        self.plugged()?.count_rows(table, filter).await
    }
    async fn households_by_grid(&self, filter: Filter) -> store::Result<Vec<(Option<GridId>, u64)>> {
        self.note_count(&filter);
        self.plugged()?.households_by_grid(filter).await
    }
    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> store::Result<Vec<IncidentCount<Option<GridId>>>> {
        self.note_count(&filter);
        self.plugged()?.incidents_by_grid(filter, weeks).await
    }
    async fn incidents_by_position(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> store::Result<Vec<IncidentCount<Position>>> {
        self.plugged()?.incidents_by_position(filter, weeks).await
    }
    async fn shared_positions(&self, filter: Filter, at_least: u64) -> store::Result<Vec<(Position, u64)>> {
        self.plugged()?.shared_positions(filter, at_least).await
    }
    async fn begin(&self, by: &Actor, reason: &str) -> store::Result<Box<dyn Transaction>> {
        self.plugged()?.begin(by, reason).await
    }
    async fn stage(&self, table: &'static TableSpec) -> store::Result<Box<dyn Stage>> {
        self.plugged()?.stage(table).await
    }
    async fn close(&self) {
        self.inner.close().await;
    }
}
