//! The grids collection: prepared texts copied together, as fast as the client takes them.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures::stream;

use super::body::CHUNK;
use super::error::ApiResult;
use super::items::{ItemsQuery, write_start};
use super::representation::{Form, known, linked, tagged};
use crate::format::{csv, properties};
use crate::service::Caller;
use crate::service::collections::grids::{self, GridPage};

/// Answers a request for grids.
pub(crate) async fn list(caller: &Caller<'_>, asked: ItemsQuery, headers: &HeaderMap) -> ApiResult {
    let most = match (asked.form, asked.limit) {
        (Form::Csv, None) => usize::MAX,
        _ => asked.page_size() as usize,
    };
    let page = grids::list(caller, &asked.query, most, &known(headers, asked.form)).await?;
    Ok(tagged(asked.form, page, |page| match asked.form {
        Form::GeoJson => {
            ([(CONTENT_TYPE, Form::GeoJson.content_type())], json(page, &asked, caller.now())).into_response()
        }
        Form::Csv => table(&page, &asked),
    }))
}

/// Answers with one grid, as it stands or stood.
pub(crate) async fn one(caller: &Caller<'_>, id: &str, asked: &ItemsQuery, headers: &HeaderMap) -> ApiResult {
    let feature = grids::one(caller, id, &asked.query, &known(headers, Form::GeoJson)).await?;
    let render =
        |feature| ([(CONTENT_TYPE, Form::GeoJson.content_type())], linked(feature, &asked.this())).into_response();
    Ok(tagged(Form::GeoJson, feature, render))
}

/// The features copied together chunk by chunk.
fn json(page: GridPage, asked: &ItemsQuery, now: DateTime<Utc>) -> Body {
    let (mut chunk, mut end) = (Vec::with_capacity(CHUNK), Vec::new());
    write_start(now, page.n_matched(), &mut chunk);
    asked.write_end(page.len(), page.cut_after(), &mut end);
    let mut at = 0;
    let mut whole = Some(end);
    let chunks = std::iter::from_fn(move || {
        while let Some(feature) = page.feature(at) {
            if chunk.len() >= CHUNK {
                return Some(Bytes::from(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK * 2))));
            }
            if at > 0 {
                chunk.push(b',');
            }
            chunk.extend_from_slice(feature);
            at += 1;
        }
        let end = whole.take()?;
        chunk.extend_from_slice(&end);
        Some(Bytes::from(std::mem::take(&mut chunk)))
    });
    let mut chunks = chunks.fuse();
    match (chunks.next(), chunks.next()) {
        (Some(whole), None) => Body::from(whole),
        (first, second) => {
            let chunks = first.into_iter().chain(second).chain(chunks);
            Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)))
        }
    }
}

fn table(page: &GridPage, asked: &ItemsQuery) -> Response {
    let mut out = Vec::new();
    csv::write_header(&properties::GRID, &mut out);
    for properties in page.properties() {
        csv::write_row(&properties, &mut out);
    }
    let mut response = ([(CONTENT_TYPE, Form::Csv.content_type())], out).into_response();
    if let Some(last) = page.cut_after() {
        response.headers_mut().extend(asked.link_to_next(last).map(|link| (LINK, link)));
    }
    response
}
