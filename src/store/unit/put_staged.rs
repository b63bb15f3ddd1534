//! Putting what is staged on the connection of a transaction.

use super::Unit;
use super::put::found;
use crate::domain::Revision;
use crate::store::backend::Connection;
use crate::store::table::write::{self, Source};
use crate::store::table::{TableSpec, staged};
use crate::store::{Result, Transaction as _, steps};

/// What is staged on the connection of a transaction.
pub(in crate::store) struct Staged {
    pub(in crate::store) table: &'static TableSpec,
    pub(in crate::store) n_rows: usize,
    /// Those of it that somebody had written or removed by the revision `as_of`.
    pub(in crate::store) edited: Vec<String>,
    pub(in crate::store) as_of: Revision,
}

impl<C: Connection> Unit<C> {
    /// The same on a connection on which rows are staged.
    pub(in crate::store) fn with_staged(mut self, staged: Staged) -> Self {
        self.staged = Some(staged);
        self
    }

    pub(super) fn staged_table(&self) -> Option<&'static TableSpec> {
        self.staged.as_ref().map(|staged| staged.table)
    }

    pub(super) async fn put_all_staged(&mut self) -> Result<()> {
        let Some(Staged { table, n_rows, .. }) = self.staged else { return Ok(()) };
        self.lock_records(table.noun, false).await?;
        if table.has_steps() {
            let actor = self.why.actor.clone();
            self.execute(|sql, _| steps::append_staged(sql, &actor)).await?;
            self.execute(|sql, _| steps::follow_staged(sql)).await?;
        }
        if self.changed.are_few(table.noun, n_rows) {
            let placed = self.placed_staged("").await?;
            let ids: Vec<&str> = placed.iter().map(|placed| placed.id.as_str()).collect();
            let before = self.found(table, &ids).await?;
            let all = Source::Staged { after: 0, upto: i64::MAX };
            let written = self.fetch(|sql, _| write::upsert(sql, table, all, true)).await?;
            for row in &written {
                let (id, (_, after)) = found(table, row)?;
                let before = before.get(&id).and_then(|(_, at)| at.clone());
                self.changed.one(table.noun, &id, before, after);
            }
        } else {
            for (after, upto) in staged::parts(n_rows) {
                let part = Source::Staged { after, upto };
                let n = self.execute(|sql, _| write::upsert(sql, table, part, false)).await?;
                self.changed.many(table.noun, n);
            }
        }
        Ok(())
    }
}
