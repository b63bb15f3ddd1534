//! What can go wrong in a store, told apart by who can mend it.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use thiserror::Error;

use super::{postgres, sqlite};
use crate::domain::{GenerationNumber, Noun, Version};

#[derive(Debug, Error)]
pub enum StoreError {
    /// The database is away, busy or broke off; trying again later may help.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused or answered something this program does not understand: a bug.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
    /// A row holds what no version of this program writes.
    #[error("inconsistent row: {column}: {what}")]
    Inconsistent { column: &'static str, what: String },
    #[error("{noun} {id} has changed since: it now has version {newer}")]
    Stale { noun: Noun, id: String, newer: Version },
    #[error("{noun} {id} exists already")]
    Exists { noun: Noun, id: String },
    #[error("{noun} {id} does not exist")]
    Absent { noun: Noun, id: String },
    /// One call named the same thing twice.
    #[error("{noun} {id} is given twice")]
    Twice { noun: Noun, id: String },
    /// A row names another that is not there: a duty of an unknown holder, or of one that is being removed.
    #[error("{noun} names something that does not exist ({constraint})")]
    Dangling { noun: Noun, constraint: String },
    /// Two things share what only one may have: the code of a grid, an idempotency key.
    #[error("something of the same key is there already ({constraint})")]
    Clash { constraint: String },
    /// A text has a NUL, which PostgreSQL does not keep.
    #[error("a text holds a character that cannot be stored")]
    Character,
    /// Somebody else published since the plan looked; made again on what is there now, it may fit.
    #[error("the ground has changed since: {}, when the plan was made {}", newest_is(*.newest), newest_was(*.known))]
    GenerationMoved { known: Option<GenerationNumber>, newest: Option<GenerationNumber> },
    #[error("the database has no region yet")]
    NoRegion,
    #[error("the database keeps region {kept}, not {given}")]
    OtherRegion { kept: String, given: String },
    #[error("{url} is not a database address: expected sqlite:FILE or postgres://HOST/DATABASE")]
    Address { url: String },
    #[error("there is no database {url}: the file does not exist")]
    NoFile { url: String },
    #[error("the schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

fn newest_is(number: Option<GenerationNumber>) -> String {
    number.map_or_else(|| "there is no generation".to_owned(), |number| format!("generation {number} is the newest"))
}

fn newest_was(number: Option<GenerationNumber>) -> String {
    number.map_or_else(|| "there was none".to_owned(), |number| format!("it was generation {number}"))
}

/// The noun whose table a constraint belongs to; constraints are named after their table.
pub(super) fn noun_of_table(table: &str) -> Noun {
    match table {
        "household" => Noun::Households,
        "holder" => Noun::Holders,
        "duty" => Noun::Duties,
        "service_point" => Noun::ServicePoints,
        "incident" | "incident_step_by" => Noun::Incidents,
        _ => Noun::Grids,
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
