//! OGC API Tiles: how the world is cut into tiles.

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::description::Description;
use super::error::ApiResult;
use super::operation::{Operation, PathItem};
use super::parameter::JSON_FORM;
use super::params::json_only;
use super::representation::Base;
use super::tiles::{MATRIX_SET, known_set};
use super::wire::{self, JSON, LinkJson};
use crate::geometry::tile::MAX_ZOOM;

pub(crate) const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
pub(crate) const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const TITLE: &str = "web Mercator, cut in four";

/// `GET /api/tileMatrixSets`.
pub(crate) async fn matrix_sets(headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    let href = Base::of(&headers).join(&format!("/tileMatrixSets/{MATRIX_SET}"));
    let links = [LinkJson::new(href, "self", JSON)];
    let set = MatrixSetItemJson { id: MATRIX_SET, title: TITLE, uri: MATRIX_SET_URI, links };
    Ok(wire::answer(&MatrixSetsJson { sets: [set] }))
}

/// The operation on the list.
pub(crate) fn list_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("matrix_sets", "How the world is cut into tiles")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<MatrixSetsJson>());
    vec![PathItem::new("/tileMatrixSets", [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TileMatrixSets")]
struct MatrixSetsJson {
    #[serde(rename = "tileMatrixSets")]
    sets: [MatrixSetItemJson; 1],
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TileMatrixSetItem")]
struct MatrixSetItemJson {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    links: [LinkJson; 1],
}

/// Metres from the middle of the square to its side.
const HALF_M: f64 = 20_037_508.342_789_244;
/// Metres of a pixel on the standard's screen.
const PIXEL_M: f64 = 0.000_28;

/// `GET /api/tileMatrixSets/WebMercatorQuad`: sizes and scales of every zoom (OGC 17-083r4, annex D.1).
pub(crate) async fn matrix_set(Path(set): Path<String>, RawQuery(raw): RawQuery) -> ApiResult {
    known_set(&set)?;
    json_only(raw.as_deref())?;
    Ok(wire::answer(&MatrixSetJson {
        id: MATRIX_SET,
        title: TITLE,
        uri: MATRIX_SET_URI,
        crs: CRS,
        ordered_axes: ["X", "Y"],
        matrices: (0..=MAX_ZOOM).map(Into::into).collect(),
    }))
}

/// The operation on it.
pub(crate) fn one_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("matrix_set", "Sizes and scales of every zoom")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<MatrixSetJson>());
    vec![PathItem::new(format!("/tileMatrixSets/{MATRIX_SET}"), [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TileMatrixSet")]
struct MatrixSetJson {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    crs: &'static str,
    #[serde(rename = "orderedAxes")]
    ordered_axes: [&'static str; 2],
    #[serde(rename = "tileMatrices")]
    matrices: Vec<MatrixJson>,
}

/// One zoom.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TileMatrix")]
#[serde(rename_all = "camelCase")]
struct MatrixJson {
    id: String,
    scale_denominator: f64,
    /// Metres of a pixel.
    cell_size: f64,
    point_of_origin: [f64; 2],
    corner_of_origin: &'static str,
    tile_width: u32,
    tile_height: u32,
    matrix_width: u32,
    matrix_height: u32,
}

impl From<u8> for MatrixJson {
    fn from(zoom: u8) -> Self {
        let n = 1_u32 << zoom;
        let cell_size = 2.0 * HALF_M / 256.0 / f64::from(n);
        Self {
            id: zoom.to_string(),
            scale_denominator: cell_size / PIXEL_M,
            cell_size,
            point_of_origin: [-HALF_M, HALF_M],
            corner_of_origin: "topLeft",
            tile_width: 256,
            tile_height: 256,
            matrix_width: n,
            matrix_height: n,
        }
    }
}
