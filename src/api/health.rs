//! Whether the server lives, whether it can answer, and what is counted for monitoring.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::app::App;
use super::error::{Kind, Problem};
use super::metrics::TEXT;
use crate::service;

/// It lives if it can say so.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// Ready once the store was read: with its ground in memory, or found empty. With the store away later it stays ready,
/// because points are located from memory; what needs the store says 503 itself. Tells how far it is behind what is stored,
/// as far as it has heard.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let state = app.gridmap().state();
    let word = match state {
        service::State::Starting => None,
        service::State::Empty { .. } => Some("empty"),
        service::State::Current { .. } => Some("current"),
        service::State::StoreAway { revision, .. } => revision.map(|_| "store-away"),
    };
    match word {
        Some(word) => {
            let (revision, lag) = (state.revision().map(|revision| revision.0), app.gridmap().lag());
            let behind = json!({"revisions": lag.n_revisions(), "seconds": lag.behind.as_secs_f64()});
            (StatusCode::OK, Json(json!({"state": word, "revision": revision, "behind": behind}))).into_response()
        }
        None => Problem::because(Kind::Unavailable, "the store was not read yet").into_response(),
    }
}

/// Writes all that is counted.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    match app.metrics().write() {
        Ok(text) => ([(CONTENT_TYPE, TEXT)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
