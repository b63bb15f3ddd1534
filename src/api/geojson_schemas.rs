//! GeoJSON as the API's description has it: `format/geojson` writes and reads it, row by row.
#![expect(dead_code, reason = "of these types only the schema is used")]

use schemars::JsonSchema;
use serde_json::{Map, Value};

use super::wire::{InstantJson, LinkJson};

#[derive(JsonSchema)]
#[schemars(rename = "FeatureCollection")]
pub(crate) struct FeatureCollectionSchema {
    #[schemars(rename = "type")]
    kind: CollectionType,
    /// When the answer was made; an answer to points has none, nor any counts.
    #[schemars(rename = "timeStamp", skip_serializing_if = "Option::is_none")]
    time: InstantJson,
    /// How many features there are in all pages.
    #[schemars(rename = "numberMatched", skip_serializing_if = "Option::is_none")]
    n_matched: u64,
    #[schemars(rename = "numberReturned", skip_serializing_if = "Option::is_none")]
    n_returned: u64,
    #[schemars(skip_serializing_if = "Option::is_none")]
    links: Vec<LinkJson>,
    features: Vec<FeatureSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Feature")]
pub(crate) struct FeatureSchema {
    #[schemars(rename = "type")]
    kind: FeatureType,
    #[schemars(skip_serializing_if = "Option::is_none")]
    id: String,
    geometry: Option<Map<String, Value>>,
    properties: Option<Map<String, Value>>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    links: Vec<LinkJson>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Point")]
pub(crate) struct PointSchema {
    #[schemars(rename = "type")]
    kind: PointType,
    /// longitude and latitude in WGS 84, perhaps a height, which is not kept; not 0, 0. Rounded to 1e-7 degree (about 1 cm)
    #[schemars(length(min = 2))]
    coordinates: Vec<f64>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum CollectionType {
    FeatureCollection,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum FeatureType {
    Feature,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum PointType {
    Point,
}
