//! The collections that live in the store, answered row by row as they come from the database.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _, TryStreamExt as _};

use super::body::{ClientGone, Sink, streamed};
use super::error::ApiResult;
use super::items::{ItemsQuery, write_start};
use super::representation::{Form, if_none_match, known, linked, tagged};
use crate::domain::Version;
use crate::format::csv;
use crate::service::collections::{self, CollectionItem, Listing, One};
use crate::service::{Caller, Refused, Validated};

/// Answers a request for the things of one noun.
pub(crate) async fn list<T: CollectionItem>(caller: &Caller<'_>, asked: ItemsQuery, headers: &HeaderMap) -> ApiResult {
    let form = asked.form;
    let listing = collections::list::<T>(caller, &asked.query, &known(headers, form)).await?;
    let (validator, now) = (listing.validator, caller.now());
    let answer = match (listing.answer.map(ItemPage), form, asked.limit) {
        (None, ..) => None,
        (Some(page), Form::GeoJson, _) => Some(page.json::<T>(asked, now)),
        (Some(page), Form::Csv, None) => Some(page.whole_table::<T>()),
        (Some(page), Form::Csv, Some(limit)) => Some(page.table::<T>(&asked, limit).await?),
    };
    Ok(tagged(form, Validated { validator, answer }, |response| response))
}

/// Answers with one thing; its `ETag` is its version, which a change must name.
pub(crate) async fn one<T: CollectionItem>(
    caller: &Caller<'_>,
    id: &str,
    asked: &ItemsQuery,
    headers: &HeaderMap,
) -> ApiResult {
    let found = collections::one::<T>(caller, id).await?;
    let tag = version_tag(found.version);
    if if_none_match(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(feature(&found, &asked.this()))
}

/// The feature at the address `this` with its version.
pub(crate) fn feature<T: CollectionItem>(one: &One<T>, this: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, Form::GeoJson.content_type().to_owned()),
        (ETAG, version_tag(one.version)),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (headers, linked(one.feature(), this)).into_response()
}

pub(crate) fn version_tag(version: Version) -> String {
    format!("\"{version}\"")
}

/// Rows on their way from the store to one reader.
struct ItemPage(Listing);

impl ItemPage {
    fn json<T: CollectionItem>(self, asked: ItemsQuery, now: DateTime<Utc>) -> Response {
        let body = streamed(move |mut sink| async move {
            let size = asked.page_size();
            write_start(now, self.0.n_matched(), &mut sink.buffer);
            // One row more than the page has tells whether there is a next one.
            let mut rows = self.0.rows::<T>(Some(size + 1));
            let (mut returned, mut last, mut cut) = (0, String::new(), false);
            while let Some(row) = next(&mut rows).await? {
                if returned == size {
                    cut = true;
                    break;
                }
                if returned > 0 {
                    sink.buffer.push(b',');
                }
                self.0.seen().write_feature(&row, &mut sink.buffer);
                last.replace_range(.., row.id());
                returned += 1;
                sink.flush_if_full().await?;
            }
            asked.write_end(returned as usize, cut.then_some(last.as_str()), &mut sink.buffer);
            drop(rows);
            sink.end().await
        });
        typed(body, Form::GeoJson)
    }

    /// Every row, of any number.
    fn whole_table<T: CollectionItem>(self) -> Response {
        let body = streamed(move |mut sink: Sink| async move {
            csv::write_header(&self.0.seen().names::<T>(), &mut sink.buffer);
            let mut rows = self.0.rows::<T>(None);
            while let Some(row) = next(&mut rows).await? {
                csv::write_row(&self.0.seen().properties(&row), &mut sink.buffer);
                sink.flush_if_full().await?;
            }
            drop(rows);
            sink.end().await
        });
        typed(body, Form::Csv)
    }

    /// One page of rows; its way on stands in a header, so it is gathered first.
    async fn table<T: CollectionItem>(self, asked: &ItemsQuery, limit: u32) -> ApiResult {
        let mut things: Vec<T> = self.0.rows(Some(limit + 1)).try_collect().await?;
        let cut = things.len() > limit as usize;
        things.truncate(limit as usize);
        let mut out = Vec::new();
        csv::write_header(&self.0.seen().names::<T>(), &mut out);
        for thing in &things {
            csv::write_row(&self.0.seen().properties(thing), &mut out);
        }
        let mut response = typed(Body::from(out), Form::Csv);
        if let Some(last) = things.last().filter(|_| cut) {
            response.headers_mut().extend(asked.link_to_next(last.id()).map(|link| (LINK, link)));
        }
        Ok(response)
    }
}

async fn next<T>(rows: &mut (impl Stream<Item = Result<T, Refused>> + Unpin)) -> Result<Option<T>, ClientGone> {
    match rows.next().await.transpose() {
        Ok(row) => Ok(row),
        Err(error) => {
            tracing::error!(%error, "an answer broke off");
            Err(ClientGone)
        }
    }
}

fn typed(body: Body, form: Form) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    response
}
