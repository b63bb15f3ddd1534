//! `GET /api/basemaps`: the maps that the page offers to lay under the ground, and what a browser must be allowed for them.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use super::app::App;
use super::error::ApiResult;
use super::openapi::{json_form, read};
use super::params::Query;
use crate::domain::basemap::{Basemap, BasemapFrame, BasemapKind};

/// Everything comes from this server; and pictures, and what scripts fetch, from the basemaps' origins too.
const OWN: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

pub(crate) async fn basemaps(State(app): State<App>, RawQuery(raw): RawQuery) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()?;
    let list: Vec<Value> = app.basemaps().iter().map(basemap).collect();
    Ok(([(CACHE_CONTROL, "no-cache")], Json(json!({"basemaps": list}))).into_response())
}

fn basemap(basemap: &Basemap) -> Value {
    json!({
        "id": basemap.id,
        "names": {"zh": basemap.names.zh, "en": basemap.names.en},
        "kind": basemap.kind.as_str(),
        "url": basemap.url,
        "frame": basemap.frame.as_str(),
        "tile_size": basemap.tile_size,
        "max_zoom": basemap.max_zoom,
        "attribution": basemap.attribution,
        "approval": basemap.approval,
    })
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

/// What the API description says of it: the path, and the schema it refers to.
pub(crate) fn described() -> (Value, Value) {
    let mut get = read("basemaps", "The maps offered to lay under the ground", &[json_form()], "application/json");
    get["responses"]["200"]["content"]["application/json"]["schema"] = json!({
        "type": "object", "required": ["basemaps"],
        "properties": {"basemaps": {"type": "array", "items": {"$ref": "#/components/schemas/Basemap"}}},
    });
    let text = || json!({"type": "string"});
    let names = json!({"type": "object", "required": ["zh", "en"], "properties": {"zh": text(), "en": text()}});
    let schema = json!({
        "type": "object",
        "required": ["id", "names", "kind", "url", "frame", "tile_size", "max_zoom", "attribution", "approval"],
        "properties": {
            "id": text(), "names": names, "url": text(), "attribution": text(),
            "kind": {"type": "string", "enum": BasemapKind::ALL.map(BasemapKind::as_str)},
            "frame": {"type": "string", "enum": BasemapFrame::ALL.map(BasemapFrame::as_str)},
            "tile_size": {"type": "integer"}, "max_zoom": {"type": "integer"},
            "approval": {"type": "string", "nullable": true},
        },
    });
    (json!({"get": get}), schema)
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
