//! Incidents and steps that a body brings, as the API's description has them: what `incident_body`, `format/incident.rs` and
//! `format/step.rs` take, with the patterns of each text and the levels of the region.

use serde_json::{Map, Value, json};

use super::description::Description;
use super::geojson_schemas::PointSchema;
use super::value_schemas::{self as values, Vocabulary};
use crate::domain::{IncidentKind, Status, StepKind};
use crate::format::properties::step_property;

/// Adds the schema of a body, and returns a reference to it.
pub(crate) fn new_incident(description: &mut Description<'_>) -> Value {
    let listed = step(&["kind", "at"], values::instant());
    let (point, step) = (description.body::<PointSchema>(), description.written("ListedStep", listed));
    let properties = json!({
        "type": "object", "required": ["kind"], "additionalProperties": false,
        "properties": properties(description.words, &step),
    });
    let incident = json!({"type": "object", "required": ["type", "geometry", "properties"], "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"nullable": true, "anyOf": [id(), {"type": "number"}]},
        "geometry": point,
        "properties": properties,
    }});
    description.written("NewIncident", incident)
}

/// Adds the schema of a step that is added, and returns a reference to it.
pub(crate) fn new_step(description: &mut Description<'_>) -> Value {
    let mut at = nullable(values::instant());
    at["description"] = "now where it is not given".into();
    description.written("NewStep", step(&["kind"], at))
}

#[expect(clippy::needless_pass_by_value, reason = "a schema is written where it is passed")]
fn step(required: &[&str], at: Value) -> Value {
    let mut by = nullable(values::identifier());
    by["description"] = "the id of the holder who took it".into();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": {
        "kind": {"type": "string", "enum": StepKind::ALL.map(StepKind::as_str)}, "at": at, "by": by,
    }})
}

/// What an answer says of an incident may come back: what is worked out is passed over, the rest has to agree.
fn properties(words: &Vocabulary, step: &Value) -> Map<String, Value> {
    let kinds = json!({"type": "string", "enum": IncidentKind::ALL.map(IncidentKind::as_str)});
    let mut properties = Map::new();
    let mut add = |name: &str, schema: Value| properties.insert(name.to_owned(), schema);
    add("id", nullable(id()));
    add("kind", kinds);
    add("category", nullable(prose(500)));
    add("tier", nullable(values::one_of(&words.levels)));
    add("stated_grid", nullable(code()));
    add("text", nullable(prose(10_000)));
    for kind in StepKind::ALL {
        add(step_property(kind), nullable(values::instant()));
    }
    let steps = "what was done; the first of them by time is `receive`";
    add("steps", json!({"type": "array", "nullable": true, "items": step, "description": steps}));
    let states = json!({"type": "string", "enum": Status::ALL.map(Status::as_str), "description": "as its steps say"});
    add("status", nullable(states));
    for worked_out in ["lon", "lat", "grid"] {
        add(worked_out, json!({"description": "worked out of the geometry; what a body says is passed over"}));
    }
    properties
}

/// A schema that takes null too.
fn nullable(mut schema: Value) -> Value {
    schema["nullable"] = true.into();
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    schema
}

/// A text without control characters, but for the ends of lines and tabs.
fn prose(most: usize) -> Value {
    let pattern = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";
    json!({"type": "string", "maxLength": most, "pattern": pattern})
}

/// Characters that nobody sees, and control characters.
const UNSEEN: &str = "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff";

/// What a spreadsheet makes of a number of many digits names nothing any more.
const NO_CUT_NUMBER: &str = "(?![0-9]+(\\.[0-9]+)*E\\+[0-9]+$)";

/// A code of somebody else's.
fn code() -> Value {
    json!({"type": "string", "maxLength": 500, "pattern": format!("^{NO_CUT_NUMBER}[^{UNSEEN}]*$")})
}

/// An identifier as it is written, or an empty text, for which one is made.
fn id() -> Value {
    json!({"type": "string", "maxLength": 64, "pattern": format!("^{NO_CUT_NUMBER}[^\\s/{UNSEEN}]*$")})
}
