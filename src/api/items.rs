//! What a request for items asks for, and the frame around what it gets: paging links and counts.
//!
//! Pages go by the last id seen, not by a number of rows: a page costs the same wherever it lies, and nothing is missed
//! or repeated when rows come and go between two pages.

use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::collections::{AFTER, BBOX, Collection, DATETIME, DEFAULT_LIMIT, FilterParameter, LIMIT, MAX_LIMIT};
use super::description::Description;
use super::error::{ApiResult, Kind};
use super::geojson_schemas::{FeatureCollectionSchema, FeatureSchema};
use super::operation::{Operation, etag, path_parameter};
use super::parameter::{AT, JSON_FORM, KNOWN_AT, takes};
use super::params::{self, DayEnd, Query};
use super::representation::{Base, Form};
use super::value_schemas as values;
use crate::domain::Noun;
use crate::domain::id::MAX_CHARS;
use crate::format::geojson::write_text;
use crate::service::collections;

/// A request for items, read and free of faults.
#[derive(Debug)]
pub(crate) struct ItemsQuery {
    pub(crate) form: Form,
    /// `None` where the caller named no limit.
    pub(crate) limit: Option<u32>,
    pub(crate) query: collections::Query,
    /// The address of this answer without its place in the pages.
    url: String,
}

impl ItemsQuery {
    /// Reads the query of a request for items; days begin in the region's `offset`.
    pub(crate) fn read(
        collection: &'static Collection,
        raw: Option<&str>,
        headers: &HeaderMap,
        offset: FixedOffset,
    ) -> ApiResult<Self> {
        let path = format!("/collections/{}/items", collection.id());
        let mut query = Query::parse(raw, |name| collection.takes(name));
        let form = Form::asked(&mut query, headers);
        Self::parse(collection, form, query, &Base::of(headers).join(&path), offset)
    }

    /// Reads the query of a request for one item: only the form and the dates mean something there.
    pub(crate) fn read_for_one(
        collection: &'static Collection,
        id: &str,
        raw: Option<&str>,
        headers: &HeaderMap,
        offset: FixedOffset,
    ) -> ApiResult<Self> {
        let path = collection.item(id);
        let mut query = Query::parse(raw, |name| takes(&[JSON_FORM], name) || takes(collection.dates(), name));
        query.read(JSON_FORM.name, |f| match f {
            "json" | "geojson" => Ok(()),
            _ => Err("the only form of one feature is json"),
        });
        Self::parse(collection, Form::GeoJson, query, &Base::of(headers).join(&path), offset)
    }

    fn parse(
        collection: &'static Collection,
        form: Form,
        mut query: Query<'_>,
        address: &str,
        offset: FixedOffset,
    ) -> ApiResult<Self> {
        let time = query.read(DATETIME.name, |text| params::datetime(text, offset));
        let asked = Self {
            form,
            limit: query.read(LIMIT.name, |text| params::limit(text, MAX_LIMIT)),
            query: collections::Query {
                after: query.read(AFTER.name, short),
                bbox: query.read(BBOX.name, params::bbox),
                time: time.filter(|_| collection.time.is_some()),
                filters: collection.filters.iter().filter_map(|f| Some((f.by, read_filter(&mut query, f)?))).collect(),
                at: query.read(AT.name, |text| params::instant(text, offset, DayEnd::First)),
                known_at: query.read(KNOWN_AT.name, |text| params::instant(text, offset, DayEnd::Last)),
            },
            url: url(address, &query),
        };
        query.finish()?;
        Ok(asked)
    }

    /// How many features a page of JSON has.
    pub(crate) fn page_size(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// The address of the page after the feature `last`, repeating everything that was asked.
    pub(crate) fn next(&self, last: &str) -> String {
        let mut url = self.url.clone();
        url.push_str(if url.contains('?') { "&after=" } else { "?after=" });
        params::encode(last, &mut url);
        url
    }

    /// The same for a `Link` header, where the body has no room for links.
    pub(crate) fn link_to_next(&self, last: &str) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("<{}>; rel=\"next\"", self.next(last))).ok()
    }

    /// The address of this answer.
    pub(crate) fn this(&self) -> String {
        self.query.after.as_deref().map_or_else(|| self.url.clone(), |after| self.next(after))
    }

    /// Writes the end of it: how many there were, and the way on when `last` is not the last feature of all.
    pub(crate) fn write_end(&self, returned: usize, last_of_cut: Option<&str>, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"],"numberReturned":"#);
        out.extend_from_slice(returned.to_string().as_bytes());
        out.extend_from_slice(br#","links":[{"rel":"self","type":"application/geo+json","href":"#);
        write_text(&self.this(), out);
        if let Some(last) = last_of_cut {
            out.extend_from_slice(br#"},{"rel":"next","type":"application/geo+json","href":"#);
            write_text(&self.next(last), out);
        }
        out.extend_from_slice(b"}]}");
    }
}

/// The operation that lists the items of a collection.
pub(crate) fn list_operation(collection: &Collection, description: &mut Description<'_>) -> Operation {
    let id = collection.id();
    let get = Operation::get(format!("list_{id}"), collection.description)
        .with(collection.parameters(description.words))
        .answering("application/geo+json", description.answer::<FeatureCollectionSchema>())
        .answering("text/csv", json!({"type": "string"}))
        .tagged(id)
        .unchanged();
    if collection.noun == Noun::Grids { get.failing(&[Kind::NotFound]) } else { get }
}

/// The operation that reads one item of it.
pub(crate) fn one_operation(collection: &Collection, description: &mut Description<'_>) -> Operation {
    let get = Operation::get(format!("get_{}", collection.id()), "One feature")
        .with([feature_id()])
        .taking(&[JSON_FORM], description)
        .taking(collection.dates(), description)
        .answering("application/geo+json", description.answer::<FeatureSchema>())
        .unchanged()
        .failing(&[Kind::NotFound]);
    // The tag of a grid stands for the ground it is of, and names no version.
    if collection.noun == Noun::Grids { get } else { get.heading("ETag", etag()) }
}

/// The part of an item's path that names it.
pub(crate) fn feature_id() -> Value {
    path_parameter("featureId", &values::identifier())
}

/// Writes the start of a feature collection, up to its first feature.
pub(crate) fn write_start(now: DateTime<Utc>, matched: u64, out: &mut Vec<u8>) {
    let now = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    out.extend_from_slice(br#"{"type":"FeatureCollection","timeStamp":""#);
    out.extend_from_slice(now.as_bytes());
    out.extend_from_slice(br#"","numberMatched":"#);
    out.extend_from_slice(matched.to_string().as_bytes());
    out.extend_from_slice(br#","features":["#);
}

fn read_filter(query: &mut Query<'_>, filter: &FilterParameter) -> Option<String> {
    query.read(filter.name, |text| {
        if filter.words.is_empty() || filter.words.contains(&text) {
            return short_text(text);
        }
        Err(format!("{:?} is none of {}", params::shortened(text), filter.words.join(", ")))
    })
}

/// No stored word is longer than this; a longer one is a mistake or worse.
const LONGEST_WORD: usize = 400;

fn short_text(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=LONGEST_WORD => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, at most {LONGEST_WORD} are taken")),
    }
}

fn short(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=MAX_CHARS => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, an identifier has at most {MAX_CHARS}")),
    }
}

fn url(address: &str, query: &Query<'_>) -> String {
    let mut url = address.to_owned();
    let repeated = query.pairs().filter(|(name, _)| *name != AFTER.name);
    for (at, (name, value)) in repeated.enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        url.push_str(name);
        url.push('=');
        params::encode(value, &mut url);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(raw: &str) -> ItemsQuery {
        let offset = FixedOffset::east_opt(8 * 3600).unwrap();
        ItemsQuery::read(Collection::of(Noun::Grids), Some(raw), &HeaderMap::new(), offset).unwrap()
    }

    #[test]
    fn the_next_page_repeats_everything_asked() {
        let next = asked("level=grid&name=a%20b&limit=5&after=1").next("2");
        assert_eq!(next, "/api/collections/grids/items?level=grid&name=a%20b&limit=5&after=2");
        assert_eq!(asked("").next("2"), "/api/collections/grids/items?after=2");
    }

    #[test]
    fn a_feature_collection_is_whole() {
        let mut out = Vec::new();
        let asked = asked("limit=1");
        write_start("2024-01-01T00:00:00Z".parse().unwrap(), 2, &mut out);
        asked.write_end(1, Some("7"), &mut out);
        let body: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&body["numberMatched"], &body["numberReturned"]), (&2.into(), &1.into()));
        assert_eq!(body["links"][1]["rel"], "next");
    }
}
