//! `GET /api/basemaps`: the maps that the page offers to lay under the ground, and what a browser must be allowed for them.

use std::collections::BTreeSet;

use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
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

/// Everything comes from this server; and pictures, and what scripts fetch, from the basemaps' origins too.
const OWN: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

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

/// The `Content-Security-Policy` of a page that offers `basemaps`.
pub(crate) fn content_security_policy(basemaps: &[Basemap]) -> HeaderValue {
    let origins: BTreeSet<&str> = basemaps.iter().flat_map(Basemap::all_origins).collect();
    let mut policy = OWN.to_owned();
    if !origins.is_empty() {
        let origins: Vec<&str> = origins.into_iter().collect();
        let origins = origins.join(" ");
        policy = format!("{policy}; connect-src 'self' {origins}; img-src 'self' {origins}");
    }
    HeaderValue::try_from(policy).expect("origins have only characters of addresses")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::basemaps::parse;

    #[test]
    fn the_policy_lets_in_what_the_list_names_and_nothing_else() {
        assert_eq!(content_security_policy(&[]), OWN);
        let map = |id: &str, rest: &str| {
            format!("[[basemap]]\nid = \"{id}\"\nnames = {{ zh = \"a\", en = \"a\" }}\nattribution = \"a\"\n{rest}\n")
        };
        let text = [
            map("a", "kind = \"raster\"\nurl = \"https://b.example/{z}/{x}/{y}\""),
            map("b", "kind = \"style\"\nurl = \"https://a.example/s.json\"\norigins = [\"https://b.example\"]"),
            map("c", "kind = \"raster\"\nurl = \"/maps/{z}/{x}/{y}\""),
        ];
        let policy = content_security_policy(&parse(&text.concat()).unwrap());
        let more = "; connect-src 'self' https://a.example https://b.example; img-src 'self' https://a.example https://b.example";
        assert_eq!(policy, format!("{OWN}{more}"));
    }
}
