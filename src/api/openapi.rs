//! The OpenAPI 3.0 document, written from the same list of collections that the handlers read.
//!
//! GDAL pushes a filter down only when it finds the parameter here, declared `in: query`.

use serde_json::{Map, Value, json};

use super::collections::{COLLECTIONS, Collection};
use super::description::Description;
use super::error::Kind;
use super::operation::PathItem;
use super::value_schemas::Vocabulary;
use super::{
    basemaps, coverage, features, hotspots, incidents, items, locate, locate_many, matrix_sets, region, steps, tiles,
    tilesets,
};
use crate::domain::Principal;

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
    let mut paths = Map::new();
    let described: [fn(&mut Description<'_>) -> Vec<PathItem>; 18] = [
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
        items_operations,
        item_operations,
        steps::list_operations,
        steps::one_operations,
        tilesets::tilesets_operations,
        tilesets::tileset_operations,
        tiles::operations,
        matrix_sets::list_operations,
        matrix_sets::one_operations,
    ];
    for PathItem { path, operations } in described.into_iter().flat_map(|operations| operations(description)) {
        if operations.is_empty() {
            continue;
        }
        let methods = operations.into_iter().map(|one| (one.method.to_owned(), one.into_json()));
        paths.insert(path, Value::Object(methods.collect()));
    }
    Value::Object(paths)
}

/// The operations on the items of each collection that the reader may see.
fn items_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let readable = COLLECTIONS.iter().filter(|c| c.readable_by(principal));
    let of_one = |collection: &Collection| {
        let mut operations = vec![items::list_operation(collection, description)];
        if collection.writable_by(principal) {
            operations.push(incidents::post_operation(collection, description));
        }
        PathItem::new(format!("/collections/{}/items", collection.id()), operations)
    };
    readable.map(of_one).collect()
}

/// The operations on one item of each.
fn item_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let readable = COLLECTIONS.iter().filter(|c| c.readable_by(principal));
    let of_one = |collection: &Collection| {
        let mut operations = vec![items::one_operation(collection, description)];
        if collection.writable_by(principal) {
            operations.push(incidents::put_operation(collection, description));
            operations.push(incidents::delete_operation(collection));
        }
        PathItem::new(format!("/collections/{}/items/{{featureId}}", collection.id()), operations)
    };
    readable.map(of_one).collect()
}

fn schemas(description: Description<'_>) -> Value {
    let mut schemas = json!({"Problem": problem()});
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
