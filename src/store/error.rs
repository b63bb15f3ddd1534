//! What can go wrong in a store, by who can mend it.

use std::fmt::Display;

use thiserror::Error;

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
    /// Somebody else wrote the same at the same time and was quicker; made again, it may fit.
    #[error("somebody else wrote the same at the same time")]
    Overtaken,
    #[error("the database has no region yet")]
    NoRegion,
    #[error("the store is opened for region {bound}, not {given}")]
    OtherRegion { bound: String, given: String },
    /// The database was opened without saying which of its regions is meant.
    #[error("the database holds several regions, say which one is meant: {}", codes.join(", "))]
    SeveralRegions { codes: Vec<String> },
    #[error("{url} is not a database address: expected sqlite:FILE or postgres://HOST/DATABASE")]
    Address { url: String },
    #[error("there is no database {url}: the file does not exist")]
    NoFile { url: String },
    /// Somebody else's SQLite file: nothing is made in it.
    #[error("{file} is not gridmap's: it keeps tables of another program, such as {table}")]
    Foreign { file: String, table: String },
    /// A SQLite file that is broken, or none; the file is named where it was looked at.
    #[error("the database file {file} is damaged: {cause}", file = if .file.is_empty() { "in use" } else { .file })]
    Damaged { file: String, cause: String },
    /// A SQLite file that cannot be written.
    #[error("{file} can only be read: the file, its folder or the file system is read-only")]
    ReadOnly { file: String },
    /// A SQLite file that cannot be written and would answer wrongly as it is.
    #[error("{file} can only be read, and {why}")]
    ReadOnlyBehind { file: String, why: String },
    /// Another writer did not end in time; trying again later may help.
    #[error("another import or program is writing to the database; waited {waited_s} s for it")]
    Locked { waited_s: u64 },
    #[error("the schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

fn newest_is(number: Option<GenerationNumber>) -> String {
    number.map_or_else(|| "there is no generation".to_owned(), |number| format!("generation {number} is the newest"))
}

fn newest_was(number: Option<GenerationNumber>) -> String {
    number.map_or_else(|| "there was none".to_owned(), |number| format!("it was generation {number}"))
}

impl StoreError {
    /// The error with all its causes, for a log.
    #[must_use]
    pub fn with_causes(&self) -> String {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        causes.fold(self.to_string(), |mut text, cause| {
            let cause = cause.to_string();
            if !text.ends_with(&cause) {
                text.push_str(": ");
                text.push_str(&cause);
            }
            text
        })
    }
}

/// A row that no version of this program writes.
pub(super) fn inconsistent(column: &'static str, what: impl Display) -> StoreError {
    StoreError::Inconsistent { column, what: what.to_string() }
}
