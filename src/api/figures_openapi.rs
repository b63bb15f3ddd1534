//! What the API description says of `/api/coverage` and `/api/hotspots`.

use serde_json::{Value, json};

use super::error::Kind;
use super::openapi::{dates, failing, form, parameter, read, unchanged};
use super::value_schemas::{self as values, Vocabulary};
use crate::domain::{Action, IncidentKind, Noun, Principal, Status};

/// The paths, as `principal` may use them.
pub(crate) fn paths(principal: &Principal, words: &Vocabulary) -> [(&'static str, Value); 2] {
    let mut asked = parameters(principal, words, &["datetime", "kind"]);
    asked.push(figures(words));
    let coverage = with_table(
        read("coverage", "How well the grids of one level cover their parent", &asked, "application/json"),
        "Coverage",
    );
    let hotspots = with_table(
        read(
            "hotspots",
            "Where incidents gather, by grid, week and point",
            &parameters(principal, words, &["datetime", "kind", "category", "tier", "status", "by"]),
            "application/json",
        ),
        "Hotspots",
    );
    [("/coverage", json!({"get": coverage})), ("/hotspots", json!({"get": hotspots}))]
}

fn with_table(mut get: Value, schema: &str) -> Value {
    get["responses"]["200"]["content"] = json!({
        "application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}},
        "text/csv": {"schema": {"type": "string"}},
    });
    get["tags"] = json!(["figures"]);
    failing(unchanged(get), &[Kind::PersonalData, Kind::NotFound, Kind::NoGround])
}

fn parameters(principal: &Principal, words: &Vocabulary, narrowing: &[&str]) -> Vec<Value> {
    let level = "the level of the rows, one under the parent; the one right under it when left out";
    let parent = "the code of the grid whose parts the rows are; the whole region when left out";
    let mut parameters =
        vec![parameter("level", level, values::one_of(&words.levels)), parameter("parent", parent, values::word())];
    // The public is told the counts of the release: it may part the series of the whole region by week, and nothing else.
    let is_exact = principal.may(Action::CountExactly, Noun::Incidents);
    parameters.extend(dates().into_iter().filter(|_| is_exact));
    parameters.push(form());
    let allowed = |name: &&&str| is_exact || **name == "by";
    parameters.extend(narrowing.iter().filter(allowed).map(|name| narrowed(name, words)));
    parameters
}

fn narrowed(name: &str, words: &Vocabulary) -> Value {
    let kinds = IncidentKind::ALL.map(IncidentKind::as_str);
    let states = Status::ALL.map(Status::as_str);
    let (description, schema) = match name {
        "datetime" => ("when the incidents were reported; an interval begins before it ends", values::interval()),
        "kind" => ("what they are", json!({"type": "string", "enum": kinds})),
        "category" => ("a word of the region's category tree", values::word()),
        "tier" => ("the code of the level that settles them", values::one_of(&words.levels)),
        "status" => ("whether they are settled", json!({"type": "string", "enum": states})),
        _ => (
            "what is told beside the counts of grids: series by ISO week, single points",
            json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["week", "point"]}}),
        ),
    };
    parameter(name, description, schema)
}

fn figures(words: &Vocabulary) -> Value {
    let mut figures = parameter(
        "figures",
        "which figures each row holds, each named once: homes, incidents, closed_at_village ...; all when left out. The \
         total holds all in any case. A table has the columns of these alone",
        json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": values::one_of(&words.figures)}),
    );
    figures["example"] = json!(["homes", "incidents"]);
    figures
}

/// The schemas these paths refer to, by name.
pub(crate) fn schemas() -> [(&'static str, Value); 9] {
    [
        ("Figure", figure()),
        ("GridName", grid_name()),
        ("Period", object(&["from", "to"], json!({"from": instant(), "to": instant()}))),
        ("Coverage", coverage()),
        ("CoverageRow", coverage_row(&[])),
        ("CoverageTotal", coverage_row(&FIGURES)),
        ("Hotspots", hotspots()),
        ("HotspotRow", hotspot_row()),
        ("FallbackPoint", fallback_point()),
    ]
}

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

fn figure() -> Value {
    let mut figure = object(
        &["numerator", "denominator", "value"],
        json!({
            "numerator": nullable("number"), "denominator": nullable("number"), "value": nullable("number"),
            "withheld": {"type": "boolean", "description": "true where the caller may not know it"},
        }),
    );
    figure["description"] = "A rate; 0 of 0 has no value, an unknown or withheld one has no numbers. `incidents` are \
                             per 100 homes"
        .into();
    figure
}

fn grid_name() -> Value {
    object(
        &["id", "code", "name", "level"],
        json!({
            "id": {"type": "string"}, "code": {"type": "string"}, "name": nullable("string"), "level": {"type": "string"},
        }),
    )
}

/// What both answers begin with.
fn head() -> Value {
    json!({
        "revision": {"type": "integer"},
        "generation": {"type": "integer"},
        "at": instant(),
        "level": {"type": "string"},
        "parent": nullable_reference("GridName"),
        "period": nullable_reference("Period"),
        "kind": nullable("string"),
        "minimum": {
            "type": "integer", "nullable": true,
            "description": "where it is not null, counts under it are withheld, and all others rounded down to a multiple of it",
        },
        "released": {
            "type": "string", "format": "date-time", "nullable": true,
            "description": "when those counts were released; exact ones are of now",
        },
    })
}

const HEAD: [&str; 9] = ["revision", "generation", "at", "level", "parent", "period", "kind", "minimum", "released"];

fn headed(own: &[&str], properties: &Value) -> Value {
    let mut all = head();
    for (name, schema) in properties.as_object().into_iter().flatten() {
        all[name] = schema.clone();
    }
    object(&[&HEAD[..], own].concat(), all)
}

fn coverage() -> Value {
    headed(
        &["household_target", "required_roles", "tiers", "total", "rows"],
        &json!({
            "household_target": nullable_reference("Target"),
            "required_roles": words(),
            "tiers": words(),
            "total": reference("CoverageTotal"),
            "rows": list_of("CoverageRow"),
        }),
    )
}

/// The figures that every region has.
const FIGURES: [&str; 10] = [
    "homes",
    "over_ceiling",
    "under_floor",
    "uncovered",
    "overlap",
    "without_leader",
    "without_grid",
    "lacking_roles",
    "incidents",
    "resolved",
];

/// A row of which the `certain` figures are there, whatever was asked for.
fn coverage_row(certain: &[&str]) -> Value {
    let properties = FIGURES.iter().map(|name| ((*name).to_owned(), reference("Figure"))).collect();
    let mut figures = object(certain, properties);
    figures["additionalProperties"] = reference("Figure");
    figures["description"] = "also closed_at_LEVEL for every level".into();
    object(
        &["id", "code", "name", "parent", "area_m2", "missing_roles", "figures"],
        json!({
            "id": {"type": "string"}, "code": {"type": "string"}, "name": nullable("string"),
            "parent": nullable("string"), "area_m2": {"type": "number"},
            "missing_roles": words(),
            "figures": figures,
        }),
    )
}

fn hotspots() -> Value {
    let week =
        object(&["week", "from"], json!({"week": {"type": "string"}, "from": {"type": "string", "format": "date"}}));
    let point = object(
        &["lon", "lat", "n"],
        json!({"lon": nullable("number"), "lat": nullable("number"), "n": {"type": "integer"}}),
    );
    let fallback = object(
        &["share", "least", "points"],
        json!({"share": {"type": "number"}, "least": {"type": "integer"}, "points": list_of("FallbackPoint")}),
    );
    headed(
        &["tier", "status", "category", "total", "rows", "fallback"],
        &json!({
            "tier": nullable("string"), "status": nullable("string"), "category": nullable("string"),
            "weeks": {"type": "array", "items": week},
            "points": {"type": "array", "items": point},
            "total": reference("HotspotRow"),
            "rows": list_of("HotspotRow"),
            "fallback": fallback,
        }),
    )
}

fn hotspot_row() -> Value {
    object(
        &["id", "code", "name", "parent", "incidents"],
        json!({
            "id": {"type": "string"}, "code": {"type": "string"}, "name": nullable("string"),
            "parent": nullable("string"), "lon": {"type": "number"}, "lat": {"type": "number"},
            "incidents": reference("Figure"),
            "by_week": {"type": "array", "items": nullable("integer")},
        }),
    )
}

fn fallback_point() -> Value {
    object(
        &["lon", "lat", "numerator", "denominator", "value"],
        json!({
            "lon": nullable("number"), "lat": nullable("number"), "numerator": nullable("number"),
            "denominator": nullable("number"), "value": nullable("number"),
        }),
    )
}
