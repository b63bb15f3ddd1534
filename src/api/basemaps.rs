//! `GET /api/basemaps`: the maps that the page offers to lay under the ground.

use axum::extract::{RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use super::app::App;
use super::description::Description;
use super::error::ApiResult;
use super::operation::{Operation, PathItem};
use super::parameter::JSON_FORM;
use super::params::json_only;
use super::wire::{self, JSON, NamesJson, one_of};
use crate::domain::basemap::{Basemap, BasemapFrame, BasemapKind};

pub(crate) async fn basemaps(State(app): State<App>, RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    let basemaps = app.basemaps().iter().map(Into::into).collect();
    Ok(([(CACHE_CONTROL, "no-cache")], wire::answer(&BasemapsJson { basemaps })).into_response())
}

/// The operation on it.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("basemaps", "The maps offered to lay under the ground")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<BasemapsJson<'_>>());
    vec![PathItem::new("/basemaps", [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Basemaps")]
struct BasemapsJson<'a> {
    basemaps: Vec<BasemapJson<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Basemap")]
struct BasemapJson<'a> {
    id: &'a str,
    names: NamesJson<'a>,
    #[schemars(schema_with = "kinds")]
    kind: &'static str,
    url: &'a str,
    #[schemars(schema_with = "frames")]
    frame: &'static str,
    /// Pixels along a tile.
    tile_size: u32,
    max_zoom: u32,
    attribution: &'a str,
    /// The approval number of a map published in China.
    approval: Option<&'a str>,
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    one_of(&BasemapKind::ALL.map(BasemapKind::as_str))
}

fn frames(_: &mut SchemaGenerator) -> Schema {
    one_of(&BasemapFrame::ALL.map(BasemapFrame::as_str))
}

impl<'a> From<&'a Basemap> for BasemapJson<'a> {
    fn from(basemap: &'a Basemap) -> Self {
        Self {
            id: &basemap.id,
            names: (&basemap.names).into(),
            kind: basemap.kind.as_str(),
            url: &basemap.url,
            frame: basemap.frame.as_str(),
            tile_size: basemap.tile_size,
            max_zoom: basemap.max_zoom,
            attribution: &basemap.attribution,
            approval: basemap.approval.as_deref(),
        }
    }
}
