//! The OpenAPI 3.0 document, assembled from the operations; each is described beside its handler.

use serde_json::{Map, Value, json};

use super::description::Description;
use super::error::{PROBLEM_JSON, ProblemJson};
use super::operation::PathItem;
use super::value_schemas::Vocabulary;
use crate::domain::Principal;

pub(crate) const CONTENT_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The operations of a route: there is a path for each collection that the reader may see.
pub(crate) type Operations = fn(&mut Description<'_>) -> Vec<PathItem>;

/// Returns the document of `operations` as `principal` may use them, with the `words` of the region; `server` is the address of
/// the API.
pub(crate) fn document(
    server: &str,
    principal: &Principal,
    words: &Vocabulary,
    operations: impl IntoIterator<Item = Operations>,
) -> Value {
    let mut description = Description::new(principal, words);
    let mut paths = Map::new();
    for PathItem { path, operations } in operations.into_iter().flat_map(|operations| operations(&mut description)) {
        let methods = operations.into_iter().map(|one| (one.method.to_owned(), one.into_json()));
        paths.insert(path, Value::Object(methods.collect()));
    }
    let problem = json!({
        "description": "What went wrong, with every fault of the input",
        "content": {PROBLEM_JSON: {"schema": description.answer::<ProblemJson<'_>>()}},
    });
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "gridmap",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Who answers for this point. OGC API Features part 1, with resources of our own beside it.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": description.into_schemas(), "responses": {"Problem": problem}},
    })
}
