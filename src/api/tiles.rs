//! OGC API Tiles: vector tiles of the grids from memory, and of homes and incidents for the entitled; with TileJSON.
//!
//! A tile's address may carry the `revision` that the tileset's description names. It stands for all that the tile is
//! made of, so such a tile is kept for ever; another one, or none, is asked for again by its `ETag`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::app::App;
use super::collections::Collection;
use super::error::{Answered, Kind, Place, Problem};
use super::features::{extent, readable};
use super::params::{Query, encode, shortened};
use super::representation::{Base, if_none_match};
use crate::domain::{Action, Depth, Grant, Noun, Region};
use crate::format::mvt;
use crate::geometry::tile::{MAX_ZOOM, Tile};
use crate::index::Snapshot;
use crate::service::tiles::{
    self, DEEPEST_USEFUL, GRID_KEYS, HOUSEHOLD_KEYS, HOUSEHOLD_MIN_ZOOM, INCIDENT_KEYS, INCIDENT_MIN_ZOOM, NAME_KEYS,
};

pub(crate) const MATRIX_SET: &str = "WebMercatorQuad";
const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// Stands for how tiles are written: raised when one of the same ground would not be the same, since tiles are kept.
const FORM: u8 = 2;
/// Tiles of this zoom and above hold so much that drawing one would hold up others.
const LARGE: u8 = 9;

/// A collection that has tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Layers {
    Grids,
    Households(Grant),
    Incidents(Grant),
}

impl Layers {
    fn of(id: &str, app: &App) -> Answered<(&'static Collection, Self)> {
        let collection = readable(id, app.principal())?;
        let entitled = || {
            let granted = app.principal().allows(Action::Tile, collection.noun);
            granted.map_err(|_| Problem::new(Kind::PersonalData))
        };
        let layers = match collection.noun {
            Noun::Grids => Self::Grids,
            Noun::Households => Self::Households(entitled()?),
            Noun::Incidents => Self::Incidents(entitled()?),
            _ => return Err(Problem::because(Kind::NotFound, format!("{id} have no tiles"))),
        };
        Ok((collection, layers))
    }

    fn min_zoom(&self) -> u8 {
        match self {
            Self::Grids => 0,
            Self::Households(_) => HOUSEHOLD_MIN_ZOOM,
            Self::Incidents(_) => INCIDENT_MIN_ZOOM,
        }
    }

    /// What stands for everything a tile is made of.
    fn revision(&self, snapshot: &Snapshot) -> String {
        let generation = snapshot.generation();
        let mut made_of = DefaultHasher::new();
        (FORM, generation.number, generation.recorded).hash(&mut made_of);
        let codes: Vec<&str> = snapshot.region().levels.iter().map(|level| level.code.as_str()).collect();
        codes.hash(&mut made_of);
        let counter = match self {
            Self::Grids => u64::from(generation.number),
            _ => snapshot.revision().0,
        };
        format!("{counter}-{:08x}", made_of.finish() & 0xffff_ffff)
    }
}

/// `GET /api/collections/{c}/tiles/WebMercatorQuad/{z}/{row}/{col}`.
pub(crate) async fn tile(
    State(app): State<App>,
    Path((id, set, zoom, row, column)): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Answered {
    let (_, layers) = Layers::of(&id, &app)?;
    known_set(&set)?;
    let mut query = Query::parse(raw.as_deref(), |name| takes(&layers, name) || name == "revision");
    query.read("f", |f| if f == "mvt" { Ok(()) } else { Err("the only form here is mvt") });
    query.check()?;
    let tile = address(&zoom, &row, &column)?;
    if tile.zoom() < layers.min_zoom() {
        let detail = format!("tiles of {id} begin at zoom {}", layers.min_zoom());
        return Err(Problem::because(Kind::NotFound, detail));
    }
    let snapshot = app.ground()?;
    let revision = layers.revision(&snapshot);
    let kept = Caching { layers: &layers, is_named: query.text("revision") == Some(revision.as_str()), revision };
    if if_none_match(&headers, &kept.tag()) {
        return Ok(kept.mark(StatusCode::NOT_MODIFIED.into_response()));
    }
    let body = match &layers {
        Layers::Grids => grids(&app, &snapshot, levels(&query, snapshot.region())?, tile).await?,
        Layers::Households(entitlement) => tiles::households(&**app.store(), tile, entitlement).await?,
        Layers::Incidents(entitlement) => tiles::incidents(&**app.store(), tile, entitlement).await?,
    };
    if body.is_empty() {
        return Ok(kept.mark(StatusCode::NO_CONTENT.into_response()));
    }
    Ok(kept.mark(([(CONTENT_TYPE, mvt::CONTENT_TYPE)], body).into_response()))
}

async fn grids(app: &App, snapshot: &Arc<Snapshot>, levels: Vec<Depth>, tile: Tile) -> Answered<Vec<u8>> {
    let pending = app.picture().of(snapshot.tree());
    if pending.is_ready(tile.zoom()) && tile.zoom() > LARGE {
        return Ok(pending.draw(snapshot.region(), &levels, tile));
    }
    let snapshot = Arc::clone(snapshot);
    let drawing = tokio::task::spawn_blocking(move || pending.draw(snapshot.region(), &levels, tile));
    drawing.await.map_err(|error| {
        tracing::error!(%error, "a tile could not be drawn");
        Problem::new(Kind::Internal)
    })
}

/// How an answer may be kept.
struct Caching<'l> {
    layers: &'l Layers,
    revision: String,
    is_named: bool,
}

impl Caching<'_> {
    fn tag(&self) -> String {
        format!("W/\"{}\"", self.revision)
    }

    fn mark(&self, mut response: Response) -> Response {
        let caching = match (self.layers, self.is_named) {
            (Layers::Grids, true) => "public, max-age=31536000, immutable",
            (_, true) => "private, max-age=31536000, immutable",
            (_, false) => "private, no-cache",
        };
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::try_from(self.tag()).expect("digits and quotes are fit for a header"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        response
    }
}

fn takes(layers: &Layers, name: &str) -> bool {
    name == "f" || (name == "level" && *layers == Layers::Grids)
}

fn known_set(set: &str) -> Answered<()> {
    if set == MATRIX_SET {
        return Ok(());
    }
    Err(Problem::because(Kind::NotFound, format!("{:?} is not the tile matrix set {MATRIX_SET}", shortened(set))))
}

fn address(zoom: &str, row: &str, column: &str) -> Answered<Tile> {
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

/// The asked level, or all of them.
fn levels(query: &Query<'_>, region: &Region) -> Answered<Vec<Depth>> {
    let Some(code) = query.text("level") else {
        return Ok((0..).zip(&region.levels).map(|(depth, _)| depth).collect());
    };
    if let Some(depth) = region.depth_of(code) {
        return Ok(vec![depth]);
    }
    let codes: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
    let detail = format!("{:?} is none of the levels {}", shortened(code), codes.join(", "));
    Err(Problem::fault(Kind::InvalidParameter, Place::Parameter("level".into()), detail))
}

/// `GET /api/collections/{c}/tiles`: the one tileset there is.
pub(crate) async fn tilesets(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Answered {
    let (collection, _) = Layers::of(&id, &app)?;
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
    State(app): State<App>,
    Path((id, set)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Answered {
    let (collection, layers) = Layers::of(&id, &app)?;
    known_set(&set)?;
    let mut query = Query::parse(raw.as_deref(), |name| takes(&layers, name));
    let tilejson = query.read("f", |f| match f {
        "json" => Ok(false),
        "tilejson" => Ok(true),
        _ => Err("the forms are json and tilejson"),
    });
    query.check()?;
    let snapshot = app.ground()?;
    let described = Described {
        collection,
        layers,
        levels: levels(&query, snapshot.region())?,
        level: query.text("level"),
        snapshot: &snapshot,
    };
    let base = Base::of(&headers);
    let body = if tilejson.unwrap_or(false) { described.tilejson(&base) } else { described.metadata(&base) };
    Ok(([(CACHE_CONTROL, "private, no-cache")], Json(body)).into_response())
}

struct Described<'s> {
    collection: &'static Collection,
    layers: Layers,
    levels: Vec<Depth>,
    level: Option<&'s str>,
    snapshot: &'s Snapshot,
}

impl Described<'_> {
    fn tilejson(&self, base: &Base) -> Value {
        let bounds = extent(self.snapshot).map(|b| [b.west, b.south, b.east, b.north]);
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
        let corners = extent(self.snapshot)
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
        url.push_str(&self.layers.revision(self.snapshot));
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
        match self.layers {
            Layers::Grids => {
                let region = self.snapshot.region();
                let both = |&depth: &Depth| {
                    let level = region.level(depth);
                    let names = format!("{}: its name, a point in one tile", level.names.en);
                    [
                        layer(&level.code, &GRID_KEYS, &level.names.en),
                        layer(&tiles::names_layer(region, depth), &NAME_KEYS, &names),
                    ]
                };
                self.levels.iter().flat_map(both).collect()
            }
            Layers::Households(_) => json!([layer("households", &HOUSEHOLD_KEYS, "homes")]),
            Layers::Incidents(_) => json!([layer("incidents", &INCIDENT_KEYS, "incidents")]),
        }
    }
}

/// `GET /api/tileMatrixSets`.
pub(crate) async fn matrix_sets(headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered {
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
pub(crate) async fn matrix_set(Path(set): Path<String>, RawQuery(raw): RawQuery) -> Answered {
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

fn json_form(raw: Option<&str>) -> Answered<()> {
    let mut query = Query::parse(raw, |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()
}
