//! What PostgreSQL's refusals mean.

use sqlx::postgres::PgDatabaseError;

use crate::store::StoreError;
use crate::store::record::noun_of_table;

/// Returns what a refusal means, or `None` when it is a bug.
pub(in crate::store) fn mapped(error: &PgDatabaseError) -> Option<StoreError> {
    let constraint = || error.constraint().unwrap_or_default().to_owned();
    match error.code() {
        "23503" => {
            let noun = noun_of_table(error.table().unwrap_or_default());
            Some(StoreError::Dangling { noun, constraint: constraint() })
        }
        "23505" => Some(StoreError::Clash { constraint: constraint() }),
        "40001" | "40P01" => Some(StoreError::Overtaken),
        // A character that the encoding does not have: NUL.
        "22021" => Some(StoreError::Character),
        _ => None,
    }
}

/// Tells whether trying again later may help: no connection, no resources, shutting down, waited too long, a
/// server that only reads (a replica after a failover).
pub(in crate::store) fn is_away(code: &str) -> bool {
    matches!(&code[..code.len().min(2)], "08" | "53" | "57") || matches!(code, "55P03" | "25006" | "25P03")
}
