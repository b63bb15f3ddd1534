//! Rows that are set aside on a connection of their own, until all of them are put in one transaction.

use async_trait::async_trait;

use super::backend::Connection;
use super::feed::Feed;
use super::table::row::check_batch;
use super::table::{Cells, Dialect, Row, TableSpec, staged};
use super::unit::{Staged, Unit, revision_of};
use super::{Result, Stage, Transaction, region, steps};
use crate::domain::{Actor, Revision};

pub(super) struct Aside<C> {
    connection: C,
    feed: Feed,
    region: String,
    table: &'static TableSpec,
    n_rows: usize,
}

impl<C: Connection> Aside<C> {
    /// Begins to set aside rows of `table` for the region, outside any transaction.
    pub(super) async fn new(mut connection: C, feed: Feed, region: &str, table: &'static TableSpec) -> Result<Self> {
        connection.execute(staged::gather(table)).await?;
        if table.has_steps() {
            connection.execute(steps::gather()).await?;
        }
        Ok(Self { connection, feed, region: region.to_owned(), table, n_rows: 0 })
    }
}

impl<C: Connection> Aside<C> {
    /// What is staged that somebody has written or removed, and by which revision at least.
    async fn edited(&mut self) -> Result<(Revision, Vec<String>)> {
        let mut sql = C::Sql::empty();
        region::revision(&mut sql, &self.region);
        let as_of = revision_of(&self.connection.fetch(sql).await?)?;
        let mut sql = C::Sql::empty();
        staged::edited(&mut sql, self.table, &self.region);
        let rows = self.connection.fetch(sql).await?;
        Ok((as_of, rows.iter().map(|row| row.text("id")).collect::<Result<_>>()?))
    }
}

#[async_trait]
impl<C: Connection> Stage for Aside<C> {
    async fn add(&mut self, rows: &[Row<'_>]) -> Result<()> {
        check_batch(self.table.noun, rows)?;
        for batch in rows.chunks(C::BATCH) {
            let mut sql = C::Sql::empty();
            staged::add(&mut sql, self.table, &self.region, batch);
            self.connection.execute(sql).await?;
        }
        let steps: Vec<_> = steps::given(rows).collect();
        for batch in steps.chunks(C::BATCH) {
            let mut sql = C::Sql::empty();
            steps::add(&mut sql, batch);
            self.connection.execute(sql).await?;
        }
        self.n_rows += rows.len();
        Ok(())
    }

    async fn begin(mut self: Box<Self>, by: &Actor, reason: &str) -> Result<Box<dyn Transaction>> {
        for statement in staged::sort::<C::Sql>(self.table, self.n_rows) {
            self.connection.execute(statement).await?;
        }
        let (as_of, edited) = self.edited().await?;
        self.connection.prepare_staged(self.table, &self.region, self.n_rows).await?;
        self.connection.begin().await?;
        let staged = Staged { table: self.table, n_rows: self.n_rows, edited, as_of };
        Ok(Box::new(Unit::begin(self.connection, self.feed, by, reason).await?.with_staged(staged)))
    }
}
