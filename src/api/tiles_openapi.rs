//! What the API description says of tiles.

use serde_json::{Value, json};

use super::collections::{COLLECTIONS, Collection};
use super::error::Kind;
use super::openapi::{failing, json_form, parameter, path_parameter, read, unchanged};
use super::tiles::MATRIX_SET;
use super::value_schemas::{self as values, Vocabulary};
use crate::domain::{Action, Noun, Principal};
use crate::format::mvt;
use crate::geometry::tile::MAX_ZOOM;

/// The paths, as `principal` may use them.
pub(crate) fn paths(principal: &Principal, words: &Vocabulary) -> Vec<(String, Value)> {
    let mut paths: Vec<(String, Value)> = Vec::new();
    let mut add = |path: String, get: Value| paths.push((path, json!({"get": get})));
    let with_tiles = |collection: &&Collection| match collection.noun {
        Noun::Grids => true,
        Noun::Households | Noun::Incidents => principal.may(Action::Tile, collection.noun),
        _ => false,
    };
    for collection in COLLECTIONS.iter().filter(with_tiles) {
        let id = collection.id();
        let level = (collection.noun == Noun::Grids).then(|| {
            parameter("level", "the one layer to draw; all levels when left out", values::one_of(&words.levels))
        });
        let list = format!("/collections/{id}/tiles");
        add(list.clone(), read(&format!("tilesets_{id}"), "The tilesets", &[json_form()], "application/json"));
        let forms = json!({"type": "string", "enum": ["json", "tilejson"]});
        let mut parameters = vec![parameter("f", "the tileset's description, or TileJSON", forms)];
        parameters.extend(level.clone());
        add(
            format!("{list}/{MATRIX_SET}"),
            read(&format!("tileset_{id}"), "The tileset and where its tiles are", &parameters, "application/json"),
        );
        add(format!("{list}/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"), tile(id, level));
    }
    add(
        "/tileMatrixSets".into(),
        read("matrix_sets", "How the world is cut into tiles", &[json_form()], "application/json"),
    );
    add(
        format!("/tileMatrixSets/{MATRIX_SET}"),
        read("matrix_set", "Sizes and scales of every zoom", &[json_form()], "application/json"),
    );
    paths
}

fn tile(id: &str, level: Option<Value>) -> Value {
    let zoom = json!({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM});
    let place = json!({"type": "integer", "minimum": 0, "maximum": (1_u32 << MAX_ZOOM) - 1});
    let mut parameters: Vec<Value> = vec![path_parameter("tileMatrix", &zoom)];
    parameters.extend(["tileRow", "tileCol"].map(|name| path_parameter(name, &place)));
    parameters.push(parameter("f", "the form: there is one", json!({"type": "string", "enum": ["mvt"]})));
    parameters.push(parameter(
        "revision",
        "as TileJSON names it: a tile of the current one is kept for ever",
        values::any_text(),
    ));
    parameters.extend(level);
    let mut get = read(&format!("tile_{id}"), "One vector tile", &parameters, mvt::CONTENT_TYPE);
    get["responses"]["200"]["content"] = json!({mvt::CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}});
    get["responses"]["204"] = json!({"description": "Nothing lies in this tile"});
    get["tags"] = json!(["tiles"]);
    failing(unchanged(get), &[Kind::NotFound])
}
