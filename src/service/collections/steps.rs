//! The steps of one incident: read, and added one by one. None is ever changed or taken away.

use futures::{TryFutureExt as _, TryStreamExt as _};

use super::write::{IdempotencyKey, Opened, Reply, on_newest, remember, repeated};
use super::{One, one};
use crate::domain::{Action, Grant, Incident, IncidentId, Noun, RecordedStep, Step, StepKind, Version};
use crate::service::refused::ParameterFault;
use crate::service::relocate::Grounds;
use crate::service::{Caller, Refused};
use crate::store::{Expect, Filter, Store, StoreError, Stored};

/// What was done about one incident.
#[derive(Clone, Debug, PartialEq)]
pub struct StepList {
    /// In the order they were recorded.
    pub steps: Vec<RecordedStep>,
    /// Of the incident, which rises with each step.
    pub version: Version,
}

/// Returns the steps of the incident of that id.
///
/// # Errors
/// When there is no such incident in the caller's areas, the caller may not see it, or the store cannot be read.
pub async fn list(caller: &Caller<'_>, id: &str) -> Result<StepList, Refused> {
    caller.principal().allows(Action::Read, Noun::Steps)?;
    let One { thing, version, .. } = one::<Incident>(caller, id).await?;
    let steps = caller.gridmap().store().steps(thing.id.as_str()).await?;
    Ok(StepList { steps, version })
}

/// Adds a step to the incident of that id, if that still has the version `made_on`, where one is named. `reply` makes what
/// it, and each repetition, is answered with, of the step and the incident's new version.
///
/// # Errors
/// When there is no such incident in the caller's areas, it has changed since, the step lies before the report or names no
/// known holder, the caller may not write there, or the store fails: then nothing is added.
pub async fn add(
    caller: &Caller<'_>,
    id: &IncidentId,
    step: Step,
    made_on: Option<Version>,
    once: Option<IdempotencyKey>,
    reply: impl Fn(&RecordedStep, Version) -> Reply,
) -> Result<Opened, Refused> {
    let attempt = |grounds| {
        let added = try_add(caller, grounds, (id, &step), made_on, once.as_ref(), &reply);
        // Whoever names no version takes the newest.
        added.map_err(|refused| match refused {
            Refused::Stale { .. } if made_on.is_none() => Refused::Overtaken(StoreError::Overtaken),
            refused => refused,
        })
    };
    on_newest(caller, attempt).await
}

async fn try_add(
    caller: &Caller<'_>,
    grounds: Grounds,
    (id, step): (&IncidentId, &Step),
    made_on: Option<Version>,
    once: Option<&IdempotencyKey>,
    reply: &impl Fn(&RecordedStep, Version) -> Reply,
) -> Result<Opened, Refused> {
    let grant = caller.principal().allows(Action::Write, Noun::Steps)?;
    let store = caller.gridmap().store();
    let mut transaction = caller.begin("step added").await?;
    if let Some(before) = repeated(&mut *transaction, once).await? {
        return Ok(Opened::Replayed(before));
    }
    let Stored { thing: mut incident, version } = found(&**store, &grant, id).await?;
    check(&**store, &incident, step).await?;
    incident.steps.push(step.clone());
    incident.grid = grounds.grid(incident.position);
    let expect = Expect::Version(made_on.unwrap_or(version));
    transaction.put_incidents(std::slice::from_ref(&incident), expect).await?;
    let added = transaction.steps(id.as_str()).await?.pop().ok_or_else(|| Refused::missing(Noun::Steps))?;
    let version = transaction.version(Noun::Incidents, id.as_str()).await?.unwrap_or(version);
    let reply = reply(&added, version);
    remember(&mut *transaction, once, &reply, caller.now()).await?;
    transaction.commit_on(grounds.known()).await?;
    Ok(Opened::New(reply))
}

async fn found(store: &dyn Store, grant: &Grant, id: &IncidentId) -> Result<Stored<Incident>, Refused> {
    let this = Filter { id: Some(id.to_string()), scope: grant.scope().clone(), limit: Some(1), ..Filter::default() };
    store.incidents(this).try_next().await?.ok_or_else(|| Refused::missing(Noun::Incidents))
}

/// Refuses a step that does not fit, for all reasons at once.
async fn check(store: &dyn Store, incident: &Incident, step: &Step) -> Result<(), Refused> {
    let mut faults = Vec::new();
    let then = incident.reported_at();
    if step.at < then && step.kind != StepKind::Receive {
        let detail = format!("{} is before the report of the incident, {then}", step.at);
        faults.push(ParameterFault { name: "at", detail });
    }
    if let Some(by) = &step.by {
        let this = Filter { id: Some(by.to_string()), ..Filter::default() };
        if store.count(Noun::Holders, this).await? == 0 {
            faults.push(ParameterFault { name: "by", detail: format!("there is no holder {by}") });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refused::Fields(faults)) }
}
