//! What the OpenAPI document says of the steps of incidents.

use serde_json::{Value, json};

use super::error::Kind;
use super::incidents_openapi::{if_match, location};
use super::openapi::{self, failing, path_parameter, unchanged};
use super::value_schemas as values;
use crate::domain::{Action, Noun, Principal, StepKind};

/// The paths that `principal` may use.
pub(crate) fn paths(principal: &Principal) -> Vec<(&'static str, Value)> {
    if !principal.may(Action::Read, Noun::Steps) {
        return Vec::new();
    }
    let id = path_parameter("id", &values::identifier());
    let number = path_parameter("number", &json!({"type": "integer", "minimum": 1}));
    let told = |id: &str, summary: &str, parameters: &[Value], schema: &str| {
        let mut get = openapi::read(id, summary, parameters, "application/json");
        get["responses"]["200"]["content"] = content(schema);
        get["responses"]["200"]["headers"] = json!({"ETag": openapi::etag()});
        failing(unchanged(get), &[Kind::NotFound])
    };
    let summary = "What was done about the incident, in the order it was recorded";
    let mut list = json!({"get": told("list_steps", summary, std::slice::from_ref(&id), "Steps")});
    if principal.may(Action::Write, Noun::Steps) {
        list["post"] = post(&id);
    }
    let one = json!({"get": told("get_step", "One step", &[id, number], "Step")});
    vec![("/incidents/{id}/steps", list), ("/incidents/{id}/steps/{number}", one)]
}

fn post(id: &Value) -> Value {
    let parameters = [id.clone(), openapi::idempotency_key(), if_match(false)];
    let post = openapi::write("add_step", "Adds a step; none is changed or taken away", "201", &parameters);
    let mut post = failing(post, &[Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::DoesNotFit]);
    post["responses"]["201"]["content"] = content("Step");
    post["responses"]["201"]["headers"] = json!({"Location": location(), "ETag": openapi::etag()});
    post["requestBody"] = json!({"required": true, "content": content("NewStep")});
    post
}

/// The schemas of a step.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let instant = json!({"type": "string", "format": "date-time"});
    let kind = json!({"type": "string", "enum": StepKind::ALL.map(StepKind::as_str)});
    let by = json!({"type": "string", "nullable": true, "description": "the id of the holder who took it"});
    let mut who = values::identifier();
    (who["nullable"], who["description"]) = (true.into(), by["description"].clone());
    let new = |required: &[&str], at: Value| {
        json!({"type": "object", "required": required, "additionalProperties": false, "properties": {
            "kind": kind, "at": at, "by": who,
        }})
    };
    let mut when = values::instant();
    (when["nullable"], when["description"]) = (true.into(), "now where it is not given".into());
    let listed = new(&["kind", "at"], values::instant());
    let new = new(&["kind"], when);
    let mut recorded = instant.clone();
    recorded["nullable"] = true.into();
    let step = json!({"type": "object", "required": ["number", "kind", "at", "by", "recorded", "actor"], "properties": {
        "number": {"type": "integer", "minimum": 1, "description": "in the order the steps were recorded"},
        "kind": kind, "at": instant, "by": by, "recorded": recorded, "actor": {"type": "string", "nullable": true},
    }});
    let steps = json!({"type": "object", "required": ["steps"], "properties": {
        "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
    }});
    vec![("NewStep", new), ("ListedStep", listed), ("Step", step), ("Steps", steps)]
}

fn content(schema: &str) -> Value {
    json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}
