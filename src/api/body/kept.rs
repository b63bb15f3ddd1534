//! Bodies of large answers: made once for all who ask at once, and kept for those who ask the same next.
//!
//! A body is kept under the name of all that it hangs on, so a new revision, or a caller who sees other things, never meets
//! an old one; it is pushed out by those asked for later.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use futures::future::BoxFuture;
use moka::future::Cache;

use crate::api::error::ApiResult;
use crate::api::representation::{Form, known, tagged};
use crate::service::{Validated, Validator};

/// The bytes that all of them together may take.
const ROOM: u64 = 64 * 1024 * 1024;

/// A whole body in one form, with the name of what it hangs on.
#[derive(Clone, Debug)]
struct Kept {
    validator: Validator,
    bytes: Bytes,
}

/// What is wanted of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The name of what it hangs on.
    Name,
    /// That and the body.
    Body,
}

/// The bodies, by what was asked and what they hang on. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct BodyCache(Cache<String, Arc<Kept>>);

impl BodyCache {
    pub(crate) fn new() -> Self {
        let weigh = |key: &String, kept: &Arc<Kept>| u32::try_from(key.len() + kept.bytes.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(ROOM).weigher(weigh).build())
    }

    /// Answers `question`, a path with its query, in `form`, to a client with these headers. `ask` names what the answer
    /// hangs on, and makes the body where it is told to.
    pub(crate) async fn answer<'a>(
        &self,
        question: &str,
        form: Form,
        headers: &HeaderMap,
        ask: impl Fn(Ask) -> BoxFuture<'a, ApiResult<Validated<Vec<u8>>>>,
    ) -> ApiResult {
        let Validated { validator, .. } = ask(Ask::Name).await?;
        if known(headers, form)(&validator) {
            return Ok(tagged(form, Validated::<()>::known(validator), |()| ().into_response()));
        }
        let key = format!("{question} {validator} {}", form.content_type());
        let make = async {
            let Validated { validator, answer } = ask(Ask::Body).await?;
            ApiResult::Ok(Arc::new(Kept { validator, bytes: answer.unwrap_or_default().into() }))
        };
        let kept = if let Ok(kept) = self.0.try_get_with(key, make).await {
            (*kept).clone()
        } else {
            // What went wrong is told to each who asked, so each asks.
            let Validated { validator, answer } = ask(Ask::Body).await?;
            Kept { validator, bytes: answer.unwrap_or_default().into() }
        };
        let content_type = match form {
            Form::Csv => form.content_type(),
            Form::GeoJson => "application/json",
        };
        let typed = |bytes| ([(CONTENT_TYPE, content_type)], bytes).into_response();
        Ok(tagged(form, Validated::new(kept.validator, kept.bytes), typed))
    }
}
