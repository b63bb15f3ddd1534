//! OGC API Tiles: vector tiles of the grids from memory, and of homes and incidents for the entitled; with TileJSON.
//!
//! A tile's address may carry the `revision` that the tileset's description names. It stands for all that the tile is
//! made of, so such a tile is kept for ever; another one, or none, is asked for again by its `ETag`.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::app::Context;
use super::collections::Collection;
use super::error::{ApiResult, Kind, Problem};
use super::features::readable;
use super::params::{Query, encode, shortened};
use super::representation::{Base, if_none_match};
use crate::format::mvt;
use crate::geometry::tile::{MAX_ZOOM, Tile};
use crate::service::things::tiles::{self, DEEPEST_USEFUL, Layers, TileAnswer, TileSet};

pub(crate) const MATRIX_SET: &str = "WebMercatorQuad";
const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// What is drawn on the tiles of a collection that the caller may see.
fn layers_of(id: &str, context: &Context) -> ApiResult<(&'static Collection, Layers)> {
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
    let mut query = Query::parse(raw.as_deref(), |name| takes(layers, name) || name == "revision");
    query.read("f", |f| if f == "mvt" { Ok(()) } else { Err("the only form here is mvt") });
    query.check()?;
    let tile = address(&zoom, &row, &column)?;
    if tile.zoom() < layers.min_zoom() {
        let detail = format!("tiles of {id} begin at zoom {}", layers.min_zoom());
        return Err(Problem::because(Kind::NotFound, detail));
    }
    let known = |revision: &str| if_none_match(&headers, &tag(revision));
    let answer = tiles::tile(&context.caller(), layers, query.text("level"), tile, known).await?;
    Ok(cached(&query, answer))
}

fn tag(revision: &str) -> String {
    format!("W/\"{revision}\"")
}

/// The tile, and how it may be kept: for ever where the address names its revision.
fn cached(query: &Query<'_>, answer: TileAnswer) -> Response {
    let TileAnswer { revision, is_shared, body } = answer;
    let caching = match (is_shared, query.text("revision") == Some(revision.as_str())) {
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

fn takes(layers: Layers, name: &str) -> bool {
    name == "f" || (name == "level" && layers == Layers::Grids)
}

fn known_set(set: &str) -> ApiResult<()> {
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

/// `GET /api/collections/{c}/tiles`: the one tileset there is.
pub(crate) async fn tilesets(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    let (collection, _) = layers_of(&id, &context)?;
    json_form(raw.as_deref())?;
    let base = Base::of(&headers);
    let here = format!("/collections/{id}/tiles");
    let this = json!({"rel": "self", "type": "application/json", "href": base.join(&here)});
    let tileset = json!({
        "title": collection.title, "dataType": "vector", "crs": CRS, "tileMatrixSetURI": MATRIX_SET_URI,
        "links": [{"rel": "self", "type": "application/json", "href": base.join(&format!("{here}/{MATRIX_SET}"))}],
    });
    Ok(Json(json!({"links": [this], "tilesets": [tileset]})).into_response())
}

/// `GET /api/collections/{c}/tiles/WebMercatorQuad`: the tileset's description, or its TileJSON with `f=tilejson`.
pub(crate) async fn tileset(
    context: Context,
    Path((id, set)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    let (collection, layers) = layers_of(&id, &context)?;
    known_set(&set)?;
    let mut query = Query::parse(raw.as_deref(), |name| takes(layers, name));
    let tilejson = query.read("f", |f| match f {
        "json" => Ok(false),
        "tilejson" => Ok(true),
        _ => Err("the forms are json and tilejson"),
    });
    query.check()?;
    let level = query.text("level");
    let set = tiles::tile_set(&context.caller(), layers, level)?;
    let described = Described { collection, layers, level, set };
    let base = Base::of(&headers);
    let body = if tilejson.unwrap_or(false) { described.tilejson(&base) } else { described.metadata(&base) };
    Ok(([(CACHE_CONTROL, "private, no-cache")], Json(body)).into_response())
}

struct Described<'s> {
    collection: &'static Collection,
    layers: Layers,
    level: Option<&'s str>,
    set: TileSet,
}

impl Described<'_> {
    fn tilejson(&self, base: &Base) -> Value {
        let bounds = self.set.bounds.map(|b| [b.west, b.south, b.east, b.north]);
        json!({
            "tilejson": "3.0.0",
            "name": self.collection.title,
            "description": self.collection.description,
            "scheme": "xyz",
            "tiles": [self.template(base, "{z}/{y}/{x}")],
            "minzoom": self.layers.min_zoom(),
            "maxzoom": DEEPEST_USEFUL.max(self.layers.min_zoom()),
            "bounds": bounds,
            "vector_layers": self.vector_layers(),
        })
    }

    fn metadata(&self, base: &Base) -> Value {
        let here = format!("/collections/{}/tiles/{MATRIX_SET}", self.collection.id());
        let corners = self.set.bounds
            .map(|b| json!({"lowerLeft": [b.west, b.south], "upperRight": [b.east, b.north], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}));
        json!({
            "title": self.collection.title,
            "description": self.collection.description,
            "dataType": "vector",
            "crs": CRS,
            "tileMatrixSetURI": MATRIX_SET_URI,
            "boundingBox": corners,
            "layers": self.vector_layers().as_array().into_iter().flatten().map(|layer| json!({
                "id": layer["id"], "dataType": "vector", "minTileMatrix": layer["minzoom"].to_string(),
                "maxTileMatrix": MAX_ZOOM.to_string(),
            })).collect::<Vec<_>>(),
            "links": [
                {"rel": "self", "type": "application/json", "href": base.join(&here)},
                {"rel": "describedby", "type": "application/json", "title": "TileJSON",
                 "href": base.join(&format!("{here}?f=tilejson"))},
                {"rel": "item", "type": mvt::CONTENT_TYPE, "templated": true,
                 "href": self.template(base, "{tileMatrix}/{tileRow}/{tileCol}")},
                {"rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": "application/json",
                 "href": base.join(&format!("/tileMatrixSets/{MATRIX_SET}"))},
            ],
        })
    }

    fn template(&self, base: &Base, place: &str) -> String {
        let mut url = base.join(&format!("/collections/{}/tiles/{MATRIX_SET}/{place}?", self.collection.id()));
        if let Some(level) = self.level {
            url.push_str("level=");
            encode(level, &mut url);
            url.push('&');
        }
        url.push_str("revision=");
        url.push_str(&self.set.revision);
        url
    }

    fn vector_layers(&self) -> Value {
        let layer = |id: &str, keys: &[mvt::Key], description: &str| {
            let fields: serde_json::Map<String, Value> =
                keys.iter().map(|key| (key.name.to_owned(), Value::from("String"))).collect();
            json!({
                "id": id, "description": description, "fields": fields,
                "minzoom": self.layers.min_zoom(), "maxzoom": DEEPEST_USEFUL.max(self.layers.min_zoom()),
            })
        };
        self.set.layers.iter().map(|one| layer(&one.id, one.keys, &one.description)).collect()
    }
}

/// `GET /api/tileMatrixSets`.
pub(crate) async fn matrix_sets(headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    json_form(raw.as_deref())?;
    let href = Base::of(&headers).join(&format!("/tileMatrixSets/{MATRIX_SET}"));
    let link = json!({"rel": "self", "type": "application/json", "href": href});
    let set = json!({"id": MATRIX_SET, "title": "web Mercator, cut in four", "uri": MATRIX_SET_URI, "links": [link]});
    Ok(Json(json!({"tileMatrixSets": [set]})).into_response())
}

/// Metres from the middle of the square to its side.
const HALF_M: f64 = 20_037_508.342_789_244;
/// Metres of a pixel on the standard's screen.
const PIXEL_M: f64 = 0.000_28;

/// `GET /api/tileMatrixSets/WebMercatorQuad`: sizes and scales of every zoom (OGC 17-083r4, annex D.1).
pub(crate) async fn matrix_set(Path(set): Path<String>, RawQuery(raw): RawQuery) -> ApiResult {
    known_set(&set)?;
    json_form(raw.as_deref())?;
    let matrix = |zoom: u8| {
        let n = 1_u32 << zoom;
        let cell_m = 2.0 * HALF_M / 256.0 / f64::from(n);
        json!({
            "id": zoom.to_string(), "scaleDenominator": cell_m / PIXEL_M, "cellSize": cell_m,
            "pointOfOrigin": [-HALF_M, HALF_M], "cornerOfOrigin": "topLeft",
            "tileWidth": 256, "tileHeight": 256, "matrixWidth": n, "matrixHeight": n,
        })
    };
    Ok(Json(json!({
        "id": MATRIX_SET, "title": "web Mercator, cut in four", "uri": MATRIX_SET_URI, "crs": CRS,
        "orderedAxes": ["X", "Y"], "tileMatrices": (0..=MAX_ZOOM).map(matrix).collect::<Vec<_>>(),
    }))
    .into_response())
}

fn json_form(raw: Option<&str>) -> ApiResult<()> {
    let mut query = Query::parse(raw, |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()
}
