//! Which pages of other origins may read the answers (CORS, as the Fetch standard has it).

use std::time::Duration;

use axum::http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, ORIGIN,
    RETRY_AFTER,
};
use axum::http::{HeaderValue, Method};
use tower_http::cors::{Any, CorsLayer};

use crate::config::AllowedOrigins;

/// How long a browser may keep what a preflight said.
const KEPT: Duration = Duration::from_hours(1);

/// What lets pages of `allowed` origins read the answers; `None` where there are none.
///
/// Nothing is sent along that says who the caller is, so a page of another origin sees what anyone sees. Who may write is
/// not decided here.
pub(crate) fn layer(allowed: &AllowedOrigins) -> Option<CorsLayer> {
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE];
    let idempotency_key = HeaderName::from_static("idempotency-key");
    let sent = [ACCEPT, CONTENT_TYPE, CONTENT_ENCODING, IF_MATCH, IF_NONE_MATCH, idempotency_key];
    let seen = [ETAG, LINK, HeaderName::from_static("content-crs"), LOCATION, RETRY_AFTER];
    let layer = CorsLayer::new().allow_methods(methods).allow_headers(sent).expose_headers(seen).max_age(KEPT);
    match allowed {
        AllowedOrigins::None => None,
        AllowedOrigins::Any => Some(layer.allow_origin(Any).vary([])),
        AllowedOrigins::These(origins) => {
            let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
            Some(layer.allow_origin(origins.collect::<Vec<_>>()).vary([ORIGIN]))
        }
    }
}
