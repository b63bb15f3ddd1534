//! Every route, in one place: what answers it, and what the API's description says of it.

use std::future::ready;

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};

use super::app::{App, Context};
use super::collections::{COLLECTIONS, Collection};
use super::description::Description;
use super::error::{ApiResult, Kind, Problem};
use super::items::{self, ItemsQuery};
use super::openapi::{self, Operations};
use super::operation::PathItem;
use super::representation::Base;
use super::value_schemas::Vocabulary;
use super::{
    basemaps, coverage, features, grids, health, hotspots, incidents, locate, locate_many, matrix_sets, region, search,
    steps, stored, tiles, tilesets,
};
use crate::domain::{Duty, Holder, Household, Incident, Noun, ServicePoint};

/// One route of the table.
#[derive(Debug)]
pub(super) struct ApiRoute {
    pub(super) path: &'static str,
    pub(super) methods: MethodRouter<App>,
    /// `None` for what is no part of the API: who runs the server asks for it.
    operations: Option<Operations>,
}

fn described(path: &'static str, methods: MethodRouter<App>, operations: Operations) -> ApiRoute {
    ApiRoute { path, methods, operations: Some(operations) }
}

fn undescribed(path: &'static str, methods: MethodRouter<App>) -> ApiRoute {
    ApiRoute { path, methods, operations: None }
}

/// The routes whose answers are compressed.
pub(super) fn compressed() -> Vec<ApiRoute> {
    vec![
        described("/api", read(get(features::landing)), features::landing_operations),
        described("/api/conformance", read(get(features::conformance)), features::conformance_operations),
        undescribed("/api/openapi", read(get(openapi))),
        described("/api/region", read(get(region::region)), region::operations),
        described("/api/search", read(get(search::search)), search::operations),
        described("/api/basemaps", read(get(basemaps::basemaps)), basemaps::operations),
        described("/api/coverage", read(get(coverage::coverage)), coverage::operations),
        described("/api/hotspots", read(get(hotspots::hotspots)), hotspots::operations),
        described("/api/collections", read(get(features::collections)), features::collections_operations),
        described("/api/collections/{collection}", read(get(features::collection)), features::collection_operations),
        described("/api/collections/{collection}/items", on_items(), items_operations),
        described("/api/collections/{collection}/items/{id}", on_item(), item_operations),
        described("/api/incidents/{id}/steps", on_steps(), steps::list_operations),
        described("/api/incidents/{id}/steps/{number}", on_step(), steps::one_operations),
        described("/api/collections/{collection}/tiles", read(get(tilesets::tilesets)), tilesets::tilesets_operations),
        described(
            "/api/collections/{collection}/tiles/{set}",
            read(get(tilesets::tileset)),
            tilesets::tileset_operations,
        ),
        described(
            "/api/collections/{collection}/tiles/{set}/{zoom}/{row}/{column}",
            read(get(tiles::tile)),
            tiles::operations,
        ),
        described("/api/tileMatrixSets", read(get(matrix_sets::matrix_sets)), matrix_sets::list_operations),
        described("/api/tileMatrixSets/{set}", read(get(matrix_sets::matrix_set)), matrix_sets::one_operations),
    ]
}

/// The routes whose answers are not: one is small, and many are made faster than they are packed.
pub(super) fn plain() -> Vec<ApiRoute> {
    let on_locate = get(locate::one).post(locate_many::many);
    vec![
        described("/api/locate", only("GET, HEAD, POST", on_locate), locate_operations),
        undescribed("/healthz", read(get(health::live))),
        undescribed("/readyz", read(get(health::ready))),
        undescribed("/metrics", read(get(health::metrics))),
    ]
}

/// `GET /api/openapi`: the description of all of them, as the caller may use them.
async fn openapi(context: Context, headers: HeaderMap) -> Response {
    let words =
        context.caller().region().map_or_else(|_no_ground| Vocabulary::default(), |region| Vocabulary::of(&region));
    let operations = compressed().into_iter().chain(plain()).filter_map(|route| route.operations);
    let document = openapi::document(&Base::of(&headers).join(""), context.principal(), &words, operations);
    ([(CONTENT_TYPE, openapi::CONTENT_TYPE)], document.to_string()).into_response()
}

fn read(methods: MethodRouter<App>) -> MethodRouter<App> {
    only("GET, HEAD", methods)
}

fn on_items() -> MethodRouter<App> {
    get(list_items).post(incidents::post).fallback(|context: Context, Path(collection): Path<String>| {
        ready(other_method(&context, &collection, "GET, HEAD, POST"))
    })
}

fn on_item() -> MethodRouter<App> {
    let other = |context: Context, Path((collection, _)): Path<(String, String)>| {
        ready(other_method(&context, &collection, "GET, HEAD, PUT, DELETE"))
    };
    get(get_item).put(incidents::put).delete(incidents::delete).fallback(other)
}

fn on_steps() -> MethodRouter<App> {
    get(steps::list).post(steps::post).fallback(|| async { steps::recorded("GET, HEAD, POST") })
}

fn on_step() -> MethodRouter<App> {
    get(steps::one).fallback(|| async { steps::recorded("GET, HEAD") })
}

/// Answers other methods with the list of those that can be used.
fn only(allowed: &'static str, methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.fallback(move || async move { Problem::method(allowed) })
}

/// Answers other methods on items; `allowed` can be used on those of a collection that is written to.
fn other_method(context: &Context, collection: &str, allowed: &'static str) -> ApiResult {
    let collection = features::known(collection)?;
    Err(Problem::method(if collection.writable_by(context.principal()) { allowed } else { "GET, HEAD" }))
}

/// One arm for each collection.
async fn list_items(
    context: Context,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    let collection = features::readable(&id, context.principal())?;
    let caller = &context.caller();
    let asked = ItemsQuery::read(collection, raw.as_deref(), &headers, caller.offset())?;
    match collection.noun {
        Noun::Grids => grids::list(caller, asked, &headers).await,
        Noun::Households => stored::list::<Household>(caller, asked, &headers).await,
        Noun::Holders => stored::list::<Holder>(caller, asked, &headers).await,
        Noun::Duties => stored::list::<Duty>(caller, asked, &headers).await,
        Noun::ServicePoints => stored::list::<ServicePoint>(caller, asked, &headers).await,
        Noun::Incidents => stored::list::<Incident>(caller, asked, &headers).await,
        _ => Err(Problem::new(Kind::NotFound)),
    }
}

async fn get_item(
    context: Context,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> ApiResult {
    let collection: &Collection = features::readable(&collection, context.principal())?;
    let caller = &context.caller();
    let asked = ItemsQuery::read_for_one(collection, &id, raw.as_deref(), &headers, caller.offset())?;
    match collection.noun {
        Noun::Grids => grids::one(caller, &id, &asked, &headers).await,
        Noun::Households => stored::one::<Household>(caller, &id, &asked, &headers).await,
        Noun::Holders => stored::one::<Holder>(caller, &id, &asked, &headers).await,
        Noun::Duties => stored::one::<Duty>(caller, &id, &asked, &headers).await,
        Noun::ServicePoints => stored::one::<ServicePoint>(caller, &id, &asked, &headers).await,
        Noun::Incidents => stored::one::<Incident>(caller, &id, &asked, &headers).await,
        _ => Err(Problem::new(Kind::NotFound)),
    }
}

fn locate_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    vec![PathItem::new("/locate", [locate::operation(description), locate_many::operation(description)])]
}

/// The operations on the items of each collection that the reader may see.
fn items_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let of_one = |collection: &Collection| {
        let mut operations = vec![items::list_operation(collection, description)];
        if collection.writable_by(principal) {
            operations.push(incidents::post_operation(collection, description));
        }
        PathItem::new(format!("/collections/{}/items", collection.id()), operations)
    };
    COLLECTIONS.iter().filter(|c| c.readable_by(principal)).map(of_one).collect()
}

/// The operations on one item of each.
fn item_operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let principal = description.principal;
    let of_one = |collection: &Collection| {
        let mut operations = vec![items::one_operation(collection, description)];
        if collection.writable_by(principal) {
            operations.push(incidents::put_operation(collection, description));
            operations.push(incidents::delete_operation(collection));
        }
        PathItem::new(format!("/collections/{}/items/{{featureId}}", collection.id()), operations)
    };
    COLLECTIONS.iter().filter(|c| c.readable_by(principal)).map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Principal;

    /// Tells whether `path` is one of those that `route` stands for.
    fn fits(route: &str, path: &str) -> bool {
        let is_name = |segment: &str| segment.starts_with('{');
        let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
        route.len() == path.len() && route.iter().zip(&path).all(|(of, at)| of == at || is_name(of))
    }

    #[test]
    fn every_route_of_the_api_is_described_at_its_own_paths() {
        let words = Vocabulary::default();
        let everyone = Principal::open();
        let mut description = Description::new(&everyone, &words);
        for route in compressed().into_iter().chain(plain()) {
            let Some(operations) = route.operations else {
                assert!(["/api/openapi", "/healthz", "/readyz", "/metrics"].contains(&route.path), "{}", route.path);
                continue;
            };
            let items = operations(&mut description);
            assert!(!items.is_empty(), "{}", route.path);
            for PathItem { path, operations } in items {
                let path = format!("/api{}", path.trim_end_matches('/'));
                assert!(fits(route.path, &path), "{path} is described at {}", route.path);
                assert!(!operations.is_empty(), "{path}");
            }
        }
    }
}
