//! How schemas are put together by hand.

use serde_json::{Value, json};

#[expect(clippy::needless_pass_by_value, reason = "a schema is written where it is passed")]
pub(super) fn object(required: &[&str], properties: Value) -> Value {
    let mut object = json!({"type": "object", "properties": properties});
    // OpenAPI 3.0 knows no empty list here.
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

pub(super) fn nullable(kind: &str) -> Value {
    json!({"type": kind, "nullable": true})
}

pub(super) fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

pub(super) fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

pub(super) fn nullable_reference(schema: &str) -> Value {
    json!({"nullable": true, "allOf": [reference(schema)]})
}

pub(super) fn list_of(schema: &str) -> Value {
    json!({"type": "array", "items": reference(schema)})
}

pub(super) fn words() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}
