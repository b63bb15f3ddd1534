//! The whole service: the routes, and what stands around them.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ORIGIN, SERVER};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use tower::util::MapRequestLayer;
use tower::{Layer as _, Service as _, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _, SizeAbove};
use tower_http::cors::CorsLayer;
use tower_http::normalize_path::NormalizePathLayer;

use super::address::PublicAddress;
use super::app::App;
use super::error::{Kind, Problem};
use super::metrics::{Metrics, Route};
use super::routes::{self, ApiRoute};
use super::unpack::{self, Table};
use super::{guard, locate, origins, page, page_policy};
use crate::config::AllowedOrigins;
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
    /// The routes of `app`, whose map pages of the `embedding` origins may show within them.
    #[must_use]
    pub fn new(app: App, embedding: &AllowedOrigins) -> Self {
        let table = trimmed(app.clone(), embedding);
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
        response.headers_mut().insert(SERVER, page::version());
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

/// An address with a slash behind it is the same address.
fn trimmed(app: App, embedding: &AllowedOrigins) -> Table {
    NormalizePathLayer::trim_trailing_slash().layer(table(app, embedding))
}

fn table(app: App, embedding: &AllowedOrigins) -> Router {
    let worth = SizeAbove::new(SMALLEST_COMPRESSED).and(DefaultPredicate::new());
    let compressed = CompressionLayer::new().compress_when(worth);
    let add = |router: Router<App>, route: ApiRoute| router.route(route.path, route.methods);
    let router = routes::compressed().into_iter().fold(Router::new(), add);
    let router = router.merge(page::router(&page_policy::of(app.basemaps(), embedding))).layer(compressed);
    routes::plain()
        .into_iter()
        .fold(router, add)
        .route_layer(MapRequestLayer::new(Route::note))
        .fallback(|| async { Problem::new(Kind::NotFound) })
        .with_state(app)
}
