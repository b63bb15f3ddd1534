//! What the API description says of the answers of `/api/locate` and `/api/region`.

use serde_json::{Value, json};

use super::figures_openapi::{instant, list_of, nullable, nullable_reference, object, reference, words};

/// The schemas of the two answers and of what they are made of, by name.
pub(crate) fn schemas() -> [(&'static str, Value); 13] {
    [
        ("Answer", answer()),
        ("Position", object(&["lon", "lat"], json!({"lon": number(), "lat": number()}))),
        ("Edge", with_distance("neighbour", &nullable_reference("GridName"))),
        ("Nearest", with_distance("grid", &reference("GridName"))),
        ("Candidate", candidate()),
        ("Rung", rung()),
        ("Mediator", mediator()),
        ("Named", object(&["id", "name"], json!({"id": text(), "name": text()}))),
        ("Names", object(&["zh", "en"], json!({"zh": text(), "en": text()}))),
        ("Target", object(&["floor", "target", "ceiling"], json!({"floor": n(), "target": n(), "ceiling": n()}))),
        ("Region", region()),
        ("Level", level()),
        ("IncidentTotals", incidents()),
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

fn region() -> Value {
    let generation = object(
        &["number", "plan", "recorded", "in_force", "n_acknowledged_gaps"],
        json!({
            "number": n(), "plan": text(), "recorded": instant(), "in_force": instant(), "n_acknowledged_gaps": n(),
        }),
    );
    let role = object(
        &["code", "names", "n_holders", "n_grids"],
        json!({"code": text(), "names": reference("Names"), "n_holders": n(), "n_grids": n()}),
    );
    let bbox = json!({"type": "array", "items": number(), "minItems": 4, "maxItems": 4, "nullable": true});
    let homes = object(&["n_inside", "n_outside"], json!({"n_inside": n(), "n_outside": nullable("integer")}));
    object(
        &[
            "revision",
            "released",
            "open",
            "code",
            "names",
            "utc_offset",
            "bbox",
            "generation",
            "levels",
            "households",
            "roles",
            "service_points",
            "incidents",
        ],
        json!({
            "revision": n(),
            "released": {
                "type": "string", "format": "date-time", "nullable": true,
                "description": "when the counts of homes and incidents were released, each rounded down to a multiple of five; \
                                null where they are exact and of now",
            },
            "open": described(truth(), "anyone may read everything, because the data is invented"),
            "code": text(), "names": reference("Names"), "utc_offset": text(),
            "bbox": described(bbox, "west, south, east, north"),
            "generation": generation,
            "levels": described(list_of("Level"), "from the top down"),
            "households": homes,
            "roles": {"type": "array", "items": role},
            "service_points": {"type": "object", "additionalProperties": n(), "description": "how many of each kind"},
            "incidents": list_of("IncidentTotals"),
        }),
    )
}

fn level() -> Value {
    let outside = object(&["n_under_floor", "n_over_ceiling"], json!({"n_under_floor": n(), "n_over_ceiling": n()}));
    let homes = object(
        &["least", "median", "most", "outside_target"],
        json!({
            "least": nullable("number"), "median": nullable("number"), "most": nullable("number"),
            "outside_target": {"nullable": true, "allOf": [outside]},
        }),
    );
    object(
        &["code", "depth", "names", "answers", "required_roles", "household_target", "n_grids", "households_per_grid"],
        json!({
            "code": text(), "depth": n(), "names": reference("Names"), "answers": nullable("string"),
            "required_roles": words(), "household_target": nullable_reference("Target"), "n_grids": n(),
            "households_per_grid": homes,
        }),
    )
}

fn incidents() -> Value {
    let rate = object(
        &["numerator", "denominator", "percent"],
        json!({"numerator": n(), "denominator": n(), "percent": number()}),
    );
    let by_tier = json!({"type": "object", "additionalProperties": nullable("integer")});
    object(
        &["kind", "n_reported", "n_resolved", "resolution", "resolved_by_tier", "period"],
        json!({
            "kind": text(), "n_reported": nullable("integer"), "n_resolved": nullable("integer"),
            "resolution": {"nullable": true, "allOf": [rate]},
            "resolved_by_tier": described(by_tier, "how many were settled at each level"),
            "period": nullable_reference("Period"),
        }),
    )
}
