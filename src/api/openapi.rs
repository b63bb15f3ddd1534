//! The OpenAPI 3.0 document, written from the same list of collections that the handlers read.
//!
//! GDAL pushes a filter down only when it finds the parameter here, declared `in: query`.

use serde_json::{Map, Value, json};

use super::collections::{COLLECTIONS, Collection, DEFAULT_LIMIT, MAX_LIMIT};
use super::description::Description;
use super::error::Kind;
use super::operation::PathItem;
use super::value_schemas::{self as values, Vocabulary};
use super::{
    basemaps, coverage, features, hotspots, incidents_openapi, locate, locate_many, region, steps_openapi,
    tiles_openapi,
};
use crate::domain::{Action, Noun, Principal};
use crate::service::things::{By, Property};

pub(crate) const CONTENT_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// Returns the document as `principal` may use the API, with the `words` of the region; `server` is the address of the API.
pub(crate) fn document(server: &str, principal: &Principal, words: &Vocabulary) -> Value {
    let mut description = Description::new(principal, words);
    let paths = paths(&mut description);
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "gridmap",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Who answers for this point. OGC API Features part 1, with resources of our own beside it.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": schemas(description), "responses": {"Problem": problem_response()}},
    })
}

fn paths(description: &mut Description<'_>) -> Value {
    let (principal, words) = (description.principal, description.words);
    let mut paths = Map::new();
    let mut add = |path: &str, operations: Value| paths.insert(path.to_owned(), operations);
    for (path, operations) in steps_openapi::paths(principal) {
        add(path, operations);
    }
    for (path, operations) in tiles_openapi::paths(principal, words) {
        add(&path, operations);
    }
    for collection in COLLECTIONS.iter().filter(|c| c.readable_by(principal)) {
        let id = collection.id();
        add(&format!("/collections/{id}/items"), items(collection, principal, words));
        add(&format!("/collections/{id}/items/{{featureId}}"), item(collection, principal));
    }
    let described: [fn(&mut Description<'_>) -> Vec<PathItem>; 9] = [
        region::operations,
        basemaps::operations,
        coverage::operations,
        hotspots::operations,
        |description: &mut Description<'_>| {
            vec![PathItem::new("/locate", [locate::operation(description), locate_many::operation(description)])]
        },
        features::landing_operations,
        features::conformance_operations,
        features::collections_operations,
        features::collection_operations,
    ];
    for PathItem { path, operations } in described.into_iter().flat_map(|operations| operations(description)) {
        let methods = operations.into_iter().map(|one| (one.method.to_owned(), one.into_json()));
        paths.insert(path, Value::Object(methods.collect()));
    }
    Value::Object(paths)
}

fn items(collection: &Collection, principal: &Principal, words: &Vocabulary) -> Value {
    let id = collection.id();
    let parameters = parameters(collection, words);
    let get = read(&format!("list_{id}"), collection.description, &parameters, "application/geo+json");
    let mut get = unchanged(get);
    get["responses"]["200"]["content"]["text/csv"] = json!({"schema": {"type": "string"}});
    get["tags"] = json!([id]);
    if collection.noun == Noun::Grids {
        get = failing(get, &[Kind::NotFound]);
    }
    if !(collection.writable && principal.may(Action::Write, collection.noun)) {
        return json!({"get": get});
    }
    json!({"get": get, "post": incidents_openapi::post(id)})
}

fn item(collection: &Collection, principal: &Principal) -> Value {
    let id = collection.id();
    let feature_id = path_parameter("featureId", &values::identifier());
    let mut parameters = vec![feature_id.clone(), json_form()];
    if collection.noun == Noun::Grids {
        parameters.extend(dates());
    }
    let get = read(&format!("get_{id}"), "One feature", &parameters, "application/geo+json");
    let mut get = failing(unchanged(get), &[Kind::NotFound]);
    get["responses"]["200"]["content"] = feature();
    // The tag of a grid stands for the ground it is of, and names no version.
    if collection.noun != Noun::Grids {
        get["responses"]["200"]["headers"] = json!({"ETag": etag()});
    }
    let mut operations = json!({"get": get});
    if collection.writable && principal.may(Action::Write, collection.noun) {
        operations["put"] = incidents_openapi::put(id, &feature_id);
        operations["delete"] = incidents_openapi::delete(id, &feature_id);
    }
    operations
}

fn parameters(collection: &Collection, words: &Vocabulary) -> Vec<Value> {
    let limit = json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT});
    let time = collection.time.unwrap_or("has no meaning here and changes nothing");
    let mut parameters = vec![
        parameter("limit", "the most features in the answer; larger numbers are taken as the maximum", limit),
        parameter("bbox", "a box in degrees, west,south,east,north, or six numbers with heights", values::bbox()),
        parameter("datetime", &format!("{time}; an interval begins before it ends"), values::interval()),
        parameter("after", "the next page: features with an id after this one", values::after()),
        form(),
    ];
    if collection.noun == Noun::Grids {
        parameters.extend(dates());
    }
    parameters.extend(collection.filters.iter().map(|filter| {
        let schema = match filter.by {
            _ if !filter.words.is_empty() => values::one_of(filter.words),
            By::Level | By::Property(Property::Tier) => values::one_of(&words.levels),
            By::Property(Property::Role | Property::Kind) => values::one_of(&words.roles),
            _ => values::text(),
        };
        parameter(filter.name, filter.description, schema)
    }));
    parameters
}

pub(crate) fn dates() -> [Value; 2] {
    [
        parameter("at", "the ground in force at this instant, or at the start of this day", values::instant()),
        parameter("known_at", "as it was known at this instant, or at the end of this day", values::instant()),
    ]
}

pub(crate) fn form() -> Value {
    parameter(
        "f",
        "the form of the answer, stronger than the Accept header",
        json!({
            "type": "string", "enum": ["json", "geojson", "csv"],
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

pub(crate) fn path_parameter(name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

pub(crate) fn read(id: &str, summary: &str, parameters: &[Value], content_type: &str) -> Value {
    let schema = if content_type == "application/geo+json" { "FeatureCollection" } else { "Object" };
    let get = json!({
        "operationId": id, "summary": summary, "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": {content_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}},
            "default": problem_reference(),
        },
    });
    failing(get, &[Kind::InvalidParameter])
}

/// An operation whose answer has a schema of its own.
pub(crate) fn answering(mut get: Value, schema: &str) -> Value {
    let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
    get["responses"]["200"]["content"]["application/json"]["schema"] = reference;
    get
}

/// An operation that is answered anew only when something has changed.
pub(crate) fn unchanged(mut get: Value) -> Value {
    get["responses"]["304"] = json!({"description": "Nothing has changed since the ETag in If-None-Match"});
    get
}

/// An operation that fails in these ways too, beside those that any may fail in.
pub(crate) fn failing(mut operation: Value, kinds: &[Kind]) -> Value {
    for kind in kinds {
        operation["responses"][kind.status().as_str()] = problem_reference();
    }
    operation
}

fn problem_reference() -> Value {
    json!({"$ref": "#/components/responses/Problem"})
}

/// The header that names the version of a thing.
pub(crate) fn etag() -> Value {
    json!({"required": true, "schema": values::entity_tag(), "description": "the version"})
}

pub(crate) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false, "schema": values::request_key(),
        "description": "a repeated request with the same key is stored once; another one with it is a 422",
    })
}

pub(crate) fn write(id: &str, summary: &str, status: &str, parameters: &[Value]) -> Value {
    let write = json!({
        "operationId": id, "summary": summary, "parameters": parameters,
        "responses": {status: {"description": summary}, "default": problem_reference()},
    });
    failing(write, &[Kind::InvalidParameter, Kind::ReadOnly, Kind::NotFound, Kind::Stale])
}

/// A feature on its own, as it is answered.
pub(crate) fn feature() -> Value {
    json!({"application/geo+json": {"schema": {"$ref": "#/components/schemas/Feature"}}})
}

fn schemas(description: Description<'_>) -> Value {
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
    let written = steps_openapi::schemas().into_iter().chain(incidents_openapi::schemas(description.words));
    for (name, schema) in written {
        schemas[name] = schema;
    }
    for (name, schema) in description.into_schemas() {
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
