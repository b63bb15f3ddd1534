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
    match feature.get("properties") {
        Some(Value::Object(properties)) => {
            faults.extend(of_id(feature.get("id"), properties.get("id")).map(|detail| at("/id", detail)));
            faults.extend(of_properties(properties));
        }
        _ => faults.push(at("/properties", "expected an object")),
    }
    if !matches!(feature.get("geometry"), Some(Value::Object(_))) {
        faults.push(at("/geometry", "expected a Point"));
    }
    faults
}

/// What is wrong with the id of a feature, which its properties may say again.
fn of_id(id: Option<&Value>, again: Option<&Value>) -> Option<&'static str> {
    let text = match id {
        None | Some(Value::Null) => return None,
        Some(Value::String(text)) if text.is_empty() => return None,
        Some(Value::String(text)) if is_bare(text) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Some("expected an identifier: a text without white space, or a number"),
    };
    let again = again.and_then(Value::as_str).filter(|again| !again.is_empty());
    again.is_some_and(|again| again != text).then_some("is another one than that of the properties")
}

/// Tells whether nothing would be left out of a text where white space around it does not count.
fn is_bare(text: &str) -> bool {
    text.trim() == text
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
    let is_word = || value.as_str().is_some_and(|text| !text.is_empty() && is_bare(text));
    let is_list = || value.as_array().is_some_and(|steps| steps.iter().all(Value::is_object));
    let is_time = StepKind::ALL.into_iter().any(|kind| properties::step_property(kind) == name);
    let (is_well, expected) = match name {
        _ if value.is_null() => return None,
        "id" => (value.as_str().is_some_and(is_bare), "an identifier: a text without white space"),
        "category" | "stated_grid" | "text" => (value.is_string(), "a text"),
        "steps" => (is_list(), "a list of steps"),
        "kind" | "tier" | "status" => (is_word(), "a word"),
        _ if is_time => (is_word(), "an instant or a day"),
        _ => return None,
    };
    (!is_well).then_some(expected)
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
        _ if field.starts_with("geometry/") => format!("/{field}"),
        _ if field.starts_with("steps/") => format!("/properties/{field}"),
        _ => format!("/properties/{}", field.replace('~', "~0").replace('/', "~1")),
    }
}
