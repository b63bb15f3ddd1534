//! The steps of an incident: `/api/incidents/{id}/steps`. One is added at a time; none is changed or taken away.

use axum::extract::{Path, RawQuery, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

use super::app::Context;
use super::description::Description;
use super::error::{ApiResult, Fault, Kind, Place, Problem};
use super::incident_schema::new_step;
use super::incidents::{body_of, encoded, fingerprint, key, named_version, no_parameters};
use super::operation::{Operation, PathItem, etag, idempotency_key, if_match, location, path_parameter};
use super::representation::{Base, if_none_match};
use super::stored::version_tag;
use super::value_schemas as values;
use super::wire::{InstantJson, JSON, one_of};
use crate::domain::{Action, Actor, Id, IncidentId, Noun, RecordedStep, StepKind, Version};
use crate::format::step;
use crate::service::collections::steps::{self, StepList};
use crate::service::collections::write::{IdempotencyKey, Opened, Reply};

/// `GET /api/incidents/{id}/steps`
pub(crate) async fn list(
    context: Context,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    no_parameters(raw.as_deref())?;
    let StepList { steps, version } = steps::list(&context.caller(), &id).await?;
    Ok(read(&headers, version, json(&StepsJson { steps: steps.iter().map(Into::into).collect() })))
}

/// `GET /api/incidents/{id}/steps/{number}`
pub(crate) async fn one(
    context: Context,
    Path((id, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    no_parameters(raw.as_deref())?;
    let StepList { steps, version } = steps::list(&context.caller(), &id).await?;
    let found = steps.iter().find(|one| one.number.to_string() == number);
    let found = found.ok_or_else(|| Problem::because(Kind::NotFound, "the incident has no such step"))?;
    Ok(read(&headers, version, json(&StepJson::from(found))))
}

/// `POST /api/incidents/{id}/steps`
pub(crate) async fn post(context: Context, Path(id): Path<String>, request: Request) -> ApiResult {
    if !context.principal().may(Action::Write, Noun::Steps) {
        return Err(Problem::new(Kind::ReadOnly));
    }
    let (parts, body) = request.into_parts();
    no_parameters(parts.uri.query())?;
    let (once_key, made_on) = (key(&parts.headers)?, named_version(&parts.headers)?);
    let id = IncidentId::new(&id).map_err(|_| Problem::new(Kind::NotFound))?;
    let bytes = body_of(context.app(), &parts.headers, body).await?;
    let caller = context.caller();
    let step = step::parse(&bytes, caller.now(), caller.offset()).map_err(|faults| unfit(&faults))?;
    let path = format!("/incidents/{}/steps", encoded(&id));
    let once = once_key.map(|key| IdempotencyKey { key, fingerprint: fingerprint(&path, &bytes) });
    let reply = |added: &RecordedStep, version: Version| Reply {
        status: StatusCode::CREATED.as_u16(),
        location: Some(format!("{path}/{}", added.number)),
        body: json(&StepJson::from(added)),
        version,
    };
    let (Opened::New(reply) | Opened::Replayed(reply)) = steps::add(&caller, &id, step, made_on, once, reply).await?;
    let headers = [
        (CONTENT_TYPE, JSON.to_owned()),
        (LOCATION, Base::of(&parts.headers).join(&reply.location.unwrap_or_default())),
        (ETAG, version_tag(reply.version)),
    ];
    Ok((StatusCode::CREATED, headers, reply.body).into_response())
}

/// Answers a method that would change or remove what is recorded.
pub(crate) fn recorded(allow: &'static str) -> Problem {
    Problem::method(allow).explained("what is recorded stays as it is: a step is only added")
}

/// An answer under the version of the incident, which rises with each of its steps.
fn read(headers: &HeaderMap, version: Version, body: Vec<u8>) -> Response {
    let tag = version_tag(version);
    if if_none_match(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let headers = [(CONTENT_TYPE, JSON.to_owned()), (ETAG, tag), (CACHE_CONTROL, "private, no-cache".to_owned())];
    (headers, body).into_response()
}

/// The steps of one incident.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Steps")]
struct StepsJson<'a> {
    steps: Vec<StepJson<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Step")]
struct StepJson<'a> {
    /// In the order the steps were recorded.
    #[schemars(range(min = 1))]
    number: u32,
    #[schemars(schema_with = "kinds")]
    kind: &'static str,
    at: InstantJson,
    /// The id of the holder who took it.
    by: Option<&'a str>,
    recorded: Option<InstantJson>,
    actor: Option<&'a str>,
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    one_of(&StepKind::ALL.map(StepKind::as_str))
}

impl<'a> From<&'a RecordedStep> for StepJson<'a> {
    fn from(RecordedStep { number, step, recorded, actor }: &'a RecordedStep) -> Self {
        Self {
            number: *number,
            kind: step.kind.as_str(),
            at: InstantJson(step.at),
            by: step.by.as_ref().map(Id::as_str),
            recorded: recorded.map(InstantJson),
            actor: actor.as_ref().map(Actor::as_str),
        }
    }
}

/// The operations on the steps of an incident.
pub(crate) fn list_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    if !description.principal.may(Action::Read, Noun::Steps) {
        return Vec::new();
    }
    let summary = "What was done about the incident, in the order it was recorded";
    let get =
        reading("list_steps", summary).with([incident_id()]).answering(JSON, description.answer::<StepsJson<'_>>());
    let is_writable = description.principal.may(Action::Write, Noun::Steps);
    let post = is_writable.then(|| post_operation(description));
    vec![PathItem::new("/incidents/{id}/steps", [get].into_iter().chain(post))]
}

/// The operation on one of them.
pub(crate) fn one_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    if !description.principal.may(Action::Read, Noun::Steps) {
        return Vec::new();
    }
    let number = path_parameter("number", &json!({"type": "integer", "minimum": 1}));
    let get = reading("get_step", "One step")
        .with([incident_id(), number])
        .answering(JSON, description.answer::<StepJson<'_>>());
    vec![PathItem::new("/incidents/{id}/steps/{number}", [get])]
}

fn reading(id: &str, summary: &str) -> Operation {
    Operation::get(id, summary).heading("ETag", etag()).unchanged().failing(&[Kind::NotFound])
}

fn incident_id() -> Value {
    path_parameter("id", &values::identifier())
}

fn post_operation(description: &mut Description<'_>) -> Operation {
    Operation::write("post", "add_step", "Adds a step; none is changed or taken away", "201")
        .with([incident_id(), idempotency_key(), if_match(false)])
        .reading(JSON, new_step(description))
        .answering(JSON, description.answer::<StepJson<'_>>())
        .heading("Location", location())
        .heading("ETag", etag())
        .failing(&[Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::DoesNotFit])
}

/// The members of a step stand in the order in which they are read, as they do in a feature.
fn json(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("answers have only texts as keys")
}

fn unfit(faults: &[step::StepFault]) -> Problem {
    let pointer = |field: &str| if field.is_empty() { String::new() } else { format!("/{}", escaped(field)) };
    let fault = |(field, problem): &step::StepFault| Fault::new(Place::Pointer(pointer(field)), problem);
    Problem::faults(Kind::InvalidBody, faults.iter().map(fault).collect())
}

/// A name in a JSON pointer (RFC 6901, 3).
fn escaped(name: &str) -> String {
    super::params::shortened(name).replace('~', "~0").replace('/', "~1")
}
