//! What the OpenAPI document says of the steps of incidents.

use serde_json::{Value, json};

use super::openapi;
use crate::domain::{Action, Noun, Principal, StepKind};

/// The paths that `principal` may use.
pub(crate) fn paths(principal: &Principal) -> Vec<(&'static str, Value)> {
    if !principal.may(Action::Read, Noun::Steps) {
        return Vec::new();
    }
    let id = path_parameter("id", &openapi::text());
    let number = path_parameter("number", &json!({"type": "integer", "minimum": 1}));
    let told = |id: &str, summary: &str, parameters: &[Value], schema: &str| {
        let mut get = openapi::read(id, summary, parameters, "application/json");
        get["responses"]["200"]["content"] = content(schema);
        get
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
    let version = json!({
        "name": "If-Match", "in": "header", "required": false, "schema": {"type": "string"},
        "description": "the ETag of the incident, where the step is meant for that version of it alone",
    });
    let parameters = [id.clone(), openapi::idempotency_key(), version];
    let mut post = openapi::write("add_step", "Adds a step; none is changed or taken away", "201", &parameters);
    post["responses"]["201"]["content"] = content("Step");
    post["requestBody"] = json!({"required": true, "content": content("NewStep")});
    post
}

/// The schemas of a step.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let instant = json!({"type": "string", "format": "date-time"});
    let kind = json!({"type": "string", "enum": StepKind::ALL.map(StepKind::as_str)});
    let by = json!({"type": "string", "nullable": true, "description": "the id of the holder who took it"});
    let new = json!({"type": "object", "required": ["kind"], "properties": {
        "kind": kind, "at": {"type": "string", "format": "date-time", "description": "now where it is not given"}, "by": by,
    }});
    let mut recorded = instant.clone();
    recorded["nullable"] = true.into();
    let step = json!({"type": "object", "required": ["number", "kind", "at", "by", "recorded", "actor"], "properties": {
        "number": {"type": "integer", "minimum": 1, "description": "in the order the steps were recorded"},
        "kind": kind, "at": instant, "by": by, "recorded": recorded, "actor": {"type": "string", "nullable": true},
    }});
    let steps = json!({"type": "object", "required": ["steps"], "properties": {
        "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
    }});
    vec![("NewStep", new), ("Step", step), ("Steps", steps)]
}

fn path_parameter(name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn content(schema: &str) -> Value {
    json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}
