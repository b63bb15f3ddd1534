//! Who changed what is kept, and why: one entry for each revision.

use chrono::{DateTime, Utc};

use super::Result;
use super::error::inconsistent;
use super::table::Cells;
use crate::domain::{Actor, Revision};

/// What a transaction says of itself.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub(super) actor: Actor,
    pub(super) text: String,
    pub(super) request: Option<String>,
}

/// One entry of the journal. It holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub revision: Revision,
    pub actor: Actor,
    pub reason: String,
    /// By the clock of the database.
    pub committed_at: DateTime<Utc>,
    /// The request that made the change, where it was one.
    pub request: Option<String>,
}

pub(super) fn read(row: &dyn Cells) -> Result<JournalEntry> {
    Ok(JournalEntry {
        revision: Revision(row.whole("revision")?),
        actor: Actor::new(row.text("actor")?).map_err(|e| inconsistent("actor", e))?,
        reason: row.text("reason")?,
        committed_at: row.instant("committed_at")?,
        request: row.text_or_null("request")?,
    })
}
