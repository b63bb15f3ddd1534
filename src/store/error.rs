//! What can go wrong in a store, told apart by who can mend it.

use thiserror::Error;

use crate::domain::{GenerationNumber, Noun, Version};

#[derive(Debug, Error)]
pub enum StoreError {
    /// The database is away or broke off; trying again later may help.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused or answered something this program does not understand: a bug.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
    /// A row holds what no version of this program writes.
    #[error("inconsistent row in {table}: {what}")]
    Inconsistent { table: &'static str, what: String },
    #[error("{noun} {id} has changed since: it now has version {newer}")]
    Stale { noun: Noun, id: String, newer: Version },
    #[error("{noun} {id} exists already")]
    Exists { noun: Noun, id: String },
    #[error("{noun} {id} does not exist")]
    Absent { noun: Noun, id: String },
    /// A row names another that is not there: a duty of an unknown holder.
    #[error("{noun} names something that does not exist ({constraint})")]
    Dangling { noun: Noun, constraint: String },
    #[error("the plan was made on generation {made_on:?}, the newest is {newest:?}")]
    GenerationMoved { made_on: Option<GenerationNumber>, newest: Option<GenerationNumber> },
    #[error("{url} is not a database address: expected sqlite:FILE or postgres://HOST/DATABASE")]
    Address { url: String },
    #[error("the schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}
