//! The steps of an incident: `/api/incidents/{id}/steps`. One is added at a time; none is changed or taken away.

use axum::extract::{Path, RawQuery, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::Context;
use super::error::{ApiResult, Fault, Kind, Place, Problem};
use super::incidents::{body_of, encoded, fingerprint, key, named_version, no_parameters};
use super::representation::{Base, if_none_match};
use super::stored::version_tag;
use crate::domain::{Action, IncidentId, Noun, RecordedStep, Version};
use crate::format::properties::{recorded_step, write_object};
use crate::format::step;
use crate::service::things::steps::{self, StepList};
use crate::service::things::write::{IdempotencyKey, Opened, Reply};

const JSON: &str = "application/json";

/// `GET /api/incidents/{id}/steps`
pub(crate) async fn list(
    context: Context,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    no_parameters(raw.as_deref())?;
    let StepList { steps, version } = steps::list(&context.caller(), &id).await?;
    let mut body = br#"{"steps":["#.to_vec();
    for (place, one) in steps.iter().enumerate() {
        body.extend(if place > 0 { &b","[..] } else { b"" });
        write_object(&recorded_step(one), &mut body);
    }
    body.extend(b"]}");
    Ok(read(&headers, version, body))
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
    Ok(read(&headers, version, json(found)))
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
        body: json(added),
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

fn json(step: &RecordedStep) -> Vec<u8> {
    let mut body = Vec::new();
    write_object(&recorded_step(step), &mut body);
    body
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
