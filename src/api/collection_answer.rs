//! How collections are described in answers.

use schemars::JsonSchema;
use serde::Serialize;

use super::collections::{Collection, Geometry};
use super::representation::Base;
use super::wire::{CRS84, JSON, LinkJson, edges};
use crate::geometry::Bbox;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Collections")]
pub(crate) struct CollectionsJson {
    pub(crate) links: Vec<LinkJson>,
    pub(crate) collections: Vec<CollectionJson>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Collection")]
pub(crate) struct CollectionJson {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    #[serde(rename = "itemType")]
    item_type: &'static str,
    crs: [&'static str; 1],
    links: Vec<LinkJson>,
    #[serde(rename = "x-geometry")]
    geometry: &'static str,
    /// Where its features lie; left out before there is ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExtentJson")]
    extent: Option<ExtentJson>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Extent")]
struct ExtentJson {
    spatial: SpatialExtentJson,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SpatialExtent")]
struct SpatialExtentJson {
    /// West, south, east, north, in degrees.
    bbox: [[f64; 4]; 1],
    crs: &'static str,
}

impl CollectionJson {
    pub(crate) fn new(collection: &Collection, extent: Option<Bbox>, base: &Base) -> Self {
        let (id, title) = (collection.id(), collection.title);
        let items = base.join(&format!("/collections/{id}/items"));
        Self {
            id,
            title,
            description: collection.description,
            item_type: "feature",
            crs: [CRS84],
            links: vec![
                LinkJson::new(base.join(&format!("/collections/{id}")), "self", JSON),
                LinkJson::new(items.clone(), "items", "application/geo+json").titled(title),
                LinkJson::new(items, "items", "text/csv").titled(title),
            ],
            geometry: match collection.geometry {
                Geometry::Point => "Point",
                Geometry::MultiPolygon => "MultiPolygon",
            },
            extent: extent.map(|b| ExtentJson { spatial: SpatialExtentJson { bbox: [edges(b)], crs: CRS84 } }),
        }
    }
}
