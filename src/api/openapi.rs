//! The OpenAPI 3.0 document, written from the same list of collections that the handlers read.
//!
//! GDAL pushes a filter down only when it finds the parameter here, declared `in: query`.

use serde_json::{Map, Value, json};

use super::collections::{COLLECTIONS, Collection, DEFAULT_LIMIT, MAX_LIMIT};
use super::error::Kind;
use super::{answers_openapi, basemaps, figures_openapi, steps_openapi, tiles_openapi};
use crate::domain::{Action, Noun, Principal};

pub(crate) const CONTENT_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// Returns the document as `principal` may use the API; `server` is the address of the API.
pub(crate) fn document(server: &str, principal: &Principal) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "gridmap",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Who answers for this point. OGC API Features part 1, with resources of our own beside it.",
        },
        "servers": [{"url": server}],
        "paths": paths(principal),
        "components": {"schemas": schemas(), "responses": {"Problem": problem_response()}},
    })
}

fn paths(principal: &Principal) -> Value {
    let mut paths = Map::new();
    let mut add = |path: &str, operations: Value| paths.insert(path.to_owned(), operations);
    add("/", json!({"get": read("landing", "The landing page", &[json_form()], "application/json")}));
    add(
        "/conformance",
        json!({"get": read("conformance", "What the API conforms to", &[json_form()], "application/json")}),
    );
    add("/collections", json!({"get": read("collections", "The collections", &[json_form()], "application/json")}));
    let region = read("region", "The region: levels, roles, totals", &[], "application/json");
    add("/region", json!({"get": answering(region, "Region")}));
    add("/locate", locate());
    add("/basemaps", basemaps::described().0);
    for (path, operations) in figures_openapi::paths(principal).into_iter().chain(steps_openapi::paths(principal)) {
        add(path, operations);
    }
    for (path, operations) in tiles_openapi::paths(principal) {
        add(&path, operations);
    }
    for collection in COLLECTIONS.iter().filter(|c| c.readable_by(principal)) {
        let id = collection.id();
        let describe = read(&format!("describe_{id}"), collection.title, &[json_form()], "application/json");
        add(&format!("/collections/{id}"), json!({"get": describe}));
        add(&format!("/collections/{id}/items"), items(collection, principal));
        add(&format!("/collections/{id}/items/{{featureId}}"), item(collection, principal));
    }
    Value::Object(paths)
}

fn items(collection: &Collection, principal: &Principal) -> Value {
    let id = collection.id();
    let mut get = read(&format!("list_{id}"), collection.description, &parameters(collection), "application/geo+json");
    get["responses"]["200"]["content"]["text/csv"] = json!({"schema": {"type": "string"}});
    get["tags"] = json!([id]);
    if !(collection.writable && principal.may(Action::Write, collection.noun)) {
        return json!({"get": get});
    }
    let mut post = write(&format!("create_{id}"), "Stores a new one", "201", &[idempotency_key()]);
    post["requestBody"] = feature_body();
    json!({"get": get, "post": post})
}

fn item(collection: &Collection, principal: &Principal) -> Value {
    let id = collection.id();
    let feature_id = json!({"name": "featureId", "in": "path", "required": true, "schema": {"type": "string"}});
    let mut parameters = vec![feature_id.clone(), json_form()];
    if collection.noun == Noun::Grids {
        parameters.extend(dates());
    }
    let mut get = read(&format!("get_{id}"), "One feature", &parameters, "application/geo+json");
    get["responses"]["200"]["content"] = feature();
    let mut operations = json!({"get": get});
    if collection.writable && principal.may(Action::Write, collection.noun) {
        let version = json!({
            "name": "If-Match", "in": "header", "required": true, "schema": {"type": "string"},
            "description": "the ETag of the version the change was made on",
        });
        let mut put = write(&format!("replace_{id}"), "Replaces it", "200", &[feature_id.clone(), version.clone()]);
        put["requestBody"] = feature_body();
        operations["put"] = put;
        operations["delete"] = write(&format!("delete_{id}"), "Removes it", "204", &[feature_id, version]);
    }
    operations
}

fn parameters(collection: &Collection) -> Vec<Value> {
    let mut parameters = vec![
        parameter(
            "limit",
            "the most features in the answer; larger numbers are taken as the maximum",
            json!({
                "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT,
            }),
        ),
        parameter(
            "bbox",
            "a box in degrees, west,south,east,north, or six numbers with heights",
            json!({
                "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
            }),
        ),
        parameter("datetime", collection.time.unwrap_or("has no meaning here and changes nothing"), text()),
        parameter("after", "the next page: features with an id after this one", json!({"type": "string"})),
        form(),
    ];
    if collection.noun == Noun::Grids {
        parameters.extend(dates());
    }
    parameters.extend(collection.filters.iter().map(|filter| {
        let mut schema = text();
        if !filter.words.is_empty() {
            schema["enum"] = json!(filter.words);
        }
        parameter(filter.name, filter.description, schema)
    }));
    parameters
}

pub(crate) fn dates() -> [Value; 2] {
    [
        parameter("at", "the ground in force at this instant, or at the start of this day", text()),
        parameter("known_at", "as it was known at this instant, or at the end of this day", text()),
    ]
}

pub(crate) fn form() -> Value {
    parameter(
        "f",
        "the form of the answer, stronger than the Accept header",
        json!({
            "type": "string", "enum": ["json", "csv"],
        }),
    )
}

pub(crate) fn json_form() -> Value {
    parameter("f", "the form of the answer: there is one", json!({"type": "string", "enum": ["json"]}))
}

#[expect(clippy::needless_pass_by_value, reason = "a schema is written where it is passed")]
pub(crate) fn parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({
        "name": name, "in": "query", "description": description, "required": false,
        "schema": schema, "style": "form", "explode": false,
    })
}

pub(crate) fn read(id: &str, summary: &str, parameters: &[Value], content_type: &str) -> Value {
    let schema = if content_type == "application/geo+json" { "FeatureCollection" } else { "Object" };
    json!({
        "operationId": id, "summary": summary, "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": {content_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    })
}

/// An operation whose answer has a schema of its own.
fn answering(mut get: Value, schema: &str) -> Value {
    let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
    get["responses"]["200"]["content"]["application/json"]["schema"] = reference;
    get
}

pub(crate) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 200},
        "description": "a repeated request with the same key is stored once",
    })
}

pub(crate) fn write(id: &str, summary: &str, status: &str, parameters: &[Value]) -> Value {
    json!({
        "operationId": id, "summary": summary, "parameters": parameters,
        "responses": {status: {"description": summary}, "default": {"$ref": "#/components/responses/Problem"}},
    })
}

fn feature_body() -> Value {
    json!({"required": true, "content": feature()})
}

fn feature() -> Value {
    json!({"application/geo+json": {"schema": {"$ref": "#/components/schemas/Feature"}}})
}

/// A word that cannot be nothing.
pub(crate) fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

/// How exact an answer is.
const ROUNDED: &str =
    "Borders and points are rounded to 1e-7 degree (about 1 cm) before it is asked which side a point lies on.";

fn locate() -> Value {
    let number = || json!({"type": "number"});
    let mut lon = parameter("lon", "longitude, or the first coordinate of `crs`", number());
    let mut lat = parameter("lat", "latitude, or the second coordinate of `crs`", number());
    lon["required"] = true.into();
    lat["required"] = true.into();
    let mut parameters = vec![
        lon,
        lat,
        parameter("crs", "wgs84, cgcs2000, gcj02, bd09 or EPSG:n", json!({"type": "string", "default": "wgs84"})),
        parameter(
            "accuracy_m",
            "how far the true position may be off, in metres",
            json!({"type": "number", "minimum": 0}),
        ),
        parameter("category", "the category of the incident, for the mediators", json!({"type": "string"})),
    ];
    parameters.extend(dates());
    let get = read("locate", "Who answers for one point", &parameters, "application/json");
    let mut get = answering(get, "Answer");
    get["tags"] = json!(["locate"]);
    get["description"] = json!(ROUNDED);
    let mut post = read("locate_many", "Who answers for up to a million points", &parameters[2..], "application/json");
    post["description"] = json!(
        "The answer comes row by row in the form and order of the body. A row that cannot be answered has its error in its \
         place, and `status` refused in a table; only a body without one good row is a 400. An Arrow file is read as the \
         stream in it. Parquet is not taken: it is read from its end."
    );
    let points = json!({"type": "array", "items": {"type": "object", "required": ["lon", "lat"]}});
    let forms = json!({
        "application/json": {"schema": points},
        "application/x-ndjson": {"schema": {"type": "string"}},
        "text/csv": {"schema": {"type": "string"}},
        "application/geo+json": {"schema": {"$ref": "#/components/schemas/FeatureCollection"}},
        "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
    });
    post["requestBody"] = json!({"required": true, "content": forms});
    post["responses"]["200"]["content"] = forms;
    json!({"get": get, "post": post})
}

fn schemas() -> Value {
    let link = json!({"type": "object", "required": ["href"], "properties": {
        "href": {"type": "string"}, "rel": {"type": "string"}, "type": {"type": "string"}, "title": {"type": "string"},
    }});
    let feature = json!({"type": "object", "required": ["type", "geometry", "properties"], "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "nullable": true},
        "properties": {"type": "object", "nullable": true},
        "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
    }});
    let collection = json!({"type": "object", "required": ["type", "features"], "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
    }});
    let mut schemas = json!({
        "Link": link, "Feature": feature, "FeatureCollection": collection, "Object": {"type": "object"},
        "Problem": problem(),
    });
    schemas["Basemap"] = basemaps::described().1;
    let described = figures_openapi::schemas().into_iter().chain(answers_openapi::schemas());
    for (name, schema) in described.chain(steps_openapi::schemas()) {
        schemas[name] = schema;
    }
    schemas
}

fn problem() -> Value {
    let kinds: Vec<String> = Kind::ALL.into_iter().map(Kind::uri).collect();
    let fault = json!({"type": "object", "required": ["detail"], "properties": {
        "parameter": {"type": "string"}, "header": {"type": "string"}, "pointer": {"type": "string"},
        "row": {"type": "integer"}, "detail": {"type": "string"},
    }});
    json!({"type": "object", "required": ["type", "title", "status"], "properties": {
        "type": {"type": "string", "enum": kinds},
        "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": fault},
    }})
}

fn problem_response() -> Value {
    json!({
        "description": "What went wrong, with every fault of the input",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}
