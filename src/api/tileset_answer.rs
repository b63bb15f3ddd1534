//! The two answers about a tileset: its description of OGC API Tiles, and its TileJSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::wire::LinkJson;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum TilesetAnswer {
    Tileset(Box<TilesetJson>),
    TileJson(TileJson),
}

/// TileJSON 3.0.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TileJson {
    pub(crate) tilejson: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) scheme: &'static str,
    /// The addresses of tiles, with `{z}`, `{y}` and `{x}` to be filled in.
    pub(crate) tiles: [String; 1],
    pub(crate) minzoom: u8,
    pub(crate) maxzoom: u8,
    /// West, south, east, north, in degrees; null where there is nothing.
    pub(crate) bounds: Option<[f64; 4]>,
    pub(crate) vector_layers: Vec<VectorLayerJson>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VectorLayer")]
pub(crate) struct VectorLayerJson {
    pub(crate) id: String,
    pub(crate) description: String,
    /// The types of the properties, by name.
    pub(crate) fields: BTreeMap<&'static str, &'static str>,
    pub(crate) minzoom: u8,
    pub(crate) maxzoom: u8,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tileset")]
pub(crate) struct TilesetJson {
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    #[serde(rename = "dataType")]
    pub(crate) data_type: &'static str,
    pub(crate) crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    pub(crate) matrix_set: &'static str,
    #[serde(rename = "boundingBox")]
    pub(crate) bounding_box: Option<BoxJson>,
    pub(crate) layers: Vec<TilesetLayerJson>,
    pub(crate) links: [LinkJson; 4],
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BoundingBox")]
pub(crate) struct BoxJson {
    #[serde(rename = "lowerLeft")]
    pub(crate) lower: [f64; 2],
    #[serde(rename = "upperRight")]
    pub(crate) upper: [f64; 2],
    pub(crate) crs: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TilesetLayer")]
pub(crate) struct TilesetLayerJson {
    pub(crate) id: String,
    #[serde(rename = "dataType")]
    pub(crate) data_type: &'static str,
    #[serde(rename = "minTileMatrix")]
    pub(crate) min_tile_matrix: String,
    #[serde(rename = "maxTileMatrix")]
    pub(crate) max_tile_matrix: String,
}
