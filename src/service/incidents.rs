//! Opens, replaces and removes incidents one by one. Done means committed.

use thiserror::Error;

use super::Gridmap;
use crate::domain::{Incident, IncidentId, Noun, Principal, Revision, Version};
use crate::store::{Expect, Pending, Remembered, StoreError};

/// Why an incident was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    #[error("the public may not change anything")]
    Forbidden,
    #[error("there is no ground in force yet: import grids first")]
    NoGround,
    #[error("the key was used for another request")]
    KeyReused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A request that may be repeated and is carried out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    pub key: String,
    /// Tells whether a repetition is the same request.
    pub fingerprint: String,
}

/// What became of a new incident.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    New(Incident, Version),
    /// It was stored by an earlier request of the same key, which was answered like this.
    Before(Remembered),
}

/// Stores a new incident in the grid that covers it. `answer` makes what a repetition will be answered with. Its version is
/// the first, unless there was one of that id before: versions never come again.
///
/// # Errors
/// When the id is taken, the key was used for something else, or the store fails: then nothing is stored.
pub async fn open(
    gridmap: &Gridmap,
    principal: Principal,
    mut incident: Incident,
    once: Option<Once>,
    answer: impl FnOnce(&Incident, Version, &Once) -> Remembered,
) -> Result<Opened, WriteError> {
    may_write(principal)?;
    let mut transaction = gridmap.store().begin().await?;
    let pending = put_on_ground(gridmap, &mut incident).await?;
    if let Some(once) = &once {
        match transaction.remembered(&once.key).await? {
            Some(before) if before.fingerprint == once.fingerprint => return Ok(Opened::Before(before)),
            Some(_) => return Err(WriteError::KeyReused),
            None => {}
        }
    }
    transaction.put_incidents(std::slice::from_ref(&incident), Expect::Absent).await?;
    transaction.put_pending(Noun::Incidents, &[incident.id.as_str()], &pending).await?;
    let version = transaction.version(Noun::Incidents, incident.id.as_str()).await?.unwrap_or(Version::FIRST);
    if let Some(once) = &once {
        transaction.remember(&once.key, &answer(&incident, version, once), gridmap.now()).await?;
    }
    transaction.commit().await?;
    Ok(Opened::New(incident, version))
}

/// Replaces the incident of the same id, if it still has the version the change was made on. Returns the new version.
///
/// # Errors
/// When it has changed since, is not there, or the store fails: then nothing is changed.
pub async fn replace(
    gridmap: &Gridmap,
    principal: Principal,
    mut incident: Incident,
    made_on: Version,
) -> Result<(Incident, Version), WriteError> {
    may_write(principal)?;
    let mut transaction = gridmap.store().begin().await?;
    let pending = put_on_ground(gridmap, &mut incident).await?;
    transaction.put_incidents(std::slice::from_ref(&incident), Expect::Version(made_on)).await?;
    transaction.put_pending(Noun::Incidents, &[incident.id.as_str()], &pending).await?;
    let version = transaction.version(Noun::Incidents, incident.id.as_str()).await?;
    transaction.commit().await?;
    // The same again keeps its version.
    Ok((incident, version.unwrap_or(made_on)))
}

/// Removes the incident, if it still has the version the decision was made on.
///
/// # Errors
/// Like [`replace`].
pub async fn remove(
    gridmap: &Gridmap,
    principal: Principal,
    id: &IncidentId,
    made_on: Version,
) -> Result<Revision, WriteError> {
    may_write(principal)?;
    let mut transaction = gridmap.store().begin().await?;
    transaction.delete(Noun::Incidents, id.as_str(), Expect::Version(made_on)).await?;
    Ok(transaction.commit().await?)
}

fn may_write(principal: Principal) -> Result<(), WriteError> {
    if principal.may_write() { Ok(()) } else { Err(WriteError::Forbidden) }
}

/// Puts the incident into the grid that covers it, in the ground as it stands while the caller's transaction is open: nobody
/// else commits meanwhile, so a redraw is either in it already or will move this incident with the others. Returns what
/// generations that wait for their date will make of its grid.
async fn put_on_ground(gridmap: &Gridmap, incident: &mut Incident) -> Result<Vec<Pending>, WriteError> {
    gridmap.reread().await?;
    let snapshot = gridmap.snapshot().ok_or(WriteError::NoGround)?;
    let grounds = gridmap.grounds(&snapshot).await?;
    incident.grid = grounds.grid(incident.position);
    Ok(grounds.pending(incident.id.as_str(), incident.position))
}
