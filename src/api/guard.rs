//! What holds for every answer: it comes in time, a panic becomes a 500, and a browser takes it for what it is.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;

use super::app::App;
use super::error::{Kind, Problem};

pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = match tokio::time::timeout(app.limits().answer_timeout(), answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => {
            // The panic hook has printed the place; its message may hold personal data and is not repeated.
            tracing::error!("a handler panicked");
            Problem::new(Kind::Internal).into_response()
        }
        Err(_elapsed) => Problem::new(Kind::Timeout).into_response(),
    };
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
