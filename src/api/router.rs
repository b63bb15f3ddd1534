//! Every route, in one place.

use std::convert::Infallible;
use std::future::ready;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, RawQuery, Request};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use futures::FutureExt as _;
use tower::util::MapRequestLayer;
use tower::{Layer as _, Service as _, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _, SizeAbove};
use tower_http::cors::CorsLayer;
use tower_http::normalize_path::NormalizePathLayer;

use super::address::PublicAddress;
use super::app::{App, Context};
use super::collections::Collection;
use super::error::{ApiResult, Kind, Problem};
use super::items::ItemsQuery;
use super::metrics::{Metrics, Route};
use super::unpack::{self, Table};
use super::{
    basemaps, coverage, features, grids, guard, health, hotspots, incidents, locate, locate_many, matrix_sets, origins,
    page, region, steps, stored, tiles, tilesets,
};
use crate::config::AllowedOrigins;
use crate::domain::{Duty, Holder, Household, Incident, Noun, ServicePoint};
use crate::service::RequestId;

/// Answers under this many bytes are not worth compressing.
const SMALLEST_COMPRESSED: u64 = 1024;

/// The whole service: the API under `/api`, the page at `/`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Routes {
    app: App,
    table: Table,
    cors: Option<CorsLayer>,
    address: Arc<PublicAddress>,
}

impl Routes {
    #[must_use]
    pub fn new(app: App) -> Self {
        // An address with a slash behind it is the same address.
        let table = NormalizePathLayer::trim_trailing_slash().layer(table(app.clone()));
        Self { app, table, cors: None, address: Arc::default() }
    }

    /// The same, read by pages of `allowed` origins too.
    #[must_use]
    pub fn allowing(self, allowed: &AllowedOrigins) -> Self {
        Self { cors: origins::layer(allowed), ..self }
    }

    /// The same, reached by callers at `address`.
    #[must_use]
    pub fn reached_at(self, address: PublicAddress) -> Self {
        Self { address: Arc::new(address), ..self }
    }

    /// Answers a request that needs no waiting: the layers of the table would cost more than the answer. One that names
    /// itself hears its name again; for the others none is made, since nothing of them is logged.
    pub(crate) fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        if request.method() != Method::GET || request.uri().path() != "/api/locate" {
            return None;
        }
        if self.cors.is_some() && request.headers().contains_key(ORIGIN) {
            return None;
        }
        let (query, begun) = (request.uri().query()?, Instant::now());
        let mut response = guard::caught(|| locate::at_once(&self.app, query))?;
        self.app.metrics().count_located(begun.elapsed());
        if let Some(given) = request.headers().get(REQUEST_ID).filter(|given| request_id(given).is_some()) {
            response.headers_mut().insert(REQUEST_ID, given.clone());
        }
        Some(response)
    }

    /// Tells whether a request asks how the server is.
    pub(crate) fn asks_for_health<B>(request: &Request<B>) -> bool {
        matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics")
    }

    /// What is counted for monitoring.
    pub(crate) fn metrics(&self) -> &Metrics {
        self.app.metrics()
    }

    /// Answers that there are too many callers.
    pub(crate) fn busy() -> Response {
        guard::with_security_headers(Problem::because(Kind::Busy, "too many connections are open").into_response())
    }

    /// Answers one request of `peer`, in time and in a known form whatever happens.
    pub(crate) async fn answer(self, mut request: Request, peer: IpAddr) -> Response {
        let Self { app, table, cors, address } = self;
        address.settle(request.headers_mut(), peer);
        let name = request.headers().get(REQUEST_ID).and_then(request_id).unwrap_or_else(RequestId::made);
        request.extensions_mut().insert(name.clone());
        let (route, method, begun) = (Route::default(), request.method().clone(), Instant::now());
        request.extensions_mut().insert(route.clone());
        // On the heap, since what wraps it would copy all of it again and again.
        let mut guarded = service_fn(|request| {
            let answer = unpack::answer(table.clone(), request);
            Box::pin(guard::guard(app.limits(), &name, answer).map(Ok::<_, Infallible>))
        });
        let Ok(mut response) = match cors {
            Some(cors) => cors.layer(guarded).call(request).await,
            None => guarded.call(request).await,
        };
        app.metrics().count(&route, &method, response.status(), begun.elapsed());
        if let Ok(name) = HeaderValue::from_str(name.as_str()) {
            response.headers_mut().insert(REQUEST_ID, name);
        }
        response
    }
}

/// The header in which a request is named, and its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

fn request_id(given: &HeaderValue) -> Option<RequestId> {
    RequestId::given(given.to_str().ok()?)
}

fn table(app: App) -> Router {
    let worth = SizeAbove::new(SMALLEST_COMPRESSED).and(DefaultPredicate::new());
    let compressed = CompressionLayer::new().compress_when(worth);
    Router::new()
        .route("/api", only("GET, HEAD", get(features::landing)))
        .route("/api/conformance", only("GET, HEAD", get(features::conformance)))
        .route("/api/openapi", only("GET, HEAD", get(features::openapi)))
        .route("/api/region", only("GET, HEAD", get(region::region)))
        .route("/api/basemaps", only("GET, HEAD", get(basemaps::basemaps)))
        .route("/api/coverage", only("GET, HEAD", get(coverage::coverage)))
        .route("/api/hotspots", only("GET, HEAD", get(hotspots::hotspots)))
        .route("/api/collections", only("GET, HEAD", get(features::collections)))
        .route("/api/collections/{collection}", only("GET, HEAD", get(features::collection)))
        .route(
            "/api/collections/{collection}/items",
            get(list_items).post(incidents::post).fallback(|context: Context, Path(collection): Path<String>| {
                ready(other_method(&context, &collection, "GET, HEAD, POST"))
            }),
        )
        .route(
            "/api/collections/{collection}/items/{id}",
            get(get_item).put(incidents::put).delete(incidents::delete).fallback(
                |context: Context, Path((collection, _)): Path<(String, String)>| {
                    ready(other_method(&context, &collection, "GET, HEAD, PUT, DELETE"))
                },
            ),
        )
        .route(
            "/api/incidents/{id}/steps",
            get(steps::list).post(steps::post).fallback(|| async { steps::recorded("GET, HEAD, POST") }),
        )
        .route(
            "/api/incidents/{id}/steps/{number}",
            get(steps::one).fallback(|| async { steps::recorded("GET, HEAD") }),
        )
        .route("/api/collections/{collection}/tiles", only("GET, HEAD", get(tilesets::tilesets)))
        .route("/api/collections/{collection}/tiles/{set}", only("GET, HEAD", get(tilesets::tileset)))
        .route("/api/collections/{collection}/tiles/{set}/{zoom}/{row}/{column}", only("GET, HEAD", get(tiles::tile)))
        .route("/api/tileMatrixSets", only("GET, HEAD", get(matrix_sets::matrix_sets)))
        .route("/api/tileMatrixSets/{set}", only("GET, HEAD", get(matrix_sets::matrix_set)))
        .merge(page::router(&basemaps::content_security_policy(app.basemaps())))
        .layer(compressed)
        // From here on nothing is compressed: one answer is small, and many are made faster than they are packed.
        .route("/api/locate", only("GET, HEAD, POST", get(locate::one).post(locate_many::many)))
        .route("/healthz", only("GET, HEAD", get(health::live)))
        .route("/readyz", only("GET, HEAD", get(health::ready)))
        .route("/metrics", only("GET, HEAD", get(health::metrics)))
        .route_layer(MapRequestLayer::new(Route::note))
        .fallback(|| async { Problem::new(Kind::NotFound) })
        .with_state(app)
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
