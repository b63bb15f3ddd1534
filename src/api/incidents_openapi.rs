//! What OpenAPI says of writing incidents.

use serde_json::{Map, Value, json};

use super::error::Kind;
use super::openapi::{etag, failing, feature, idempotency_key, write};
use super::value_schemas::{self as values, Vocabulary};
use crate::domain::{IncidentKind, Status, StepKind};
use crate::format::properties::step_property;

/// The statuses of a body that cannot be stored.
const OF_BODIES: [Kind; 4] = [Kind::Exists, Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::Dangling];

/// `POST` of a new one.
pub(crate) fn post(id: &str) -> Value {
    let mut post = failing(write(&format!("create_{id}"), "Stores a new one", "201", &[idempotency_key()]), &OF_BODIES);
    post["requestBody"] = body();
    post["responses"]["201"]["content"] = feature();
    post["responses"]["201"]["headers"] = json!({"Location": location(), "ETag": etag()});
    post
}

/// `PUT` of what one is to be.
pub(crate) fn put(id: &str, feature_id: &Value) -> Value {
    let put = write(&format!("replace_{id}"), "Replaces it", "200", &[feature_id.clone(), if_match(true)]);
    let mut put = failing(failing(put, &OF_BODIES), &[Kind::VersionRequired]);
    put["description"] = json!("Its steps and the times of them may be repeated, but not changed: steps are added.");
    put["requestBody"] = body();
    put["responses"]["200"]["content"] = feature();
    put["responses"]["200"]["headers"] = json!({"ETag": etag()});
    put
}

/// `DELETE` of one.
pub(crate) fn delete(id: &str, feature_id: &Value) -> Value {
    let delete = write(&format!("delete_{id}"), "Removes it", "204", &[feature_id.clone(), if_match(true)]);
    failing(delete, &[Kind::VersionRequired])
}

/// The header that names the version a change was made on.
pub(crate) fn if_match(is_required: bool) -> Value {
    let description = "the ETag of the version the change was made on";
    json!({
        "name": "If-Match", "in": "header", "required": is_required, "schema": values::entity_tag(),
        "description": description,
    })
}

/// The header that says where what was stored is.
pub(crate) fn location() -> Value {
    json!({"required": true, "schema": {"type": "string"}, "description": "the address of what was stored"})
}

fn body() -> Value {
    let schema = json!({"schema": {"$ref": "#/components/schemas/NewIncident"}});
    json!({"required": true, "content": {"application/geo+json": schema}})
}

/// The schemas of a body.
pub(crate) fn schemas(words: &Vocabulary) -> [(&'static str, Value); 2] {
    let properties = json!({
        "type": "object", "required": ["kind"], "additionalProperties": false, "properties": properties(words),
    });
    let incident = json!({"type": "object", "required": ["type", "geometry", "properties"], "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"nullable": true, "anyOf": [id(), {"type": "number"}]},
        "geometry": {"$ref": "#/components/schemas/Point"},
        "properties": properties,
    }});
    let place = "longitude and latitude in WGS 84, perhaps a height, which is not kept; not 0, 0. Rounded to 1e-7 degree \
                 (about 1 cm)";
    let point = json!({"type": "object", "required": ["type", "coordinates"], "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {"type": "array", "minItems": 2, "items": {"type": "number"}, "description": place},
    }});
    [("NewIncident", incident), ("Point", point)]
}

/// What an answer says of an incident may come back: what is worked out is passed over, the rest has to agree.
fn properties(words: &Vocabulary) -> Map<String, Value> {
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
    let step = json!({"$ref": "#/components/schemas/ListedStep"});
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
