//! OGC API Tiles: which tilesets a collection has, as the standard describes them and as TileJSON.

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::app::Context;
use super::collections::Collection;
use super::description::Description;
use super::error::ApiResult;
use super::matrix_sets::{CRS, MATRIX_SET_URI};
use super::operation::{Operation, PathItem};
use super::parameter::{JSON_FORM, Parameter, takes};
use super::params::{Query, encode, json_only};
use super::representation::Base;
use super::tiles::{LEVEL, MATRIX_SET, filter_parameters, known_set, layers_of, with_tiles};
use super::tileset_answer::{BoxJson, TileJson, TilesetAnswer, TilesetJson, TilesetLayerJson, VectorLayerJson};
use super::wire::{self, CRS84, JSON, LinkJson, edges};
use crate::format::mvt;
use crate::geometry::Bbox;
use crate::geometry::tile::MAX_ZOOM;
use crate::service::collections::tiles::{self, DEEPEST_USEFUL, LayerInfo, Layers, TileSet};

const VECTOR: &str = "vector";

const SET_FORM: Parameter = Parameter::new(
    "f",
    "the tileset's description, or TileJSON",
    |_| json!({"type": "string", "enum": ["json", "tilejson"]}),
);

/// `GET /api/collections/{c}/tiles`: the one tileset there is.
pub(crate) async fn tilesets(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    let (collection, _) = layers_of(&id, &context)?;
    json_only(raw.as_deref())?;
    let base = Base::of(&headers);
    let here = format!("/collections/{id}/tiles");
    let link = |path: &str| LinkJson::new(base.join(path), "self", JSON);
    let tileset = TilesetItemJson {
        title: collection.title,
        data_type: VECTOR,
        crs: CRS,
        matrix_set: MATRIX_SET_URI,
        links: [link(&format!("{here}/{MATRIX_SET}"))],
    };
    Ok(wire::answer(&TilesetsJson { links: [link(&here)], tilesets: [tileset] }))
}

/// The operation on the tilesets of each collection that has some for the reader.
pub(crate) fn tilesets_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let of_one = |(collection, _): (&Collection, Layers)| {
        let get = Operation::get(format!("tilesets_{}", collection.id()), "The tilesets")
            .taking(&[JSON_FORM], description)
            .answering(JSON, description.answer::<TilesetsJson>());
        PathItem::new(format!("/collections/{}/tiles", collection.id()), [get])
    };
    with_tiles(principal).map(of_one).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tilesets")]
struct TilesetsJson {
    links: [LinkJson; 1],
    tilesets: [TilesetItemJson; 1],
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TilesetItem")]
struct TilesetItemJson {
    title: &'static str,
    #[serde(rename = "dataType")]
    data_type: &'static str,
    crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    matrix_set: &'static str,
    links: [LinkJson; 1],
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
    let known = |name: &str| takes(&[SET_FORM], name) || takes(filter_parameters(layers), name);
    let mut query = Query::parse(raw.as_deref(), known);
    let tilejson = query.read(SET_FORM.name, |f| match f {
        "json" => Ok(false),
        "tilejson" => Ok(true),
        _ => Err("the forms are json and tilejson"),
    });
    query.check()?;
    let level = query.text(LEVEL.name);
    let set = tiles::tile_set(&context.caller(), layers, level)?;
    let described = Described { collection, layers, level, set };
    let base = Base::of(&headers);
    let body = if tilejson.unwrap_or(false) {
        TilesetAnswer::TileJson(described.tilejson(&base))
    } else {
        TilesetAnswer::Tileset(Box::new(described.metadata(&base)))
    };
    Ok(([(CACHE_CONTROL, "private, no-cache")], wire::answer(&body)).into_response())
}

/// The operation on the tileset of each.
pub(crate) fn tileset_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let of_one = |(collection, layers): (&Collection, Layers)| {
        let id = collection.id();
        let get = Operation::get(format!("tileset_{id}"), "The tileset and where its tiles are")
            .taking(&[SET_FORM], description)
            .taking(filter_parameters(layers), description)
            .answering(JSON, description.answer::<TilesetAnswer>());
        PathItem::new(format!("/collections/{id}/tiles/{MATRIX_SET}"), [get])
    };
    with_tiles(principal).map(of_one).collect()
}

struct Described<'s> {
    collection: &'static Collection,
    layers: Layers,
    level: Option<&'s str>,
    set: TileSet,
}

impl Described<'_> {
    fn tilejson(self, base: &Base) -> TileJson {
        TileJson {
            tilejson: "3.0.0",
            name: self.collection.title,
            description: self.collection.description,
            scheme: "xyz",
            tiles: [self.template(base, "{z}/{y}/{x}")],
            minzoom: self.layers.min_zoom(),
            maxzoom: self.max_zoom(),
            bounds: self.set.bounds.map(edges),
            vector_layers: self.set.layers.iter().map(|layer| self.vector_layer(layer)).collect(),
        }
    }

    fn metadata(self, base: &Base) -> TilesetJson {
        let corners = |b: Bbox| BoxJson { lower: [b.west, b.south], upper: [b.east, b.north], crs: CRS84 };
        let layer = |layer: &LayerInfo| TilesetLayerJson {
            id: layer.id.clone(),
            data_type: VECTOR,
            min_tile_matrix: self.layers.min_zoom().to_string(),
            max_tile_matrix: MAX_ZOOM.to_string(),
        };
        TilesetJson {
            title: self.collection.title,
            description: self.collection.description,
            data_type: VECTOR,
            crs: CRS,
            matrix_set: MATRIX_SET_URI,
            bounding_box: self.set.bounds.map(corners),
            layers: self.set.layers.iter().map(layer).collect(),
            links: self.links(base),
        }
    }

    fn links(&self, base: &Base) -> [LinkJson; 4] {
        let here = format!("/collections/{}/tiles/{MATRIX_SET}", self.collection.id());
        let scheme = base.join(&format!("/tileMatrixSets/{MATRIX_SET}"));
        [
            LinkJson::new(base.join(&here), "self", JSON),
            LinkJson::new(base.join(&format!("{here}?f=tilejson")), "describedby", JSON).titled("TileJSON"),
            LinkJson::new(self.template(base, "{tileMatrix}/{tileRow}/{tileCol}"), "item", mvt::CONTENT_TYPE)
                .templated(),
            LinkJson::new(scheme, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", JSON),
        ]
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

    fn max_zoom(&self) -> u8 {
        DEEPEST_USEFUL.max(self.layers.min_zoom())
    }

    fn vector_layer(&self, layer: &LayerInfo) -> VectorLayerJson {
        VectorLayerJson {
            id: layer.id.clone(),
            description: layer.description.clone(),
            fields: layer.keys.iter().map(|key| (key.name, "String")).collect(),
            minzoom: self.layers.min_zoom(),
            maxzoom: self.max_zoom(),
        }
    }
}
