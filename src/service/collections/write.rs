//! Opens, replaces and removes incidents one by one. Done means committed.

use chrono::{DateTime, Utc};

use super::{One, Seen};
use crate::domain::{Action, Denied, Grant, GridPath, Incident, IncidentId, Noun, Revision, Version};
use crate::service::ground::MAX_TRIES;
use crate::service::relocate::Grounds;
use crate::service::{Caller, Gridmap, Refused};
use crate::store::{Expect, Filter, IdempotentResponse, Result as StoreResult, Transaction};

/// A request that may be repeated and is carried out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub key: String,
    /// Tells whether a repetition is the same request.
    pub fingerprint: String,
}

/// What became of a new incident or step.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    New(Reply),
    /// It was stored by an earlier request of the same key, which was answered like this.
    Replayed(Reply),
}

/// What a request to store something is answered with, so that its repetition gets the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
    /// Of what was stored.
    pub version: Version,
}

/// Stores a new incident in the grid that covers it. `reply` makes what it, and each repetition, is answered with. Its
/// version is the first, unless there was one of that id before: versions never come again.
///
/// # Errors
/// When the caller may not write there, the id is taken, the key was used for something else, or the store fails: then nothing
/// is stored.
pub async fn open(
    caller: &Caller<'_>,
    incident: Incident,
    once: Option<IdempotencyKey>,
    reply: impl Fn(&One<Incident>) -> Reply,
) -> Result<Opened, Refused> {
    on_newest(caller, |grounds| try_open(caller, grounds, incident.clone(), once.as_ref(), &reply)).await
}

async fn try_open(
    caller: &Caller<'_>,
    grounds: Grounds,
    mut incident: Incident,
    once: Option<&IdempotencyKey>,
    reply: &impl Fn(&One<Incident>) -> Reply,
) -> Result<Opened, Refused> {
    let grant = may_write(caller)?;
    incident.grid = grounds.grid(incident.position);
    must_hold(caller, &grant, incident.grid.as_ref())?;
    let mut transaction = caller.begin("incident opened").await?;
    if let Some(before) = repeated(&mut *transaction, once).await? {
        return Ok(Opened::Replayed(before));
    }
    transaction.put_incidents(std::slice::from_ref(&incident), Expect::Absent).await?;
    put_pending(&mut *transaction, &grounds, &incident).await?;
    let version = transaction.version(Noun::Incidents, incident.id.as_str()).await?.unwrap_or(Version::FIRST);
    let reply = reply(&One::new(incident, version, Seen::by::<Incident>(caller.principal())?));
    remember(&mut *transaction, once, &reply, caller.now()).await?;
    transaction.commit_on(grounds.known()).await?;
    Ok(Opened::New(reply))
}

/// What a request was answered with before, if it was carried out.
///
/// # Errors
/// When its key was used for another request.
pub(super) async fn repeated(
    transaction: &mut dyn Transaction,
    once: Option<&IdempotencyKey>,
) -> Result<Option<Reply>, Refused> {
    let Some(once) = once else { return Ok(None) };
    match transaction.remembered(&once.key).await? {
        Some(before) if before.fingerprint == once.fingerprint => Ok(Some(before.into())),
        Some(_) => Err(Refused::KeyReused),
        None => Ok(None),
    }
}

/// Keeps the reply for repetitions of the request.
pub(super) async fn remember(
    transaction: &mut dyn Transaction,
    once: Option<&IdempotencyKey>,
    reply: &Reply,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let Some(IdempotencyKey { key, fingerprint }) = once else { return Ok(()) };
    let Reply { status, location, body, version } = reply.clone();
    let answer = IdempotentResponse { fingerprint: fingerprint.clone(), status, location, body, version };
    Ok(transaction.remember(key, &answer, now).await?)
}

impl From<IdempotentResponse> for Reply {
    fn from(before: IdempotentResponse) -> Self {
        let IdempotentResponse { status, location, body, version, .. } = before;
        Self { status, location, body, version }
    }
}

/// Replaces the incident of the same id, if it still has the version the change was made on. Its steps are those recorded.
/// Returns it with the new version.
///
/// # Errors
/// When it has changed since, is not there, or the store fails: then nothing is changed.
pub async fn replace(caller: &Caller<'_>, incident: Incident, made_on: Version) -> Result<One<Incident>, Refused> {
    on_newest(caller, |grounds| try_replace(caller, grounds, incident.clone(), made_on)).await
}

async fn try_replace(
    caller: &Caller<'_>,
    grounds: Grounds,
    mut incident: Incident,
    made_on: Version,
) -> Result<One<Incident>, Refused> {
    let grant = may_write(caller)?;
    must_find(caller.gridmap(), &grant, &incident.id).await?;
    incident.grid = grounds.grid(incident.position);
    must_hold(caller, &grant, incident.grid.as_ref())?;
    let mut transaction = caller.begin("incident replaced").await?;
    transaction.put_incidents(std::slice::from_ref(&incident), Expect::Version(made_on)).await?;
    put_pending(&mut *transaction, &grounds, &incident).await?;
    let version = transaction.version(Noun::Incidents, incident.id.as_str()).await?;
    transaction.commit_on(grounds.known()).await?;
    // The same again keeps its version.
    Ok(One::new(incident, version.unwrap_or(made_on), Seen::by::<Incident>(caller.principal())?))
}

/// Removes the incident, if it still has the version the decision was made on.
///
/// # Errors
/// Like [`replace`].
pub async fn remove(caller: &Caller<'_>, id: &IncidentId, made_on: Version) -> Result<Revision, Refused> {
    on_newest(caller, |grounds| try_remove(caller, grounds, id, made_on)).await
}

async fn try_remove(
    caller: &Caller<'_>,
    grounds: Grounds,
    id: &IncidentId,
    made_on: Version,
) -> Result<Revision, Refused> {
    let grant = may_write(caller)?;
    must_find(caller.gridmap(), &grant, id).await?;
    let mut transaction = caller.begin("incident removed").await?;
    transaction.delete(Noun::Incidents, id.as_str(), Expect::Version(made_on)).await?;
    Ok(transaction.commit_on(grounds.known()).await?)
}

/// Has something stored on the grounds as they are known here, and again on the newest where those were others by the commit.
///
/// # Errors
/// Those of the last attempt; [`Refused::Overtaken`] when others came first each time.
pub(super) async fn on_newest<T, Answer>(caller: &Caller<'_>, attempt: impl Fn(Grounds) -> Answer) -> Result<T, Refused>
where
    Answer: Future<Output = Result<T, Refused>>,
{
    let gridmap = caller.gridmap();
    let mut n_tries = 0;
    loop {
        let snapshot = gridmap.snapshot().ok_or(Refused::NoGround)?;
        n_tries += 1;
        match attempt(gridmap.grounds(&snapshot).await?).await {
            Err(Refused::Overtaken(_)) if n_tries < MAX_TRIES => gridmap.reread().await?,
            done => return done,
        };
    }
}

/// The right to write incidents, within the caller's areas.
fn may_write(caller: &Caller<'_>) -> Result<Grant, Denied> {
    caller.principal().allows(Action::Write, Noun::Incidents)
}

/// Refuses to put an incident where the grant does not reach.
fn must_hold(caller: &Caller<'_>, grant: &Grant, at: Option<&GridPath>) -> Result<(), Denied> {
    let denied = Denied { role: caller.principal().role, action: grant.action(), noun: grant.noun() };
    if grant.scope().holds(at) { Ok(()) } else { Err(denied) }
}

/// To whoever is bounded by areas there is no incident outside them.
async fn must_find(gridmap: &Gridmap, grant: &Grant, id: &IncidentId) -> Result<(), Refused> {
    if grant.scope().areas().is_none() {
        return Ok(());
    }
    let this = Filter { id: Some(id.as_str().to_owned()), scope: grant.scope().clone(), ..Filter::default() };
    match gridmap.store().count(Noun::Incidents, this).await? {
        0 => Err(Refused::Missing(format!("{} {id} does not exist", Noun::Incidents))),
        _ => Ok(()),
    }
}

/// Keeps what generations that wait for their date will make of the grid of the incident.
async fn put_pending(transaction: &mut dyn Transaction, grounds: &Grounds, incident: &Incident) -> StoreResult<()> {
    if !grounds.is_waiting() {
        return Ok(());
    }
    let pending = grounds.pending(incident.id.as_str(), incident.position);
    transaction.put_pending(Noun::Incidents, &[incident.id.as_str()], &pending).await
}
