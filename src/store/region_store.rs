//! A store of one region, over either database.

use std::fmt;
use std::future::ready;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, Utc};
use futures::stream::{self, BoxStream, StreamExt};

use super::backend::Backend;
use super::counts::{self, IncidentCount};
use super::feed::Feed;
use super::stage::Aside;
use super::table::{Cells, Dialect, RowSet, TableSpec, select};
use super::unit::{Unit, only, revision_of};
use super::{
    Filter, GenerationDiff, JournalEntry, Placed, Result, Stage, Store, Transaction, journal, region, released,
    relocate, row, steps,
};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{
    Actor, Change, Generation, GenerationNumber, Grid, GridId, Noun, Parts, RecordedStep, Region, Release, Revision,
};
use crate::geometry::{Bbox, Position};

pub(super) struct RegionStore<B> {
    backend: B,
    feed: Feed,
}

impl<B: Backend> RegionStore<B> {
    /// Opens the region that `feed` is bound to, or else the database's only one.
    pub(super) async fn new(backend: B, feed: Feed) -> Result<Self> {
        let opened = Self { backend, feed };
        opened.region_code().await?;
        Ok(opened)
    }

    /// The code of the region kept here; empty, so that nothing is found, in a new database.
    async fn region_code(&self) -> Result<&str> {
        if let Some(code) = self.feed.region() {
            return Ok(code);
        }
        let mut sql = B::Sql::empty();
        region::codes(&mut sql);
        let rows = self.backend.fetch(sql).await?;
        let codes = rows.iter().map(|row| row.text("region_code")).collect::<Result<_>>()?;
        Ok(only(codes)?.map_or("", |code| self.feed.bind(code)))
    }

    async fn fetch(&self, write: impl FnOnce(&mut B::Sql, &str) + Send) -> Result<Vec<B::Row>> {
        let region = self.region_code().await?;
        let mut sql = B::Sql::empty();
        write(&mut sql, region);
        self.backend.fetch(sql).await
    }
}

impl<B> fmt::Debug for RegionStore<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegionStore").field("feed", &self.feed).finish_non_exhaustive()
    }
}

#[async_trait]
impl<B: Backend> Store for RegionStore<B> {
    async fn region(&self) -> Result<Option<Region>> {
        let rows = self.fetch(region::read).await?;
        rows.first().map(|row| row::region::read(row)).transpose()
    }

    async fn revision(&self) -> Result<Revision> {
        revision_of(&self.fetch(region::revision).await?)
    }

    async fn parts(&self) -> Result<Parts> {
        let rows = self.fetch(region::parts).await?;
        let parts = rows.first().map_or(Ok(Parts::default()), |row| region::read_parts(row))?;
        self.feed.hear(parts.revision);
        Ok(parts)
    }

    fn heard(&self) -> Revision {
        self.feed.heard()
    }

    async fn changes(&self, after: Revision, limit: u32) -> Result<Vec<Change>> {
        let rows = self.fetch(|sql, region| region::changes(sql, region, after, limit)).await?;
        rows.iter().map(|row| row::grid::read_change(row)).collect()
    }

    async fn journal(&self, after: Revision, limit: u32) -> Result<Vec<JournalEntry>> {
        let rows = self.fetch(|sql, region| region::journal(sql, region, after, limit)).await?;
        rows.iter().map(|row| journal::read(row)).collect()
    }

    async fn wait(&self, after: Revision) {
        self.feed.wait(after, || self.revision()).await;
    }

    async fn generations(&self) -> Result<Vec<Generation>> {
        self.backend.generations(self.region_code().await?).await
    }

    async fn acknowledged_gaps(&self, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
        self.backend.gaps(self.region_code().await?, generation).await
    }

    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, Result<Grid>> {
        let grids = async move {
            match self.region_code().await {
                Ok(code) => self.backend.grids(code, generation),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(grids).flatten().boxed()
    }

    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<GenerationDiff> {
        self.backend.grids_between(self.region_code().await?, from, to).await
    }

    async fn settled(&self) -> Result<Option<GenerationNumber>> {
        relocate::read_settled(&self.fetch(relocate::settled).await?)
    }

    async fn release(&self, after: Option<DateTime<Utc>>) -> Result<Option<Release>> {
        let rows = self.fetch(|sql, region| released::get(sql, region, after)).await?;
        rows.first().map(|row| released::read(row)).transpose()
    }

    fn placed(&self, noun: Noun, boxes: Option<Vec<Bbox>>) -> BoxStream<'_, Result<Placed>> {
        let Some(table) = relocate::table_of(noun) else { return stream::empty().boxed() };
        let placed = async move {
            match self.region_code().await {
                Ok(code) => self.backend.placed(code, table, boxes),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(placed).flatten().boxed()
    }

    async fn pending(&self) -> Result<Vec<(GenerationNumber, u64)>> {
        let rows = self.fetch(relocate::pending).await?;
        rows.iter().map(|row| Ok((row::grid::whole(row, "generation")?, row::grid::whole(row, "n")?))).collect()
    }

    async fn page(&self, table: &'static TableSpec, page: &Filter) -> Result<Box<dyn RowSet>> {
        Ok(Box::new(self.fetch(|sql, region| select::page(sql, table, region, page)).await?))
    }

    async fn steps(&self, incident: &str) -> Result<Vec<RecordedStep>> {
        if incident.contains('\0') {
            return Ok(Vec::new());
        }
        let rows = self.fetch(|sql, region| steps::of(sql, region, &[incident])).await?;
        Ok(steps::read(&rows)?.remove(incident).unwrap_or_default())
    }

    async fn count_rows(&self, table: &'static TableSpec, filter: &Filter) -> Result<u64> {
        let rows = self.fetch(|sql, region| select::count(sql, table, region, filter)).await?;
        rows.first().map_or(Ok(0), |row| Ok(row.integer("n")?.unsigned_abs()))
    }

    async fn households_by_grid(&self, filter: Filter) -> Result<Vec<(Option<GridId>, u64)>> {
        let rows = self.fetch(|sql, region| counts::households(sql, region, &filter)).await?;
        rows.iter().map(|row| counts::read_households(row)).collect()
    }

    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<IncidentCount<Option<GridId>>>> {
        let rows = self.fetch(|sql, region| counts::by_grid(sql, region, &filter, weeks)).await?;
        rows.iter().map(|row| counts::read_by_grid(row)).collect()
    }

    async fn incidents_by_position(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<IncidentCount<Position>>> {
        let rows = self.fetch(|sql, region| counts::by_position(sql, region, &filter, weeks)).await?;
        rows.iter().map(|row| counts::read_by_position(row)).collect()
    }

    async fn shared_positions(&self, filter: Filter, at_least: u64) -> Result<Vec<(Position, u64)>> {
        let rows = self.fetch(|sql, region| counts::shared(sql, region, &filter, at_least)).await?;
        rows.iter().map(|row| counts::read_shared(row)).collect()
    }

    async fn begin(&self, by: &Actor, reason: &str) -> Result<Box<dyn Transaction>> {
        let connection = self.backend.begin().await?;
        Ok(Box::new(Unit::begin(connection, self.feed.clone(), by, reason).await?))
    }

    async fn stage(&self, table: &'static TableSpec) -> Result<Box<dyn Stage>> {
        let region = self.region_code().await?;
        Ok(Box::new(Aside::new(self.backend.aside().await?, self.feed.clone(), region, table).await?))
    }

    async fn close(&self) {
        self.backend.close().await;
    }
}
