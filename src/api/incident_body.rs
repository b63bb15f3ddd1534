//! The body of an incident that is written: one GeoJSON feature, whose values have the types that OpenAPI says.
//!
//! A table has texts alone, so the reader of records takes a number for a text; here every value has a type of its own.

use std::io::Cursor;

use serde_json::{Map, Value};

use super::error::{ApiResult, Fault, Kind, Place, Problem};
use super::params;
use crate::domain::{Incident, StepKind};
use crate::format::record::{self, Syntax};
use crate::format::{self, Record, incident, properties};
use crate::geometry::crs::Frame;

/// Reads the one feature of a body.
pub(super) fn read(bytes: &[u8]) -> ApiResult<Record> {
    let body: Value = serde_json::from_slice(bytes).map_err(|error| whole(error.to_string()))?;
    let faults = faults_of_types(&body);
    if !faults.is_empty() {
        return Err(Problem::faults(Kind::InvalidBody, faults));
    }
    let mut records =
        record::read(Cursor::new(bytes), Syntax::GeoJson, &Frame::Wgs84).map_err(|error| whole(error.to_string()))?;
    let first = records.next().ok_or_else(|| whole("there is no feature".into()))?;
    first.map_err(|error| whole(error.to_string()))?.map_err(|faults| all(&faults))
}

fn whole(detail: String) -> Problem {
    Problem::fault(Kind::InvalidBody, Place::Pointer(String::new()), detail)
}

/// What of a body is not of the type it has in a feature. A value is not repeated: it may be personal.
fn faults_of_types(body: &Value) -> Vec<Fault> {
    let at = |pointer: &str, detail: &str| Fault::new(Place::Pointer(pointer.to_owned()), detail);
    let Value::Object(feature) = body else { return vec![at("", "expected a feature: a JSON object")] };
    let mut faults = Vec::new();
    if feature.get("type").and_then(Value::as_str) != Some("Feature") {
        faults.push(at("/type", "one feature at a time: expected \"Feature\""));
    }
    if !matches!(feature.get("id"), None | Some(Value::Null | Value::String(_) | Value::Number(_))) {
        faults.push(at("/id", "expected a text or a number"));
    }
    match feature.get("properties") {
        Some(Value::Object(properties)) => faults.extend(of_properties(properties)),
        _ => faults.push(at("/properties", "expected an object")),
    }
    if !matches!(feature.get("geometry"), Some(Value::Object(_))) {
        faults.push(at("/geometry", "expected a Point"));
    }
    faults
}

fn of_properties(properties: &Map<String, Value>) -> impl Iterator<Item = Fault> {
    let wrong = |(name, value): (&String, &Value)| {
        let expected = expected(name, value)?;
        Some(Fault::new(Place::Pointer(pointer(&params::shortened(name))), format!("expected {expected}")))
    };
    properties.iter().filter_map(wrong)
}

/// The type of a property where its value has another one. Those that are worked out, and unknown ones, are not looked at.
fn expected(name: &str, value: &Value) -> Option<&'static str> {
    let is_time = || StepKind::ALL.into_iter().any(|kind| properties::step_property(kind) == name);
    match (name, value) {
        (_, Value::Null) => None,
        ("id" | "category" | "stated_grid" | "text", Value::String(_)) => None,
        ("id" | "category" | "stated_grid" | "text", _) => Some("a text"),
        ("steps", Value::Array(steps)) if steps.iter().all(Value::is_object) => None,
        ("steps", _) => Some("a list of steps"),
        ("kind" | "tier" | "status", Value::String(text)) if !text.trim().is_empty() => None,
        ("kind" | "tier" | "status", _) => Some("a word"),
        (_, Value::String(text)) if !text.trim().is_empty() => None,
        _ => is_time().then_some("an instant or a day"),
    }
}

/// What was parsed of a feature, or all of its faults, those of its names included.
pub(super) fn checked(said: &Record, parsed: Result<Incident, Vec<format::Fault>>) -> ApiResult<Incident> {
    let known = |column: &str| {
        incident::FIELDS.contains(&column)
            || properties::INCIDENT.iter().chain(&properties::INCIDENT_PERSONAL).any(|known| *known == column)
    };
    let unknown = said.columns.iter().filter(|column| !known(column));
    let mut faults: Vec<Fault> = unknown
        .map(|column| Fault::new(Place::Pointer(pointer(&params::shortened(column))), "there is no such property"))
        .collect();
    match parsed {
        Ok(incident) if faults.is_empty() => Ok(incident),
        Ok(_) => Err(Problem::faults(Kind::InvalidBody, faults)),
        Err(more) => {
            faults.extend(more.iter().map(fault));
            Err(Problem::faults(Kind::InvalidBody, faults))
        }
    }
}

fn all(faults: &[format::Fault]) -> Problem {
    Problem::faults(Kind::InvalidBody, faults.iter().map(fault).collect())
}

fn fault(fault: &format::Fault) -> Fault {
    Fault::new(Place::Pointer(pointer(&fault.field)), &fault.problem)
}

/// Where in a feature a field stands, as a JSON pointer.
fn pointer(field: &str) -> String {
    match field {
        "feature" => String::new(),
        "position" | "geometry" => "/geometry".into(),
        _ if field.starts_with("steps/") => format!("/properties/{field}"),
        _ => format!("/properties/{}", field.replace('~', "~0").replace('/', "~1")),
    }
}
