//! What several answers are made of, and how they are written. The schema of an answer is derived from its type.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::domain::Names;
use crate::domain::region::HouseholdTarget;
use crate::geometry::Bbox;

pub(crate) const JSON: &str = "application/json";

/// Longitude and latitude in WGS 84.
pub(crate) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// Answers with JSON, its members in the order of their names.
pub(crate) fn answer(answer: &impl Serialize) -> Response {
    Json(value(answer)).into_response()
}

/// Returns an answer as JSON.
pub(crate) fn value(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect("answers have only texts as keys")
}

/// A name in the languages of the page.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Names")]
pub(crate) struct NamesJson<'a> {
    zh: &'a str,
    en: &'a str,
}

impl<'a> From<&'a Names> for NamesJson<'a> {
    fn from(names: &'a Names) -> Self {
        Self { zh: &names.zh, en: &names.en }
    }
}

/// How many homes a grid of a level should have.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Target")]
pub(crate) struct TargetJson {
    floor: u32,
    target: u32,
    ceiling: u32,
}

impl From<HouseholdTarget> for TargetJson {
    fn from(HouseholdTarget { floor, target, ceiling }: HouseholdTarget) -> Self {
        Self { floor, target, ceiling }
    }
}

/// From when to when incidents were reported.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Period")]
pub(crate) struct PeriodJson {
    from: InstantJson,
    to: InstantJson,
}

impl From<(DateTime<Utc>, DateTime<Utc>)> for PeriodJson {
    fn from((from, to): (DateTime<Utc>, DateTime<Utc>)) -> Self {
        Self { from: InstantJson(from), to: InstantJson(to) }
    }
}

/// An instant in UTC, as RFC 3339 writes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InstantJson(pub(crate) DateTime<Utc>);

impl Serialize for InstantJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl JsonSchema for InstantJson {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// A grid as answers name it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "GridName")]
pub(crate) struct GridNameJson<'a> {
    pub(crate) id: &'a str,
    pub(crate) code: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) level: &'a str,
}

/// West, south, east and north of a box, in degrees.
pub(crate) fn edges(b: Bbox) -> [f64; 4] {
    [b.west, b.south, b.east, b.north]
}

/// A link of OGC API.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Link")]
pub(crate) struct LinkJson {
    pub(crate) href: String,
    pub(crate) rel: &'static str,
    #[serde(rename = "type")]
    pub(crate) content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    title: Option<&'static str>,
    /// Whether `href` has names in braces to be filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    templated: Option<bool>,
}

impl LinkJson {
    pub(crate) fn new(href: String, rel: &'static str, content_type: &'static str) -> Self {
        Self { href, rel, content_type, title: None, templated: None }
    }

    pub(crate) fn titled(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    pub(crate) fn templated(self) -> Self {
        Self { templated: Some(true), ..self }
    }
}

/// The schema of one of some words.
pub(crate) fn one_of<T: AsRef<str>>(words: &[T]) -> Schema {
    json_schema!({"type": "string", "enum": words.iter().map(AsRef::as_ref).collect::<Vec<_>>()})
}
