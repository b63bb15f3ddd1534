//! A store of one region, over either database.

use std::fmt;
use std::future::ready;

use async_trait::async_trait;
use chrono::FixedOffset;
use futures::stream::{self, BoxStream, StreamExt};

use super::backend::Backend;
use super::feed::Feed;
use super::table::{Cells, Dialect, RowSet, TableSpec, select};
use super::tally::{self, Tally};
use super::unit::{Unit, only, revision_of};
use super::{Differing, Filter, JournalEntry, Result, Store, Transaction, journal, region, row};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Actor, Change, Generation, GenerationNumber, Grid, GridId, Region, Revision};
use crate::geometry::Position;

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

    /// Like [`Self::fetch`] with the path of the filter's grid.
    async fn fetch_narrowed(
        &self,
        filter: &Filter,
        write: impl FnOnce(&mut B::Sql, &str, Option<&str>) + Send,
    ) -> Result<Vec<B::Row>> {
        let region = self.region_code().await?;
        let path = match &filter.grid {
            Some(grid) => self.backend.path_of(region, grid).await?,
            None => None,
        };
        let mut sql = B::Sql::empty();
        write(&mut sql, region, path.as_deref());
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

    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<Differing> {
        self.backend.grids_between(self.region_code().await?, from, to).await
    }

    async fn page(&self, table: &'static TableSpec, page: &Filter) -> Result<Box<dyn RowSet>> {
        let write = |sql: &mut B::Sql, region: &str, path: Option<&str>| select::page(sql, table, region, page, path);
        Ok(Box::new(self.fetch_narrowed(page, write).await?))
    }

    async fn count_rows(&self, table: &'static TableSpec, filter: &Filter) -> Result<u64> {
        let write =
            |sql: &mut B::Sql, region: &str, path: Option<&str>| select::count(sql, table, region, filter, path);
        let rows = self.fetch_narrowed(filter, write).await?;
        rows.first().map_or(Ok(0), |row| Ok(row.integer("n")?.unsigned_abs()))
    }

    async fn households_by_grid(&self) -> Result<Vec<(Option<GridId>, u64)>> {
        let rows = self.fetch(tally::households).await?;
        rows.iter().map(|row| tally::read_households(row)).collect()
    }

    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<Tally<Option<GridId>>>> {
        let narrow = &filter;
        let rows =
            self.fetch_narrowed(narrow, |sql, region, path| tally::by_grid(sql, region, narrow, path, weeks)).await?;
        rows.iter().map(|row| tally::read_by_grid(row)).collect()
    }

    async fn incidents_by_position(&self, filter: Filter, weeks: Option<FixedOffset>) -> Result<Vec<Tally<Position>>> {
        let narrow = &filter;
        let rows = self
            .fetch_narrowed(narrow, |sql, region, path| tally::by_position(sql, region, narrow, path, weeks))
            .await?;
        rows.iter().map(|row| tally::read_by_position(row)).collect()
    }

    async fn shared_positions(&self, filter: Filter, at_least: u64) -> Result<Vec<(Position, u64)>> {
        let narrow = &filter;
        let rows =
            self.fetch_narrowed(narrow, |sql, region, path| tally::shared(sql, region, narrow, path, at_least)).await?;
        rows.iter().map(|row| tally::read_shared(row)).collect()
    }

    async fn begin(&self, by: &Actor, reason: &str) -> Result<Box<dyn Transaction>> {
        let connection = self.backend.begin().await?;
        Ok(Box::new(Unit::begin(connection, self.feed.clone(), by, reason).await?))
    }

    async fn close(&self) {
        self.backend.close().await;
    }
}
