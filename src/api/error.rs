//! Problem documents (RFC 9457): what went wrong, told so that a client can act on it.
//!
//! Three rules. Only this file picks status codes. An answer to bad input lists every fault found in it, by parameter,
//! header, JSON pointer or row. A 5xx says nothing of its cause: that is logged here, once, and never holds personal data.

use std::error::Error as _;
use std::fmt;

use axum::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

use super::wire::{self, InstantJson};
use crate::domain::Version;
use crate::service::Refused;
use crate::service::refused::ParameterFault;

pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which a caller may ask again: a server that starts is ready by then, and one that is busy has served many.
const REST_S: &str = "2";

/// What a handler returns.
pub(crate) type ApiResult<T = Response> = Result<T, Problem>;

/// The kinds of problem; each has a stable `type`, a title and a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    UnknownParameter,
    InvalidParameter,
    InvalidBody,
    PersonalData,
    ReadOnly,
    NotFound,
    NoGroundThen,
    MethodNotAllowed,
    NotAcceptable,
    BodyTimeout,
    Exists,
    Stale,
    BodyTooLarge,
    UnsupportedMediaType,
    KeyReused,
    Dangling,
    DoesNotFit,
    VersionRequired,
    Internal,
    NoGround,
    Unavailable,
    Busy,
    Timeout,
}

impl Kind {
    /// Every kind, in the order of its status; the rendered API description lists them.
    pub(crate) const ALL: [Self; 23] = [
        Self::UnknownParameter,
        Self::InvalidParameter,
        Self::InvalidBody,
        Self::PersonalData,
        Self::ReadOnly,
        Self::NotFound,
        Self::NoGroundThen,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::BodyTimeout,
        Self::Exists,
        Self::Stale,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::KeyReused,
        Self::Dangling,
        Self::DoesNotFit,
        Self::VersionRequired,
        Self::Internal,
        Self::NoGround,
        Self::Unavailable,
        Self::Busy,
        Self::Timeout,
    ];

    /// The one table of statuses: stable name, title, status.
    fn row(self) -> (&'static str, &'static str, StatusCode) {
        use StatusCode as S;
        match self {
            Self::UnknownParameter => ("unknown-parameter", "unknown query parameter", S::BAD_REQUEST),
            Self::InvalidParameter => ("invalid-parameter", "the query cannot be understood", S::BAD_REQUEST),
            Self::InvalidBody => ("invalid-body", "the body cannot be understood", S::BAD_REQUEST),
            Self::PersonalData => ("personal-data", "this is not shown to the public", S::FORBIDDEN),
            Self::ReadOnly => ("read-only", "you may not change anything", S::FORBIDDEN),
            Self::NotFound => ("not-found", "there is nothing here", S::NOT_FOUND),
            Self::NoGroundThen => ("no-ground-then", "there is no data of that time", S::NOT_FOUND),
            Self::MethodNotAllowed => {
                ("method-not-allowed", "this cannot be done with this resource", S::METHOD_NOT_ALLOWED)
            }
            Self::NotAcceptable => ("not-acceptable", "there is no such representation", S::NOT_ACCEPTABLE),
            Self::BodyTimeout => ("body-timeout", "the body did not arrive in time", S::REQUEST_TIMEOUT),
            Self::Exists => ("exists", "it exists already", S::CONFLICT),
            Self::Stale => ("stale", "it has changed since", S::PRECONDITION_FAILED),
            Self::BodyTooLarge => ("body-too-large", "the body is too large", S::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", "the body is of a type not understood", S::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::KeyReused => {
                ("key-reused", "the idempotency key was used for another request", S::UNPROCESSABLE_ENTITY)
            }
            Self::Dangling => ("dangling", "it names something that does not exist", S::UNPROCESSABLE_ENTITY),
            Self::DoesNotFit => ("does-not-fit", "it does not fit what is stored", S::UNPROCESSABLE_ENTITY),
            Self::VersionRequired => {
                ("version-required", "name the version this change was made on", S::PRECONDITION_REQUIRED)
            }
            Self::Internal => ("internal", "the server failed", S::INTERNAL_SERVER_ERROR),
            Self::NoGround => ("no-ground", "no grids have been imported yet", S::SERVICE_UNAVAILABLE),
            Self::Unavailable => ("unavailable", "the database does not answer", S::SERVICE_UNAVAILABLE),
            Self::Busy => ("busy", "too many of these are answered at once", S::SERVICE_UNAVAILABLE),
            Self::Timeout => ("timeout", "the answer took too long", S::GATEWAY_TIMEOUT),
        }
    }

    pub(crate) fn uri(self) -> String {
        format!("/problems/{}", self.row().0)
    }

    pub(crate) fn title(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn status(self) -> StatusCode {
        self.row().2
    }
}

/// Where in the input a fault lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Parameter(String),
    Header(&'static str),
    /// A JSON pointer (RFC 6901): `/properties/kind`.
    Pointer(String),
    /// A row of the body, from 1: a point of many, whatever the lines.
    Row(u64),
}

/// One thing wrong with the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) detail: String,
}

impl Fault {
    pub(crate) fn new(place: Place, detail: impl fmt::Display) -> Self {
        Self { place, detail: detail.to_string() }
    }
}

/// The answer to a request that could not be served.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    detail: Option<String>,
    faults: Vec<Fault>,
    /// The version a stale change should have been made on.
    newer: Option<Version>,
    /// From when there is data.
    earliest: Option<DateTime<Utc>>,
    allow: Option<&'static str>,
    /// The encodings of a body that could have been taken.
    accept_encoding: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(kind: Kind) -> Self {
        let faults = Vec::new();
        Self { kind, detail: None, faults, newer: None, earliest: None, allow: None, accept_encoding: None }
    }

    pub(crate) fn because(kind: Kind, detail: impl fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::new(kind) }
    }

    pub(crate) fn faults(kind: Kind, faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new(kind) }
    }

    pub(crate) fn fault(kind: Kind, place: Place, detail: impl fmt::Display) -> Self {
        Self::faults(kind, vec![Fault::new(place, detail)])
    }

    /// The method is none of those in `allow`.
    pub(crate) fn method(allow: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::because(Kind::MethodNotAllowed, format!("allowed: {allow}")) }
    }

    /// The same, saying why.
    pub(crate) fn explained(self, detail: &str) -> Self {
        Self { detail: Some(detail.to_owned()), ..self }
    }

    /// The same, naming how a body may be packed (RFC 9110, 15.5.16).
    pub(crate) fn accepting(self, encodings: &'static str) -> Self {
        Self { accept_encoding: Some(encodings), ..self }
    }

    #[cfg(test)]
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The problem that stands for an error answered by a library in words of its own.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let kind = Kind::ALL.into_iter().find(|kind| kind.status() == status && *kind != Kind::UnknownParameter);
        Self::new(kind.unwrap_or(if status.is_server_error() { Kind::Internal } else { Kind::InvalidParameter }))
    }

    fn json(&self) -> Value {
        wire::value(&ProblemJson {
            kind: self.kind.uri(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail.as_deref(),
            errors: self.faults.iter().map(Into::into).collect(),
            version: self.newer.map(|newer| newer.0),
            earliest: self.earliest.map(InstantJson),
        })
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemJson<'a> {
    #[serde(rename = "type")]
    #[schemars(schema_with = "kinds")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    detail: Option<&'a str>,
    /// Every fault of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultJson<'a>>,
    /// The version that a change should have been made on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    version: Option<u64>,
    /// From when there is data, as known at the time asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "InstantJson")]
    earliest: Option<InstantJson>,
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    wire::one_of(&Kind::ALL.map(Kind::uri))
}

/// What is wrong, with its place: a parameter, a header, a JSON pointer or a row.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
struct FaultJson<'a> {
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    header: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    row: Option<u64>,
}

impl<'a> From<&'a Fault> for FaultJson<'a> {
    fn from(Fault { place, detail }: &'a Fault) -> Self {
        let json = Self { detail, ..Self::default() };
        match place {
            Place::Parameter(name) => Self { parameter: Some(name), ..json },
            Place::Header(name) => Self { header: Some(name), ..json },
            Place::Pointer(pointer) => Self { pointer: Some(pointer), ..json },
            Place::Row(row) => Self { row: Some(*row), ..json },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.kind.status(), self.json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if self.kind.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(REST_S));
        }
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(encodings) = self.accept_encoding {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        }
        response
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Denied(denied) if denied.action.changes() => Self::new(Kind::ReadOnly),
            Refused::Denied(denied) => Self::because(Kind::PersonalData, denied),
            Refused::Narrowed { parameter } => {
                Self::fault(Kind::PersonalData, Place::Parameter(parameter.into()), refused)
            }
            Refused::Parameters(faults) => {
                let fault = |fault: ParameterFault| Fault::new(Place::Parameter(fault.name.into()), fault.detail);
                Self::faults(Kind::InvalidParameter, faults.into_iter().map(fault).collect())
            }
            Refused::Fields(faults) => {
                let fault =
                    |fault: ParameterFault| Fault::new(Place::Pointer(format!("/{}", fault.name)), fault.detail);
                Self::faults(Kind::DoesNotFit, faults.into_iter().map(fault).collect())
            }
            Refused::NoGround => Self::new(Kind::NoGround),
            Refused::NotRead => Self::because(Kind::Unavailable, refused),
            Refused::NoGroundThen { earliest } => Self { earliest, ..Self::because(Kind::NoGroundThen, refused) },
            Refused::Missing(_) => Self::because(Kind::NotFound, refused),
            Refused::Stale { newer } => Self { newer: Some(newer), ..Self::because(Kind::Stale, refused) },
            Refused::Exists(_) => Self::because(Kind::Exists, refused),
            Refused::Unfit(_) => Self::because(Kind::InvalidBody, refused),
            Refused::Dangling(_) => Self::because(Kind::Dangling, refused),
            Refused::KeyReused => Self::fault(Kind::KeyReused, Place::Header("idempotency-key"), refused),
            Refused::ReadOnly(_) => Self {
                allow: Some("GET, HEAD"),
                ..Self::because(Kind::MethodNotAllowed, "the database can only be read: nothing can be changed here")
            },
            Refused::Overtaken(_) => Self::because(Kind::Unavailable, "others write the same at the same time"),
            Refused::Locked(error) => {
                tracing::warn!(%error, "a change was not stored");
                Self::because(Kind::Unavailable, "another import or program is writing to it")
            }
            Refused::Unavailable(cause) => {
                let error = cause.source().map_or_else(|| cause.to_string(), ToString::to_string);
                tracing::warn!(%error, "the database does not answer");
                Self::new(Kind::Unavailable)
            }
            Refused::Store(error) => {
                tracing::error!(error = error.with_causes(), "the store failed");
                Self::new(Kind::Internal)
            }
            Refused::BrokenOff(error) => {
                tracing::error!(%error, "the work for an answer was broken off");
                Self::new(Kind::Internal)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_type_and_a_fitting_status() {
        let mut uris: Vec<_> = Kind::ALL.into_iter().map(Kind::uri).collect();
        uris.sort();
        uris.dedup();
        assert_eq!(uris.len(), Kind::ALL.len());
        #[rustfmt::skip]
        crate::domain::all::assert_all!(
            Kind: UnknownParameter, InvalidParameter, InvalidBody, PersonalData, ReadOnly, NotFound,
            NoGroundThen, MethodNotAllowed, NotAcceptable, BodyTimeout, Exists, Stale, BodyTooLarge, UnsupportedMediaType,
            KeyReused, Dangling, DoesNotFit, VersionRequired, Internal, NoGround, Unavailable, Busy, Timeout
        );
        assert!(Kind::ALL.into_iter().all(|kind| kind.status().is_client_error() || kind.status().is_server_error()));
    }

    #[test]
    fn all_faults_of_one_input_come_back_at_once() {
        let faults = vec![
            Fault::new(Place::Parameter("lon".into()), "missing"),
            Fault::new(Place::Row(7), "not a number"),
            Fault::new(Place::Pointer("/properties/kind".into()), "unknown"),
        ];
        let body = Problem::faults(Kind::InvalidParameter, faults).json();
        assert_eq!(body["type"], "/problems/invalid-parameter");
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(3));
    }

    #[test]
    fn a_server_error_does_not_tell_its_cause() {
        let cause = crate::store::StoreError::Inconsistent { column: "household", what: "secret".into() };
        assert_eq!(Problem::from(Refused::from(cause)).json().to_string().find("secret"), None);
    }
}
