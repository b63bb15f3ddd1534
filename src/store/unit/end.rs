//! The end of a transaction: its revision, its entries in the feed and the journal, and the commit.

use super::{Unit, revision_of};
use crate::domain::{Noun, Revision, Which};
use crate::store::backend::Connection;
use crate::store::row::grid::whole_or_null;
use crate::store::table::Cells;
use crate::store::{Ground, Result, Transaction as _, region};

impl<C: Connection> Unit<C> {
    pub(super) async fn end(mut self: Box<Self>, on: Option<Ground>) -> Result<Revision> {
        let changed = std::mem::take(&mut self.changed).into_entries();
        if !changed.is_empty() {
            self.hold().await?;
        }
        let revision = match (self.is_there, changed.is_empty()) {
            (false, _) => Revision(0),
            (true, true) => revision_of(&self.fetch(region::revision).await?)?,
            (true, false) => self.advance(changed, on).await?,
        };
        let Self { connection, feed, bound, .. } = *self;
        connection.commit().await?;
        if let Some(bound) = &bound {
            feed.announce(bound, revision);
        }
        Ok(revision)
    }

    /// Takes the next revision and writes what it changed, who changed it, and why.
    async fn advance(&mut self, changed: Vec<(Noun, Which)>, on: Option<Ground>) -> Result<Revision> {
        let row = self.fetch(region::advance).await?;
        let revision = revision_of(&row)?;
        if let (Some(on), Some(row)) = (on, row.first()) {
            let row: &dyn Cells = row;
            let newest = whole_or_null(row, "newest_generation")?;
            on.check(Ground { newest, settled: whole_or_null(row, "settled_generation")? })?;
        }
        for (noun, which) in changed {
            self.execute(|sql, region| region::put_change(sql, region, revision, noun, &which)).await?;
        }
        let why = self.why.clone();
        self.execute(|sql, region| region::put_journal(sql, region, revision, &why)).await?;
        let (connection, region) = self.parts()?;
        connection.notify(region, revision).await?;
        Ok(revision)
    }
}
