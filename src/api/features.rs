//! The doors of OGC API Features: landing page, conformance, and what the collections are.

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::IntoResponse as _;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::app::Context;
use super::collection_answer::{CollectionJson, CollectionsJson};
use super::collections::{COLLECTIONS, Collection};
use super::description::Description;
use super::error::{ApiResult, Kind, Problem};
use super::operation::{Operation, PathItem};
use super::parameter::{FORM, JSON_FORM, Parameter};
use super::params::{Query, json_only};
use super::representation::{Base, prefers_html};
use super::wire::{self, JSON, LinkJson};
use super::{openapi, page};
use crate::domain::{Noun, Principal};

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
    let title = context.caller().region().map_or_else(|_no_ground| "gridmap".to_owned(), |r| r.names.zh.clone());
    let body = LandingJson {
        title,
        description: "The grids of the county, the homes on them, who answers for them and what happens there",
        is_open: context.principal().is_open(),
        links: landing_links(&Base::of(&headers)),
    };
    Ok(([(VARY, "accept")], wire::answer(&body)).into_response())
}

fn landing_links(base: &Base) -> Vec<LinkJson> {
    let links = [
        ("", "self", JSON, "this page"),
        ("?f=html", "alternate", "text/html", "the same for people, with all that can be asked"),
        ("?f=html", "service-doc", "text/html", "what can be asked, for people"),
        ("/openapi", "service-desc", openapi::CONTENT_TYPE, "what can be asked, as OpenAPI 3.0"),
        ("/conformance", "conformance", JSON, "the standards it conforms to"),
        ("/collections", "data", JSON, "the collections"),
        ("/region", "describedby", JSON, "the region, its levels and its totals"),
        ("/locate", "related", JSON, "who answers for a point"),
        ("/coverage", "related", JSON, "how well grids cover their parent"),
        ("/hotspots", "related", JSON, "where incidents gather"),
    ];
    links.map(|(path, rel, kind, title)| LinkJson::new(base.join(path), rel, kind).titled(title)).into()
}

/// The operation on the landing page.
pub(crate) fn landing_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let form = Parameter::new("f", FORM.description, |_| json!({"type": "string", "enum": ["json", "html"]}));
    let get = Operation::get("landing", "The landing page")
        .taking(&[form], description)
        .answering(JSON, description.answer::<LandingJson>())
        .answering("text/html", json!({"type": "string"}));
    vec![PathItem::new("/", [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LandingPage")]
struct LandingJson {
    title: String,
    description: &'static str,
    /// Anyone may read everything, because the data is invented.
    #[serde(rename = "x-open")]
    is_open: bool,
    links: Vec<LinkJson>,
}

pub(crate) async fn conformance(RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    Ok(wire::answer(&ConformanceJson { conforms_to: CONFORMANCE }))
}

/// The operation on the list of standards.
pub(crate) fn conformance_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("conformance", "What the API conforms to")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<ConformanceJson>());
    vec![PathItem::new("/conformance", [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Conformance")]
struct ConformanceJson {
    #[serde(rename = "conformsTo")]
    #[schemars(with = "Vec<&str>")]
    conforms_to: [&'static str; 9],
}

pub(crate) async fn collections(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    json_only(raw.as_deref())?;
    let base = Base::of(&headers);
    let extent = context.caller().extent();
    let readable = COLLECTIONS.iter().filter(|c| c.readable_by(context.principal()));
    Ok(wire::answer(&CollectionsJson {
        links: vec![LinkJson::new(base.join("/collections"), "self", JSON)],
        collections: readable.map(|c| CollectionJson::new(c, extent, &base)).collect(),
    }))
}

/// The operation on the list of collections.
pub(crate) fn collections_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("collections", "The collections")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<CollectionsJson>());
    vec![PathItem::new("/collections", [get])]
}

pub(crate) async fn collection(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> ApiResult {
    json_only(raw.as_deref())?;
    let collection = readable(&id, context.principal())?;
    Ok(wire::answer(&CollectionJson::new(collection, context.caller().extent(), &Base::of(&headers))))
}

/// The operation on each collection that the reader may see.
pub(crate) fn collection_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let readable = COLLECTIONS.iter().filter(|c| c.readable_by(description.principal));
    let of_one = |collection: &Collection| {
        let id = collection.id();
        let get = Operation::get(format!("describe_{id}"), collection.title)
            .taking(&[JSON_FORM], description)
            .answering(JSON, description.answer::<CollectionJson>());
        PathItem::new(format!("/collections/{id}"), [get])
    };
    readable.map(of_one).collect()
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
