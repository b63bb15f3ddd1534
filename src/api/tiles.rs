//! OGC API Tiles: vector tiles of the grids from memory, and of homes and incidents for the entitled. `tilesets` says which
//! there are.
//!
//! A tile's address may carry the `revision` that the tileset's description names. It stands for all that the tile is
//! made of, so such a tile is kept for ever; another one, or none, is asked for again by its `ETag`.

use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::app::Context;
use super::collections::{COLLECTIONS, Collection};
use super::description::Description;
use super::error::{ApiResult, Kind, Problem};
use super::features::readable;
use super::operation::{Operation, PathItem, path_parameter};
use super::parameter::{Parameter, takes};
use super::params::{Query, shortened};
use super::representation::if_none_match;
use super::value_schemas as values;
use crate::domain::{Action, Noun, Principal};
use crate::format::mvt;
use crate::geometry::tile::{MAX_ZOOM, Tile};
use crate::service::collections::tiles::{self, Layers, TileAnswer};

pub(crate) const MATRIX_SET: &str = "WebMercatorQuad";

const TILE_FORM: Parameter =
    Parameter::new("f", "the form: there is one", |_| json!({"type": "string", "enum": ["mvt"]}));
const REVISION: Parameter =
    Parameter::new("revision", "as TileJSON names it: a tile of the current one is kept for ever", |_| {
        values::any_text()
    });
pub(crate) const LEVEL: Parameter =
    Parameter::new("level", "the one layer to draw; all levels when left out", |words| values::one_of(&words.levels));

/// By what tiles of these layers can be narrowed: those of the grids have a layer for each level.
pub(crate) fn filter_parameters(layers: Layers) -> &'static [Parameter] {
    if layers == Layers::Grids { &[LEVEL] } else { &[] }
}

/// What is drawn on the tiles of a collection that the caller may see.
pub(crate) fn layers_of(id: &str, context: &Context) -> ApiResult<(&'static Collection, Layers)> {
    let collection = readable(id, context.principal())?;
    let layers = Layers::of(collection.noun);
    let none = || Problem::because(Kind::NotFound, format!("{id} have no tiles"));
    Ok((collection, layers.ok_or_else(none)?))
}

/// `GET /api/collections/{c}/tiles/WebMercatorQuad/{z}/{row}/{col}`.
pub(crate) async fn tile(
    context: Context,
    Path((id, set, zoom, row, column)): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    let (_, layers) = layers_of(&id, &context)?;
    known_set(&set)?;
    let parameters = [&[TILE_FORM, REVISION], filter_parameters(layers)].concat();
    let mut query = Query::parse(raw.as_deref(), |name| takes(&parameters, name));
    query.read(TILE_FORM.name, |f| if f == "mvt" { Ok(()) } else { Err("the only form here is mvt") });
    query.check()?;
    let tile = address(&zoom, &row, &column)?;
    if tile.zoom() < layers.min_zoom() {
        let detail = format!("tiles of {id} begin at zoom {}", layers.min_zoom());
        return Err(Problem::because(Kind::NotFound, detail));
    }
    let known = |revision: &str| if_none_match(&headers, &tag(revision));
    let answer = tiles::tile(&context.caller(), layers, query.text(LEVEL.name), tile, known).await?;
    Ok(cached(&query, answer))
}

fn tag(revision: &str) -> String {
    format!("W/\"{revision}\"")
}

/// The tile, and how it may be kept: for ever where the address names its revision.
fn cached(query: &Query<'_>, answer: TileAnswer) -> Response {
    let TileAnswer { revision, is_shared, body } = answer;
    let caching = match (is_shared, query.text(REVISION.name) == Some(revision.as_str())) {
        (true, true) => "public, max-age=31536000, immutable",
        (false, true) => "private, max-age=31536000, immutable",
        (_, false) => "private, no-cache",
    };
    let mut response = match body {
        None => StatusCode::NOT_MODIFIED.into_response(),
        Some(body) if body.is_empty() => StatusCode::NO_CONTENT.into_response(),
        Some(body) => ([(CONTENT_TYPE, mvt::CONTENT_TYPE)], body).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::try_from(tag(&revision)).expect("digits and quotes are fit for a header"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// The operation on the tiles of each collection that has some for the reader.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let of_one = |(collection, layers): (&Collection, Layers)| {
        let path =
            format!("/collections/{}/tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", collection.id());
        PathItem::new(path, [operation(collection, layers, description)])
    };
    with_tiles(description.principal).map(of_one).collect()
}

fn operation(collection: &Collection, layers: Layers, description: &Description<'_>) -> Operation {
    let zoom = json!({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM});
    let place = json!({"type": "integer", "minimum": 0, "maximum": (1_u32 << MAX_ZOOM) - 1});
    Operation::get(format!("tile_{}", collection.id()), "One vector tile")
        .with(
            [("tileMatrix", &zoom), ("tileRow", &place), ("tileCol", &place)]
                .map(|(name, of)| path_parameter(name, of)),
        )
        .taking(&[TILE_FORM, REVISION], description)
        .taking(filter_parameters(layers), description)
        .answering(mvt::CONTENT_TYPE, json!({"type": "string", "format": "binary"}))
        .or("204", "Nothing lies in this tile")
        .tagged("tiles")
        .unchanged()
        .failing(&[Kind::NotFound])
}

/// The collections that have tiles for `principal`, and what is drawn on them.
pub(crate) fn with_tiles(principal: &Principal) -> impl Iterator<Item = (&'static Collection, Layers)> {
    let may = |noun: Noun| noun == Noun::Grids || principal.may(Action::Tile, noun);
    let drawn = move |collection: &'static Collection| Some((collection, Layers::of(collection.noun)?));
    COLLECTIONS.iter().filter(move |collection| may(collection.noun)).filter_map(drawn)
}

pub(crate) fn known_set(set: &str) -> ApiResult<()> {
    if set == MATRIX_SET {
        return Ok(());
    }
    Err(Problem::because(Kind::NotFound, format!("{:?} is not the tile matrix set {MATRIX_SET}", shortened(set))))
}

fn address(zoom: &str, row: &str, column: &str) -> ApiResult<Tile> {
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let tile = number(zoom)
        .zip(number(row))
        .zip(number(column))
        .and_then(|((zoom, row), column)| Tile::new(u8::try_from(zoom).ok()?, row, column));
    tile.ok_or_else(|| {
        let detail =
            format!("no tile stands there: zooms are 0 to {MAX_ZOOM}, rows and columns fewer than 2 to that power");
        Problem::because(Kind::NotFound, detail)
    })
}
