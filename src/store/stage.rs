//! Rows that are set aside on a connection of their own, until all of them are put in one transaction.

use async_trait::async_trait;

use super::backend::Connection;
use super::feed::Feed;
use super::row::check_batch;
use super::steps;
use super::table::{Dialect, Row, TableSpec, staged};
use super::unit::Unit;
use super::{Result, Stage, Transaction};
use crate::domain::Actor;

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
        for statement in staged::gather::<C::Sql>(table) {
            connection.execute(statement).await?;
        }
        Ok(Self { connection, feed, region: region.to_owned(), table, n_rows: 0 })
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
        for statement in staged::sort::<C::Sql>(self.table) {
            self.connection.execute(statement).await?;
        }
        self.connection.begin().await?;
        let unit = Unit::begin(self.connection, self.feed, by, reason).await?;
        Ok(Box::new(unit.with_staged(self.table, self.n_rows)))
    }
}
