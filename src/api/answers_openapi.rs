//! What the API description says of the answers of `/api/locate`.

use serde_json::{Value, json};

use super::figures_openapi::{list_of, nullable, nullable_reference, object, reference};

/// The schemas of the two answers and of what they are made of, by name.
pub(crate) fn schemas() -> [(&'static str, Value); 8] {
    [
        ("Answer", answer()),
        ("Position", object(&["lon", "lat"], json!({"lon": number(), "lat": number()}))),
        ("Edge", with_distance("neighbour", &nullable_reference("GridName"))),
        ("Nearest", with_distance("grid", &reference("GridName"))),
        ("Candidate", candidate()),
        ("Rung", rung()),
        ("Mediator", mediator()),
        ("Named", object(&["id", "name"], json!({"id": text(), "name": text()}))),
    ]
}

fn text() -> Value {
    json!({"type": "string"})
}

fn number() -> Value {
    json!({"type": "number"})
}

fn n() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn truth() -> Value {
    json!({"type": "boolean"})
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

fn answer() -> Value {
    let names = [
        "revision",
        "generation",
        "position",
        "grids",
        "edge",
        "certain",
        "candidates",
        "n_candidates",
        "chain",
        "mediators",
        "nearest",
    ];
    object(
        &names,
        json!({
            "revision": n(), "generation": n(),
            "position": reference("Position"),
            "grids": described(list_of("GridName"), "from the top down; empty where nothing covers the place"),
            "edge": nullable_reference("Edge"),
            "certain": truth(),
            "candidates": list_of("Candidate"),
            "n_candidates": n(),
            "chain": described(list_of("Rung"), "from the bottom level up"),
            "mediators": list_of("Mediator"),
            "nearest": nullable_reference("Nearest"),
        }),
    )
}

fn with_distance(name: &str, what: &Value) -> Value {
    object(&[name, "distance_m"], json!({name: what, "distance_m": number()}))
}

fn candidate() -> Value {
    json!({"allOf": [reference("GridName"), object(&["distance_m"], json!({"distance_m": number()}))]})
}

fn rung() -> Value {
    object(
        &["level", "role", "holder", "how", "why"],
        json!({"level": text(), "role": text(), "holder": reference("Named"), "how": text(), "why": text()}),
    )
}

fn mediator() -> Value {
    object(
        &["id", "name", "body", "distance_m", "why"],
        json!({
            "id": text(), "name": text(), "body": nullable_reference("Named"), "distance_m": nullable("number"),
            "why": text(),
        }),
    )
}
