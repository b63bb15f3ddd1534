//! The doors of OGC API Features: landing page, conformance, and what the collections are.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::app::Context;
use super::collections::{COLLECTIONS, Collection, Geometry};
use super::error::{ApiResult, Kind, Problem};
use super::params::Query;
use super::representation::{Base, prefers_html};
use super::value_schemas::Vocabulary;
use super::{openapi, page};
use crate::domain::{Noun, Principal};
use crate::geometry::Bbox;

const CONFORMANCE: [&str; 9] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
];

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// The forms of the landing page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Landing {
    Json,
    Html,
}

pub(crate) async fn landing(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| name == "f");
    let form = query.read("f", |f| match f {
        "json" => Ok(Landing::Json),
        "html" => Ok(Landing::Html),
        _ => Err("the forms here are json and html"),
    });
    query.finish()?;
    let accepted = if prefers_html(&headers) { Landing::Html } else { Landing::Json };
    if form.unwrap_or(accepted) == Landing::Html {
        return Ok(page::api(&headers));
    }
    let base = Base::of(&headers);
    let link = |path: &str, rel: &str, kind: &str, title: &str| json!({"href": base.join(path), "rel": rel, "type": kind, "title": title});
    let title = context.caller().region().map_or_else(|_no_ground| "gridmap".to_owned(), |r| r.names.zh.clone());
    let body = json!({
        "title": title,
        "description": "The grids of the county, the homes on them, who answers for them and what happens there",
        "x-open": context.principal().is_open(),
        "links": [
            link("", "self", "application/json", "this page"),
            link("?f=html", "alternate", "text/html", "the same for people, with all that can be asked"),
            link("?f=html", "service-doc", "text/html", "what can be asked, for people"),
            link("/openapi", "service-desc", openapi::CONTENT_TYPE, "what can be asked, as OpenAPI 3.0"),
            link("/conformance", "conformance", "application/json", "the standards it conforms to"),
            link("/collections", "data", "application/json", "the collections"),
            link("/region", "describedby", "application/json", "the region, its levels and its totals"),
            link("/locate", "related", "application/json", "who answers for a point"),
            link("/coverage", "related", "application/json", "how well grids cover their parent"),
            link("/hotspots", "related", "application/json", "where incidents gather"),
        ],
    });
    Ok(([(VARY, "accept")], Json(body)).into_response())
}

pub(crate) async fn conformance(RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    Ok(Json(json!({"conformsTo": CONFORMANCE})).into_response())
}

pub(crate) async fn openapi(context: Context, headers: HeaderMap) -> Response {
    let words =
        context.caller().region().map_or_else(|_no_ground| Vocabulary::default(), |region| Vocabulary::of(&region));
    let document = openapi::document(&Base::of(&headers).join(""), context.principal(), &words);
    ([(CONTENT_TYPE, openapi::CONTENT_TYPE)], document.to_string()).into_response()
}

pub(crate) async fn collections(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    let base = Base::of(&headers);
    let extent = context.caller().extent();
    let readable = COLLECTIONS.iter().filter(|c| c.readable_by(context.principal()));
    let described: Vec<Value> = readable.map(|c| describe(c, extent, &base)).collect();
    Ok(Json(json!({
        "links": [{"href": base.join("/collections"), "rel": "self", "type": "application/json"}],
        "collections": described,
    }))
    .into_response())
}

pub(crate) async fn collection(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    json_only(raw.as_deref())?;
    let collection = readable(&id, context.principal())?;
    Ok(Json(describe(collection, context.caller().extent(), &Base::of(&headers))).into_response())
}

/// Returns the collection of that id, when there is one and the caller may read it.
pub(crate) fn readable(id: &str, principal: &Principal) -> ApiResult<&'static Collection> {
    let collection = known(id)?;
    if !collection.readable_by(principal) {
        return Err(Problem::because(Kind::PersonalData, format!("{id} are not shown to the public")));
    }
    Ok(collection)
}

/// Returns the collection of that id, whoever asks.
pub(crate) fn known(id: &str) -> ApiResult<&'static Collection> {
    Noun::parse(id).map(Collection::of).ok_or_else(|| Problem::new(Kind::NotFound))
}

fn json_only(raw: Option<&str>) -> ApiResult<()> {
    let mut query = Query::parse(raw, |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()
}

fn describe(collection: &Collection, extent: Option<Bbox>, base: &Base) -> Value {
    let id = collection.id();
    let items = base.join(&format!("/collections/{id}/items"));
    let mut described = json!({
        "id": id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            {"href": base.join(&format!("/collections/{id}")), "rel": "self", "type": "application/json"},
            {"href": items, "rel": "items", "type": "application/geo+json", "title": collection.title},
            {"href": items, "rel": "items", "type": "text/csv", "title": collection.title},
        ],
        "x-geometry": match collection.geometry {
            Geometry::Point => "Point",
            Geometry::MultiPolygon => "MultiPolygon",
        },
    });
    if let Some(b) = extent {
        described["extent"] = json!({"spatial": {"bbox": [[b.west, b.south, b.east, b.north]], "crs": CRS84}});
    }
    described
}
