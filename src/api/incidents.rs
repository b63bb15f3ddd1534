//! Writing incidents: open, replace, remove. A change names the version it was made on, so none is lost. Their steps are
//! added in `steps`.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::app::{App, Context};
use super::body::Incoming;
use super::collections::Collection;
use super::description::Description;
use super::error::{ApiResult, Kind, Place, Problem};
use super::features;
use super::geojson_schemas::FeatureSchema;
use super::incident_body::{checked, read};
use super::incident_schema;
use super::items::feature_id;
use super::operation::{Operation, etag, idempotency_key, if_match, location};
use super::params::{self, Query};
use super::representation::{Base, Form, linked};
use super::stored;
use crate::domain::{Incident, IncidentId, Version};
use crate::format::{Mapping, incident};
use crate::geometry::crs::Frame;
use crate::service::Caller;
use crate::service::collections::write::{self, IdempotencyKey, Opened, Reply};
use crate::service::collections::{self, One};

/// The longest body of one incident, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

const KEY: &str = "idempotency-key";

/// `POST /api/collections/incidents/items`
pub(crate) async fn post(context: Context, Path(collection): Path<String>, request: Request) -> ApiResult {
    let collection = writable(&context, &collection, "GET, HEAD")?;
    let (parts, body) = request.into_parts();
    no_parameters(parts.uri.query())?;
    let once_key = key(&parts.headers)?;
    let bytes = body_of(context.app(), &parts.headers, body).await?;
    let caller = context.caller();
    let incident = new_incident(&caller, &bytes)?;
    let once = once_key.map(|key| IdempotencyKey { key, fingerprint: fingerprint(collection.id(), &bytes) });
    let reply = |one: &One<Incident>| Reply {
        status: StatusCode::CREATED.as_u16(),
        location: Some(collection.item(one.thing.id.as_str())),
        body: one.feature(),
        version: one.version,
    };
    let (Opened::New(reply) | Opened::Replayed(reply)) = write::open(&caller, incident, once, reply).await?;
    Ok(created(&Base::of(&parts.headers), reply))
}

/// Reads a new incident, which gets an id and the time of its report where it has none.
fn new_incident(caller: &Caller<'_>, bytes: &[u8]) -> ApiResult<Incident> {
    let (region, said) = (caller.region()?, read(bytes)?);
    let mut mapping = Mapping::default();
    if said.value("id").is_none() {
        mapping.constants.push(("id".into(), new_id(caller.now())));
    }
    if said.value("reported_at").is_none() && said.value("steps").is_none() {
        mapping.constants.push(("reported_at".into(), caller.now().to_rfc3339()));
    }
    checked(&said, incident::parse(&said, &mapping, &Frame::Wgs84, &region))
}

/// `PUT /api/collections/incidents/items/{id}`
pub(crate) async fn put(
    context: Context,
    Path((collection, id)): Path<(String, String)>,
    request: Request,
) -> ApiResult {
    let collection = writable(&context, &collection, "GET, HEAD")?;
    let (parts, body) = request.into_parts();
    no_parameters(parts.uri.query())?;
    let made_on = made_on(&parts.headers)?;
    let bytes = body_of(context.app(), &parts.headers, body).await?;
    let caller = context.caller();
    let (region, said) = (caller.region()?, read(&bytes)?);
    if said.value("id").is_some_and(|said| said != id) {
        let detail = "the body is about another one than the address";
        return Err(Problem::fault(Kind::InvalidBody, Place::Pointer("/properties/id".into()), detail));
    }
    let this = Base::of(&parts.headers).join(&collection.item(&id));
    let recorded = collections::one::<Incident>(&caller, &id).await?.thing.steps;
    let mapping = Mapping { constants: vec![("id".into(), id)], ..Mapping::default() };
    let parsed = incident::parse_change(&said, &mapping, &Frame::Wgs84, &region, &recorded);
    let incident = checked(&said, parsed)?;
    Ok(stored::feature(&write::replace(&caller, incident, made_on).await?, &this))
}

/// `DELETE /api/collections/incidents/items/{id}`
pub(crate) async fn delete(
    context: Context,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    writable(&context, &collection, "GET, HEAD")?;
    no_parameters(raw.as_deref())?;
    let made_on = made_on(&headers)?;
    let id = IncidentId::new(&id).map_err(|_| Problem::new(Kind::NotFound))?;
    write::remove(&context.caller(), &id, made_on).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The statuses of a body that cannot be stored.
const OF_BODIES: [Kind; 4] = [Kind::Exists, Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::Dangling];

/// The operation that stores a new one.
pub(crate) fn post_operation(collection: &Collection, description: &mut Description<'_>) -> Operation {
    Operation::write("post", format!("create_{}", collection.id()), "Stores a new one", "201")
        .with([idempotency_key()])
        .reading("application/geo+json", incident_schema::new_incident(description))
        .answering("application/geo+json", description.answer::<FeatureSchema>())
        .heading("Location", location())
        .heading("ETag", etag())
        .failing(&OF_BODIES)
}

/// The operation that says what one is to be.
pub(crate) fn put_operation(collection: &Collection, description: &mut Description<'_>) -> Operation {
    Operation::write("put", format!("replace_{}", collection.id()), "Replaces it", "200")
        .described("Its steps and the times of them may be repeated, but not changed: steps are added.")
        .with([feature_id(), if_match(true)])
        .reading("application/geo+json", incident_schema::new_incident(description))
        .answering("application/geo+json", description.answer::<FeatureSchema>())
        .heading("ETag", etag())
        .failing(&OF_BODIES)
        .failing(&[Kind::VersionRequired])
}

/// The operation that removes one.
pub(crate) fn delete_operation(collection: &Collection) -> Operation {
    Operation::write("delete", format!("delete_{}", collection.id()), "Removes it", "204")
        .with([feature_id(), if_match(true)])
        .failing(&[Kind::VersionRequired])
}

fn writable(context: &Context, id: &str, allow: &'static str) -> ApiResult<&'static Collection> {
    let collection = features::known(id)?;
    if collection.writable && !collection.writable_by(context.principal()) {
        return Err(Problem::new(Kind::ReadOnly));
    }
    features::readable(id, context.principal())?;
    if collection.writable { Ok(collection) } else { Err(Problem::method(allow)) }
}

pub(super) fn no_parameters(raw: Option<&str>) -> ApiResult<()> {
    Query::parse(raw, |_| false).finish()
}

pub(super) fn key(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let Some(key) = headers.get(KEY) else { return Ok(None) };
    match key.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::fault(Kind::InvalidParameter, Place::Header(KEY), "1 to 200 visible ASCII characters")),
    }
}

/// The version that a change was made on, which must be named.
fn made_on(headers: &HeaderMap) -> ApiResult<Version> {
    let unnamed = || {
        let detail = "the ETag that the change was made on";
        Problem::fault(Kind::VersionRequired, Place::Header("if-match"), detail)
    };
    named_version(headers)?.ok_or_else(unnamed)
}

/// The version that a change names as the one it was made on.
pub(super) fn named_version(headers: &HeaderMap) -> ApiResult<Option<Version>> {
    let Some(tag) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = tag.to_str().unwrap_or_default().trim();
    let number = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|n| n.parse().ok());
    // Only as it was answered: `"+3"` and `"03"` are numbers, and no tags of this server.
    let version = number.map(Version).filter(|version| stored::version_tag(*version) == text);
    version.map(Some).ok_or_else(|| {
        Problem::fault(Kind::InvalidParameter, Place::Header("if-match"), "one ETag, as it was answered: \"3\"")
    })
}

pub(super) async fn body_of(app: &App, headers: &HeaderMap, body: Body) -> ApiResult<Vec<u8>> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["application/geo+json", "application/json"].contains(&essence.as_str()) {
        let detail = "a feature comes as application/geo+json";
        return Err(Problem::fault(Kind::UnsupportedMediaType, Place::Header("content-type"), detail));
    }
    Incoming::new(body, MOST_BYTES, app.limits().read_timeout()).whole().await
}

/// An id that no one has had before: the day, so that lists stay in order, and 64 random bits.
fn new_id(now: DateTime<Utc>) -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("I{}-{random:016x}", now.format("%Y%m%d"))
}

/// A digest of a POST to `what` (FNV-1a, 128 bits): the same in every version of this program.
pub(super) fn fingerprint(what: &str, body: &[u8]) -> String {
    let bytes = b"POST ".iter().chain(what.as_bytes()).chain(b" ").chain(body);
    let digest = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |digest, byte| {
        (digest ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("{digest:032x}")
}

pub(super) fn encoded(id: &IncidentId) -> String {
    let mut text = String::new();
    params::encode(id.as_str(), &mut text);
    text
}

fn created(base: &Base, reply: Reply) -> Response {
    let location = base.join(&reply.location.unwrap_or_default());
    let feature = linked(reply.body, &location);
    let headers = [
        (CONTENT_TYPE, Form::GeoJson.content_type().to_owned()),
        (LOCATION, location),
        (ETAG, stored::version_tag(reply.version)),
    ];
    (StatusCode::CREATED, headers, feature).into_response()
}
