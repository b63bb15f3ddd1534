//! Packed bodies of requests: unpacked where they are packed in a way that is known, refused where not.

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, HeaderValue, Request};
use axum::response::{IntoResponse as _, Response};
use tower::{Layer as _, Service as _};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::normalize_path::NormalizePath;

use super::error::{Kind, Place, Problem};

/// How a body may be packed; also what a refusal names.
const KNOWN: [&str; 4] = ["gzip", "br", "zstd", "deflate"];

/// The routes, by any spelling of their addresses.
pub(super) type Table = NormalizePath<Router>;

/// Answers `request` by `table`, to which its body comes unpacked.
///
/// How long an unpacked body may be is for whoever reads it to say: nothing is unpacked beyond what is read.
pub(crate) async fn answer(mut table: Table, mut request: Request<Body>) -> Response {
    match encoding(request.headers()) {
        Ok(None) => {
            let Ok(response) = table.call(request).await;
            response
        }
        Ok(Some(known)) => {
            request.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(known));
            // On the heap: few bodies come packed, and every answer would carry the room for it about.
            let Ok(response) = Box::pin(RequestDecompressionLayer::new().layer(table).call(request)).await;
            response.map(Body::new)
        }
        Err(problem) => problem.into_response(),
    }
}

/// How the body is packed, if it is.
fn encoding(headers: &HeaderMap) -> Result<Option<&'static str>, Problem> {
    let mut said = headers.get_all(CONTENT_ENCODING).iter();
    let (Some(value), None) = (said.next(), said.next()) else {
        return if headers.contains_key(CONTENT_ENCODING) { Err(unknown()) } else { Ok(None) };
    };
    let name = value.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "" | "identity" => Ok(None),
        "x-gzip" => Ok(Some("gzip")),
        name => KNOWN.into_iter().find(|known| *known == name).map(Some).ok_or_else(unknown),
    }
}

fn unknown() -> Problem {
    let detail = format!("a body comes as it is, or packed once with {}", KNOWN.join(", "));
    Problem::fault(Kind::UnsupportedMediaType, Place::Header("content-encoding"), detail)
        .accepting("gzip, br, zstd, deflate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&'static str]) -> Result<Option<&'static str>, ()> {
        let headers = values.iter().map(|value| (CONTENT_ENCODING, HeaderValue::from_static(value)));
        encoding(&headers.collect()).map_err(|_| ())
    }

    #[test]
    fn an_encoding_is_known_by_any_case_and_only_alone() {
        for (values, expected) in [
            (&[][..], Ok(None)),
            (&["identity"], Ok(None)),
            (&["GZIP"], Ok(Some("gzip"))),
            (&[" x-gzip "], Ok(Some("gzip"))),
            (&["zstd"], Ok(Some("zstd"))),
            (&["compress"], Err(())),
            (&["gzip, br"], Err(())),
            (&["gzip", "br"], Err(())),
        ] {
            assert_eq!(of(values), expected, "{values:?}");
        }
    }

    #[test]
    fn the_refusal_names_what_is_taken() {
        assert_eq!(unknown().into_response().headers()["accept-encoding"], KNOWN.join(", "));
    }
}
