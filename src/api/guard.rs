//! What holds for every answer: it comes in time, a panic becomes a 500, and a browser takes it for what it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use futures::{FutureExt as _, poll};
use tracing::Instrument as _;
use tracing::level_filters::LevelFilter;

use super::error::{Kind, PROBLEM_JSON, Problem};
use crate::config::LimitSettings;
use crate::service::RequestId;

/// Waits for the `answer` to the request of this name and completes its headers, whatever becomes of it.
///
/// Most answers are there at once: those need no deadline, and no span in the log, since a panic is logged with the name.
/// Only where statements are logged is there a span from the beginning, since the first one is sent before any wait.
pub(crate) async fn guard(
    limits: &LimitSettings,
    name: &RequestId,
    answer: impl Future<Output = Response>,
) -> Response {
    let mut answer = pin!(AssertUnwindSafe(answer).catch_unwind());
    let span = || tracing::error_span!("request", id = %name);
    let at_once = if LevelFilter::current() <= LevelFilter::INFO {
        poll!(answer.as_mut())
    } else {
        poll!(answer.as_mut().instrument(span()))
    };
    let answered = match at_once {
        Poll::Ready(answered) => Ok(answered),
        Poll::Pending => tokio::time::timeout(limits.answer_timeout(), answer).instrument(span()).await,
    };
    let response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => {
            tracing::error!(request = %name, "a handler panicked");
            broken()
        }
        Err(_elapsed) => Problem::new(Kind::Timeout).into_response(),
    };
    with_security_headers(if is_foreign_error(&response) {
        Problem::of_status(response.status()).into_response()
    } else {
        response
    })
}

/// The same for an answer that waits for nothing.
pub(crate) fn caught(answer: impl FnOnce() -> Option<Response>) -> Option<Response> {
    let answered = catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_panic| {
        tracing::error!("a handler panicked");
        Some(broken())
    });
    answered.map(with_security_headers)
}

/// After a panic: the hook has printed the place; its message may hold personal data and is not repeated.
fn broken() -> Response {
    Problem::new(Kind::Internal).into_response()
}

/// Tells a browser to take the answer for what it is.
pub(crate) fn with_security_headers(mut response: Response) -> Response {
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error that a library answered, such as a path that is not UTF-8: it gets the form of all others.
fn is_foreign_error(response: &Response) -> bool {
    let status = response.status();
    let is_problem = || response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    (status.is_client_error() || status.is_server_error()) && !is_problem()
}
