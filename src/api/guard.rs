//! What holds for every answer: it comes in time, a panic becomes a 500, and a browser takes it for what it is.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;

use super::error::{Kind, PROBLEM_JSON, Problem};
use crate::config::LimitSettings;

/// Waits for `answer` and makes it presentable, whatever becomes of it.
pub(crate) async fn guard(limits: &LimitSettings, answer: impl Future<Output = Response>) -> Response {
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let response = match tokio::time::timeout(limits.answer_timeout(), answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => panicked(),
        Err(_elapsed) => Problem::new(Kind::Timeout).into_response(),
    };
    presentable(if is_foreign_error(&response) {
        Problem::of_status(response.status()).into_response()
    } else {
        response
    })
}

/// The same for an answer that waits for nothing.
pub(crate) fn caught(answer: impl FnOnce() -> Option<Response>) -> Option<Response> {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_panic| Some(panicked())).map(presentable)
}

/// The panic hook has printed the place; its message may hold personal data and is not repeated.
fn panicked() -> Response {
    tracing::error!("a handler panicked");
    Problem::new(Kind::Internal).into_response()
}

/// Tells a browser to take the answer for what it is.
pub(crate) fn presentable(mut response: Response) -> Response {
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error that a library answered, such as a path that is not UTF-8: it gets the form of all others.
fn is_foreign_error(response: &Response) -> bool {
    let status = response.status();
    let is_problem = || response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    (status.is_client_error() || status.is_server_error()) && !is_problem()
}
