//! Why a service function did not do what was asked, by who can mend it.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::domain::{Denied, Noun, Version};
use crate::store::StoreError;

/// What became of a request that was not carried out: nothing is changed then.
#[derive(Debug, Error)]
pub enum Refused {
    /// The table does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Who may not see every count may not filter by this parameter.
    #[error("the public sees counts of all incidents only: of two that overlap one could be subtracted from the other")]
    Narrowed { parameter: &'static str },
    /// Parameters that make no sense on this ground, all of them.
    #[error("{} parameters make no sense on this ground", .0.len())]
    Parameters(Vec<ParameterFault>),
    /// Fields of what was given that do not fit what is stored, all of them.
    #[error("{} fields do not fit what is stored", .0.len())]
    Fields(Vec<ParameterFault>),
    #[error("no grids have been imported yet")]
    NoGround,
    /// Whether there is ground is not known yet; trying again soon helps.
    #[error("the store was not read yet")]
    NotRead,
    /// No ground was in force on the day asked for; with the moment from which there was some, as known then.
    #[error("no ground was in force then, as known then")]
    NoGroundThen { earliest: Option<DateTime<Utc>> },
    /// There is no such thing, or none that the caller's areas hold.
    #[error("{0}")]
    Missing(String),
    #[error("it now has version {newer}")]
    Stale { newer: Version },
    #[error("{0}")]
    Exists(String),
    /// What was given cannot be stored.
    #[error("{0}")]
    Unfit(String),
    #[error("{0}")]
    Dangling(String),
    #[error("the key was used for another request")]
    KeyReused,
    /// Trying again later may help.
    #[error("the database does not answer")]
    Unavailable(#[source] StoreError),
    /// The database can only be read.
    #[error(transparent)]
    ReadOnly(StoreError),
    /// Somebody else writes to it for longer than a caller waits.
    #[error(transparent)]
    Locked(StoreError),
    /// Others wrote at the same time, again and again; trying again later helps.
    #[error("others write the same at the same time")]
    Overtaken(#[source] StoreError),
    /// A fault of this program or of the database.
    #[error("the store failed")]
    Store(#[source] StoreError),
    /// A thread that worked for the request panicked.
    #[error("the work was broken off")]
    BrokenOff(#[from] tokio::task::JoinError),
}

/// One parameter or field that makes no sense, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterFault {
    pub name: &'static str,
    pub detail: String,
}

impl Refused {
    /// One parameter makes no sense.
    #[must_use]
    pub fn parameter(name: &'static str, detail: String) -> Self {
        Self::Parameters(vec![ParameterFault { name, detail }])
    }

    /// There is no thing of that noun and id.
    #[must_use]
    pub fn missing(noun: Noun) -> Self {
        Self::Missing(format!("there is no such thing in {noun}"))
    }

    /// Both of what was found for one request, or every fault of either.
    ///
    /// # Errors
    /// When one of them is refused.
    pub fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(Self::Parameters(mut faults)), Err(Self::Parameters(more))) => {
                faults.extend(more);
                Err(Self::Parameters(faults))
            }
            (Err(refused), _) | (Ok(_), Err(refused)) => Err(refused),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { newer, .. } => Self::Stale { newer },
            StoreError::Exists { .. } | StoreError::Clash { .. } => Self::Exists(error.to_string()),
            StoreError::Twice { .. } | StoreError::Character => Self::Unfit(error.to_string()),
            StoreError::NoRegion => Self::NoGround,
            StoreError::Absent { .. } => Self::Missing(error.to_string()),
            StoreError::Dangling { .. } => Self::Dangling(error.to_string()),
            StoreError::Unavailable(_) => Self::Unavailable(error),
            StoreError::ReadOnly { .. } => Self::ReadOnly(error),
            StoreError::Locked { .. } => Self::Locked(error),
            StoreError::Overtaken | StoreError::GenerationMoved { .. } => Self::Overtaken(error),
            other => Self::Store(other),
        }
    }
}

/// At most 60 characters of what a caller sent, for quoting it back.
#[must_use]
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
