//! What an error of the driver or the database means.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::{StoreError, postgres, sqlite};

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(refusal) => match refused(refusal.as_ref()) {
                Some(meaning) => meaning,
                None if is_away(refusal.as_ref()) => Self::Unavailable(error),
                None => Self::Failed(error),
            },
            _ => Self::Failed(error),
        }
    }
}

/// What a refusal means to whoever wrote, if it is theirs to mend.
fn refused(refusal: &dyn DatabaseError) -> Option<StoreError> {
    match refusal.try_downcast_ref::<PgDatabaseError>() {
        Some(refusal) => postgres::error::mapped(refusal),
        None => sqlite::error::mapped(&refusal.code()?, refusal.message()),
    }
}

fn is_away(refusal: &dyn DatabaseError) -> bool {
    let code = refusal.code().unwrap_or_default();
    match refusal.try_downcast_ref::<PgDatabaseError>() {
        Some(_) => postgres::error::is_away(&code),
        None => sqlite::error::is_away(&code),
    }
}
