//! The collections that live in the store, answered row by row as they come from the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, TryStreamExt as _};

use super::app::App;
use super::body::{Gone, Sink, streamed};
use super::collections::By;
use super::error::{Answered, Kind, Problem};
use super::items::{Asked, write_start};
use super::representation::{Form, ListTag, if_none_match};
use super::shown::Shown;
use crate::domain::{Noun, Principal, Revision, Version};
use crate::format::{csv, geojson};
use crate::index::Snapshot;
use crate::service::ground::within;
use crate::store::{Filter, Store, Stored};

/// Answers a request for the things of one noun.
pub(crate) async fn list<T: Shown>(app: &App, asked: Asked, headers: &HeaderMap) -> Answered {
    let snapshot = app.snapshot();
    let filter = filter(snapshot.as_deref(), &asked);
    let revision = app.store().revision().await?;
    let mut tag = ListTag::new(revision, asked.form, app.principal());
    if let Some(snapshot) = snapshot {
        tag = tag.with_ground(&snapshot);
    }
    if let Some(same) = tag.not_modified(headers) {
        return Ok(same);
    }
    let matched = app.counts().count(&**app.store(), revision, T::NOUN, &filter).await?;
    let page = Page { store: Arc::clone(app.store()), filter, to: app.principal() };
    let now = app.now();
    let response = match (asked.form, asked.limit) {
        (Form::GeoJson, _) => page.json::<T>(asked, matched, now),
        (Form::Csv, None) => page.whole_table::<T>(),
        (Form::Csv, Some(limit)) => page.table::<T>(&asked, limit).await?,
    };
    Ok(tag.mark(response))
}

/// Answers with one thing; its `ETag` is its version, which a change must name.
pub(crate) async fn one<T: Shown>(app: &App, id: &str, headers: &HeaderMap) -> Answered {
    let found = find::<T>(app, id).await?;
    let tag = version_tag(found.version);
    if if_none_match(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(feature(StatusCode::OK, &found.thing, found.version, app.principal()))
}

/// Returns the thing of that id.
pub(crate) async fn find<T: Shown>(app: &App, id: &str) -> Answered<Stored<T>> {
    let filter = Filter { id: Some(id.to_owned()), limit: Some(1), ..Filter::default() };
    let found = T::rows(&**app.store(), filter).try_next().await?;
    found.ok_or_else(|| Problem::because(Kind::NotFound, format!("there is no such thing in {}", T::NOUN)))
}

/// A feature with its version.
pub(crate) fn feature<T: Shown>(status: StatusCode, thing: &T, version: Version, to: Principal) -> Response {
    let headers = [
        (CONTENT_TYPE, Form::GeoJson.content_type().to_owned()),
        (ETAG, version_tag(version)),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (status, headers, body(thing, to)).into_response()
}

/// The text of one feature.
pub(crate) fn body<T: Shown>(thing: &T, to: Principal) -> Vec<u8> {
    let mut body = Vec::new();
    write(thing, to, &mut body);
    body
}

pub(crate) fn version_tag(version: Version) -> String {
    format!("\"{version}\"")
}

fn write<T: Shown>(thing: &T, to: Principal, out: &mut Vec<u8>) {
    geojson::write_feature(thing.id(), thing.geometry(to), &thing.properties(to), out);
}

fn filter(snapshot: Option<&Snapshot>, asked: &Asked) -> Filter {
    let mut filter = Filter { bbox: asked.bbox, time: asked.time, after: asked.after.clone(), ..Filter::default() };
    for (parameter, value) in &asked.filters {
        match parameter.by {
            By::Property(property) => filter.equals.push((property, value.clone())),
            By::Grid => narrow_to_grid(snapshot, value, &mut filter),
            By::Level | By::Parent | By::Code | By::Name => {}
        }
    }
    filter
}

/// Takes a grid by its code, else by its id.
fn narrow_to_grid(snapshot: Option<&Snapshot>, word: &str, filter: &mut Filter) {
    match snapshot.and_then(|snapshot| within(snapshot, word)) {
        Some(within) => filter.grid = Some(within),
        // No id is empty: what is no grid has nothing in it.
        None => filter.id = Some(String::new()),
    }
}

/// Rows on their way from the store to one reader.
struct Page {
    store: Arc<dyn Store>,
    filter: Filter,
    to: Principal,
}

impl Page {
    fn json<T: Shown>(self, asked: Asked, matched: u64, now: chrono::DateTime<chrono::Utc>) -> Response {
        let body = streamed(move |mut sink| async move {
            let size = asked.page_size();
            write_start(now, matched, &mut sink.buffer);
            // One row more than the page has tells whether there is a next one.
            let filter = Filter { limit: Some(size + 1), ..self.filter };
            let mut rows = T::rows(&*self.store, filter);
            let (mut returned, mut last, mut cut) = (0, String::new(), false);
            while let Some(row) = next(&mut rows).await? {
                if returned == size {
                    cut = true;
                    break;
                }
                if returned > 0 {
                    sink.buffer.push(b',');
                }
                write(&row, self.to, &mut sink.buffer);
                last.replace_range(.., row.id());
                returned += 1;
                sink.breathe().await?;
            }
            asked.write_end(returned as usize, cut.then_some(last.as_str()), &mut sink.buffer);
            drop(rows);
            sink.end().await
        });
        typed(body, Form::GeoJson)
    }

    /// Every row, of any number.
    fn whole_table<T: Shown>(self) -> Response {
        let body = streamed(move |mut sink: Sink| async move {
            csv::write_header(&T::names(self.to), &mut sink.buffer);
            let mut rows = T::rows(&*self.store, self.filter);
            while let Some(row) = next(&mut rows).await? {
                csv::write_row(&row.properties(self.to), &mut sink.buffer);
                sink.breathe().await?;
            }
            drop(rows);
            sink.end().await
        });
        typed(body, Form::Csv)
    }

    /// One page of rows; its way on stands in a header, so it is gathered first.
    async fn table<T: Shown>(self, asked: &Asked, limit: u32) -> Answered {
        let filter = Filter { limit: Some(limit + 1), ..self.filter };
        let mut things: Vec<T> = T::rows(&*self.store, filter).map_ok(|stored| stored.thing).try_collect().await?;
        let cut = things.len() > limit as usize;
        things.truncate(limit as usize);
        let mut out = Vec::new();
        csv::write_header(&T::names(self.to), &mut out);
        for thing in &things {
            csv::write_row(&thing.properties(self.to), &mut out);
        }
        let mut response = typed(Body::from(out), Form::Csv);
        if let Some(last) = things.last().filter(|_| cut) {
            response.headers_mut().extend(asked.link_to_next(last.id()).map(|link| (LINK, link)));
        }
        Ok(response)
    }
}

async fn next<T>(rows: &mut crate::store::Rows<'_, T>) -> Result<Option<T>, Gone> {
    match rows.next().await.transpose() {
        Ok(row) => Ok(row.map(|stored| stored.thing)),
        Err(error) => {
            tracing::error!(%error, "an answer broke off");
            Err(Gone)
        }
    }
}

fn typed(body: Body, form: Form) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    response
}

/// How many things pass a filter, remembered for one revision: a reader of many pages asks the same on each.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<HashMap<String, (Revision, u64)>>);

/// More filters than this are not remembered at once.
const MOST_COUNTS: usize = 256;

impl Counts {
    async fn count(
        &self,
        store: &dyn Store,
        revision: Revision,
        noun: Noun,
        filter: &Filter,
    ) -> crate::store::Result<u64> {
        let all = Filter { after: None, limit: None, ..filter.clone() };
        let key = format!("{noun} {all:?}");
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some((_, n)) = known.filter(|(counted_at, _)| *counted_at == revision) {
            return Ok(n);
        }
        let n = store.count(noun, all).await?;
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            counts.clear();
        }
        counts.insert(key, (revision, n));
        Ok(n)
    }
}
