//! The page, and the API's description for people: the files of `web/dist`, embedded in the binary.
//!
//! Vite gives every asset a name that changes with its content, so assets are kept for ever and only `index.html` is asked
//! for again, by its `ETag`. A debug build reads the folder at run time; a binary built without it says how to build it.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "This gridmap was built without its page: run `npm ci && npm run build` in web/, then build gridmap \
                         again. The API is at /api.\n";

/// Returns the routes of the page: `/` and the files it loads, under `policy`.
///
/// Assets carry no policy of their own: they are kept for a year, and a worker obeys the policy its script came with, so an
/// old one would forbid it the basemaps that were added since.
pub fn router<S: Clone + Send + Sync + 'static>(policy: &HeaderValue) -> Router<S> {
    let document = |path: &'static str| {
        let policy = policy.clone();
        get(async move |headers: HeaderMap| revalidated(path, &headers, policy))
    };
    Router::new()
        .route("/", document("index.html"))
        .route("/favicon.svg", document("favicon.svg"))
        .route("/assets/{*file}", get(asset))
}

/// Which server this is: its version and, as its build, the page it holds. A page that is left open begins anew when it
/// changes.
pub(crate) fn version() -> HeaderValue {
    static VERSION: LazyLock<HeaderValue> = LazyLock::new(|| {
        let page = Dist::get("index.html").map(|file| etag(&file).replace('"', "")).unwrap_or_default();
        let version = format!("gridmap/{}+{page}", env!("CARGO_PKG_VERSION"));
        HeaderValue::try_from(version).expect("a version has only visible characters")
    });
    VERSION.clone()
}

/// The policy of the API's description: what it is drawn with writes styles into the page, and pictures.
const DESCRIPTION_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// The description of the API for people.
pub(crate) fn api(headers: &HeaderMap) -> Response {
    let mut page = revalidated("api.html", headers, HeaderValue::from_static(DESCRIPTION_POLICY));
    page.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    page
}

async fn asset(Path(file): Path<String>) -> Response {
    let path = format!("assets/{file}");
    match Dist::get(&path) {
        Some(file) => with_headers(&path, &file, "public, max-age=31536000, immutable").into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Answers with the file, or with 304 when the caller has it as it is; the policy may be new all the same.
fn revalidated(path: &str, headers: &HeaderMap, policy: HeaderValue) -> Response {
    let Some(file) = Dist::get(path) else {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], NOT_BUILT).into_response();
    };
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|list| list.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag(&file));
    let mut response = if is_known {
        (StatusCode::NOT_MODIFIED, [(header::ETAG, etag(&file))]).into_response()
    } else {
        with_headers(path, &file, "no-cache").into_response()
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn with_headers(path: &str, file: &EmbeddedFile, cache: &str) -> ([(HeaderName, String); 5], Vec<u8>) {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if kind.type_() == "text" { "; charset=utf-8" } else { "" };
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}{charset}")),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::ETAG, etag(file)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (headers, file.data.to_vec())
}

fn etag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let start = digest.first_chunk().expect("a SHA-256 digest has 32 bytes");
    format!("\"{:016x}\"", u64::from_be_bytes(*start))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::super::page_policy;
    use super::*;
    use crate::config::AllowedOrigins;

    async fn get_page(path: &str, if_none_match: Option<&str>) -> Response {
        let request = Request::get(path).header(header::IF_NONE_MATCH, if_none_match.unwrap_or("\"none\""));
        router::<()>(&page_policy::of(&[], &AllowedOrigins::None))
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn the_front_door_opens_with_or_without_a_built_page() {
        let response = get_page("/", None).await;
        assert_eq!(response.status(), StatusCode::OK);
        let Some(tag) = response.headers().get(header::ETAG).cloned() else {
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
            return;
        };
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let known = format!("\"older\", W/{}", tag.to_str().unwrap());
        assert_eq!(get_page("/", Some(&known)).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_not_in_the_page_is_not_found() {
        for path in ["/assets/none.js", "/assets/..%2f..%2fCargo.toml", "/assets/../../Cargo.toml"] {
            assert_eq!(get_page(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
