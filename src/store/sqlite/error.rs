//! What SQLite's refusals mean.

use std::time::Instant;

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteConnection;

use crate::store::record::noun_of_table;
use crate::store::table::Cells;
use crate::store::{Result, StoreError};

/// Returns what a refusal with this extended result code means, or `None` when it is a bug.
pub(in crate::store) fn mapped(code: &str, message: &str) -> Option<StoreError> {
    // Unique constraints and primary keys: the message names the index or the columns.
    let of_a_key = matches!(code, "2067" | "1555");
    if matches!(code.parse::<u32>(), Ok(code) if matches!(code & 0xff, 11 | 26)) {
        return Some(StoreError::Damaged { file: String::new(), cause: message.to_owned() });
    }
    of_a_key.then(|| StoreError::Clash { constraint: message.rsplit("failed: ").next().unwrap_or(message).to_owned() })
}

/// Tells whether trying again later may help: busy, locked, an I/O error, a full disk, a file that is gone or read-only.
pub(in crate::store) fn is_away(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
}

/// What it means that no transaction could begin, after waiting since `begun`: mostly that another one is under way.
pub(super) fn of_begin(error: sqlx::Error, begun: Instant) -> StoreError {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let is_locked = code.is_some_and(|code| matches!(code.parse::<u32>(), Ok(code) if matches!(code & 0xff, 5 | 6)));
    if is_locked || matches!(error, sqlx::Error::PoolTimedOut) {
        return StoreError::Locked { waited_s: begun.elapsed().as_secs() };
    }
    error.into()
}

/// Tells whether a commit was refused because of a reference that leads nowhere.
pub(super) fn is_dangling(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == "787")
}

/// Names the reference that leads nowhere. SQLite itself does not say, so this looks for it: a full check, but only on
/// the way to an error.
pub(super) async fn dangling(connection: &mut SqliteConnection) -> Result<StoreError> {
    let row = sqlx::query(
        "select v.\"table\" as \"table\", f.\"from\" as \"column\"
         from pragma_foreign_key_check v
         join pragma_foreign_key_list(v.\"table\") f on f.id = v.fkid and f.\"from\" <> 'region_code'
         order by 1, 2 limit 1",
    )
    .fetch_one(connection)
    .await?;
    let (table, column) = (row.text("table")?, row.text("column")?);
    let constraint = format!("{table}_{}", column.trim_end_matches("_id"));
    Ok(StoreError::Dangling { noun: noun_of_table(&table), constraint })
}
